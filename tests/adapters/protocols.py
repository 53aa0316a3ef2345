"""Both protocols in process: a server of one request in each, and what goes through it.

Here: requests, messages, and servers that record what they are given.
Not here: any test, any expectation of a header.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html, https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import asyncio
from typing import Any
from wsgiref.util import setup_testing_defaults

from corsac import Policy

POLICY = Policy(
    allow_origins=["https://example.com", "https://other.example"],
    allow_methods=["PUT"],
)

# ASGI

ORIGIN = (b"origin", b"https://example.com")
ASKED = b"access-control-request-method"
PLAIN_BYTES = (b"content-type", b"text/plain")


class ASGIServer:
    """Records what it is sent, and how often it is asked for a part of the request."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.asked = 0

    async def receive(self) -> Any:
        self.asked += 1
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    def serve(self, app: Any, scope: Any) -> list[Any]:
        """The messages of the answer."""
        asyncio.run(app(scope, self.receive, self.send))
        return self.sent


class ServerOfOneMessage(ASGIServer):
    """Hands over one message, and then lets the application wait."""

    def __init__(self, message: Any) -> None:
        super().__init__()
        self.messages = [message]

    async def receive(self) -> Any:
        self.asked += 1
        if self.messages:
            return self.messages.pop()
        await asyncio.Event().wait()


class RecordingApplication:
    """Keeps the objects that it was called with, and answers nothing."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, Any, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.calls.append((scope, receive, send))


def http(headers: Any = (ORIGIN,), method: str = "GET") -> dict[str, Any]:
    """The scope of a request."""
    return {"type": "http", "method": method, "path": "/", "headers": headers}


def answering(*messages: Any) -> Any:
    """An application that sends these messages."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    return application


def start(headers: Any = (PLAIN_BYTES,), status: int = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(chunk: Any = b"", more_body: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": chunk, "more_body": more_body}


# WSGI

PLAIN = ("Content-Type", "text/plain")


class WSGIServer:
    """Records how `start_response` is called, and what is written."""

    def __init__(self) -> None:
        self.started: list[tuple[Any, ...]] = []
        self.written: list[bytes] = []

    def start_response(self, *arguments: Any) -> Any:
        self.started.append(arguments)
        return self.write

    def write(self, chunk: bytes) -> None:
        self.written.append(chunk)


def environ(method: str = "GET", **headers: str) -> dict[str, Any]:
    """A request of an allowed origin, with these headers in its place or besides."""
    made: dict[str, Any] = {"HTTP_ORIGIN": "https://example.com", "QUERY_STRING": ""}
    setup_testing_defaults(made)
    made["REQUEST_METHOD"] = method
    made.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
    return made


def application(environ: Any, start_response: Any) -> list[bytes]:
    """Answers with text."""
    start_response("200 OK", [PLAIN])
    return [b"the application"]
