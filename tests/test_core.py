"""Runs the tables of the core through the boundary.

Here: the rows that `vectors.rs` runs in pure Rust, asked of `corsac` in Python, so that a
difference can only lie in between.
Spec: the link in each row.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from corsac import OriginMatcher, Policy, Refusal, _core
from rows import field_lines, rows, spell_out


@pytest.mark.parametrize("row", rows("origins.json"))
def test_an_origin_passes_a_wildcard_policy_as_it_parses(row):
    """Under `*` exactly the values that parse are allowed, as str and as bytes."""
    value = spell_out(row["value"])
    matcher = OriginMatcher(["*"])
    expected = row["origin"] is not None
    assert matcher.matches(value) is expected
    assert matcher.matches(value.encode("latin-1")) is expected


def parse(row):
    """What the core makes of a row's pattern, with the matcher of it alone."""
    if row.get("regex"):
        regex = _core.Regex(row["pattern"], row["ignores_case"])
        return _core.OriginMatcher(_core.Patterns((), ""), [regex])
    _core.Pattern(row["pattern"])
    return _core.OriginMatcher(_core.Patterns((row["pattern"],), ""), [])


@pytest.mark.parametrize(
    "row", [row for row in rows("patterns.json") if "matches" in row.values[0]]
)
def test_a_pattern_matches_its_list_and_no_other(row):
    """Asked one by one, by `in` and all at once, as str and as bytes."""
    matcher = parse(row)
    candidates = row["matches"] + row["does_not_match"]
    expected = [origin in row["matches"] for origin in candidates]
    assert expected == [matcher.matches(origin) for origin in candidates]
    assert expected == [origin in matcher for origin in candidates]
    assert expected == matcher.match_many(candidates)
    assert expected == matcher.match_many(tuple(o.encode() for o in candidates))
    assert expected == matcher.match_many(iter(candidates))
    assert len(matcher) == 1


@pytest.mark.parametrize(
    "row", [row for row in rows("patterns.json") if "error" in row.values[0]]
)
def test_a_text_that_is_no_pattern_gets_a_reason_and_a_place(row):
    """The error has the refusal, a message with the right spelling, and a position."""
    with pytest.raises(_core.PatternError) as raised:
        parse(row)
    refusal, message, position = raised.value.args
    assert (row["refusal"], row["position"]) == (refusal, position)
    if row["spelling"] is None:
        assert row.get("regex") or '; write "' not in message
    else:
        assert message.endswith(f'; write "{row["spelling"]}"')


@pytest.mark.parametrize("row", rows("fields.json"))
def test_requested_header_names_are_accepted_as_the_row_says(row):
    """A preflight that asks for these lines is allowed exactly where the row says so."""
    policy = Policy(allow_origins=["https://a.example"], allow_headers=row["allowed"])
    name = b"access-control-request-headers"
    asked = [(name, line) for line in field_lines(row["lines"])]
    head = [
        (b"origin", b"https://a.example"),
        (b"access-control-request-method", b"GET"),
    ]
    for lines in (head + asked, asked + head):
        decision = policy.decide("OPTIONS", lines)
        expected = None if row["accepted"] else Refusal.HEADERS
        assert expected == decision.refusal
        assert decision.status == (204 if row["accepted"] else 403)


class Text(str):
    """A str of another class."""


class Data(bytes):
    """Bytes of another class."""


@pytest.mark.parametrize("count", [0, 1, 7, 31, 32, 33, 16_383, 16_384, 16_385])
def test_many_origins_of_every_type_are_matched_in_their_order(count):
    """Below and past the number from which on other threads may run meanwhile."""
    matcher = OriginMatcher(["https://a.example", "https://*.b.example"])
    hits = ["https://a.example", b"https://a.example", Text("https://c.b.example")]
    misses = [None, "", "null", "\ud800", "https://ä.example", b"\xff", "a" * 10_000]
    kinds = [*hits, Data(b"https://c.b.example"), *misses, "https://b.example"]
    origins = [kinds[place % len(kinds)] for place in range(count)]
    expected = [place % len(kinds) <= len(hits) for place in range(count)]
    for many in (origins, tuple(origins), iter(origins)):
        assert expected == matcher.match_many(many)
    for wrong in (5, bytearray(b"https://a.example"), ["https://a.example"]):
        with pytest.raises(TypeError, match=f"not {type(wrong).__name__}"):
            matcher.match_many([*origins, wrong])


def test_many_origins_are_matched_in_several_threads_at_once():
    """Of one list, which each of them changes meanwhile."""
    matcher = OriginMatcher([f"https://*.shop-{n}.example" for n in range(70_000)])
    origins = [f"https://eu.shop-{n}.example" for n in range(40_000)]
    shared = list(origins)

    def match():
        answers = matcher.match_many(shared)
        shared[:] = [str(origin) for origin in shared]
        return answers

    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            jobs = [pool.submit(match) for _ in range(4)]
            assert all(job.result() == [True] * len(origins) for job in jobs)


def test_a_list_of_patterns_is_read_as_its_members_are():
    """What is no text, and what is no pattern, has its place; the skipped text has none."""
    values = (
        "https://a.example",
        5,
        "null",
        "a.example",
        "\ud800",
        "https://a.example",
    )
    patterns = _core.Patterns(values, "null")
    assert [1, 4] == patterns.others
    with pytest.raises(_core.PatternError) as raised:
        _core.Pattern("a.example")
    assert [(3, raised.value.args)] == patterns.refused
    assert 1 == len(_core.OriginMatcher(patterns, []))


def test_dangerous_patterns_are_found_again():
    """Those that one by one are insecure or under a public suffix, and the one for everything."""
    listed = ["https://a.example", "*", "http://a.example", "https://*.com", 5, "com"]
    listed += ["http://localhost:*", "http://*.localhost", "https://*.a.com:*"]
    assert [1, 2, 3] == _core.Patterns(tuple(listed), "").dangerous()
