"""Runs the vectors against the pure-Python twin.

Here: every row of the four tables, asked of the twin, so that the oracle of
the property tests is itself proved by rows that were written by hand.
Not here: corsac itself, which is asked the same rows elsewhere.
Spec: the link in each row.
"""

import sys
from pathlib import Path

import pytest
from rows import field_lines, policy_keywords, rows, spell_out

sys.path.append(str(Path(__file__).resolve().parent.parent / "benches"))

from pure_python import PurePythonPolicy
from pure_python_origins import parse_origin


def build(policy):
    """The twin of a row's policy."""
    return PurePythonPolicy(**policy_keywords(policy))


@pytest.mark.parametrize("row", rows("origins.json"))
def test_the_twin_parses_an_origin_as_the_row_says(row):
    """The twin gives a scheme, a host and a port, or null, or nothing."""
    expected = row["origin"]
    if isinstance(expected, dict):
        expected = (expected["scheme"], expected["host"], expected["port"])

    assert expected == parse_origin(spell_out(row["value"]).encode("latin-1"))


@pytest.mark.parametrize("row", rows("fields.json"))
def test_the_twin_accepts_requested_headers_as_the_row_says(row):
    """The twin accepts or refuses the lines of Access-Control-Request-Headers."""
    policy = PurePythonPolicy(
        allow_origins=["https://example.com"], allow_headers=row["allowed"]
    )
    headers = [
        ("Origin", "https://example.com"),
        ("Access-Control-Request-Method", "GET"),
    ]
    for line in field_lines(row["lines"]):
        headers.append(("Access-Control-Request-Headers", line))

    decision = policy.decide("OPTIONS", headers)

    expected = None if row["accepted"] else "headers"
    assert expected == decision.refusal


@pytest.mark.parametrize("as_bytes", [False, True], ids=["str", "bytes"])
@pytest.mark.parametrize("row", rows("decisions.json") + rows("options.json"))
def test_the_twin_decides_as_the_row_says(row, as_bytes):
    """The twin gives the row's decision, whether lines are str or bytes."""
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) if as_bytes else (name, value)
        for name, value in row["request"]["headers"]
    ]

    decision = build(row["policy"]).decide(row["request"]["method"], headers, "http")

    actual = {
        "outcome": decision.outcome,
        "refusal": decision.refusal,
        "status": decision.status,
        "headers": [list(line) for line in decision.headers],
    }
    assert row["expected"] == actual


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in rows("decisions.json") + rows("options.json")
        if "application" in row.values[0]
    ],
)
def test_the_twin_merges_as_the_row_says(row):
    """The twin gives the row's merged lines, as str and as bytes in lower case."""
    decision = build(row["policy"]).decide(
        row["request"]["method"], row["request"]["headers"]
    )
    lines = [tuple(line) for line in row["application"]["headers"]]

    assert row["merged"] == [list(line) for line in decision.merge(lines)]

    in_bytes = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in lines
    ]
    expected = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in row["merged"]
    ]
    if lines:
        assert expected == decision.merge(in_bytes)
