"""One table of a policy's keywords in a TOML file.

Here: `PolicyTable`: its values as `Policy` takes them, and its problems with their places.
Not here: how the policy is made of them (`_reading.py`), which tables a file has (`_tables.py`).
Spec: https://toml.io/en/v1.0.0#table
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from .._problems import Problem
from ._document import Document
from ._error import ConfigurationError, ConfigurationProblem
from ._keywords import KEYWORDS, meant
from ._places import Path as Keys
from ._reading import PolicyReading
from ._spelling import BROWSER, REGEX_FLAGS, in_toml

#: Stands where a problem is told already, so that nothing else is told of the same.
_TOLD: Final = "https://unreadable.invalid"
_REGEX: Final = "{ regex = 'https://[a-z]+\\.app\\.example' }"


class PolicyTable(PolicyReading):
    """A policy as a table of a file holds it.

    `keys`: those that lead to it. `name`: the policy's, unless the table says another. `keywords`:
    what `Policy` takes, as far as it could be read. `shadow`: the name of another policy of the
    file, or None. `problems`: what is wrong with the table before there is a policy.
    """

    _holder = "the file"

    def __init__(
        self, document: Document, keys: Keys, table: Mapping[str, Any], name: str | None
    ) -> None:
        self.keys = keys
        self.name = name
        self.shadow: str | None = None
        self.problems: list[ConfigurationProblem] = []
        self._document = document
        self._table = table
        self.keywords = {key: table[key] for key in table if key in KEYWORDS}
        if name is not None:
            self.keywords.setdefault("name", name)
        forgiven = self._read_keys()
        self._read_origins(forgiven)
        if self.keywords.get("max_age") == BROWSER:
            self.keywords["max_age"] = None
        if "shadow" in self.keywords:
            self._read_shadow(self.keywords.pop("shadow"))

    @property
    def has_shadow(self) -> bool:
        return "shadow" in self._table

    def _add(
        self, code: str, path: Keys, message: str, value: object, by_key: bool = False
    ) -> None:
        """A problem at a path of the table; the path's first key is a keyword's, or unknown."""
        about: tuple[str, int | None, object] = ("", None, None)
        if not by_key:
            index = path[1] if len(path) > 1 and isinstance(path[1], int) else None
            about = (str(path[0]), index, value)
        keys = (*self.keys, *path)
        self.problems.append(
            self._document.problem(code, keys, message, by_key=by_key, about=about)
        )

    def _read_keys(self) -> set[str]:
        """The keywords that were meant by keys that are none."""
        forgiven = set()
        for key in self._table:
            if key in KEYWORDS:
                continue
            close = meant(key)
            if close:
                forgiven.add(close)
            write = close or f"one of {', '.join(KEYWORDS)}"
            message = f"{key} is no keyword of a policy; write {write}"
            self._add("unknown-key", (key,), message, None, by_key=True)
        return forgiven

    def _read_origins(self, forgiven: set[str]) -> None:
        field = "allow_origins"
        absent = [_TOLD] if field in forgiven else []
        origins = self.keywords.setdefault(field, absent)
        if isinstance(origins, list):
            self.keywords[field] = [
                self._read_regex(index, one) if isinstance(one, dict) else one
                for index, one in enumerate(origins)
            ]
        elif isinstance(origins, dict):
            self._add("invalid-list", (field,), f"write a list: [{_REGEX}]", origins)
            self.keywords[field] = [_TOLD]

    def _read_regex(self, index: int, table: dict[str, Any]) -> Any:
        """The compiled regex of a table like `{ regex = "...", ignore_case = true }`."""
        field = "allow_origins"

        def problem(key: str, message: str) -> None:
            path = (field, index, key) if key in table else (field, index)
            self._add("invalid-origin-regex", path, message, table)

        for key in table:
            if key != "regex" and key not in REGEX_FLAGS:
                message = f'{key} is no key of a regex; write {{ regex = "...", ignore_case = true }}'
                self._add("unknown-key", (field, index, key), message, None, True)
        flags = 0
        for key, flag in REGEX_FLAGS.items():
            value = table.get(key, False)
            if not isinstance(value, bool):
                problem(key, f"{key} is no flag; write true or false")
            flags |= flag if value is True else 0
        source = table.get("regex")
        if not isinstance(source, str):
            problem("regex", f"write the regex as a text: {_REGEX}")
            return _TOLD
        try:
            return re.compile(source, flags)
        except (re.error, OverflowError, RecursionError, Warning) as error:
            problem("regex", f"no regex: {error}")
            return _TOLD

    def _read_shadow(self, value: object) -> None:
        if isinstance(value, str):
            self.shadow = value
        elif isinstance(value, dict):
            if "shadow" in value:
                message = "a shadow has no shadow itself; leave this one out"
                path = ("shadow", "shadow")
                self._add("invalid-shadow", path, message, value["shadow"])
            keywords = {key: value[key] for key in value if key != "shadow"}
            keys = (*self.keys, "shadow")
            table = PolicyTable(self._document, keys, keywords, name=None)
            try:
                self.keywords["shadow"] = table.make(lambda name: None)
            except ConfigurationError as error:
                self.problems += error.problems
        else:
            message = (
                "write the name of another policy of the file, or a table of keywords"
            )
            self._add("invalid-shadow", ("shadow",), message, value)

    def _order(self, problem: ConfigurationProblem) -> tuple[int, int]:
        return problem.line or 0, problem.column or 0

    def _place(self, problem: Problem) -> ConfigurationProblem:
        keys: Keys = (*self.keys, problem.field)
        if problem.index is not None:
            keys = (*keys, problem.index)
        about = (problem.field, problem.index, problem.value)
        message = in_toml(problem.message)
        return self._document.problem(problem.code, keys, message, about=about)
