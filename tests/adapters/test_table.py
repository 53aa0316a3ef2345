"""Runs the tables of decisions, options and choices through both adapters, without a server.

Here: every row once over ASGI and once over WSGI, against one application each.
Not here: the protocols' own rules (`test_asgi.py`, `test_wsgi.py`), sockets (`test_servers.py`).
Spec: the link in each row.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import pytest
from answers import Answer, answer, application_lines, is_ours
from answers import expected_answer as expect
from choosing import Row, build, is_asynchronous, path_of
from corsac.adapters import asgi, wsgi
from rows import read

#: What an application answers by the page's name, where it is not 200.
STATUSES = {"missing": 404, "redirect": 302}


def told(row: Row) -> tuple[int, list[tuple[str, str]]]:
    """What a row's application answers."""
    page = row.get("application", {}).get("page", "page")
    return STATUSES.get(page, 200), [] if page == "missing" else application_lines(row)


class ASGIApplication:
    """Answers with a row's header lines and counts how often it was asked."""

    def __init__(self, row: Row) -> None:
        self.calls = 0
        self.status, lines = told(row)
        self.lines = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in lines
        ]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.calls += 1
        start = {"type": "http.response.start", "status": self.status}
        await send({**start, "headers": self.lines})
        await send({"type": "http.response.body", "body": b"the application"})


class WSGIApplication:
    """Answers with a row's header lines and counts how often it was asked."""

    def __init__(self, row: Row) -> None:
        self.calls = 0
        self.status, self.lines = told(row)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.calls += 1
        start_response(f"{self.status} {HTTPStatus(self.status).phrase}", self.lines)
        return [b"the application"]


def ask_asgi(app: Any, row: Row) -> tuple[Answer, bytes]:
    """The answer to a row's request in the shape in which servers hand it to ASGI."""
    request = row["request"]
    scope = {
        "type": "http",
        "method": request["method"],
        "scheme": "http",
        "path": unquote(path_of(row)),
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


def ask_wsgi(app: Any, row: Row) -> tuple[Answer, bytes]:
    """The answer to a row's request in an environ, where lines of one name are joined."""
    request = row["request"]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request["method"],
        "wsgi.url_scheme": "http",
        "PATH_INFO": unquote(path_of(row), "latin-1"),
    }
    for name, value in request["headers"]:
        key = "HTTP_" + name.upper().replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    started: list[Any] = []

    def start_response(*arguments: Any) -> None:
        started.append(arguments)

    body = b"".join(app(environ, start_response))
    [(status, lines)] = started
    return answer(int(status.split()[0]), lines), body


ADAPTERS: dict[str, tuple[Any, Any, Any]] = {
    "asgi": (ASGIApplication, asgi.CORSMiddleware, ask_asgi),
    "wsgi": (WSGIApplication, wsgi.CORSMiddleware, ask_wsgi),
}
ROWS = [*read("decisions.json"), *read("options.json"), *read("choices.json")]


@pytest.mark.parametrize(
    ("protocol", "row"),
    [
        pytest.param(protocol, row, id=f"{protocol}-{row['name']}")
        for protocol in ADAPTERS
        for row in ROWS
        # WSGI waits for no coroutine.
        if protocol == "asgi" or not is_asynchronous(row["policy"])
    ],
)
def test_an_adapter_answers_as_the_row_says(protocol: str, row: Row) -> None:
    """Status and header lines are the row's; what corsac answers never reaches the application."""
    make, adapter, ask = ADAPTERS[protocol]
    application = make(row)

    actual, body = ask(adapter(application, build(row["policy"])), row)

    assert expect(row) == actual
    assert (0 if is_ours(row) else 1) == application.calls
    assert (b"" if is_ours(row) else b"the application") == body


def test_the_table_has_every_kind_of_answer() -> None:
    """All outcomes, both statuses of an allowed preflight, and lines of an application occur."""
    table = read("decisions.json")

    outcomes = {row["expected"]["outcome"] for row in table}
    statuses = {row["expected"]["status"] for row in table}

    assert 5 == len(outcomes)
    assert {None, 200, 204, 403} == statuses
    assert any("merged" in row for row in table)
