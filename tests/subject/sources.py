"""Sources of policies, and applications in which they stand; a module that can be named.

Here: one of each kind, and one application of each framework around a source. Not here: what is
found in them (`test_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import warnings
from typing import Any

from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap

A, B, C = (Policy(allow_origins=[f"https://{name}.example"]) for name in "abc")
policies = PolicyMap({"/api": A, "api.example/v1": B, "/api/none": None})
partners = OriginPolicies([A, B])
handle = PolicyHandle(policies)
nested = PolicyMap({"/api": PolicyHandle(partners), "*.example": policies, "/": C})


def choose(request: Any) -> Policy:
    return A


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def in_asgi(source: Any) -> Any:
    from corsac.adapters.asgi import CORSMiddleware

    return CORSMiddleware(asgi, source)


def in_wsgi(source: Any) -> Any:
    from corsac.adapters.wsgi import CORSMiddleware

    return CORSMiddleware(lambda environ, start_response: [], source)


def in_starlette(source: Any) -> Any:
    from corsac.adapters.starlette import install
    from starlette.applications import Starlette

    return install(Starlette(), source)


def added_in_fastapi(source: Any) -> Any:
    from corsac.adapters.starlette import CORSMiddleware
    from fastapi import FastAPI

    app = FastAPI()
    app.add_middleware(CORSMiddleware, policy=source)
    return app


def in_aiohttp(source: Any) -> Any:
    from aiohttp import web
    from corsac.adapters.aiohttp import install

    return install(web.Application(), source)


def in_sanic(source: Any) -> Any:
    from corsac.adapters.sanic import install
    from sanic import Sanic

    Sanic._app_registry.pop("sources", None)
    return install(Sanic("sources"), source)


def in_tornado(source: Any) -> Any:
    from corsac.adapters.tornado import install
    from tornado.web import Application

    return install(Application(), source)


def in_flask(source: Any) -> Any:
    from corsac.adapters.flask import install
    from flask import Flask

    return install(Flask(__name__), source)


def in_quart(source: Any) -> Any:
    from corsac.adapters.quart import install
    from quart import Quart

    return install(Quart(__name__), source)


def in_pyramid(source: Any) -> Any:
    with warnings.catch_warnings():
        # Of modules that it imports, and that later Pythons are without.
        warnings.simplefilter("ignore")
        from corsac.adapters.pyramid import install
        from pyramid.config import Configurator

    return install(Configurator().make_wsgi_app(), source)


def in_channels(source: Any) -> Any:
    import django_settings  # noqa: F401  # Channels asks Django for its settings
    from channels.routing import ProtocolTypeRouter
    from corsac.adapters.channels import OriginValidator

    return ProtocolTypeRouter(
        {"http": asgi, "websocket": OriginValidator(asgi, source)}
    )


def in_socketio(source: Any) -> Any:
    import socketio
    from corsac.adapters.socketio import install

    server = install(socketio.AsyncServer(async_mode="asgi"), source)
    return socketio.ASGIApp(server, in_asgi(C))


def in_socketio_of_aiohttp(source: Any) -> Any:
    import socketio
    from aiohttp import web
    from corsac.adapters.socketio import install

    app = web.Application()
    install(socketio.AsyncServer(async_mode="aiohttp"), source).attach(app)
    return app


with_policies = in_asgi(policies)
with_partners = in_asgi(partners)
with_callable = in_asgi(choose)
