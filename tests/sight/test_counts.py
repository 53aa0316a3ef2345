"""What is counted under the name of a policy.

Here: `counts` and `flips` by every way to ask, in threads and in forked processes.
Not here: exporters (`test_prometheus.py`, `test_opentelemetry.py`).
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from corsac import Outcome, Policy, Refusal
from corsac._decision import COUNT_OF_FACTS, judge
from corsac.sight import Count, Flip, counts, flips
from requesting import EVIL, GOOD, WAYS, Ask, make_policy, preflight, totals
from together import THREADS, together

ROWS = {
    "no origin": ("GET", [], "no_origin", None),
    "an allowed origin": ("GET", [("Origin", GOOD)], "actual_allowed", None),
    "a refused origin": ("GET", [("Origin", EVIL)], "actual_refused", "origin"),
    "an allowed preflight": (
        "OPTIONS",
        preflight(GOOD, "PUT", "x-id"),
        "preflight_allowed",
        None,
    ),
    "a preflight of a refused origin": (
        "OPTIONS",
        preflight(EVIL),
        "preflight_refused",
        "origin",
    ),
    "a preflight for a refused method": (
        "OPTIONS",
        preflight(GOOD, "DELETE"),
        "preflight_refused",
        "method",
    ),
    "a preflight for a refused header": (
        "OPTIONS",
        preflight(GOOD, "PUT", "x-other"),
        "preflight_refused",
        "headers",
    ),
    "OPTIONS that is no preflight": (
        "OPTIONS",
        [("Origin", GOOD)],
        "actual_allowed",
        None,
    ),
}


@pytest.mark.parametrize("ask", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    ("method", "lines", "outcome", "refusal"), ROWS.values(), ids=ROWS
)
def test_a_request_is_counted_once_under_its_outcome(
    ask: Ask, method: str, lines: list[Any], outcome: str, refusal: str | None
) -> None:
    """By decide and by both middlewares."""
    policy = make_policy()

    ask(policy, method, lines)
    ask(policy, method, lines)

    assert {(outcome, refusal): 2} == totals(str(policy.name))


def test_each_name_has_the_seven_pairs_that_can_be() -> None:
    """Those that are zero too, so that a graph begins before the first request."""
    policy = make_policy()

    mine = [count for count in counts() if count.policy == policy.name]

    possible = {judge(facts) for facts in range(COUNT_OF_FACTS)}
    assert possible == {(count.outcome, count.refusal) for count in mine}
    assert 7 == len(mine) == len(possible)
    assert {0} == {count.total for count in mine}


def test_policies_of_one_name_are_counted_together() -> None:
    """As are those that a policy was replaced by."""
    policy = make_policy()

    for one in (policy, policy.replace(allow_origins=[EVIL]), make_policy()):
        one.decide("GET", {"Origin": EVIL})

    expected = {("actual_refused", "origin"): 1, ("actual_allowed", None): 1}
    assert expected == totals(str(policy.name))


def test_a_policy_without_a_name_is_not_counted() -> None:
    """Nobody watches it."""
    before = counts()

    Policy(allow_origins=[GOOD]).decide("GET", {"Origin": EVIL})

    assert before == counts()


def test_threads_lose_no_count() -> None:
    """Each request of each thread is there in the end."""
    policy, rounds = make_policy(), 500

    def job(_: int) -> None:
        for _ in range(rounds):
            for method, lines, *_ in ROWS.values():
                policy.decide(method, lines)

    together(job, counts)

    expected = {
        (outcome, refusal): THREADS * rounds for _, _, outcome, refusal in ROWS.values()
    }
    expected["actual_allowed", None] *= 2
    assert expected == totals(str(policy.name))


def test_a_flip_is_what_the_shadow_would_have_decided_otherwise() -> None:
    """The answer is the policy's; the shadow's is only counted."""
    shadow = Policy(allow_origins=[EVIL], allow_methods=["DELETE"])
    policy = make_policy(shadow=shadow)
    asked = [
        ("GET", [("Origin", EVIL)]),
        ("GET", [("Origin", GOOD)]),
        ("GET", [("Origin", GOOD)]),
        ("OPTIONS", preflight(GOOD)),
        ("OPTIONS", preflight(EVIL, "PUT")),
        ("GET", []),
        ("GET", [("Origin", "https://neither.example")]),
    ]

    for method, lines in asked:
        policy.decide(method, lines)

    mine = {flip[1:-1]: flip.total for flip in flips() if flip.policy == policy.name}
    refused, allowed = Outcome.ACTUAL_REFUSED, Outcome.ACTUAL_ALLOWED
    pre_refused = Outcome.PREFLIGHT_REFUSED
    assert mine == {
        (refused, Refusal.ORIGIN, allowed, None): 1,
        (allowed, None, refused, Refusal.ORIGIN): 2,
        (Outcome.PREFLIGHT_ALLOWED, None, pre_refused, Refusal.ORIGIN): 1,
        (pre_refused, Refusal.ORIGIN, pre_refused, Refusal.METHOD): 1,
    }


def test_what_is_counted_reads_well_and_stays_as_it_is() -> None:
    """A snapshot is plain data."""
    count = Count("api", Outcome.PREFLIGHT_REFUSED, Refusal.METHOD, 3)
    flip = Flip("api", Outcome.ACTUAL_ALLOWED, None, *count[1:3], 5)

    assert "<Count api: preflight_refused (method) 3>" == repr(count)
    text = "<Flip api: actual_allowed -> preflight_refused (method) 5>"
    assert text == repr(flip)
    with pytest.raises(AttributeError):
        count.total = 4  # type: ignore[misc]  # the test is that it raises
    assert '["api", "preflight_refused", "method", 3]' == json.dumps(count)


FORKING = """
import os
from corsac import Policy
from corsac.sight import counts, flips, shadow_report

shadow = Policy(allow_origins=["https://b.example"])
policy = Policy(allow_origins=["https://a.example"], name="api", shadow=shadow)
ask = lambda: policy.decide("GET", {"Origin": "https://a.example"})
seen = lambda: (sum(c.total for c in counts()), [f.total for f in flips()],
                shadow_report("api").origins)
ask(), ask()
if os.fork() == 0:
    print("child", *seen(), flush=True)
    ask()
    print("child", *seen(), flush=True)
else:
    os.wait()
    print("parent", *seen(), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_begins_at_zero() -> None:
    """Or whoever adds processes up would count the parent's requests in each of them."""
    run = subprocess.run(
        [sys.executable, "-c", FORKING], capture_output=True, text=True, check=True
    )

    assert [
        "child 0 [] {}",
        "child 1 [1] {'https://a.example': 1}",
        "parent 2 [2] {'https://a.example': 2}",
    ] == run.stdout.splitlines(), run.stderr
