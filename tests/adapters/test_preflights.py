"""Asks both adapters preflights, which they answer by themselves.

Here: that an answer is whole, that the application and the request's body are left alone, and
that no request makes an adapter raise.
Not here: which preflights are allowed (`test_table.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from corsac.adapters import asgi, wsgi
from protocols import (
    ASKED,
    ORIGIN,
    PLAIN,
    POLICY,
    ASGIServer,
    RecordingApplication,
    WSGIServer,
    answering,
    application,
    environ,
    http,
    start,
)

PREFLIGHT = [ORIGIN, (ASKED, b"PUT")]
#: What WSGI says where nothing follows though a status could have content.
EMPTY = [PLAIN, ("Content-Length", "0")]
STATUSES = pytest.mark.parametrize(
    ("method", "changes", "status"),
    [
        pytest.param("PUT", {}, "204 No Content", id="allowed"),
        pytest.param(
            "PUT", {"preflight_status": 200}, "200 OK", id="allowed for old clients"
        ),
        pytest.param("DELETE", {}, "403 Forbidden", id="refused"),
    ],
)
HOSTILE = pytest.mark.parametrize(
    "value", ["", "\xff" * 9, "\0", "https://example.com\r\nx: y", "a" * 99999]
)


@STATUSES
def test_over_asgi_a_preflight_is_answered_whole(
    method: str, changes: Any, status: str
) -> None:
    """Two messages, no body, a length where the status may have one; the request is not read."""
    app, server = RecordingApplication(), ASGIServer()
    middleware = asgi.CORSMiddleware(app, POLICY.replace(**changes))
    lines = [ORIGIN, (ASKED, method.encode())]

    first, second = server.serve(middleware, http(lines, "OPTIONS"))

    code = int(status.split()[0])
    assert ("http.response.start", code) == (first["type"], first["status"])
    length = [line for line in first["headers"] if line[0].startswith(b"content-")]
    assert ([] if code == 204 else [(b"content-length", b"0")]) == length
    assert ("http.response.body", b"") == (second["type"], second["body"])
    assert not second.get("more_body", False)
    assert [] == app.calls
    assert 0 == server.asked


@STATUSES
def test_over_wsgi_a_preflight_is_answered_whole(
    method: str, changes: Any, status: str
) -> None:
    """One start, no body, a length where the status may have one; the request is not read."""
    server, calls = WSGIServer(), []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        calls.append(environ)
        return application(environ, start_response)

    given = environ("OPTIONS", access_control_request_method=method)
    given["wsgi.input"] = io.BytesIO(b"a body")
    middleware = wsgi.CORSMiddleware(app, POLICY.replace(**changes))

    returned = middleware(given, server.start_response)

    [(seen, headers)] = server.started
    assert status == seen
    length = [line for line in headers if line[0].startswith("Content-")]
    assert ([] if status.startswith("204") else EMPTY) == length
    assert b"" == b"".join(returned)
    assert [] == calls
    assert 0 == given["wsgi.input"].tell()


def test_over_asgi_the_lines_are_bytes_with_names_in_lower_case() -> None:
    """Servers write them as they are."""
    sent = ASGIServer().serve(
        asgi.CORSMiddleware(answering(), POLICY), http(PREFLIGHT, "OPTIONS")
    )

    for name, value in sent[0]["headers"]:
        assert {bytes} == {type(name), type(value)}
        assert name.lower() == name


def test_over_wsgi_the_lines_are_tuples_of_str_in_a_list() -> None:
    """The specification names these types, and servers assert them."""
    server = WSGIServer()
    given = environ("OPTIONS", access_control_request_method="PUT")

    wsgi.CORSMiddleware(application, POLICY)(given, server.start_response)

    [(status, headers)] = server.started
    assert (str, list) == (type(status), type(headers))
    assert {tuple} == {type(line) for line in headers}
    assert {str} == {type(text) for line in headers for text in line}


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(list, id="a list of tuples"),
        pytest.param(tuple, id="a tuple of tuples"),
        pytest.param(lambda lines: [list(line) for line in lines], id="lists"),
        pytest.param(iter, id="an iterator"),
    ],
)
def test_over_asgi_the_request_s_lines_have_any_shape(
    shape: Callable[[Iterable[Any]], Any],
) -> None:
    """A preflight is found in whatever can be iterated."""
    app = RecordingApplication()

    sent = ASGIServer().serve(
        asgi.CORSMiddleware(app, POLICY), http(shape(PREFLIGHT), "OPTIONS")
    )

    assert 204 == sent[0]["status"]
    assert [] == app.calls


@HOSTILE
def test_over_asgi_no_request_makes_the_adapter_raise(value: str) -> None:
    """Hostile bytes refuse a preflight and leave an actual request to the application."""
    hostile = value.encode("latin-1")
    lines = [(b"origin", hostile), (ASKED, hostile)]
    middleware = asgi.CORSMiddleware(answering(start()), POLICY)

    for method, status in (("OPTIONS", 403), ("GET", 200)):
        sent = ASGIServer().serve(middleware, http(lines, method))

        assert status == sent[0]["status"]
        assert hostile not in [seen for _, seen in sent[0]["headers"]]


@HOSTILE
def test_over_wsgi_no_request_makes_the_adapter_raise(value: str) -> None:
    """Hostile text refuses a preflight and leaves an actual request to the application."""
    middleware = wsgi.CORSMiddleware(application, POLICY)

    for method, status in (("OPTIONS", "403 Forbidden"), ("GET", "200 OK")):
        server = WSGIServer()
        given = environ(method, origin=value, access_control_request_method=value)

        middleware(given, server.start_response)

        [(seen, headers)] = server.started
        assert status == seen
        assert value not in [text for _, text in headers]
