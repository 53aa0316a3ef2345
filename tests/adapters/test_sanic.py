"""Asks applications of Sanic over sockets, by Sanic's own server and over ASGI.

Here: who in Sanic can answer a request, and that none of them stands outside of the policy.
Not here: which header lines a request gets (the table of decisions).
Spec: https://sanic.dev/en/guide/basics/request.html
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from answers import answer
from corsac.adapters.sanic import install
from own_servers import (
    ALLOWED,
    ORIGIN,
    POLICY,
    PREFLIGHT,
    PUT,
    REFUSED,
    SOURCES,
    Site,
    assert_answers_preflights,
    assert_is_bare_handshake,
    assert_keeps_order,
    assert_speaks,
    said,
    serving,
    shake_hands,
)
from sanic import HTTPResponse, Request
from sanic.response import text
from sanic_site import BODY, FILE, LONGEST_BODY, SEEN, asgi_server, build, server
from servers import HOST


@pytest.fixture(scope="module", params=SOURCES)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    # What is raised on purpose is logged, too.
    logging.disable()
    with serving(server(install(build(), request.param))) as site:
        yield site
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/", 200, id="a page"),
        pytest.param("HEAD", "/", 200, id="the head of a page"),
        pytest.param("GET", "/nowhere", 404, id="the router's 404"),
        pytest.param("DELETE", "/", 405, id="the router's 405"),
        pytest.param("GET", "/missing", 404, id="a raised answer"),
        pytest.param("GET", "/moved", 302, id="a redirect"),
        pytest.param("GET", "/locked", 401, id="a middleware's 401"),
        pytest.param("GET", "/error", 500, id="an unhandled error"),
        pytest.param("GET", "/handled", 503, id="a handled error"),
        pytest.param("GET", "/nothing", 500, id="a handler without an answer"),
        pytest.param("GET", "/begun", 500, id="an error behind a begun answer"),
        pytest.param("GET", "/failing", 200, id="a middleware that fails behind it"),
        pytest.param("GET", "/replaced", 202, id="a middleware that answers behind it"),
        pytest.param("GET", "/stream", 200, id="a stream"),
        pytest.param("GET", "/whole_file", 200, id="a file"),
        pytest.param("GET", "/streamed_file", 200, id="a streamed file"),
        pytest.param("GET", f"/static/{FILE.name}", 200, id="a static file"),
        pytest.param("GET", "/static/nowhere", 404, id="a static file's 404"),
        pytest.param("GET", "/socket", 426, id="a handshake that fails"),
        pytest.param("GET", "/inner/", 200, id="a page of a blueprint"),
        pytest.param("GET", "/inner/error", 500, id="its errors"),
    ],
)
def test_every_answer_speaks(site: Site, method: str, path: str, status: int) -> None:
    """Whoever made it, and though a middleware sets lines of its own behind the policy."""
    assert_speaks(site, method, path, status)


def test_a_body_that_is_too_long_speaks(site: Site) -> None:
    """Sanic reads it before any middleware runs."""
    headers = [("Content-Length", str(LONGEST_BODY + 1))]
    for asker, lines in ((ORIGIN, ALLOWED), (REFUSED, [])):
        with site.connect() as connection:
            head = "".join(
                f"{n}: {v}\r\n" for n, v in [("Host", HOST), asker, *headers]
            )
            body = "x" * (LONGEST_BODY + 1)
            connection.send(f"POST /options HTTP/1.1\r\n{head}\r\n{body}".encode())
            received = connection.receive(b"\r\n\r\n").decode()

        assert received.startswith("HTTP/1.1 413 ")
        for name, value in [*lines, ("Vary", "Origin")]:
            assert f"{name}: {value}\r\n".lower() in received.lower()


def test_a_request_without_a_head_speaks_to_nobody(site: Site) -> None:
    """Sanic answers for a request that it made up, whose origin nobody knows."""
    with site.connect() as connection:
        connection.send(b"GET / HTTP/9.9\r\nOrigin: https://example.com\r\n\r\n")
        received = connection.receive(b"\r\n\r\n").lower()

    assert received.startswith(b"http/1.1 400 ")
    assert b"access-control" not in received
    assert b"vary: origin\r\n" in received


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        pytest.param("/whole_file", [("Range", "bytes=0-1")], 200, id="a plain file"),
        pytest.param(
            f"/static/{FILE.name}",
            [("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")],
            304,
            id="a static file that is not modified",
        ),
    ],
)
def test_a_file_speaks(
    site: Site, path: str, headers: list[tuple[str, str]], status: int
) -> None:
    """Whatever is sent of it."""
    assert_speaks(site, "GET", path, status, headers)


def test_own_lines_are_replaced_and_merged(site: Site) -> None:
    """Only the policy speaks; each member of `Vary` stands once, in one line."""
    allowed = site.ask("GET", "/own_lines", [ORIGIN])
    refused = site.ask("GET", "/own_lines", [REFUSED])

    vary = ("Vary", "Cookie, Accept, Origin")
    assert answer(200, [*ALLOWED, vary]) == said(allowed)
    assert answer(200, [vary]) == said(refused)


@pytest.mark.parametrize(
    "path",
    ["/", "/options", "/nowhere", "/locked", "/error", "/failing", "/replaced"]
    + ["/socket", "/static/x", "/inner/", "/inner/nowhere", "/inner/locked", "*"],
)
def test_a_preflight_is_answered_before_the_application(site: Site, path: str) -> None:
    """No middleware or handler sees it, and none that runs behind it changes the answer."""
    SEEN.clear()

    assert_answers_preflights(site, path)

    assert [] == SEEN


@pytest.mark.parametrize("length", [5, LONGEST_BODY + 1])
def test_a_preflight_is_answered_before_its_body_is_there(
    site: Site, length: int
) -> None:
    """A route that takes OPTIONS would wait for it, or refuse one that is too long."""
    head = f"Host: {HOST}\r\nOrigin: https://example.com\r\n{PUT[0]}: PUT\r\n"
    with site.connect() as connection:
        connection.send(
            f"OPTIONS /options HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n".encode()
        )
        received = connection.receive(b"\r\n\r\n")

    assert received.startswith(b"HTTP/1.1 204 ")


def test_options_without_a_method_is_the_application_s(site: Site) -> None:
    """It is no preflight, so that the router answers."""
    assert_speaks(site, "OPTIONS", "/", 405)
    assert_speaks(site, "OPTIONS", "/options", 200)


def test_a_handshake_is_no_fetch(site: Site) -> None:
    """The application answers it, whoever asks, and no line is added."""
    assert_is_bare_handshake(shake_hands(site, "/socket"))


def test_a_connection_keeps_its_order(site: Site) -> None:
    """Answers come as requests do, and the body of a preflight is read away."""
    assert_keeps_order(site, "/", BODY.encode())


def test_a_stream_arrives_whole_and_in_chunks(site: Site) -> None:
    """The headers go out with the first chunk."""
    response = site.ask("GET", "/stream", [ORIGIN])

    assert ("transfer-encoding", "chunked") in response.headers
    assert BODY.encode() == response.body


def test_a_preflight_of_old_clients_has_a_status_that_they_know() -> None:
    """A body of no length goes with it."""
    app = install(build(), POLICY.replace(preflight_status=200))

    with serving(server(app)) as site:
        response = site.ask("OPTIONS", "/", [ORIGIN, PUT])

    assert answer(200, PREFLIGHT) == said(response)
    assert ("content-length", "0") in response.headers
    assert ("content-type", "text/plain") in response.headers


def test_the_last_installed_of_two_speaks() -> None:
    """It stands outside of the one before."""
    app = install(install(build(), allow_origins=["*"]), POLICY)

    with serving(server(app)) as site:
        assert_speaks(site, "GET", "/", 200)
        assert_answers_preflights(site, "/nowhere")


def test_an_application_keeps_its_class_of_requests() -> None:
    """What it adds to a request is there."""

    class Named(Request[Any, Any]):
        def greeting(self) -> str:
            return "hello"

    async def greet(request: Any) -> HTTPResponse:
        return text(request.greeting())

    app = build(request_class=Named)
    app.add_route(greet, "/greet")

    with serving(server(install(app, POLICY))) as site:
        response = site.ask("GET", "/greet", [ORIGIN])

    assert answer(200, [*ALLOWED, ("Vary", "Origin")]) == said(response)
    assert b"hello" == response.body


@pytest.mark.parametrize("source", SOURCES)
def test_a_middleware_that_fails_before_speaks(source: Any) -> None:
    """One of the same priority may stand before the policy's."""

    async def fail(request: Any) -> None:
        raise LookupError("raised on purpose")

    app = build()
    app.on_request(fail, priority=sys.maxsize)
    logging.disable()
    try:
        with serving(server(install(app, source))) as site:
            assert_speaks(site, "GET", "/", 500)
            assert_answers_preflights(site, "/")
    finally:
        logging.disable(logging.NOTSET)


def test_two_applications_of_a_process_have_their_own_policies() -> None:
    """What is installed in one says nothing for another."""
    static = install(build(), allow_origins=["*"])
    bare = build()

    with serving(server(static)) as site:
        response = site.ask("GET", "/", [REFUSED])
        assert answer(200, [("Access-Control-Allow-Origin", "*")]) == said(response)
    with serving(server(bare)) as site:
        assert answer(405, [("Access-Control-Allow-Origin", "*")]) == said(
            site.ask("OPTIONS", "/", [ORIGIN, PUT])
        )


def test_over_asgi_the_same_is_said() -> None:
    """Sanic is an ASGI application too, which makes its requests itself."""
    logging.disable()
    with serving(asgi_server(install(build(), POLICY))) as site:
        for path, status in (
            ("/", 200),
            ("/nowhere", 404),
            ("/locked", 401),
            ("/error", 500),
            ("/stream", 200),
        ):
            assert_speaks(site, "GET", path, status)
        for path in ("/", "/nowhere", "/locked", "/options"):
            assert_answers_preflights(site, path)
        assert_is_bare_handshake(shake_hands(site, "/socket"))
    logging.disable(logging.NOTSET)


def test_install_returns_the_application() -> None:
    """It is changed in place."""
    app = build()

    assert app is install(app, POLICY)


def test_install_takes_a_policy_or_its_keywords() -> None:
    """Both at once have no meaning."""
    with pytest.raises(TypeError):
        install(build(), POLICY, allow_origins=["https://example.com"])
