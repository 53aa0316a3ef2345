"""What a shadow would change, as people and programs read it.

Here: `shadow_report`. Not here: how flips are counted (`test_counts.py`), the bound of the origins
(`test_bounds.py`).
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from corsac import Policy
from corsac.sight import ShadowReport, shadow_report
from requesting import EVIL, GOOD, make_policy, new_name, preflight


def report_of(name: str) -> ShadowReport:
    """A report of some requests, most of which a stricter policy would refuse."""
    shadow = Policy(allow_origins=[GOOD], allow_methods=["PUT"])
    policy = make_policy(
        name=name,
        allow_origins=["https://*.example", GOOD],
        allow_methods=["PUT", "DELETE"],
        shadow=shadow,
    )
    asked: list[tuple[str, list[Any], int]] = [
        ("GET", [("Origin", EVIL)], 30),
        ("GET", [("Origin", "https://old.example")], 9),
        ("GET", [("Origin", GOOD)], 1200),
        ("OPTIONS", preflight(GOOD, "DELETE"), 1),
        ("GET", [], 1),
    ]
    for method, lines, times in asked:
        for _ in range(times):
            policy.decide(method, lines)
    return shadow_report(name)


def test_a_report_says_how_many_of_whom_and_how() -> None:
    """The most frequent first."""
    report = report_of(new_name())

    assert (1241, 40) == (report.requests, report.flipped)
    assert [39, 1] == [flip.total for flip in report.flips]
    expected = {EVIL: 30, "https://old.example": 9, GOOD: 1}
    assert expected == report.origins
    assert list(expected) == list(report.origins)
    assert 0 == report.other_requests


def test_a_report_reads_as_a_table() -> None:
    """With the shares drawn."""
    assert str(report_of("table-of-a-test")) == (
        """\
table-of-a-test: 40 of 1,241 requests would end otherwise with the shadow

    requests  share                         how
          39  ####################   97.5%  actual_allowed -> actual_refused (origin)
           1  #                       2.5%  preflight_allowed -> preflight_refused (method)

    requests  share                         of which origin
          30  ###############        75.0%  https://evil.example
           9  ####                   22.5%  https://old.example
           1  #                       2.5%  https://good.example"""
    )


def test_a_report_that_found_nothing_is_a_line() -> None:
    """Of a shadow that agrees, and of a policy that has none."""
    policy = make_policy(shadow=Policy(allow_origins=[GOOD]))
    policy.decide("GET", [("Origin", GOOD)])

    text = f"{policy.name}: 0 of 1 request would end otherwise with the shadow"
    assert text == str(shadow_report(str(policy.name)))


def test_a_text_shows_twenty_origins_and_sums_up_the_others() -> None:
    """The report itself has a hundred, and the sum of the rest."""
    policy = make_policy(shadow=Policy(allow_origins=["*"]))
    for number in range(300):
        policy.decide("GET", [("Origin", f"https://{number}.example")])
    report = shadow_report(str(policy.name))

    assert (100, 200) == (len(report.origins), report.other_requests)
    lines = str(report).splitlines()
    assert lines[-1].split()[::3] == ["280", "(other"]
    assert 20 == sum("https://" in line for line in lines)


def test_a_report_is_json() -> None:
    """With nothing in it that a program does not know."""
    report = report_of(new_name())

    read = json.loads(json.dumps(report.as_dict()))

    assert list(ShadowReport._fields) == list(read)
    assert read["origins"] == report.origins
    assert read["flips"][0] == {
        "outcome": "actual_allowed",
        "refusal": None,
        "shadow_outcome": "actual_refused",
        "shadow_refusal": "origin",
        "total": 39,
    }


def test_a_name_that_nobody_has_is_refused() -> None:
    """With those that there are."""
    policy = make_policy()

    with pytest.raises(ValueError, match=r"no policy has the name 'none': there is \w"):
        shadow_report("none")
    with pytest.raises(TypeError, match="give the name of a policy"):
        shadow_report(policy)  # type: ignore[arg-type]  # the test is that it is refused
