"""A Quart application with WebSockets whose views are marked, under one of several sources.

Here: sockets that say a word to whom they let in; servers import this file. Not here: who is let in
(`test_quart_sockets.py`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import quart
from corsac import Policy, PolicyHandle, PolicyMap, Request
from corsac.adapters.quart import CORS, cors
from spoken import policy

OPEN = policy("Open")
STRICT = policy("Strict").replace(enforce=True)
PROXIED = STRICT.replace(own_origins=["https://public.example"])


async def choose(request: Request) -> Policy:
    await asyncio.sleep(0)
    return STRICT if request.path.startswith("/chosen") else OPEN


#: What an application has beside its marks.
SOURCES: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "an open policy": lambda: OPEN,
    "a strict policy": lambda: STRICT,
    "a strict map": lambda: PolicyMap({"/": PolicyHandle(STRICT)}),
    "a strict coroutine": lambda: choose,
}
#: Paths, and what their views are marked with.
MARKS: dict[str, Any] = {
    "/strict": STRICT,
    "/open": OPEN,
    "/off": None,
    "/handle": PolicyHandle(STRICT),
    "/proxied": PROXIED,
}


def make_site(source: Any, is_marked: bool = True) -> quart.Quart:
    app = quart.Quart("site", static_folder=None)
    CORS(app, source)

    def socket() -> Any:
        """A view of its own, since a mark stays on it."""

        async def say() -> None:
            await quart.websocket.send("hello")

        return say

    @app.get("/token")
    async def token() -> str:
        return os.environ.get("CORSAC_TEST_TOKEN", "")

    @app.get("/strict")
    async def page() -> str:
        return "page"

    blueprint = quart.Blueprint("blueprint", "site")
    blueprint.add_websocket("/socket", "socket", socket())
    if is_marked:
        cors(STRICT)(blueprint)
    app.register_blueprint(blueprint, url_prefix="/blueprint")
    for path in ("/plain", "/chosen", *MARKS):
        view = socket()
        if is_marked and path in MARKS:
            view = cors(MARKS[path])(view)
        app.add_websocket(path, f"socket {path}", view)
    return app


if (started := os.environ.get("CORSAC_TEST_SITE")) is not None:
    name, _, marked = started.partition(", ")
    site = make_site(SOURCES[name](), marked == "marked")
