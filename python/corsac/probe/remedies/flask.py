"""What to write in Flask, with flask-cors.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://flask-cors.readthedocs.io/en/latest/api.html
"""

LINES = {
    "list": """\
CORS(app, origins=["https://app.example"])
# A text with one of * ? ^ $ [ ] ( ) \\ is taken as a regex.""",
    "credentials": """\
CORS(app, origins=["https://app.example"], supports_credentials=True)""",
    "names": """\
CORS(
    app,
    origins=["https://app.example"],
    methods=["GET", "PUT"],
    allow_headers=["Content-Type", "Authorization"],  # left out: whatever is asked for
    expose_headers=["X-Request-Id"],
)""",
    "vary": """\
@app.after_request  # flask-cors sets Vary: Origin with its headers only
def vary_by_origin(response):
    response.vary.add("Origin")
    return response""",
    "preflight": """\
@app.before_request
def authenticate():
    if request.method == "OPTIONS":
        return None  # flask-cors answers it
    ...""",
    "every-response": """\
CORS(app, origins=["https://app.example"])
# The application, not a decorator on each view: so errors are covered, too.""",
    "one-value": """\
CORS(app, origins=["https://app.example"])
# Once: no @cross_origin beside it, no header of a view's own, nothing in the proxy.""",
    "max-age": 'CORS(app, origins=["https://app.example"], max_age=600)',
}
