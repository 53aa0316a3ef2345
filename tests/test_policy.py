"""What a policy may be: every problem with its code, and the manners of a value.

Here: the table of problems against `Policy`, `PolicyMap` and `OriginPolicies`; `OriginMatcher`.
Not here: what `PolicyMap` and `OriginPolicies` do (`test_policy_map.py`, `test_origin_policies.py`).
Spec: the link in each row.
"""

import copy
import enum
import pickle
import re
import warnings

import pytest
from corsac import (
    OriginMatcher,
    OriginPolicies,
    Policy,
    PolicyError,
    PolicyMap,
    PolicyWarning,
    Problem,
)
from corsac._problems import CODES
from rows import policy_keywords, read, rows

FULL = {
    "allow_origins": [
        "https://a.example",
        re.compile(r"https://b\d\.example", re.IGNORECASE),
    ],
    "allow_methods": ["PUT", "PROPFIND"],
    "allow_headers": ["X-A", "authorization"],
    "expose_headers": ["X-Request-Id"],
    "allow_credentials": True,
    "max_age": 5,
    "preflight_status": 200,
    "dangerously_allow_null_origin": True,
    "dangerously_allow_insecure_origins": True,
    "dangerously_allow_public_suffix_origins": True,
    "name": "full",
    "enforce": True,
    "own_origins": ["https://own.example"],
    "shadow": Policy(allow_origins=["https://c.example"], max_age=7),
    "timing_allow_origin": True,
    "cross_origin_resource_policy": "same-site",
}
#: What each kind of row makes, and the parameter that it has.
MAKERS = {"map": (PolicyMap, "routes"), "origins": (OriginPolicies, "policies")}


@pytest.mark.parametrize("row", rows("problems.json"))
def test_every_problem_is_reported_with_what_to_write_instead(row):
    """All problems at once, in order, each with its code and its place."""
    made, keywords = arguments(row)
    if not row["problems"]:
        assert isinstance(made(**keywords), made)
        return
    with pytest.raises(PolicyError) as raised:
        made(**keywords)
    problems = raised.value.problems
    expected = [tuple(problem.values()) for problem in row["problems"]]
    assert expected == [(p.code, p.field, p.index) for p in problems]
    for words in row["says"]:
        assert words in str(raised.value)
    for problem in problems:
        assert problem.value in values_at(keywords[problem.field], problem.index)
        if problem.index is not None and problem.code != "invalid-choice":
            assert repr(problem.value)[:50] in str(problem)


def arguments(row):
    """What a row makes, and with which keywords."""
    if "policy" in row:
        return Policy, policy_keywords(row["policy"])
    [kind] = MAKERS.keys() & row.keys()
    made, field = MAKERS[kind]
    value = row[kind]
    if isinstance(value, dict):
        value = {key: read_choice(choice) for key, choice in value.items()}
    elif isinstance(value, list):
        value = [read_choice(choice) for choice in value]
    return made, {field: value}


def read_choice(choice):
    """A policy, or what stands in its place as it is."""
    return Policy(**policy_keywords(choice)) if isinstance(choice, dict) else choice


def values_at(value, index):
    """What may be wrong at a place: of a mapping, a key or what stands there."""
    if index is None:
        return [value]
    return list(value.items())[index] if isinstance(value, dict) else [value[index]]


def test_every_code_has_a_row():
    """The closed list of codes and the table of problems name the same."""
    shown = {
        problem["code"] for row in read("problems.json") for problem in row["problems"]
    }
    assert set(CODES) == shown


def test_a_policy_error_is_a_value_error_that_can_be_pickled():
    """It goes through process boundaries with its problems."""
    with pytest.raises(ValueError, match="1 problem") as raised:
        Policy(allow_origins=["a.example"])
    again = pickle.loads(pickle.dumps(raised.value))
    assert (raised.value.problems, str(raised.value)) == (again.problems, str(again))
    assert isinstance(again.problems[0], Problem)


def test_debug_mode_is_warned_of():
    """At start, where it is read, since it tells whoever asks."""
    with pytest.warns(PolicyWarning, match="leave it out in production") as warned:
        policy = Policy(allow_origins=["https://a.example"], debug=True)
    assert policy.debug
    assert __file__ == warned[0].filename
    with pytest.warns(PolicyWarning, match="production") as warned:
        policy.replace(max_age=60)
    assert __file__ == warned[0].filename
    # Other origins alone are nothing new to say, at each of a thousand tenants.
    assert policy.replace(allow_origins=["https://b.example"]).debug


@pytest.mark.parametrize("method", ["patch", "Propfind"])
def test_a_known_method_in_lower_case_is_warned_of(method):
    """It is legal, and no browser's fetch of the known method ever asks for it."""
    with pytest.warns(PolicyWarning, match=method.upper()) as warned:
        policy = Policy(allow_origins=["https://a.example"], allow_methods=[method])
    assert (method,) == policy.allow_methods
    assert __file__ == warned[0].filename


def test_nothing_else_is_warned_of():
    """A policy with every option set but that one is quiet."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Policy(**FULL)


def test_the_values_of_a_policy_are_normalised():
    """Methods as Fetch normalises them, duplicates once, what always passes left out."""
    policy = Policy(
        allow_origins=iter(["https://a.example", "https://a.example"]),
        allow_methods={"put", "PUT", "get", "POST"},
        allow_headers=["X-A", "x-a"],
        expose_headers=["Content-Type", "X-B", "x-b"],
    )
    assert ("https://a.example",) == policy.allow_origins
    assert ("PUT",) == policy.allow_methods
    assert ("X-A",) == policy.allow_headers
    assert ("X-B",) == policy.expose_headers


def test_a_policy_is_a_value():
    """Equal by value, hashable, picklable, copied as itself, shown as the call that makes it."""
    policy = Policy(**FULL)
    assert policy == Policy(**FULL)
    assert hash(policy) == hash(Policy(**FULL))
    assert policy != Policy(**{**FULL, "max_age": 6})
    assert policy != "policy"
    assert policy == pickle.loads(pickle.dumps(policy)) == copy.deepcopy(policy)
    shown = repr(policy)
    assert policy == eval(shown, {"Policy": Policy, "re": re})
    for keyword in FULL:
        assert f"{keyword}=" in shown
    assert "Policy(allow_origins=['*'])" == repr(Policy(allow_origins=["*"]))


def test_a_long_regex_is_shown_whole():
    """A compiled one shows only its first 200 characters."""
    source = f"https://(?:{'|'.join(f'tenant{n}' for n in range(60))})" r"\.example"
    for flags in (0, re.IGNORECASE, re.IGNORECASE | re.ASCII):
        policy = Policy(allow_origins=[re.compile(source, flags)])
        assert policy == eval(repr(policy), {"Policy": Policy, "re": re})


@pytest.mark.parametrize("change", FULL)
def test_replace_changes_one_thing(change):
    """Each keyword can be replaced, and the rest stays."""
    # A shadow needs a name beside it.
    policy = Policy(allow_origins=["https://c.example"], name="before")
    changed = policy.replace(**{change: FULL[change]})
    value = FULL[change]
    assert (tuple(value) if isinstance(value, list) else value) == getattr(
        changed, change
    )
    assert changed.replace(**{change: getattr(policy, change)}) == policy
    with pytest.raises(PolicyError):
        policy.replace(max_age=-1)


def test_a_policy_cannot_be_changed():
    """The error says what to write instead."""
    policy = Policy(**FULL)
    with pytest.raises(AttributeError, match=r"policy\.replace\(max_age=\.\.\.\)"):
        policy.max_age = 6
    with pytest.raises(AttributeError):
        del policy.max_age
    with pytest.raises(AttributeError):
        policy.other = 6


class Name(str, enum.Enum):
    """Text that is a member of an enum, as people keep their names."""

    PUT = "put"
    HEADER = "X-A"


class Seconds(int, enum.Enum):
    """A number that is a member of an enum."""

    TEN = 10


def test_members_of_enums_are_the_text_and_the_number_that_they_are():
    """What goes over the wire, and what repr shows, is plain."""
    policy = Policy(
        allow_origins=["https://a.example"],
        allow_methods=[Name.PUT],
        allow_headers=[Name.HEADER],
        max_age=Seconds.TEN,
    )
    assert "allow_methods=['PUT'], allow_headers=['X-A'], max_age=10" in repr(policy)
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "PUT"}
    headers = dict(policy.decide("OPTIONS", asked).headers)
    assert "10" == headers["Access-Control-Max-Age"]
    assert "X-A" == headers["Access-Control-Allow-Headers"]


def test_a_set_has_one_order_in_every_process():
    """The order of hashes would make answers differ from one worker to the next."""
    names = {f"X-{number}" for number in range(20)}
    policy = Policy(allow_origins=["https://a.example"], allow_headers=names)
    assert tuple(sorted(names)) == policy.allow_headers


def test_a_policy_cannot_be_made_twice():
    """`__init__` changes nothing that stands."""
    policy = Policy(allow_origins=["https://a.example"])
    with pytest.raises(AttributeError, match="replace"):
        policy.__init__(allow_origins=["*"])
    assert ("https://a.example",) == policy.allow_origins


class Public(Policy):
    """A policy with a name of its own."""

    __slots__ = ()

    def __init__(self, **keywords):
        super().__init__(**{"allow_origins": ["*"], **keywords})


def test_a_subclass_stays_one():
    """Shown, pickled, copied and replaced as what it is."""
    policy = Public(max_age=5)
    assert "Public(allow_origins=['*'], max_age=5)" == repr(policy)
    copies = pickle.loads(pickle.dumps(policy)), copy.copy(policy)
    assert [Public, Public] == [type(again) for again in copies]
    assert Public is type(policy.replace(max_age=6))


def test_a_problem_comes_before_a_warning():
    """Where warnings are errors, the problems are still all reported."""
    with pytest.raises(PolicyError):
        Policy(allow_origins=["a.example"], allow_methods=["patch"])


def test_a_long_value_is_shown_in_part():
    """A message is for reading."""
    with pytest.raises(PolicyError) as raised:
        Policy(allow_origins=["https://" + "é" * 100_000])
    assert len(str(raised.value)) < 1000


def test_an_unknown_keyword_is_a_type_error():
    """The interpreter's own error names it."""
    with pytest.raises(TypeError, match="allow_origin"):
        Policy(allow_origin=["https://a.example"])


def test_a_matcher_takes_patterns_and_regexes():
    """It counts distinct patterns, and matches what any of them covers."""
    regex = re.compile(r"https://pr-\d+\.example")
    matcher = OriginMatcher(
        ["https://a.example", "https://a.example", "*", regex, regex]
    )
    assert 3 == len(matcher)
    assert "3 patterns" in repr(matcher)
    assert matcher is copy.copy(matcher) is copy.deepcopy(matcher)
    matcher = OriginMatcher(["http://localhost:*", regex])
    origins = ["http://localhost:1", b"https://pr-7.example", None, "null", ""]
    assert [True, True, False, False, False] == matcher.match_many(origins)
    assert None not in matcher
    assert 0 == len(OriginMatcher([]))
    assert "https://a.example" not in OriginMatcher([])


@pytest.mark.parametrize(
    ("patterns", "code"),
    [
        (["null"], "prohibited-origin-pattern"),
        (["https://a.example/"], "invalid-origin-pattern"),
        ("https://a.example", "invalid-list"),
        ([re.compile(rb"https://a\.example")], "invalid-origin-regex"),
        ([5], "invalid-origin-pattern"),
    ],
)
def test_a_matcher_reports_the_problems_of_its_patterns(patterns, code):
    """The same codes as a policy's, with `patterns` as the field."""
    with pytest.raises(PolicyError) as raised:
        OriginMatcher(patterns)
    assert [(code, "patterns")] == [(p.code, p.field) for p in raised.value.problems]


@pytest.mark.parametrize("origins", ["https://a.example", b"https://a.example", 5])
def test_a_matcher_wants_a_sequence_of_origins(origins):
    """One text is not many origins."""
    with pytest.raises(TypeError):
        OriginMatcher(["*"]).match_many(origins)


@pytest.mark.parametrize("origin", [5, ["https://a.example"], object()])
def test_a_matcher_wants_text(origin):
    """Only a wrong type raises."""
    with pytest.raises(TypeError, match="an origin is str, bytes or None"):
        OriginMatcher(["*"]).matches(origin)
