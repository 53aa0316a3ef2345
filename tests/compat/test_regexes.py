"""Regexes of other libraries, as the drop-ins read them.

Here: the begin and the end of a regex, and its spelling. Not here: what a policy makes of it
(`test_starlette.py`, `test_flask_cors.py`).
Spec: https://docs.python.org/3/library/re.html#regular-expression-syntax
"""

from __future__ import annotations

import re
import warnings

import pytest
from comparing import ORIGINS
from corsac.compat import CompatWarning
from corsac.compat._regexes import (
    begin_with_scheme,
    is_narrowed,
    origins_of,
    read_regex,
)
from corsac.compat.starlette import CORSMiddleware


@pytest.mark.parametrize(
    ("regex", "closed"),
    [
        (r".*\.app\.example", r"(?:https|http)://.*\.app\.example"),
        (r"^.+app\.example$", r"(?:https|http)://.+app\.example$"),
        (r"\A.*app|.*example", r"(?:https|http)://.*app|.*example"),
        (r"\w+:\/\/app\.example", r"(?:https|http)://app\.example"),
        (r"https*://app\.example", r"(?:https|http)://app\.example"),
        (r"[a-h]+[^p]{2}[a-z]+://app\.example", r"(?:https|http)://app\.example"),
        (r"(.*)://app\.example", r"(?:https|http)://app\.example"),
        (r"[A-Z]+://app\.example", None),
        (r"ftp|https://app\.example", None),
        (r"(.*://)?app\.example", None),
        (r"(.*\.)?app\.example", None),
        (r"[^.]+\.app\.example", None),
    ],
)
def test_a_regex_is_made_to_begin_with_a_scheme(regex: str, closed: str | None) -> None:
    """Where that can be told; what it then matches, it matched before."""
    before = re.compile(regex)
    after = begin_with_scheme(before)
    assert closed == (None if after is None else after.pattern)
    if after is not None:
        assert any(after.fullmatch(origin) for origin in ORIGINS)
        for origin in (*ORIGINS, "app+x://app.example", "ftp://app.example"):
            assert before.fullmatch(origin) or not after.fullmatch(origin)


def test_a_scheme_that_stays_open_is_left_out() -> None:
    """Once is enough to try."""

    async def nothing(scope: object, receive: object, send: object) -> None:
        """An application that is not asked."""

    with pytest.warns(CompatWarning, match="left out: begin the regex"):
        middleware = CORSMiddleware(
            nothing,
            allow_origin_regex=r"\w+://app\.example|\w+://b\.example",
            allow_credentials=True,
            allow_methods=["*"],
        )
    assert ("https://nobody.invalid",) == middleware.policy.allow_origins


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        (r"https://a", True),
        (r"^https://a", True),
        (r"https://a$", False),
        (r"https://a\Z", False),
        (r"(https://a|http://b)$", False),
        (r"((https://a)|(http://b$))", True),
        (r"(https://a$)", False),
        (r"https://a|http://b$", True),
        (r"https://[|]a$", False),
        (r"https://a\|b$", False),
        (r"https://a.*", False),
        (r"https://a\.*", True),
        (r"https://a\$", True),
        (r"https://[a$]", True),
    ],
)
def test_a_regex_without_an_end_is_narrowed(regex: str, expected: bool) -> None:
    """By a match of the whole; where an end may be that of one branch, it counts as none."""
    assert expected is is_narrowed(read_regex("origins", regex))


@pytest.mark.parametrize(
    ("regex", "read", "flags"),
    [
        (r"https://a\Z", r"https://a$", re.UNICODE),
        (r"https://a\\Z", r"https://a\\Z", re.UNICODE),
        (r"(?i)https://a", r"https://a", re.UNICODE | re.IGNORECASE),
        (re.compile(r"^a$", re.MULTILINE | re.DOTALL), r"^a$", re.UNICODE),
        (re.compile(r"a", re.ASCII), r"a", re.ASCII),
        (re.compile(r"a b", re.VERBOSE), r"a b", re.UNICODE | re.VERBOSE),
    ],
)
def test_a_regex_is_spelled_as_a_policy_takes_it(
    regex: str | re.Pattern[str], read: str, flags: int
) -> None:
    """Flags about lines change nothing for an origin; others are left to be reported."""
    spelled = read_regex("origins", regex)
    assert (read, flags) == (spelled.pattern, spelled.flags)


@pytest.mark.parametrize(
    ("regex", "origins"),
    [
        (".*", ["*"]),
        ("^.+$", ["*"]),
        ("(?:null|.*://.*)", ["*"]),
        ("https?://.*", ["https?://.*"]),
        ("null", ["null", "null"]),
        ("null|https://a", ["null|https://a", "null"]),
    ],
)
def test_what_a_regex_stands_for(regex: str, origins: list[str]) -> None:
    """The wildcard, or itself, with `null` beside it, which regexes never see."""
    found = origins_of(re.compile(regex))
    assert origins == [o if isinstance(o, str) else o.pattern for o in found]


def test_nothing_is_warned_of_by_reading() -> None:
    """Python's own warnings about a regex come from the user's `re.compile` alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_regex("origins", r"https://[a-z]+\.example", ignores_case=True)
