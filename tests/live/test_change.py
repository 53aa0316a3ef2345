"""What changed, in words that a person reads at a glance.

Here: the texts, and their bounds. Not here: when they are told (`test_report.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from corsac.live import Change, Difference

A, B, C = "https://a.example", "https://b.example", "https://c.example"
OLD = Policy(allow_origins=[A, B])
HANDLE = PolicyHandle(OLD)


def named(name, *origins, **keywords):
    return Policy(name=name, allow_origins=origins, **keywords)


ROWS = {
    "a list has more and less": (
        OLD,
        OLD.replace(allow_origins=[B, C]),
        f"allow_origins: +{C} -{A}",
    ),
    "a list is in another order": (
        OLD,
        OLD.replace(allow_origins=[B, A]),
        "allow_origins: in another order",
    ),
    "single values are other ones": (
        OLD,
        OLD.replace(max_age=60, allow_credentials=True, name="public"),
        "allow_credentials: False -> True; max_age: 600 -> 60; name: None -> public",
    ),
    "no value is a value": (OLD, OLD.replace(max_age=None), "max_age: 600 -> None"),
    "methods and header names": (
        OLD,
        OLD.replace(allow_methods=["PUT"], allow_headers=["X-A"], expose_headers=["*"]),
        "allow_methods: +PUT; allow_headers: +X-A; expose_headers: +*",
    ),
    "a regex is shown as a call": (
        OLD,
        OLD.replace(allow_origins=[A, B, re.compile(r"https://\w+\.example")]),
        r"allow_origins: +re.compile('https://\\w+\\.example')",
    ),
    "a shadow comes": (
        named("a", A),
        named("a", A, shadow=Policy(allow_origins=[B])),
        f"shadow: None -> Policy(allow_origins=['{B}'])",
    ),
    "a shadow changes": (
        named("a", A, shadow=Policy(allow_origins=[B])),
        named("a", A, shadow=Policy(allow_origins=[C], max_age=5)),
        f"shadow.allow_origins: +{C} -{B}; shadow.max_age: 600 -> 5",
    ),
    "routes come and go": (
        PolicyMap({"/a": OLD, "/b": OLD}),
        PolicyMap({"/b": OLD, "api.example.com/c": None}),
        "routes: +api.example.com/c -/a",
    ),
    "a route's policy changes": (
        PolicyMap({"/a": OLD, "/b": OLD}),
        PolicyMap({"/a": OLD, "/b": OLD.replace(max_age=5)}),
        "/b: max_age: 600 -> 5",
    ),
    "a route loses its policy": (
        PolicyMap({"/a": OLD}),
        PolicyMap({"/a": None}),
        "/a: Policy -> None",
    ),
    "a route in a map in a map": (
        PolicyMap({"api.example.com": PolicyMap({"/a": OLD})}),
        PolicyMap({"api.example.com": PolicyMap({"/a": OLD.replace(max_age=5)})}),
        "api.example.com /a: max_age: 600 -> 5",
    ),
    "a route's handle is another": (
        PolicyMap({"/a": HANDLE}),
        PolicyMap({"/a": PolicyHandle(OLD)}),
        "/a: PolicyHandle -> another PolicyHandle",
    ),
    "one of several policies changes, by its place": (
        OriginPolicies([OLD, Policy(allow_origins=[C])]),
        OriginPolicies([OLD, Policy(allow_origins=[C], max_age=5)]),
        "policies[1]: max_age: 600 -> 5",
    ),
    "one of several policies changes, by its name": (
        OriginPolicies([named("a", A), named("b", B)]),
        OriginPolicies([named("c", C), named("a", A, max_age=5), named("b", B)]),
        "policies: +c; a: max_age: 600 -> 5",
    ),
    "several policies are in another order": (
        OriginPolicies([named("a", A), named("b", B)]),
        OriginPolicies([named("b", B), named("a", A)]),
        "policies: in another order",
    ),
    "names that stand twice say nothing": (
        OriginPolicies([named("a", A), named("a", B)]),
        OriginPolicies([named("a", A), named("a", C)]),
        f"policies[1]: allow_origins: +{C} -{B}",
    ),
    "one kind takes the place of another": (
        OLD,
        PolicyMap({"/a": OLD}),
        "Policy -> PolicyMap",
    ),
    "there was none": (None, OLD, "None -> Policy"),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_change_is_said_in_one_line(name):
    """Nothing that stayed is named."""
    old, new, text = ROWS[name]
    assert text == str(Change(old, new))


@pytest.mark.parametrize("name", ROWS)
def test_nothing_differs_from_itself(name):
    """Nor from its equal."""
    for choice in ROWS[name][:2]:
        assert () == Change(choice, choice).differences
    if isinstance(ROWS[name][1], Policy):
        assert () == Change(ROWS[name][1], ROWS[name][1].replace()).differences


def test_a_table_of_50_000_origins_makes_a_short_line():
    """Ten are named, and the others counted."""
    many = [f"https://n{number}.example" for number in range(50_000)]
    text = str(Change(OLD, OLD.replace(allow_origins=many)))
    shown = " ".join(f"+{origin}" for origin in many[:10])
    assert f"allow_origins: {shown} +49,990 more -{A} -{B}" == text


def test_a_map_of_1_000_routes_makes_a_short_line():
    """Each with a difference of its own."""
    before = PolicyMap({f"/{number}": OLD for number in range(1_000)})
    after = PolicyMap({f"/{n}": OLD.replace(max_age=n) for n in range(1_000)})
    change = Change(before, after)
    assert str(change).startswith("/0: max_age: 600 -> 0; /1: max_age: 600 -> 1; ")
    assert str(change).endswith("; /19: max_age: 600 -> 19; and 979 more")
    assert 999 == len(change.differences)  # one of them has the age that it had


def test_the_longest_values_make_a_line_within_bounds():
    """However much of each there is."""
    label = "a" * 60
    many = {
        f"/{number}" + "/x" * 500: OLD.replace(
            allow_origins=[f"https://{label}.{label}.n{n}.example" for n in range(500)]
        )
        for number in range(30)
    }
    old = PolicyMap(dict.fromkeys(many, OLD))
    text = str(Change(old, PolicyMap(many)))
    assert len(text) <= 4_000
    assert re.search(r" and \d+ more$", text)


def test_a_value_is_never_taken_for_another_line():
    """What no name or origin looks like is quoted."""
    text = str(Difference("", "max_age", ("a\nb c",), ("",), is_list=False))
    assert r"max_age: 'a\nb c' -> ''" == text
