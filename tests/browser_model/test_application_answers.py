"""What an application may answer, and what counts as no response.

Here: endings without an end, exceptions, and everything that is no HTTP, for WSGI and ASGI.
Not here: what an application sees (`test_applications.py`).
Spec: https://peps.python.org/pep-3333/, https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import sys

import pytest
from browser_model.spoken_applications import answering, ask, body, speaking, start
from corsac.browser import Cause, NoResponse


def wsgi_raising_late(environ, start_response):
    start_response("200 OK", [("X-A", "1")])
    yield b"one"
    raise RuntimeError("late")


def wsgi_restarting(environ, start_response):
    start_response("200 OK", [("X-A", "1")])
    try:
        raise RuntimeError("early")
    except RuntimeError:
        start_response("500 Oops", [("X-A", "2")], sys.exc_info())
    return [b""]


def wsgi_writing(environ, start_response):
    start_response("200 OK", [("X-A", "1")])(b"written")
    return []


def wsgi_starting_late(environ, start_response):
    start_response("200 OK", [("X-A", "1")])
    yield b"one"


def wsgi_endless(environ, start_response):
    start_response("200 OK", [("X-A", "1"), ("Content-Type", "text/event-stream")])
    while True:
        yield b"data: 1\n\n"


def wsgi_huge(environ, start_response):
    start_response("200 OK", [("X-A", "1")])
    while True:
        yield bytes(1 << 20)


def raising_behind(*messages):
    async def application(scope, receive, send):
        for message in messages:
            await send(message)
        raise RuntimeError("behind")

    return application


def waiting_for_the_end(*messages, ended=None):
    """Does not end before the client is gone."""

    async def application(scope, receive, send):
        await receive()
        for message in messages:
            await send(message)
        while (await receive())["type"] != "http.disconnect":
            pass
        if ended is not None:
            ended.append(scope["type"])

    return application


async def asgi_endless(scope, receive, send):
    await send(start(200, (b"x-a", b"1"), (b"content-type", b"text/event-stream")))
    while True:
        await send(body(b"data: 1\n\n", more=True))


async def asgi_silent_stream(scope, receive, send):
    """Neither sends nor listens once it has begun, and does not mind being ended."""
    await send(start(200, (b"x-a", b"1"), (b"content-type", b"text/event-stream")))
    await asyncio.Event().wait()


async def asgi_huge(scope, receive, send):
    await send(start(200, (b"x-a", b"1")))
    while True:
        await send(body(bytes(1 << 20), more=True))


A = (b"x-a", b"1")
ANSWERS = [
    ("WSGI: a list", answering([], lines=[("X-A", "1")]), 200),
    ("WSGI: written", wsgi_writing, 200),
    ("WSGI: begun with the first chunk", wsgi_starting_late, 200),
    ("WSGI: begun again", wsgi_restarting, 500),
    ("WSGI: a stream of events without an end", wsgi_endless, 200),
    ("WSGI: a body without an end", wsgi_huge, 200),
    ("ASGI: two messages", speaking(start(200, A), body()), 200),
    ("ASGI: no body", speaking(start(404, A)), 404),
    ("ASGI: chunks", speaking(start(200, A), body(b"1", True), body()), 200),
    ("ASGI: raises behind its answer", raising_behind(start(500, A), body()), 500),
    (
        "ASGI: waits until the client is gone",
        waiting_for_the_end(start(200, A), body()),
        200,
    ),
    ("ASGI: a stream of events without an end", asgi_endless, 200),
    ("ASGI: a stream that falls silent", asgi_silent_stream, 200),
    ("ASGI: a body without an end", asgi_huge, 200),
]


@pytest.mark.parametrize(
    ("application", "status"),
    [row[1:] for row in ANSWERS],
    ids=[row[0] for row in ANSWERS],
)
def test_an_answer_is_taken_as_it_comes(application, status):
    """Its status and its header lines; nobody waits for the end of a body that has none."""
    response = ask(application)
    assert status == response.status
    (value,) = [value for name, value in response.headers if name.lower() == "x-a"]
    assert ("2" if application is wsgi_restarting else "1") == value


def test_the_client_goes_once_it_has_its_answer():
    """An application that waits for that comes to its own end."""
    ended = []
    ask(waiting_for_the_end(start(), body(), ended=ended))
    assert ["http"] == ended


def test_an_exception_behind_an_answer_is_logged(caplog):
    """As servers do, so that a failed test shows it; a client that went away is no exception."""

    class Body(list):
        def close(self):
            raise RuntimeError("behind")

    def application(environ, start_response):
        start_response("200 OK", [])
        return Body([b""])

    for each in (application, raising_behind(start(), body())):
        caplog.clear()
        ask(each)
        (record,) = caplog.records
        assert "corsac.browser.applications" == record.name
        assert "behind" == str(record.exc_info[1])
    caplog.clear()
    ask(asgi_endless)
    assert not caplog.records


def test_lines_keep_their_order_and_repeats():
    """As the server sends them, without the white space around values."""
    lines = [("Vary", "A"), ("X-B", " 2\t"), ("vary", "B"), ("X-C", "\xe9")]
    encoded = [(n.encode(), v.encode("latin-1")) for n, v in lines]
    expected = (("Vary", "A"), ("X-B", "2"), ("vary", "B"), ("X-C", "\xe9"))
    assert expected == ask(answering([], lines=lines)).headers
    assert expected == ask(speaking(start(200, *encoded), body())).headers


def test_an_application_is_closed():
    """PEP 3333: what has a `close` is closed, whatever happened."""
    closed = []

    class Body:
        def __iter__(self):
            raise RuntimeError("no chunk")

        def close(self):
            closed.append(True)

    def application(environ, start_response):
        start_response("200 OK", [])
        return Body()

    with pytest.raises(NoResponse, match="RuntimeError: no chunk"):
        ask(application)
    assert [True] == closed


def raising(environ, start_response):
    raise KeyError("lost")


async def asgi_raising(scope, receive, send):
    raise KeyError("lost")


def silent(environ, start_response):
    return [b"hello"]


def wsgi_twice(environ, start_response):
    start_response("200 OK", [])
    start_response("200 OK", [])
    return [b""]


def text(environ, start_response):
    start_response("200 OK", [])
    return ["hello"]


BROKEN = [
    ("WSGI: raises", raising, Cause.EMPTY, "raised KeyError: 'lost'"),
    (
        "WSGI: raises within its body",
        wsgi_raising_late,
        Cause.EMPTY,
        "RuntimeError: late",
    ),
    ("WSGI: no start", silent, Cause.EMPTY, "without calling start_response"),
    ("WSGI: two starts", wsgi_twice, Cause.EMPTY, "called twice"),
    ("WSGI: a body of text", text, Cause.NO_HTTP, "a body of str"),
    ("WSGI: no status", answering([], "OK"), Cause.NO_HTTP, "the status 'OK'"),
    ("WSGI: a number", answering([], 200), Cause.NO_HTTP, "200"),
    ("WSGI: a bad name", answering([], lines=[("X A", "1")]), Cause.NO_HTTP, "'X A'"),
    (
        "WSGI: two lines",
        answering([], lines=[("X", "1\r\nY: 2")]),
        Cause.NO_HTTP,
        "Y: 2",
    ),
    ("WSGI: bytes", answering([], lines=[(b"X", b"1")]), Cause.NO_HTTP, "b'X'"),
    ("WSGI: nothing", lambda environ, start_response: None, Cause.EMPTY, "TypeError"),
    ("ASGI: raises", asgi_raising, Cause.EMPTY, "raised KeyError: 'lost'"),
    (
        "ASGI: raises in between",
        raising_behind(start(), body(b"1", True)),
        Cause.EMPTY,
        "behind",
    ),
    ("ASGI: nothing", speaking(), Cause.EMPTY, "without an answer"),
    (
        "ASGI: a body first",
        speaking(body()),
        Cause.NO_HTTP,
        "a body before its beginning",
    ),
    (
        "ASGI: two starts",
        speaking(start(), start()),
        Cause.NO_HTTP,
        "a second beginning",
    ),
    ("ASGI: no status", speaking(start("200")), Cause.NO_HTTP, "the status '200'"),
    ("ASGI: a small status", speaking(start(20)), Cause.NO_HTTP, "the status 20"),
    ("ASGI: text", speaking(start(200, ("x-a", "1"))), Cause.NO_HTTP, "header lines"),
    ("ASGI: no pairs", speaking(start(200, b"x-a: 1")), Cause.NO_HTTP, "header lines"),
    (
        "ASGI: no status at all",
        speaking({"type": "http.response.start"}),
        Cause.EMPTY,
        "'status'",
    ),
]


@pytest.mark.parametrize(
    ("application", "cause", "message"),
    [row[1:] for row in BROKEN],
    ids=[row[0] for row in BROKEN],
)
def test_what_is_no_answer_is_no_response(application, cause, message):
    """A browser gets nothing then, and the reason says whose fault it is."""
    with pytest.raises(NoResponse) as caught:
        ask(application)
    assert cause is caught.value.cause
    assert message in str(caught.value)


def test_the_exception_of_an_application_is_the_cause():
    """So that a failed test can show where it was raised."""
    for application in (raising, asgi_raising):
        with pytest.raises(NoResponse) as caught:
            ask(application)
        assert isinstance(caught.value.__cause__, KeyError)
