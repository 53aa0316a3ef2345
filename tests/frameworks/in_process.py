"""Asks a framework's applications for every row, without a server, in a process of its own.

Here: requests in the shape in which servers hand them over, and a line of JSON for each pass:
by row the answers as [status, header lines, body], or what was raised in place of one. The last
line is what was counted: [name, outcome, refusal, total].
Not here: what must come back (`test_conformance.py`).
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from typing import Any
from urllib.parse import unquote
from wsgiref.util import setup_testing_defaults

import dispatch
from corsac._watch import read_counts
from left_out import rows_over
from pages import POLICY_OF, ROWS, path_of

Answered = tuple[int, list[tuple[str, str]], str] | str


def request_lines(index: int) -> list[tuple[str, str]]:
    """As a server gets them: a request names its host."""
    lines = [(name, value) for name, value in ROWS[index]["request"]["headers"]]
    if not any(name.lower() == "host" for name, _ in lines):
        lines.insert(0, ("Host", "127.0.0.1"))
    return lines


def path(way: str, index: int) -> str:
    return f"/{way}/{POLICY_OF[index]}{path_of(index)}"


def trimmed(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """https://www.rfc-editor.org/rfc/rfc9110#section-5.5"""
    return [(name, value.strip(" \t")) for name, value in lines]


async def ask_asgi(way: str, index: int) -> Answered:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": ROWS[index]["request"]["method"],
        "scheme": "http",
        "path": unquote(path(way, index)),
        "raw_path": path(way, index).encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request_lines(index)
        ],
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    body = [{"type": "http.request", "body": b"", "more_body": False}]
    messages: list[Any] = []
    ended = asyncio.Event()

    async def receive() -> Any:
        if body:
            return body.pop()
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        messages.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            ended.set()

    try:
        await dispatch.asgi(scope, receive, send)
    except Exception as error:  # noqa: BLE001  # handed back as it is
        # An application may raise behind its answer, for the server's log.
        if not ended.is_set():
            return repr(error)
    start, *chunks = messages
    lines = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in start["headers"]]
    content = b"".join(chunk.get("body", b"") for chunk in chunks)
    return start["status"], trimmed(lines), content.decode("latin-1")


def ask_wsgi(way: str, index: int) -> Answered:
    environ: dict[str, Any] = {"PATH_INFO": unquote(path(way, index), "latin-1")}
    environ["wsgi.errors"] = io.StringIO()
    for name, value in request_lines(index):
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    setup_testing_defaults(environ)
    environ["REQUEST_METHOD"] = ROWS[index]["request"]["method"]
    started: list[Any] = []

    def start_response(status: str, lines: Any, exc_info: Any = None) -> Any:
        started[:] = [status, lines]

    try:
        chunks = dispatch.wsgi(environ, start_response)
        content = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
    except Exception as error:  # noqa: BLE001  # handed back as it is
        return repr(error)
    status, lines = started
    return int(status.split()[0]), trimmed(lines), content.decode("latin-1")


async def pass_asgi(ways: list[str]) -> None:
    for way in ways:
        rows = rows_over("asgi")
        print(json.dumps({index: await ask_asgi(way, index) for index in rows}))


def pass_wsgi(ways: list[str]) -> None:
    for way in ways:
        print(json.dumps({index: ask_wsgi(way, index) for index in rows_over("wsgi")}))


if __name__ == "__main__":
    logging.disable()
    protocol, *ways = sys.argv[1:]
    if protocol == "asgi":
        asyncio.run(pass_asgi(ways))
    else:
        pass_wsgi(ways)
    print(json.dumps(read_counts()))
