"""What the tests of the Flask adapter ask.

Here: pages as applications have them, under the application's policy or their own; servers
import this file. Not here: what must come back (`test_flask.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import flask
from corsac.adapters.flask import CORS, cors
from spoken import policy

APP, VIEW = policy("App"), policy("View")
CHUNKS = [b"one,", b"two,", b"three"]


def make_site() -> flask.Flask:
    app = flask.Flask("site")
    CORS(app, APP)

    @app.get("/")
    def index() -> str:
        return "page"

    @app.get("/token")
    def token() -> str:
        return os.environ.get("CORSAC_TEST_TOKEN", "")

    @app.get("/stream")
    @cors(VIEW)
    def stream() -> Any:
        def chunks() -> Iterator[bytes]:
            assert flask.request.path == "/stream"
            yield from CHUNKS

        return flask.Response(flask.stream_with_context(chunks()))

    @app.get("/file")
    @cors(VIEW)
    def file() -> Any:
        return flask.send_file(__file__)

    @app.get("/error")
    @cors(VIEW)
    def error() -> str:
        raise LookupError("raised on purpose")

    @app.get("/off")
    @cors(None)
    def off() -> str:
        return "page"

    return app


site = make_site()
