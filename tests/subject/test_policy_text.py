"""Policies as people write them: what is printed makes the same policy again.

Here: the Python call, the TOML table, and policies that other libraries' options became.
Not here: how those are translated (`compat/`), TOML's own rules (`subject/test_toml.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import json
import re
import warnings

import pytest
from corsac import Policy
from corsac.compat._translate import _LenientPolicy
from corsac.subject import read_subject
from corsac.subject.policy_text import python_call, toml_table, writable
from hypothesis import given, settings
from strategies import policies, thoroughly

briefly = settings(thoroughly, max_examples=60)


def make(keywords) -> Policy:
    """A policy, whatever it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Policy(**keywords)


@briefly
@given(keywords=policies())
def test_the_call_that_is_printed_makes_the_policy(keywords):
    """Every keyword, every kind of origin."""
    policy = make(keywords)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = eval(python_call(policy), {"Policy": Policy, "re": re})
    assert policy == made


@briefly
@given(keywords=policies())
def test_the_table_that_is_printed_is_read_again(tmp_path_factory, keywords):
    """As a person names it on a command line."""
    policy = make(keywords)
    path = tmp_path_factory.mktemp("toml") / "corsac.toml"
    path.write_text(toml_table(policy))

    [found] = read_subject(str(path)).policies

    assert policy == found.policy


def test_a_long_list_has_a_line_for_each_value():
    """So that a difference of two policies is one line."""
    origins = [f"https://{name}.example" for name in ("first", "second", "third") * 2]
    policy = Policy(allow_origins=[f"{one}:{n + 1}" for n, one in enumerate(origins)])

    assert 6 == sum('"https://' in line for line in python_call(policy).splitlines())
    assert 6 == sum('"https://' in line for line in toml_table(policy).splitlines())


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        (r"^https://a\.example\.com", r"https://a\.example\.com"),
        (r"https://a\.example\.com$", r"https://a\.example\.com"),
        (r"https://a.example.com", r"https://a\.example\.com"),
        (r"^https://a.example\.com", r"https://a\.example\.com"),
        (r"https://[a.b]\.example.com", r"https://[a.b]\.example\.com"),
        (r"https://.*example.com", None),
        (r"https://a\.example\.com", r"https://a\.example\.com"),
    ],
)
def test_a_regex_that_no_policy_takes_is_mended_where_that_is_plain(source, mended):
    """An anchor alone, a dot that was meant; the rest is left out, and both are said."""
    policy = _LenientPolicy(
        allow_origins=["https://b.example", re.compile(source)], max_age=5
    )

    plain, changes = writable(policy)

    expected = ["https://b.example", *([] if mended is None else [re.compile(mended)])]
    assert Policy(allow_origins=expected, max_age=5) == plain
    assert type(plain) is Policy
    assert int(source != mended) == len(changes)


def test_where_nothing_is_left_there_is_no_policy():
    """It would be one that nobody meant."""
    policy = _LenientPolicy(allow_origins=[re.compile("https://.*example.com")])
    assert (None, 1) == (writable(policy)[0], len(writable(policy)[1]))


def test_a_regex_with_quotes_is_written_as_a_text():
    """In TOML as in Python, since a raw text cannot hold its own quotes."""
    policy = Policy(allow_origins=[re.compile("""https://['"a]\\.example\\.com""")])
    made = eval(python_call(policy), {"Policy": Policy, "re": re})
    assert policy == made
    assert json.dumps(policy.allow_origins[0].pattern) in toml_table(policy)
