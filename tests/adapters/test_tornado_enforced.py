"""Asks applications of Tornado whose policies enforce, or are waited for.

Here: Tornado's own checks beside the policy, and applications that another one calls.
Not here: who can answer a request (`test_tornado.py`), what all frameworks do alike
(`test_async_sources.py`, `test_web_sockets.py`).
Spec: https://www.tornadoweb.org/en/stable/websocket.html
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest
from answers import answer
from corsac import Policy, PolicyHandle, Request
from corsac.adapters.tornado import WebSocketHandler, install
from own_servers import (
    HANDSHAKE,
    ORIGIN,
    POLICY,
    PUT,
    REFUSED,
    SOURCES,
    VARY,
    Site,
    assert_answers_preflights,
    assert_keeps_order,
    assert_speaks,
    choose_later,
    said,
    serving,
)
from servers import DEADLINE, HOST
from tornado.routing import PathMatches, Rule, RuleRouter
from tornado.web import (
    Application,
    FallbackHandler,
    RequestHandler,
    stream_request_body,
)
from tornado.websocket import WebSocketHandler as OwnHandler
from tornado_site import BODY, SEEN, Page, build, server

ENFORCED = POLICY.replace(enforce=True)
#: What a browser adds where a page of another site asks, over an encrypted connection.
FROM_ELSEWHERE = ("Sec-Fetch-Site", "cross-site")


class Plain(OwnHandler):
    """As Tornado has it."""


class Open(WebSocketHandler):
    """As Tornado has it, but for the origins of a policy."""


class Strict(WebSocketHandler):
    """With a check of its own, which the policy does not replace."""

    def check_origin(self, origin: str) -> bool:
        return self.get_query_argument("token", "") == "secret"


def sockets(source: Any) -> Application:
    handlers: list[Any] = [("/plain", Plain), ("/open", Open), ("/strict", Strict)]
    return install(Application(handlers), source)


def shake_hands(site: Site, path: str, *lines: tuple[str, str]) -> int:
    """The status of a handshake with these lines in the place of its origin."""
    return site.ask("GET", path, [*HANDSHAKE[1:], *lines]).status


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(POLICY, id="a policy"),
        pytest.param(ENFORCED, id="an enforced one"),
        pytest.param(PolicyHandle(ENFORCED), id="a handle"),
        pytest.param(choose_later, id="a coroutine"),
    ],
)
@pytest.mark.parametrize("more", [[], [FROM_ELSEWHERE]], ids=["old", "new"])
def test_a_handler_of_corsac_lets_in_whom_the_policy_allows(
    source: Any, more: list[tuple[str, str]]
) -> None:
    """Tornado's own refuses every other origin, and no policy opens it."""
    with serving(server(sockets(source))) as site:
        assert 101 == shake_hands(site, "/open", ORIGIN, *more)
        assert 403 == shake_hands(site, "/plain", ORIGIN, *more)
        for path in ("/open", "/plain"):
            assert 403 == shake_hands(site, path, REFUSED, *more)
            assert 101 == shake_hands(site, path, ("Origin", f"http://{HOST}"))
            assert 101 == shake_hands(site, path)


def test_a_handler_s_own_check_comes_after_the_policy() -> None:
    """It may refuse further, and lets in nobody whom the policy has refused."""
    with serving(server(sockets(ENFORCED))) as site:
        assert 101 == shake_hands(site, "/strict?token=secret", ORIGIN)
        assert 403 == shake_hands(site, "/strict", ORIGIN)
        assert 403 == shake_hands(site, "/strict?token=secret", REFUSED)


def test_an_own_origin_behind_a_proxy_is_let_in() -> None:
    """The host that Tornado sees is another one."""
    own = ENFORCED.replace(own_origins=["https://public.example"])

    with serving(server(sockets(own))) as site:
        assert 101 == shake_hands(site, "/open", ("Origin", "https://public.example"))
        assert 403 == shake_hands(site, "/plain", ("Origin", "https://public.example"))


def test_where_there_is_no_policy_tornado_s_rule_stands() -> None:
    """Neither a source that gives none nor an application without one opens a handler."""
    bare = Application([("/open", Open)])
    for app in (sockets(lambda request: None), bare):
        with serving(server(app)) as site:
            assert 403 == shake_hands(site, "/open", ORIGIN)
            assert 101 == shake_hands(site, "/open", ("Origin", f"http://{HOST}"))


def test_an_origin_of_the_old_draft_opens_nothing() -> None:
    """Tornado 6.5 reads it in another header, of which no policy knows."""

    class Asking(Open):
        async def get(self, *arguments: Any, **keywords: Any) -> None:
            self.write(str(self.check_origin("https://mallory.test")))

    with serving(server(install(Application([("/", Asking)]), ENFORCED))) as site:
        assert b"False" == site.ask("GET", "/", [ORIGIN]).body
        assert b"False" == site.ask("GET", "/").body


def test_the_outermost_of_two_lets_in() -> None:
    """As it has the last word on headers."""
    nobody = Policy(allow_origins=["https://nobody.example"])
    inner = install(Application([("/inner", Open)]), nobody)
    outer = install(Application([(PathMatches("/inner"), inner)]), POLICY)

    with serving(server(outer)) as site:
        assert 101 == shake_hands(site, "/inner", ORIGIN)
        assert 403 == shake_hands(site, "/inner", ("Origin", "https://nobody.example"))


# Tornado's other checks


@pytest.mark.parametrize(
    "settings", [{"xsrf_cookies": True}, {"cross_origin_protection": True}], ids=str
)
def test_a_refused_request_meets_no_other_check(settings: dict[str, Any]) -> None:
    """The answer is the policy's, without a page of Tornado's, and a preflight passes."""
    app = install(build(**settings), ENFORCED)

    with serving(server(app)) as site:
        for method in ("POST", "DELETE", "PROPFIND"):
            response = site.ask(method, "/", [REFUSED, FROM_ELSEWHERE])
            assert answer(403, [VARY]) == said(response)
            assert b"" == response.body
        assert_answers_preflights(site, "/")


def test_a_refused_request_is_logged_as_others_are() -> None:
    """Tornado logs what a `RequestHandler` answers."""
    logged: list[tuple[str | None, int]] = []

    def log(handler: RequestHandler) -> None:
        logged.append((handler.request.method, handler.get_status()))

    with serving(server(install(build(log_function=log), ENFORCED))) as site:
        site.ask("GET", "/", [REFUSED])

    assert [("GET", 403)] == logged


def test_a_handler_hears_that_its_client_left() -> None:
    """Amid the body, and though the policy was waited for."""
    left = threading.Event()

    @stream_request_body
    class Upload(RequestHandler):
        def data_received(self, chunk: bytes) -> None: ...

        def on_connection_close(self) -> None:
            left.set()

    app = install(Application([("/", Upload)]), choose_later)
    with serving(server(app)) as site:
        with site.connect() as connection:
            head = f"PUT / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\nhello"
            connection.send(head.encode())
        assert left.wait(DEADLINE)


@pytest.mark.parametrize("is_allowed", [False, True])
def test_a_streamed_body_comes_to_nobody_who_is_refused(is_allowed: bool) -> None:
    """It is read away chunk by chunk, though the policy came later than it."""
    SEEN.clear()
    handle = PolicyHandle(ENFORCED)

    async def choose(request: Request) -> PolicyHandle:
        await asyncio.sleep(0.05)
        return handle

    with (
        serving(server(install(build(), choose))) as site,
        site.connect() as connection,
    ):
        name, value = ORIGIN if is_allowed else REFUSED
        head = f"PUT /upload HTTP/1.1\r\nHost: {HOST}\r\n{name}: {value}\r\n"
        lines = "Authorization: me\r\nContent-Length: 100000\r\nConnection: close\r\n"
        connection.send(f"{head}{lines}\r\n".encode() + b"x" * 100_000)
        received = connection.receive(b"\0never")

    assert received.startswith(b"HTTP/1.1 200 " if is_allowed else b"HTTP/1.1 403 ")
    assert is_allowed == ("/upload" in SEEN)


# Applications that are called by others


@pytest.mark.parametrize("source", SOURCES)
def test_an_application_that_is_called_speaks(source: Any) -> None:
    """Behind a router, which hands a request on, and behind a handler, which has read it."""
    router = RuleRouter([Rule(PathMatches(".*"), install(build(), source))])
    fallback = {"fallback": install(build(), source)}

    for app in (router, Application([(".*", FallbackHandler, fallback)])):
        with serving(server(app)) as site:
            assert_speaks(site, "GET", "/", 200)
            assert_speaks(site, "GET", "/locked", 401)
            assert_answers_preflights(site, "/nowhere")
            assert_keeps_order(site, "/", BODY.encode())


@pytest.mark.parametrize("waits", [False, True])
def test_a_failing_callable_of_an_application_that_is_called(waits: bool) -> None:
    """It is answered, and logged, as an error of a handler is."""

    def choose(request: Request) -> Policy:
        raise LookupError("raised on purpose")

    async def wait(request: Request) -> Policy:
        return choose(request)

    inner = install(Application([("/", Page)]), wait if waits else choose)
    app = Application([(".*", FallbackHandler, {"fallback": inner})])
    logging.disable()
    try:
        with serving(server(app)) as site:
            assert answer(500, []) == said(site.ask("GET", "/", [ORIGIN]))
            assert answer(500, []) == said(site.ask("OPTIONS", "/", [ORIGIN, PUT]))
    finally:
        logging.disable(logging.NOTSET)


def test_a_client_that_leaves_meanwhile_ends_nothing() -> None:
    """The policy comes, finds nobody, and the next request is answered."""
    waiting = 0

    async def choose(request: Request) -> Policy:
        nonlocal waiting
        waiting += 1
        await asyncio.sleep(0.05)
        return ENFORCED

    with serving(server(install(build(), choose))) as site:
        for line in (ORIGIN, REFUSED):
            with site.connect() as connection:
                head = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n{': '.join(line)}\r\n\r\n"
                connection.send(head.encode())
        assert 200 == site.ask("GET", "/", [ORIGIN]).status

    assert 3 == waiting
