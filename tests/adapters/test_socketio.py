"""Asks servers of Socket.IO, with its own clients and request by request.

Here: who connects over which transport, that nobody but the policy speaks, and what `install` says
of servers that it is not for. Not here: handshakes one by one (`test_web_sockets.py`).
Spec: https://python-socketio.readthedocs.io/en/stable/server.html#cross-origin-controls
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import aiohttp.web
import engineio
import pytest
import sanic_site
import socketio
import tornado.web
from answers import answer
from corsac import Policy, PolicyMap
from corsac._watch import read_counts
from corsac.adapters import sanic as sanic_adapter
from corsac.adapters import tornado as tornado_adapter
from corsac.adapters.socketio import install
from guarded_sites import (
    KINDS,
)
from own_servers import (
    ALLOWED,
    ORIGIN,
    POLICY,
    PREFLIGHT,
    PREFLIGHT_VARY,
    PUT,
    REFUSED,
    VARY,
    Site,
    said,
    serving,
)
from protocols import WSGIServer, environ
from running import on_aiohttp, on_tornado, on_uvicorn
from servers import DEADLINE, HOST

POLLING = "/socket.io/?EIO=4&transport=polling"
OWN = Policy(allow_origins=["https://example.com"], own_origins=["https://own.test"])
#: What a server is made with that leaves all to its application's policy.
OUTSIDE = {"cors_allowed_origins": "*", "ping_interval": 1, "ping_timeout": 3}
INSTALLED = ["Socket.IO over ASGI", "Socket.IO in aiohttp", "Socket.IO over WSGI"]


def in_tornado(source: Any) -> tornado.web.Application:
    server = socketio.AsyncServer(async_mode="tornado", **OUTSIDE)
    server.on("echo", lambda sid, said: said)
    handler = socketio.get_tornado_handler(server)
    app = tornado.web.Application([("/socket.io/", handler)])
    return tornado_adapter.install(app, source.replace(enforce=True))


def in_sanic(source: Any) -> Any:
    server = socketio.AsyncServer(async_mode="sanic", **OUTSIDE)
    server.on("echo", lambda sid, said: said)
    app = sanic_site.build_bare()
    server.attach(app)
    return sanic_adapter.install(app, source.replace(enforce=True))


@contextlib.contextmanager
def under(name: str, source: Any) -> Iterator[Site]:
    if name == "Tornado":
        server = on_tornado(in_tornado(source))
    elif name == "Sanic":
        server = sanic_site.server(in_sanic(source))
    else:
        server = KINDS[name].serve(KINDS[name].make(source))
    with serving(server) as site:
        yield site


@pytest.fixture(scope="module", params=[*INSTALLED, "Tornado", "Sanic"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with under(request.param, OWN) as site:
        yield site


def talk(site: Site, transports: list[str], headers: dict[str, str]) -> tuple[str, str]:
    """The transport in the end, and what came back."""
    # One of its own stands beside the test's otherwise.
    options = {"suppress_origin": True}
    client = socketio.Client(reconnection=False, websocket_extra_options=options)
    address = f"http://{HOST}:{site.port}"
    client.connect(address, headers, transports=transports, wait_timeout=DEADLINE)
    try:
        said = client.call("echo", "word", timeout=DEADLINE)
        return client.transport(), said
    finally:
        client.disconnect()


TRANSPORTS = [["polling"], ["websocket"], ["polling", "websocket"]]


@pytest.mark.parametrize("transports", TRANSPORTS, ids="-".join)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://example.com"}, id="allowed"),
        pytest.param({"Origin": "https://own.test"}, id="own"),
        pytest.param({}, id="no origin"),
    ],
)
def test_a_client_talks(site: Site, transports: list[str], headers: Any) -> None:
    """Over either transport, and over both, one after the other."""
    assert (transports[-1], "word") == talk(site, transports, headers)


@pytest.mark.parametrize("transports", TRANSPORTS, ids="-".join)
def test_a_refused_client_never_connects(site: Site, transports: list[str]) -> None:
    """Over neither transport."""
    with pytest.raises(socketio.exceptions.ConnectionError):
        talk(site, transports, {"Origin": "https://mallory.test"})


# Request by request


@pytest.fixture(scope="module", params=INSTALLED)
def speaking(request: pytest.FixtureRequest) -> Iterator[Site]:
    with under(request.param, POLICY) as site:
        yield site


def test_nobody_but_the_policy_speaks(speaking: Site) -> None:
    """Engine.IO has CORS headers of its own, without `Vary`, and refuses with another status."""
    for headers, status, expected in (
        ([ORIGIN], 200, [*ALLOWED, VARY]),
        ([], 200, [VARY]),
        ([REFUSED], 403, [VARY]),
        ([("Origin", "null")], 403, [VARY]),
        ([("Origin", f"http://{HOST}")], 200, [VARY]),
    ):
        response = speaking.ask("GET", POLLING, headers)

        assert answer(status, expected) == said(response), headers
        assert (status == 200) == response.body.startswith(b"0{")


def test_preflights_are_answered_by_the_policy(speaking: Site) -> None:
    """Engine.IO would allow what it is asked for."""
    for asked, status, expected in (
        (PUT, 204, PREFLIGHT),
        (("Access-Control-Request-Method", "PATCH"), 403, [PREFLIGHT_VARY]),
    ):
        response = speaking.ask("OPTIONS", POLLING, [ORIGIN, asked])

        assert answer(status, expected) == said(response)
        assert b"" == response.body


def test_the_rest_of_engine_io_answers_as_before(speaking: Site) -> None:
    """A request that it does not understand, and one of a session that is none."""
    for method, path in (
        ("GET", "/socket.io/?transport=polling"),
        ("POST", f"{POLLING}&sid=none"),
        ("GET", "/socket.io/?EIO=4&transport=pigeon"),
    ):
        response = speaking.ask(method, path, [ORIGIN])
        assert answer(400, [*ALLOWED, VARY]) == said(response)


@pytest.mark.parametrize("name", INSTALLED)
def test_without_a_policy_only_own_pages_pass(name: str) -> None:
    """As Engine.IO has it where nothing is configured."""
    source = PolicyMap({"/elsewhere": POLICY})
    with under(name, source) as site:
        for headers, status in (
            ([("Origin", f"http://{HOST}")], 200),
            ([], 200),
            ([ORIGIN], 403),
            ([ORIGIN, PUT], 403),
        ):
            response = site.ask("GET", POLLING, headers)
            assert status == response.status
            names = {name.lower() for name, _ in response.headers}
            assert "access-control-allow-credentials" not in names


@pytest.mark.parametrize("name", INSTALLED)
def test_a_request_is_counted_once(name: str) -> None:
    """And an own page's is no refused one, though the policy does not say `enforce`."""
    named = POLICY.replace(name=f"engine-{INSTALLED.index(name)}")
    with under(name, named) as site:
        for headers in ([ORIGIN], [REFUSED], [("Origin", f"http://{HOST}")]):
            site.ask("GET", POLLING, headers)

    totals = {
        outcome.value: total
        for counted, outcome, _, total in read_counts()
        if counted == named.name and total
    }
    assert {"actual_allowed": 1, "actual_refused": 1, "no_origin": 1} == totals


@pytest.mark.parametrize("name", INSTALLED[:2])
def test_an_asynchronous_server_waits_for_a_policy(name: str) -> None:
    """The other kind cannot, and says so."""

    async def choose(request: Any) -> Policy:
        return POLICY

    with under(name, choose) as site:
        assert 200 == site.ask("GET", POLLING, [ORIGIN]).status
        assert 403 == site.ask("GET", POLLING, [REFUSED]).status


def test_what_was_attached_before_is_closed_and_not_open() -> None:
    """Engine.IO then gets requests that were not decided; it refuses all with an origin."""
    app = aiohttp.web.Application()
    server = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")
    server.attach(app, "before")
    install(server, POLICY)
    server.attach(app)
    before = POLLING.replace("socket.io", "before")

    with serving(on_aiohttp(app)) as site:
        assert 400 == site.ask("GET", before, [ORIGIN]).status
        assert 200 == site.ask("GET", before).status
        with site.connect() as connection:
            # What one request was allowed says nothing for the next one.
            for path, status in ((POLLING, 200), (before, 400)):
                response = connection.ask("GET", path, [("Host", HOST), ORIGIN])
                assert response is not None
                assert status == response.status


def test_what_a_thread_was_allowed_says_nothing_for_its_next_request() -> None:
    """Threads of a pool serve one request after the other."""
    server = socketio.Server(async_mode="threading")
    past = server.eio.handle_request
    install(server, POLICY)
    called = WSGIServer()
    asked = {**environ(), "QUERY_STRING": "EIO=4&transport=polling"}

    for handle_request, status in ((server.handle_request, "200"), (past, "400")):
        list(handle_request(asked, called.start_response))
        assert called.started[-1][0].startswith(status)


def test_a_server_of_engine_io_is_one_too() -> None:
    """Socket.IO is made of it."""
    server = install(engineio.AsyncServer(async_mode="asgi"), POLICY)
    app = engineio.ASGIApp(server, engineio_path="socket.io")

    with serving(on_uvicorn(app)) as site:
        allowed = site.ask("GET", POLLING, [ORIGIN])
        assert answer(200, [*ALLOWED, VARY]) == said(allowed)
        assert 403 == site.ask("GET", POLLING, [REFUSED]).status


@pytest.mark.parametrize("mode", ["sanic", "tornado"])
def test_a_server_in_another_framework_is_told_what_to_write(mode: str) -> None:
    """Its handshakes have been accepted before it sees them, or it is not asked at all."""
    server = socketio.AsyncServer(async_mode=mode)

    with pytest.raises(TypeError, match=rf"corsac\.adapters\.{mode}\.install"):
        install(server, POLICY)

    assert None is server.eio.cors_allowed_origins


def test_install_takes_a_policy_or_its_keywords() -> None:
    """Both at once have no meaning."""
    server = socketio.AsyncServer(async_mode="asgi")

    assert server is install(server, allow_origins=["https://example.com"])
    with pytest.raises(TypeError):
        install(server, POLICY, allow_origins=["https://example.com"])
