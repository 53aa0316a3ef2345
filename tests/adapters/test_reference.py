"""Compares the native request paths with the plain Python of `reference.py`.

Here: generated policies, requests and answers in every shape that servers and applications use,
and the rare ones. Not here: what is right (`test_table.py`), what is generated (`strategies.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html, https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import asyncio
from collections import UserDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from corsac import Policy, PolicyHandle, PolicyMap
from corsac.adapters import asgi, wsgi
from hypothesis import given
from hypothesis import strategies as st
from reference import ReferenceASGIMiddleware, ReferenceWSGIMiddleware
from strategies import application_lines, policies_and_requests, thoroughly

# Generated methods include `patch`, of which corsac warns.
pytestmark = pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")


class Dict(dict):
    """A dict that is none exactly, as some servers have."""


class Str(str):
    """As `Dict`."""

    __slots__ = ()


class Bytes(bytes):
    """As `Dict`."""

    __slots__ = ()


class List(list):
    """A list that reads differently from what lies in it."""

    def __iter__(self) -> Any:
        return (line for line in reversed(list(super().__iter__())))


#: What header lines come in, and what each of them is.
CONTAINERS = [list, tuple, iter, List, lambda lines: dict(lines).items()]
PAIRS = [tuple, tuple, list, lambda pair: (Bytes(pair[0]), pair[1])]
STR_PAIRS = [tuple, tuple, list, lambda pair: (Str(pair[0]), Str(pair[1]))]
#: What is no header lines, or no pair.
WRONG = [None, 5, "ab", b"ab", {}, [b"ab"], [(b"a",)], [(b"a", b"b", b"c")], [None]]
WRONG += [[(None, b"b")], [(b"vary", None)], [(bytearray(b"vary"), b"a")], [5, 6]]
MAPPINGS = [dict, dict, Dict]
ODD_MAPPINGS = [*MAPPINGS, UserDict, MappingProxyType]


@st.composite
def header_lines(draw: Any, lines: list[Any], pairs: list[Any]) -> Any:
    """A function that gives these lines anew, each in some shape, in some container."""
    shapes = [draw(st.sampled_from(pairs)) for _ in lines]
    container = draw(st.sampled_from(CONTAINERS))
    return lambda: container([shape(line) for shape, line in zip(shapes, lines)])


#: Ways in which a middleware is given a policy, which are all the same to whoever asks.
SOURCES: list[Any] = [
    lambda policy: policy,
    lambda policy: policy,
    PolicyHandle,
    lambda policy: PolicyMap({"/": PolicyHandle(policy)}),
    lambda policy: lambda request: policy,
]


def as_bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "replace") if isinstance(text, str) else text


def plain(value: Any) -> Any:
    """The same in plain types, which compare."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def outcome_of(call: Any) -> Any:
    """What the call gives, or the type of what it raises."""
    try:
        return call()
    except (TypeError, KeyError) as error:
        return type(error)


class Recorder:
    """A server: keeps what it is sent, and what the application saw."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def send(self, message: Any) -> None:
        self.seen.append(("sent", type(message), plain(message)))

    def start_response(self, *start: Any) -> Any:
        self.seen.append(("started", plain(start)))
        return self.seen.append


def ask_asgi(middleware: Any, policy: Any, scope: Any, messages: Any) -> Any:
    """All that a server and an application see of one request."""
    server = Recorder()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        headers = [tuple(line) for line in scope["headers"]]
        server.seen.append(("called", plain({**scope, "headers": headers}), receive))
        for message in messages():
            before = plain(message)
            await send(message)
            # What cannot be read twice cannot be compared.
            if not hasattr(message.get("headers"), "__next__"):
                assert before == plain(message)

    app = middleware(application, policy)

    async def call() -> None:
        await app(scope(), None, server.send)

    return outcome_of(lambda: asyncio.run(call())), server.seen


@thoroughly
@given(policies_and_requests, application_lines, st.data())
def test_asgi_does_what_the_reference_does(case: Any, lines: Any, data: Any) -> None:
    """Scopes, messages and header lines in every shape go through both alike."""
    keywords, (method, asked) = case
    policy = Policy(**keywords)
    draw = data.draw
    asked = [(as_bytes(name), as_bytes(value)) for name, value in asked]
    asked = draw(header_lines(asked, PAIRS))
    told = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in lines]
    in_str = draw(st.integers(0, 9)) == 0
    told = draw(header_lines(lines if in_str else told, STR_PAIRS if in_str else PAIRS))
    wrong = draw(st.sampled_from(WRONG)) if draw(st.integers(0, 9)) == 0 else told
    told = told if wrong is told else lambda: wrong
    has_headers = draw(st.integers(0, 9)) > 0
    scope_type = draw(st.sampled_from(MAPPINGS))
    message_type = draw(st.sampled_from(ODD_MAPPINGS))
    text = draw(st.sampled_from([str, str, Str]))

    def scope() -> Any:
        kind = text("http")
        return scope_type({"type": kind, "method": text(method), "headers": asked()})

    def messages() -> Any:
        start = {"type": text("http.response.start"), "status": 200}
        start |= {"headers": told()} if has_headers else {}
        body = {"type": "http.response.body", "body": b"", "more_body": True}
        return [message_type(start), message_type(body), body]

    source = draw(st.sampled_from(SOURCES))(policy)

    expected = ask_asgi(ReferenceASGIMiddleware, policy, scope, messages)

    assert expected == ask_asgi(asgi.CORSMiddleware, source, scope, messages)


def ask_wsgi(middleware: Any, policy: Any, environ: Any, starts: Any) -> Any:
    """All that a server and an application see of one request."""
    server = Recorder()

    def application(environ: Any, start_response: Any) -> Any:
        server.seen.append(("called", plain(environ)))
        for start in starts():
            start_response(*start)("written")
        return [b"body"]

    app = middleware(application, policy)
    return outcome_of(lambda: app(environ, server.start_response)), server.seen


@thoroughly
@given(policies_and_requests, application_lines, st.data())
def test_wsgi_does_what_the_reference_does(case: Any, lines: Any, data: Any) -> None:
    """Environs and `start_response` in every shape go through both alike."""
    keywords, (method, asked) = case
    policy = Policy(**keywords)
    draw = data.draw
    environ: dict[str, Any] = draw(st.sampled_from([dict, Dict]))()
    if draw(st.integers(0, 19)):
        environ["REQUEST_METHOD"] = draw(st.sampled_from([str, Str]))(method)
    for name, value in asked:
        key = "HTTP_" + as_bytes(name).decode("latin-1").upper().replace("-", "_")
        environ[key] = as_bytes(value).decode("latin-1")
    told = draw(header_lines(lines, STR_PAIRS))
    wrong = draw(st.sampled_from(WRONG)) if draw(st.integers(0, 9)) == 0 else told
    told = told if wrong is told else lambda: wrong
    error = draw(st.sampled_from([(), (None,), ((ValueError, ValueError(), None),)]))
    times = draw(st.integers(1, 2))

    def starts() -> Any:
        return [("200 OK", told(), *error) for _ in range(times)]

    source = draw(st.sampled_from(SOURCES))(policy)

    expected = ask_wsgi(ReferenceWSGIMiddleware, policy, environ, starts)

    assert expected == ask_wsgi(wsgi.CORSMiddleware, source, environ, starts)
