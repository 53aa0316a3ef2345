"""What kinds of values the keywords of a policy take.

Here: `KEYWORDS`, from the annotations of `PolicyKeywords`, and which keyword was meant.
Not here: the rules for values (`_policy.py`), how they are written (`_spelling.py`).
Spec: https://docs.python.org/3/library/typing.html#typing.get_type_hints
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from .. import _policy
from .._policy import Policy, PolicyKeywords

#: The keywords, in their order.
KEYWORDS: Final = tuple(PolicyKeywords.__annotations__)


class Kind(Enum):
    """What a keyword takes."""

    ORIGINS = "origins and regexes"
    TEXTS = "texts"
    FLAG = "a flag"
    NUMBER = "a whole number"
    CHOICE = "one of a few values"
    TEXT = "a text"
    POLICY = "a policy"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a keyword takes: its kind, whether None too, and of a choice the values."""

    kind: Kind
    or_none: bool = False
    values: tuple[Any, ...] = ()


@cache
def taken() -> dict[str, Taken]:
    """What each keyword takes, in their order."""
    hints = get_type_hints(PolicyKeywords, vars(_policy))
    return {keyword: _read(hints[keyword]) for keyword in KEYWORDS}


def _read(hint: Any) -> Taken:
    options = [hint]
    if get_origin(hint) in (Union, types.UnionType):
        options = list(get_args(hint))
    or_none = type(None) in options
    [one] = [option for option in options if option is not type(None)]
    if get_origin(one) is Iterable:
        return Taken(Kind.TEXTS if get_args(one) == (str,) else Kind.ORIGINS, or_none)
    if get_origin(one) is Literal:
        return Taken(Kind.CHOICE, or_none, get_args(one))
    return Taken(_KINDS[one], or_none)


_KINDS: Final[dict[Any, Kind]] = {
    bool: Kind.FLAG,
    int: Kind.NUMBER,
    str: Kind.TEXT,
    Policy: Kind.POLICY,
}


def meant(written: str, known: Iterable[str] = KEYWORDS) -> str | None:
    """The name that somebody meant who wrote another one, or None where that is not clear."""
    from difflib import get_close_matches

    folded = written.lower().replace("-", "_")
    close = get_close_matches(folded, list(known), n=1, cutoff=0.6)
    return close[0] if close else None
