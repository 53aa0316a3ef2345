"""Compares corsac with its pure-Python twin on generated policies and requests.

Here: one property for each thing that both can be asked.
Not here: what is generated (`strategies.py`), what is right; the vectors say that, of both.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import sys
from pathlib import Path

import pytest
from corsac import (
    OriginMatcher,
    OriginPolicies,
    Policy,
    PolicyError,
    PolicyMap,
    Request,
)
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    REGEXES,
    any_text,
    application_lines,
    origins_near,
    patterns,
    policies_and_requests,
    request_hosts,
    request_paths,
    route_keys,
    several_policies_and_requests,
    texts,
    thoroughly,
)

sys.path.append(str(Path(__file__).resolve().parent.parent / "benches"))

from pure_python import PurePythonPolicy
from pure_python_choices import PurePythonOriginPolicies, PurePythonPolicyMap
from pure_python_origins import PurePythonOriginMatcher

# Generated methods include `patch`, of which corsac warns.
pytestmark = pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")


def answer(decision):
    """All that a decision says, comparable between corsac and the twin."""
    return decision.outcome, decision.refusal, decision.status, decision.headers


@thoroughly
@given(policies_and_requests)
def test_corsac_decides_as_the_twin_does(case):
    """Outcome, refusal, status and headers are the twin's, under every policy."""
    policy, (method, headers) = case

    expected = PurePythonPolicy(**policy).decide(method, headers)

    assert answer(expected) == answer(Policy(**policy).decide(method, headers))


#: How servers name their schemes, those of WebSockets too, and the schemes of pages.
SCHEMES = {"": "", "http": "http", "https": "https", "ws": "http", "wss": "https"}


@thoroughly
@given(policies_and_requests, st.sampled_from(sorted(SCHEMES)))
def test_corsac_decides_at_a_server_as_the_twin_does(case, scheme):
    """Where the server knows its address, an origin may be its own."""
    keywords, (method, headers) = case
    policy = Policy(**keywords)
    request = Request(method, headers, scheme=scheme, path="/", native=None)

    expected = PurePythonPolicy(**keywords).decide(method, headers, SCHEMES[scheme])

    assert answer(expected) == answer(policy._decide_request(request))


@thoroughly
@given(several_policies_and_requests)
def test_corsac_decides_among_policies_as_the_twin_does(case):
    """The first that allows the origin, whatever shape the header lines have."""
    keywords, (method, headers) = case
    policies = OriginPolicies([Policy(**each) for each in keywords])
    request = Request(method, headers, scheme="", path="/", native=None)

    expected = answer(PurePythonOriginPolicies(keywords).decide(method, headers))

    assert expected == answer(policies.decide(method, headers))
    assert expected == answer(policies.decide(method, iter(headers)))
    assert expected == answer(policies.choose(request)._decide_request(request))


@thoroughly
@given(
    st.lists(route_keys, min_size=1, max_size=8, unique=True),
    st.lists(st.tuples(request_hosts, request_paths), max_size=12),
)
def test_corsac_takes_the_route_that_the_twin_takes(keys, places):
    """The most exact host, then the longest path of whole segments."""
    policy = Policy(allow_origins=["https://a.example"])
    choices = [policy.replace(max_age=number) for number in range(len(keys))]
    routes = dict(zip(keys, choices, strict=True))
    try:
        policy_map = PolicyMap(routes)
    except PolicyError as error:
        # A dot behind a host makes no other host of it.
        assert {"invalid-route"} == {problem.code for problem in error.problems}
        assert any("a.test." in key for key in keys)
        return
    twin = PurePythonPolicyMap(routes)
    for host, path in places:
        request = Request("GET", [("Host", host)], scheme="", path=path, native=None)

        expected = twin.choose(host, path)

        chosen = policy_map.choose(request)
        if expected == "refused":
            decision = chosen.decide("GET", {"Origin": "https://a.example"})
            assert ("actual_refused", 403) == (decision.outcome, decision.status)
        else:
            assert expected is chosen


@st.composite
def lines_near_the_limits(draw):
    """Lines whose names, empty elements or bytes reach a limit, pass it or just do not."""
    near = st.sampled_from([-1, 0, 0, 1])
    names = draw(st.sampled_from([1, 5, 1024 + draw(near)]))
    empty = draw(st.sampled_from([0, 5, 64 + draw(near)]))
    elements = draw(st.permutations(["x-a"] * min(names, 40) + [""] * empty))
    elements = ["X-A"] * (names - min(names, 40)) + elements
    middle = draw(st.integers(0, len(elements)))
    lines = [",".join(part) for part in (elements[:middle], elements[middle:]) if part]
    if draw(st.booleans()):
        missing = 16384 - sum(len(line) + 1 for line in lines) + draw(near)
        lines[-1] += draw(st.sampled_from(" \t")) * missing
    return lines


@thoroughly
@given(lines_near_the_limits(), st.sampled_from(["X-A", "*"]), st.booleans())
def test_corsac_keeps_to_the_limits_of_the_twin(lines, listed, credentials):
    """Requested headers at a limit pass and past it do not, as with the twin."""
    policy = {
        "allow_origins": ["https://example.com"],
        "allow_headers": [listed],
        "allow_credentials": credentials,
    }
    headers = [
        ("Origin", "https://example.com"),
        ("Access-Control-Request-Method", "GET"),
        *(("Access-Control-Request-Headers", line) for line in lines),
    ]

    expected = PurePythonPolicy(**policy).decide("OPTIONS", headers)

    assert answer(expected) == answer(Policy(**policy).decide("OPTIONS", headers))


@thoroughly
@given(policies_and_requests)
def test_corsac_decides_a_mapping_as_the_twin_does(case):
    """A mapping of str to str is decided as the lines that it holds."""
    policy, (method, headers) = case
    mapping = {
        name: value
        for name, value in headers
        if isinstance(name, str) and isinstance(value, str)
    }

    expected = PurePythonPolicy(**policy).decide(method, mapping)

    assert answer(expected) == answer(Policy(**policy).decide(method, mapping))


@thoroughly
@given(policies_and_requests, application_lines, st.booleans())
def test_corsac_merges_as_the_twin_does(case, lines, in_bytes):
    """The application's lines, str or bytes, become the twin's, and stay unchanged."""
    policy, (method, headers) = case
    if in_bytes:
        lines = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in lines]
    before = list(lines)

    expected = PurePythonPolicy(**policy).decide(method, headers).merge(lines)

    assert expected == Policy(**policy).decide(method, headers).merge(lines)
    assert before == lines


@st.composite
def matchers_and_origins(draw):
    """Patterns, sometimes with a wildcard for all, and origins near them."""
    listed = draw(st.lists(patterns, min_size=1, max_size=6))
    if draw(st.integers(0, 9)) == 0:
        listed.append("*")
    near = origins_near(listed).flatmap(texts)
    return listed, draw(st.lists(st.one_of(near, near, near, st.none()), max_size=8))


@thoroughly
@given(matchers_and_origins())
def test_corsac_matches_as_the_twin_does(case):
    """A matcher gives the twin's answer, alone, as `in`, and for many origins at once."""
    listed, origins = case
    matcher = OriginMatcher(listed)

    expected = PurePythonOriginMatcher(listed).match_many(origins)

    assert expected == [matcher.matches(origin) for origin in origins]
    assert expected == [origin in matcher for origin in origins]
    assert expected == matcher.match_many(origins)


@thoroughly
@given(st.lists(st.one_of(any_text, st.binary()), max_size=6))
def test_corsac_takes_any_text_as_the_twin_does(origins):
    """No text and no bytes, lone surrogates included, make a matcher raise or err."""
    for listed in (["*"], ["https://*.example.com:*", *REGEXES]):
        expected = PurePythonOriginMatcher(listed).match_many(origins)

        assert expected == OriginMatcher(listed).match_many(origins)
