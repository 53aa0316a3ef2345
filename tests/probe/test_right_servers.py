"""Servers that are right, in which the probe finds nothing: corsac's, and those cured by its lines.

Here: policies behind WSGI and ASGI, over real sockets; Starlette and Flask as the fixes have them. Not here: wrong ones (`test_findings.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import uvicorn
from corsac import Policy
from corsac.adapters import asgi, wsgi
from corsac.probe import Options, probe
from corsac.probe.remedies import lines
from flask import Flask
from flask_cors import CORS
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware as StarletteMiddleware
from starlette.responses import Response
from starlette.routing import Route
from wrong_policies import ALLOWED, found


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each connection."""


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


def wsgi_api(environ: Any, start_response: Any) -> list[bytes]:
    is_there = environ["PATH_INFO"] == "/items"
    start_response("200 OK" if is_there else "404 Not Found", [("Content-Length", "2")])
    return [b"ok"]


async def asgi_api(scope: Any, receive: Any, send: Any) -> None:
    status = 200 if scope["path"] == "/items" else 404
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def serve_wsgi(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, Server, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serve_asgi(app: Any) -> Iterator[str]:
    config = uvicorn.Config(app, lifespan="off", log_level="critical", ws="none")
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        asyncio.run(server.serve([listener]))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


POLICIES = {
    "one origin": (Policy(allow_origins=[ALLOWED]), {}),
    "credentials, methods and headers": (
        Policy(
            allow_origins=[ALLOWED, "https://other.example"],
            allow_methods=["PUT"],
            allow_headers=["Content-Type", "Authorization"],
            expose_headers=["X-Request-Id"],
            allow_credentials=True,
        ),
        {
            "method": "PUT",
            "headers": (("Content-Type", "application/json"),),
            "authorization": "Bearer secret",
            "cookie": "session=secret",
        },
    ),
    "everybody": (Policy(allow_origins=["*"]), {}),
    "nobody that is asked for": (
        Policy(allow_origins=["https://other.example"]),
        {"origins": ()},
    ),
}


STACKS = {
    "WSGI": (serve_wsgi, wsgi.CORSMiddleware, wsgi_api),
    "ASGI": (serve_asgi, asgi.CORSMiddleware, asgi_api),
}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("name", POLICIES)
def test_corsac_is_found_right(stack: str, name: str) -> None:
    """No finding, not even a note, and everything was asked."""
    policy, options = POLICIES[name]
    serve, middleware, api = STACKS[stack]
    with serve(middleware(api, policy)) as server:
        report = probe(
            Options(
                url=f"{server}/items", **{"origins": (ALLOWED,), "rate": 100, **options}
            )
        )

    assert set() == found(report)
    assert report.stopped is None


def test_the_lines_for_starlette_are_a_cure() -> None:
    """As they are printed, together they leave a note: Starlette names its methods to everybody."""
    app: Any = Starlette(routes=[Route("/items", lambda request: Response("ok"))])
    names = {"app": app, "CORSMiddleware": StarletteMiddleware}
    exec(lines("starlette", "credentials", ALLOWED), names)  # noqa: S102  our own lines, as a person pastes them
    with serve_asgi(names["app"]) as server:
        report = probe(
            Options(url=f"{server}/items", origins=(ALLOWED,), cookie="a=b", rate=100)
        )

    assert {"note names-for-strangers"} == found(report)


def test_the_lines_for_flask_are_a_cure() -> None:
    """As they are printed, together; flask-cors compares without regard to case, which is a note."""
    app = Flask("cure")
    app.add_url_rule("/items", view_func=lambda: "ok")
    names = {"app": app, "CORS": CORS}
    for remedy in ("credentials", "vary"):
        exec(lines("flask", remedy, ALLOWED), names)  # noqa: S102  our own lines, as a person pastes them
    with serve_wsgi(app) as server:
        report = probe(
            Options(url=f"{server}/items", origins=(ALLOWED,), cookie="a=b", rate=100)
        )

    assert {"note origin-case"} == found(report)


def test_a_wildcard_for_subdomains_is_worth_a_note() -> None:
    """It is meant, and still every subdomain."""
    policy = Policy(allow_origins=["https://*.example.com"])
    with serve_wsgi(wsgi.CORSMiddleware(wsgi_api, policy)) as server:
        report = probe(Options(url=f"{server}/items", origins=(ALLOWED,), rate=100))

    assert {"note any-subdomain"} == found(report)
