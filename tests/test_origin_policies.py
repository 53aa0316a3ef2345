"""Several policies in one object: which one decides an origin, and the manners of a value.

Here: what no row of `vectors/choices.json` can say. What is no policy is in
`vectors/problems.json`.
Spec: https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
"""

import copy
import pickle

import pytest
from corsac import OriginPolicies, Outcome, Policy, Request

PARTNER = Policy(
    allow_origins=["https://partner.example"],
    allow_methods=["PUT"],
    allow_credentials=True,
)
READER = Policy(allow_origins=["https://reader.example", "https://partner.example"])
ALL = Policy(allow_origins=["*"], expose_headers=["X-Total"])


def decide(policies, origin, method="GET", **asked):
    lines = {name.replace("_", "-"): value for name, value in asked.items()}
    return OriginPolicies(policies).decide(method, {"Origin": origin, **lines})


def test_the_first_that_allows_an_origin_decides_it():
    """The order counts, since more than one may allow it."""
    put = {"Access_Control_Request_Method": "PUT"}
    for policies, outcome in (
        ([PARTNER, READER], Outcome.PREFLIGHT_ALLOWED),
        ([READER, PARTNER], Outcome.PREFLIGHT_REFUSED),
    ):
        decision = decide(policies, "https://partner.example", "OPTIONS", **put)
        assert outcome is decision.outcome


@pytest.mark.parametrize("policies", [[ALL], [PARTNER, ALL], [ALL, PARTNER]])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://other.example"}, {"Origin": "other"}],
    ids=["no origin", "an origin", "no such origin"],
)
def test_every_answer_varies_by_the_origin(policies, headers):
    """A cache must not hand one origin's answer to another, not even that of a wildcard."""
    decision = OriginPolicies(policies).decide("GET", headers)

    lines = dict(decision.headers)
    assert "Origin" == lines["Vary"]
    assert "*" != lines.get("Access-Control-Allow-Origin")
    merged = decision.merge([("vary", "origin"), ("VARY", "Accept")])
    assert [("Vary", "origin, Accept")] == [
        line for line in merged if line[0].lower() == "vary"
    ]


def test_the_policy_itself_stays_static():
    """Only where others stand beside it is its wildcard answered with the origin."""
    OriginPolicies([ALL])

    headers = dict(ALL.decide("GET", {"Origin": "https://other.example"}).headers)

    assert "*" == headers["Access-Control-Allow-Origin"]
    assert "Vary" not in headers


@pytest.mark.parametrize(
    "headers",
    [
        [("Origin", "https://partner.example")],
        [("ORIGIN", b"https://partner.example")],
        [(b"origin", b"https://partner.example")],
        [[b"Origin", b"https://partner.example"]],
        iter([("Origin", "https://partner.example")]),
        {"oRiGiN": "https://partner.example"},
        (("X-A", "1"), ("Origin", "https://partner.example")),
    ],
    ids=lambda lines: "an iterator" if hasattr(lines, "__next__") else repr(lines),
)
def test_headers_may_have_any_shape(headers):
    """The same as a policy alone takes."""
    decision = OriginPolicies(
        [ALL.replace(allow_origins=["https://a.example"]), PARTNER]
    )

    assert Outcome.ACTUAL_ALLOWED is decision.decide("GET", headers).outcome


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ("Origin: x", "pair"),
        (b"Origin: x", "pair"),
        (5, "pair"),
        (None, "pair"),
        ([("Origin",)], "pair"),
        ([("Origin", None)], "str or bytes"),
        ([(1, "x")], "str or bytes"),
    ],
    ids=repr,
)
def test_a_wrong_type_is_a_type_error_that_says_what_is_right(headers, says):
    """As with a policy alone."""
    with pytest.raises(TypeError, match=says):
        OriginPolicies([PARTNER, READER]).decide("GET", headers)


@pytest.mark.parametrize(
    "origin", ["", "\ud800", "é" * 100_000, b"\xff" * 100_000, "\0", "*", "null,null"]
)
def test_no_origin_makes_it_raise(origin):
    """What is no origin is refused by the last."""
    policies = OriginPolicies([PARTNER, READER.replace(enforce=True)])

    assert 403 == policies.decide("GET", [("Origin", origin)]).status


@pytest.mark.parametrize("shape", [list, tuple, iter])
def test_two_origins_are_decided_by_the_last(shape):
    """Also two of the same: which one counts would be a guess, and the last may enforce."""
    policies = OriginPolicies([PARTNER, READER.replace(enforce=True)])
    lines = [("Origin", "https://partner.example")] * 2

    assert 403 == policies.decide("GET", shape(lines)).status
    request = Request("GET", lines, scheme="", path="/", native=None)
    assert 403 == policies.choose(request)._decide_request(request).status


def test_a_request_has_the_policy_that_decides_it():
    """Chosen by its origin, it decides the same as the whole."""
    policies = OriginPolicies([PARTNER, READER, ALL])
    for origin in ("https://partner.example", "https://reader.example", "null", "x"):
        lines = [("Origin", origin)]
        request = Request("GET", lines, scheme="", path="/", native=None)
        chosen = policies.choose(request)
        assert policies.decide("GET", lines) == chosen.decide("GET", lines)
        assert chosen in policies.policies


def test_several_policies_are_a_value():
    """Equal by value and order, hashable, picklable, copied, shown as the call that makes them."""
    policies = OriginPolicies(iter([PARTNER, READER]))
    again = OriginPolicies((PARTNER.replace(), READER))
    assert (policies, hash(policies)) == (again, hash(again))
    assert policies != OriginPolicies([READER, PARTNER])
    assert policies != (PARTNER, READER)
    assert policies == pickle.loads(pickle.dumps(policies)) == copy.deepcopy(policies)
    assert policies == eval(repr(policies)) == copy.copy(policies)
    assert (PARTNER, READER) == policies.policies


def test_several_policies_cannot_be_changed():
    """The error says what to do instead."""
    policies = OriginPolicies([PARTNER])
    for change in (
        lambda: setattr(policies, "policies", ()),
        lambda: delattr(policies, "policies"),
        lambda: setattr(policies, "other", 1),
        lambda: policies.__init__([READER]),
    ):
        with pytest.raises(AttributeError, match="make others"):
            change()
    assert (PARTNER,) == policies.policies
