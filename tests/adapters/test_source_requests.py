"""What sources in Django, Flask, Quart and Pyramid see of requests, and who sees them beside.

Here: what a callable is shown and may do wrong, policies that are replaced, what is counted, who is
told of refused requests, and what runs before enforcement.
Not here: the sites (`sourced_sites.py`), which policy speaks (`test_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from corsac import Policy, PolicyHandle, PolicyMap, Request
from corsac._watch import Refused, set_refused_hook
from servers import Response
from sourced_sites import KINDS, OWN, RAN, Kind, ask_in_process
from spoken import FROM, ORIGIN, REFUSED, counts, policy, preflight, speaker

Ask = Callable[[str, str, dict[str, str]], Response]
A, B = policy("A"), policy("B")


@pytest.fixture(params=[name for name, kind in KINDS.items() if not kind.has_marks])
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A policy's name that only this test has."""
    return "".join(each if each.isalnum() else "." for each in request.node.name)[-100:]


@contextmanager
def under(kind: Kind, source: Any) -> Iterator[Ask]:
    RAN.clear()
    with kind.under(source) as app:
        yield lambda method, path, headers: ask_in_process(
            kind, app, method, path, headers
        )


def spoken(response: Response) -> tuple[int, str | None]:
    return response.status, speaker(response.headers)


# Callables


@pytest.mark.parametrize(
    ("named", "waits"),
    [(name, False) for name, kind in KINDS.items() if not kind.has_marks]
    + [(name, True) for name, kind in KINDS.items() if kind.waits],
)
def test_a_callable_is_shown_the_request(named: str, waits: bool) -> None:
    """Once each, as the framework sees it, and of a preflight what it asks for."""
    kind = KINDS[named]
    shown: list[Request] = []

    def choose(request: Request) -> Policy:
        shown.append(request)
        return A

    async def choose_later(request: Request) -> Policy:
        await asyncio.sleep(0)
        return choose(request)

    with under(kind, choose_later if waits else choose) as ask:
        sent = {**FROM, "X-Tenant": "first"}
        assert (200, "A") == spoken(ask("PUT", "/%C3%BC/b%20c?q=1", sent))
        assert (204, "A") == spoken(ask("OPTIONS", "/ü/b c", preflight("PUT")))

    assert [False, True] == [request.is_preflight for request in shown]
    assert ["PUT", "OPTIONS"] == [request.own_method for request in shown]
    for request in shown:
        assert "PUT" == request.method
        assert ("http", "testserver") == (request.scheme, request.host)
        assert "/ü/b c" == request.path
        assert ORIGIN == request.origin
        assert kind.native == type(request.native).__name__
    assert "first" == shown[0].headers["x-tenant"]


def fail(request: Request) -> Policy:
    raise LookupError("raised on purpose")


@pytest.mark.parametrize(
    ("source", "error"),
    [(fail, LookupError), (lambda request: "a str", TypeError)],
    ids=["fails", "gives no policy"],
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_what_a_callable_raises_is_the_framework_s_to_meet(
    kind: Kind, source: Any, error: type[Exception], method: str
) -> None:
    """As from any middleware: Django answers 500, the others raise; no page runs."""
    headers = preflight("PUT") if method == "OPTIONS" else FROM
    logging.disable()
    try:
        with under(kind, source) as ask:
            if "Request" in kind.native:
                assert (500, None) == spoken(ask(method, "/", headers))
            else:
                with pytest.raises(error):
                    ask(method, "/", headers)
    finally:
        logging.disable(logging.NOTSET)

    assert [] == RAN


# Replacing, and no policy


def test_a_replaced_policy_speaks_from_the_next_request_on(kind: Kind) -> None:
    """Another one, several, or none."""
    handle = PolicyHandle(A)
    seen = []

    with under(kind, handle) as ask:
        for choice in (A, B, PolicyMap({"/": A}), None, A.replace(enforce=True)):
            handle.replace(choice)
            seen.append((spoken(ask("GET", "/", FROM)), ask("GET", "/", REFUSED).status))  # fmt: skip

    assert [
        ((200, "A"), 200),
        ((200, "B"), 200),
        ((200, "A"), 200),
        ((200, None), 200),
        ((200, "A"), 403),
    ] == seen


@pytest.mark.parametrize(
    "source",
    [PolicyHandle(None), PolicyMap({"/none": None}), lambda request: None],
    ids=["a handle", "a map", "a function"],
)
def test_nothing_is_touched_where_there_is_no_policy(kind: Kind, source: Any) -> None:
    """The application's lines stay, of CORS too, and it answers OPTIONS itself."""
    own = {"Access-Control-Allow-Origin": "https://own.example", "Vary": "Cookie"}
    OWN.update(own)
    try:
        with under(kind, source) as ask:
            answers = [
                ask("GET", "/none", REFUSED),
                ask("OPTIONS", "/none", preflight("PUT")),
            ]
    finally:
        for name in own:
            del OWN[name]

    for answer in answers:
        said = {name.lower(): value for name, value in answer.headers}
        assert (200, b"page") == (answer.status, answer.body)
        assert "https://own.example" == said["access-control-allow-origin"]
        assert "Cookie" == said["vary"]
    assert ["/none", "/none"] == RAN


# Watching


REQUESTS: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "/", FROM),
    ("POST", "/x", FROM),
    ("GET", "/", REFUSED),
    ("OPTIONS", "/", REFUSED),
    ("GET", "/", {}),
    ("OPTIONS", "/", preflight("PUT")),
    ("OPTIONS", "/", preflight("PATCH")),
    ("OPTIONS", "/", {**preflight("PUT"), **REFUSED}),
]
COUNTED = {
    "no_origin": 1,
    "actual_allowed": 2,
    "actual_refused origin": 2,
    "preflight_allowed": 1,
    "preflight_refused method": 1,
    "preflight_refused origin": 1,
}

WRAPPED: dict[str, Callable[[Policy], Any]] = {
    "itself": lambda policy: policy,
    "a map": lambda policy: PolicyMap({"/": policy}),
    "a function": lambda policy: lambda request: policy,
}


@pytest.mark.parametrize("form", WRAPPED)
@pytest.mark.parametrize("enforce", [False, True], ids=["open", "enforced"])
def test_each_request_is_counted_once(
    kind: Kind, form: str, enforce: bool, name: str
) -> None:
    """Whoever answers it."""
    named = A.replace(name=name, enforce=enforce)

    with under(kind, WRAPPED[form](named)) as ask:
        for asked in REQUESTS:
            ask(*asked)

    assert COUNTED == counts(name)


def test_a_request_of_the_server_s_own_is_counted_as_without_an_origin(
    kind: Kind, name: str
) -> None:
    """It asks nobody for leave, and is not refused."""
    named = A.replace(name=name, enforce=True)

    with under(kind, named) as ask:
        answer = ask("POST", "/", {"Origin": "http://testserver"})

    assert 200 == answer.status
    assert {"no_origin": 1} == counts(name)


def test_who_listens_is_told_of_a_refused_request(kind: Kind) -> None:
    """Each one once, with its place."""
    heard: list[Refused] = []
    set_refused_hook(heard.append)
    try:
        with under(kind, A.replace(name="heard", enforce=True)) as ask:
            ask("GET", "/x", REFUSED)
            ask("OPTIONS", "/x", preflight("PATCH"))
            ask("GET", "/x", FROM)
    finally:
        set_refused_hook(None)

    assert ["origin", "method"] == [refused.refusal for refused in heard]
    for refused in heard:
        assert ("/x", "testserver") == (refused.request.path, refused.request.host)
        assert "heard" == refused.policy.name
