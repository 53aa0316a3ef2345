"""Decides every recorded browser request under policies that fit it, and that do not.

Here: requests as three browsers sent them, kept in `corpus/browser-requests.jsonl`;
what corsac must say follows from the origin, method and headers in each.
Not here: attacks (`test_corpus.py`); browsers themselves (`browser/`).
Values stand in the file with one character for each byte (Latin-1).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

import json
import re
from pathlib import Path

import pytest
from corsac import Policy

CORPUS = Path(__file__).parent / "corpus"
SAFELISTED_METHODS = ("GET", "HEAD", "POST")
STRANGER = "https://stranger.test"

# Some browsers ask for `patch`, which a policy accepts with a warning.
pytestmark = pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")


def read():
    """The recorded requests."""
    lines = (CORPUS / "browser-requests.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def named(decision, header):
    """The members of one header of a decision, or None where it is left out."""
    value = dict(decision.headers).get(header)
    return None if value is None else sorted(value.split(", "))


class Recorded:
    """One recorded request, and what it asks of a policy."""

    def __init__(self, row):
        self.method = row["request_line"].split()[0]
        self.headers = [(name, value) for name, value in row["headers"]]
        self.origin = self.one("origin")
        self.asked_method = self.one("access-control-request-method")
        asked = self.one("access-control-request-headers")
        self.asked_headers = asked.split(",") if asked else []
        self.is_preflight = self.method == "OPTIONS" and self.asked_method is not None

    def one(self, name):
        """The value of a header that came once, or None."""
        found = [value for key, value in self.headers if key.lower() == name]
        assert len(found) <= 1
        return found[0] if found else None

    def policy(self, **changes):
        """A policy that lists the page's origin and all that was asked for."""
        keywords = {
            "allow_origins": [self.origin or STRANGER],
            "allow_methods": [self.asked_method] if self.asked_method else [],
            "allow_headers": self.asked_headers,
            "dangerously_allow_null_origin": self.origin == "null",
            "dangerously_allow_insecure_origins": True,
        }
        return Policy(**{**keywords, **changes})

    def decide(self, policy):
        """The decision on the request, which is the same in str, bytes and lower case."""
        decision = policy.decide(self.method, self.headers)
        in_bytes = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in self.headers
        ]
        assert decision == policy.decide(self.method, in_bytes)
        return decision

    def is_allowed(self, decision, allow_origin):
        """Asserts that the decision allows the request and all that it asks for."""
        kind = "preflight" if self.is_preflight else "actual"
        assert f"{kind}_allowed" == decision.outcome
        assert decision.refusal is None
        assert (204 if self.is_preflight else None) == decision.status
        assert allow_origin == dict(decision.headers)["Access-Control-Allow-Origin"]

    def is_refused(self, decision, refusal):
        """Asserts that the decision refuses the request and gives nothing away."""
        kind = "preflight" if self.is_preflight else "actual"
        assert (f"{kind}_refused", refusal) == (decision.outcome, decision.refusal)
        assert (403 if self.is_preflight else None) == decision.status
        assert ["Vary"] == [name for name, _ in decision.headers]


def recorded(condition):
    """The recorded requests that fulfil a condition, as named parameters."""
    found = []
    for number, row in enumerate(read()):
        request = Recorded(row)
        if condition(request):
            method = row["request_line"].split()[0]
            name = f"{row['browser']} {row['case']} {method} {number}"
            found.append(pytest.param(request, id=name))
    return found


def has_origin(request):
    return request.origin is not None


def is_preflight(request):
    return request.is_preflight


def test_recorded_requests_are_of_every_kind():
    """The recorded requests are all with an origin or without, preflight or actual."""
    without = recorded(lambda request: request.origin is None)
    preflights = recorded(is_preflight)
    actual = recorded(lambda r: has_origin(r) and not r.is_preflight)

    assert [24, 126, 310] == [len(without), len(preflights), len(actual)]


@pytest.mark.parametrize("request_", recorded(lambda r: r.origin is None))
def test_a_recorded_request_without_an_origin_gets_vary_alone(request_):
    """What a browser sends without an origin is no CORS request."""
    decision = request_.decide(request_.policy())

    assert ("no_origin", None) == (decision.outcome, decision.status)
    assert (("Vary", "Origin"),) == decision.headers

    static = request_.decide(Policy(allow_origins=["*"]))

    assert (("Access-Control-Allow-Origin", "*"),) == static.headers


@pytest.mark.parametrize("request_", recorded(has_origin))
def test_a_recorded_request_is_allowed_where_all_it_asks_is_listed(request_):
    """A page gets what it asks for where its origin, method and headers are listed."""
    decision = request_.decide(request_.policy())

    request_.is_allowed(decision, request_.origin)
    assert named(decision, "Access-Control-Allow-Credentials") is None
    if request_.is_preflight:
        unsafe = request_.asked_method not in SAFELISTED_METHODS
        methods = [request_.asked_method] if unsafe else None
        assert methods == named(decision, "Access-Control-Allow-Methods")
        headers = sorted(request_.asked_headers) or None
        assert headers == named(decision, "Access-Control-Allow-Headers")

    credentialed = request_.decide(request_.policy(allow_credentials=True))

    request_.is_allowed(credentialed, request_.origin)
    assert ["true"] == named(credentialed, "Access-Control-Allow-Credentials")


@pytest.mark.parametrize("request_", recorded(has_origin))
def test_a_recorded_request_is_refused_where_its_origin_is_not_listed(request_):
    """A page gets nothing where another origin is listed, with or without credentials."""
    for credentials in (False, True):
        policy = request_.policy(
            allow_origins=[STRANGER],
            allow_credentials=credentials,
            dangerously_allow_null_origin=False,
        )

        request_.is_refused(request_.decide(policy), "origin")


@pytest.mark.parametrize("request_", recorded(has_origin))
def test_a_recorded_request_is_allowed_by_a_static_policy(request_):
    """A wildcard without credentials covers every origin that a browser sends, null too."""
    policy = request_.policy(allow_origins=["*"], dangerously_allow_null_origin=False)

    request_.is_allowed(request_.decide(policy), "*")


@pytest.mark.parametrize("request_", recorded(has_origin))
def test_a_recorded_request_is_covered_by_wildcards_with_credentials(request_):
    """Wildcards for methods and headers with credentials name what was asked for."""
    policy = request_.policy(
        allow_methods=["*"],
        allow_headers=["*", "Authorization"],
        allow_credentials=True,
    )

    decision = request_.decide(policy)

    request_.is_allowed(decision, request_.origin)
    if request_.is_preflight:
        unsafe = request_.asked_method not in SAFELISTED_METHODS
        methods = [request_.asked_method] if unsafe else None
        assert methods == named(decision, "Access-Control-Allow-Methods")
        headers = sorted(request_.asked_headers) or None
        assert headers == named(decision, "Access-Control-Allow-Headers")


@pytest.mark.parametrize(
    "request_", recorded(lambda r: has_origin(r) and r.origin != "null")
)
def test_a_recorded_request_is_covered_by_any_port(request_):
    """Any port covers the port, or the absence of one, that a browser sends."""
    scheme, rest = request_.origin.split("://")
    host = re.sub(r":\d+$", "", rest)
    policy = request_.policy(allow_origins=[f"{scheme}://{host}:*"])

    request_.is_allowed(request_.decide(policy), request_.origin)


@pytest.mark.parametrize(
    "request_",
    recorded(lambda r: has_origin(r) and re.match(r"https?://[a-z].*\.", r.origin)),
)
def test_a_recorded_request_is_covered_by_a_wildcard_over_its_first_label(request_):
    """A wildcard over subdomains covers the page's host, but not as an apex."""
    scheme, rest = request_.origin.split("://")
    parent = rest.partition(".")[2]
    above = request_.policy(allow_origins=[f"{scheme}://*.{parent}"])
    below = request_.policy(allow_origins=[f"{scheme}://*.{rest}"])

    request_.is_allowed(request_.decide(above), request_.origin)
    request_.is_refused(request_.decide(below), "origin")


@pytest.mark.parametrize("request_", recorded(lambda r: r.origin == "null"))
def test_a_recorded_null_needs_its_flag(request_):
    """Null is refused by every policy of real origins, and allowed by its flag alone."""
    listed = ["https://*.example.com", "http://localhost:*", re.compile("[a-z]+")]
    without = request_.policy(allow_origins=listed, dangerously_allow_null_origin=False)
    with_flag = request_.policy(allow_origins=[STRANGER])

    request_.is_refused(request_.decide(without), "origin")
    request_.is_allowed(request_.decide(with_flag), "null")


@pytest.mark.parametrize(
    "request_",
    recorded(lambda r: is_preflight(r) and r.asked_method not in SAFELISTED_METHODS),
)
def test_a_recorded_preflight_is_refused_where_its_method_is_not_listed(request_):
    """A preflight fails for want of its one method, and in another case too."""
    for methods in ([], ["X-Other"], [request_.asked_method.swapcase() + "-X"]):
        policy = request_.policy(allow_methods=methods)

        request_.is_refused(request_.decide(policy), "method")


@pytest.mark.parametrize(
    "request_", recorded(lambda r: is_preflight(r) and r.asked_headers)
)
def test_a_recorded_preflight_is_refused_where_one_header_is_not_listed(request_):
    """A preflight fails for want of any one of the headers that it asks for."""
    for missing in request_.asked_headers:
        listed = [name for name in request_.asked_headers if name != missing]

        request_.is_refused(
            request_.decide(request_.policy(allow_headers=listed)), "headers"
        )


@pytest.mark.parametrize(
    "request_", recorded(lambda r: "authorization" in r.asked_headers)
)
def test_a_recorded_authorization_is_not_covered_by_a_wildcard(request_):
    """A wildcard for headers never covers the authorization that a page asks for."""
    for credentials in (False, True):
        policy = request_.policy(allow_headers=["*"], allow_credentials=credentials)

        request_.is_refused(request_.decide(policy), "headers")
