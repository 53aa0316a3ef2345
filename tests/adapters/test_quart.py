"""Asks the Quart adapter for what only Quart has.

Here: ASGI middlewares on both sides of the adapter, WebSockets, lifespan, errors that leave,
streams, views that come late, and Quart under servers that people run it on.
Not here: whose policy a route has (`test_views.py`), setting up (`test_extensions.py`).
Spec: https://quart.palletsprojects.com/en/latest/how_to_guides/middleware/
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import version
from typing import Any

import pytest
import quart
import werkzeug.routing
from corsac.adapters.quart import CORS, cors
from handshakes import open_socket
from hypercorn.middleware import ProxyFixMiddleware
from quart_site import APP, CHUNKS, VIEW, site
from servers import Server, missing
from spoken import FROM, REFUSED, policy, preflight, speaker


async def ask_async(
    app: quart.Quart, method: str, path: str, headers: dict[str, str]
) -> tuple[int, str | None, bytes]:
    response = await app.test_client().open(path, method=method, headers=headers)
    body = await response.get_data(as_text=False)
    return response.status_code, speaker(response.headers), body


def ask(
    app: quart.Quart, method: str, path: str, headers: dict[str, str]
) -> tuple[int, str | None, bytes]:
    """The status of the answer, who speaks in it, and its body."""
    return asyncio.run(ask_async(app, method, path, headers))


PAGES = [
    pytest.param("/", 200, "App", b"page", id="a page"),
    pytest.param("/missing", 404, "App", None, id="a 404"),
    pytest.param("/stream", 200, "View", b"".join(CHUNKS), id="a stream"),
    pytest.param("/file", 200, "View", None, id="a file"),
    pytest.param("/thread", 200, "View", b"False", id="a view in a thread"),
    pytest.param("/error", 500, "View", None, id="an unhandled error"),
    pytest.param("/off", 200, None, b"page", id="a view that is off"),
    pytest.param("/socket", 400, "App", None, id="no handshake"),
]


@pytest.mark.parametrize(("path", "status", "expected", "body"), PAGES)
def test_an_answer_of_quart_carries_the_headers(
    path: str, status: int, expected: str | None, body: bytes | None
) -> None:
    """Whatever it is made of, and it arrives as Quart made it."""
    answered = ask(site, "GET", path, FROM)

    assert (status, expected) == answered[:2]
    assert body in (None, answered[2])


@pytest.mark.skipif(
    version("quart").startswith("0.20."),
    reason="Quart 0.20, the newest for Python 3.10, answers such errors itself",
)
@pytest.mark.parametrize("path", ["/", "/view"])
def test_an_error_that_quart_hands_on_leaves_unchanged(path: str) -> None:
    """With the application's policy or a view's."""
    app = quart.Quart("site")
    CORS(app, APP)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    error = LookupError("raised on purpose")

    async def fail() -> str:
        raise error

    async def fail_too() -> str:
        raise error

    app.add_url_rule("/", "index", fail)
    app.add_url_rule("/view", "view", cors(VIEW)(fail_too))

    with pytest.raises(LookupError) as raised:
        ask(app, "GET", path, FROM)

    assert error is raised.value


# WebSockets and lifespan


def shake_hands(app: quart.Quart, path: str) -> list[Any]:
    """What the application sends to a page of a refused origin that opens a WebSocket."""
    headers = [(b"host", b"x"), (b"origin", REFUSED["Origin"].encode())]
    return open_socket(app, path, headers, "websocket.http.response")


@pytest.mark.parametrize("own", [APP, None], ids=["with a policy", "with views only"])
def test_a_handshake_passes_untouched(own: Any) -> None:
    """It is no fetch: whoever asks is answered, and a mark on its view says nothing."""
    app = quart.Quart("site")
    CORS(app, own)
    app.add_url_rule("/", "index", cors(VIEW)(lambda: "page"))

    @app.websocket("/socket")
    @cors(policy("Socket"))
    async def socket() -> None:
        await quart.websocket.accept(headers={"X-Own": "1"})
        await quart.websocket.send("hello")

    accepted, hello, _closed = shake_hands(app, "/socket")

    assert [(b"x-own", b"1")] == accepted["headers"]
    assert "hello" == hello["text"]


def test_a_refused_handshake_stays_quart_s() -> None:
    """No page can read that answer."""
    start, *_body = shake_hands(site, "/closed")

    lines = [(name.decode(), value.decode()) for name, value in start["headers"]]
    assert ("websocket.http.response.start", 403) == (start["type"], start["status"])
    assert None is speaker(lines)


@pytest.mark.parametrize("marked", [False, True], ids=["an application", "a view"])
def test_lifespan_passes(marked: bool) -> None:
    """Before the first request and behind the last."""
    app, ran = quart.Quart("site"), []
    CORS(app, APP)
    view = cors(VIEW)(lambda: "page") if marked else (lambda: "page")
    app.add_url_rule("/", "index", view)

    @app.while_serving
    async def serve() -> AsyncIterator[None]:
        ran.append("startup")
        yield
        ran.append("shutdown")

    async def live() -> None:
        async with app.test_app() as running:
            response = await running.test_client().get("/", headers=FROM)
            ran.append(speaker(response.headers) or "")

    asyncio.run(live())

    assert ["startup", "View" if marked else "App", "shutdown"] == ran


# Middlewares


class Copying:
    """Calls an application with a scope of its own."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(dict(scope), receive, send)


class Buffering(Copying):
    """Sends when the application has ended, from another task."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        messages: list[Any] = []

        async def keep(message: Any) -> None:
            messages.append(message)

        await asyncio.create_task(self.app(scope, receive, keep))
        for message in messages:
            await send(message)


class Renaming(Copying):
    """Changes what the request says of itself."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["headers"] = [(b"host", b"x"), (b"origin", b"https://mallory.test")]
        await self.app(scope, receive, send)


def deep(app: Any) -> Any:
    """Hypercorn's own, which copies scopes deeply."""
    return ProxyFixMiddleware(app, mode="legacy", trusted_hops=1)


@pytest.mark.parametrize("middleware", [Copying, Buffering, Renaming, deep])
def test_a_middleware_of_the_application_takes_no_policy_away(middleware: Any) -> None:
    """Though it stands between Quart and the adapter."""
    app = quart.Quart("site")
    app.add_url_rule("/", "index", lambda: "page")
    app.add_url_rule("/view", "view", cors(VIEW)(lambda: "page"))
    app.asgi_app = middleware(app.asgi_app)  # type: ignore[method-assign]  # as Quart documents it
    CORS(app, APP)

    for path, expected in (("/", "App"), ("/view", "View"), ("/missing", "App")):
        assert expected == ask(app, "GET", path, FROM)[1]
        assert (204, expected) == ask(app, "OPTIONS", path, preflight("GET"))[:2]


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_the_server_s_scope_is_not_changed(method: str) -> None:
    """Its header lines may be read once only, and reach Quart all the same."""
    headers = preflight("GET") if method == "OPTIONS" else FROM
    lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": "/stream",
        "query_string": b"",
        "headers": iter([(b"host", b"x"), *lines]),
    }
    before, sent = dict(scope), []

    async def receive() -> Any:
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(site(scope, receive, send))  # type: ignore[arg-type]  # a scope of a test

    assert before == scope
    answered = [(n.decode(), v.decode()) for n, v in sent[0]["headers"]]
    assert "View" == speaker(answered)


# Routing


def test_a_view_that_is_registered_behind_a_request_counts() -> None:
    """Quart takes views at any time."""
    app = quart.Quart("site")
    CORS(app, APP)
    app.add_url_rule("/", "index", lambda: "page")
    assert "App" == ask(app, "GET", "/", FROM)[1]

    app.add_url_rule("/view", "view", cors(VIEW)(lambda: "page"))

    assert ["View", "App"] == [ask(app, "GET", p, FROM)[1] for p in ("/view", "/")]


class Failing(werkzeug.routing.BaseConverter):
    """Fails for one value."""

    def to_python(self, value: str) -> str:
        if value == "fails":
            raise LookupError("raised on purpose")
        return value


def test_a_converter_that_fails_leaves_a_preflight_without_a_policy() -> None:
    """Whose it is, nobody knows; Quart lets the error out to the server, as without corsac."""
    app = quart.Quart("site")
    CORS(app, APP)
    app.url_map.converters["failing"] = Failing
    app.add_url_rule("/<failing:value>", "view", cors(VIEW)(lambda value: value))

    assert (204, "View") == ask(app, "OPTIONS", "/works", preflight("GET"))[:2]
    for method, headers in (("OPTIONS", preflight("GET")), ("GET", FROM)):
        with pytest.raises(LookupError):
            ask(app, method, "/fails", headers)


def test_requests_that_run_at_the_same_time_keep_their_own_routes() -> None:
    """A route belongs to its request."""
    app, waiting = quart.Quart("site"), []
    CORS(app, APP)

    async def page() -> str:
        waiting.append(1)
        while len(waiting) < 2:
            await asyncio.sleep(0)
        return "page"

    async def view() -> str:
        return await page()

    app.add_url_rule("/", "index", page)
    app.add_url_rule("/view", "view", cors(VIEW)(view))

    async def both() -> list[Any]:
        asked = [ask_async(app, "GET", path, FROM) for path in ("/", "/view")]
        return [answered[1] for answered in await asyncio.gather(*asked)]

    assert ["App", "View"] == asyncio.run(both())


# Servers


@pytest.fixture(scope="module", params=["hypercorn", "uvicorn"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if reason := missing(request.param):
        pytest.fail(reason)
    running = Server(request.param, "quart_site:site")
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("path", "status", "expected", "body"),
    [
        *PAGES,
        pytest.param("/started", 200, "View", b'["started"]\n', id="its lifespan"),
    ],
)
def test_a_server_sends_what_quart_answers(
    server: Server, path: str, status: int, expected: str | None, body: bytes | None
) -> None:
    """The same as in process, the preflight before it, and a refused one."""
    actual = server.ask("GET", path, FROM.items())
    asked = server.ask("OPTIONS", path, preflight("GET").items())
    refused = server.ask("OPTIONS", path, {**preflight("GET"), **REFUSED}.items())

    assert actual is not None and asked is not None and refused is not None
    assert (status, expected) == (actual.status, speaker(actual.headers))
    assert body in (None, actual.body)
    assert (204 if expected else 200, expected) == (
        asked.status,
        speaker(asked.headers),
    )
    assert ((403, "") if expected else (200, None)) == (
        refused.status,
        speaker(refused.headers),
    )
    assert b"" == refused.body
