"""What the tests of the Starlette adapter ask: an application of Starlette, and one of FastAPI.

Here: pages as applications have them, with a policy around them; servers import this file.
Not here: what must come back (`test_starlette.py`).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any

import fastapi
from corsac.adapters.starlette import install
from spoken import policy
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import (
    FileResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from starlette.routing import Mount, Route, WebSocketRoute

APP = policy("App")
CHUNKS = [b"one,", b"two,", b"three"]
#: What the background tasks of this process have done.
DONE: list[str] = []


async def page(request: Any) -> Any:
    return PlainTextResponse("page")


async def token(request: Any) -> Any:
    return PlainTextResponse(os.environ.get("CORSAC_TEST_TOKEN", ""))


async def state(request: Any) -> Any:
    return PlainTextResponse(str(request.state.started))


async def stream(request: Any) -> Any:
    async def chunks() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            yield chunk

    return StreamingResponse(chunks())


async def file(request: Any) -> Any:
    return FileResponse(__file__)


async def background(request: Any) -> Any:
    return PlainTextResponse("page", background=BackgroundTask(DONE.append, "task"))


async def fail(request: Any) -> Any:
    raise LookupError("raised on purpose")


async def refuse(request: Any) -> Any:
    raise HTTPException(401)


async def moved(request: Any) -> Any:
    return RedirectResponse("/")


async def socket(websocket: Any) -> None:
    await websocket.accept(headers=[(b"x-own", b"1")])
    await websocket.send_text("hello")
    await websocket.close()


async def closed(websocket: Any) -> None:
    await websocket.send_denial_response(PlainTextResponse("no", 403))


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, bool]]:
    DONE.append("startup")
    yield {"started": True}
    DONE.append("shutdown")


def make_app(Application: Any = Starlette, **options: Any) -> Any:
    """Pages as applications have them."""
    mounted = Starlette(routes=[Route("/", page), Route("/fails", fail)])
    routes = [
        Route("/", page),
        Route("/token", token),
        Route("/state", state),
        Route("/stream", stream),
        Route("/file", file),
        Route("/background", background),
        Route("/fails", fail),
        Route("/private", refuse),
        Route("/moved", moved),
        Route("/slash/", page),
        WebSocketRoute("/socket", socket),
        WebSocketRoute("/closed", closed),
        Mount("/mounted", mounted),
    ]
    return Application(routes=routes, lifespan=lifespan, **options)


starlette_site = install(make_app(), APP)
fastapi_site = install(make_app(fastapi.FastAPI), APP)
