"""The pages in Quart.

Here: the application, and the ways to put a policy on it.
Not here: what the pages say (`pages.py`).
Spec: https://quart.palletsprojects.com/
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from corsac.adapters.asgi import CORSMiddleware
from corsac.adapters.quart import CORS, install
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of
from quart import Quart, Response, abort, redirect, request
from quart.routing import QuartRule


def with_lines(response: Any, index: int) -> Any:
    for name, value in lines_of(index):
        if name.lower() == "content-type":
            response.headers[name] = value
        else:
            response.headers.add(name, value)
    return response


async def row(index: int) -> Response:
    return with_lines(Response(BODY), index)


async def chunks() -> AsyncIterator[bytes]:
    for chunk in CHUNKS:
        yield chunk


async def stream(index: int) -> Response:
    return with_lines(Response(chunks()), index)


async def moved(index: int) -> Response:
    return with_lines(redirect(ELSEWHERE), index)


async def put() -> str:
    return ""


async def error() -> None:
    fail()


async def refuse() -> None:
    if request.path == "/private":
        abort(401)


def build() -> Quart:
    app = Quart("site")
    # A rule without methods takes them all.
    app.url_map.add(QuartRule("/row/<int:index>", endpoint="row"))
    app.endpoint("row")(row)
    app.add_url_rule("/stream/<int:index>", view_func=stream)
    app.add_url_rule("/moved/<int:index>", view_func=moved, methods=["GET", "POST"])
    app.add_url_rule("/put", view_func=put, methods=["PUT"])
    app.add_url_rule("/private", "private", put)
    app.add_url_rule("/error", view_func=error, methods=["GET", "POST"])
    app.before_request(refuse)
    return app


def extended(policy: Any) -> Any:
    app = build()
    CORS(app, policy)
    return app


def installed(policy: Any) -> Any:
    return install(build(), policy)


def wrap(policy: Any) -> Any:
    return CORSMiddleware(build(), policy)


WAYS = {"asgi": {"CORS": extended, "install": installed, "wrap": wrap}}
