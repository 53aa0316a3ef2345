"""Opens a WebSocket of an ASGI application, in process.

Here: one handshake, and what the application sends to it. Not here: sockets (`running.py`), any
test.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html#websocket
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from protocols import ServerOfOneMessage


def open_socket(
    app: Any, path: str, headers: Iterable[tuple[bytes, bytes]], *extensions: str
) -> list[Any]:
    """The application's messages to a page that opens a WebSocket and then says nothing."""
    scope = {
        "type": "websocket",
        "asgi": {"spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "query_string": b"",
        "headers": headers,
        "extensions": {extension: {} for extension in extensions},
    }
    return ServerOfOneMessage({"type": "websocket.connect"}).serve(app, scope)
