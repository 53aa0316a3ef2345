"""Asks the WSGI adapter for what WSGI asks of it.

Here: environs, `start_response` and iterables as the protocol has them, without a server.
Not here: which headers a request gets (`test_table.py`).
Spec: https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Any
from wsgiref.util import FileWrapper
from wsgiref.validate import validator

import pytest
from corsac.adapters.wsgi import CORSMiddleware
from protocols import PLAIN, POLICY, WSGIServer, application, environ

CORS = [
    ("Access-Control-Allow-Origin", "https://example.com"),
    ("Vary", "Origin"),
]
# What it hands on


def test_the_application_gets_the_server_s_environ() -> None:
    """The same dict, and nothing in it is changed or read away."""
    seen = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        seen.append(environ)
        start_response("200 OK", [PLAIN])
        return []

    given = environ("POST")
    given["wsgi.input"] = io.BytesIO(b"a body")
    before = dict(given)

    CORSMiddleware(application, POLICY)(given, WSGIServer().start_response)

    assert [id(given)] == [id(one) for one in seen]
    assert before == given
    assert b"a body" == given["wsgi.input"].read()


def test_the_server_gets_the_application_s_iterable() -> None:
    """The object itself: its length, its `close` and its type tell servers what to do."""

    class Chunks:
        closed = False

        def __iter__(self) -> Iterator[bytes]:
            yield b"one"

        def close(self) -> None:
            self.closed = True

    chunks = Chunks()

    def application(environ: Any, start_response: Any) -> Chunks:
        start_response("200 OK", [PLAIN])
        return chunks

    returned: Any = CORSMiddleware(application, POLICY)(
        environ(), WSGIServer().start_response
    )

    assert chunks is returned
    assert not chunks.closed
    returned.close()
    assert chunks.closed


def test_a_file_wrapper_stays_the_server_s() -> None:
    """A server sends a file by itself only where it sees its own wrapper."""
    file = io.BytesIO(b"a file")

    def application(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [PLAIN])
        return environ["wsgi.file_wrapper"](file, 4096)

    given = {**environ(), "wsgi.file_wrapper": FileWrapper}

    returned: Any = CORSMiddleware(application, POLICY)(
        given, WSGIServer().start_response
    )

    assert FileWrapper is type(returned)
    assert file is returned.filelike
    assert 0 == file.tell()


def test_chunks_pass_one_by_one() -> None:
    """The application makes a chunk when the server asks for it."""
    made = []

    def application(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [PLAIN])
        for chunk in (b"one", b"two"):
            made.append(chunk)
            yield chunk

    chunks = iter(
        CORSMiddleware(application, POLICY)(environ(), WSGIServer().start_response)
    )

    assert [] == made
    assert b"one" == next(chunks)
    assert [b"one"] == made
    assert b"two" == next(chunks)


def test_a_generator_that_starts_late_carries_the_headers() -> None:
    """`start_response` may be called when the first chunk is asked for."""
    server = WSGIServer()

    def application(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [PLAIN])
        yield b"late"

    chunks = iter(CORSMiddleware(application, POLICY)(environ(), server.start_response))
    assert [] == server.started
    assert b"late" == next(chunks)

    assert [("200 OK", [PLAIN, *CORS])] == server.started


def test_write_is_the_server_s() -> None:
    """What it is given arrives at once, before the application returns."""
    server = WSGIServer()
    seen = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [PLAIN])
        write(b"one")
        seen.append((write, list(server.written)))
        return []

    CORSMiddleware(application, POLICY)(environ(), server.start_response)

    assert [(server.write, [b"one"])] == seen


def test_the_application_s_header_list_is_not_changed() -> None:
    """An application may hand over one and the same list every time."""
    lines = [PLAIN, ("Vary", "Accept")]
    server = WSGIServer()

    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", lines)
        return []

    middleware = CORSMiddleware(application, POLICY)
    middleware(environ(), server.start_response)
    middleware(environ(origin="https://other.example"), server.start_response)

    assert [PLAIN, ("Vary", "Accept")] == lines
    (_, first), (_, second) = server.started
    assert [PLAIN, CORS[0], ("Vary", "Accept, Origin")] == first
    origin = (CORS[0][0], "https://other.example")
    assert [PLAIN, origin, ("Vary", "Accept, Origin")] == second


def test_the_server_gets_a_list_of_str_tuples() -> None:
    """The specification names these types, and servers assert them."""
    server = WSGIServer()

    CORSMiddleware(application, POLICY)(environ(), server.start_response)

    [(status, headers)] = server.started
    assert (str, list) == (type(status), type(headers))
    assert {tuple} == {type(line) for line in headers}
    assert {str} == {type(text) for line in headers for text in line}


def test_an_answer_without_own_headers_carries_the_headers() -> None:
    """An empty list gets lines of str too."""
    server = WSGIServer()

    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("304 Not Modified", [])
        return []

    CORSMiddleware(application, POLICY)(environ(), server.start_response)

    assert [("304 Not Modified", CORS)] == server.started


@pytest.mark.parametrize(
    "status",
    ["200 OK", "302 Found", "404 Not Found", "500 Oh Dear", "299 Spelled By Hand"],
)
def test_every_status_carries_the_headers_and_keeps_its_words(status: str) -> None:
    """A page may read an error too, and one that the application made of an exception."""
    server = WSGIServer()

    def application(environ: Any, start_response: Any) -> list[bytes]:
        try:
            raise LookupError("caught on purpose")
        except LookupError:
            start_response(status, [PLAIN])
        return [b""]

    CORSMiddleware(application, POLICY)(environ(), server.start_response)

    assert [(status, [PLAIN, *CORS])] == server.started


# Errors


def test_exc_info_reaches_the_server() -> None:
    """A second call replaces the answer, with the headers on it too."""
    server = WSGIServer()
    infos = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [PLAIN])
        try:
            raise LookupError("caught on purpose")
        except LookupError:
            infos.append(sys.exc_info())
            start_response("500 Internal Server Error", [PLAIN], infos[0])
        return [b""]

    CORSMiddleware(application, POLICY)(environ(), server.start_response)

    first, (status, headers, info) = server.started
    assert ("200 OK", [PLAIN, *CORS]) == first
    assert ("500 Internal Server Error", [PLAIN, *CORS]) == (status, headers)
    assert infos[0] is info


@pytest.mark.parametrize("none", [(), (None,)], ids=["left out", "None"])
def test_without_exc_info_the_server_gets_two_arguments(none: tuple[Any, ...]) -> None:
    """A `start_response` that knows no third argument works."""
    started = []

    def start_response(status: str, headers: Any, /) -> Any:
        started.append(status)

    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [PLAIN], *none)
        return []

    CORSMiddleware(application, POLICY)(environ(), start_response)

    assert ["200 OK"] == started


def test_what_the_server_raises_reaches_the_application() -> None:
    """Once a chunk is out, the server raises the error that it was given again."""
    error = LookupError("raised on purpose")

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        if exc_info:
            raise exc_info[1]

    def application(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [PLAIN])
        yield b"one"
        try:
            raise error
        except LookupError:
            start_response("500 Internal Server Error", [PLAIN], sys.exc_info())
        yield b"never"

    chunks = iter(CORSMiddleware(application, POLICY)(environ(), start_response))
    assert b"one" == next(chunks)
    with pytest.raises(LookupError) as raised:
        next(chunks)

    assert error is raised.value


def test_an_exception_of_the_application_leaves_unchanged() -> None:
    """The server, or whoever stands outside, handles it; nothing is started in its place."""
    server = WSGIServer()
    error = LookupError("raised on purpose")

    def application(environ: Any, start_response: Any) -> list[bytes]:
        raise error

    with pytest.raises(LookupError) as raised:
        CORSMiddleware(application, POLICY)(environ(), server.start_response)

    assert error is raised.value
    assert [] == server.started


def test_an_environ_without_a_request_line_is_no_preflight() -> None:
    """A gateway that leaves keys out gets the application's answer."""
    server = WSGIServer()

    CORSMiddleware(application, POLICY)({}, server.start_response)

    assert [("200 OK", [PLAIN, ("Vary", "Origin")])] == server.started


def test_the_outermost_of_two_speaks() -> None:
    """One that was left inside by mistake is overruled, and no header comes twice."""
    server = WSGIServer()
    inner = CORSMiddleware(application, allow_origins=["*"])

    CORSMiddleware(inner, POLICY)(environ(), server.start_response)

    assert [("200 OK", [PLAIN, *CORS])] == server.started


# The checker of the standard library


def written(environ: Any, start_response: Any) -> list[bytes]:
    """Answers through `write`."""
    start_response("200 OK", [PLAIN])(b"the application")
    return [b""]


def restarted(environ: Any, start_response: Any) -> list[bytes]:
    """Starts again behind an error."""
    start_response("200 OK", [PLAIN])
    try:
        raise LookupError("caught on purpose")
    except LookupError:
        start_response("500 Internal Server Error", [PLAIN], sys.exc_info())
    return [b"the application"]


@pytest.mark.parametrize("inner", [application, written, restarted])
@pytest.mark.parametrize(
    ("method", "asked", "changes"),
    [
        pytest.param("GET", "PUT", {}, id="an actual request"),
        pytest.param("OPTIONS", "PUT", {}, id="an allowed preflight"),
        pytest.param(
            "OPTIONS",
            "PUT",
            {"preflight_status": 200},
            id="an allowed preflight of old clients",
        ),
        pytest.param("OPTIONS", "DELETE", {}, id="a refused preflight"),
    ],
)
def test_the_standard_library_s_validator_is_content_on_both_sides(
    inner: Any, method: str, asked: str, changes: Any
) -> None:
    """It plays the server to the middleware, and the application's server too."""
    server = WSGIServer()
    given = environ(method, access_control_request_method=asked)
    middleware = CORSMiddleware(validator(inner), POLICY.replace(**changes))

    returned: Any = validator(middleware)(given, server.start_response)
    chunks = list(returned)
    returned.close()

    assert server.started
    expected = b"" if method == "OPTIONS" else b"the application"
    assert expected == b"".join([*server.written, *chunks])
