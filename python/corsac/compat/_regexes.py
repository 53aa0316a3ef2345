"""The regexes of other libraries, as `Policy` takes them.

Here: flags and spellings that change nothing for an origin, what a regex loses by a match of the
whole, and the scheme that it leaves open.
Not here: which regexes are mistakes (the core), what a policy makes of them (`_translate.py`).
Spec: https://docs.python.org/3/library/re.html#regular-expression-syntax
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .._problems import PolicyError, Problem

if TYPE_CHECKING:
    from typing_extensions import Self

#: What `Policy` takes. MULTILINE and DOTALL are about line ends, and an origin has none.
_FLAGS: Final = re.ASCII | re.IGNORECASE
_IDLE_FLAGS: Final = re.UNICODE | re.MULTILINE | re.DOTALL
#: Flags for the whole, which must stand first.
_GLOBAL_FLAGS: Final = re.compile(r"\(\?[aimsu]+\)")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
#: An escape, or a class: what stands there is no syntax.
_NO_SYNTAX: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_INNERMOST_GROUP: Final = re.compile(r"\([^()]*\)")
#: Matches to the end anyway: an anchor, or a dot that takes the rest.
_END: Final = re.compile(r"(?:\$|\.\*)(\)*)\Z")
#: Origins that have nothing in common, and none of them `null`.
_UNRELATED: Final = (
    "https://corsac-canary.test",
    "http://0.co.uk:8080",
    "app+x://a-b",
)


def read_regex(
    field: str, regex: str | re.Pattern[str], ignores_case: bool = False
) -> re.Pattern[str]:
    """The regex, with the flags and in the spelling that `Policy` takes, where there is one.

    `ignores_case` is for a str; a compiled regex has its own flags. Raises `PolicyError`, about
    `field`, for a text that is no regex.
    """
    try:
        compiled = re.compile(regex, re.IGNORECASE if ignores_case else 0)
    except ValueError:  # a compiled regex takes no flags
        compiled = re.compile(regex)
    except (re.error, OverflowError, RecursionError) as error:
        problem = Problem("invalid-origin-regex", field, None, regex, str(error))
        raise PolicyError((problem,)) from None
    if not isinstance(compiled.pattern, str) or compiled.flags & ~(
        _FLAGS | _IDLE_FLAGS
    ):
        return compiled
    source = _GLOBAL_FLAGS.sub("", compiled.pattern, count=1)
    source = _ESCAPE.sub(lambda found: "$" if found[1] == "Z" else found[0], source)
    return re.compile(source, compiled.flags & _FLAGS)


class Meant(str):
    """A pattern that a regex means, with that regex."""

    regex: re.Pattern[str]

    def __new__(cls, text: str, regex: re.Pattern[str]) -> Self:
        self = super().__new__(cls, text)
        self.regex = regex
        return self


def origins_of(regex: re.Pattern[str]) -> list[str | re.Pattern[str]]:
    """What the regex stands for in `allow_origins`, where a regex never sees `null`."""
    if not isinstance(regex.pattern, str) or not regex.fullmatch("null"):
        return [regex]
    if all(map(regex.fullmatch, _UNRELATED)):
        return [Meant("*", regex)]
    return [regex, Meant("null", regex)]


def is_narrowed(regex: re.Pattern[str]) -> bool:
    """Whether the regex matches more at the begin of a text than it does as a whole."""
    source, count = _NO_SYNTAX.sub("x", regex.pattern), 1
    ends = _END.search(source)
    if ends and ends[1]:  # it ends one branch of a group, if that has several
        return "|" in source
    while count:
        source, count = _INNERMOST_GROUP.subn("x", source)
    return not ends or "|" in source


def begin_with_scheme(regex: re.Pattern[str]) -> re.Pattern[str] | None:
    """A regex for those of its origins that begin with `https://` or `http://`, or for fewer.

    None where the begin is not one of the simple ones: `.*` or `.+`, or something before `://`
    that has no alternatives.
    """
    source = regex.pattern.replace(r"\/", "/").removeprefix("^").removeprefix(r"\A")
    head, separator, rest = source.partition("://")
    if not separator and source.startswith((".*", ".+")):
        head, rest = "", source
        schemes = ["https", "http"]
    elif not separator or "|" in head:
        return None
    else:
        try:
            is_scheme = re.compile(head, regex.flags).fullmatch
        except re.error:
            return None
        schemes = [scheme for scheme in ("https", "http") if is_scheme(scheme)]
    begin = f"(?:{'|'.join(schemes)})://"
    return re.compile(begin + rest, regex.flags) if schemes else None
