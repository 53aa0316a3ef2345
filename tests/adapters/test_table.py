"""Runs the table of decisions through both adapters, without a server.

Here: every row once over ASGI and once over WSGI, against one application each.
Not here: the protocols' own rules (`test_asgi.py`, `test_wsgi.py`), sockets (`test_servers.py`).
Spec: the link in each row.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from answers import Answer, Row, answer, application_lines, build_policy
from answers import expected_answer as expect
from corsac.adapters import asgi, wsgi
from rows import read, rows


class ASGIApplication:
    """Answers with a row's header lines and counts how often it was asked."""

    def __init__(self, row: Row) -> None:
        self.calls = 0
        self.lines = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in application_lines(row)
        ]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.calls += 1
        start = {"type": "http.response.start", "status": 200, "headers": self.lines}
        await send(start)
        await send({"type": "http.response.body", "body": b"the application"})


class WSGIApplication:
    """Answers with a row's header lines and counts how often it was asked."""

    def __init__(self, row: Row) -> None:
        self.calls = 0
        self.lines = application_lines(row)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.calls += 1
        start_response("200 OK", self.lines)
        return [b"the application"]


def ask_asgi(app: Any, request: Row) -> tuple[Answer, bytes]:
    """The answer to a row's request in the shape in which servers hand it to ASGI."""
    scope = {
        "type": "http",
        "method": request["method"],
        "path": "/",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request["headers"]
        ],
    }
    messages: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("nobody needs the body of a request")

    async def send(message: Any) -> None:
        messages.append(message)

    asyncio.run(app(scope, receive, send))
    start, body = messages
    lines = [
        (name.decode("latin-1"), v.decode("latin-1")) for name, v in start["headers"]
    ]
    return answer(start["status"], lines), body["body"]


def ask_wsgi(app: Any, request: Row) -> tuple[Answer, bytes]:
    """The answer to a row's request in an environ, where lines of one name are joined."""
    environ: dict[str, Any] = {"REQUEST_METHOD": request["method"], "PATH_INFO": "/"}
    for name, value in request["headers"]:
        key = "HTTP_" + name.upper().replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    started: list[Any] = []

    def start_response(*arguments: Any) -> None:
        started.append(arguments)

    body = b"".join(app(environ, start_response))
    [(status, lines)] = started
    return answer(int(status.split()[0]), lines), body


@pytest.mark.parametrize("row", rows("decisions.json"))
@pytest.mark.parametrize(
    ("make", "adapter", "ask"),
    [
        pytest.param(ASGIApplication, asgi.CORSMiddleware, ask_asgi, id="asgi"),
        pytest.param(WSGIApplication, wsgi.CORSMiddleware, ask_wsgi, id="wsgi"),
    ],
)
def test_an_adapter_answers_as_the_row_says(
    row: Row, make: Any, adapter: Any, ask: Any
) -> None:
    """Status and header lines are the row's, and no preflight reaches the application."""
    application = make(row)
    is_preflight = row["expected"]["status"] is not None

    actual, body = ask(adapter(application, build_policy(row)), row["request"])

    assert expect(row) == actual
    assert (0 if is_preflight else 1) == application.calls
    assert (b"" if is_preflight else b"the application") == body


def test_the_table_has_every_kind_of_answer() -> None:
    """All outcomes, both statuses of an allowed preflight, and lines of an application occur."""
    table = read("decisions.json")

    outcomes = {row["expected"]["outcome"] for row in table}
    statuses = {row["expected"]["status"] for row in table}

    assert 5 == len(outcomes)
    assert {None, 200, 204, 403} == statuses
    assert any("merged" in row for row in table)
