"""Asks the ASGI adapter for what ASGI asks of it.

Here: scopes, messages and objects as the protocol has them, without a server.
Not here: which headers a request gets (`test_table.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from corsac.adapters.asgi import CORSMiddleware
from protocols import (
    ASKED,
    ORIGIN,
    POLICY,
    ASGIServer,
    RecordingApplication,
    answering,
    body,
    http,
    start,
)
from protocols import PLAIN_BYTES as PLAIN

CORS = [
    (b"access-control-allow-origin", b"https://example.com"),
    (b"vary", b"Origin"),
]

# What it lets pass


@pytest.mark.parametrize("kind", ["lifespan", "websocket", "webtransport", "x.unknown"])
def test_a_scope_that_is_no_request_passes_with_the_same_three_objects(
    kind: str,
) -> None:
    """Nothing of it is read, wrapped or answered, whatever it holds."""
    application, server = RecordingApplication(), ASGIServer()
    lines = [ORIGIN, (ASKED, b"PUT")]
    scope = {"type": kind, "method": "OPTIONS", "headers": lines}
    receive, send = server.receive, server.send

    asyncio.run(CORSMiddleware(application, POLICY)(scope, receive, send))

    [(seen_scope, seen_receive, seen_send)] = application.calls
    assert scope is seen_scope
    assert receive is seen_receive
    assert send is seen_send
    assert [] == server.sent


def test_a_scope_without_headers_passes_where_it_is_no_request() -> None:
    """A lifespan has neither a method nor headers."""
    application, server = RecordingApplication(), ASGIServer()

    server.serve(CORSMiddleware(application, POLICY), {"type": "lifespan"})

    assert 1 == len(application.calls)


def test_a_request_passes_with_the_same_scope_and_receive() -> None:
    """The application reads the body from the server itself, and shares its state with it."""
    application, server = RecordingApplication(), ASGIServer()
    scope = {**http([ORIGIN]), "state": {}, "extensions": {}}
    before = copy.deepcopy(scope)
    receive = server.receive

    asyncio.run(CORSMiddleware(application, POLICY)(scope, receive, server.send))

    [(seen_scope, seen_receive, _)] = application.calls
    assert scope is seen_scope
    assert before == scope
    assert receive is seen_receive
    assert 0 == server.asked


def test_only_the_start_message_is_another_object() -> None:
    """Bodies, trailers and messages of extensions are the application's own."""
    messages: list[Any] = [
        {"type": "http.response.debug", "info": {}},
        {"type": "http.response.push", "path": "/style.css", "headers": [PLAIN]},
        start(),
        body(b"one", more_body=True),
        {"type": "http.response.zerocopysend", "file": 7},
        {"type": "http.response.pathsend", "path": "file"},
        body(b"two"),
        {"type": "http.response.trailers", "headers": [(b"vary", b"x")]},
        {"type": "x.unknown"},
    ]
    before = copy.deepcopy(messages)

    sent = ASGIServer().serve(CORSMiddleware(answering(*messages), POLICY), http())

    assert len(messages) == len(sent)
    for message, seen in zip(messages, sent, strict=True):
        assert (message is seen) is (message["type"] != "http.response.start")
    assert before == messages


def test_a_body_is_handed_on_as_it_is() -> None:
    """A memoryview or a missing key is none of the adapter's business."""
    view = memoryview(b"view")
    messages = [start(), body(view, True), {"type": "http.response.body"}]

    sent = ASGIServer().serve(CORSMiddleware(answering(*messages), POLICY), http())

    assert view is sent[1]["body"]
    assert {"type": "http.response.body"} == sent[2]


def test_chunks_pass_one_by_one() -> None:
    """Each is with the server before the application goes on."""
    server = ASGIServer()
    seen = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send(start())
        seen.append(len(server.sent))
        for chunk in (b"one", b"two", b"three"):
            await send(body(chunk, more_body=True))
            seen.append(len(server.sent))
        await send(body())

    server.serve(CORSMiddleware(application, POLICY), http())

    assert [1, 2, 3, 4] == seen
    assert 5 == len(server.sent)


def test_an_exception_of_the_application_leaves_unchanged() -> None:
    """The server, or whoever stands outside, handles it; nothing is sent in its place."""
    server = ASGIServer()
    error = LookupError("raised on purpose")

    async def application(scope: Any, receive: Any, send: Any) -> None:
        raise error

    with pytest.raises(LookupError) as raised:
        server.serve(CORSMiddleware(application, POLICY), http())

    assert error is raised.value
    assert [] == server.sent


def test_an_exception_after_the_start_leaves_unchanged() -> None:
    """What was sent stays sent."""
    server = ASGIServer()
    error = LookupError("raised on purpose")

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send(start())
        raise error

    with pytest.raises(LookupError) as raised:
        server.serve(CORSMiddleware(application, POLICY), http())

    assert error is raised.value
    assert ["http.response.start"] == [message["type"] for message in server.sent]


def test_an_exception_of_the_server_reaches_the_application() -> None:
    """Whoever sends is told that nobody listens any more."""
    error = OSError("gone on purpose")
    caught = []

    async def send(message: Any) -> None:
        raise error

    async def application(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send(start())
        except OSError as raised:
            caught.append(raised)

    asyncio.run(CORSMiddleware(application, POLICY)(http(), ASGIServer().receive, send))

    assert [error] == caught


# What it adds


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(list, id="a list of tuples"),
        pytest.param(tuple, id="a tuple of tuples"),
        pytest.param(lambda lines: [list(line) for line in lines], id="lists"),
        pytest.param(iter, id="an iterator"),
    ],
)
def test_the_answer_s_header_lines_have_any_shape(
    shape: Callable[[Iterable[Any]], Any],
) -> None:
    """They come out as a list, the application's first."""
    lines = [PLAIN, (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]

    sent = ASGIServer().serve(
        CORSMiddleware(answering(start(shape(lines))), POLICY), http()
    )

    headers = sent[0]["headers"]
    assert isinstance(headers, list)
    assert [*lines, *CORS] == [tuple(line) for line in headers]


def test_a_start_message_without_headers_gets_them() -> None:
    """The key may be left out, as the specification says."""
    message = {"type": "http.response.start", "status": 204}

    sent = ASGIServer().serve(CORSMiddleware(answering(message), POLICY), http())

    assert CORS == sent[0]["headers"]
    assert "headers" not in message


def test_a_start_message_is_not_changed_and_keeps_its_other_keys() -> None:
    """An application may send one and the same dict to everybody."""
    lines = [PLAIN, (b"vary", b"accept")]
    message = {**start(lines, 206), "trailers": True}
    before = copy.deepcopy(message)

    sent = ASGIServer().serve(CORSMiddleware(answering(message), POLICY), http())

    assert before == message
    assert lines is message["headers"]
    expected = [PLAIN, CORS[0], (b"vary", b"accept, Origin")]
    assert {**before, "headers": expected} == sent[0]


def test_one_message_serves_many_requests() -> None:
    """Nothing of one answer is left in the next."""
    middleware = CORSMiddleware(answering(start(), body()), POLICY)

    first = ASGIServer().serve(middleware, http())
    second = ASGIServer().serve(
        middleware, http([(b"origin", b"https://other.example")])
    )
    third = ASGIServer().serve(middleware, http([]))

    assert [PLAIN, *CORS] == first[0]["headers"]
    origin = (CORS[0][0], b"https://other.example")
    assert [PLAIN, origin, CORS[1]] == second[0]["headers"]
    assert [PLAIN, CORS[1]] == third[0]["headers"]


def test_requests_that_run_at_the_same_time_keep_their_own_origins() -> None:
    """A decision belongs to its request, not to the middleware."""
    entered = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        entered.append(scope)
        while len(entered) < 2:
            await asyncio.sleep(0)
        await send(start())

    async def both() -> list[ASGIServer]:
        middleware = CORSMiddleware(application, POLICY)
        servers = [ASGIServer(), ASGIServer()]
        scopes = [http(), http([(b"origin", b"https://other.example")])]
        await asyncio.gather(
            *(
                middleware(scope, server.receive, server.send)
                for scope, server in zip(scopes, servers, strict=True)
            )
        )
        return servers

    origins = [dict(c.sent[0]["headers"])[CORS[0][0]] for c in asyncio.run(both())]

    assert [b"https://example.com", b"https://other.example"] == origins


@pytest.mark.parametrize("status", [200, 301, 304, 401, 404, 405, 500, 503])
def test_every_status_carries_the_headers(status: int) -> None:
    """A page may read an error too, and one that the application made of an exception."""
    server = ASGIServer()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        try:
            raise LookupError("caught on purpose")
        except LookupError:
            await send(start([PLAIN], status))
            await send(body())

    server.serve(CORSMiddleware(application, POLICY), http())

    assert status == server.sent[0]["status"]
    assert [PLAIN, *CORS] == server.sent[0]["headers"]


def test_header_names_in_capitals_are_recognised() -> None:
    """ASGI wants lower case; an application that does not keep to it gains nothing."""
    lines = [(b"ACCESS-Control-Allow-Origin", b"*"), (b"Vary", b"Cookie")]

    sent = ASGIServer().serve(CORSMiddleware(answering(start(lines)), POLICY), http())

    assert [CORS[0], (b"vary", b"Cookie, Origin")] == sent[0]["headers"]


def test_the_outermost_of_two_speaks() -> None:
    """One that was left inside by mistake is overruled, and no header comes twice."""
    inner = CORSMiddleware(answering(start(), body()), allow_origins=["*"])

    sent = ASGIServer().serve(CORSMiddleware(inner, POLICY), http())

    assert [PLAIN, *CORS] == sent[0]["headers"]
