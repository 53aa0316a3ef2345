"""The page's part against a started demo, without a browser.

Here: `ask`, one request to the page's server. Not here: any test.
"""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any

from corsac.demo.server import Demo

DEADLINE = 30  # seconds; nothing is timed by it, it only ends a test that hangs


def ask(
    demo: Demo,
    path: str,
    question: object = None,
    method: str | None = None,
    **headers: str,
) -> tuple[int, Any]:
    """Status and JSON of one request to the page's server, as the page makes it but for `headers`."""
    origin = f"http://127.0.0.1:{demo.port}"
    body = (
        question
        if question is None or isinstance(question, bytes)
        else json.dumps(question).encode()
    )
    sent = {
        "Host": origin.removeprefix("http://"),
        "Origin": origin,
        "Content-Type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    connection = HTTPConnection(demo.address, demo.port, timeout=DEADLINE)
    try:
        connection.request(method or ("POST" if body else "GET"), path, body, sent)
        response = connection.getresponse()
        read = response.read()
        return response.status, json.loads(read) if read[:1] in b"{[" else read
    finally:
        connection.close()


def predict(demo: Demo, **state: Any) -> dict[str, Any]:
    """What the page is told of a state, whose policy lists the page where nothing else is said."""
    listed = {"allow_origins": [demo.origins.page[0]], **state}
    status, said = ask(demo, "/predictions", {"run": "1", "state": listed})
    assert 200 == status, said
    assert isinstance(said, dict)
    return said
