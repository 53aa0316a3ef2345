"""Asks applications of Tornado over sockets, by Tornado's own server.

Here: who in Tornado can answer a request, and that none of them stands outside of the policy.
Not here: which header lines a request gets (the table of decisions).
Spec: https://www.tornadoweb.org/en/stable/guide/structure.html
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator

import pytest
from answers import answer
from corsac import Policy
from corsac.adapters.tornado import install
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
from servers import HOST
from tornado.routing import PathMatches, Rule, RuleRouter
from tornado.web import (
    Application,
    FallbackHandler,
    RequestHandler,
)
from tornado.wsgi import WSGIContainer
from tornado_site import (
    BODY,
    CONNECTIONS,
    FILE,
    SEEN,
    Overrule,
    Page,
    build,
    server,
    wsgi,
)


@pytest.fixture(scope="module", params=SOURCES)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    # What is raised on purpose is logged, too.
    logging.disable()
    app = install(build(), request.param)
    app.add_transform(Overrule)
    app.add_handlers("other.test", [("/other", Page)])
    with serving(server(app)) as site:
        yield site
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/", 200, id="a page"),
        pytest.param("HEAD", "/", 200, id="the head of a page"),
        pytest.param("GET", "/nowhere", 404, id="the router's 404"),
        pytest.param("DELETE", "/", 405, id="a handler without the method"),
        pytest.param("PROPFIND", "/", 405, id="a method that Tornado does not know"),
        pytest.param("GET", "/missing", 404, id="a raised error"),
        pytest.param("GET", "/sent", 503, id="a sent error"),
        pytest.param("GET", "/finished", 409, id="a raised finish"),
        pytest.param("GET", "/moved", 302, id="a redirect"),
        pytest.param("GET", "/locked", 401, id="a 401 before the handler"),
        pytest.param("PUT", "/upload", 401, id="a 401 before the body"),
        pytest.param("GET", "/failing", 500, id="an unhandled error"),
        pytest.param("GET", "/failing_twice", 500, id="an error about an error"),
        pytest.param("GET", "/stream", 200, id="a stream"),
        pytest.param("GET", f"/static/{FILE.name}", 200, id="a static file"),
        pytest.param("HEAD", f"/static/{FILE.name}", 200, id="the head of one"),
        pytest.param("GET", "/static/nowhere", 404, id="a static file's 404"),
        pytest.param("GET", "/socket", 400, id="a handshake that fails"),
        pytest.param("GET", "/inner/page", 200, id="a page of an inner application"),
        pytest.param("GET", "/inner/nowhere", 404, id="its router's 404"),
    ],
)
def test_every_answer_speaks(site: Site, method: str, path: str, status: int) -> None:
    """Whoever made it, and though a transform sets a line of its own behind the policy."""
    assert_speaks(site, method, path, status)


@pytest.mark.parametrize("path", ["/wsgi", "/callable"])
def test_what_no_transform_sees_speaks(site: Site, path: str) -> None:
    """A `WSGIContainer` writes to the connection itself."""
    assert_speaks(site, "GET", path, 202, vary="Accept, Origin")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param([("If-None-Match", "*")], 304, id="that is not modified"),
        pytest.param([("Range", "bytes=0-1")], 206, id="of which a part is wanted"),
        pytest.param([("Range", "bytes=999999-")], 416, id="that is too short"),
    ],
)
def test_a_file_speaks(site: Site, headers: list[tuple[str, str]], status: int) -> None:
    """Whatever is sent of it."""
    assert_speaks(site, "GET", f"/static/{FILE.name}", status, headers)


def test_own_lines_are_replaced_and_merged(site: Site) -> None:
    """Only the policy speaks; each member of `Vary` stands once, in one line."""
    allowed = site.ask("GET", "/own_lines", [ORIGIN])
    refused = site.ask("GET", "/own_lines", [REFUSED])

    vary = ("Vary", "Cookie, Accept, Origin")
    assert answer(200, [*ALLOWED, vary]) == said(allowed)
    assert answer(200, [vary]) == said(refused)


def test_a_compressed_answer_varies_by_both() -> None:
    """Tornado's own transform adds to `Vary`."""
    app = install(build(compress_response=True), POLICY)

    with serving(server(app)) as site:
        response = site.ask("GET", "/", [ORIGIN])

    vary = ("Vary", "Accept-Encoding, Origin")
    assert answer(200, [*ALLOWED, vary]) == said(response)


@pytest.mark.parametrize(
    "path",
    ["/", "/nowhere", "/locked", "/upload", "/failing", "/socket", "/static/x"]
    + ["/wsgi", "/callable", "/inner/page", "/inner/nowhere", "*"],
)
def test_a_preflight_is_answered_before_the_router(site: Site, path: str) -> None:
    """No handler or `prepare` of the application is asked."""
    assert_answers_preflights(site, path)


@pytest.mark.parametrize("path", ["/", "/upload"])
def test_a_preflight_s_body_is_read_away_unseen(site: Site, path: str) -> None:
    """Tornado would refuse it as a form, or show it to a handler that streams."""
    form = "multipart/form-data; boundary=none"
    length = "Access-Control-Request-Method: PUT\r\nContent-Length: 5\r\n"
    SEEN.clear()
    with site.connect() as connection:
        connection.send(
            f"OPTIONS {path} HTTP/1.1\r\nHost: {HOST}\r\nOrigin: https://example.com\r\n"
            f"{length}Content-Type: {form}\r\n\r\nhello".encode()
        )
        received = connection.receive(b"\r\n\r\n")
        after = connection.ask("GET", "/", [("Host", HOST), ORIGIN])

    assert received.startswith(b"HTTP/1.1 204 ")
    assert after is not None
    assert BODY.encode() == after.body
    assert [] == SEEN


def test_a_preflight_is_logged_as_other_requests_are() -> None:
    """Tornado logs what a `RequestHandler` answers."""
    logged: list[tuple[str | None, int]] = []

    def log(handler: RequestHandler) -> None:
        logged.append((handler.request.method, handler.get_status()))

    with serving(server(install(build(log_function=log), POLICY))) as site:
        site.ask("OPTIONS", "/", [ORIGIN, PUT])
        site.ask("GET", "/", [ORIGIN])

    assert [("OPTIONS", 204), ("GET", 200)] == logged


def test_options_without_a_method_is_the_application_s(site: Site) -> None:
    """It is no preflight, so that the handler answers."""
    assert_speaks(site, "OPTIONS", "/", 405)


def test_a_streamed_request_reaches_its_handler(site: Site) -> None:
    """Chunk by chunk, as without a policy."""
    SEEN.clear()
    with site.connect() as connection:
        connection.send(
            f"PUT /upload HTTP/1.1\r\nHost: {HOST}\r\nOrigin: https://example.com\r\n"
            "Authorization: me\r\nContent-Length: 5\r\n\r\nhello".encode()
        )
        received = connection.receive(BODY.encode())

    assert ["/upload"] == SEEN
    assert b"Access-Control-Allow-Origin: https://example.com\r\n" in received


def test_a_handshake_is_no_fetch() -> None:
    """The application answers it, whoever asks, and no line is added."""
    app = install(build(), POLICY)

    with serving(server(app)) as site:
        assert_is_bare_handshake(shake_hands(site, "/socket"))


def test_a_connection_keeps_its_order(site: Site) -> None:
    """Answers come as requests do, and the body of a preflight is read away."""
    assert_keeps_order(site, "/", BODY.encode())


def test_a_stream_arrives_whole_and_in_chunks(site: Site) -> None:
    """The headers go out with the first chunk."""
    response = site.ask("GET", "/stream", [ORIGIN])

    assert ("Transfer-Encoding", "chunked") in response.headers
    assert BODY.encode() == response.body


def test_routes_that_are_added_later_speak(site: Site) -> None:
    """Those of another host, too."""
    assert_speaks(site, "GET", "/other", 200, [("Host", "other.test")])


def test_an_application_behind_a_router_speaks() -> None:
    """The router asks it for a handler, and what lies beside it has no CORS."""
    app = install(build(), POLICY)
    router = RuleRouter(
        [
            Rule(PathMatches("/beside"), WSGIContainer(wsgi)),
            Rule(PathMatches(".*"), app),
        ]
    )

    with serving(server(router)) as site:
        assert_speaks(site, "GET", "/", 200)
        assert_answers_preflights(site, "/nowhere")
        beside = site.ask("GET", "/beside", [ORIGIN])
        assert answer(202, [("Vary", "Accept")]) == said(beside)


def test_an_application_that_a_handler_falls_back_to_speaks() -> None:
    """It is called when the request has been read."""
    inner = install(build(), POLICY)

    with serving(
        server(Application([(".*", FallbackHandler, {"fallback": inner})]))
    ) as site:
        assert_speaks(site, "GET", "/", 200)
        assert_speaks(site, "GET", "/locked", 401)
        assert_answers_preflights(site, "/nowhere")
        assert_keeps_order(site, "/", BODY.encode())


def test_the_outermost_of_two_speaks() -> None:
    """One that was left in an inner application is overruled, and no header comes twice."""
    inner = Policy(allow_origins=["*"], allow_methods=["DELETE"])
    app = Application([(PathMatches("/.*"), install(build(), inner))])

    with serving(server(install(app, POLICY))) as site:
        assert_speaks(site, "GET", "/", 200)
        assert_answers_preflights(site, "/")


def test_the_last_installed_of_two_speaks() -> None:
    """It stands outside of the one before."""
    app = install(install(build(), allow_origins=["*"]), POLICY)

    with serving(server(app)) as site:
        assert_speaks(site, "GET", "/", 200)
        assert_answers_preflights(site, "/")


def test_a_preflight_of_old_clients_has_a_status_that_they_know() -> None:
    """A body of no length goes with it."""
    app = install(build(), POLICY.replace(preflight_status=200))

    with serving(server(app)) as site:
        response = site.ask("OPTIONS", "/", [ORIGIN, PUT])

    assert answer(200, PREFLIGHT) == said(response)
    assert ("Content-Length", "0") in response.headers
    assert "Content-Type" not in dict(response.headers)


def test_a_request_leaves_nothing_for_the_garbage_collector(site: Site) -> None:
    """Its connection, of which Tornado has one for each request, goes when its answer is out."""
    gc.disable()
    try:
        CONNECTIONS.clear()
        with site.connect() as connection:
            for _ in range(2):
                connection.ask("GET", "/stream", [ORIGIN, ("Host", HOST)])
    finally:
        gc.enable()

    assert CONNECTIONS[0]() is None


def test_install_returns_the_application() -> None:
    """It is changed in place."""
    app = build()

    assert app is install(app, POLICY)


def test_install_takes_a_policy_or_its_keywords() -> None:
    """Both at once have no meaning."""
    with pytest.raises(TypeError):
        install(build(), POLICY, allow_origins=["https://example.com"])
