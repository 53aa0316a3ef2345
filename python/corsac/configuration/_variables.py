"""One policy in environment variables.

Here: `PolicyVariables`: their values as `Policy` takes them, and its problems with their variables.
Not here: how the policy is made of them (`_reading.py`), which variables belong to which policy
(`_environment.py`).
Spec: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .._problems import Problem
from ._error import ConfigurationProblem
from ._keywords import KEYWORDS, Kind, Taken, taken
from ._places import line_and_column
from ._reading import PolicyReading
from ._spelling import BROWSER, in_variables

#: The variable beside those of the keywords: a regex may hold commas and spaces.
REGEXES: Final = "ALLOW_ORIGIN_REGEXES"
#: The words of a flag, in any case.
_FLAGS: Final = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}
#: Nineteen digits are more than any keyword takes, and Python reads no end of them.
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_ITEM: Final = re.compile(r"[^\s,]+")
_LINE: Final = re.compile(r"\S(?:[^\r\n]*\S)?")
_BRACKETS: Final = re.compile(r"\s*\[.*\]\s*", re.DOTALL)
_QUOTES: Final = re.compile(r"""\s*(["'])(.*)\1\s*""", re.DOTALL)


class PolicyVariables(PolicyReading):
    """A policy as variables hold it.

    `prefix`: with which their names begin. `values`: by what follows the prefix. `name`: the
    policy's, unless a variable says another.
    """

    _holder = "these variables"

    def __init__(
        self, prefix: str, values: Mapping[str, str], name: str | None
    ) -> None:
        self.prefix = prefix
        self.shadow: str | None = None
        self.problems: list[ConfigurationProblem] = []
        #: Where the items of lists stand: in which variable, in which text, and at which character.
        self._items: dict[str, list[tuple[str, str, int]]] = {}
        self.keywords: dict[str, Any] = {} if name is None else {"name": name}
        for keyword, one in taken().items():
            if keyword.upper() in values or one.kind is Kind.ORIGINS:
                self._read(keyword, one, values)

    @property
    def has_shadow(self) -> bool:
        return self.shadow is not None

    def _read(self, keyword: str, one: Taken, values: Mapping[str, str]) -> None:
        variable = keyword.upper()
        text = values.get(variable, "")
        if one.kind is Kind.ORIGINS:
            self.keywords[keyword] = [
                *self._read_list(keyword, variable, text),
                *self._read_regexes(keyword, values.get(REGEXES, "")),
            ]
        elif one.kind is Kind.TEXTS:
            self.keywords[keyword] = self._read_list(keyword, variable, text)
        elif one.kind is Kind.POLICY:
            self.shadow = self._bare(keyword, variable, text) or None
        else:
            self.keywords[keyword] = _value(one, self._bare(keyword, variable, text))

    def _bare(self, keyword: str, variable: str, text: str) -> str:
        """The text of a variable, without the spaces around it and without quotes, which are told."""
        quoted = _QUOTES.fullmatch(text)
        if not quoted:
            return text.strip()
        message = f"the quotes are part of the value; write {quoted[2]} without them"
        self._add("invalid-variable", keyword, variable, text, message)
        return quoted[2].strip()

    def _read_list(self, keyword: str, variable: str, text: str) -> list[str]:
        if _BRACKETS.fullmatch(text):
            bare = re.sub(r"[\[\]\"'\s,]+", " ", text).strip()
            message = f"write the values with spaces or commas between them: {bare}"
            self._add("invalid-variable", keyword, variable, text, message)
            text = bare
        else:
            bare = self._bare(keyword, variable, text)
            text = text if bare == text.strip() else bare
        return self._split(keyword, variable, text, _ITEM)

    def _split(
        self, keyword: str, variable: str, text: str, item: re.Pattern[str]
    ) -> list[str]:
        found = list(item.finditer(text))
        places = [(variable, text, one.start()) for one in found]
        self._items.setdefault(keyword, []).extend(places)
        return [one[0] for one in found]

    def _read_regexes(self, keyword: str, text: str) -> Iterator[re.Pattern[str]]:
        """A regex on each line; `(?i)` at its begin makes it ignore the case."""
        start = len(self._items.get(keyword, ()))
        sources = self._split(keyword, REGEXES, text, _LINE)
        for index, source in enumerate(sources, start):
            try:
                yield re.compile(source)
            except (re.error, OverflowError, RecursionError, Warning) as error:
                problem = Problem(
                    "invalid-origin-regex", keyword, index, source, f"no regex: {error}"
                )
                self.problems.append(self._place(problem))
                # One that every rule takes, so that nothing else is told of the same.
                yield re.compile(r"https://unreadable\.invalid")

    def _add(
        self, code: str, keyword: str, variable: str, value: str, message: str
    ) -> None:
        self.problems.append(
            ConfigurationProblem(
                code, keyword, None, value, message, self.prefix + variable
            )
        )

    def _order(self, problem: ConfigurationProblem) -> tuple[int, int]:
        index = -1 if problem.index is None else problem.index
        return KEYWORDS.index(problem.field), index

    def _place(self, problem: Problem) -> ConfigurationProblem:
        """A problem of `Policy` with its variable, and of an item of a list with its place there."""
        variable = problem.field.upper()
        place: tuple[int, ...] = ()
        if problem.index is not None:
            variable, text, at = self._items[problem.field][problem.index]
            place = line_and_column(text, at)
        return ConfigurationProblem(
            problem.code,
            problem.field,
            problem.index,
            problem.value,
            in_variables(problem.message, self.prefix, KEYWORDS),
            self.prefix + variable,
            *place,
        )


def _value(one: Taken, text: str) -> object:
    """What a text stands for; the text itself where that is nothing, which `Policy` reports."""
    if one.or_none and text in ("", BROWSER if one.kind is Kind.NUMBER else ""):
        return None
    if one.kind is Kind.FLAG:
        return _FLAGS.get(text.lower(), text)
    is_number = one.kind is Kind.NUMBER or isinstance(next(iter(one.values), ""), int)
    return int(text) if is_number and _NUMBER.fullmatch(text) else text
