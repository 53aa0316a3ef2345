"""Runs every row of all tables through every framework, by every way, in process and over sockets.

Here: one test for each framework in process, and for each of its servers; a failure shows each
row that came out in another way.
Not here: what a row expects (`expected.py`), what servers and frameworks change (`departures.py`,
`peculiarities.py`).
Spec: the link in each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import pytest
from answers import Answer, answer, is_ours
from choosing import build, choose_policy, decide, request_of
from departures import DEPARTURES, Departure
from expected import comparable, expected_of, expected_of_seen, is_marked
from left_out import REASONS, is_left_out, rows_over
from pages import ROWS, page_of, path_of
from peculiarities import PECULIARITIES, peculiarities_of
from recipes import IN_PROCESS, RECIPES, USES, Recipe, passes, ways_over
from servers import Response, missing
from serving import Came, Counts, OwnServer, Pass, SharedServer, ask_in_process

_DEPARTURES = {(d.row, server): d for d in DEPARTURES for server in d.servers}


def name_of(recipe: Recipe) -> str:
    return f"{recipe.site}-{recipe.protocol}"


def ensure(recipe: Recipe, server: str = IN_PROCESS) -> None:
    """Skips where a package is not installed, and says how to get it."""
    if recipe.package and find_spec(recipe.package) is None:
        pytest.skip(f"{recipe.package} is not installed: pip install 'corsac[test]'")
    if server != IN_PROCESS and (reason := missing(server)):
        pytest.skip(reason)


@pytest.mark.parametrize(
    "recipe",
    [
        pytest.param(recipe, id=name_of(recipe))
        for recipe in RECIPES
        if recipe.protocol != "own"
    ],
)
def test_every_row_comes_out_of_a_framework_in_process(recipe: Recipe) -> None:
    """Status, header values and Vary members are the row's, by every way to put a policy on."""
    ensure(recipe)

    came, counts = ask_in_process(recipe.site, recipe.protocol, list(recipe.ways))

    found = differences(recipe, IN_PROCESS, came)
    assert {} == found, "\n".join(f"{row}: {what}" for row, what in found.items())
    assert expected_counts(recipe, recipe.ways) == read(counts)


@pytest.mark.parametrize(
    ("recipe", "kind"),
    [
        pytest.param(recipe, server, id=f"{name_of(recipe)}-{server}")
        for recipe in RECIPES
        for server in recipe.servers
    ],
)
def test_every_row_comes_out_of_a_framework_over_a_socket(
    recipe: Recipe, kind: str
) -> None:
    """The same, or what the server makes of the request, which is named."""
    ensure(recipe, kind)
    ways = ways_over(recipe, kind)
    serve = OwnServer if recipe.protocol == "own" else SharedServer
    server = serve(kind, recipe.site, recipe.protocol, ways)
    try:
        came = {way: server.ask_all(way) for way in ways}
        counts = server.counts()
        print(server.output()[-4000:])
    finally:
        server.stop()

    found = differences(recipe, kind, came)
    assert {} == found, "\n".join(f"{row}: {what}" for row, what in found.items())
    assert counts is None or expected_counts(recipe, ways) == read(counts)


def read(counts: Counts) -> dict[tuple[Any, ...], int]:
    """Those that are not zero, by name, outcome and refusal."""
    return {tuple(counted): total for *counted, total in counts if total}


def expected_counts(recipe: Recipe, ways: Sequence[str]) -> dict[tuple[Any, ...], int]:
    """How often each outcome and refusal comes under each name, where each request counts once."""
    counts: dict[tuple[Any, ...], int] = {}
    for index in rows_over(recipe.protocol):
        source, request = (
            build(ROWS[index]["policy"]),
            request_of(ROWS[index], path_of(index)),
        )
        policy = choose_policy(source, request)
        if policy is not None and policy.name is not None:
            decision = policy._decide_request(request)
            key = policy.name, decision.outcome, decision.refusal
            counts[key] = counts.get(key, 0) + len(ways)
    return counts


def differences(recipe: Recipe, server: str, came: dict[str, Pass]) -> dict[str, Any]:
    """By way and row, what came in the place of what."""
    rows = rows_over(recipe.protocol)
    assert all(rows == list(each) for each in came.values())
    return {
        f"{way}: {ROWS[index]['name']}": difference
        for way, each in came.items()
        for index, one in each.items()
        if (difference := compare(recipe.site, way, server, index, one))
    }


def compare(site: str, way: str, server: str, index: int, came: Came) -> Any:
    """What is wrong with one answer; None where nothing is."""
    departure = _DEPARTURES.get((ROWS[index]["name"], server))
    if departure is not None and departure.seen is None:
        return refused(departure, came)
    plain = expected = expected_of(index)
    reasons = []
    if departure is not None and departure.seen is not None:
        method, headers, outcome = departure.seen
        seen, expected = expected_of_seen(index, method, headers)
        assert outcome == seen, departure.reason
        reasons.append(departure.reason)
    for peculiarity in peculiarities_of(site, way, server, index):
        changed = peculiarity.change(expected)
        reasons.append(peculiarity.reason)
        if changed is None:
            return None if isinstance(came, str) else (came, reasons)
        expected = changed
    if not isinstance(came, Response):
        return expected, came, reasons
    actual = comparable(answer(came.status, came.headers), expected)
    if expected != actual:
        return expected, actual, reasons
    if reasons and plain == comparable(actual, plain):
        return "it comes out as it stands, so that this is no longer true", reasons
    return body_difference(index, expected, came)


def refused(departure: Departure, came: Came) -> Any:
    """The server answered with an error of its own, or with nothing that is HTTP.

    Sanic makes it in the application, for a request that has no header lines.
    """
    if came is None:
        return None
    if isinstance(came, Response):
        status, headers = answer(came.status, came.headers)
        headers.pop("content-type", None)
        if 400 <= status < 500 and headers in ({}, {"vary": [{"origin"}]}):
            return None
    return departure.reason, came


def body_difference(index: int, expected: Answer, came: Response) -> Any:
    """A page says the same whatever the policy, and a preflight says nothing."""
    row = ROWS[index]
    body = page_of(row).body if is_marked(expected) else None
    if row["request"]["method"] == "HEAD":
        return None
    if is_ours(row):
        body = b"" if not is_marked(expected) else body
    return None if body in (None, came.body) else (body, came.body)


# The tables themselves


def test_a_row_says_what_its_policy_decides() -> None:
    """The outcome of each row of whole answers."""
    for index, row in enumerate(ROWS):
        decision = decide(build(row["policy"]), request_of(row, path_of(index)))
        outcome = "none" if decision is None else decision.outcome
        assert row["expected"]["outcome"] == outcome, row["name"]


def test_every_departure_names_a_row_and_each_server_once() -> None:
    """A row that is renamed, or a server that is named twice for it, is a mistake."""
    named = [(d.row, server) for d in DEPARTURES for server in d.servers]

    assert {row for row, _ in named} <= {row["name"] for row in ROWS}
    assert sorted(set(named)) == sorted(named)


@pytest.mark.parametrize("peculiarity", PECULIARITIES, ids=lambda one: one.reason)
def test_every_peculiarity_concerns_a_pass(peculiarity: Any) -> None:
    """What no framework does any more, or no row asks for, is left out."""
    concerned = [
        index
        for recipe in RECIPES
        for way, server in passes(recipe)
        for index in range(len(ROWS))
        if peculiarity.concerns(recipe.site, way, server, index)
    ]

    assert concerned
    assert peculiarity.rows <= {row["name"] for row in ROWS}


def test_only_what_a_protocol_cannot_have_is_left_out() -> None:
    """A few rows, of each protocol that has a reason and of no other."""
    left = {
        recipe.protocol: [
            i for i in range(len(ROWS)) if is_left_out(recipe.protocol, i)
        ]
        for recipe in RECIPES
    }

    assert set(REASONS) == {protocol for protocol, rows in left.items() if rows}
    assert all(len(rows) < 10 for rows in left.values())


def test_all_frameworks_are_there() -> None:
    """Fourteen, each with what the README says of it."""
    names = {recipe.framework for recipe in RECIPES}

    assert 14 == len(names)
    assert names == set(USES)
