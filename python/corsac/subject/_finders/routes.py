"""The routes of Flask and Quart, which share their routing.

Here: for which paths a view, a blueprint or a resource speaks, and one path of each.
Not here: where policies are (`flask.py`, `flask_cors.py`, `quart_cors.py`).
Spec: https://werkzeug.palletsprojects.com/en/stable/routing/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

#: A variable, with its converter if it names one.
_VARIABLE: Final = re.compile(r"<([^>]*)>")


def rules_of(app: Any, endpoint: str = "", blueprint: str = "") -> list[Any]:
    """The routes of an application, of one endpoint, or of one blueprint."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and rule.endpoint.startswith(f"{blueprint}." if blueprint else "")
        and (not endpoint or rule.endpoint == endpoint)
    ]


def paths_of(rules: list[Any]) -> str:
    """A regex for the paths of some routes, where a variable is a segment, or of many a path."""
    regexes = sorted({_regex(str(rule.rule)) for rule in rules})
    return f"(?:{'|'.join(regexes)})$" if regexes else "(?!)"


def _regex(rule: str) -> str:
    parts = _VARIABLE.split(rule)
    for index, part in enumerate(parts):
        if index % 2 == 0:
            parts[index] = re.escape(part)
        else:
            parts[index] = ".+" if part.startswith("path") else "[^/]+"
    return "".join(parts)


def sample_of_rules(rules: list[Any]) -> str:
    """The path of one of the routes that answer GET, with something for its variables."""
    rules = [rule for rule in rules if "GET" in (rule.methods or ())]
    plain = [rule for rule in rules if not rule.arguments] or rules
    return _VARIABLE.sub("1", str(plain[0].rule)) if plain else ""


def sample_of(
    app: Any,
    pattern: str | re.Pattern[str],
    is_own: Callable[[Any], object],
) -> str:
    """The path of a route for which a resource speaks.

    `is_own`: whether a view has options of its own. So may blueprints with functions for
    responses.
    """
    regex = re.compile(regex_of(pattern))
    matching = [
        rule
        for rule in rules_of(app)
        if regex.match(sample_of_rules([rule]) or "\0")
        and rule.endpoint.rpartition(".")[0]
        not in (app.after_request_funcs.keys() - {""})
        and not is_own(app.view_functions.get(rule.endpoint))
    ]
    return sample_of_rules(matching)


def regex_of(pattern: str | re.Pattern[str]) -> str:
    """A resource's pattern as a regex for the begin of a path."""
    if isinstance(pattern, re.Pattern):
        return pattern.pattern
    return f"{re.escape(pattern)}$"
