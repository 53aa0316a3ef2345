"""Applications with a policy in each place where people put one.

Here: one function for each, which makes the application. Not here: what is found in it
(`test_find.py`), what a browser makes of it (`lint/test_applications.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/main.html#applications
"""

from __future__ import annotations

import re
import warnings

from corsac import Policy

APP = "https://app.example"
OTHER = "https://other.example"


def starlette_added():
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
    from starlette.routing import Mount

    inner = Starlette(
        middleware=[Middleware(CORSMiddleware, allow_origins=[OTHER])],
    )
    return Starlette(
        routes=[Mount("/inner", inner)],
        middleware=[
            Middleware(GZipMiddleware),
            Middleware(HTTPSRedirectMiddleware),
            Middleware(
                CORSMiddleware,
                allow_origins=[APP],
                allow_methods=["GET", "POST", "PUT"],
                allow_headers=["X-A"],
                expose_headers=["X-B", "X-C"],
                max_age=5,
            ),
        ],
    )


def starlette_wrapped():
    from starlette.applications import Starlette
    from starlette.middleware.cors import CORSMiddleware

    return CORSMiddleware(Starlette(), allow_origins=[APP], allow_headers=["*"])


def starlette_mounted_only():
    from starlette.applications import Starlette
    from starlette.routing import Mount

    return Starlette(routes=[Mount("/api", starlette_wrapped())])


def fastapi_subclass():
    from fastapi import FastAPI
    from fastapi.middleware.cors import CORSMiddleware

    class OwnMiddleware(CORSMiddleware):
        def __init__(self, app, team):
            super().__init__(app, allow_origins=[f"https://{team}.example"])

    app = FastAPI()
    app.add_middleware(OwnMiddleware, team="app")
    return app


def fastapi_with_corsac():
    from corsac.adapters.starlette import CORSMiddleware, install
    from fastapi import FastAPI

    app = FastAPI()
    app.add_middleware(CORSMiddleware, policy=Policy(allow_origins=[OTHER]))
    return install(app, allow_origins=[APP])


def asgi_with_corsac():
    from corsac.adapters.asgi import CORSMiddleware

    async def app(scope, receive, send): ...

    return CORSMiddleware(app, allow_origins=[APP])


def wsgi_with_corsac():
    from functools import partial

    from corsac.adapters.wsgi import CORSMiddleware

    def app(environ, start_response, extra=None):
        return []

    return CORSMiddleware(partial(app, extra=1), allow_origins=[APP])


def flask_with_corsac():
    from corsac.adapters.flask import CORS, cors
    from flask import Blueprint, Flask

    app, blueprint = Flask(__name__), Blueprint("users", __name__)

    @app.get("/items/<int:number>")
    @cors(allow_origins=[OTHER])
    def item(number):
        return ""

    @blueprint.get("/users")
    def users():
        return ""

    app.register_blueprint(cors(allow_origins=["*"])(blueprint))
    CORS(app, allow_origins=[APP])
    return app


def flask_cors_resources():
    from flask import Blueprint, Flask
    from flask_cors import CORS, cross_origin

    app, blueprint = Flask(__name__), Blueprint("users", __name__)
    app.config["CORS_SUPPORTS_CREDENTIALS"] = True

    @blueprint.get("/users")
    def users():
        return ""

    @app.get("/api/view")
    @cross_origin(origins=OTHER, methods=["GET", "HEAD", "POST", "PUT"])
    def view():
        return ""

    @app.get("/api/items")
    def items():
        return ""

    CORS(blueprint, origins=re.compile(r"https://[a-z]+\.app\.example"))
    app.register_blueprint(blueprint)
    CORS(app, resources={r"/api/*": {"origins": [APP, "https://*.app.example"]}})
    return app


def flask_cors_swapped():
    from corsac.compat.flask_cors import CORS, cross_origin
    from flask import Flask

    app = Flask(__name__)

    @app.get("/api/view")
    @cross_origin(origins=OTHER)
    def view():
        return ""

    CORS(app, origins=[APP])
    return app


def quart_with_corsac():
    from corsac.adapters.quart import install
    from quart import Quart

    return install(Quart(__name__), allow_origins=[APP])


def quart_cors():
    import quart_cors
    from quart import Quart

    app = Quart(__name__)
    app.config["QUART_CORS_ALLOW_METHODS"] = ["GET", "HEAD", "POST", "PUT"]

    @app.get("/")
    async def index():
        return ""

    @app.get("/view")
    @quart_cors.route_cors(allow_origin=OTHER)
    async def view():
        return ""

    pattern = re.compile(r"https://[a-z]+\.app\.example")
    return quart_cors.cors(app, allow_origin=[APP, pattern], max_age=5)


def litestar():
    from litestar import Litestar
    from litestar.config.cors import CORSConfig

    config = CORSConfig(
        allow_origins=[APP, "https://*.app.example"],
        allow_methods=["GET", "PUT", "POST"],
    )
    return Litestar([], cors_config=config)


def aiohttp_cors():
    import aiohttp_cors
    from aiohttp import web

    app = web.Application()
    options = aiohttp_cors.ResourceOptions(
        allow_credentials=True, allow_headers=["X-A"], allow_methods="*"
    )
    public = aiohttp_cors.ResourceOptions(
        allow_methods=["GET", "HEAD", "POST"], max_age=5
    )
    aiohttp_cors.setup(app, defaults={APP: options, OTHER: options, "*": public})
    return app


def aiohttp_with_corsac():
    from aiohttp import web
    from corsac.adapters.aiohttp import install

    return install(web.Application(), allow_origins=[APP])


def sanic_with_corsac():
    from corsac.adapters.sanic import install
    from sanic import Sanic

    name = "found"
    Sanic._app_registry.pop(name, None)
    return install(Sanic(name), allow_origins=[APP])


def tornado_with_corsac():
    from corsac.adapters.tornado import install
    from tornado.web import Application

    app = install(Application(), allow_origins=[OTHER])
    return install(app, allow_origins=[APP])


def pyramid_with_corsac():
    with warnings.catch_warnings():
        # Of modules that it imports, and that later Pythons are without.
        warnings.simplefilter("ignore")
        from corsac.adapters.pyramid import install
        from pyramid.config import Configurator

    return install(Configurator().make_wsgi_app(), allow_origins=[APP])


def no_policy():
    from flask import Flask

    return Flask(__name__)
