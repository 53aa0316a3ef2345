"""The origins that a configuration lists, and matching by them alone.

Here: `OriginMatcher`, and the reading of patterns and regexes with every problem.
Not here: how a pattern is spelled (the core), what goes with credentials (`_policy.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from ._core import OriginMatcher as _Matcher
from ._core import Pattern, PatternError, Patterns, Regex
from ._problems import Problems

if TYPE_CHECKING:
    from typing_extensions import Self

_REGEX_FLAGS: Final = re.UNICODE | re.ASCII | re.IGNORECASE
#: What a string holds that was meant as a regex, and never a pattern.
_REGEX_TRAITS: Final = re.compile(r"[\\^$(|]|\.\*|\.\+|\[(?![0-9a-fA-F:.]*\])")

OriginPattern = str | re.Pattern[str]


class Origins:
    """Reads a list of patterns and regexes, and keeps what the core made of them."""

    def __init__(
        self,
        problems: Problems,
        field: str,
        values: list[Any],
        skip: str = "",
        leniently: bool = False,
    ) -> None:
        self.problems, self.field = problems, field
        self.leniently = leniently
        self.values = values
        self.patterns = Patterns(tuple(values), skip)
        self.regexes: list[Regex] = []
        self._read: list[tuple[int, re.Pattern[str], Regex]] = []
        for index, (refusal, message, _) in self.patterns.refused:
            self._refuse(index, refusal, message)
        for index in self.patterns.others:
            value = values[index]
            if isinstance(value, re.Pattern):
                self._read_regex(index, value)
            elif isinstance(value, str):  # a lone surrogate, which no text encodes
                message = (
                    'write the origin in ASCII, like "https://xn--bcher-kva.example"'
                )
                problems.add("invalid-origin-pattern", field, index, value, message)
            else:
                message = 'write a str like "https://example.com", or re.compile(...)'
                problems.add("invalid-origin-pattern", field, index, value, message)

    def dangerous(self) -> Iterator[tuple[int, OriginPattern, Pattern | Regex]]:
        """The patterns that may not go with credentials, and all regexes, each with its place."""
        for index in self.patterns.dangerous():
            yield index, self.values[index], Pattern(self.values[index])
        yield from self._read

    def _refuse(self, index: int, refusal: str, message: str) -> None:
        text = self.values[index]
        if _REGEX_TRAITS.search(text) and _compiles(text):
            message += f"; a str is never read as a regex, write re.compile({text!r})"
        self.problems.add(f"{refusal}-origin-pattern", self.field, index, text, message)

    def _read_regex(self, index: int, regex: re.Pattern[Any]) -> None:
        if not isinstance(regex.pattern, str):
            message = (
                f"write a regex of str: re.compile({regex.pattern.decode('latin-1')!r})"
            )
            self.problems.add("invalid-origin-regex", self.field, index, regex, message)
            return
        if regex.flags & ~_REGEX_FLAGS:
            message = "leave out all flags but re.ASCII and re.IGNORECASE, also those inside (?...)"
            self.problems.add(
                "prohibited-origin-regex", self.field, index, regex, message
            )
            return
        try:
            ignores_case = bool(regex.flags & re.IGNORECASE)
            parsed = Regex(regex.pattern, ignores_case, self.leniently)
        except PatternError as error:
            refusal, message, position = error.args
            where = f"at {position}: " if position else ""
            self.problems.add(
                f"{refusal}-origin-regex", self.field, index, regex, where + message
            )
        except UnicodeEncodeError:
            message = "leave out lone surrogates; origins are ASCII"
            self.problems.add("invalid-origin-regex", self.field, index, regex, message)
        else:
            self.regexes.append(parsed)
            self._read.append((index, regex, parsed))


class OriginMatcher(_Matcher):
    """Matches origins against patterns: the fast part, to drop into other code.

    `patterns`: an iterable of str (`"https://example.com"`, `"https://*.example.com"`,
    `"http://localhost:*"`, `"*"`) and of `re.Pattern[str]`, matched against the whole origin.
    An origin is a str, bytes or None (no header, never a match); `origin in matcher` asks like
    `matches`, `match_many` takes an iterable of origins and gives a list of bool,
    `len(matcher)` is the number of distinct patterns and regexes. A million patterns are matched
    about as fast as one; all regexes together take at most 512 KiB compiled, which are some hundred.

    Raises `PolicyError` for patterns that are none, `"null"` among them; its methods raise
    `TypeError` for an origin of another type.
    Source: https://fetch.spec.whatwg.org/#origin-header
    """

    __slots__ = ()

    def __new__(cls, patterns: Iterable[OriginPattern]) -> Self:
        problems = Problems()
        values = problems.read_list("patterns", patterns)
        origins = Origins(problems, "patterns", values)
        problems.raise_found()
        try:
            return super().__new__(cls, origins.patterns, origins.regexes)
        except PatternError as error:
            code = "prohibited-origin-regex"
            problems.add(code, "patterns", None, values, error.args[1])
            raise problems.error() from None

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} patterns>"


def _compiles(text: str) -> bool:
    """Whether Python takes the text as a regex; where warnings are errors, without a warning."""
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError, Warning):
        return False
    return True


def spell(value: object) -> str:
    """A keyword's value as a call writes it; a compiled regex itself shows only its beginning."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(spell, value))}]"
    if isinstance(value, re.Pattern):
        flags = re.RegexFlag(value.flags & (re.ASCII | re.IGNORECASE))
        return f"re.compile({value.pattern!r}{f', {flags!r}' if flags else ''})"
    return repr(value)
