"""What the tests of the Quart adapter ask.

Here: pages as applications have them, under the application's policy or their own; servers
import this file. Not here: what must come back (`test_quart.py`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator
from typing import Any

import quart
from corsac.adapters.quart import CORS, cors
from spoken import policy

APP, VIEW = policy("App"), policy("View")
CHUNKS = [b"one,", b"two,", b"three"]


def make_site() -> quart.Quart:
    app = quart.Quart("site")
    CORS(app, APP)
    started: list[str] = []

    @app.before_serving
    async def start() -> None:
        started.append("started")

    @app.get("/")
    async def index() -> str:
        return "page"

    @app.get("/token")
    async def token() -> str:
        return os.environ.get("CORSAC_TEST_TOKEN", "")

    @app.get("/started")
    @cors(VIEW)
    async def is_started() -> Any:
        return started

    @app.get("/stream")
    @cors(VIEW)
    async def stream() -> Any:
        @quart.stream_with_context
        async def chunks() -> AsyncIterator[bytes]:
            assert quart.request.path == "/stream"
            for chunk in CHUNKS:
                yield chunk

        return chunks(), 200

    @app.get("/file")
    @cors(VIEW)
    async def file() -> Any:
        return await quart.send_file(__file__)

    @app.get("/thread")
    @cors(VIEW)
    def thread() -> str:
        return str(threading.current_thread() is threading.main_thread())

    @app.get("/error")
    @cors(VIEW)
    async def error() -> str:
        raise LookupError("raised on purpose")

    @app.get("/off")
    @cors(None)
    async def off() -> str:
        return "page"

    @app.websocket("/socket")
    @cors(VIEW)
    async def socket() -> None:
        await quart.websocket.send("hello")

    @app.websocket("/closed")
    async def closed() -> None:
        quart.abort(403)

    return app


site = make_site()
