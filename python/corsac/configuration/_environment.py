"""Policies out of environment variables.

Here: which variables there are, and which belong to which policy. Not here: what is in them
(`_variables.py`), TOML files (`_files.py`).
Spec: https://12factor.net/config
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ._error import ConfigurationError, ConfigurationProblem, failure
from ._files import choose
from ._keywords import KEYWORDS, meant
from ._places import line_and_column
from ._routes import Names, Routes
from ._spelling import in_variables
from ._variables import REGEXES, PolicyVariables

if TYPE_CHECKING:
    from .. import Policy, PolicyMap

#: The names of variables that belong to a policy, without what stands before them.
_OF_POLICIES: Final = (*(keyword.upper() for keyword in KEYWORDS), REGEXES)
_ROUTES: Final = "ROUTES"
#: What a route leads to that has no CORS.
_NONE: Final = "none"
_NAME: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9_]*[A-Z0-9])?", re.ASCII)


def from_env(
    prefix: str = "CORSAC_",
    environ: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Policy:
    """The policy of environment variables: each keyword in capitals, behind the prefix.

    `prefix`: a str. `environ`: a mapping of str to str, None for `os.environ`. `name`: a str,
    which of several policies; None where there is one, or one without a name.

    `CORSAC_ALLOW_ORIGINS="https://a.example https://b.example"`: lists have spaces, line ends or
    commas between their values. `CORSAC_ALLOW_ORIGIN_REGEXES` has a regex on each line, that adds
    to them. Flags are true, 1, yes, on, false, 0, no or off. An empty value is an empty list, or None
    where the keyword takes that; `CORSAC_MAX_AGE=browser` is None too.
    `CORSAC_PARTNERS__ALLOW_ORIGINS` belongs to the policy named `partners`;
    `CORSAC_SHADOW=partners` names it.

    Raises `ConfigurationError`, whose problems name their variables; a variable with the prefix
    that is none of these is a problem.
    Source: https://12factor.net/config
    """
    policies = read_policies_from_env(prefix, environ)
    return choose(policies, name, f"{prefix}*")


def read_policies_from_env(
    prefix: str = "CORSAC_", environ: Mapping[str, str] | None = None
) -> dict[str, Policy]:
    """All policies of environment variables, by their names; the one without a name under `""`.

    `prefix`, `environ`: as of `from_env`. Raises what `from_env` raises.
    Source: https://12factor.net/config
    """
    policies, _ = _read(prefix, environ)
    return policies


def read_map_from_env(
    prefix: str = "CORSAC_", environ: Mapping[str, str] | None = None
) -> PolicyMap:
    """The map of environment variables, `CORSAC_ROUTES="/api=public /api/internal=none"`.

    Between routes are spaces or line ends. Behind each is the name of a policy, several with
    commas that are told apart by their origins, or `none` for no CORS there.
    `prefix`, `environ`: as of `from_env`. Raises what `from_env` raises.
    Source: https://url.spec.whatwg.org/#concept-url-path
    """
    _, routes = _read(prefix, environ)
    if routes is None:
        message = "no such variable; write routes, like /api=public /internal=none"
        raise failure("no-policy", prefix + _ROUTES, message)
    return routes


def _read(
    prefix: str, environ: Mapping[str, str] | None
) -> tuple[dict[str, Policy], PolicyMap | None]:
    if not prefix:
        raise ValueError('write what the variables begin with, like "CORSAC_"')
    found = {
        variable.removeprefix(prefix): value
        for variable, value in (os.environ if environ is None else environ).items()
        if variable.startswith(prefix)
    }
    routes_text = found.pop(_ROUTES, None)
    if not found and routes_text is None:
        message = (
            f"no variable begins so; write {prefix}ALLOW_ORIGINS=https://app.example"
        )
        raise failure("no-policy", f"{prefix}*", message)
    problems: list[ConfigurationProblem] = []
    variables = _by_policy(prefix, found, problems)
    policies = {}
    for name, one in variables.items():
        try:
            policies[name] = one.make(variables.get)
        except ConfigurationError as error:
            problems += error.problems
    routes = None
    if routes_text is not None:
        try:
            named = [name for name in variables if name]
            routes = _read_routes(prefix, routes_text).make(named, policies)
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return policies, routes


def _by_policy(
    prefix: str, found: Mapping[str, str], problems: list[ConfigurationProblem]
) -> dict[str, PolicyVariables]:
    """The variables of each policy by its name; what belongs to none goes to `problems`."""
    values: dict[str, dict[str, str]] = {}
    for rest in sorted(found):
        head, _, keyword = rest.rpartition("__")
        if rest in _OF_POLICIES:
            values.setdefault("", {})[rest] = found[rest]
        elif keyword not in _OF_POLICIES or not _NAME.fullmatch(head):
            message = f"it belongs to no policy; write {_meant(prefix, rest)}"
            problems.append(_problem("unknown-key", message, prefix + rest))
        elif head.lower() == _NONE:
            message = "none stands for no CORS; give the policy another name"
            problems.append(_problem("invalid-variable", message, prefix + rest))
        else:
            values.setdefault(head, {})[keyword] = found[rest]
    return {
        head.lower(): PolicyVariables(
            f"{prefix}{head}__" if head else prefix, of_policy, head.lower() or None
        )
        for head, of_policy in values.items()
    }


def _meant(prefix: str, rest: str) -> str:
    """The variable that somebody meant who wrote another one."""
    head, separator, keyword = rest.upper().rpartition("__")
    if not separator:
        for one in _OF_POLICIES:
            if keyword.endswith(f"_{one}"):
                return f"{prefix}{keyword.removesuffix(one).strip('_')}__{one}"
    known = [one.lower() for one in (*_OF_POLICIES, _ROUTES)]
    close = meant(keyword, known)
    if close:
        head = head.strip("_")
        return f"{prefix}{head}{'__' if head else ''}{close.upper()}"
    return f"one of {', '.join(prefix + one for one in (*_OF_POLICIES, _ROUTES))}"


def _problem(
    code: str, message: str, variable: str, *place: int
) -> ConfigurationProblem:
    return ConfigurationProblem(code, "", None, None, message, variable, *place)


def _read_routes(prefix: str, text: str) -> Routes:
    """The routes of the variable that holds them."""
    places: dict[str, tuple[int, int]] = {}
    written: dict[str, str] = {}

    def told(
        code: str,
        route: str | None,
        message: str,
        index: int | None = None,
        by_key: bool = False,
    ) -> ConfigurationProblem:
        if route is None:
            return _problem(code, message, prefix + _ROUTES)
        message = f"{written[route]}: {message}"
        return _problem(code, message, prefix + _ROUTES, *places[route])

    problems = []
    leads_to: dict[str, Names] = {}
    for one in re.finditer(r"\S+", text):
        # A path may hold an equals sign, a name may not.
        route, equals, names = one[0].rpartition("=")
        route = route if equals else one[0]
        is_twice = route in written
        places[route] = line_and_column(text, one.start())
        written[route] = one[0]
        listed = tuple(names.split(","))
        is_complete = bool(equals and all(listed))
        leads_to[route] = listed[0] if len(listed) == 1 else listed
        if names == _NONE or not is_complete:
            leads_to[route] = None
        if not is_complete:
            message = "write a route and a name, like /api=public or /api=none"
            problems.append(told("invalid-choice", route, message))
        if is_twice:
            message = "this route stands here twice; leave one out"
            problems.append(told("invalid-route", route, message))
    return Routes(
        leads_to,
        told,
        problems,
        lambda message: in_variables(message, prefix, KEYWORDS),
    )
