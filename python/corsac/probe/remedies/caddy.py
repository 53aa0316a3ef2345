"""What to write in Caddy.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://caddyserver.com/docs/caddyfile/directives/header
"""

LINES = {
    "list": """\
@allowed header Origin https://app.example
header @allowed Access-Control-Allow-Origin https://app.example
header +Vary Origin""",
    "credentials": """\
@allowed header Origin https://app.example
header @allowed Access-Control-Allow-Origin https://app.example
header @allowed Access-Control-Allow-Credentials true""",
    "names": """\
header @allowed Access-Control-Allow-Methods "PUT"
header @allowed Access-Control-Allow-Headers "Content-Type, Authorization"
header @allowed Access-Control-Expose-Headers "X-Request-Id\"""",
    "vary": "header +Vary Origin",
    "preflight": """\
@preflight {
    method OPTIONS
    header Access-Control-Request-Method *
}
route {  # keeps this order; without it basic_auth comes first
    respond @preflight 204
    basic_auth { ... }
    reverse_proxy localhost:8000
}""",
    "every-response": """\
header @allowed Access-Control-Allow-Origin https://app.example
handle_errors {
    header @allowed Access-Control-Allow-Origin https://app.example
    respond {err.status_code}
}""",
    "one-value": """\
reverse_proxy localhost:8000 {
    header_down -Access-Control-Allow-Origin  # what the application sends
    header_down -Access-Control-Allow-Credentials
}""",
    "max-age": "header @allowed Access-Control-Max-Age 600",
}
