"""Runs the table of choices: which policy a request gets, by its place, its origin, or code.

Here: each row against the engine, as an adapter asks it. The adapters get the same rows in
`adapters/` and `frameworks/`.
Spec: the link in each row.
"""

from __future__ import annotations

import pytest
from choosing import Row, build, decide, path_of, request_of
from rows import read, rows

MARK = ("X-Answered-By", "the application")
#: What the application answers by itself, by the page's name.
STATUSES = {"page": 200, "stream": 200, "redirect": 302, "missing": 404}


@pytest.mark.parametrize("row", rows("choices.json"))
def test_a_request_has_the_policy_that_the_row_says(row: Row) -> None:
    """Outcome, status and header lines; without a policy, the application's own."""
    page = row["application"]["page"]
    lines = [(name, value) for name, value in row["application"]["headers"]]
    lines += [] if page == "missing" else [MARK]
    status, outcome = STATUSES[page], "none"

    decision = decide(build(row["policy"]), request_of(row, path_of(row)))

    if decision is not None:
        outcome = decision.outcome
        lines = list(decision.headers) if decision.status else decision.merge(lines)
        status = decision.status or status
    expected = row["expected"]
    assert (expected["outcome"], expected["status"]) == (outcome, status)
    assert sorted(map(tuple, expected["headers"])) == sorted(lines)


def test_the_table_has_every_kind_of_source() -> None:
    """Maps, several policies, handles, and code that answers at once or later."""
    table = read("choices.json")

    kinds = {key for row in table for key in row["policy"]}
    callables = {row["policy"].get("callable") for row in table}

    assert {"map", "origins", "handle", "callable"} <= kinds
    assert {"sync", "async"} <= callables
    assert {"none", "actual_refused"} <= {row["expected"]["outcome"] for row in table}
