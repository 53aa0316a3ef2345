"""A raw ASGI application, which answers its own errors.

Here: the pages. Not here: a framework.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from typing import Any

from corsac.adapters.asgi import CORSMiddleware
from pages import BODY, CHUNKS, ELSEWHERE, ProblemError, fail, lines_of


class Site:
    """Its pages by their first segments."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
            return
        try:
            await self.answer(scope, send)
        except ProblemError:
            await self.start(send, 500)
            await self.end(send, b"failed")

    async def lifespan(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def answer(self, scope: Any, send: Any) -> None:
        _, name, *index = scope["path"].split("/")
        lines = lines_of(int(index[0])) if index and index[0].isdecimal() else []
        if name == "row":
            await self.start(send, 200, lines)
            await self.end(send, BODY)
        elif name == "stream":
            await self.start(send, 200, lines)
            for chunk in CHUNKS:
                message = {"type": "http.response.body", "body": chunk}
                await send({**message, "more_body": True})
            await self.end(send, b"")
        elif name == "moved":
            await self.start(send, 302, [*lines, ("Location", ELSEWHERE)])
            await self.end(send, b"")
        elif name == "error":
            fail()
        else:
            await self.start(send, {"put": 405, "private": 401}.get(name, 404))
            await self.end(send, b"refused")

    async def start(self, send: Any, status: int, lines: Any = ()) -> None:
        headers = [(name.lower().encode(), value.encode()) for name, value in lines]
        message = {"type": "http.response.start", "status": status, "headers": headers}
        await send(message)

    async def end(self, send: Any, body: bytes) -> None:
        await send({"type": "http.response.body", "body": body})


def wrap(policy: Any) -> Any:
    return CORSMiddleware(Site(), policy)


WAYS = {"asgi": {"wrap": wrap}}
