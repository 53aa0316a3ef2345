"""A framework's own server in a thread of the test's process, and what its answers say of CORS.

Here: the thread with its event loop, requests written byte by byte, expectations by who asks.
Not here: any framework (`test_aiohttp.py`, `test_sanic.py`, `test_tornado.py`).
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from answers import Answer, Line, answer
from corsac import Policy, Request
from servers import DEADLINE, HOST, Connection, Response

POLICY = Policy(
    allow_origins=["https://example.com"],
    allow_methods=["PUT"],
    expose_headers=["X-Answered-By"],
    allow_credentials=True,
)


async def choose_later(request: Request) -> Policy:
    """The policy, when others had their turn."""
    await asyncio.sleep(0)
    return POLICY


#: In each way in which an adapter comes to a policy.
SOURCES = [
    pytest.param(POLICY, id="a policy"),
    pytest.param(POLICY.replace(name="watched"), id="a watched one"),
    pytest.param(choose_later, id="a coroutine's"),
]
ORIGIN = ("Origin", "https://example.com")
REFUSED = ("Origin", "https://mallory.test")
#: The header lines of a request, and whether the policy allows it.
ASKERS = [([ORIGIN], True), ([REFUSED], False), ([], False)]

ALLOWED = [
    ("Access-Control-Allow-Origin", "https://example.com"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Expose-Headers", "X-Answered-By"),
]
VARY = ("Vary", "Origin")

PUT = ("Access-Control-Request-Method", "PUT")
DELETE = ("Access-Control-Request-Method", "DELETE")
PREFLIGHT_VARY = (
    "Vary",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
)
PREFLIGHT = [
    *ALLOWED[:2],
    ("Access-Control-Allow-Methods", "PUT"),
    ("Access-Control-Max-Age", "600"),
    PREFLIGHT_VARY,
]

#: A handshake of a WebSocket, from an origin that the policy refuses.
HANDSHAKE = [
    REFUSED,
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("Sec-WebSocket-Version", "13"),
]


class Site:
    """A server that listens."""

    def __init__(self, port: int) -> None:
        self.port = port

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        connection = Connection(self.port)
        try:
            yield connection
        finally:
            connection.close()

    def ask(self, method: str, path: str, headers: Iterable[Line] = ()) -> Response:
        """One request on a connection of its own; a name of a host is added where none is."""
        lines = list(headers)
        if all(name != "Host" for name, _ in lines):
            lines.insert(0, ("Host", HOST))
        with self.connect() as connection:
            response = connection.ask(method, path, lines)
        assert response is not None, "there was no answer"
        return response


@contextlib.contextmanager
def serving(server: AbstractAsyncContextManager[int]) -> Iterator[Site]:
    """Serves from a thread; `server` gives its port when it listens, and leaves when it stops."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(step: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(step, loop).result(DEADLINE)

    try:
        port = run(server.__aenter__())
        try:
            yield Site(port)
        finally:
            run(server.__aexit__(None, None, None))
            run(_end_tasks())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(DEADLINE)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _end_tasks() -> None:
    """Ends what a server leaves behind, such as connections that are kept open."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def said(response: Response) -> Answer:
    """The status, and the lines that concern the policy; one that comes twice stays two lines."""
    lines = [
        (name, value)
        for name, value in response.headers
        if name.lower().startswith("access-control-") or name.lower() == "vary"
    ]
    return answer(response.status, lines)


def assert_speaks(
    site: Site,
    method: str,
    path: str,
    status: int,
    headers: Iterable[Line] = (),
    vary: str = "Origin",
) -> None:
    """An allowed origin may read the answer; a refused one and none get `Vary` alone."""
    for asker, is_allowed in ASKERS:
        response = site.ask(method, path, [*asker, *headers])

        cors = ALLOWED if is_allowed else []
        assert answer(status, [*cors, ("Vary", vary)]) == said(response), asker
        if method == "HEAD":
            assert b"" == response.body


def assert_answers_preflights(site: Site, path: str) -> None:
    """Whatever lies there, a preflight gets the policy's answer, and nothing else stands in it."""
    for asked, status, expected in (
        (PUT, 204, PREFLIGHT),
        (DELETE, 403, [PREFLIGHT_VARY]),
    ):
        response = site.ask("OPTIONS", path, [ORIGIN, asked])

        assert answer(status, expected) == said(response)
        assert b"" == response.body
        names = {name.lower() for name, _ in response.headers}
        if status == 204:
            assert set() == names & {"content-length", "content-type"}


def shake_hands(site: Site, path: str) -> bytes:
    """All that comes until the server has said one word over its WebSocket."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in HANDSHAKE)
    with site.connect() as connection:
        connection.send(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{lines}\r\n".encode())
        # RFC 6455, section 5.7: one text frame, its length, its text.
        return connection.receive(b"\x81\x05hello")


def assert_is_bare_handshake(received: bytes) -> None:
    assert received.startswith(b"HTTP/1.1 101 ")
    assert b"\x81\x05hello" in received
    assert b"access-control" not in received.lower()
    assert b"vary" not in received.lower()


def assert_keeps_order(site: Site, path: str, body: bytes) -> None:
    """A preflight with a body, a refused one and two requests, in one go over one connection."""
    host = f"Host: {HOST}\r\nOrigin: https://example.com\r\n"
    asked = "Access-Control-Request-Method: PUT\r\nContent-Length: 5\r\n\r\nhello"
    refused = "Access-Control-Request-Method: DELETE\r\n\r\n"
    sent = [
        f"OPTIONS {path} HTTP/1.1\r\n{host}{asked}",
        f"OPTIONS {path} HTTP/1.1\r\n{host}{refused}",
        f"GET {path} HTTP/1.1\r\n{host}\r\n",
        f"GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n",
    ]
    with site.connect() as connection:
        connection.send("".join(sent).encode())
        received = connection.receive(b"\0never")

    statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert [b"204", b"403", b"200", b"200"] == statuses
    assert 2 == received.count(body)
    assert received.endswith(body)
