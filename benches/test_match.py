"""Times matching: one origin against few and many patterns, and many origins at once.

Here: exact origins, wildcards and regexes, one to 100,000 of them, hit and
missed. A set of regexes is one machine with a limited size, and 100,000 would
be past it: 100 are the most here.
Not here: building the matchers (`test_build.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

import re
from functools import cache

import pytest
from corsac import OriginMatcher
from pure_python import PurePythonOriginMatcher
from shared import CORSAC, TWIN

COUNTS = {"one": 1, "hundred": 100, "thousand": 1_000, "hundred-thousand": 100_000}
ASKED = 10_000
MISS = "https://shop-7.example.org"


def exact(number):
    return f"https://shop-{number}.example.com"


def wildcard(number):
    return f"https://*.shop-{number}.example.com"


def regex(number):
    return re.compile(rf"https://shop-{number}-\d+\.example\.com")


# The pattern of a kind, the origin that only its n-th pattern matches, and the counts.
KINDS = {
    "exact": (exact, exact, ["one", "thousand", "hundred-thousand"]),
    "wildcard": (
        wildcard,
        lambda number: f"https://eu.shop-{number}.example.com",
        ["one", "thousand", "hundred-thousand"],
    ),
    "regex": (
        regex,
        lambda number: f"https://shop-{number}-44.example.com",
        ["one", "hundred"],
    ),
}
CASES = [(kind, count) for kind, (_, _, counts) in KINDS.items() for count in counts]


@cache
def matchers(kind, count):
    """Both sides' matchers of so many patterns of a kind."""
    pattern, _, _ = KINDS[kind]
    patterns = [pattern(number) for number in range(COUNTS[count])]
    return OriginMatcher(patterns), PurePythonOriginMatcher(patterns)


@pytest.mark.parametrize("hits", [True, False], ids=["hit", "miss"])
@pytest.mark.parametrize(("kind", "count"), CASES)
def test_match_one_origin(measure, kind, count, hits):
    """One origin, which the last pattern matches, or none."""
    ours, twin = matchers(kind, count)
    _, origin_of, _ = KINDS[kind]
    origin = origin_of(COUNTS[count] - 1) if hits else MISS
    assert hits == ours.matches(origin) == twin.matches(origin)
    calls = {CORSAC: ours.matches, TWIN: twin.matches}
    measure(f"match/{count}-{kind}-{'hit' if hits else 'miss'}", calls, origin)


def mixed():
    """A thousand exact origins and a wildcard; a third hits each, a third neither."""
    patterns = [*map(exact, range(1_000)), "https://*.example.net"]
    asked = [
        (exact(n % 1_000), f"https://shop-{n}.example.net", f"https://shop-{n}.test")
        for n in range(ASKED // 3)
    ]
    return patterns, [origin for three in asked for origin in three] + [MISS]


def strangers():
    return [f"https://shop-{number}.example.org" for number in range(ASKED)]


# Patterns, the origins asked for, how many match, and how many times faster corsac must be.
MANY = {
    "mixed": (*mixed(), ASKED // 3 * 2, 20),
    "exact-hit": ([exact(n) for n in range(ASKED)],) * 2 + (ASKED, None),
    "exact-miss": ([exact(n) for n in range(ASKED)], strangers(), 0, 20),
    "wildcard-hit": (
        ["https://*.example.com"],
        [exact(n) for n in range(ASKED)],
        ASKED,
        20,
    ),
    "wildcard-miss": (["https://*.example.com"], strangers(), 0, 20),
    "regex-hit": (
        [re.compile(r"https://shop-\d+\.example\.com")],
        [exact(n) for n in range(ASKED)],
        ASKED,
        20,
    ),
    "regex-miss": (
        [re.compile(r"https://shop-\d+\.example\.com")],
        strangers(),
        0,
        20,
    ),
}


@cache
def matchers_of_many(case):
    patterns, _, _, _ = MANY[case]
    return OriginMatcher(patterns), PurePythonOriginMatcher(patterns)


@pytest.mark.parametrize("case", MANY)
def test_match_many_origins(measure, case):
    """Ten thousand different origins in one call."""
    _, origins, hits, bound = MANY[case]
    ours, twin = matchers_of_many(case)
    assert ASKED == len(origins)
    assert hits == sum(twin.match_many(origins))
    assert twin.match_many(origins) == ours.match_many(origins)
    calls = {CORSAC: ours.match_many, TWIN: twin.match_many}
    measure(f"match_many/{case}", calls, origins, at_least=bound)
