"""Sources in plain data, as the settings of frameworks hold them.

Here: dicts of keywords, dicts of routes, and names of what is to be imported.
Not here: files and environment variables (`corsac.configuration`), which policies are wrong
(`_policy.py`), which routes are (`_policy_map.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from ._policy import Policy, PolicyKeywords
from ._policy_map import PolicyMap
from ._problems import PolicyError, Problem
from ._sources import Source, read_source

_KEYWORDS: Final = frozenset(PolicyKeywords.__annotations__)


def read_data(data: object, resolve: Callable[[str], object]) -> Source:
    """The source that a setting is, or that its data describe.

    `data`: a source; a mapping of the keywords of `Policy`, where `shadow` may be such a mapping
    too; a mapping of routes, like `"/api"`, to any of these but callables, or to None; or a str,
    which `resolve` imports.

    Raises `PolicyError` with the problems of all policies and routes, `TypeError`, which says what
    it found, for anything else, and what `resolve` raises.
    """
    if isinstance(data, str):
        data = resolve(data)
    if not isinstance(data, Mapping):
        return _read_other(data)
    problems: list[Problem] = []
    source = _read_mapping(data, resolve, problems)
    if problems:
        raise PolicyError(tuple(problems))
    assert source is not None
    return source


def _read_other(data: object) -> Source:
    # A class is a callable too, and never meant.
    if isinstance(data, type):
        raise TypeError(f"it is the class {data.__name__}")
    try:
        if data is not None:
            return read_source(cast("Source", data), {})
    except TypeError:
        pass
    raise TypeError(f"it is of type {type(data).__name__}")


def _read_mapping(
    data: Mapping[Any, Any], resolve: Callable[[str], object], problems: list[Problem]
) -> Policy | PolicyMap | None:
    """What a mapping describes, or None with its problems."""
    try:
        if not _names_routes(data):
            return _read_keywords(data, resolve)
        choices = {
            route: _read_choice(route, choice, resolve, problems)
            for route, choice in data.items()
        }
        return PolicyMap(choices)
    except PolicyError as error:
        problems += error.problems
        return None


def _names_routes(data: Mapping[Any, Any]) -> bool:
    """No keyword has a slash, a dot or a wildcard, and nearly every route has one."""
    names = [name for name in data if isinstance(name, str)]
    return not _KEYWORDS & set(names) and not all(map(str.isidentifier, names))


def _read_keywords(data: Mapping[str, Any], resolve: Callable[[str], object]) -> Policy:
    shadow = data.get("shadow")
    if isinstance(shadow, str):
        shadow = resolve(shadow)
    if isinstance(shadow, Mapping):
        shadow = _make(shadow)
    return _make(data if shadow is None else {**data, "shadow": shadow})


def _make(keywords: Mapping[str, Any]) -> Policy:
    try:
        return Policy(**keywords)
    except TypeError as error:
        # What the call names: a keyword that is unknown, or the one that is missing.
        said = str(error).removeprefix("Policy.__init__() ")
        raise TypeError(said) from None


def _read_choice(
    route: object,
    data: object,
    resolve: Callable[[str], object],
    problems: list[Problem],
) -> Any:
    """What stands behind a route; what is nothing of the kind stays, for `PolicyMap` to report."""
    if isinstance(data, str):
        data = resolve(data)
    if not isinstance(data, Mapping):
        return data
    found: list[Problem] = []
    try:
        choice = _read_mapping(data, resolve, found)
    except TypeError as error:
        raise TypeError(f"{route!r}: {error}") from None
    problems += (replace(one, field=f"{route}: {one.field}") for one in found)
    return choice
