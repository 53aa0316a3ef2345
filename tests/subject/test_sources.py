"""Policies of maps, by origin, in handles and behind callables, found in applications.

Here: what is found of each source, in each framework; where each policy speaks; what nobody can look
into. Not here: single policies (`test_find.py`), what requests get.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
import sources
from corsac import PolicyMap, Request
from corsac._sources import choose_now
from corsac.lint import lint
from corsac.subject import SubjectKind, deciding, find_policies, read_subject
from corsac.subject._walk import look_into
from corsac.testing import Site
from sources import A, B, C

HERE = Path(__file__).parent
AROUND = [
    (sources.in_asgi, "app"),
    (sources.in_wsgi, "app"),
    (sources.in_starlette, "app"),
    (sources.added_in_fastapi, "app.user_middleware[0]"),
    (sources.in_aiohttp, "app"),
    (sources.in_sanic, "app"),
    (sources.in_tornado, "app"),
    (sources.in_flask, "app.wsgi_app"),
    (sources.in_quart, "app.asgi_app"),
    (sources.in_pyramid, "app"),
    (sources.in_channels, "app.websocket"),
    (sources.in_socketio_of_aiohttp, "app, Socket.IO"),
]
EVERYWHERE = pytest.mark.parametrize(
    ("make", "name"), AROUND, ids=[make.__name__ for make, _ in AROUND]
)


@EVERYWHERE
def test_each_policy_of_a_map_is_found_by_its_route(make, name):
    """Of the most exact host first, and of the longest path; a route without CORS is one too."""
    found = find_policies(make(sources.policies))

    assert [
        (f'{name}, route "api.example/v1"', B),
        (f'{name}, route "/api/none"', None),
        (f'{name}, route "/api"', A),
    ] == [(one.name, one.policy) for one in found]
    assert ["api.example/v1", "/api/none", "/api"] == [one.route for one in found]
    assert {"corsac"} == {one.library for one in found}
    assert {()} == {one.problems for one in found}


@EVERYWHERE
def test_a_callable_cannot_be_looked_into(make, name):
    """It is named, and nothing else is said of it."""
    policies, notes = look_into(make(sources.choose))

    assert () == policies
    [note] = notes
    assert note.startswith("choose chooses a policy for each request")


@EVERYWHERE
def test_the_policy_of_a_handle_is_that_of_the_moment(make, name):
    """Which is said, too."""
    policies, notes = look_into(make(sources.handle))

    assert 3 == len(policies)
    assert any("another can take its place" in note for note in notes)


def test_socket_io_has_its_policy_beside_that_of_the_rest():
    """It speaks for its own path."""
    socket, rest = find_policies(sources.in_socketio(A))

    assert (A.replace(enforce=True), C) == (socket.policy, rest.policy)
    assert socket.covers("/socket.io/")
    assert not socket.covers("/other")
    assert rest.covers("/other")


def test_a_validator_of_channels_speaks_for_no_fetch():
    """What HTTP is answered is somebody else's."""
    [found] = find_policies(sources.in_channels(A))

    assert not found.covers("/")
    assert None is deciding([found], "/")


def test_policies_by_origin_are_found_in_their_order():
    """None of them alone decides at an address."""
    found = find_policies(sources.in_asgi(sources.partners))

    assert ["app, policies[0]", "app, policies[1]"] == [one.name for one in found]
    assert [A, B] == [one.policy for one in found]
    assert None is deciding(found, "/")


def test_what_is_nested_has_the_name_of_its_way():
    """A map in a map, policies by origin in a handle."""
    found = find_policies(sources.in_asgi(sources.nested))

    assert [
        'app, route "*.example", route "api.example/v1"',
        'app, route "*.example", route "/api/none"',
        'app, route "*.example", route "/api"',
        'app, route "/api", policies[0]',
        'app, route "/api", policies[1]',
        'app, route "/"',
    ] == [one.name for one in found]


MAPS = [
    sources.policies,
    PolicyMap({"/": A, "/a": B, "/a/b": C, "x.test/a": None, "*.x.test": B}),
    PolicyMap({"*.x.test": A, "*.a.x.test": B, "a.x.test:8000": C, "/a": A}),
    PolicyMap({"/a": PolicyMap({"/a/b": B, "/": C}), "x.test": A}),
]
PATHS = ["/", "/a", "/ab", "/a/b", "/a/b/c", "/api", "/api/none", "/api/nonesuch", "/v1"]  # fmt: skip
HOSTS = ["", "x.test", "a.x.test", "a.x.test:8000", "b.a.x.test", "api.example", "API.example:80", "api.example.", "x.test.:1"]  # fmt: skip


@pytest.mark.parametrize("routes", MAPS, ids=range(len(MAPS)))
def test_the_first_that_covers_an_address_is_the_one_that_speaks(routes):
    """As for requests."""
    found = find_policies(sources.in_asgi(routes))
    for path, host in itertools.product(PATHS, HOSTS):
        lines = [("Host", host)]
        request = Request("GET", lines, scheme="http", path=path, native=None)

        one = deciding(found, path, host)

        assert choose_now(routes, request) == (one and one.policy), (path, host)


# Named


def read(name):
    return read_subject(f"sources:{name}")


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("policies", ['route "api.example/v1"', 'route "/api/none"', 'route "/api"']),
        ("partners", ["policies[0]", "policies[1]"]),
    ],
)
def test_a_source_can_be_named(name, names):
    """It is no application."""
    subject = read(name)

    assert SubjectKind.POLICY is subject.kind
    assert None is subject.application
    expected = [f"sources:{name}, {each}" for each in names]
    assert expected == [one.name for one in subject.policies]


def test_notes_are_among_what_is_read_and_linted():
    """Of a source that is named, and of one in an application."""
    assert "another can take its place" in read("handle").notes[0]
    report = lint(read("with_callable"))
    assert any("choose chooses" in note for note in report.notes)


def test_a_route_without_cors_has_nothing_against_it():
    """It has no policy, and no problem."""
    report = lint(read("with_policies"))

    none = report.policies[1]
    assert None is none.found.policy
    assert () == none.findings
    assert not any("two-policies" == one.rule for one in report.findings())


def explain(*arguments):
    command = [sys.executable, "-m", "corsac.explain", *arguments, "--json"]
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=HERE)
    assert run.stdout, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("subject", ["policies", "with_policies"])
def test_explain_changes_the_policy_of_the_address(subject):
    """Of the route; for a route without CORS a new one."""
    origin = ("--origin", "https://new.example")
    told = explain(f"sources:{subject}", "--url", "https://x.test/api/items", *origin)
    assert "https://a.example" in told["remedy"]["policy"]
    assert "https://new.example" in told["remedy"]["policy"]
    told = explain(f"sources:{subject}", "--url", "https://api.example/v1", *origin)
    assert "https://b.example" in told["remedy"]["policy"]
    for url in ("https://x.test/api/none", "https://x.test/"):
        told = explain(f"sources:{subject}", "--url", url, *origin)
        assert (
            'Policy(allow_origins=["https://new.example"])' == told["remedy"]["policy"]
        )


@pytest.mark.parametrize("subject", ["partners", "with_partners", "with_callable"])
def test_explain_asks_where_no_policy_is_known(subject):
    """What answers is the source itself."""
    for origin, is_allowed in (
        ("https://a.example", True),
        ("https://c.example", False),
    ):
        told = explain(f"sources:{subject}", "--origin", origin)
        readable = [verdict["readable"] for verdict in told["browsers"].values()]
        assert {is_allowed} == set(readable)


def test_a_test_s_explanation_names_the_policy_of_the_route():
    """At the address that the page asked."""
    with Site(sources.with_policies, base_url="https://api.example") as site:
        page = site.page("https://new.example")
        for path, name in (("/api", "a"), ("/v1/x", "b")):
            told = page.predict("GET", path).explanation
            assert f'"https://{name}.example", "https://new.example"' in told
        assert "https://a.example" not in page.predict("GET", "/api/none").explanation
