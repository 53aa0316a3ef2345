"""The pages in Falcon, once over WSGI and once over ASGI.

Here: the two applications, and the way to put a policy on them.
Not here: what the pages say (`pages.py`).
Spec: https://falcon.readthedocs.io/
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import falcon
import falcon.asgi
from corsac.adapters import asgi, wsgi
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of


def with_lines(resp: Any, index: str) -> None:
    """Falcon joins the lines of one name; it keeps cookies apart by another way."""
    for name, value in lines_of(int(index)):
        if name.lower() == "set-cookie":
            cookie, _, text = value.partition("=")
            resp.set_cookie(cookie, text, secure=False, http_only=False)
        elif name.lower() == "content-type":
            resp.content_type = value
        else:
            resp.append_header(name, value)


class Refusing:
    """Middleware that authenticates."""

    def process_request(self, req: Any, resp: Any) -> None:
        if req.path == "/private":
            raise falcon.HTTPUnauthorized

    async def process_request_async(self, req: Any, resp: Any) -> None:
        self.process_request(req, resp)


# A sink takes every method, which a resource does not.
def row(req: Any, resp: Any, index: str) -> None:
    resp.data = BODY
    with_lines(resp, index)


class Stream:
    def on_get(self, req: Any, resp: Any, index: str) -> None:
        resp.stream = iter(CHUNKS)
        with_lines(resp, index)


class Moved:
    def on_get(self, req: Any, resp: Any, index: str) -> None:
        resp.status = falcon.HTTP_FOUND
        resp.location = ELSEWHERE
        with_lines(resp, index)

    on_post = on_get


class Put:
    def on_put(self, req: Any, resp: Any) -> None:
        resp.data = BODY


class Failing:
    def on_get(self, req: Any, resp: Any) -> None:
        fail()

    on_post = on_get


async def row_async(req: Any, resp: Any, index: str) -> None:
    row(req, resp, index)


async def chunks() -> AsyncIterator[bytes]:
    for chunk in CHUNKS:
        yield chunk


class AsyncStream:
    async def on_get(self, req: Any, resp: Any, index: str) -> None:
        resp.stream = chunks()
        with_lines(resp, index)


class AsyncMoved:
    async def on_get(self, req: Any, resp: Any, index: str) -> None:
        Moved().on_get(req, resp, index)

    on_post = on_get


class AsyncPut:
    async def on_put(self, req: Any, resp: Any) -> None:
        resp.data = BODY


class AsyncFailing:
    async def on_get(self, req: Any, resp: Any) -> None:
        fail()

    on_post = on_get


def build() -> falcon.App:
    app = falcon.App(middleware=[Refusing()])
    app.add_sink(row, r"/row/(?P<index>\d+)")
    app.add_route("/stream/{index}", Stream())
    app.add_route("/moved/{index}", Moved())
    app.add_route("/put", Put())
    app.add_route("/error", Failing())
    return app


def build_async() -> falcon.asgi.App:
    app = falcon.asgi.App(middleware=[Refusing()])
    app.add_sink(row_async, r"/row/(?P<index>\d+)")
    app.add_route("/stream/{index}", AsyncStream())
    app.add_route("/moved/{index}", AsyncMoved())
    app.add_route("/put", AsyncPut())
    app.add_route("/error", AsyncFailing())
    return app


def wrap(policy: Any) -> Any:
    return wsgi.CORSMiddleware(build(), policy)


def wrap_async(policy: Any) -> Any:
    return asgi.CORSMiddleware(build_async(), policy)


WAYS = {"wsgi": {"wrap": wrap}, "asgi": {"wrap": wrap_async}}
