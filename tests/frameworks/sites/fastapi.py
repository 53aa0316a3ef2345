"""The pages in FastAPI.

Here: the application, and the three ways to put a policy on it.
Not here: what the pages say (`pages.py`).
Spec: https://fastapi.tiangolo.com/
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from corsac.adapters.starlette import CORSMiddleware, install
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from pages import BODY, CHUNKS, ELSEWHERE, METHODS, fail, lines_of


def with_lines(response: Response, index: int) -> Response:
    for name, value in lines_of(index):
        response.headers.append(name, value)
    return response


async def row(index: int) -> Response:
    return with_lines(Response(BODY), index)


class AnyMethod:
    """Takes what no operation takes, since a router's endpoint that is no function does."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        response = await row(int(scope["path_params"]["index"]))
        await response(scope, receive, send)


async def chunks() -> AsyncIterator[bytes]:
    for chunk in CHUNKS:
        yield chunk


async def stream(index: int) -> Response:
    return with_lines(StreamingResponse(chunks()), index)


async def moved(index: int) -> Response:
    return with_lines(RedirectResponse(ELSEWHERE, 302), index)


async def put() -> dict[str, str]:
    return {}


async def nobody() -> None:
    raise HTTPException(401, "nobody may")


async def private(user: Annotated[None, Depends(nobody)]) -> dict[str, str]:
    return {}


async def error() -> None:
    fail()


def build() -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.api_route("/row/{index}", methods=METHODS)(row)
    app.add_route("/row/{index}", AnyMethod())
    app.get("/stream/{index}")(stream)
    app.api_route("/moved/{index}", methods=["GET", "POST"])(moved)
    app.put("/put")(put)
    app.get("/private")(private)
    app.api_route("/error", methods=["GET", "POST"])(error)
    return app


def installed(policy: Any) -> Any:
    return install(build(), policy)


def added(policy: Any) -> Any:
    app = build()
    app.add_middleware(CORSMiddleware, policy=policy)
    return app


def wrap(policy: Any) -> Any:
    return CORSMiddleware(build(), policy)


WAYS = {"asgi": {"install": installed, "add_middleware": added, "wrap": wrap}}
