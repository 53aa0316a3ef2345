"""Runs every attack of the corpus against corsac.

Here: attacks on origins, preflights and configurations, collected from reports
about other software; and the count of the rows, so that none is lost.
Not here: time (`expect.max_micros` belongs to the benches); the requests that
browsers sent (`test_browser_requests.py`), reading (`corpus_rows.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import pytest
from corpus_rows import (
    REFUSED_POLICIES,
    origin_policy,
    patterns,
    preflight_lines,
    preflight_policy,
    read,
)
from corsac import OriginMatcher, Policy, PolicyError

ROWS = {
    "attack-configs.jsonl": 87,
    "attack-origins.jsonl": 337,
    "attack-preflights.jsonl": 29,
    "browser-requests.jsonl": 460,
}

pytestmark = pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")


def attacks(name):
    """The rows of one file of attacks, as parameters with their numbers."""
    return [pytest.param(row, id=f"{name}:{row['id']}") for row in read(name)]


def values(text):
    """A value as the two types in which servers hand it over."""
    return [text, text.encode("latin-1")]


@pytest.mark.parametrize("name", ROWS)
def test_no_row_of_the_corpus_is_lost(name):
    """Each file has as many rows as were put into it."""
    assert ROWS[name] == len(read(name))


@pytest.mark.parametrize("row", attacks("attack-origins.jsonl"))
def test_an_attack_on_origins_gets_what_the_row_says(row):
    """An origin is allowed or refused, actual and preflight, as the row says."""
    if row["policy"] in REFUSED_POLICIES:
        with pytest.raises(PolicyError):
            Policy(allow_origins=row["policy"])
        return
    policy = Policy(**origin_policy(row))
    suffix = "allowed" if row["must_allow"] else "refused"
    expected = ("no_origin", "no_origin")
    if row["origin"] is not None:
        expected = (f"actual_{suffix}", f"preflight_{suffix}")
    for value in values(row["origin"] or ""):
        origin = [] if row["origin"] is None else [("Origin", value)]
        asked = [("Access-Control-Request-Method", "GET")]

        actual = policy.decide("GET", origin)
        preflight = policy.decide("OPTIONS", origin + asked)

        assert expected == (actual.outcome, preflight.outcome)
        headers = dict(actual.headers)
        assert row["must_allow"] == ("Access-Control-Allow-Origin" in headers)
        facts = row.get("expect", {})
        if "acao" in facts:
            assert facts["acao"] == headers["Access-Control-Allow-Origin"]
        if facts.get("vary_absent"):
            assert "Vary" not in headers
        for member in facts.get("vary_contains", []):
            assert member in headers["Vary"].split(", ")


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in attacks("attack-origins.jsonl")
        if row.values[0]["policy"] not in REFUSED_POLICIES
    ],
)
def test_the_matcher_gives_an_attack_what_the_row_says(row):
    """A matcher of the row's patterns agrees with the row, null left out."""
    listed = [pattern for pattern in row["policy"] if pattern != "null"]
    matcher = OriginMatcher(patterns(listed))
    expected = row["must_allow"] and row["origin"] is not None
    origins = [None] if row["origin"] is None else values(row["origin"])

    assert [expected] * len(origins) == matcher.match_many(origins)
    assert [expected] * len(origins) == [matcher.matches(o) for o in origins]


@pytest.mark.parametrize("row", attacks("attack-preflights.jsonl"))
def test_an_attack_on_preflights_gets_what_the_row_says(row):
    """A preflight is allowed or refused as the row says, in str and in bytes."""
    policy = Policy(**preflight_policy(row))
    headers = preflight_lines(row)
    in_bytes = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers]
    expected = "preflight_allowed" if row["must_allow"] else "preflight_refused"

    decision = policy.decide("OPTIONS", headers)

    assert expected == decision.outcome
    assert decision == policy.decide("OPTIONS", in_bytes)
    if "acah" in row.get("expect", {}):
        answer = dict(decision.headers)
        assert row["expect"]["acah"] == answer["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("row", attacks("attack-configs.jsonl"))
def test_a_configuration_is_accepted_or_refused_as_the_row_says(row):
    """A mistake is a problem in the report, and its flag is the only way round it."""
    config = row["config"]
    keywords = {
        "allow_origins": patterns(config["origins"]),
        "allow_methods": config.get("methods", []),
        "allow_headers": config.get("request_headers", []),
        "expose_headers": config.get("expose", []),
        "allow_credentials": config.get("credentials", False),
        "max_age": config.get("max_age", 600),
    }
    if row["verdict"] == "ok":
        Policy(**keywords)
        return
    with pytest.raises(PolicyError) as caught:
        Policy(**keywords)
    codes = [problem.code for problem in caught.value.problems]
    if row["kind"] in ("origin-invalid", "origin-prohibited"):
        assert [row["reason"]] == [code.split("-")[0] for code in codes]
    if row["verdict"] == "error-unless-flag":
        flag = {"insecure": "insecure", "psl": "public_suffix"}[row["reason"]]
        Policy(**keywords, **{f"dangerously_allow_{flag}_origins": True})
