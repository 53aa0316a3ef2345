"""What to write for Amazon S3 and CloudFront.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
"""

LINES = {
    "list": """\
[{"AllowedOrigins": ["https://app.example"], "AllowedMethods": ["GET"]}]""",
    "credentials": """\
[{"AllowedOrigins": ["https://app.example"], "AllowedMethods": ["GET"]}]
CloudFront, response headers policy: AccessControlAllowCredentials true, no * in any list""",
    "names": """\
[{
  "AllowedOrigins": ["https://app.example"],
  "AllowedMethods": ["GET", "PUT"],
  "AllowedHeaders": ["content-type", "authorization"],
  "ExposeHeaders": ["ETag", "x-amz-request-id"]
}]""",
    "vary": """\
S3 sends Vary: Origin only where a rule fits. CloudFront: put Origin into the cache policy's key
(or use the managed CORS-S3Origin), and add Vary: Origin in a response headers policy.""",
    "preflight": """\
[{
  "AllowedOrigins": ["https://app.example"],
  "AllowedMethods": ["GET", "PUT"],
  "AllowedHeaders": ["content-type", "authorization"]
}]
CloudFront: AllowedMethods GET, HEAD, OPTIONS, and no signed URLs or cookies for OPTIONS""",
    "every-response": """\
CloudFront: a response headers policy with CORS, since S3 sends no CORS headers with some errors""",
    "one-value": """\
CloudFront, response headers policy: OriginOverride true, so that its CORS headers replace S3's""",
    "max-age": """\
[{"AllowedOrigins": ["https://app.example"], "AllowedMethods": ["GET"], "MaxAgeSeconds": 600}]""",
}
