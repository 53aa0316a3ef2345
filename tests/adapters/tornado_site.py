"""The application of Tornado that its tests ask, and its server.

Here: handlers of each kind that can answer. Not here: any expectation (`test_tornado.py`).
Spec: https://www.tornadoweb.org/en/stable/guide/structure.html
"""

from __future__ import annotations

import socket as sockets
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from servers import HOST
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPConnection
from tornado.routing import PathMatches
from tornado.web import (
    Application,
    FallbackHandler,
    Finish,
    HTTPError,
    OutputTransform,
    RequestHandler,
    StaticFileHandler,
    stream_request_body,
)
from tornado.websocket import WebSocketHandler
from tornado.wsgi import WSGIContainer

BODY = "the application"
FILE = Path(__file__)
CONNECTIONS: list[weakref.ref[HTTPConnection]] = []
#: The paths of which a handler saw the body.
SEEN: list[str] = []


@asynccontextmanager
async def server(app: Any) -> AsyncIterator[int]:
    running = HTTPServer(app)
    with sockets.create_server((HOST, 0)) as listening:
        listening.setblocking(False)
        running.add_socket(listening)
        yield listening.getsockname()[1]
        running.stop()
        await running.close_all_connections()


class Page(RequestHandler):
    def get(self) -> None:
        self.write(BODY)

    head = put = get


class OwnLines(RequestHandler):
    def get(self) -> None:
        self.set_header("Access-Control-Allow-Origin", "*")
        self.add_header("access-control-allow-origin", "https://mallory.test")
        self.set_header("Access-Control-Max-Age", "1")
        self.add_header("vary", "Cookie")
        self.add_header("Vary", "Accept")
        self.write(BODY)


class Missing(RequestHandler):
    def get(self) -> None:
        raise HTTPError(404)


class Sent(RequestHandler):
    def get(self) -> None:
        self.send_error(503)


class Finished(RequestHandler):
    def get(self) -> None:
        self.set_status(409)
        raise Finish("the application")


class Moved(RequestHandler):
    def get(self) -> None:
        self.redirect("/")


class Locked(RequestHandler):
    def prepare(self) -> None:
        raise HTTPError(401)


class Failing(RequestHandler):
    def get(self) -> None:
        raise LookupError("raised on purpose")


class FailingTwice(RequestHandler):
    def get(self) -> None:
        raise LookupError("raised on purpose")

    def write_error(self, status_code: int, **keywords: Any) -> None:
        raise LookupError("raised on purpose")


class Stream(RequestHandler):
    async def get(self) -> None:
        assert self.request.connection is not None
        CONNECTIONS.append(weakref.ref(self.request.connection))
        for chunk in ("the ", "appli", "cation"):
            self.write(chunk)
            await self.flush()


@stream_request_body
class Upload(RequestHandler):
    def prepare(self) -> None:
        if self.request.headers.get("Authorization") is None:
            raise HTTPError(401)

    def data_received(self, chunk: bytes) -> None:
        SEEN.append(self.request.path)

    def put(self) -> None:
        self.write(BODY)


class Socket(WebSocketHandler):
    def check_origin(self, origin: str) -> bool:
        return True

    def open(self, *arguments: str, **keywords: str) -> None:
        self.write_message("hello")


class Overrule(OutputTransform):
    """What people write who know no library: it must not be the last word."""

    def transform_first_chunk(
        self, status_code: int, headers: Any, chunk: bytes, finishing: bool
    ) -> tuple[int, Any, bytes]:
        headers["Access-Control-Allow-Origin"] = "*"
        return status_code, headers, chunk


def wsgi(environ: Any, start_response: Any) -> list[bytes]:
    start_response("202 Accepted", [("Vary", "Accept")])
    return [BODY.encode()]


def build(**settings: Any) -> Application:
    handlers: list[Any] = [
        ("/", Page),
        ("/own_lines", OwnLines),
        ("/missing", Missing),
        ("/sent", Sent),
        ("/finished", Finished),
        ("/moved", Moved),
        ("/locked", Locked),
        ("/failing", Failing),
        ("/failing_twice", FailingTwice),
        ("/stream", Stream),
        ("/upload", Upload),
        ("/socket", Socket),
        ("/static/(.*)", StaticFileHandler, {"path": str(FILE.parent)}),
        ("/wsgi", FallbackHandler, {"fallback": WSGIContainer(wsgi)}),
        (PathMatches("/callable"), WSGIContainer(wsgi)),
        (PathMatches("/inner/.*"), Application([("/inner/page", Page)])),
    ]
    return Application(handlers, **settings)
