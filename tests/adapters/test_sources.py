"""Sources of policies in Django, Flask, Quart and Pyramid, from one table, in process and over servers.

Here: which policy speaks, whom enforcement keeps from the pages, and what each option adds.
Not here: the sites (`sourced_sites.py`), what a callable is shown and what is counted
(`test_source_requests.py`), marks of views (`test_marked_sources.py`), settings.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from corsac import PolicyHandle
from servers import HERE, HOST, Response, Server, missing
from sourced_sites import (
    BASE,
    KINDS,
    OWN,
    PARTNER,
    RAN,
    ROUTES,
    ask_in_process,
    choose,
    choose_later,
)
from spoken import FROM, ORIGIN, REFUSED, preflight, speaker

Ask = Callable[[str, str, dict[str, str]], Response]


class Row(NamedTuple):
    """A request; `{own}` in a header stands for the server's own origin."""

    name: str
    method: str
    path: str
    headers: dict[str, str]
    status: int
    #: Who speaks; None: nobody.
    speaker: str | None
    runs: bool = True


def asked(method: str, **more: str) -> dict[str, str]:
    return {**preflight(method), **more}


OWN_ORIGIN = {"Origin": "{own}"}
PUBLIC = {"Origin": "https://public.example"}
HOSTED = {"Host": "api.example.com"}

ROWS = [
    # A route
    Row("a route", "GET", "/api/items", FROM, 200, "Api"),
    Row("a route's own path", "GET", "/api", FROM, 200, "Api"),
    Row("a route's encoded path", "GET", "/%61pi", FROM, 200, "Api"),
    Row("no whole segment", "GET", "/apis", FROM, 200, None),
    Row("no route", "GET", "/", FROM, 200, None),
    Row("a route without CORS", "GET", "/api/internal/x", FROM, 200, None),
    Row("a refused origin", "GET", "/api", REFUSED, 200, ""),
    Row("no origin", "GET", "/api", {}, 200, ""),
    Row("a preflight", "OPTIONS", "/api", asked("PUT"), 204, "Api", False),
    Row("a refused preflight", "OPTIONS", "/api", asked("PATCH"), 403, "", False),
    Row("a preflight without a route", "OPTIONS", "/", asked("PUT"), 200, None),
    Row("a preflight without CORS", "OPTIONS", "/api/internal", asked("PUT"), 200, None),
    Row("OPTIONS that is no preflight", "OPTIONS", "/api", FROM, 200, "Api"),
    Row("a host's route", "GET", "/api", {**FROM, **HOSTED}, 200, "Host"),
    Row("a host's preflight", "OPTIONS", "/api", asked("PUT", **HOSTED), 204, "Host", False),
    Row("a host falls through", "GET", "/handle", {**FROM, **HOSTED}, 200, "Handle"),
    # Origins, and a handle behind a route
    Row("the last of several", "GET", "/partners", FROM, 200, "Second"),
    Row("a preflight of the last", "OPTIONS", "/partners", asked("PUT"), 204, "Second", False),
    Row("what the first alone allows", "OPTIONS", "/partners", asked("PATCH"), 403, "", False),
    Row("none of several", "GET", "/partners", REFUSED, 200, ""),
    Row("a handle", "GET", "/handle", FROM, 200, "Handle"),
    Row("a handle's preflight", "OPTIONS", "/handle", asked("PUT"), 204, "Handle", False),
    # Enforcement
    Row("enforced, allowed", "POST", "/strict", FROM, 200, "Strict"),
    Row("enforced, refused", "POST", "/strict", REFUSED, 403, "", False),
    Row("enforced, GET", "GET", "/strict/x", REFUSED, 403, "", False),
    Row("enforced, null", "GET", "/strict", {"Origin": "null"}, 403, "", False),
    Row("enforced, OPTIONS", "OPTIONS", "/strict", REFUSED, 403, "", False),
    Row("enforced, no origin", "POST", "/strict", {}, 200, ""),
    Row("enforced, own origin", "POST", "/strict", OWN_ORIGIN, 200, ""),
    Row("enforced, own host encrypted", "POST", "/strict", {"Origin": "https://testserver"}, 403, "", False),
    Row("enforced, preflight", "OPTIONS", "/strict", asked("PUT"), 204, "Strict", False),
    Row("enforced, named own origin", "POST", "/proxied", PUBLIC, 200, ""),
    Row("enforced, own origin is another", "POST", "/proxied", OWN_ORIGIN, 403, "", False),
    Row("not enforced where nothing is", "POST", "/api/internal", REFUSED, 200, None),
]  # fmt: skip


def named(rows: list[Row]) -> Any:
    return pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in rows])  # fmt: skip


def assert_row(ask: Ask, row: Row, own: str, has_marks: bool) -> None:
    if has_marks and row.speaker == "Host":
        # A view is marked, whatever host it is asked for.
        row = row._replace(speaker="Api")
    headers = {name: value.format(own=own) for name, value in row.headers.items()}
    ask("GET", "/ran", {})

    answer = ask(row.method, row.path, headers)

    if row.runs:
        assert row.status == answer.status
        assert row.speaker == speaker(answer.headers)
        assert row.method == "HEAD" or b"page" == answer.body
    else:
        spoken = row.status, row.speaker, b""
        assert spoken == (answer.status, speaker(answer.headers), answer.body)
    path = row.path.replace("%61", "a")
    ran = ask("GET", "/ran", {}).body.decode()
    assert (f'["{path}"]' if row.runs else "[]") == ran


# In process

FORMS = {
    "itself": lambda: ROUTES,
    "a handle": lambda: PolicyHandle(ROUTES),
    "a function": lambda: choose,
    "a coroutine function": lambda: choose_later,
}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((kind, form), id=f"{kind}, {form}")
        for kind in KINDS
        for form in FORMS
        if (KINDS[kind].waits or form != "a coroutine function")
        and not (KINDS[kind].has_marks and form != "itself")
    ],
)
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Asks an application of each kind, under each form of the same source."""
    (name, form) = request.param
    kind, source = KINDS[name], FORMS[form]()
    RAN.clear()
    with kind.under(source) as app:
        yield lambda method, path, headers: ask_in_process(
            kind, app, method, path, headers
        )


@named(ROWS)
def test_the_policy_of_a_request_speaks(
    ask: Ask, row: Row, request: pytest.FixtureRequest
) -> None:
    """And what it refuses by `enforce`, no page hears of."""
    kind, _ = request.node.callspec.params["ask"]

    assert_row(ask, row, BASE, KINDS[kind].has_marks)


# Over servers


@pytest.fixture(scope="module", params=KINDS)
def served(request: pytest.FixtureRequest) -> Iterator[tuple[Ask, str, bool]]:
    """Asks a server of each kind, whose source is a callable, asynchronous where it may be."""
    kind = KINDS[request.param]
    if reason := missing(kind.server):
        pytest.fail(reason)
    # The settings of Django lie in the folder above.
    server = Server(
        kind.server,
        "sourced_sites:site",
        CORSAC_TEST_SITE=request.param,
        PYTHONPATH=str(HERE.parent),
    )

    def ask(method: str, path: str, headers: dict[str, str]) -> Response:
        response = server.ask(method, path, headers.items())
        assert response is not None
        return response

    yield ask, f"http://{HOST}:{server.port}", kind.has_marks
    server.stop()


@named(ROWS)
def test_a_server_sends_what_the_policy_says(
    served: tuple[Ask, str, bool], row: Row
) -> None:
    """The same as in process."""
    ask, own, has_marks = served

    assert_row(ask, row, own, has_marks)


# What options add


def header(response: Response, name: str) -> list[str]:
    return [value for key, value in response.headers if key.lower() == name.lower()]


TIMING, RESOURCE = OWN

OPTED = [
    ("allowed", "/opted", FROM, [ORIGIN], ["cross-origin"]),
    ("refused", "/opted", REFUSED, [], ["same-site"]),
    ("no origin", "/opted", {}, [], ["same-site"]),
    ("a static policy", "/all", FROM, ["*"], ["cross-origin"]),
    ("a static policy, no origin", "/all", {}, ["*"], ["cross-origin"]),
    ("not opted in", "/api", FROM, [OWN[TIMING]], [OWN[RESOURCE]]),
    ("no policy", "/", FROM, [OWN[TIMING]], [OWN[RESOURCE]]),
]


@pytest.mark.parametrize(
    ("path", "headers", "timing", "resource"),
    [pytest.param(*row, id=name) for name, *row in OPTED],
)
def test_whose_timing_and_whose_resource_it_is(
    ask: Ask, path: str, headers: dict[str, str], timing: list[str], resource: list[str]
) -> None:
    """The policy alone says it where it is opted in, and else the page's own lines stay."""
    answer = ask("GET", path, headers)

    assert (timing, resource) == (header(answer, TIMING), header(answer, RESOURCE))


def test_a_debugged_preflight_carries_what_passed(ask: Ask) -> None:
    """So that a browser names the check that failed; without `debug` nobody learns it."""
    origin = "Access-Control-Allow-Origin"

    told = ask("OPTIONS", "/debug", asked("PATCH"))
    silent = ask("OPTIONS", "/api", asked("PATCH"))

    assert (204, [ORIGIN]) == (told.status, header(told, origin))
    assert (403, []) == (silent.status, header(silent, origin))


def test_a_partner_has_what_is_the_partner_s(ask: Ask) -> None:
    """Methods and credentials of the first policy, for its origin alone."""
    sent = {"Origin": PARTNER, "Access-Control-Request-Method": "PATCH"}

    answer = ask("OPTIONS", "/partners", sent)

    assert 204 == answer.status
    assert [PARTNER] == header(answer, "Access-Control-Allow-Origin")
    assert ["true"] == header(answer, "Access-Control-Allow-Credentials")
    assert ["PATCH"] == header(answer, "Access-Control-Allow-Methods")
