"""Policies in a TOML file, as a person names it on a command line.

Here: each policy of a file as a `FoundPolicy`, with the places of what it keeps.
Not here: what a file holds, and what is wrong with it (`corsac.configuration`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from .._policy import Policy
from .._problems import PolicyWarning
from ..configuration import ConfigurationError, ConfigurationProblem
from ..configuration._document import EXAMPLE, Document, read_document
from ..configuration._keywords import KEYWORDS
from ..configuration._places import Path as Keys
from ..configuration._policy_table import PolicyTable
from ..configuration._tables import Tables
from ._making import recorded
from ._subject import (
    FoundPolicy,
    FoundProblem,
    NoPolicyError,
    Place,
    Subject,
    SubjectError,
    SubjectKind,
)


def read_toml(path: Path, name: str) -> Subject:
    """The policies of a file; in `pyproject.toml` those under `[tool.corsac]`.

    Raises `SubjectError` for a file that cannot be read, or holds no policy.
    """
    try:
        document = read_document(name)
    except ConfigurationError as error:
        [problem] = error.problems
        if problem.code == "no-policy":
            raise NoPolicyError(problem.message) from None
        if problem.line is None:
            raise SubjectError(f"{name}: {problem.message}") from None
        one = FoundPolicy(
            library="corsac",
            name=name,
            sentence=f"the file {name}",
            problems=_of(error.problems),
            place=_place(problem),
        )
        return Subject(SubjectKind.TOML, name, (one,))
    policies = tuple(_read(Tables(document)))
    if not policies:
        raise NoPolicyError(f"{name} holds no policy; write {EXAMPLE}")
    return Subject(SubjectKind.TOML, name, policies)


def _read(tables: Tables) -> Iterator[FoundPolicy]:
    """What stands in no policy, the policies, and what is wrong with the routes to them."""
    document = tables.document
    if tables.problems:
        yield _found(document, document.keys, problems=_of(tables.problems))
    made = {}
    for name, table in tables.policies.items():
        with recorded() as told:
            try:
                policy = made[name] = tables.make(name)
            except ConfigurationError as error:
                yield _found(document, table.keys, problems=_of(error.problems))
                continue
        yield _found(
            document,
            table.keys,
            policy=policy,
            warnings=tuple(
                str(one.message)
                for one in told
                if issubclass(one.category, PolicyWarning)
            ),
            find_place=_finder(document, table, policy),
        )
    if tables.routes is not None:
        try:
            tables.routes.make(list(tables.policies), made)
        except ConfigurationError as error:
            keys = (*document.keys, "routes")
            yield _found(document, keys, problems=_of(error.problems))


def _found(document: Document, keys: Keys, **found: Any) -> FoundPolicy:
    name, file = ".".join(map(str, keys)), document.name
    return FoundPolicy(
        library="corsac",
        name=name or file,
        sentence=f"[{name}] in {file}" if name else f"the file {file}",
        place=Place(file, *document.key(keys)),
        **found,
    )


def _of(problems: Iterable[ConfigurationProblem]) -> tuple[FoundProblem, ...]:
    return tuple(
        FoundProblem(one.code, one.text, _keyword(one), one.index, _place(one))
        for one in problems
    )


def _keyword(problem: ConfigurationProblem) -> str:
    return problem.field if problem.field in KEYWORDS else ""


def _place(problem: ConfigurationProblem) -> Place:
    return Place(problem.source, problem.line or 1, problem.column or 1)


def _finder(
    document: Document, table: PolicyTable, policy: Policy
) -> Callable[[str, int | None], Place]:
    """Finds what the policy keeps of the file, which is less: not twice the same."""

    def find(keyword: str, index: int | None) -> Place:
        keys = (*table.keys, keyword)
        if index is not None:
            kept = getattr(policy, keyword)[index]
            listed = table.keywords[keyword]
            keys = (
                *keys,
                next(n for n, one in enumerate(listed) if _same(one, kept)),
            )
        return Place(document.name, *document.value(keys))

    return find


def _same(listed: object, kept: object) -> bool:
    if isinstance(listed, str) and isinstance(kept, str):
        return listed.lower() == kept.lower()
    return listed == kept
