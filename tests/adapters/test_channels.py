"""Asks consumers of Django Channels behind the validator, on Daphne and beside Channels' own.

Here: what only Channels has: its server, its router, its validator that this one stands in for.
Not here: handshakes on other servers (`test_web_sockets.py`).
Spec: https://channels.readthedocs.io/en/stable/topics/security.html
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import servers
from channels.security.websocket import OriginValidator as OwnValidator
from channels.testing import WebsocketCommunicator
from channels_site import POLICY, rooms
from corsac import Policy, PolicyError, PolicyHandle
from corsac._watch import read_counts
from corsac.adapters.channels import OriginValidator
from servers import DEADLINE, HOST, Kind, Server
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect


def daphne(target: str, port: int) -> list[str]:
    return ["-m", "daphne", "-b", HOST, "-p", str(port), target]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(servers.KINDS, "daphne", Kind("daphne", "asgi", daphne))
        running = Server("daphne", "channels_site:application")
    yield running
    running.stop()


def shake_hands(server: Server, path: str, headers: dict[str, str]) -> Any:
    """What the consumer says, or the status."""
    with socket.create_connection((HOST, server.port), DEADLINE) as connected:
        try:
            client = connect(
                f"ws://chat.test:{server.port}{path}",
                sock=connected,
                additional_headers=headers,
                proxy=None,
                open_timeout=DEADLINE,
            )
        except InvalidStatus as refused:
            return refused.response.status_code
        with client:
            return json.loads(client.recv(DEADLINE))


@pytest.mark.parametrize(
    ("path", "origin", "connects"),
    [
        ("/allowed", "https://example.com", True),
        ("/subdomain", "https://a.example.org", True),
        ("/refused", "https://mallory.test", False),
        ("/apex", "https://example.org", False),
        ("/own", "http://chat.test:{port}", True),
        ("/encrypted", "https://chat.test:{port}", False),
        ("/null", "null", False),
        ("/without", None, True),
        ("/proxied", "https://public.example", True),
        ("/proxied", "http://chat.test:{port}", False),
        ("/none", "https://example.com", False),
        ("/none", "http://chat.test:{port}", True),
    ],
)
def test_daphne_s_handshakes_are_checked(
    server: Server, path: str, origin: str | None, connects: bool
) -> None:
    """Whoever is refused gets 403, and no consumer runs; Daphne says no scheme of a WebSocket."""
    before = server.ask("GET", "/ran")
    headers = {} if origin is None else {"Origin": origin.format(port=server.port)}

    said = shake_hands(server, path, {**headers, "Cookie": "a=b"})

    expected = {"room": path[1:], "cookies": {"a": "b"}}
    assert (expected if connects else 403) == said
    after = server.ask("GET", "/ran")
    assert before is not None and after is not None
    ran = len(after.body.split()) - len(before.body.split())
    assert int(connects) == ran


def connects(app: Any, headers: list[tuple[bytes, bytes]], path: str = "/a") -> bool:
    async def ask() -> bool:
        communicator = WebsocketCommunicator(app, path, [(b"host", b"x"), *headers])
        connected, _ = await communicator.connect(timeout=DEADLINE)
        await communicator.disconnect(timeout=DEADLINE)
        return bool(connected)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "origin",
    [
        b"https://example.com",
        b"https://a.example.org",
        b"https://mallory.test",
        b"http://example.com",
        b"https://example.com:8443",
        b"null",
        b"",
    ],
)
def test_it_decides_as_the_validator_of_channels(origin: bytes) -> None:
    """What that one writes as a leading dot is a wildcard here."""
    theirs = OwnValidator(rooms, ["https://example.com", "https://.example.org"])
    ours = OriginValidator(rooms, POLICY)
    headers = [(b"origin", origin)]

    assert connects(theirs, headers) == connects(ours, headers)


def test_it_differs_from_it_where_no_page_asks() -> None:
    """No browser leaves the origin out; the server's own page need not be listed."""
    theirs = OwnValidator(rooms, ["https://example.com"])
    ours = OriginValidator(rooms, POLICY)

    for headers in ([], [(b"origin", b"http://x")]):
        assert not connects(theirs, headers)
        assert connects(ours, headers)


def test_anything_else_than_a_web_socket_is_a_mistake() -> None:
    """Channels' own says so too, and what to do about it."""
    validator = OriginValidator(rooms, POLICY)

    async def nothing(*_: Any) -> None: ...

    with pytest.raises(ValueError, match='under "websocket" in a ProtocolTypeRouter'):
        asyncio.run(validator({"type": "http"}, nothing, nothing))


def test_a_policy_can_be_replaced_and_waited_for() -> None:
    """A handle is read for each handshake, and a coroutine awaited."""
    handle = PolicyHandle(POLICY)
    headers = [(b"origin", b"https://other.example")]

    async def choose(request: Any) -> PolicyHandle:
        assert "/a" == request.path == request.native["path"]
        return handle

    for validator in (OriginValidator(rooms, handle), OriginValidator(rooms, choose)):
        handle.replace(POLICY)
        assert not connects(validator, headers)
        handle.replace(Policy(allow_origins=["https://other.example"]))
        assert connects(validator, headers)


def test_a_handshake_is_counted_once() -> None:
    """An own page's as none across origins, though the policy does not say `enforce`."""
    validator = OriginValidator(rooms, POLICY.replace(name="chat"))
    for origin in (b"https://example.com", b"https://mallory.test", b"http://x"):
        connects(validator, [(b"origin", origin)])

    totals = {o.value: n for name, o, _, n in read_counts() if name == "chat" and n}
    assert {"actual_allowed": 1, "actual_refused": 1, "no_origin": 1} == totals


def test_it_takes_a_policy_or_its_keywords() -> None:
    """Both at once have no meaning, and keywords with problems make none."""
    assert connects(OriginValidator(rooms, allow_origins=["https://example.com"]), [])
    with pytest.raises(TypeError):
        OriginValidator(rooms, POLICY, allow_origins=["https://example.com"])
    with pytest.raises(PolicyError):
        OriginValidator(rooms, allow_origins=["example.com"])
