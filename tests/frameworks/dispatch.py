"""Serves one framework's applications, one for each way and policy, chosen by the path.

Here: `asgi` and `wsgi`, which servers import; `/<way>/<policy>/...` is `/...` of the application.
Not here: what the pages say (`pages.py`), how an application is made (`sites/`).
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PLACES = [HERE, HERE.parent, HERE.parent / "adapters"]
sys.path += [str(place) for place in PLACES if str(place) not in sys.path]

from choosing import build
from pages import POLICIES

#: The framework that is served, and what the process was started with, so that a test knows its own.
SITE = importlib.import_module(f"sites.{os.environ['CORSAC_TEST_SITE']}")
TOKEN = os.environ.get("CORSAC_TEST_TOKEN", "").encode()


def make_by_path(protocol: str, way: str, policy: str) -> Any:
    """The framework's application with this policy put on it in this way."""
    return SITE.WAYS[protocol][way](build(POLICIES[int(policy)]["policy"]))


class ASGIDispatch:
    """Starts an application when it is first asked."""

    def __init__(self) -> None:
        self.applications: dict[tuple[str, str], Any] = {}
        self.lifespans: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
        elif scope["path"] == "/token":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": TOKEN})
        else:
            _, way, policy, rest = scope["path"].split("/", 3)
            application = await self.started(way, policy)
            # Its segments as they came: those before it are the same, decoded or not.
            raw_path = b"/" + scope["raw_path"].split(b"/", 3)[3]
            await application(
                {**scope, "path": f"/{rest}", "raw_path": raw_path}, receive, send
            )

    async def lifespan(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def started(self, way: str, policy: str) -> Any:
        if (way, policy) not in self.applications:
            application = make_by_path("asgi", way, policy)
            await self.start(application)
            self.applications[way, policy] = application
        return self.applications[way, policy]

    async def start(self, application: Any) -> None:
        """The beginning of its lifespan, which ends with this process."""
        complete = asyncio.Event()
        messages = [{"type": "lifespan.startup"}]

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            complete.set()

        async def live() -> None:
            scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
            try:
                await application(scope, receive, send)
            finally:
                complete.set()

        task = asyncio.create_task(live())
        self.lifespans.add(task)
        await complete.wait()


class WSGIDispatch:
    """Makes an application when it is first asked."""

    def __init__(self) -> None:
        self.applications: dict[tuple[str, str], Any] = {}

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/token":
            start_response("200 OK", [("Content-Length", str(len(TOKEN)))])
            return [TOKEN]
        _, way, policy, rest = environ["PATH_INFO"].split("/", 3)
        if (way, policy) not in self.applications:
            self.applications[way, policy] = make_by_path("wsgi", way, policy)
        environ["PATH_INFO"] = f"/{rest}"
        return self.applications[way, policy](environ, start_response)


asgi = ASGIDispatch()
wsgi = WSGIDispatch()
