"""From routes that name policies to a map of policies.

Here: what stands behind a route in a file, and the `PolicyMap` of routes, names and policies.
Not here: which requests a route covers (`PolicyMap`), routes in variables (`_environment.py`).
Spec: https://url.spec.whatwg.org/#concept-url-path
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from .._problems import PolicyError, Problem
from ._document import Document
from ._error import ConfigurationError, ConfigurationProblem
from ._keywords import meant
from ._spelling import in_toml, spell, spell_choice

if TYPE_CHECKING:
    from .. import OriginPolicies, Policy, PolicyMap

#: What a route leads to: one policy, several that are told apart by their origins, or no CORS.
Names = str | tuple[str, ...] | None


class Told(Protocol):
    """Makes a problem: of a route, of what it leads to, or of one name in a list of them."""

    def __call__(
        self,
        code: str,
        route: str | None,
        message: str,
        index: int | None = None,
        by_key: bool = False,
    ) -> ConfigurationProblem: ...


class Routes:
    """The routes of a configuration.

    `leads_to`: by route the name of a policy, several of them, or None. `told`: makes the problems.
    `problems`: those of values that lead nowhere. `spelled`: spells a message for Python code in the
    words of the configuration.
    """

    def __init__(
        self,
        leads_to: dict[str, Names],
        told: Told,
        problems: list[ConfigurationProblem],
        spelled: Callable[[str], str],
    ) -> None:
        self._leads_to = leads_to
        self._told = told
        self._problems = problems
        self._spelled = spelled

    def make(self, names: list[str], policies: Mapping[str, Policy]) -> PolicyMap:
        """The map.

        `names`: those of all policies, and `policies` those of them that could be made.
        Raises `ConfigurationError` with every problem of the routes.
        Source: https://url.spec.whatwg.org/#concept-url-path
        """
        from .. import PolicyMap

        problems = list(self._problems)
        choices: dict[str, Policy | OriginPolicies | None] = {}
        for route, leads_to in self._leads_to.items():
            problems += self._unknown(route, leads_to, names)
            try:
                choices[route] = _choice(leads_to, policies)
            except PolicyError as error:
                problems += (
                    self._told(one.code, route, self._spelled(one.message), one.index)
                    for one in error.problems
                )
                choices[route] = None
        routes = None
        try:
            routes = PolicyMap(choices)
        except PolicyError as error:
            problems += (self._of_route(one, list(choices)) for one in error.problems)
        if problems or routes is None:
            problems.sort(key=lambda one: (one.line or 0, one.column or 0))
            raise ConfigurationError(problems)
        return routes

    def _unknown(
        self, route: str, leads_to: Names, names: list[str]
    ) -> Iterator[ConfigurationProblem]:
        for index, name in enumerate(_listed(leads_to)):
            if name in names:
                continue
            close = meant(name, names)
            write = spell_choice([close] if close else names)
            message = f"no policy is named {spell(name)}; write {write}"
            if not names:
                message = f"no policy is named {spell(name)}, nor otherwise; add one"
            yield self._told("unknown-policy", route, message, index)

    def _of_route(self, problem: Problem, routes: list[str]) -> ConfigurationProblem:
        """A problem that `PolicyMap` finds in a route itself, or in there being none."""
        route = None if problem.index is None else routes[problem.index]
        message = self._spelled(problem.message)
        return self._told(problem.code, route, message, by_key=True)


def _listed(leads_to: Names) -> tuple[str, ...]:
    return (leads_to,) if isinstance(leads_to, str) else leads_to or ()


def _choice(
    leads_to: Names, policies: Mapping[str, Policy]
) -> Policy | OriginPolicies | None:
    """What the map holds; None too where a policy could not be made, which is told elsewhere."""
    from .. import OriginPolicies

    if leads_to is None:
        return None
    found = [policies[name] for name in _listed(leads_to) if name in policies]
    if len(found) < len(_listed(leads_to)):
        return None
    return found[0] if isinstance(leads_to, str) else OriginPolicies(found)


def read_routes(document: Document, table: Mapping[str, Any]) -> Routes:
    """The routes of the table `[routes]` of a file."""

    def told(
        code: str,
        route: str | None,
        message: str,
        index: int | None = None,
        by_key: bool = False,
    ) -> ConfigurationProblem:
        keys = (*document.keys, "routes")
        text = message
        if route is not None:
            keys = (*keys, route) if index is None else (*keys, route, index)
            text = f"{spell(route)} = {spell(table[route])}: {message}"
        return document.problem(code, keys, text, by_key=by_key)

    problems = []
    leads_to: dict[str, Names] = {}
    for route, value in table.items():
        if value is False:
            leads_to[route] = None
        elif isinstance(value, str):
            leads_to[route] = value
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            leads_to[route] = tuple(value)
        else:
            leads_to[route] = None  # so that what is wrong with the route is told too
            message, by_key = _write(route, value)
            problems.append(told("invalid-choice", route, message, by_key=by_key))
    return Routes(leads_to, told, problems, in_toml)


def _write(route: str, value: object) -> tuple[str, bool]:
    """What to write in place of a value that leads nowhere, and whether the key is what is wrong."""
    whole, leads_to = route, value
    while isinstance(leads_to, Mapping) and len(leads_to) == 1:
        [(part, leads_to)] = leads_to.items()
        whole += part if part.startswith("/") else f".{part}"
    if isinstance(value, Mapping) and isinstance(leads_to, (str, bool)):
        message = f"a route with dots is one key in quotes: {spell(whole)} = {spell(leads_to)}"
        return message, True
    return (
        "write the name of a policy, a list of names, or false for no CORS there",
        False,
    )
