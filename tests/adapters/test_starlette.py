"""Asks the Starlette adapter for what only Starlette and FastAPI have.

Here: where `install` and `add_middleware` stand, mounts, every kind of response, lifespan,
WebSockets, and both frameworks under servers that people run them on.
Not here: the native middleware that answers (`test_asgi.py`).
Spec: https://www.starlette.io/middleware/
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import fastapi
import pytest
from corsac import PolicyError
from corsac.adapters.starlette import CORSMiddleware, install
from protocols import ServerOfOneMessage
from servers import Server, missing
from spoken import FROM, REFUSED, policy, preflight, speaker
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette_site import APP, CHUNKS, DONE, make_app, starlette_site

OTHER = policy("Other")
FRAMEWORKS = pytest.mark.parametrize("Application", [Starlette, fastapi.FastAPI])


def call(app: Any, scope: Any) -> list[Any]:
    """What the application sends; what it raises behind its answer, it raises for a log."""
    first = {"http": "http.request", "websocket": "websocket.connect"}
    server = ServerOfOneMessage({"type": first[scope["type"]], "body": b""})
    base = {
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http",
        "query_string": b"",
        "root_path": "",
        "server": ("x", 80),
        "state": {},
    }
    with contextlib.suppress(LookupError):
        server.serve(app, {**base, **scope})
    return server.sent


def encode(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [
        (b"host", b"x"),
        *((n.lower().encode(), v.encode()) for n, v in headers.items()),
    ]


def decode(message: Any) -> list[tuple[str, str]]:
    return [(name.decode(), value.decode()) for name, value in message["headers"]]


def ask(
    app: Any, method: str, path: str, headers: dict[str, str]
) -> tuple[int, str | None, bytes]:
    """The status of the answer, who speaks in it, and its body."""
    scope = {"type": "http", "method": method, "path": path, "headers": encode(headers)}
    start, *body = call(app, scope)
    content = b"".join(message.get("body", b"") for message in body)
    return start["status"], speaker(decode(start)), content


PAGES = [
    pytest.param("/", 200, b"page", id="a page"),
    pytest.param("/missing", 404, None, id="no route"),
    pytest.param("/stream", 200, b"".join(CHUNKS), id="a stream"),
    pytest.param("/file", 200, None, id="a file"),
    pytest.param("/background", 200, b"page", id="a background task"),
    pytest.param("/moved", 307, b"", id="a redirect"),
    pytest.param("/slash", 307, b"", id="a redirect of the router's"),
    pytest.param("/private", 401, None, id="an HTTP exception"),
    pytest.param("/fails", 500, None, id="an unhandled error"),
    pytest.param("/mounted/", 200, b"page", id="a mounted application"),
    pytest.param("/mounted/missing", 404, None, id="no route in a mounted one"),
    pytest.param("/mounted/fails", 500, None, id="an unhandled error in a mounted one"),
]


@FRAMEWORKS
@pytest.mark.parametrize(("path", "status", "body"), PAGES)
def test_an_answer_of_the_framework_carries_the_headers(
    Application: Any, path: str, status: int, body: bytes | None
) -> None:
    """Whatever it is made of, and it arrives as the framework made it."""
    app = install(make_app(Application), APP)

    answered = ask(app, "GET", path, FROM)

    assert (status, "App") == answered[:2]
    assert body in (None, answered[2])
    assert (204, "App", b"") == ask(app, "OPTIONS", path, preflight("GET"))


async def own_page(request: Any, error: Exception) -> Any:
    return PlainTextResponse("own", 500)


@FRAMEWORKS
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"exception_handlers": {500: own_page}}, id="a handler of 500"),
        pytest.param({"exception_handlers": {Exception: own_page}}, id="of Exception"),
        pytest.param({"debug": True}, id="the page for developers"),
    ],
)
def test_only_install_stands_outside_of_the_answers_to_unhandled_errors(
    Application: Any, options: Any
) -> None:
    """What `add_middleware` adds stands inside of what answers them."""
    installed = install(make_app(Application, **options), APP)
    added = make_app(Application, **options)
    added.add_middleware(CORSMiddleware, policy=APP)

    assert (500, "App") == ask(installed, "GET", "/fails", FROM)[:2]
    assert (500, None) == ask(added, "GET", "/fails", FROM)[:2]
    assert (401, "App") == ask(added, "GET", "/private", FROM)[:2]


def by_policy(app: Any) -> None:
    app.add_middleware(CORSMiddleware, policy=APP)


def by_position(app: Any) -> None:
    app.add_middleware(CORSMiddleware, APP)


def by_keywords(app: Any) -> None:
    app.add_middleware(CORSMiddleware, **APP._keywords())


def by_list(app: Any) -> None:
    app.user_middleware.append(Middleware(CORSMiddleware, policy=APP))


def by_install(app: Any) -> None:
    assert app is install(app, APP)


def by_install_s_keywords(app: Any) -> None:
    assert app is install(app, **APP._keywords())


def late(app: Any) -> None:
    """Behind a first request, for which the framework has built its middlewares."""
    assert (200, None, b"page") == ask(app, "GET", "/", FROM)
    install(app, APP)


FORMS = [
    by_policy,
    by_position,
    by_keywords,
    by_list,
    by_install,
    by_install_s_keywords,
    late,
]


@FRAMEWORKS
@pytest.mark.parametrize("set_up", FORMS)
def test_an_application_gets_its_policy(Application: Any, set_up: Any) -> None:
    """In each form."""
    app = make_app(Application)
    set_up(app)

    assert (200, "App", b"page") == ask(app, "GET", "/", FROM)
    assert (204, "App", b"") == ask(app, "OPTIONS", "/missing", preflight("PUT"))
    assert (403, "", b"") == ask(app, "OPTIONS", "/", preflight("PATCH"))


@FRAMEWORKS
def test_a_middleware_that_is_added_behind_install_stands_inside(
    Application: Any,
) -> None:
    """One that turns requests away answers under the policy, and sees no preflight."""
    app = install(make_app(Application), APP)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["trusted.example"])

    assert (400, "App") == ask(app, "GET", "/", FROM)[:2]
    assert (204, "App", b"") == ask(app, "OPTIONS", "/", preflight("PUT"))


@FRAMEWORKS
def test_a_middleware_of_functions_hands_the_headers_on(Application: Any) -> None:
    """It makes a stream of every answer, on either side."""

    async def dispatch(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    outside, inside = make_app(Application), make_app(Application)
    outside.add_middleware(CORSMiddleware, policy=APP)
    outside.add_middleware(BaseHTTPMiddleware, dispatch=dispatch)
    inside.add_middleware(BaseHTTPMiddleware, dispatch=dispatch)
    inside.add_middleware(CORSMiddleware, policy=APP)

    for app in (outside, inside):
        assert (200, "App", b"page") == ask(app, "GET", "/", FROM)


def test_the_outermost_of_two_speaks() -> None:
    """Of two that are installed, added, or mounted."""
    twice = install(install(make_app(), OTHER), APP)
    both = install(make_app(), APP)
    both.add_middleware(CORSMiddleware, policy=OTHER)
    inner = install(make_app(), OTHER)
    around = install(Starlette(routes=[Mount("/inner", inner)]), APP)

    for app, path in ((twice, "/"), (both, "/"), (around, "/inner/")):
        assert (200, "App", b"page") == ask(app, "GET", path, FROM)
    alone = Starlette(routes=[Mount("/inner", inner)])
    assert (200, "Other", b"page") == ask(alone, "GET", "/inner/", FROM)
    assert (404, None) == ask(alone, "GET", "/", FROM)[:2]


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        pytest.param(lambda app: install(app), TypeError, id="no policy"),
        pytest.param(lambda app: install(app, APP, max_age=1), TypeError, id="both"),
        pytest.param(
            lambda app: install(app, allow_origins=["x"]), PolicyError, id="a problem"
        ),
    ],
)
def test_a_mistake_is_told_at_once(attempt: Any, error: type[Exception]) -> None:
    """The application stays as it was."""
    app = make_app()

    with pytest.raises(error):
        attempt(app)

    assert "build_middleware_stack" not in vars(app)


def test_a_mistake_of_add_middleware_is_told_at_the_start() -> None:
    """Starlette makes its middlewares then."""
    app = make_app()
    app.add_middleware(CORSMiddleware, allow_origins=["x"])

    with pytest.raises(PolicyError):
        ask(app, "GET", "/", FROM)


# What is no request of a page


@FRAMEWORKS
def test_lifespan_passes_and_its_state_arrives(Application: Any) -> None:
    """The application is started by the server, and tells its routes."""
    app, sent = install(make_app(Application), APP), []
    messages = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]
    kept: dict[str, Any] = {}
    DONE.clear()

    async def receive() -> Any:
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(app({"type": "lifespan", "state": kept}, receive, send))

    assert ["lifespan.startup.complete", "lifespan.shutdown.complete"] == sent
    assert ["startup", "shutdown"] == DONE
    assert {"started": True} == kept


@FRAMEWORKS
def test_a_handshake_passes_untouched(Application: Any) -> None:
    """It is no fetch: whoever asks is answered, and no page reads a denial."""
    app = install(make_app(Application), APP)
    extensions: dict[str, Any] = {"websocket.http.response": {}}
    scope = {"type": "websocket", "headers": encode(REFUSED), "extensions": extensions}

    accepted, hello, _closed = call(app, {**scope, "path": "/socket"})
    denial, *_body = call(app, {**scope, "path": "/closed"})

    assert [("x-own", "1")] == decode(accepted)
    assert "hello" == hello["text"]
    assert (403, None) == (denial["status"], speaker(decode(denial)))


def test_a_background_task_runs_behind_the_answer() -> None:
    """Once."""
    DONE.clear()

    assert (200, "App", b"page") == ask(starlette_site, "GET", "/background", FROM)

    assert ["task"] == DONE


# Servers


@pytest.fixture(scope="module", params=["uvicorn", "hypercorn"])
def kind(request: pytest.FixtureRequest) -> str:
    if reason := missing(request.param):
        pytest.fail(reason)
    return str(request.param)


@pytest.fixture(scope="module", params=["starlette_site", "fastapi_site"])
def server(request: pytest.FixtureRequest, kind: str) -> Iterator[Server]:
    running = Server(kind, f"starlette_site:{request.param}")
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [*PAGES, pytest.param("/state", 200, b"True", id="its lifespan's state")],
)
def test_a_server_sends_what_the_framework_answers(
    server: Server, path: str, status: int, body: bytes | None
) -> None:
    """The same as in process, the preflight before it, and a refused one."""
    actual = server.ask("GET", path, FROM.items())
    asked = server.ask("OPTIONS", path, preflight("GET").items())
    refused = server.ask("OPTIONS", path, {**preflight("GET"), **REFUSED}.items())

    assert actual is not None and asked is not None and refused is not None
    assert (status, "App") == (actual.status, speaker(actual.headers))
    assert body in (None, actual.body)
    assert (204, "App", b"") == (asked.status, speaker(asked.headers), asked.body)
    assert (403, "", b"") == (refused.status, speaker(refused.headers), refused.body)
