"""The applications that the servers serve, by the names that `servers.py` gives them.

Here: for ASGI and for WSGI a `site`, whose outermost object is the middleware, as users write it.
Not here: expectations; a server imports this file in a process of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path += [place for place in (str(HERE), str(HERE.parent)) if place not in sys.path]

from answers import MARK
from corsac.adapters import asgi, wsgi

#: What the process was started with, so that a test knows that it speaks to its own server.
TOKEN = os.environ.get("CORSAC_TEST_TOKEN", "").encode()
BODY = b"the application"
CHUNKS = [b"one,", b"two,", b"three"]

POLICY = {
    "allow_origins": ["https://example.com"],
    "allow_methods": ["PUT"],
    "expose_headers": ["X-Answered-By"],
    "allow_credentials": True,
}

#: Status and own header lines of each page of the site that is made at once.
PAGES = {
    "/": (200, []),
    "/missing": (404, []),
    "/moved": (302, [("Location", "/")]),
    "/overruled": (
        200,
        [("Access-Control-Allow-Origin", "*"), ("Vary", "Cookie"), ("vary", "Accept")],
    ),
}
PHRASES = {200: "OK", 302: "Found", 404: "Not Found", 500: "Internal Server Error"}


class ProblemError(Exception):
    """What the application raises, and in one place turns into an answer."""


# ASGI


async def asgi_answer(
    send: Any, status: int, lines: list[tuple[str, str]], body: bytes = BODY
) -> None:
    """One whole answer, with the mark and its length."""
    lines = [*lines, MARK, ("Content-Length", str(len(body)))]
    headers = [(name.lower().encode(), value.encode()) for name, value in lines]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def asgi_lifespan(receive: Any, send: Any, state: dict[str, Any]) -> None:
    """Says that it is ready when it is asked, and remembers that it was."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            state["started"] = True
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def asgi_websocket(receive: Any, send: Any) -> None:
    """Accepts whoever asks, says one word and goes."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": "hello"})
    await send({"type": "websocket.close", "code": 1000})


class ASGISite:
    """Pages as applications have them."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await asgi_lifespan(receive, send, self.state)
        elif scope["type"] == "websocket":
            await asgi_websocket(receive, send)
        elif scope["path"] == "/token":
            await asgi_answer(send, 200, [], TOKEN)
        elif scope["path"] == "/lifespan":
            await asgi_answer(send, 200, [], repr(self.state).encode())
        elif scope["path"] == "/stream":
            headers = [(MARK[0].lower().encode(), MARK[1].encode())]
            start = {"type": "http.response.start", "status": 200, "headers": headers}
            await send(start)
            for chunk in CHUNKS:
                await send(
                    {"type": "http.response.body", "body": chunk, "more_body": True}
                )
            await send({"type": "http.response.body", "body": b""})
        elif scope["path"] == "/raise":
            raise ProblemError("raised on purpose")
        elif scope["path"] == "/error":
            try:
                raise ProblemError("caught on purpose")
            except ProblemError:
                await asgi_answer(send, 500, [])
        else:
            await asgi_answer(send, *PAGES[scope["path"]])


# WSGI


def wsgi_answer(
    start_response: Any,
    status: int,
    lines: list[tuple[str, str]],
    body: bytes = BODY,
    exc_info: Any = None,
) -> list[bytes]:
    """One whole answer, with the mark and its length."""
    lines = [*lines, MARK, ("Content-Length", str(len(body)))]
    arguments = (lines, exc_info) if exc_info else (lines,)
    start_response(f"{status} {PHRASES[status]}", *arguments)
    return [body]


class WSGISite:
    """Pages as applications have them."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        if path == "/token":
            return wsgi_answer(start_response, 200, [], TOKEN)
        if path == "/stream":
            start_response("200 OK", [MARK])
            return iter(CHUNKS)
        if path == "/late":
            return self.late(start_response)
        if path == "/write":
            write = start_response("200 OK", [MARK])
            for chunk in CHUNKS:
                write(chunk)
            return []
        if path == "/file":
            start_response("200 OK", [MARK])
            return environ["wsgi.file_wrapper"](Path(__file__).open("rb"), 4096)
        if path == "/raise":
            raise ProblemError("raised on purpose")
        if path == "/error":
            try:
                raise ProblemError("caught on purpose")
            except ProblemError:
                return wsgi_answer(start_response, 500, [])
        if path == "/restarted":
            start_response("200 OK", [("X-Too-Early", "1")])
            try:
                raise ProblemError("caught on purpose")
            except ProblemError:
                return wsgi_answer(start_response, 500, [], BODY, sys.exc_info())
        return wsgi_answer(start_response, *PAGES[path])

    def late(self, start_response: Any) -> Iterator[bytes]:
        """Answers only when the server asks for the first chunk."""
        start_response("200 OK", [MARK])
        yield from CHUNKS


asgi_site = asgi.CORSMiddleware(ASGISite(), **POLICY)
wsgi_site = wsgi.CORSMiddleware(WSGISite(), **POLICY)
