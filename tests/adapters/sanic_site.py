"""The application of Sanic that its tests ask, and the servers for it.

Here: handlers and middlewares of each kind that can answer. Not here: any expectation
(`test_sanic.py`).
Spec: https://sanic.dev/en/guide/basics/request.html
"""

from __future__ import annotations

import itertools
import socket as sockets
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from sanic import Blueprint, HTTPResponse, Sanic
from sanic.exceptions import NotFound, Unauthorized
from sanic.response import file, file_stream, redirect, text
from servers import HOST

BODY = "the application"
FILE = Path(__file__)
#: A process knows its applications by their names.
NAMES = (f"test-{number}" for number in itertools.count())
LONGEST_BODY = 1000
#: The methods and paths that a middleware or a handler of the application saw.
SEEN: list[tuple[str, str]] = []


@asynccontextmanager
async def server(app: Any, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    with sockets.create_server((HOST, 0)) as listening:
        running = await app.create_server(
            sock=listening, ssl=tls, return_asyncio_server=True
        )
        await running.startup()
        await running.start_serving()
        yield listening.getsockname()[1]
        await running.close()
        for connection in running.connections:
            connection.close_if_idle()


@asynccontextmanager
async def asgi_server(
    app: Any, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    with sockets.create_server((HOST, 0)) as listening:
        running = uvicorn.Server(uvicorn.Config(app, log_config=None))
        running.config.load()
        running.config.ssl = tls
        running.lifespan = running.config.lifespan_class(running.config)
        await running.startup([listening])
        yield listening.getsockname()[1]
        running.should_exit = True
        await running.shutdown([listening])


async def page(request: Any) -> HTTPResponse:
    SEEN.append((request.method, request.path))
    return text(BODY)


async def own_lines(request: Any) -> HTTPResponse:
    response = text(BODY, headers={"Access-Control-Allow-Origin": "*"})
    response.headers.add("access-control-allow-origin", "https://mallory.test")
    response.headers.add("Access-Control-Max-Age", "1")
    response.headers.add("vary", "Cookie")
    response.headers.add("Vary", "Accept")
    return response


async def missing(request: Any) -> HTTPResponse:
    raise NotFound


async def moved(request: Any) -> HTTPResponse:
    return redirect("/")


async def error(request: Any) -> HTTPResponse:
    raise LookupError("raised on purpose")


async def handled(request: Any) -> HTTPResponse:
    raise FloatingPointError("raised on purpose")


async def nothing(request: Any) -> None:
    return None


async def begun(request: Any) -> None:
    await request.respond()
    raise LookupError("raised on purpose")


async def stream(request: Any) -> None:
    response = await request.respond(headers={"Access-Control-Allow-Origin": "*"})
    for chunk in ("the ", "appli", "cation"):
        await response.send(chunk)
    await response.eof()


async def whole_file(request: Any) -> Any:
    return await file(FILE)


async def streamed_file(request: Any) -> Any:
    return await file_stream(FILE)


async def socket(request: Any, connection: Any) -> None:
    await connection.send("hello")


async def handle(request: Any, exception: Exception) -> HTTPResponse:
    return text("handled", status=503)


async def lock(request: Any) -> None:
    SEEN.append((request.method, request.path))
    if request.path.endswith("/locked"):
        raise Unauthorized("nobody may")


async def fail_behind(request: Any, response: Any) -> None:
    if request.path == "/failing":
        raise LookupError("raised on purpose")


async def replace_behind(request: Any, response: Any) -> HTTPResponse | None:
    return text(BODY, status=202) if request.path == "/replaced" else None


async def overrule(request: Any, response: Any) -> None:
    """What people write who know no library: it must not be the last word."""
    response.headers["Access-Control-Allow-Origin"] = "*"


def build_bare(**options: Any) -> Any:
    """An application without routes."""
    app = Sanic(next(NAMES), configure_logging=False, **options)
    app.config.ACCESS_LOG = False
    # It rewrites Sanic's own methods, which cannot be done twice in a process.
    app.config.TOUCHUP = False
    return app


def build(**options: Any) -> Any:
    app = build_bare(**options)
    app.config.REQUEST_MAX_SIZE = LONGEST_BODY
    app.add_route(page, "/", methods=["GET", "HEAD", "PUT"])
    app.add_route(page, "/options", methods=["POST", "OPTIONS"], name="options")
    for handler in (own_lines, missing, moved, error, handled, nothing, begun, stream):
        app.add_route(handler, f"/{handler.__name__}")
    for handler in (whole_file, streamed_file):
        app.add_route(handler, f"/{handler.__name__}")
    for name in ("locked", "failing", "replaced"):
        app.add_route(page, f"/{name}", name=name)
    app.add_websocket_route(socket, "/socket")
    app.static("/static", FILE.parent)
    app.exception(FloatingPointError)(handle)
    app.on_request(lock, priority=sys.maxsize - 1)
    app.on_response(fail_behind, priority=3)
    app.on_response(replace_behind, priority=4)
    app.on_response(overrule, priority=sys.maxsize)
    inner = Blueprint("inner", url_prefix="/inner")
    inner.add_route(page, "/", name="page")
    inner.add_route(error, "/error", name="error")
    inner.add_route(page, "/locked", name="locked")
    app.blueprint(inner)
    return app
