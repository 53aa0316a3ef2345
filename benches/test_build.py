"""Times what is done once, at start-up: building matchers and policies.

Here: patterns from one to 100,000, and one whole policy. corsac parses and
validates each, and would report every mistake; the twin takes all as given. So
these ratios say what strictness costs, and no bound holds for them.
Not here: matching (`test_match.py`).
Spec: https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
"""

import pytest
from corsac import OriginMatcher, Policy
from pure_python import PurePythonOriginMatcher, PurePythonPolicy
from shared import CORSAC, OPTIONS, TWIN
from test_match import COUNTS, KINDS, matchers

CASES = [
    (kind, count)
    for kind, (_, _, counts) in KINDS.items()
    for count in counts
    if kind != "regex"
]


@pytest.mark.parametrize(("kind", "count"), CASES)
def test_build_a_matcher(measure, kind, count):
    """A matcher of so many patterns."""
    pattern, origin_of, _ = KINDS[kind]
    origin = origin_of(COUNTS[count] - 1)
    assert all(matcher.matches(origin) for matcher in matchers(kind, count))
    patterns = [pattern(number) for number in range(COUNTS[count])]
    calls = {CORSAC: OriginMatcher, TWIN: PurePythonOriginMatcher}
    measure(f"build/{count}-{kind}", calls, patterns)


def test_build_a_policy(measure):
    """A policy with every kind of option."""
    calls = {
        CORSAC: lambda: Policy(**OPTIONS),
        TWIN: lambda: PurePythonPolicy(**OPTIONS),
    }
    ours, twin = calls[CORSAC](), calls[TWIN]()
    assert list(ours.allow_origins) == twin.allow_origins
    measure("build/policy", calls)
