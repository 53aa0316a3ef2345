"""Applications with a WebSocket and pages in each framework, under a source, in this process.

Here: for each kind the application and its server; each says a word to whom it lets in. Not here:
who is let in (`test_web_sockets.py`, `test_async_sources.py`), what else a framework does.
Spec: https://websockets.spec.whatwg.org/#concept-websocket-establish
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

import aiohttp.web
import django_settings  # noqa: F401  # Channels asks Django for its settings
import fastapi
import sanic
import sanic_site
import socketio
import starlette.applications
import starlette.responses
import starlette.routing
import tornado.web
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from corsac.adapters import aiohttp as aiohttp_adapter
from corsac.adapters import asgi, channels
from corsac.adapters import sanic as sanic_adapter
from corsac.adapters import socketio as socketio_adapter
from corsac.adapters import starlette as starlette_adapter
from corsac.adapters import tornado as tornado_adapter
from django.urls import path
from running import on_aiohttp, on_hypercorn, on_tornado, on_uvicorn, on_werkzeug

PATH = "/socket"
#: Where pages are, and whatever lies below it.
PAGES = "/pages"
METHODS = ["GET", "POST", "PUT"]
WORD = "hello"
#: The path of each handshake and each page that an application was asked for.
RAN: list[str] = []

Ports = AbstractAsyncContextManager[int]


class Kind(NamedTuple):
    """A framework on a server."""

    #: Makes an application under a source.
    make: Callable[[Any], Any]
    #: Serves an application, and gives its port.
    serve: Callable[..., Ports]
    path: str = PATH
    #: Whether it refuses with and without `enforce`.
    is_strict: bool = False


async def speak(scope: Any, receive: Any, send: Any) -> None:
    """An application of ASGI, and of nothing else."""
    RAN.append(scope["path"])
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": WORD})
    await send({"type": "websocket.close"})


async def starlette_socket(websocket: Any) -> None:
    RAN.append(websocket.url.path)
    await websocket.accept()
    await websocket.send_text(WORD)
    await websocket.close()


async def starlette_page(request: Any) -> Any:
    RAN.append(request.url.path)
    return starlette.responses.PlainTextResponse(await request.body() or WORD)


class Consumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        RAN.append(self.scope["path"])
        await self.accept()
        await self.send(WORD)


async def aiohttp_socket(request: aiohttp.web.Request) -> Any:
    RAN.append(request.path)
    response = aiohttp.web.WebSocketResponse()
    await response.prepare(request)
    await response.send_str(WORD)
    return response


async def aiohttp_page(request: aiohttp.web.Request) -> Any:
    RAN.append(request.path)
    return aiohttp.web.Response(body=await request.read() or WORD.encode())


async def sanic_socket(request: Any, connection: Any) -> None:
    RAN.append(request.path)
    await connection.send(WORD)


async def sanic_page(request: Any, rest: str = "") -> Any:
    RAN.append(request.path)
    return sanic.text(request.body.decode() or WORD)


class TornadoSocket(tornado_adapter.WebSocketHandler):
    def open(self, *arguments: str, **keywords: str) -> None:
        RAN.append(self.request.path)
        self.write_message(WORD)


class TornadoPage(tornado.web.RequestHandler):
    def get(self) -> None:
        RAN.append(self.request.path)
        self.write(self.request.body or WORD)

    post = put = get


def in_starlette(source: Any, kind: Any = starlette.applications.Starlette) -> Any:
    routes = [
        starlette.routing.WebSocketRoute(PATH, starlette_socket),
        starlette.routing.Route(
            f"{PAGES}{{rest:path}}", starlette_page, methods=METHODS
        ),
    ]
    return starlette_adapter.install(kind(routes=routes), source)


def in_fastapi(source: Any) -> Any:
    return in_starlette(source, fastapi.FastAPI)


def in_asgi(source: Any) -> Any:
    return asgi.CORSMiddleware(speak, source)


def in_channels(source: Any) -> Any:
    router = URLRouter([path(PATH[1:], Consumer.as_asgi())])
    return channels.OriginValidator(router, source)


def in_aiohttp(source: Any) -> Any:
    app = aiohttp.web.Application()
    app.router.add_get(PATH, aiohttp_socket)
    for method in METHODS:
        app.router.add_route(method, f"{PAGES}{{rest:.*}}", aiohttp_page)
    return aiohttp_adapter.install(app, source)


def in_sanic(source: Any) -> Any:
    app = sanic_site.build_bare()
    app.add_websocket_route(sanic_socket, PATH)
    app.add_route(sanic_page, PAGES, methods=METHODS, name="page")
    app.add_route(sanic_page, f"{PAGES}/<rest:path>", methods=METHODS, name="pages")
    return sanic_adapter.install(app, source)


def in_tornado(source: Any) -> Any:
    app = tornado.web.Application([(PATH, TornadoSocket), (f"{PAGES}.*", TornadoPage)])
    return tornado_adapter.install(app, source)


def socketio_server(
    source: Any, kind: Any = socketio.AsyncServer, **options: Any
) -> Any:
    # A client that leaves waits until it is asked whether it is there.
    server = socketio_adapter.install(
        kind(ping_interval=1, ping_timeout=3, **options), source
    )

    def connect(sid: str, environ: Any) -> None:
        RAN.append(environ["PATH_INFO"])

    server.on("connect", connect)
    server.on("echo", lambda sid, said: said)
    return server


def socketio_in_asgi(source: Any) -> Any:
    return socketio.ASGIApp(socketio_server(source, async_mode="asgi"))


def socketio_in_aiohttp(source: Any) -> Any:
    app = aiohttp.web.Application()
    socketio_server(source, async_mode="aiohttp").attach(app)
    return app


def socketio_in_wsgi(source: Any) -> Any:
    server = socketio_server(source, socketio.Server, async_mode="threading")
    return socketio.WSGIApp(server)


SOCKET_IO = "/socket.io/?EIO=4&transport=websocket"

KINDS = {
    "ASGI on uvicorn": Kind(in_asgi, on_uvicorn),
    "ASGI on hypercorn": Kind(in_asgi, on_hypercorn),
    "Starlette on uvicorn": Kind(in_starlette, on_uvicorn),
    "Starlette on hypercorn": Kind(in_starlette, on_hypercorn),
    "FastAPI on uvicorn": Kind(in_fastapi, on_uvicorn),
    "aiohttp": Kind(in_aiohttp, on_aiohttp),
    "Sanic": Kind(in_sanic, sanic_site.server),
    "Sanic on uvicorn": Kind(in_sanic, sanic_site.asgi_server),
    "Sanic on hypercorn": Kind(in_sanic, on_hypercorn),
    "Tornado": Kind(in_tornado, on_tornado),
    "Channels on uvicorn": Kind(in_channels, on_uvicorn, is_strict=True),
    "Channels on hypercorn": Kind(in_channels, on_hypercorn, is_strict=True),
    "Socket.IO over ASGI": Kind(socketio_in_asgi, on_uvicorn, SOCKET_IO, True),
    "Socket.IO in aiohttp": Kind(socketio_in_aiohttp, on_aiohttp, SOCKET_IO, True),
    "Socket.IO over WSGI": Kind(socketio_in_wsgi, on_werkzeug, SOCKET_IO, True),
}
#: The frameworks whose pages are here, in each way in which they can be served.
OF_PAGES = [
    "Starlette on uvicorn",
    "Starlette on hypercorn",
    "aiohttp",
    "Sanic",
    "Sanic on uvicorn",
    "Tornado",
]
#: Those whose servers here can encrypt.
ENCRYPTED = ["ASGI on uvicorn", "aiohttp", "Sanic", "Sanic on uvicorn", "Tornado"]
