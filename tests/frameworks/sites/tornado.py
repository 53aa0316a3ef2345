"""The pages in Tornado.

Here: the application, the way to put a policy on it, and its own server.
Not here: what the pages say (`pages.py`).
Spec: https://www.tornadoweb.org/en/stable/web.html
"""

from __future__ import annotations

import socket
from typing import Any

from corsac.adapters.tornado import install
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler


class Page(RequestHandler):
    """Sets the lines of a row."""

    def set_lines(self, index: str) -> None:
        for name, value in lines_of(int(index)):
            if name.lower() == "content-type":
                self.set_header(name, value)
            else:
                self.add_header(name, value)


class Row(Page):
    SUPPORTED_METHODS = (*RequestHandler.SUPPORTED_METHODS, "PROPFIND")

    def get(self, index: str) -> None:
        self.set_lines(index)
        self.write(BODY)

    head = post = put = delete = options = propfind = get


class Stream(Page):
    async def get(self, index: str) -> None:
        self.set_lines(index)
        for chunk in CHUNKS:
            self.write(chunk)
            await self.flush()


class Moved(Page):
    def get(self, index: str) -> None:
        self.set_lines(index)
        self.redirect(ELSEWHERE, status=302)

    post = get


class Put(Page):
    def put(self) -> None:
        self.write(BODY)


class Private(Page):
    def prepare(self) -> None:
        raise HTTPError(401)


class Failing(Page):
    def get(self) -> None:
        fail()

    post = get


def build() -> Application:
    return Application(
        [
            (r"/row/(\d+)", Row),
            (r"/stream/(\d+)", Stream),
            (r"/moved/(\d+)", Moved),
            (r"/put", Put),
            (r"/private", Private),
            (r"/error", Failing),
        ]
    )


def installed(policy: Any) -> Application:
    return install(build(), policy)


WAYS = {"own": {"install": installed}}


async def serve(app: Any, listening: socket.socket) -> object:
    """Serves as `app.listen` does."""
    server = HTTPServer(app)
    listening.setblocking(False)
    server.add_sockets([listening])
    return server
