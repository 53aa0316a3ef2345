"""Runs the table of decisions against `Policy.decide`, and what no row can say.

Here: decisions and merging by themselves; the adapters get the same rows in `adapters/`.
Spec: the link in each row.
"""

import pickle
import re
from collections.abc import Mapping

import pytest
from corsac import Decision, Outcome, Policy, Refusal
from rows import policy_keywords, rows

# A row may hold a method in lower case on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")

POLICY = Policy(
    allow_origins=["https://a.example"],
    allow_methods=["PUT"],
    allow_headers=["X-A"],
    allow_credentials=True,
)
PREFLIGHT = [
    ("Origin", "https://a.example"),
    ("Access-Control-Request-Method", "PUT"),
    ("Access-Control-Request-Headers", "x-a"),
]


def decide(row, headers):
    return Policy(**policy_keywords(row["policy"])).decide(
        row["request"]["method"], headers
    )


@pytest.mark.parametrize("row", rows("decisions.json"))
def test_a_request_is_decided_as_the_row_says(row):
    """Lines as str, as bytes, as lists and from an iterator give the same decision."""
    lines = [(name, value) for name, value in row["request"]["headers"]]
    as_bytes = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in lines
    ]
    expected = row["expected"]
    for headers in (lines, as_bytes, [list(line) for line in as_bytes], iter(lines)):
        decision = decide(row, headers)
        assert expected["outcome"] == decision.outcome
        assert expected["refusal"] == decision.refusal
        assert expected["status"] == decision.status
        assert expected["headers"] == [list(line) for line in decision.headers]


@pytest.mark.parametrize(
    "row", [row for row in rows("decisions.json") if "application" in row.values[0]]
)
def test_header_lines_are_merged_as_the_row_says(row):
    """Lines of str keep their spelling; lines of bytes get added names in lower case."""
    decision = decide(row, [tuple(line) for line in row["request"]["headers"]])
    given = [tuple(line) for line in row["application"]["headers"]]
    before = list(given)
    assert [tuple(line) for line in row["merged"]] == decision.merge(given) or not given
    assert before == given
    as_bytes = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in given]
    added = {name for name, _ in decision.headers}
    expected = [
        ((n.lower() if n in added else n).encode("latin-1"), v.encode("latin-1"))
        for n, v in row["merged"]
    ]
    if given:
        assert expected == decision.merge(as_bytes)


@pytest.mark.parametrize(
    "headers",
    [
        {"Vary": "Accept"},
        "Vary: Accept",
        b"Vary: Accept",
        ["ab"],
        [("Vary", "Accept", "more")],
        [("Vary",)],
        [("Vary", None)],
        [(1, "Accept")],
    ],
    ids=repr,
)
def test_only_pairs_are_merged(headers):
    """Anything else would leave the server with broken lines."""
    with pytest.raises(TypeError, match="pair"):
        POLICY.decide("GET", []).merge(headers)


def test_no_lines_of_the_application_are_merged_into_lines_of_str():
    """An empty list cannot say what it would hold; str is what it gets."""
    assert list(POLICY.decide("GET", []).headers) == POLICY.decide("GET", []).merge([])


@pytest.mark.parametrize(
    "headers",
    [
        dict(PREFLIGHT),
        tuple(PREFLIGHT),
        {name.upper(): value for name, value in PREFLIGHT},
        [(name.lower().encode(), value) for name, value in PREFLIGHT],
    ],
    ids=["a dict", "a tuple", "upper-case names", "names of bytes, values of str"],
)
def test_headers_may_have_any_shape_that_servers_give_them(headers):
    """Each shape holds the same preflight."""
    assert POLICY.decide("OPTIONS", headers).outcome is Outcome.PREFLIGHT_ALLOWED


class Headers(Mapping):
    """A mapping that is no dict, as frameworks have them."""

    def __getitem__(self, name):
        return dict(PREFLIGHT)[name]

    def __iter__(self):
        return iter(dict(PREFLIGHT))

    def __len__(self):
        return len(PREFLIGHT)


class Text(str):
    """A str that is not only a str."""

    __slots__ = ()


def test_any_mapping_will_do():
    """A mapping that is no dict is read by its items."""
    assert POLICY.decide("OPTIONS", Headers()).outcome is Outcome.PREFLIGHT_ALLOWED


def test_what_is_echoed_is_plain_text():
    """A subclass of str goes in, a str comes out."""
    decision = POLICY.decide("GET", [(Text("origin"), Text("https://a.example"))])
    assert {str} == {type(text) for line in decision.headers for text in line}


@pytest.mark.parametrize(
    ("method", "headers", "says"),
    [
        (b"GET", [], "a method is str"),
        (None, [], "a method is str"),
        ("GET", ["ab"], "pair"),
        ("GET", [(b"Origin", bytearray(b"x"))], "str or bytes"),
        ("GET", None, "pairs"),
        ("GET", 5, "pairs"),
        ("GET", "Origin: x", "pairs"),
        ("GET", b"Origin: x", "pairs"),
        ("GET", ["Origin: x"], "pair"),
        ("GET", [("Origin",)], "pair"),
        ("GET", [("Origin", "x", "y")], "pair"),
        ("GET", [("Origin", None)], "str or bytes"),
        ("GET", [(1, "x")], "str or bytes"),
        ("GET", {"Origin": ["x"]}, "str or bytes"),
    ],
)
def test_a_wrong_type_is_a_type_error_that_says_what_is_right(method, headers, says):
    """Only types are wrong; what a request holds never is."""
    with pytest.raises(TypeError, match=says):
        POLICY.decide(method, headers)


@pytest.mark.parametrize(
    "value",
    ["", "\ud800", "https://\ud800.example", "é" * 70000, b"\xff" * 70000, "\0", b""],
    ids=lambda value: ascii(value)[:20],
)
@pytest.mark.parametrize("name", [name for name, _ in PREFLIGHT])
def test_no_value_makes_a_decision_raise(name, value):
    """Whatever stands in a CORS line, the request is refused or empty, and nothing is echoed."""
    lines = [*((n, v) for n, v in PREFLIGHT if n != name), (name, value)]
    decision = POLICY.decide("OPTIONS", lines)
    empty_list = name == "Access-Control-Request-Headers" and value in ("", b"")
    expected = Outcome.PREFLIGHT_ALLOWED if empty_list else Outcome.PREFLIGHT_REFUSED
    assert expected is decision.outcome


@pytest.mark.parametrize(
    "method", ["options", "Options", "OPTIONS ", "", "\ud800", "é", "GET" * 9999]
)
def test_only_options_in_upper_case_is_a_preflight(method):
    """Any other method is taken as it came."""
    assert POLICY.decide(method, PREFLIGHT).outcome is Outcome.ACTUAL_ALLOWED


def test_a_decision_cannot_be_changed():
    """Its parts have no setters, and it equals another with the same parts."""
    decision = POLICY.decide("GET", PREFLIGHT)
    with pytest.raises(AttributeError):
        decision.status = 200
    again = POLICY.decide("GET", PREFLIGHT)
    assert (decision, hash(decision)) == (again, hash(again))
    assert decision != POLICY.decide("OPTIONS", PREFLIGHT)
    assert decision != "actual_allowed"
    assert "actual_allowed" in repr(decision)


def test_outcomes_and_refusals_are_text():
    """Members of the enums equal the words in logs and tables."""
    assert [outcome.value for outcome in Outcome] == list(Outcome)
    assert [refusal.value for refusal in Refusal] == list(Refusal)
    assert "no_origin" == f"{Outcome.NO_ORIGIN}" == str(Outcome.NO_ORIGIN)
    assert "origin" == f"{Refusal.ORIGIN}" == str(Refusal.ORIGIN)
    decision = POLICY.decide("OPTIONS", [*PREFLIGHT, ("origin", "https://a.example")])
    assert isinstance(decision, Decision)
    assert ("preflight_refused", "origin") == (decision.outcome, decision.refusal)


def test_a_pickled_policy_decides_alike():
    """A policy goes to another process with everything that it decides by."""
    policy = Policy(allow_origins=[re.compile(r"https://a\.example")])
    again = pickle.loads(pickle.dumps(policy))
    assert policy == again
    lines = [("Origin", "https://a.example")]
    assert policy.decide("GET", lines) == again.decide("GET", lines)
