"""The requests of the throughput bench, and the applications that answer them.

Here: the policy, three requests, and for each side one application: ASGI, WSGI and Flask, each
under a path of its own. By hand there is one for each request, so that it has nothing to decide,
not even which request it is.
Not here: servers (`throughput_servers.py`), what is measured (`throughput.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html,
https://peps.python.org/pep-3333/
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, NamedTuple

from corsac import Decision, Outcome, Policy
from corsac.adapters import asgi, wsgi
from shared import ACTUAL, NO_ORIGIN, PREFLIGHT, in_str

# Exact origins only, which every peer reads alike.
OPTIONS: dict[str, Any] = {
    "allow_origins": [
        "https://example.com",
        "https://app.example.com",
        "https://admin.example.com",
    ],
    "allow_methods": ["PUT", "DELETE"],
    "allow_headers": ["Content-Type", "Authorization"],
    "expose_headers": ["X-Request-Id"],
    "allow_credentials": True,
    "max_age": 600,
}
POLICY = Policy(**OPTIONS)
MALLORY = (b"origin", b"https://mallory.test")
BODY = b'{"items": []}'
LINES = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]

# The sides. Bare: no CORS at all. By hand: the very lines that corsac adds.
SIDES = BARE, HAND, CORSAC, PEER = ["no CORS", "by hand", "corsac", "the peer"]


class Request(NamedTuple):
    """What a client sends, over and over."""

    name: str
    outcome: Outcome
    method: str
    lines: list[tuple[str, str]]

    @property
    def decision(self) -> Decision:
        return POLICY.decide(self.method, self.lines)

    @property
    def by_hand(self) -> "Answer":
        """What corsac answers, as somebody would write it who knew the request beforehand."""
        if self.decision.status is None:
            return Answer(200, [*LINES, *self.decision.headers], BODY)
        return Answer(self.decision.status, list(self.decision.headers), b"")


class Answer(NamedTuple):
    """A whole response, ready-made."""

    status: int
    lines: list[tuple[str, str]]
    body: bytes


def sent(lines: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Without the host, which each client writes itself; a second such line is an error."""
    return [line for line in in_str(lines) if line[0] != "host"]


ALLOWED = Request("allowed", Outcome.ACTUAL_ALLOWED, "GET", sent(ACTUAL))
REFUSED = Request("refused", Outcome.ACTUAL_REFUSED, "GET", sent([*NO_ORIGIN, MALLORY]))
PREFLIGHTS = Request("preflight", Outcome.PREFLIGHT_ALLOWED, "OPTIONS", sent(PREFLIGHT))
REQUESTS = [ALLOWED, REFUSED, PREFLIGHTS]

NO_CORS = Answer(200, LINES, BODY)


def application_of(side: str, request: Request) -> str:
    """The application that is a side's for a request."""
    return f"{HAND} {request.name}" if side == HAND else side


def asgi_answering(answer: Answer) -> Callable:
    status, lines, body = answer
    encoded = [(name.lower().encode(), value.encode()) for name, value in lines]

    async def app(scope, receive, send):
        start = {"type": "http.response.start", "status": status, "headers": encoded}
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return app


def asgi_peer() -> Callable:
    from starlette.middleware.cors import CORSMiddleware

    return CORSMiddleware(asgi_answering(NO_CORS), **OPTIONS)


def wsgi_answering(answer: Answer) -> Callable:
    status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    _, lines, body = answer

    def app(environ, start_response):
        start_response(status, list(lines))
        return [body]

    return app


def flask_answering(answer: Answer) -> Any:
    """A page that answers GET as it is told; Flask itself answers OPTIONS."""
    from flask import Flask

    app = Flask(__name__)
    # Flask writes the length itself.
    lines = [line for line in answer.lines if line[0] != "Content-Length"]

    @app.route("/", methods=["GET"])
    def page():
        return answer.body, answer.status, lines

    return app


def flask_preflight() -> Any:
    """A page that answers OPTIONS, and nothing else."""
    from flask import Flask, Response

    app = Flask(__name__)
    status, lines, _ = PREFLIGHTS.by_hand

    @app.route("/", methods=["OPTIONS"])
    def page():
        response = Response(status=status, headers=lines)
        del response.headers["Content-Type"]
        return response

    return app


def flask_peer() -> Any:
    from flask_cors import CORS

    app = flask_answering(NO_CORS)
    CORS(
        app,
        origins=OPTIONS["allow_origins"],
        methods=OPTIONS["allow_methods"],
        allow_headers=OPTIONS["allow_headers"],
        expose_headers=OPTIONS["expose_headers"],
        supports_credentials=OPTIONS["allow_credentials"],
        max_age=OPTIONS["max_age"],
    )
    return app


def made_by(answering: Callable) -> dict[str, Callable]:
    """What makes the bare application, and those by hand."""
    by_hand = {
        application_of(HAND, request): lambda request=request: answering(
            request.by_hand
        )
        for request in REQUESTS
    }
    return {BARE: lambda: answering(NO_CORS)} | by_hand


APPLICATIONS: dict[str, dict[str, Callable]] = {
    "asgi": made_by(asgi_answering)
    | {
        CORSAC: lambda: asgi.CORSMiddleware(asgi_answering(NO_CORS), POLICY),
        PEER: asgi_peer,
    },
    "wsgi": made_by(wsgi_answering)
    | {CORSAC: lambda: wsgi.CORSMiddleware(wsgi_answering(NO_CORS), POLICY)},
    "flask": made_by(flask_answering)
    | {
        application_of(HAND, PREFLIGHTS): flask_preflight,
        CORSAC: lambda: wsgi.CORSMiddleware(flask_answering(NO_CORS), POLICY),
        PEER: flask_peer,
    },
}


def path_of(application: str) -> str:
    """Where a server has an application."""
    return "/" + application.replace(" ", "-")


class Sides:
    """All sides of an interface in one application, chosen by the path: one process serves them
    all, so that none is lucky in where its memory lies."""

    def __init__(self, interface: str, names: Iterable[str]) -> None:
        applications = APPLICATIONS[interface]
        self._by_path = {path_of(name): applications[name]() for name in names}


class ASGISides(Sides):
    async def __call__(self, scope, receive, send):
        await self._by_path[scope["path"]](scope, receive, send)


class WSGISides(Sides):
    def __call__(self, environ, start_response):
        path, environ["PATH_INFO"] = environ["PATH_INFO"], "/"
        return self._by_path[path](environ, start_response)


def target_of(interface: str, with_peer: bool) -> str:
    """The name under which a server finds the sides of an interface in this module."""
    return f"{interface}_sides" + "_and_peer" * with_peer


def __getattr__(name: str) -> Sides:
    """Makes what a server asks for, so that none needs a peer's library but the peer."""
    for interface, applications in APPLICATIONS.items():
        for with_peer in (False, True):
            if name == target_of(interface, with_peer):
                names = [name for name in applications if name != PEER or with_peer]
                kind = ASGISides if interface == "asgi" else WSGISides
                return kind(interface, names)
    raise AttributeError(name)
