"""A service under uvicorn, and clients that never stop asking it.

Here: a Starlette application behind a handle that is kept current in its lifespan, on a socket.
Not here: where policies come from, what goes wrong there (`test_database.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from corsac import PolicyHandle
from corsac.adapters.asgi import CORSMiddleware
from corsac.live import Reloader, reload
from hearing import DEADLINE, wait_until
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

CLIENTS = 2


class Service:
    """`answers`: by origin, what answers allowed it, each with how often. `errors`: what clients
    met instead of an answer."""

    reloader: Reloader

    def __init__(self, handle: PolicyHandle, load: Callable[[], Any], **options: Any):
        @asynccontextmanager
        async def lifespan(app):
            with reload(handle, load, **options) as self.reloader:
                yield

        async def answer(request):
            return PlainTextResponse("served")

        app = Starlette(routes=[Route("/", answer)], lifespan=lifespan)
        config = uvicorn.Config(
            CORSMiddleware(app, handle), lifespan="on", log_level="warning", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._is_over = False
        self._lock = threading.Lock()
        self.answers: dict[tuple[str, str | None], int] = {}
        self.errors: list[str] = []
        serve = threading.Thread(target=self._server.run, args=([self._socket],))
        self._threads = [serve]

    def ask_for_ever(self, *origins: str) -> None:
        """Ask with these origins in turn until the service ends."""
        connection = http.client.HTTPConnection(
            *self._socket.getsockname(), timeout=DEADLINE
        )
        while not self._is_over:
            for origin in origins:
                try:
                    connection.request("GET", "/", headers={"Origin": origin})
                    response = connection.getresponse()
                    body = response.read()
                except OSError as error:
                    self.errors.append(repr(error))
                    return
                if (response.status, body) != (200, b"served"):
                    self.errors.append(f"{response.status} {body!r}")
                allowed = response.getheader("Access-Control-Allow-Origin")
                with self._lock:
                    key = (origin, allowed)
                    self.answers[key] = self.answers.get(key, 0) + 1
        connection.close()

    def wait_for_answers(self, origin: str, allowed: str | None, more: int) -> None:
        """Return when so many more answers have said this of an origin."""
        before = self.answers.get((origin, allowed), 0)
        wait_until(lambda: self.answers.get((origin, allowed), 0) >= before + more)

    def start(self, *origins: str) -> None:
        self._threads += [
            threading.Thread(target=self.ask_for_ever, args=origins)
            for _ in range(CLIENTS)
        ]
        self._threads[0].start()
        wait_until(lambda: self._server.started)
        for thread in self._threads[1:]:
            thread.start()

    def stop(self) -> None:
        self._is_over = True
        for thread in self._threads[1:]:
            thread.join(DEADLINE)
        self._server.should_exit = True
        self._threads[0].join(DEADLINE)
        self._socket.close()
