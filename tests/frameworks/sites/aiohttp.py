"""The pages in aiohttp.

Here: the application, the way to put a policy on it, and its own server.
Not here: what the pages say (`pages.py`).
Spec: https://docs.aiohttp.org/en/stable/web.html
"""

from __future__ import annotations

import socket
from typing import Any

from aiohttp import web
from corsac.adapters.aiohttp import install
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of


def with_lines(response: Any, request: web.Request) -> Any:
    for name, value in lines_of(int(request.match_info["index"])):
        if name.lower() == "content-type":
            response.headers[name] = value
        else:
            response.headers.add(name, value)
    return response


async def row(request: web.Request) -> web.Response:
    return with_lines(web.Response(body=BODY), request)


async def stream(request: web.Request) -> web.StreamResponse:
    response = with_lines(web.StreamResponse(), request)
    await response.prepare(request)
    for chunk in CHUNKS:
        await response.write(chunk)
    return response


async def moved(request: web.Request) -> web.Response:
    raise with_lines(web.HTTPFound(ELSEWHERE), request)


async def put(request: web.Request) -> web.Response:
    return web.Response(body=BODY)


async def error(request: web.Request) -> web.Response:
    return fail()


@web.middleware
async def refuse(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.path == "/private":
        raise web.HTTPUnauthorized
    return await handler(request)


def build() -> web.Application:
    app = web.Application(middlewares=[refuse])
    app.router.add_route("*", "/row/{index}", row)
    app.router.add_get("/stream/{index}", stream)
    app.router.add_get("/moved/{index}", moved)
    app.router.add_post("/moved/{index}", moved)
    app.router.add_put("/put", put)
    app.router.add_get("/private", put)
    app.router.add_route("*", "/error", error)
    return app


def installed(policy: Any) -> web.Application:
    return install(build(), policy)


WAYS = {"own": {"install": installed}}


async def serve(app: web.Application, listening: socket.socket) -> object:
    """Serves as `web.run_app` does."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    return runner
