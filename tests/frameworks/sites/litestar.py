"""The pages in Litestar.

Here: the application, and the way to put a policy on it.
Not here: what the pages say (`pages.py`).
Spec: https://docs.litestar.dev/
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from corsac.adapters.asgi import CORSMiddleware
from litestar import Litestar, MediaType, Response, asgi, get, put, route
from litestar.exceptions import NotAuthorizedException
from litestar.response import Stream
from litestar.response.base import ASGIResponse
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of


# A mount takes every method, which a handler does not.
@asgi("/row", is_mount=True)
async def row(scope: Any, receive: Any, send: Any) -> None:
    index = int(scope["path"].strip("/"))
    response = ASGIResponse(
        body=BODY, headers=lines_of(index), media_type=MediaType.TEXT
    )
    await response(scope, receive, send)


async def chunks() -> AsyncIterator[bytes]:
    for chunk in CHUNKS:
        yield chunk


@get("/stream/{index:int}")
async def stream(index: int) -> Stream:
    return Stream(chunks(), headers=dict(lines_of(index)))


@route("/moved/{index:int}", http_method=["GET", "POST"], status_code=302)
async def moved(index: int) -> Response[None]:
    headers = {**dict(lines_of(index)), "Location": ELSEWHERE}
    return Response(None, status_code=302, headers=headers)


@put("/put")
async def only_put() -> None:
    return None


def nobody(connection: Any, handler: Any) -> None:
    raise NotAuthorizedException


@get("/private", guards=[nobody])
async def private() -> None:
    return None


@route("/error", http_method=["GET", "POST"], status_code=200)
async def error() -> None:
    fail()


def wrap(policy: Any) -> Any:
    pages = [row, stream, moved, only_put, private, error]
    return CORSMiddleware(Litestar(pages, openapi_config=None), policy)


WAYS = {"asgi": {"wrap": wrap}}
