"""Times many origins at once, against one pattern and against a million.

Here: `match_many` with exact origins and wildcards, hit and missed, beside a
plain set of the exact origins, asked for one after the other. At a million,
sets lie far from the processor: corsac may grow half as much again as they do.
Not here: the twin's own matcher, and one origin at a time (`test_match.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

import random
from functools import cache
from time import perf_counter

import pytest
from corsac import OriginMatcher
from shared import CORSAC, TWIN
from test_match import exact, wildcard

SIZES = [1, 1_000, 10_000, 1_000_000]
ASKED = 20_000
PATTERNS = {"exact": exact, "wildcard": wildcard}
ORIGINS = {
    "exact": "https://shop-{}.example.{}",
    "wildcard": "https://eu.shop-{}.example.{}",
}
# How much more corsac may take at a million than at a thousand, by what a set does. A round is
# short, so that its fastest is one that nothing interrupted.
GROWTH = 1.5
ROUNDS = 40


@cache
def matcher_of(kind, size):
    return OriginMatcher([PATTERNS[kind](number) for number in range(size)])


@cache
def set_of(size):
    return {exact(number) for number in range(size)}


def asked(kind, size, hits):
    """Origins by chance, each a text of its own, as requests bring them."""
    numbers = random.Random(size).choices(range(size), k=ASKED)
    end = "com" if hits else "org"
    return [ORIGINS[kind].format(number, end) for number in numbers]


def look_up(size, origins):
    members = set_of(size)
    return [origin in members for origin in origins]


@pytest.mark.parametrize("hits", [True, False], ids=["hit", "miss"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", PATTERNS)
def test_match_many_of_a_size(measure, kind, size, hits):
    """Twenty thousand origins in one call; the set has the exact ones, also where corsac has wildcards."""
    matcher, exacts = matcher_of(kind, size), asked("exact", size, hits)
    origins = asked(kind, size, hits)
    assert [hits] * ASKED == matcher.match_many(origins) == look_up(size, exacts)
    calls = {
        CORSAC: lambda: matcher.match_many(origins),
        TWIN: lambda: look_up(size, exacts),
    }
    measure(f"match_many/{size}-{kind}-{'hit' if hits else 'miss'}", calls)


@pytest.mark.parametrize("hits", [True, False], ids=["hit", "miss"])
@pytest.mark.parametrize("kind", PATTERNS)
def test_a_million_patterns_are_hardly_farther_than_in_a_set(request, kind, hits):
    """The sides take turns; of each the fastest round counts."""
    calls = {}
    for size in (1_000, 1_000_000):
        matcher, origins = matcher_of(kind, size), asked(kind, size, hits)
        exacts = asked("exact", size, hits)
        assert [hits] * ASKED == matcher.match_many(origins) == look_up(size, exacts)
        calls[CORSAC, size] = matcher.match_many, origins
        calls[TWIN, size] = look_up, size, exacts
    if request.config.option.benchmark_disable:
        return
    fastest = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for key, (call, *arguments) in calls.items():
            start = perf_counter()
            call(*arguments)
            fastest[key] = min(fastest[key], perf_counter() - start)
    ours, plain = (
        fastest[side, 1_000_000] / fastest[side, 1_000] for side in (CORSAC, TWIN)
    )
    assert ours <= GROWTH * plain, (ours, plain)
