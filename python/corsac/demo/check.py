"""`corsac demo --check`: every example once over real sockets, without a browser.

Here: a row per example, and one for the page's own files; what was expected, and what differs.
Not here: the browser's steps (`corsac.browser`), the expectations (`examples.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from corsac.browser import PreflightCache, Verdict, predict

from .asked import host_of, read_fetch
from .example import Example
from .examples import EXAMPLES
from .page import FILES
from .server import Demo
from .state import API, PAGE, STRANGER, as_data, read_state
from .wire import Wire

# What stands in for the body of a string, a form and the rest: only its size and type reach the API.
BODY = b'["corsac"]'


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


@dataclass(frozen=True)
class _Run:
    """What was predicted by the demo's server, and what then happened over sockets."""

    predicted: list[dict[str, Any]]
    happened: list[Verdict] = field(default_factory=list)
    record: list[dict[str, Any]] = field(default_factory=list)
    body: bytes = b""


def rows_of(demo: Demo) -> list[Row]:
    """Runs the whole table against a started demo."""
    return [_files_row(demo), *(_example_row(demo, example) for example in EXAMPLES)]


def _example_row(demo: Demo, example: Example) -> Row:
    try:
        run = _run(demo, example)
    except (OSError, HTTPException, ValueError, KeyError) as error:
        return Row(example.name, example.title, (), (), "none", (str(error),))
    last = run.happened[-1]
    failed = next((step.text for step in last.steps if not step.passed), None)
    browser = "readable" if last.readable else "not readable"
    return Row(
        name=example.name,
        title=example.title,
        requests=tuple(_exchange(exchange) for exchange in run.record),
        policy=tuple(_said(exchange) for exchange in run.record),
        browser=browser + (f": {failed}" if failed else ""),
        differences=tuple(_differences(example, run)),
    )


def _run(demo: Demo, example: Example) -> _Run:
    """Asks for the prediction, then does the same fetch by the model over sockets, and reads the record.

    # Errors: ValueError, for a state that the demo's server refuses.
    """
    id = secrets.token_hex(8)
    page = demo.origins.page[0]
    names = {
        PAGE: page,
        STRANGER: demo.origins.stranger,
        API: demo.origins.api_of(page),
    }
    data = as_data(example.state(demo.policies), names)
    said = json.loads(_ask(demo, "/predictions", {"run": id, "state": data})[1])
    for problem in said["problems"]:
        raise ValueError(f"{problem['field']}: {problem['message']}")
    state = read_state(data)
    fetch, _ = read_fetch(state, demo.origins, page, said["url"])
    if fetch is None:
        raise ValueError("the fetch cannot be asked")
    cookies = fetch.credentials == "include"
    wire = Wire(demo.address, demo.api_port, BODY, cookies)
    cache = PreflightCache()
    happened = [
        predict(fetch, wire, cache=cache) for _ in range(2 if state.twice else 1)
    ]
    record = json.loads(_ask(demo, f"/runs/{id}")[1])
    predicted = said["verdicts"]["standard"]
    return _Run(predicted, happened, record, wire.bodies[-1] if wire.bodies else b"")


def _said(exchange: dict[str, Any]) -> str:
    refusal = exchange["refusal"]
    return (exchange["outcome"] or "no policy") + (f" ({refusal})" if refusal else "")


def _exchange(exchange: dict[str, Any]) -> str:
    return f"{exchange['method']} {(exchange['status'] or 'none')[:3]}"


def _differences(example: Example, run: _Run) -> list[str]:
    differences = []
    expected = [str(answered) for answered in example.answered]
    said = [_said(exchange) for exchange in run.record if exchange["outcome"]]
    if said != expected:
        differences.append(
            f"the policy must say {', '.join(expected) or 'nothing'}, not {', '.join(said) or 'nothing'}"
        )
    last = run.happened[-1]
    if last.readable != example.readable or last.failure != example.failure:
        differences.append(
            f"the browser must {'let' if example.readable else 'not let'} the page read the answer"
            + (f", because of {example.failure}" if example.failure else "")
            + (f", not because of {last.failure}" if last.failure else "")
        )
    differences += _mispredicted(run)
    if example.readable and last.readable and example.reads:
        differences += _misread(example, run.body)
    return differences


def _mispredicted(run: _Run) -> list[str]:
    """Where the page's prediction and the same steps over sockets part."""
    foreseen = [
        _exchange(exchange)
        for verdict in run.predicted
        for exchange in verdict["exchanges"]
    ]
    came = [_exchange(exchange) for exchange in run.record]
    differences = []
    if foreseen != came:
        differences.append(f"predicted were {foreseen}, and {came} came")
    for verdict, happened in zip(run.predicted, run.happened, strict=True):
        exposed = [name for name, _ in verdict["exposed_headers"]]
        shown = [name for name, _ in happened.exposed_headers]
        if (verdict["failure"], verdict["status"]) != (
            happened.failure,
            happened.status,
        ):
            differences.append(
                f"predicted was {verdict['failure'] or verdict['status']}"
            )
        if exposed != shown:
            differences.append(f"predicted were the headers {exposed}, not {shown}")
    return differences


def _misread(example: Example, body: bytes) -> list[str]:
    try:
        read: Any = json.loads(body)
    except ValueError as error:
        return [f"the answer cannot be read: {error}"]
    return [
        f"{key} must be {json.dumps(value)}, not {json.dumps(read.get(key))}"
        for key, value in example.reads.items()
        if key not in read or read[key] != value
    ]


def _files_row(demo: Demo) -> Row:
    """The page needs its files: a package without them starts, and shows nothing."""
    answers: list[str] = []
    missing: list[str] = []
    for path in (*FILES, "/demo.json"):
        try:
            status, body = _ask(demo, path)
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


def _ask(demo: Demo, path: str, question: object = None) -> tuple[int, bytes]:
    """One request to the page's server, as the page makes it; with a question, a POST."""
    origin = demo.origins.page[0]
    headers = {"Host": host_of(origin)}
    body = None
    if question is not None:
        headers |= {"Origin": origin, "Content-Type": "application/json"}
        body = json.dumps(question)
    connection = HTTPConnection(demo.address, demo.port, timeout=10)
    try:
        connection.request("POST" if body else "GET", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
