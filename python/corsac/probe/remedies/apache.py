"""What to write in Apache httpd.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header
"""

LINES = {
    "list": """\
SetEnvIf Origin "^https://app\\.example$" ALLOWED_ORIGIN=$0
Header always set Access-Control-Allow-Origin "%{ALLOWED_ORIGIN}e" env=ALLOWED_ORIGIN
Header always merge Vary Origin""",
    "credentials": """\
SetEnvIf Origin "^https://app\\.example$" ALLOWED_ORIGIN=$0
Header always set Access-Control-Allow-Origin "%{ALLOWED_ORIGIN}e" env=ALLOWED_ORIGIN
Header always set Access-Control-Allow-Credentials true env=ALLOWED_ORIGIN""",
    "names": """\
Header always set Access-Control-Allow-Methods "PUT" env=ALLOWED_ORIGIN
Header always set Access-Control-Allow-Headers "Content-Type, Authorization" env=ALLOWED_ORIGIN
Header always set Access-Control-Expose-Headers "X-Request-Id" env=ALLOWED_ORIGIN""",
    "vary": "Header always merge Vary Origin",
    "preflight": """\
# In the virtual host, where it comes before authentication:
RewriteEngine On
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteCond %{HTTP:Access-Control-Request-Method} .
RewriteRule ^ - [R=204,L]""",
    "every-response": """\
Header always set Access-Control-Allow-Origin "%{ALLOWED_ORIGIN}e" env=ALLOWED_ORIGIN
# Without `always` errors and redirects go without.""",
    "one-value": """\
Header onsuccess unset Access-Control-Allow-Origin
Header always set Access-Control-Allow-Origin "%{ALLOWED_ORIGIN}e" env=ALLOWED_ORIGIN
# `always` and `onsuccess` are two tables: what stands in both is sent twice.""",
    "max-age": "Header always set Access-Control-Max-Age 600 env=ALLOWED_ORIGIN",
}
