"""One exchange with an ASGI application.

Here: `ask_asgi`, for HTTP and for the handshake of a WebSocket. Not here: the lifespan
(`_lifespan.py`), which requests there are, WSGI (`_wsgi.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .._wire import Cause, NoResponse, Request, Response
from ._loop import Loop
from ._message import (
    MAX_BODY,
    Target,
    build_response,
    is_endless,
    log_behind,
    malformed,
    raised,
    request_lines,
    takes_body,
    target_of,
)

#: For how many seconds a response is waited for; see `MAX_BODY`.
_SECONDS: Final = 10.0
VERSION: Final = {"version": "3.0", "spec_version": "2.4"}


async def ask_asgi(
    application: Callable[..., Any],
    request: Request,
    body: bytes,
    loop: Loop,
    state: Mapping[str, Any] | None = None,
) -> Response:
    """Performs one exchange in the running loop, and reads the body away.

    `state`: what the lifespan left for requests.
    # Errors: NoResponse, for an exception of the application, no answer, or one that is no HTTP.
    """
    body = body if takes_body(request) else b""
    target = target_of(request)
    is_socket = target.scheme in ("ws", "wss")
    talk = _SocketTalk(loop, body) if is_socket else _Talk(loop, body)
    scope = _scope(request, target, body)
    if state is not None:
        scope["state"] = dict(state)

    async def call() -> None:
        try:
            await application(scope, talk.receive, talk.send)
        except Exception as error:  # noqa: BLE001  # whatever it is, there is no response
            talk.error = error

    await loop.run(call, talk.enough, _SECONDS)
    return talk.result()


class _Talk:
    """What goes to and fro about one HTTP request."""

    def __init__(self, loop: Loop, body: bytes) -> None:
        self.error: Exception | None = None
        #: There is nothing more to learn from the application.
        self.enough = loop.event()
        self._gone = loop.event()
        self._body: bytes | None = body
        self._response: Response | None = None
        self._ended = False
        self._size = 0

    async def receive(self) -> dict[str, Any]:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Mapping[str, Any]) -> None:
        if self.enough.is_set():
            # https://asgi.readthedocs.io/en/latest/specs/www.html#disconnected-client-send-exception
            raise OSError("the client is gone")
        if message["type"] == "http.response.start":
            self._start(message["status"], message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self._take(message)

    def _start(self, status: object, headers: Any) -> None:
        if self._response is not None:
            raise malformed("a second beginning")
        self._response = _response(status, headers)
        if is_endless(self._response):
            self._leave()

    def _take(self, message: Mapping[str, Any]) -> None:
        if self._response is None:
            raise malformed("a body before its beginning")
        self._size += len(message.get("body", b""))
        if self._size > MAX_BODY:
            self._leave()
        elif not message.get("more_body", False):
            self._ended = True
            self._gone.set()

    def _leave(self) -> None:
        """The client goes away."""
        self._ended = True
        self._gone.set()
        self.enough.set()

    def result(self) -> Response:
        if self._response is not None and (self._ended or self.error is None):
            if self.error is not None and not self.enough.is_set():
                log_behind(self.error)
            return self._response
        if isinstance(self.error, NoResponse):
            raise self.error
        if self.error is not None:
            raise raised(self.error) from self.error
        raise NoResponse(
            "the application ended without an answer, or gave none in "
            f"{_SECONDS:.0f} seconds",
            Cause.EMPTY,
        )


class _SocketTalk(_Talk):
    """What goes to and fro about the handshake of a WebSocket.

    https://asgi.readthedocs.io/en/latest/specs/www.html#websocket
    """

    async def receive(self) -> dict[str, Any]:
        if self._body is not None:
            self._body = None
            return {"type": "websocket.connect"}
        await self._gone.wait()
        return {"type": "websocket.disconnect", "code": 1001, "reason": ""}

    async def send(self, message: Mapping[str, Any]) -> None:
        if self.enough.is_set():
            raise OSError("the client is gone")
        kind = message["type"].removeprefix("websocket.")
        if kind == "accept":
            self._start(101, message.get("headers", ()))
            self._leave()
        elif kind == "close":
            self._start(403, ())
            self._leave()
        elif kind == "http.response.start":
            self._start(message["status"], message.get("headers", ()))
        elif kind == "http.response.body":
            self._take(message)


def _response(status: object, headers: Any) -> Response:
    try:
        lines = [
            (bytes(name).decode("latin-1"), bytes(value).decode("latin-1"))
            for name, value in headers
        ]
    except (TypeError, ValueError):
        raise malformed(f"the header lines {headers!r}") from None
    return build_response(status, lines)


def _scope(request: Request, target: Target, body: bytes) -> dict[str, Any]:
    """https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope"""
    scope = {
        "type": "http",
        "asgi": VERSION,
        "http_version": "1.1",
        "method": request.method,
        "scheme": target.scheme,
        "path": target.path.decode("utf-8", "replace"),
        "raw_path": target.raw_path,
        "query_string": target.query,
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request_lines(request, target, body)
        ],
        "client": ("127.0.0.1", 50000),
        "server": (target.host, target.port),
    }
    if target.scheme in ("ws", "wss"):
        del scope["method"]
        scope |= {
            "type": "websocket",
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
        }
    return scope
