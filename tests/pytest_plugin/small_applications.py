"""One page, `PUT /items`, in each framework, with no CORS of any kind.

Here: applications as the frameworks' first examples make them, over each of their interfaces.
Not here: policies, expectations.
"""

from __future__ import annotations

import itertools
from typing import Any

import bottle
import django_settings  # noqa: F401  # before anything asks for a setting
import falcon
import falcon.asgi
import fastapi
import flask
import litestar
import quart
import sanic
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

TOTAL = {"X-Total": "1"}
#: What Django's handlers look up while they answer.
DJANGO_URLS = (path("items", csrf_exempt(lambda request: HttpResponse(headers=TOTAL))),)
#: A process knows Sanic's applications by their names.
_NUMBERS = itertools.count()


def make_flask() -> Any:
    app = flask.Flask("small")

    @app.put("/items")
    def items() -> Any:
        return "", 200, TOTAL

    return app


def make_quart() -> Any:
    app = quart.Quart("small")

    @app.put("/items")
    async def items() -> Any:
        return "", 200, TOTAL

    return app


def make_starlette() -> Any:
    async def items(request: Any) -> PlainTextResponse:
        return PlainTextResponse("", headers=TOTAL)

    return Starlette(routes=[Route("/items", items, methods=["PUT"])])


def make_fastapi() -> Any:
    app = fastapi.FastAPI()

    @app.put("/items")
    def items(response: fastapi.Response) -> None:
        response.headers.update(TOTAL)

    return app


class Items:
    def on_put(self, request: Any, response: Any) -> None:
        response.set_headers(TOTAL)


class AsyncItems:
    async def on_put(self, request: Any, response: Any) -> None:
        response.set_headers(TOTAL)


def make_falcon() -> Any:
    app = falcon.App()
    app.add_route("/items", Items())
    return app


def make_falcon_asgi() -> Any:
    app = falcon.asgi.App()
    app.add_route("/items", AsyncItems())
    return app


def make_litestar() -> Any:
    @litestar.put("/items")
    async def items() -> litestar.Response[None]:
        return litestar.Response(None, headers=TOTAL)

    return litestar.Litestar([items], openapi_config=None)


def make_bottle() -> Any:
    app = bottle.Bottle()

    @app.put("/items")
    def items() -> Any:
        return bottle.HTTPResponse("", 200, TOTAL)

    return app


def make_pyramid() -> Any:
    # Its import warns of what is deprecated, which only its own test allows.
    from pyramid.config import Configurator
    from pyramid.response import Response

    config = Configurator()
    config.add_route("items", "/items", request_method="PUT")
    config.add_view(
        lambda request: Response(headerlist=[*TOTAL.items()]), route_name="items"
    )
    return config.make_wsgi_app()


def make_sanic() -> Any:
    app = sanic.Sanic(f"small-{next(_NUMBERS)}", configure_logging=False)
    # It rewrites Sanic's own code for the first application that starts, and fails at the next.
    app.config.TOUCHUP = False

    @app.put("/items")
    async def items(request: Any) -> Any:
        return sanic.empty(200, headers=TOTAL)

    return app


MAKERS = {
    "Bottle": make_bottle,
    "Django over WSGI": get_wsgi_application,
    "Django over ASGI": get_asgi_application,
    "Falcon over WSGI": make_falcon,
    "Falcon over ASGI": make_falcon_asgi,
    "FastAPI": make_fastapi,
    "Flask": make_flask,
    "Litestar": make_litestar,
    "Pyramid": make_pyramid,
    "Quart": make_quart,
    "Sanic": make_sanic,
    "Starlette": make_starlette,
}
