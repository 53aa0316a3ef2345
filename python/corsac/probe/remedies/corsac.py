"""What to write in corsac.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

LINES = {
    "list": 'policy = Policy(allow_origins=["https://app.example"])',
    "credentials": (
        'policy = Policy(allow_origins=["https://app.example"], allow_credentials=True)'
    ),
    "names": """\
policy = Policy(
    allow_origins=["https://app.example"],
    allow_methods=["PUT"],
    allow_headers=["Content-Type", "Authorization"],
    expose_headers=["X-Request-Id"],
)""",
    "vary": """\
app = CORSMiddleware(app, policy)
# Nothing else: every response of a policy with listed origins has Vary: Origin.""",
    "preflight": """\
app = CORSMiddleware(app, policy)  # around everything: answers before routes and authentication""",
    "every-response": """\
app = CORSMiddleware(app, policy)  # around everything: 401, 404 and 500 get the headers, too""",
    "one-value": """\
app = CORSMiddleware(app, policy)
# The application's own CORS headers are dropped; take them out of the proxy before it.""",
    "max-age": 'policy = Policy(allow_origins=["https://app.example"], max_age=600)',
}
