"""A handle under load: every answer belongs wholly to one policy of its time.

Here: the promise of `PolicyHandle` at its full size, and that the judge of it sees what breaks it.
Not here: the load (`replacements.py`), what answers may be (`numbered.py`).
Spec: https://docs.python.org/3/howto/free-threading-python.html
"""

from __future__ import annotations

import threading

import pytest
from corsac import PolicyHandle
from numbered import ALWAYS, Asked, expect_lines, make_policy, origin_of
from replacements import THREADS, Run, replace_under_load

COUNT = 100_000
#: Bytes that the process may have more at the end than after the warm-up: a fiftieth of what the
#: replaced policies would take.
GROWTH = 16 * 2**20


def test_100_000_replacements_under_load_mix_nothing_and_keep_nothing(capfd):
    """From four threads and an event loop, no answer is wrong, and no policy stays in memory."""

    def tell(number: int) -> None:
        with capfd.disabled():
            print(f"\r{number:,} of {COUNT:,} replacements ", end="", flush=True)

    run = replace_under_load(COUNT, tell)
    assert [] == run.mistakes[:10]
    assert COUNT == run.finished
    assert THREADS + 1 == len(run.answers)
    assert all(answers >= COUNT for answers in run.answers.values()), run.answers
    assert run.growth < GROWTH
    assert run.policies_left < 100


@pytest.mark.parametrize(
    ("name", "number", "status", "lines"),
    [
        ("the policy of an earlier time", 4, 204, expect_lines(4, ALWAYS, True)),
        ("a policy to come", 16, 204, expect_lines(16, ALWAYS, True)),
        (
            "the methods of one and the header names of another",
            8,
            204,
            {
                **expect_lines(8, ALWAYS, True),
                "access-control-allow-headers": "X-H12",
            },
        ),
        (
            "the age of another policy",
            8,
            204,
            {**expect_lines(8, ALWAYS, True), "access-control-max-age": "12"},
        ),
        ("the status of another policy", 8, 200, expect_lines(8, ALWAYS, True)),
        ("an origin that was not asked", 8, 204, expect_lines(8, origin_of(8), True)),
        ("a refusal of what every policy allows", 8, 403, {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_judge_sees_every_mixture(name, number, status, lines):
    """Otherwise its silence would say nothing."""
    run = Run(0, finished=8, started=9)
    asked = Asked(run, turn=2)
    assert (ALWAYS, True) == (asked.origin, asked.is_preflight)
    right = expect_lines(8, ALWAYS, True)
    asked.judge(204, [*right.items(), ("vary", "Origin")])
    assert [] == run.mistakes
    asked.judge(status, [*lines.items(), ("vary", "Origin")])
    assert run.mistakes


def test_each_of_many_writers_learns_whom_it_replaced():
    """Every policy that was put into its place is given back once, and the last one stays."""
    first = make_policy(0, None)
    handle = PolicyHandle(first)
    made = [
        [make_policy(thread * 1_000 + n, first) for n in range(1_000) if n % 4]
        for thread in range(THREADS)
    ]
    given_back = []
    barrier = threading.Barrier(THREADS)

    def replace_each(policies):
        barrier.wait(20)
        given_back.extend([handle.replace(policy) for policy in policies])

    threads = [threading.Thread(target=replace_each, args=(own,)) for own in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    put = [first, *(policy for policies in made for policy in policies)]
    left = {id(policy) for policy in put} - {id(policy) for policy in given_back}
    assert len(put) == len(given_back) + 1
    assert {id(handle.policy)} == left
