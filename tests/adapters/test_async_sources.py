"""Sources of policies in frameworks that can wait, over their own servers.

Here: which policy speaks, what a callable is shown, what it may do wrong, what is counted, and what
enforcement keeps from the application, for each framework from one list.
Not here: rows of sources for all adapters (`frameworks/`), handshakes (`test_web_sockets.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from corsac import Policy, PolicyHandle, PolicyMap, Request
from corsac._watch import Refused, set_refused_hook
from guarded_sites import KINDS, OF_PAGES, PAGES, RAN, WORD
from own_servers import Site, serving
from servers import HOST, Response
from spoken import FROM, ORIGIN, REFUSED, counts, policy, preflight, speaker

A, B, C = policy("A"), policy("B"), policy("C")
HOSTED = ("Host", "api.example.com:8000")


@pytest.fixture(params=OF_PAGES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextlib.contextmanager
def under(kind: str, source: Any) -> Iterator[Site]:
    RAN.clear()
    with serving(KINDS[kind].serve(KINDS[kind].make(source))) as site:
        yield site


def ask(site: Site, method: str, path: str, headers: dict[str, str]) -> Response:
    return site.ask(method, path, [HOSTED, *headers.items()])


def spoken(response: Response) -> tuple[int, str | None]:
    return response.status, speaker(response.headers)


def later(choice: Any) -> Any:
    """A callable that waits, and gives this."""

    async def choose(request: Request) -> Any:
        await asyncio.sleep(0.01)
        return choice

    return choose


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda source: source, id="itself"),
        pytest.param(PolicyHandle, id="in a handle"),
        pytest.param(lambda source: lambda request: source, id="out of a function"),
        pytest.param(later, id="out of a coroutine"),
    ],
)
def test_the_policy_of_a_route_speaks(kind: str, wrap: Any) -> None:
    """Of the decoded path, for preflights of the path that they ask for; elsewhere nobody does."""
    routes = {
        PAGES: A,
        f"{PAGES}/b c": B,
        f"{PAGES}/none": None,
        "api.example.com/c": C,
    }

    with under(kind, wrap(PolicyMap(routes))) as site:
        for path, name in (
            (PAGES, "A"),
            (f"{PAGES}/x", "A"),
            (f"{PAGES}/%62%20c", "B"),
            (f"{PAGES}/b%20c/deeper", "B"),
        ):
            assert (200, name) == spoken(ask(site, "GET", path, FROM)), path
            assert (204, name) == spoken(ask(site, "OPTIONS", path, preflight("PUT")))
            assert (200, "") == spoken(ask(site, "GET", path, REFUSED))
        assert (404, "C") == spoken(ask(site, "GET", "/c/d", FROM))
        for path, status in ((f"{PAGES}/none", 200), ("/elsewhere", 404)):
            assert (status, None) == spoken(ask(site, "GET", path, FROM))
            asked = ask(site, "OPTIONS", path, preflight("PUT"))
            assert asked.status in (404, 405)
            assert None is speaker(asked.headers)


def test_a_replaced_policy_speaks_from_the_next_request_on(kind: str) -> None:
    """On a connection that was there before, too."""
    handle = PolicyHandle(A)

    with under(kind, handle) as site, site.connect() as connection:
        lines = [HOSTED, *FROM.items()]
        before = connection.ask("GET", PAGES, lines)
        handle.replace(B)
        after = connection.ask("GET", PAGES, lines)

    assert before is not None and after is not None
    assert [(200, "A"), (200, "B")] == [spoken(before), spoken(after)]


@pytest.mark.parametrize("waits", [False, True])
def test_a_callable_is_shown_the_request(kind: str, waits: bool) -> None:
    """As the framework sees it, and each request once."""
    shown: list[Request] = []

    def choose(request: Request) -> Policy:
        shown.append(request)
        return A

    async def choose_later(request: Request) -> Policy:
        await asyncio.sleep(0.01)
        return choose(request)

    path = f"{PAGES}/%C3%BC"
    with under(kind, choose_later if waits else choose) as site:
        sent = {**FROM, "X-Tenant": "first"}
        assert (200, "A") == spoken(ask(site, "PUT", path, sent))
        assert (204, "A") == spoken(ask(site, "OPTIONS", path, preflight("PUT")))

    assert [False, True] == [request.is_preflight for request in shown]
    for request in shown:
        assert "PUT" == request.method
        assert "http" == request.scheme
        assert "api.example.com:8000" == request.host
        assert f"{PAGES}/ü" == request.path
        assert ORIGIN == request.origin
    assert "first" == shown[0].headers["x-tenant"]
    natives = {
        "aiohttp": "aiohttp.web_request",
        "Sanic": "corsac.adapters.sanic",
        "Tornado": "tornado.httputil",
        "Starlette": "builtins",
    }
    assert natives[kind.partition(" ")[0]] == type(shown[0].native).__module__


def test_a_body_waits_for_the_policy(kind: str) -> None:
    """It reaches the application whole, though it came while the policy was looked for."""
    with under(kind, later(A)) as site, site.connect() as connection:
        body = b"x" * 100_000
        head = f"POST {PAGES} HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {ORIGIN}\r\n"
        length = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.send(f"{head}{length}".encode() + body)
        received = connection.receive(b"\0never")

    assert received.startswith(b"HTTP/1.1 200")
    assert b"x-a" in received.lower()
    assert received.count(b"x") >= len(body)


def fail(request: Request) -> Policy:
    raise LookupError("raised on purpose")


async def fail_later(request: Request) -> Policy:
    await asyncio.sleep(0)
    raise LookupError("raised on purpose")


@pytest.mark.parametrize(
    "source", [fail, fail_later, lambda request: "a str"], ids=["at once", "later", "wrong"]
)  # fmt: skip
def test_a_callable_that_fails_is_an_error_of_the_server(
    kind: str, source: Any
) -> None:
    """The application does not run, nothing speaks, and the server goes on."""
    logging.disable()
    try:
        with under(kind, source) as site:
            for method, headers in (("GET", FROM), ("OPTIONS", preflight("PUT"))):
                assert (500, None) == spoken(ask(site, method, PAGES, headers))
    finally:
        logging.disable(logging.NOTSET)

    assert [] == RAN


# Enforcement

ENFORCED = A.replace(enforce=True)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(ENFORCED, id="a policy"),
        pytest.param(PolicyMap({PAGES: ENFORCED}), id="a map"),
        pytest.param(later(ENFORCED), id="a coroutine"),
    ],
)
def test_enforcement_keeps_refused_origins_from_the_application(
    kind: str, source: Any
) -> None:
    """Whatever the method, and whoever would have answered; own pages and other clients pass."""
    own = {"Origin": "http://api.example.com:8000"}
    with under(kind, source) as site:
        for method in ("GET", "POST", "PUT", "DELETE", "PROPFIND"):
            response = ask(site, method, PAGES, REFUSED)
            assert (403, "", b"") == (*spoken(response), response.body), method
        response = ask(site, "HEAD", f"{PAGES}/x", {"Origin": "null"})
        assert (403, "") == spoken(response)
        assert [] == RAN
        for headers in (FROM, own, {}):
            response = ask(site, "GET", PAGES, headers)
            assert (200, WORD.encode()) == (response.status, response.body)

    assert [PAGES] * 3 == RAN


def test_a_refused_body_is_read_away(kind: str) -> None:
    """The connection serves the next request."""
    with under(kind, ENFORCED) as site, site.connect() as connection:
        head = (
            f"POST {PAGES} HTTP/1.1\r\nHost: {HOST}\r\nOrigin: https://mallory.test\r\n"
        )
        connection.send(f"{head}Content-Length: 5\r\n\r\nhello".encode())
        received = connection.receive(b"\r\n\r\n")
        if b"chunked" in received and not received.endswith(b"\r\n0\r\n\r\n"):
            connection.receive(b"0\r\n\r\n")
        after = connection.ask("GET", PAGES, [HOSTED, *FROM.items()])

    assert received.startswith(b"HTTP/1.1 403")
    assert after is not None
    assert (200, "A") == spoken(after)
    assert [PAGES] == RAN


# Watching


@pytest.mark.parametrize("is_chosen", [False, True])
@pytest.mark.parametrize("enforce", [False, True])
def test_each_request_is_counted_once(
    kind: str, is_chosen: bool, enforce: bool, request: pytest.FixtureRequest
) -> None:
    """Whoever answers it."""
    name = f"{kind.replace(' ', '.')}.{is_chosen}.{enforce}"
    named = A.replace(name=name, enforce=enforce)

    with under(kind, later(named) if is_chosen else named) as site:
        for method, path, headers in (
            ("GET", PAGES, FROM),
            ("POST", PAGES, FROM),
            ("GET", "/elsewhere", FROM),
            ("GET", PAGES, REFUSED),
            ("GET", PAGES, {}),
            ("OPTIONS", PAGES, preflight("PUT")),
            ("OPTIONS", "/elsewhere", preflight("PATCH")),
            ("OPTIONS", PAGES, {**preflight("PUT"), **REFUSED}),
        ):
            ask(site, method, path, headers)

    assert {
        "no_origin": 1,
        "actual_allowed": 3,
        "actual_refused origin": 1,
        "preflight_allowed": 1,
        "preflight_refused method": 1,
        "preflight_refused origin": 1,
    } == counts(name)


def test_who_listens_is_told_of_the_request(kind: str) -> None:
    """Of a refused one, with what the framework has."""
    heard: list[Refused] = []
    set_refused_hook(heard.append)
    try:
        with under(kind, A.replace(name="heard")) as site:
            ask(site, "GET", f"{PAGES}/x", REFUSED)
            ask(site, "GET", f"{PAGES}/x", FROM)
    finally:
        set_refused_hook(None)

    [refused] = heard
    assert f"{PAGES}/x" == refused.request.path
    assert "https://mallory.test" == refused.request.origin
    assert "heard" == refused.policy.name
