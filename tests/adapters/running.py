"""Servers in the loop of this process, for applications that a test has at hand.

Here: one for each server, which gives its port when it listens. Not here: applications
(`guarded_sites.py`), servers in processes of their own (`servers.py`).
Spec: https://asgi.readthedocs.io/en/latest/implementations.html
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket as sockets
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp.web
import hypercorn.asyncio
import uvicorn
from servers import HOST
from tornado.httpserver import HTTPServer
from werkzeug.serving import make_server

Tls = ssl.SSLContext | None


@contextlib.contextmanager
def listening() -> Any:
    with sockets.create_server((HOST, 0)) as found:
        found.setblocking(False)
        yield found


@asynccontextmanager
async def on_uvicorn(app: Any, tls: Tls = None) -> AsyncIterator[int]:
    with listening() as found:
        config = uvicorn.Config(app, log_config=None, lifespan="off")
        config.load()
        config.ssl = tls
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup([found])
        yield found.getsockname()[1]
        server.should_exit = server.force_exit = True
        await server.shutdown([found])


@asynccontextmanager
async def on_hypercorn(app: Any) -> AsyncIterator[int]:
    with listening() as found:
        config = hypercorn.Config()
        config.bind = [f"fd://{os.dup(found.fileno())}"]
        config.errorlog = None
        stop = asyncio.Event()
        serving = hypercorn.asyncio.serve(app, config, shutdown_trigger=stop.wait)
        task = asyncio.ensure_future(serving)
        yield found.getsockname()[1]
        stop.set()
        await task


@asynccontextmanager
async def on_aiohttp(app: Any, tls: Tls = None) -> AsyncIterator[int]:
    runner = aiohttp.web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, HOST, 0, ssl_context=tls).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@asynccontextmanager
async def on_tornado(app: Any, tls: Tls = None) -> AsyncIterator[int]:
    server = HTTPServer(app, ssl_options=tls)
    with listening() as found:
        server.add_socket(found)
        yield found.getsockname()[1]
        server.stop()
        await server.close_all_connections()


@asynccontextmanager
async def on_werkzeug(app: Any) -> AsyncIterator[int]:
    """In threads, which is what `socketio.Server` is made for."""
    server = make_server(HOST, 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    await asyncio.to_thread(thread.join)
    server.server_close()
