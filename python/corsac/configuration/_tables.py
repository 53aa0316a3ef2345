"""Which tables of a TOML file hold policies.

Here: `Tables`: the policies of a file by their names, and what stands beside them.
Not here: what stands in one of them (`_policy_table.py`), what routes lead to (`_routes.py`).
Spec: https://toml.io/en/v1.0.0#table
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ._document import EXAMPLE, Document
from ._error import ConfigurationError, ConfigurationProblem
from ._keywords import KEYWORDS, meant
from ._places import Path as Keys
from ._policy_table import PolicyTable
from ._routes import Routes, read_routes
from ._spelling import spell

if TYPE_CHECKING:
    from .. import Policy, PolicyMap

#: The tables beside which no keyword stands, and what they look like.
_TABLES: Final = {
    "policies": f"[policies.public] and below it {EXAMPLE}",
    "routes": '[routes] and below it "/api" = "public"',
}


class Tables:
    """The tables of a document.

    `policies`: by name; the one of a file that holds its keywords themselves has the name `""`.
    `routes`: those of the table of that name, None where there is none. `problems`: what is wrong
    with the file beside what is wrong with a policy or a route.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.policies: dict[str, PolicyTable] = {}
        self.routes: Routes | None = None
        self.problems: list[ConfigurationProblem] = []
        table = document.table
        if not isinstance(table, Mapping):
            self._no_table(
                document.keys, table, f"{_header(document.keys)} and below it {EXAMPLE}"
            )
        elif any(
            key in _TABLES or _is_meant_as_table(key, table[key]) for key in table
        ):
            self._read_tables(table)
        elif table:
            self.policies[""] = PolicyTable(document, document.keys, table, name=None)

    def make(self, name: str) -> Policy:
        """The policy of that name, one of `policies`; raises `ConfigurationError`."""
        return self.policies[name].make(self.policies.get)

    def make_all(self) -> tuple[dict[str, Policy], PolicyMap | None]:
        """All policies by their names, and the map of the routes.

        Raises `ConfigurationError` with all that is wrong, in the order in which it stands there.
        """
        problems = list(self.problems)
        policies, routes = {}, None
        for name in self.policies:
            try:
                policies[name] = self.make(name)
            except ConfigurationError as error:
                problems += error.problems
        try:
            if self.routes is not None:
                routes = self.routes.make(list(self.policies), policies)
        except ConfigurationError as error:
            problems += error.problems
        if problems:
            problems.sort(key=lambda one: (one.line or 0, one.column or 0))
            raise ConfigurationError(problems)
        return policies, routes

    def _read_tables(self, table: Mapping[str, Any]) -> None:
        for key in table:
            if key not in _TABLES:
                self._stands_beside(key, table[key])
        keys = self.document.keys
        for name, one in self._table_in(table, "policies").items():
            place = (*keys, "policies", name)
            if isinstance(one, Mapping):
                self.policies[name] = PolicyTable(self.document, place, one, name)
            else:
                self._no_table(place, one, f"{_header(place)} and below it {EXAMPLE}")
        routes = self._table_in(table, "routes")
        if table.get("routes") is routes:
            self.routes = read_routes(self.document, routes)

    def _table_in(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        one: object = table.get(key, {})
        if isinstance(one, Mapping):
            return one
        keys = (*self.document.keys, key)
        self._no_table(keys, one, _TABLES[key])
        return {}

    def _stands_beside(self, key: str, value: object) -> None:
        close = meant(key, _TABLES) if _is_meant_as_table(key, value) else None
        if close:
            message = f"{key} is no table of corsac's; write [{close}]"
        else:
            message = f"{key} stands beside tables; move it into one of them, like [policies.public]"
        keys = (*self.document.keys, key)
        self.problems.append(
            self.document.problem("unknown-key", keys, message, by_key=True)
        )

    def _no_table(self, keys: Keys, value: object, write: str) -> None:
        name = ".".join(map(str, keys))
        message = f"{name} = {spell(value)} is no table; write {write}"
        self.problems.append(self.document.problem("invalid-table", keys, message))


def _is_meant_as_table(key: str, value: object) -> bool:
    return (
        key not in KEYWORDS
        and isinstance(value, Mapping)
        and meant(key, (*_TABLES, *KEYWORDS)) in _TABLES
    )


def _header(keys: Keys) -> str:
    return f"[{'.'.join(map(str, keys))}]"
