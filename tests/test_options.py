"""Runs the table of options: enforcement, debug mode, timing and resource policy.

Here: each row against the engine, as an adapter asks it. The adapters get the same rows in
`adapters/` and `frameworks/`.
Spec: the link in each row.
"""

from __future__ import annotations

import pytest
from choosing import Row, build, decide, request_of
from corsac import Decision
from rows import rows


def facts(decision: Decision) -> Row:
    """A decision as a row spells it."""
    return {
        "outcome": decision.outcome,
        "refusal": decision.refusal,
        "status": decision.status,
        "headers": [list(line) for line in decision.headers],
    }


@pytest.mark.parametrize("row", rows("options.json"))
def test_a_request_is_decided_as_the_row_says(row: Row) -> None:
    """Outcome, refusal, status, and header lines in their order."""
    decision = decide(build(row["policy"]), request_of(row))

    assert decision is not None
    assert row["expected"] == facts(decision)


@pytest.mark.parametrize(
    "row", [row for row in rows("options.json") if "merged" in row.values[0]]
)
def test_header_lines_are_merged_as_the_row_says(row: Row) -> None:
    """As str, and as bytes, in which names that are added are in lower case."""
    decision = decide(build(row["policy"]), request_of(row))
    lines = [(name, value) for name, value in row["application"]["headers"]]
    in_bytes = [(name.lower().encode(), value.encode()) for name, value in lines]

    assert decision is not None
    assert [tuple(line) for line in row["merged"]] == decision.merge(lines)
    assert [
        (name.lower().encode(), value.encode()) for name, value in row["merged"]
    ] == decision.merge(in_bytes)


@pytest.mark.parametrize("row", rows("options.json"))
def test_only_where_a_server_knows_its_address_is_an_origin_its_own(row: Row) -> None:
    """`Policy.decide` knows of no scheme, so that nobody's origin is that of the server's Host."""
    policy = build(row["policy"])
    request = row["request"]
    is_own = row["expected"]["outcome"] == "no_origin" and not policy.own_origins
    has_origin = any(name == "Origin" for name, _ in request["headers"])

    decision = policy.decide(request["method"], request["headers"])

    if is_own and has_origin:
        assert ("actual_refused", 403) == (decision.outcome, decision.status)
    else:
        assert row["expected"] == facts(decision)
