"""The servers that corsac guards: one application under several policies.

Here: `application`, which calls one of them: from a request to a reply.
Not here: wrong servers (`rows_*.py`), sockets (`server.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import functools
import re
import warnings

from corsac import Policy, PolicyWarning
from corsac.adapters import asgi, wsgi
from judge.reply import framed

#: What the application answers at each path; everything else is 404.
STATUSES = {
    "/x": 200,
    "/empty": 204,
    "/login": 401,
    "/broken": 500,
    "/busy": 503,
    "/moved": 302,
}
#: The application's own lines; the last is one that it may not say.
LINES = [
    ("Content-Type", "text/plain"),
    ("X-Request-Id", "17"),
    ("ETag", '"1"'),
    ("Access-Control-Allow-Origin", "https://app.own.example"),
]


def policies(places):
    """The policies by their names."""
    pages = [places.app, places.secure_app]
    return {
        "one origin": Policy(
            allow_origins=pages,
            allow_methods=["PUT", "DELETE"],
            allow_headers=["X-Token", "Content-Type"],
            expose_headers=["X-Request-Id"],
        ),
        "any origin": Policy(allow_origins=["*"], allow_headers=["X-Token"]),
        "any of all": Policy(
            allow_origins=["*"],
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["*"],
            max_age=None,
        ),
        "any and authorization": Policy(
            allow_origins=["*"], allow_headers=["*", "Authorization"], max_age=0
        ),
        "credentials": Policy(
            allow_origins=pages,
            allow_methods=["PUT"],
            allow_headers=["X-Token", "Authorization"],
            expose_headers=["ETag"],
            allow_credentials=True,
        ),
        "credentials and wildcards": Policy(
            allow_origins=["http://*.localhost:*", "https://*.localhost:*"],
            allow_methods=["*"],
            allow_headers=["*", "Authorization"],
            allow_credentials=True,
        ),
        "regex": Policy(
            allow_origins=[re.compile(r"https?://app\.localhost:[0-9]+")],
            allow_methods=["PATCH", "patch-it"],
            preflight_status=200,
        ),
        "null": Policy(
            allow_origins=["null"],
            allow_methods=["PUT"],
            allow_headers=["X-Token"],
            allow_credentials=True,
            dangerously_allow_null_origin=True,
        ),
        "somebody else": Policy(
            allow_origins=["https://other.example"],
            allow_methods=["*"],
            allow_headers=["*"],
        ),
        **watched_policies(pages),
    }


def watched_policies(pages):
    """Those that say why, that refuse, and that speak of more than CORS."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        return {
            "debug": Policy(
                allow_origins=pages,
                allow_methods=["PUT"],
                allow_headers=["X-Token"],
                debug=True,
            ),
            "debug of any": Policy(
                allow_origins=["*"],
                allow_methods=["*"],
                allow_headers=["*"],
                debug=True,
            ),
            "debug with credentials": Policy(
                allow_origins=pages,
                allow_methods=["*"],
                allow_headers=["*"],
                allow_credentials=True,
                debug=True,
            ),
            "debug of somebody else": Policy(
                allow_origins=["https://other.example"],
                allow_methods=["PUT"],
                debug=True,
            ),
            "enforced": Policy(
                allow_origins=["https://other.example"],
                enforce=True,
                name="judged",
            ),
            "timing and resources": Policy(
                allow_origins=pages,
                timing_allow_origin=True,
                cross_origin_resource_policy="same-origin",
            ),
        }


def as_asgi(policy):
    """The application under ASGI, as one call from a request to a reply."""

    async def application(scope, receive, send):
        status, lines = response(scope["path"])
        headers = [(name.lower().encode(), value.encode()) for name, value in lines]
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        await send({"type": "http.response.body", "body": body_of(status)})

    guarded = asgi.CORSMiddleware(application, policy)

    async def call(method, path, lines):
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in lines],
        }
        sent = []

        async def send(message):
            sent.append(message)

        await guarded(scope, None, send)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in sent[0].get("headers", ())
        ]
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return framed(method, sent[0]["status"], headers, body)

    return call


def as_wsgi(policy):
    """The application under WSGI, as one call from a request to a reply."""

    def application(environ, start_response):
        status, lines = response(environ["PATH_INFO"])
        start_response(f"{status} Said", lines)
        return [body_of(status)]

    guarded = wsgi.CORSMiddleware(application, policy)

    async def call(method, path, lines):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path}
        for name, value in lines:
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        started = []
        body = b"".join(guarded(environ, lambda *said: started.append(said)))
        status, headers = started[0][:2]
        return framed(method, int(status.split()[0]), list(headers), body)

    return call


def response(path):
    """What the application says."""
    status = STATUSES.get(path, 404)
    lines = list(LINES)
    if status == 302:
        lines.append(("Location", "x"))
    if status == 401:
        lines.append(("WWW-Authenticate", "Bearer"))
    return status, lines


def body_of(status):
    return b"" if status == 204 else b"hello"


@functools.cache
def application(name, places):
    """One application for each policy; every second one is served by WSGI."""
    policy = policies(places)[name]
    serve = (as_asgi, as_wsgi)[list(policies(places)).index(name) % 2]
    return serve(policy)
