"""A text that a regex matches.

Here: `example_of`. Not here: what the regex is for.
Spec: https://docs.python.org/3/library/re.html#regular-expression-syntax
"""

from __future__ import annotations

import re
import sys
from typing import Any, Final

#: What a class of characters is asked for first: what origins and paths are made of.
_LIKELY: Final = "abcdefghijklmnopqrstuvwxyz1234567890-/._:ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Most characters of an example. Chosen by us because an origin has at most 326 bytes.
_LONGEST: Final = 326


def example_of(regex: str | re.Pattern[str]) -> str | None:
    """A short text that the whole regex matches; None where none is found.

    The first of alternatives, and each repeat as often as it must be; what may be repeated without
    end once at least, but for the end of the text. A dot that stands alone was meant as a dot.
    """
    try:
        compiled = re.compile(regex)
        example = "".join(_spell(_parse(compiled)))
    except (_Unknown, re.error, OverflowError, RecursionError):
        return None
    return example if compiled.fullmatch(example) else None


class _Unknown(Exception):
    """Something that no example is made of, like a look-around."""


def _parse(compiled: re.Pattern[str]) -> Any:
    if sys.version_info >= (3, 11):
        from re import _parser  # type: ignore[attr-defined]  # the one reading that is Python's own
    else:
        import sre_parse as _parser
    return _parser.parse(compiled.pattern, compiled.flags & ~re.UNICODE)


def _spell(parsed: Any, is_end: bool = True) -> list[str]:
    """The characters; `is_end`: nothing of the text follows."""
    text: list[str] = []
    parts = [part for part in parsed if str(part[0]) != "AT"]
    for index, (operation, argument) in enumerate(parts):
        name = str(operation)
        is_last = is_end and index == len(parts) - 1
        if name == "LITERAL":
            text.append(chr(argument))
        elif name == "NOT_LITERAL":
            text.append("b" if argument == ord("a") else "a")
        elif name == "ANY":
            text.append(".")
        elif name == "IN":
            text.append(_member(argument))
        elif name == "BRANCH":
            text += _spell(argument[1][0], is_last)
        elif name == "SUBPATTERN":
            text += _spell(argument[-1], is_last)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            text += _repeat(argument, is_last)
        else:
            raise _Unknown
    return text


def _repeat(argument: Any, is_last: bool) -> list[str]:
    least, most, inner = argument
    times = int(least)
    if times == 0 and int(most) > 1 and not is_last:
        times = 1
    if times > _LONGEST:
        raise _Unknown
    once = ["a"] if str(inner[0][0]) == "ANY" else _spell(inner, is_last)
    return once * times


def _member(members: Any) -> str:
    """A character of a class."""
    negated = str(members[0][0]) == "NEGATE"
    for character in _LIKELY:
        if negated != any(_holds(member, character) for member in members):
            return character
    raise _Unknown


def _holds(member: Any, character: str) -> bool:
    name, argument = str(member[0]), member[1]
    if name == "LITERAL":
        return bool(argument == ord(character))
    if name == "RANGE":
        return bool(argument[0] <= ord(character) <= argument[1])
    if name == "CATEGORY":
        category = str(argument).removeprefix("CATEGORY_")
        escape = {"DIGIT": r"\d", "WORD": r"\w", "SPACE": r"\s"}
        positive = category.removeprefix("NOT_")
        matches = bool(re.match(escape.get(positive, "(?!)"), character))
        return matches != (positive != category)
    return False
