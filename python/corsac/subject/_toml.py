"""Policies in a TOML file, each problem with its line and column.

Here: which tables hold policies, what their keys are. Not here: where a key stands
(`_toml_places.py`), how problems are spelled (`_toml_spelling.py`), which policies are wrong
(`_policy.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from .._policy import Policy
from .._problems import PolicyError, Problem
from ._making import found
from ._subject import (
    FoundPolicy,
    FoundProblem,
    NoPolicyError,
    Place,
    Subject,
    SubjectError,
    SubjectKind,
)
from ._toml_places import Path as Keys
from ._toml_places import Places
from ._toml_spelling import KEYWORDS, meant, spelled, toml

#: What can be wrong with a file beside what can be wrong with a policy.
CODES: Final[dict[str, str]] = {
    "invalid-toml": "A text that is no TOML.",
    "unknown-key": "A key that is no keyword of `Policy`.",
    "invalid-table": "Something else where a table belongs.",
    "unreadable-options": "Options that no policy can be made of.",
}
_EXAMPLE: Final = 'allow_origins = ["https://app.example"]'
#: How the parser ends a message that names a place.
_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path, name: str) -> Subject:
    """The policies of a file; in `pyproject.toml` those under `[tool.corsac]`.

    Raises `SubjectError` for a file that cannot be read, or holds no policy.
    """
    text = _read_text(path, name)
    try:
        document = _parser()(text)
    except ValueError as error:
        return Subject(SubjectKind.TOML, name, (_no_toml(str(error), text, name),))
    file = _File(name, Places(text, _parser()))
    keys: Keys = ()
    table: Any = document
    if path.name == "pyproject.toml":
        keys = ("tool", "corsac")
        table = document.get("tool", {}).get("corsac")
        if table is None:
            raise NoPolicyError(
                f"{name} has no [tool.corsac]; write [tool.corsac] and below it {_EXAMPLE}"
            )
    policies = tuple(file.read(keys, table))
    if not policies:
        raise NoPolicyError(f"{name} holds no policy; write {_EXAMPLE}")
    return Subject(SubjectKind.TOML, name, policies)


def _parser() -> Any:
    """The parser of the standard library, or, before Python 3.11, of the package it comes from."""
    if sys.version_info >= (3, 11):
        from tomllib import loads
    else:
        try:
            from tomli import loads
        except ModuleNotFoundError:
            raise SubjectError(
                "Python 3.10 needs a package for TOML: pip install 'corsac[cli]'"
            ) from None
    return loads


def _read_text(path: Path, name: str) -> str:
    try:
        # As it stands, so that columns are those of the file.
        return path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise SubjectError(f"{name} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise SubjectError(f"{name} cannot be read: {error.strerror}") from None


def _no_toml(message: str, text: str, name: str) -> FoundPolicy:
    at = _AT.search(message)
    line, column = 1, 1
    if at and at[1]:
        line, column = int(at[1]), int(at[2])
    elif at:
        line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    place = Place(name, line, column)
    problem = FoundProblem(
        "invalid-toml", f"no TOML: {_AT.sub('', message)}", place=place
    )
    return FoundPolicy(
        library="corsac",
        name=name,
        sentence=f"the file {name}",
        problems=(problem,),
        place=place,
    )


class _File:
    """A document with its places."""

    def __init__(self, name: str, places: Places) -> None:
        self.name = name
        self._places = places

    def read(self, keys: Keys, table: object) -> Iterator[FoundPolicy]:
        """The policy of the table, or those of the tables `policies.NAME` in it."""
        if not isinstance(table, Mapping):
            yield self._no_table(keys, table)
        elif "policies" not in table:
            if table:
                yield self._read_policy(keys, table)
        else:
            beside = [key for key in table if key != "policies"]
            if beside:
                yield self._stands_beside(keys, beside)
            named = table["policies"]
            keys = (*keys, "policies")
            if not isinstance(named, Mapping):
                yield self._no_table(keys, named)
                return
            for name, one in named.items():
                if isinstance(one, Mapping):
                    yield self._read_policy((*keys, name), one)
                else:
                    yield self._no_table((*keys, name), one)

    def _read_policy(self, keys: Keys, table: Mapping[str, Any]) -> FoundPolicy:
        problems = [
            self._problem(
                "unknown-key",
                (*keys, key),
                f"{key} is no keyword of a policy; {meant(key)}",
                by_key=True,
            )
            for key in table
            if key not in KEYWORDS
        ]
        keywords = {key: value for key, value in table.items() if key in KEYWORDS}
        keywords.setdefault("allow_origins", [])
        if isinstance(origins := keywords["allow_origins"], list):
            keywords["allow_origins"] = list(
                self._read_origins((*keys, "allow_origins"), origins, problems)
            )
        one = found(lambda: Policy(**keywords), **self._about(keys))
        if one.policy is None:
            problems += self._policy_problems(keys, keywords)
        if not problems:
            return replace(one, find_place=self._finder(keys, keywords, one.policy))
        problems.sort(key=lambda p: (p.place.line, p.place.column) if p.place else ())
        return replace(one, policy=None, problems=tuple(problems), warnings=())

    def _read_origins(
        self, keys: Keys, origins: list[Any], problems: list[FoundProblem]
    ) -> Iterator[Any]:
        """The origins, with a compiled regex for each table that is one."""
        for index, origin in enumerate(origins):
            if not isinstance(origin, dict):
                yield origin
                continue
            regex = self._read_regex((*keys, index), origin, problems)
            # One that every rule takes, so that only what is wrong with the table is said.
            yield "https://unreadable.invalid" if regex is None else regex

    def _read_regex(
        self, keys: Keys, table: dict[str, Any], problems: list[FoundProblem]
    ) -> re.Pattern[str] | None:
        def problem(key: str, message: str, code: str = "invalid-origin-regex") -> None:
            path = (*keys, key) if key in table else keys
            problems.append(
                self._problem(code, path, message, by_key=code == "unknown-key")
            )

        for key in table.keys() - {"regex", "ignore_case"}:
            message = f'{key} is no key of a regex; write {{ regex = "...", ignore_case = true }}'
            problem(key, message, "unknown-key")
        source, ignores_case = table.get("regex"), table.get("ignore_case", False)
        if not isinstance(ignores_case, bool):
            problem("ignore_case", "ignore_case is no flag; write true or false")
        if not isinstance(source, str):
            problem(
                "regex",
                "write the regex as a text: { regex = 'https://[a-z]+\\.app\\.example' }",
            )
            return None
        try:
            return re.compile(source, re.IGNORECASE if ignores_case is True else 0)
        except (re.error, OverflowError, RecursionError) as error:
            problem("regex", f"{toml(source)} is no regex: {error}")
            return None

    def _policy_problems(
        self, keys: Keys, keywords: dict[str, Any]
    ) -> Iterator[FoundProblem]:
        """The problems of `Policy`, spelled as in the file, each with its place."""
        try:
            Policy(**keywords)
        except PolicyError as error:
            for problem in error.problems:
                yield self._place(keys, problem)
        except Exception as error:  # noqa: BLE001 - a file holds whatever people write
            message = f"no policy can be made of it: {type(error).__name__}: {error}"
            yield self._problem("unreadable-options", keys, message)

    def _place(self, keys: Keys, problem: Problem) -> FoundProblem:
        path: Keys = (*keys, problem.field)
        name = problem.field
        if problem.index is not None:
            path, name = (*path, problem.index), f"{name}[{problem.index}]"
        text = f"{name} = {toml(problem.value)}: {spelled(problem.message)}"
        one = self._problem(problem.code, path, text)
        return replace(one, field=problem.field, index=problem.index)

    def _finder(
        self, keys: Keys, keywords: dict[str, Any], policy: Policy | None
    ) -> Callable[[str, int | None], Place]:
        """Finds what the policy keeps of the file, which is less: not twice the same."""

        def find(keyword: str, index: int | None) -> Place:
            path: Keys = (*keys, keyword)
            if index is not None:
                kept = getattr(policy, keyword)[index]
                listed = keywords[keyword]
                path = (
                    *path,
                    next(n for n, one in enumerate(listed) if _same(one, kept)),
                )
            return Place(self.name, *self._places.value(path))

        return find

    def _about(self, keys: Keys) -> dict[str, Any]:
        name = ".".join(str(key) for key in keys)
        return {
            "library": "corsac",
            "name": name or self.name,
            "sentence": f"[{name}] in {self.name}" if name else f"the file {self.name}",
            "place": Place(self.name, *self._places.key(keys)),
        }

    def _problem(
        self, code: str, path: Keys, text: str, by_key: bool = False
    ) -> FoundProblem:
        find = self._places.key if by_key else self._places.value
        return FoundProblem(code, text, place=Place(self.name, *find(path)))

    def _no_table(self, keys: Keys, value: object) -> FoundPolicy:
        name = ".".join(str(key) for key in keys)
        text = f"{name} = {toml(value)} is no table; write [{name}] and below it {_EXAMPLE}"
        problem = self._problem("invalid-table", keys, text)
        return FoundPolicy(problems=(problem,), **self._about(keys))

    def _stands_beside(self, keys: Keys, beside: list[str]) -> FoundPolicy:
        problems = tuple(
            self._problem(
                "unknown-key",
                (*keys, key),
                f"{key} stands beside policies; move it into one of them, like [policies.public]",
                by_key=True,
            )
            for key in beside
        )
        return FoundPolicy(problems=problems, **self._about(keys))


def _same(listed: object, kept: object) -> bool:
    if isinstance(listed, str) and isinstance(kept, str):
        return listed.lower() == kept.lower()
    return listed == kept
