"""`corsac demo --check`: every example once over real sockets, without a browser.

Here: a row per example, and one for the page's own files; what was expected, and what differs.
Not here: the browser's steps (`fetch.py`), the expectations (`examples.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from .example import Example
from .examples import EXAMPLES
from .fetch import Browser, NetworkError, Response
from .page import FILES
from .server import Demo


@dataclass(frozen=True)
class Row:
    """What came of one example. No difference: as expected."""

    name: str
    title: str
    requests: tuple[str, ...]
    policy: tuple[str, ...]
    browser: str
    differences: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return not self.differences


def rows_of(demo: Demo) -> list[Row]:
    """Runs the whole table against a started demo."""
    return [_files_row(demo), *(_example_row(demo, example) for example in EXAMPLES)]


def _sender(demo: Demo, example: Example) -> str:
    if example.sender == "page":
        return demo.origins.page[0]
    return "null" if example.sender == "null" else demo.origins.stranger


def _example_row(demo: Demo, example: Example) -> Row:
    run = secrets.token_hex(8)
    path = f"/{example.policy}/{example.path}?run={run}"
    host = urlsplit(demo.origins.api[0]).netloc
    browser = Browser(_sender(demo, example), demo.address, demo.api_port, host)
    answers: list[Response] = []
    refused = None
    try:
        for sent in example.sent:
            answers.append(browser.fetch(path, sent))
    except NetworkError as error:
        refused = str(error)
    try:
        record = json.loads(_get(demo, f"/runs/{run}")[1])
    except (OSError, HTTPException, ValueError) as error:
        record = []
        refused = refused or f"no record: {error}"
    said = tuple(
        exchange["outcome"]
        + (f" ({exchange['refusal']})" if exchange["refusal"] else "")
        for exchange in record
    )
    return Row(
        name=example.name,
        title=example.title,
        requests=tuple(
            f"{exchange['method']} {exchange['status'][:3]}" for exchange in record
        ),
        policy=said,
        browser="readable" if refused is None else f"blocked: {refused}",
        differences=tuple(_differences(example, said, answers, refused)),
    )


def _differences(
    example: Example,
    said: tuple[str, ...],
    answers: list[Response],
    refused: str | None,
) -> list[str]:
    expected = tuple(
        answered.outcome + (f" ({answered.refusal})" if answered.refusal else "")
        for answered in example.answered
    )
    differences = []
    if said != expected:
        differences.append(f"the policy must say {', '.join(expected)}")
    if example.readable and refused is not None:
        differences.append("the page must be able to read the answer")
    if not example.readable and refused is None:
        differences.append("the browser must refuse the page the answer")
    if example.readable and refused is None:
        differences.extend(_misread(example, answers))
    return differences


def _misread(example: Example, answers: list[Response]) -> list[str]:
    try:
        read: Any = example.read(answers)
    except (KeyError, TypeError, ValueError) as error:
        return [f"the answer cannot be read: {error!r}"]
    return [
        f"{key} must be {json.dumps(value)}, not {json.dumps(read.get(key))}"
        for key, value in example.reads.items()
        if key not in read or read[key] != value
    ]


def _files_row(demo: Demo) -> Row:
    """The page needs its files: a package without them starts, and shows nothing."""
    answers: list[str] = []
    missing: list[str] = []
    for path in (*FILES, "/scripts.js", "/demo.json"):
        try:
            status, body = _get(demo, path)
        except (OSError, HTTPException) as error:
            status, body = 0, str(error).encode()
        answers.append(f"GET {status}")
        if status != 200 or not body:
            missing.append(f"{path} must be served, not answered {status}")
    return Row(
        name="page",
        title="The page's own files",
        requests=(f"{len(answers)} × GET",),
        policy=("none: same origin",),
        browser="readable" if not missing else "incomplete",
        differences=tuple(missing),
    )


def _get(demo: Demo, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection(demo.address, demo.port, timeout=10)
    try:
        host = urlsplit(demo.origins.page[0]).netloc
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
