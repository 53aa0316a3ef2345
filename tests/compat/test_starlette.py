"""Starlette's own CORS middleware beside the drop-in, in one application each.

Here: the table of options asked, what cannot be, and what is never ignored.
Not here: the rows (`starlette_rows.py`), what a browser is (`reading.py`), which pages ask
(`comparing.py`), Starlette's own suite (`test_peer_suites.py`).
Spec: https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest
from comparing import changed
from corsac import Policy, PolicyError
from corsac.compat import CompatWarning
from corsac.compat.starlette import CORSMiddleware
from reading import HEADERS, Answer, Ask
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware as StarlettesOwn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette_rows import APP, ROWS, WITH, Row


def serve(kind: Any, options: dict[str, Any]) -> Ask:
    """A site under a middleware. Nothing of it waits, so that it needs no event loop."""

    async def things(request: Request) -> PlainTextResponse:
        return PlainTextResponse("things", headers=HEADERS)

    methods = ["GET", "POST", "PUT", "PATCH"]
    app = Starlette(
        routes=[Route("/", things, methods=methods)],
        middleware=[Middleware(kind, **options)],
    )

    def ask(method: str, path: str, headers: dict[str, str]) -> Answer:
        lines = [(n.lower().encode(), v.encode()) for n, v in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": lines,
        }
        messages: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request"}

        async def send(message: Any) -> None:
            messages.append(message)

        with pytest.raises(StopIteration):
            app(scope, receive, send).send(None)
        start = messages[0]
        answered = {n.decode(): v.decode() for n, v in start["headers"]}
        return start["status"], answered

    return ask


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS])
def test_pages_read_what_they_read_before(row: Row) -> None:
    """But where the row says so, and one warning names each difference."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        new = serve(CORSMiddleware, row.options)
        new("GET", "/", {})

    assert set(row.changed) == changed(serve(StarlettesOwn, row.options), new)
    begin = "corsac.compat.starlette differs from starlette here:"
    expected = ["\n".join([begin, *(f"  {text}" for text in row.warned)])]
    assert (expected if row.warned else []) == [str(w.message) for w in caught]
    assert all(w.category is CompatWarning for w in caught)


def test_the_names_of_the_rows_are_their_own() -> None:
    """A row that fails is found by its name."""
    assert len({row.name for row in ROWS}) == len(ROWS) > 30


def policy_of(**options: Any) -> Policy:
    """The policy that options become, whatever is warned of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CompatWarning)
        return CORSMiddleware(nothing, **options).policy


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    """An application that is not asked."""


def test_the_headers_that_are_always_listed() -> None:
    """As Starlette's documentation promises."""
    listed = ("Accept", "Accept-Language", "Content-Language", "Content-Type")
    assert listed == policy_of().allow_headers
    assert (*listed, "X-A") == policy_of(allow_headers=["X-A"]).allow_headers


@pytest.mark.parametrize(
    ("max_age", "read"),
    [
        (0, 0),
        (86400, 86400),
        ("600", 600),
        (5.0, 5),
        (86401, 86400),
        (-1, 0),
        (True, None),
        ("ten", None),
    ],
)
def test_a_duration_is_read_as_browsers_read_it(max_age: Any, read: Any) -> None:
    """They keep nothing for longer than a day, and what is no number for five seconds."""
    assert read == policy_of(max_age=max_age).max_age
    assert 600 == policy_of().max_age


@pytest.mark.parametrize(
    ("regex", "says"),
    [
        ("(", "unterminated"),
        (r"https://(?!evil)[a-z]+\.example", "look-around"),
        (r"https://(a)\1\.example", "backreference"),
        (r"https://[a-z]{9999}\.[a-z]{9999}", "takes more than"),
        ("(?x) https://app", "leave out all flags"),
        (re.compile(rb"https://app"), "a regex of str"),
    ],
)
def test_a_regex_that_cannot_be_compiled_is_an_error(regex: Any, says: str) -> None:
    """No policy can be made of it, and the application does not start."""
    with pytest.raises(PolicyError, match=says):
        policy_of(allow_origin_regex=regex)


@pytest.mark.parametrize(
    "name",
    [
        "is_allowed_origin",
        "preflight_response",
        "simple_response",
        "send",
        "allow_explicit_origin",
    ],
)
def test_what_a_subclass_overrides_is_never_ignored(name: str) -> None:
    """It would never be called."""
    subclass = type("Own", (CORSMiddleware,), {name: lambda self, *arguments: None})
    with pytest.raises(TypeError, match=f"Own.{name} would never be called"):
        subclass(nothing)


def test_a_subclass_may_set_defaults() -> None:
    """As many do."""

    class Own(CORSMiddleware):
        def __init__(self, app: Any) -> None:
            super().__init__(app, allow_origins=[APP], allow_methods=["*"])

    assert (APP,) == Own(nothing).policy.allow_origins


def test_the_warning_points_to_the_call() -> None:
    """Where somebody writes it out."""
    with pytest.warns(CompatWarning) as warned:
        CORSMiddleware(nothing, allow_origins=["*"], **WITH)
    assert [__file__] == [warning.filename for warning in warned]
