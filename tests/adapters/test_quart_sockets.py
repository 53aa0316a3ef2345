"""Handshakes of WebSockets in Quart, where their views have policies of their own.

Here: who connects, over servers with a real client, under marks and sources of every kind.
Not here: the application (`quart_sockets_site.py`), handshakes elsewhere (`test_web_sockets.py`).
Spec: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from corsac import PolicyHandle
from corsac._watch import read_counts
from handshakes import open_socket
from quart_sockets_site import OPEN, SOURCES, STRICT, make_site
from servers import DEADLINE, HOST, Server, missing
from spoken import ORIGIN
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

MALLORY, PUBLIC = "https://mallory.test", "https://public.example"

#: Paths with marks, and whether they are marked so that they refuse; None: as the application does.
MARKED = {
    "/plain": None,
    "/strict": True,
    "/open": False,
    "/off": False,
    "/handle": True,
    "/proxied": True,
    "/blueprint/socket": True,
}
STRICT_SOURCES = ("a strict policy", "a strict map")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((server, source, marked), id=f"{server}, {source}, {marked}")
        for server in ("hypercorn", "uvicorn")
        for source in SOURCES
        for marked in ("marked", "not marked")
    ],
)
def served(request: pytest.FixtureRequest) -> Iterator[tuple[Server, str, bool]]:
    kind, source, marked = request.param
    if reason := missing(kind):
        pytest.fail(reason)
    server = Server(
        kind, "quart_sockets_site:site", CORSAC_TEST_SITE=f"{source}, {marked}"
    )
    yield server, source, marked == "marked"
    server.stop()


def shake_hands(server: Server, path: str, origin: str | None) -> int:
    """The status: 101 where the view said its word."""
    lines = {} if origin is None else {"Origin": origin.format(port=server.port)}
    try:
        with connect(
            f"ws://{HOST}:{server.port}{path}",
            additional_headers=lines,
            proxy=None,
            open_timeout=DEADLINE,
        ) as client:
            assert "hello" == client.recv(DEADLINE)
    except InvalidStatus as refused:
        return refused.response.status_code
    return 101


def test_a_handshake_is_checked_by_the_nearest_policy(
    served: tuple[Server, str, bool],
) -> None:
    """Where that enforces; allowed and own origins pass, and clients without one."""
    server, source, is_marked = served
    own = f"http://{HOST}:{{port}}"
    for path, mark in {**MARKED, "/chosen": None}.items():
        is_strict = mark if is_marked and mark is not None else source in STRICT_SOURCES
        if path == "/chosen" and source == "a strict coroutine":
            is_strict = True
        is_proxied = path == "/proxied" and is_marked
        refused = 403 if is_strict else 101
        assert 101 == shake_hands(server, path, ORIGIN), path
        assert 101 == shake_hands(server, path, None), path
        assert refused == shake_hands(server, path, MALLORY), path
        assert refused == shake_hands(server, path, own.replace("http", "ws")), path
        assert (403 if is_proxied else 101) == shake_hands(server, path, own), path
        expected = 101 if is_proxied else refused
        assert expected == shake_hands(server, path, PUBLIC), path


# In process


def shake_hands_in_process(app: Any, path: str, headers: Any) -> list[str]:
    """The types of what the application sends to a page of a refused origin."""
    return [message["type"] for message in open_socket(app, path, headers)]


LINES = [(b"host", b"x"), (b"origin", MALLORY.encode())]
SAID = ["websocket.accept", "websocket.send", "websocket.close"]


@pytest.mark.parametrize("headers", [list, tuple, iter], ids=lambda kind: kind.__name__)
def test_a_handshake_s_lines_may_be_read_once(headers: Any) -> None:
    """As ASGI says, they are an iterable."""
    app = make_site(OPEN)

    assert SAID == shake_hands_in_process(app, "/open", headers(LINES))
    assert ["websocket.close"] == shake_hands_in_process(app, "/strict", headers(LINES))


def test_a_handle_of_a_socket_begins_to_enforce_while_serving() -> None:
    """And ends."""
    handle = PolicyHandle(OPEN)
    app = make_site(handle)
    seen = []
    for choice in (OPEN, STRICT, None):
        handle.replace(choice)
        seen.append(shake_hands_in_process(app, "/plain", LINES)[0])

    assert ["websocket.accept", "websocket.close", "websocket.accept"] == seen


def test_a_socket_and_a_page_at_one_path_have_their_own_policies() -> None:
    """Routing tells them apart by the scheme."""
    app = make_site(OPEN)

    async def ask() -> int:
        client = app.test_client()
        response = await client.get("/strict", headers={"Origin": MALLORY})
        return response.status_code

    assert ["websocket.close"] == shake_hands_in_process(app, "/strict", LINES)
    assert 200 == asyncio.run(ask())


def test_a_handshake_is_counted_once() -> None:
    """Where its policy has a name and enforces."""
    name = "quart.sockets"
    app = make_site(STRICT.replace(name=name))

    shake_hands_in_process(app, "/plain", LINES)
    shake_hands_in_process(app, "/plain", [LINES[0], (b"origin", ORIGIN.encode())])

    totals = {
        str(outcome): total
        for named, outcome, _, total in read_counts()
        if named == name and total
    }
    assert {"actual_refused": 1, "actual_allowed": 1} == totals
