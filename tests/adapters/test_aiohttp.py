"""Asks applications of aiohttp over sockets, by aiohttp's own server.

Here: who in aiohttp can answer a request, and that none of them stands outside of the policy.
Not here: which header lines a request gets (the table of decisions).
Spec: https://docs.aiohttp.org/en/stable/web_advanced.html
"""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from answers import answer
from corsac import Policy
from corsac.adapters.aiohttp import install
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

BODY = "the application"
FILE = Path(__file__)
WRITERS: list[weakref.ref[AbstractStreamWriter]] = []


@asynccontextmanager
async def server(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def page(request: web.Request) -> web.Response:
    return web.Response(text=BODY)


async def own_lines(request: web.Request) -> web.Response:
    response = web.Response(text=BODY, headers={"Access-Control-Allow-Origin": "*"})
    response.headers.add("access-control-allow-origin", "https://mallory.test")
    response.headers.add("Access-Control-Max-Age", "1")
    response.headers.add("vary", "Cookie")
    response.headers.add("Vary", "Accept")
    return response


async def missing(request: web.Request) -> web.Response:
    raise web.HTTPNotFound


async def moved(request: web.Request) -> web.Response:
    raise web.HTTPFound("/")


async def error(request: web.Request) -> web.Response:
    raise LookupError("raised on purpose")


async def late(request: web.Request) -> web.Response:
    raise asyncio.TimeoutError


async def nothing(request: web.Request) -> Any:
    return None


async def stream(request: web.Request) -> web.StreamResponse:
    WRITERS.append(weakref.ref(request.writer))
    response = web.StreamResponse()
    await response.prepare(request)
    for chunk in (b"the ", b"appli", b"cation"):
        await response.write(chunk)
    return response


async def unwritable(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"X-Injected": "a\r\nb: c"})
    await response.prepare(request)
    return response


async def file(request: web.Request) -> web.FileResponse:
    return web.FileResponse(FILE)


async def socket(request: web.Request) -> web.WebSocketResponse:
    response = web.WebSocketResponse()
    await response.prepare(request)
    await response.send_str("hello")
    return response


@web.middleware
async def lock(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.path.endswith("/locked"):
        raise web.HTTPUnauthorized
    return await handler(request)


async def overrule(request: web.Request, response: web.StreamResponse) -> None:
    """What people write who know no library: it must not be the last word."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Vary"] = "Accept"


class FailingResource(web.PlainResource):
    """A resource of the application's own, which fails while the router asks it."""

    async def resolve(self, request: web.Request) -> Any:
        raise LookupError("raised on purpose")


def build() -> web.Application:
    app = web.Application(middlewares=[lock])
    app.router.add_get("/", page)
    app.router.add_put("/", page)
    for handler in (own_lines, missing, moved, error, late, nothing, stream):
        app.router.add_get(f"/{handler.__name__}", handler)
    for handler in (unwritable, file, socket):
        app.router.add_get(f"/{handler.__name__}", handler)
    app.router.add_get("/locked", page)
    app.router.add_static("/static", FILE.parent)
    app.router.register_resource(FailingResource("/unroutable"))
    return app


def overruled() -> web.Application:
    """A sub-application whose own signal is the last that aiohttp sends."""
    app = build()
    app.on_response_prepare.append(overrule)
    return app


@pytest.fixture(scope="module", params=SOURCES)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """An application with two more inside, by prefix and by domain."""
    # What is raised on purpose is logged, too.
    logging.disable()
    app = install(build(), request.param)
    app.add_subapp("/inner", overruled())
    app.add_domain("inner.test", overruled())
    app.on_response_prepare.append(overrule)
    with serving(server(app)) as site:
        yield site
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/", 200, id="a page"),
        pytest.param("HEAD", "/", 200, id="the head of a page"),
        pytest.param("GET", "/nowhere", 404, id="the router's 404"),
        pytest.param("POST", "/", 405, id="the router's 405"),
        pytest.param("GET", "/missing", 404, id="a raised answer"),
        pytest.param("GET", "/moved", 302, id="a raised redirect"),
        pytest.param("GET", "/locked", 401, id="a middleware's 401"),
        pytest.param("GET", "/error", 500, id="the server's 500"),
        pytest.param("GET", "/late", 504, id="the server's 504"),
        pytest.param("GET", "/nothing", 500, id="a handler without an answer"),
        pytest.param("GET", "/unwritable", 500, id="headers that cannot be written"),
        pytest.param("GET", "/stream", 200, id="a stream"),
        pytest.param("GET", "/file", 200, id="a file"),
        pytest.param("GET", f"/static/{FILE.name}", 200, id="a static file"),
        pytest.param("GET", "/static/nowhere", 404, id="a static file's 404"),
        pytest.param("GET", "/socket", 400, id="a handshake that fails"),
        pytest.param("GET", "/inner/", 200, id="a page of a sub-application"),
        pytest.param("GET", "/inner/nowhere", 404, id="its router's 404"),
        pytest.param("DELETE", "/inner/", 405, id="its router's 405"),
        pytest.param("GET", "/inner/error", 500, id="its errors"),
    ],
)
def test_every_answer_speaks(site: Site, method: str, path: str, status: int) -> None:
    """Whoever made it, and though a signal sets lines of its own behind the policy."""
    assert_speaks(site, method, path, status, vary="Accept, Origin")


def test_an_error_of_the_router_speaks(site: Site) -> None:
    """aiohttp sends no signal for it, since no application was found."""
    assert_speaks(site, "GET", "/unroutable", 500)


def test_a_sub_application_by_domain_speaks(site: Site) -> None:
    """Its routes come before those of the application around it."""
    host = ("Host", "inner.test")

    assert_speaks(site, "GET", "/", 200, [host], vary="Accept, Origin")
    assert_speaks(site, "GET", "/nowhere", 404, [host], vary="Accept, Origin")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param([("If-None-Match", "*")], 304, id="that is not modified"),
        pytest.param([("If-Match", '"another"')], 412, id="that is another"),
        pytest.param([("Range", "bytes=0-1")], 206, id="of which a part is wanted"),
        pytest.param([("Range", "bytes=999999-")], 416, id="that is too short"),
    ],
)
def test_a_file_speaks(site: Site, headers: list[tuple[str, str]], status: int) -> None:
    """`FileResponse` finds its status when it is written."""
    assert_speaks(site, "GET", "/file", status, headers, vary="Accept, Origin")


def test_own_lines_are_replaced_and_merged() -> None:
    """Only the policy speaks; each member of `Vary` stands once, in one line."""
    with serving(server(install(build(), POLICY))) as site:
        allowed = site.ask("GET", "/own_lines", [ORIGIN])
        refused = site.ask("GET", "/own_lines", [REFUSED])

    vary = ("Vary", "Cookie, Accept, Origin")
    assert answer(200, [*ALLOWED, vary]) == said(allowed)
    assert answer(200, [vary]) == said(refused)


@pytest.mark.parametrize(
    "path",
    ["/", "/nowhere", "/locked", "/error", "/socket", "/file", "/static/x", "/inner/"]
    + ["/inner/nowhere", "/inner/locked", "/unroutable", "*"],
)
def test_a_preflight_is_answered_before_the_router(site: Site, path: str) -> None:
    """No route, middleware or signal of the application or a sub-application is asked."""
    assert_answers_preflights(site, path)


def test_a_preflight_is_answered_before_its_expectation_is_met(site: Site) -> None:
    """aiohttp would ask for the body, or refuse what it cannot meet."""
    for expectation in ("100-continue", "the unexpected"):
        response = site.ask("OPTIONS", "/", [ORIGIN, PUT, ("Expect", expectation)])

        assert answer(204, PREFLIGHT) == said(response)


def test_options_without_a_method_is_the_application_s(site: Site) -> None:
    """It is no preflight, so that the router answers."""
    assert_speaks(site, "OPTIONS", "/", 405, vary="Accept, Origin")


def test_a_handshake_is_no_fetch() -> None:
    """The application answers it, whoever asks, and no line is added."""
    with serving(server(install(build(), POLICY))) as site:
        assert_is_bare_handshake(shake_hands(site, "/socket"))


def test_a_connection_keeps_its_order(site: Site) -> None:
    """Answers come as requests do, and the body of a preflight is read away."""
    assert_keeps_order(site, "/", BODY.encode())


def test_a_stream_arrives_whole_and_in_chunks(site: Site) -> None:
    """The headers go out with the first chunk."""
    response = site.ask("GET", "/stream", [ORIGIN])

    assert ("Transfer-Encoding", "chunked") in response.headers
    assert BODY.encode() == response.body


def test_a_policy_around_a_sub_application_is_for_its_prefix() -> None:
    """Whatever lies beside it has no CORS."""
    app = build()
    app.add_subapp("/inner", install(build(), POLICY))

    with serving(server(app)) as site:
        assert_speaks(site, "GET", "/inner/", 200)
        assert_speaks(site, "GET", "/inner/nowhere", 404)
        assert_answers_preflights(site, "/inner/nowhere")
        assert answer(200, []) == said(site.ask("GET", "/", [ORIGIN]))
        assert answer(405, []) == said(site.ask("OPTIONS", "/", [ORIGIN, PUT]))


def test_the_outermost_of_two_speaks() -> None:
    """One that was left in a sub-application is overruled, and no header comes twice."""
    app = build()
    inner = Policy(allow_origins=["*"], allow_methods=["DELETE"])
    app.add_subapp("/inner", install(build(), inner))
    install(app, POLICY)

    with serving(server(app)) as site:
        assert_speaks(site, "GET", "/inner/", 200)
        assert_answers_preflights(site, "/inner/")


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


def test_a_request_leaves_nothing_for_the_garbage_collector(site: Site) -> None:
    """Its writer goes when its answer is out."""
    gc.disable()
    try:
        WRITERS.clear()
        with site.connect() as connection:
            for _ in range(2):
                connection.ask("GET", "/stream", [ORIGIN, ("Host", "api.test")])
    finally:
        gc.enable()

    assert WRITERS[0]() is None


def test_install_returns_the_application() -> None:
    """It is changed in place."""
    app = build()

    assert app is install(app, POLICY)


def test_install_takes_a_policy_or_its_keywords() -> None:
    """Both at once have no meaning."""
    with pytest.raises(TypeError):
        install(build(), POLICY, allow_origins=["https://example.com"])
