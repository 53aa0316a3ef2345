"""What to write in nginx.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header
"""

LINES = {
    "list": """\
map $http_origin $allow_origin {  # in http { }
    default "";
    "https://app.example" "https://app.example";
}
add_header Access-Control-Allow-Origin $allow_origin always;
add_header Vary Origin always;""",
    "credentials": """\
map $allow_origin $allow_credentials {  # in http { }, after the map of $allow_origin
    default true;
    "" "";
}
add_header Access-Control-Allow-Origin $allow_origin always;
add_header Access-Control-Allow-Credentials $allow_credentials always;""",
    "names": """\
add_header Access-Control-Allow-Methods "PUT" always;
add_header Access-Control-Allow-Headers "Content-Type, Authorization" always;
add_header Access-Control-Expose-Headers "X-Request-Id" always;""",
    "vary": "add_header Vary Origin always;  # with every location that can send the header",
    "preflight": """\
if ($request_method = OPTIONS) {  # in the location; `return` comes before auth_* and proxy_pass
    add_header Access-Control-Allow-Origin $allow_origin;
    # With cookies, too: add_header Access-Control-Allow-Credentials $allow_credentials;
    add_header Access-Control-Allow-Methods "PUT";
    add_header Access-Control-Allow-Headers "Content-Type, Authorization";
    add_header Vary Origin;
    return 204;
}""",
    "every-response": """\
add_header Access-Control-Allow-Origin $allow_origin always;
# Without `always` errors go without. A location with an add_header of its own inherits none.""",
    "one-value": """\
proxy_hide_header Access-Control-Allow-Origin;  # what the application sends
proxy_hide_header Access-Control-Allow-Credentials;
add_header Access-Control-Allow-Origin $allow_origin always;""",
    "max-age": "add_header Access-Control-Max-Age 600;",
}
