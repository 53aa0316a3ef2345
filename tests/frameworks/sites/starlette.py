"""The pages in Starlette.

Here: the application, and the three ways to put a policy on it.
Not here: what the pages say (`pages.py`).
Spec: https://www.starlette.io/
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from corsac.adapters.starlette import CORSMiddleware, install
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of
from starlette.applications import Starlette
from starlette.authentication import AuthenticationBackend, AuthenticationError
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route


def with_lines(response: Response, index: int) -> Response:
    for name, value in lines_of(index):
        response.headers.append(name, value)
    return response


class AnyMethod:
    """An endpoint that is no function takes every method."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        response = with_lines(Response(BODY), Request(scope).path_params["index"])
        await response(scope, receive, send)


async def chunks() -> AsyncIterator[bytes]:
    for chunk in CHUNKS:
        yield chunk


async def stream(request: Request) -> Response:
    return with_lines(StreamingResponse(chunks()), request.path_params["index"])


async def moved(request: Request) -> Response:
    response = Response(status_code=302, headers={"Location": ELSEWHERE})
    return with_lines(response, request.path_params["index"])


async def put(request: Request) -> Response:
    return Response(BODY)


class Nobody(AuthenticationBackend):
    """Knows nobody, and asks on one path."""

    async def authenticate(self, conn: HTTPConnection) -> None:
        if conn.url.path == "/private":
            raise AuthenticationError("nobody may")


def refuse(conn: HTTPConnection, error: Exception) -> Response:
    return PlainTextResponse(str(error), 401)


def build() -> Starlette:
    routes = [
        Route("/row/{index:int}", AnyMethod()),
        Route("/stream/{index:int}", stream),
        Route("/moved/{index:int}", moved, methods=["GET", "POST"]),
        Route("/put", put, methods=["PUT"]),
        Route("/private", put),
        Route("/error", fail, methods=["GET", "POST"]),
    ]
    private = Middleware(AuthenticationMiddleware, backend=Nobody(), on_error=refuse)
    return Starlette(routes=routes, middleware=[private])


def installed(policy: Any) -> Any:
    return install(build(), policy)


def added(policy: Any) -> Any:
    app = build()
    app.add_middleware(CORSMiddleware, policy=policy)
    return app


def wrap(policy: Any) -> Any:
    return CORSMiddleware(build(), policy)


WAYS = {"asgi": {"install": installed, "add_middleware": added, "wrap": wrap}}
