"""One site in Django, Flask, Quart and Pyramid, under any source of policies.

Here: pages that say whether they ran and what was counted, the site's policies, the application of
each framework, and one request in process; servers import this file.
Not here: what must come back (`test_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NamedTuple

import django_settings  # noqa: F401  # before anything asks for a setting
import flask
import httpx
import quart
import werkzeug.test
from corsac import (
    OriginPolicies,
    Policy,
    PolicyHandle,
    PolicyMap,
    PolicyWarning,
    Request,
)
from corsac._watch import read_counts
from corsac.adapters import django as corsac_django
from corsac.adapters import flask as corsac_flask
from corsac.adapters import quart as corsac_quart
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test.utils import override_settings
from django.urls import re_path
from servers import Response
from spoken import policy

with warnings.catch_warnings():
    # WebOb's import of `cgi` and Pyramid's of `pkg_resources` are deprecated.
    warnings.simplefilter("ignore")
    import pyramid.response
    from pyramid.config import Configurator

PARTNER = "https://partner.example"
PARTNERS = OriginPolicies(
    [
        policy("First").replace(
            allow_origins=[PARTNER], allow_methods=["PATCH"], allow_credentials=True
        ),
        policy("Second"),
    ]
)
STRICT = policy("Strict").replace(enforce=True, name="strict")
with warnings.catch_warnings():
    # That it is loud.
    warnings.simplefilter("ignore", PolicyWarning)
    DEBUG = policy("Debug").replace(debug=True)
#: What the routes of a site lead to; whatever a source is made of, it chooses as this does.
ROUTES = PolicyMap(
    {
        "/api": policy("Api"),
        "/api/internal": None,
        "api.example.com/api": policy("Host"),
        "/partners": PARTNERS,
        "/handle": PolicyHandle(policy("Handle")),
        "/strict": STRICT,
        "/proxied": STRICT.replace(own_origins=["https://public.example"]),
        "/counted": policy("Counted").replace(name="counted"),
        "/debug": DEBUG,
        "/opted": policy("Opted").replace(
            timing_allow_origin=True, cross_origin_resource_policy="same-site"
        ),
        "/all": Policy(
            allow_origins=["*"],
            timing_allow_origin=True,
            cross_origin_resource_policy="same-origin",
        ),
    }
)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS"]
#: What every page says itself of other things than CORS.
OWN = {"Timing-Allow-Origin": "https://own.example", "Cross-Origin-Resource-Policy": "own"}  # fmt: skip

#: The path of each request that a page was asked for.
RAN: list[str] = []


def page(path: str) -> str:
    """What a site says at a path: what ran since the last time, what was counted, or a word."""
    if path == "/token":
        return os.environ.get("CORSAC_TEST_TOKEN", "")
    if path == "/ran":
        said = json.dumps(RAN)
        RAN.clear()
        return said
    if path == "/counts":
        counts = {
            f"{name} {outcome.value} {refusal.value if refusal else ''}".strip(): total
            for name, outcome, refusal, total in read_counts()
            if total
        }
        return json.dumps(counts)
    RAN.append(path)
    return "page"


def choose(request: Request) -> Any:
    return ROUTES


async def choose_later(request: Request) -> Any:
    await asyncio.sleep(0)
    return ROUTES


# The applications, each under a source.


def flask_app(source: Any) -> Any:
    app = flask.Flask("site", static_folder=None)
    corsac_flask.CORS(app, source)

    @app.route("/", defaults={"path": ""}, methods=METHODS)
    @app.route("/<path:path>", methods=METHODS)
    def view(path: str) -> Any:
        return page(flask.request.path), OWN

    return app


def quart_app(source: Any) -> Any:
    app = quart.Quart("site", static_folder=None)
    corsac_quart.CORS(app, source)

    @app.route("/", defaults={"path": ""}, methods=METHODS)
    @app.route("/<path:path>", methods=METHODS)
    async def view(path: str) -> Any:
        return page(quart.request.path), OWN

    return app


def marked(make: Any, adapter: Any) -> Callable[[Any], Any]:
    """The same application without a source of its own, where views are marked instead."""

    def build(source: Any) -> Any:
        app = make(None)
        view = app.view_functions["view"]
        for route, choice in ROUTES.routes.items():
            if route.startswith("/"):
                # One of its own, since a mark stays on its function.
                own = functools.update_wrapper(functools.partial(view), view)
                own = adapter.cors(choice)(own)
                app.add_url_rule(
                    route, route, own, methods=METHODS, defaults={"path": ""}
                )
                app.add_url_rule(f"{route}/<path:path>", route, own, methods=METHODS)
        return app

    return build


def pyramid_app(source: Any) -> Any:
    config = Configurator()
    config.include("corsac.adapters.pyramid")
    config.set_cors_policy(source)
    config.add_route("all", "/*path")
    config.add_view(
        lambda request: pyramid.response.Response(page(request.path), headers=OWN),
        route_name="all",
    )
    return config.make_wsgi_app()


def django_view(request: Any) -> HttpResponse:
    return HttpResponse(page(request.path), headers=OWN)


URLS = (re_path("", django_view),)
MIDDLEWARE = ["corsac.adapters.django.CORSMiddleware"]


def by_setting(handler: Any) -> Callable[[Any], AbstractContextManager[Any]]:
    """Django with the middleware in its settings."""

    @contextmanager
    def under(source: Any) -> Iterator[Any]:
        with override_settings(CORSAC=source, MIDDLEWARE=MIDDLEWARE, ROOT_URLCONF=URLS):
            yield handler()

    return under


def by_install(handler: Any) -> Callable[[Any], AbstractContextManager[Any]]:
    @contextmanager
    def under(source: Any) -> Iterator[Any]:
        with override_settings(ROOT_URLCONF=URLS):
            yield corsac_django.install(handler(), source)

    return under


def made(make: Callable[[Any], Any]) -> Callable[[Any], AbstractContextManager[Any]]:
    return lambda source: nullcontext(make(source))


class Kind(NamedTuple):
    """A framework under one of its protocols."""

    #: The application under a source, as long as the context lasts.
    under: Callable[[Any], AbstractContextManager[Any]]
    interface: str
    server: str
    #: The class of what a callable finds as the request's `native`.
    native: str
    #: Whether a callable may be awaited.
    waits: bool = False
    #: Whether views are marked, in place of any source.
    has_marks: bool = False


KINDS = {
    "Flask": Kind(made(flask_app), "wsgi", "gunicorn", "dict"),
    "Flask marks": Kind(made(marked(flask_app, corsac_flask)), "wsgi", "gunicorn", "", False, True),
    "Quart marks": Kind(made(marked(quart_app, corsac_quart)), "asgi", "hypercorn", "", False, True),
    "Pyramid": Kind(made(pyramid_app), "wsgi", "waitress", "dict"),
    "Quart": Kind(made(quart_app), "asgi", "hypercorn", "dict", True),
    "Django WSGI": Kind(by_setting(WSGIHandler), "wsgi", "gunicorn", "WSGIRequest"),
    "Django ASGI": Kind(by_setting(ASGIHandler), "asgi", "uvicorn", "ASGIRequest", True),
    "Django WSGI install": Kind(by_install(WSGIHandler), "wsgi", "runserver", "WSGIRequest"),
    "Django ASGI install": Kind(by_install(ASGIHandler), "asgi", "hypercorn", "ASGIRequest", True),
}  # fmt: skip


def ask_in_process(
    kind: Kind, app: Any, method: str, path: str, headers: Mapping[str, str]
) -> Response:
    """The answer to one request, to a server at `http://testserver`."""
    if kind.interface == "asgi":
        return asyncio.run(_ask_asgi(app, method, path, headers))
    response = werkzeug.test.Client(app).open(
        path, base_url=BASE, method=method, headers=dict(headers)
    )
    with response:
        return Response(
            response.status_code, list(response.headers.items()), response.data
        )


BASE = "http://testserver"


async def _ask_asgi(
    app: Any, method: str, path: str, headers: Mapping[str, str]
) -> Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        response = await client.request(method, path, headers=dict(headers))
    lines = [(n.decode(), v.decode("latin-1")) for n, v in response.headers.raw]
    return Response(response.status_code, lines, response.content)


if (started := os.environ.get("CORSAC_TEST_SITE")) is not None:
    kind = KINDS[started]
    #: For a server, as long as it runs.
    context = kind.under(choose_later if kind.waits else choose)
    site = context.__enter__()
