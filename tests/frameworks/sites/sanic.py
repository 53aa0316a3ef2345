"""The pages in Sanic, which has a server of its own and speaks ASGI too.

Here: the application, the ways to put a policy on it, and its own server.
Not here: what the pages say (`pages.py`).
Spec: https://sanic.dev/en/guide/
"""

from __future__ import annotations

import itertools
import socket
from typing import Any

from corsac.adapters.asgi import CORSMiddleware
from corsac.adapters.sanic import install
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of
from sanic import Sanic
from sanic.compat import Header
from sanic.constants import HTTP_METHODS
from sanic.exceptions import Unauthorized
from sanic.response import raw, redirect

#: A process knows its applications by their names.
NAMES = (f"site-{number}" for number in itertools.count())


def headers(index: int) -> Header:
    return Header(line for line in lines_of(index) if line[0].lower() != "content-type")


def content_type(index: int) -> str:
    types = [v for name, v in lines_of(index) if name.lower() == "content-type"]
    return types[0] if types else "application/octet-stream"


async def row(request: Any, index: int) -> Any:
    return raw(BODY, headers=headers(index), content_type=content_type(index))


async def stream(request: Any, index: int) -> None:
    response = await request.respond(headers=headers(index))
    for chunk in CHUNKS:
        await response.send(chunk)
    await response.eof()


async def moved(request: Any, index: int) -> Any:
    return redirect(ELSEWHERE, headers=headers(index))


async def put(request: Any) -> Any:
    return raw(BODY)


async def error(request: Any) -> Any:
    fail()


async def refuse(request: Any) -> None:
    if request.path == "/private":
        raise Unauthorized("nobody may")


def build() -> Sanic:
    app = Sanic(next(NAMES), configure_logging=False)
    app.config.ACCESS_LOG = False
    # Else it rewrites its own methods, for one application in a process.
    app.config.TOUCHUP = False
    app.add_route(row, "/row/<index:int>", methods=HTTP_METHODS)
    app.add_route(stream, "/stream/<index:int>")
    app.add_route(moved, "/moved/<index:int>", methods=["GET", "POST"])
    app.add_route(put, "/put", methods=["PUT"])
    app.add_route(put, "/private", name="private")
    app.add_route(error, "/error", methods=["GET", "POST"])
    app.register_middleware(refuse, "request")
    return app


def installed(policy: Any) -> Any:
    return install(build(), policy)


def wrap(policy: Any) -> Any:
    return CORSMiddleware(build(), policy)


WAYS = {
    "own": {"install": installed},
    "asgi": {"install": installed, "wrap": wrap},
}


async def serve(app: Sanic, listening: socket.socket) -> object:
    """Serves without the processes of `Sanic.run`."""
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.start_serving()
    return server
