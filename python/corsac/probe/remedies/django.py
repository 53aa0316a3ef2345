"""What to write in Django, with django-cors-headers.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://github.com/adamchainz/django-cors-headers#configuration
"""

LINES = {
    "list": 'CORS_ALLOWED_ORIGINS = ["https://app.example"]',
    "credentials": """\
CORS_ALLOWED_ORIGINS = ["https://app.example"]
CORS_ALLOW_ALL_ORIGINS = False
CORS_ALLOW_CREDENTIALS = True""",
    "names": """\
CORS_ALLOW_METHODS = ["GET", "PUT"]
CORS_ALLOW_HEADERS = ["content-type", "authorization"]
CORS_EXPOSE_HEADERS = ["X-Request-Id"]""",
    "vary": """\
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", ...]  # sets Vary: Origin
patch_vary_headers(response, ["Accept"])  # adds; response["Vary"] = ... takes Origin away again""",
    "preflight": """\
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",  # first: before authentication and redirects
    "django.middleware.common.CommonMiddleware",
    ...,
]""",
    "every-response": """\
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",  # first: around all that may answer
    "django.middleware.security.SecurityMiddleware",
    ...,
]""",
    "one-value": """\
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", ...]
# Once; no response["Access-Control-Allow-Origin"] in views, nothing in the proxy.""",
    "max-age": "CORS_PREFLIGHT_MAX_AGE = 600",
}
