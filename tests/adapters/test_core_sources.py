"""Sources that the core asks by itself, in ASGI and in WSGI, in every shape that a request can have.

Here: the same request under a source, which the core asks, and under a function that gives that
source, which Python asks. Both find the policy that the table names.
Not here: which route is whose (`tests/test_policy_map.py`), frameworks (`tests/frameworks`).
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope,
https://peps.python.org/pep-3333/#environ-variables
"""

from __future__ import annotations

import gc
import weakref
from collections import UserDict
from typing import Any, NamedTuple

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from corsac.adapters import asgi, wsgi
from protocols import (
    ASGIServer,
    WSGIServer,
    answering,
    application,
    body,
    environ,
    start,
)

A, B, C = "https://a.example", "https://b.example", "https://c.example"


def named(name: str, *origins: str, **keywords: Any) -> Policy:
    """A policy that says its name to whom it allows, and to nobody else."""
    return Policy(allow_origins=origins, expose_headers=[f"X-{name}"], **keywords)


FIRST, SECOND, THIRD = named("First", A, B), named("Second", A), named("Third", B, C)
BY_ORIGIN = OriginPolicies([named("A", A), named("B", A, B), named("C", C)])
PATHS = PolicyMap({
    "/": FIRST,
    "/api": SECOND,
    "/api/internal": None,
    "/café": SECOND,
    "/handle": PolicyHandle(SECOND),
    "/none": PolicyHandle(None),
    "/origins": BY_ORIGIN,
    "/more": PolicyMap({"/more/x": THIRD, "b.test": SECOND}),
})  # fmt: skip
HOSTS = PolicyMap({"a.test/api": FIRST, "*.b.test": SECOND, "c.test:8080": THIRD})
SOURCES: dict[str, Any] = {
    "paths": PATHS,
    "hosts": HOSTS,
    "origins": BY_ORIGIN,
    "a handle": PolicyHandle(FIRST),
    "an empty handle": PolicyHandle(None),
    "a handle of paths": PolicyHandle(PATHS),
    "a handle of hosts": PolicyHandle(HOSTS),
    "a handle of origins": PolicyHandle(BY_ORIGIN),
}


class Row(NamedTuple):
    """A request, by what stands in its scope and in its environ, and who speaks."""

    source: str
    speaker: str | None
    path: str = "/"
    origin: str = A
    host: str | None = None
    prefix: str | None = None


ROWS = [
    Row("paths", "First"),
    Row("paths", "First", "/apis"),
    Row("paths", "First", ""),
    Row("paths", "First", "*"),
    Row("paths", "Second", "/api/x", host="a.test"),
    Row("paths", "Second", "//api///x"),
    Row("paths", "Second", "api"),
    Row("paths", None, "/api/internal/x"),
    Row("paths", None, "/api/x", origin=B),
    Row("paths", None, "/api/../x"),
    Row("paths", "Second", "/api/./x"),
    Row("paths", "Second", "/café/x"),
    Row("paths", "Second", "/handle/x"),
    Row("paths", None, "/none"),
    Row("paths", "B", "/origins", origin=B),
    Row("paths", "Third", "/more/x/y", origin=B),
    Row("paths", "Second", "/more/y", host="b.test"),
    Row("paths", None, "/more/y", host="a.test"),
    Row("paths", "Second", "/mount/api/x", prefix="/mount"),
    Row("paths", "Second", "/mount/api/x", prefix="/mount/"),
    Row("paths", "First", "/mount", prefix="/mount"),
    Row("paths", "First", "/mounted/api", prefix="/mount"),
    Row("paths", "Second", "/api", prefix="/mount"),
    Row("paths", "Second", "/api", prefix=""),
    Row("paths", "Second", "/café/é/api", prefix="/café/éé"),
    Row("paths", "Second", "/éé/api", prefix="/éé"),
    Row("hosts", "First", "/api/x", host="a.test"),
    Row("hosts", "First", "/api", host="A.Test:80"),
    Row("hosts", None, "/apis", host="a.test"),
    Row("hosts", "Second", host="x.y.b.test"),
    Row("hosts", "Second", host="\xff.b.test."),
    Row("hosts", None, host="b.test"),
    Row("hosts", "Third", host="c.test:8080", origin=C),
    Row("hosts", None, host="c.test", origin=C),
    Row("hosts", None, "/api"),
    Row("hosts", None, "/api", host=""),
    Row("origins", "A"),
    Row("origins", "B", origin=B),
    Row("origins", "C", origin=C),
    Row("origins", None, origin="https://mallory.test"),
    Row("origins", None, origin=f"{A}, {A}"),
    Row("origins", None, origin=""),
    Row("origins", None, origin="null"),
    Row("origins", None, origin="https://\xff.example"),
    Row("a handle", "First", origin=B),
    Row("an empty handle", None),
    Row("a handle of paths", "Second", "/api"),
    Row("a handle of paths", None, "/api/internal"),
    Row("a handle of hosts", "Second", host="x.b.test"),
    Row("a handle of origins", "C", origin=C),
]  # fmt: skip


def scope_of(row: Row) -> dict[str, Any]:
    headers = [(b"user-agent", b"x"), (b"Origin", row.origin.encode("latin-1"))]
    if row.host is not None:
        headers.insert(0, (b"host", row.host.encode("latin-1")))
    scope = {"type": "http", "method": "GET", "path": row.path, "headers": headers}
    return scope if row.prefix is None else {**scope, "root_path": row.prefix}


def environ_of(row: Row) -> dict[str, Any]:
    made = environ()
    made["HTTP_ORIGIN"] = row.origin
    made["PATH_INFO"] = row.path.encode().decode("latin-1")
    del made["HTTP_HOST"]
    return made if row.host is None else {**made, "HTTP_HOST": row.host}


def speaker(lines: Any) -> str | None:
    """The name of the policy that allows the request."""
    said = {bytes(name).lower(): value for name, value in lines}
    name = said.get(b"access-control-expose-headers")
    assert (name is None) == (b"access-control-allow-origin" not in said)
    return None if name is None else name.decode().removeprefix("X-")


def ask_asgi(source: Any, scope: Any) -> tuple[Any, str | None]:
    app = asgi.CORSMiddleware(answering(start(), body(b"page")), source)
    sent = ASGIServer().serve(app, scope)
    return sent, speaker(sent[0]["headers"])


def ask_wsgi(source: Any, made: Any) -> tuple[Any, str | None]:
    server = WSGIServer()
    answer = list(wsgi.CORSMiddleware(application, source)(made, server.start_response))
    lines = server.started[0][1]
    said = speaker((name.encode(), value.encode()) for name, value in lines)
    return (server.started, answer), said


def by_python(source: Any) -> Any:
    return lambda request: source


def identify(row: Row) -> str:
    return ascii(" ".join(str(part) for part in (row.source, *row[2:]) if part))


@pytest.mark.parametrize("row", ROWS, ids=identify)
def test_the_core_finds_the_policy_that_python_finds(row: Row) -> None:
    """And both find the one of the table, in both protocols; WSGI takes prefixes off by itself."""
    source = SOURCES[row.source]

    answer, found = ask_asgi(source, scope_of(row))
    assert (answer, row.speaker) == (
        ask_asgi(by_python(source), scope_of(row))[0],
        found,
    )
    if row.prefix is None:
        answer, found = ask_wsgi(source, environ_of(row))
        python_s = ask_wsgi(by_python(source), environ_of(row))
        assert (answer, row.speaker) == (python_s[0], found)


class Odd(UserDict[str, Any]):
    """A mapping that is no dict, as ASGI lets servers hand over."""


def lines(scope: Any, shape: Any) -> Any:
    return {**scope, "headers": shape(scope["headers"])}


#: What becomes of a scope.
SHAPES = {
    "no dict": Odd,
    "lines in a tuple": lambda scope: lines(scope, tuple),
    "lines that can be read once": lambda scope: lines(scope, iter),
    "lines as lists": lambda scope: lines(scope, lambda all: [list(line) for line in all]),
    "lines of str": lambda scope: lines(
        scope, lambda all: [tuple(text.decode("latin-1") for text in line) for line in all]
    ),
    "a path that is no Unicode": lambda scope: {**scope, "path": scope["path"] + "/\ud800"},
    "a prefix that is no Unicode": lambda scope: {**scope, "root_path": "\ud800"},
    "a str of a class of its own": lambda scope: {**scope, "path": type("Path", (str,), {})(scope["path"])},
}  # fmt: skip
SHAPED = [
    Row("paths", "Second", "/api/x"),
    Row("paths", None, "/api/internal"),
    Row("paths", "B", "/origins", origin=B),
    Row("hosts", "First", "/api/x", host="a.test"),
    Row("hosts", None, "/apis", host="a.test"),
    Row("origins", "C", origin=C),
    Row("a handle of hosts", "Second", host="x.b.test"),
]


@pytest.mark.parametrize("row", SHAPED, ids=identify)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_a_scope_leads_elsewhere(shape: str, row: Row) -> None:
    """What the core does not read is left to Python, and comes to the same."""
    source = SOURCES[row.source]

    answer, found = ask_asgi(source, SHAPES[shape](scope_of(row)))

    python_s = ask_asgi(by_python(source), SHAPES[shape](scope_of(row)))
    assert (answer, row.speaker) == (python_s[0], found)


@pytest.mark.parametrize(
    "changed",
    [
        {"PATH_INFO": None},
        {"PATH_INFO": "\ud800"},
        {"HTTP_HOST": None},
        {"HTTP_HOST": "\ud800"},
        {"HTTP_HOST": b"a.test"},
    ],
    ids=ascii,
)
def test_no_environ_is_too_odd(changed: dict[str, Any]) -> None:
    """A key that is missing, or holds what no server puts there; None: it is missing."""
    for source in (HOSTS, PATHS):
        made = {**environ_of(Row("", None, "/api", host="a.test")), **changed}
        made = {key: value for key, value in made.items() if value is not None}
        assert ask_wsgi(by_python(source), made) == ask_wsgi(source, made)


def test_two_lines_of_a_host_or_an_origin_are_none() -> None:
    """Which one counts would be a guess."""
    scope = scope_of(Row("", None, "/api", host="a.test"))
    assert "First" == ask_asgi(HOSTS, scope)[1]
    assert ask_asgi(HOSTS, lines(scope, lambda all: [all[0], *all]))[1] is None
    assert "A" == ask_asgi(BY_ORIGIN, scope)[1]
    assert ask_asgi(BY_ORIGIN, lines(scope, lambda all: [*all, all[-1]]))[1] is None


def test_a_handle_is_asked_at_every_request() -> None:
    """Also where a route leads to it, and whatever it holds: a policy, nobody, origins, a map."""
    handle = PolicyHandle(FIRST)
    for source in (handle, PolicyMap({"/": handle})):
        for held, expected in [
            (SECOND, "Second"),
            (None, None),
            (BY_ORIGIN, "A"),
            (PolicyMap({"/": THIRD, "/api": FIRST}), "First"),
            (FIRST.replace(expose_headers=["X-Other"]), "Other"),
        ]:
            handle.replace(held)
            assert expected == ask_asgi(source, scope_of(Row("", None, "/api")))[1]
            assert expected == ask_wsgi(source, environ_of(Row("", None, "/api")))[1]


class Contrary(PolicyMap):
    """An application's own way to choose."""

    __slots__ = ()

    def choose(self, request: Any) -> Policy:
        return THIRD


class Refusing(OriginPolicies):
    """The same for origins."""

    __slots__ = ()

    def choose(self, request: Any) -> Policy:
        return THIRD


class Deaf(PolicyHandle):
    """The same for what is held."""

    __slots__ = ()

    @property
    def policy(self) -> Policy:
        return THIRD


class Unmade(PolicyMap):
    """The same, without anything that ours has."""

    __slots__ = ()

    def __init__(self) -> None:
        pass

    def choose(self, request: Any) -> Policy:
        return THIRD


@pytest.mark.parametrize(
    "own",
    [Contrary({"/": FIRST}), Refusing([FIRST]), Deaf(FIRST), Unmade()],
    ids=["a map", "origins", "a handle", "a map of its own making"],
)
def test_a_class_of_the_application_s_own_chooses_in_its_own_way(own: Any) -> None:
    """By itself, behind a route, and in a handle."""
    row = Row("", None, origin=B)
    for source in (own, PolicyMap({"/": own})):
        assert "Third" == ask_asgi(source, scope_of(row))[1]
        assert "Third" == ask_wsgi(source, environ_of(row))[1]
    if not isinstance(own, Deaf):
        assert "Third" == ask_asgi(PolicyHandle(own), scope_of(row))[1]


class OddEnviron(dict[str, Any]):
    """An environ that reads its entries in its own way."""

    def get(self, key: str, default: Any = None) -> Any:
        return "/api" if key == "PATH_INFO" else super().get(key, default)


def test_an_environ_of_another_class_is_read_by_its_own_methods() -> None:
    """PEP 3333 asks for a plain dict, and not every gateway listens."""
    made = OddEnviron(environ_of(Row("", None, "/api/internal")))

    assert "Second" == ask_wsgi(PATHS, made)[1]


@pytest.mark.parametrize("depth", [2, 20_000])
def test_maps_may_be_nested_more_deeply_than_a_stack_is_high(depth: int) -> None:
    """Nobody writes that by hand."""
    source = PolicyMap({"/": FIRST})
    for _ in range(depth):
        source = PolicyMap({"/": source})

    assert "First" == ask_asgi(source, scope_of(Row("", None)))[1]


@pytest.mark.parametrize("middleware", [asgi.CORSMiddleware, wsgi.CORSMiddleware])
def test_the_policy_of_a_middleware_is_not_assigned(middleware: Any) -> None:
    """It would count for a part of the requests; a handle is there for that."""
    made = middleware(application, FIRST)
    with pytest.raises(AttributeError):
        made.policy = SECOND
    assert FIRST is made.policy


def test_a_source_and_its_middleware_are_collected_together() -> None:
    """An application that knows its own middleware is no leak, whatever was asked of it."""

    class Application:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await answering(start(), body())(scope, receive, send)

    for held in (FIRST.replace(), OriginPolicies([FIRST]), PolicyMap({"/": FIRST})):
        app: Any = Application()
        handle = PolicyHandle(held)
        app.middleware = asgi.CORSMiddleware(app, PolicyMap({"/": handle}))
        app.handle = handle
        ASGIServer().serve(app.middleware, scope_of(Row("", None)))
        gone = weakref.ref(app), weakref.ref(handle)
        del app, handle
        gc.collect()
        assert (None, None) == (gone[0](), gone[1]())
