"""quart-cors: `cors` for applications and blueprints, `route_cors` for views.

Here: its names and defaults, and where it keeps options. Not here: how options become a policy
(`compat/_translate.py`).
Spec: https://github.com/pgjones/quart-cors/blob/main/README.rst
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from ..._policy import Policy
from .._making import found
from .._subject import FoundPolicy
from . import Found, Part, closure_of, is_loaded
from .routes import paths_of, rules_of, sample_of_rules

_LIBRARY: Final = "quart-cors"
#: The defaults of its options.
_DEFAULTS: Final[Mapping[str, Any]] = {
    "allow_credentials": False,
    "allow_headers": ["*"],
    "allow_methods": ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"],
    "allow_origin": ["*"],
    "expose_headers": [],
    "max_age": None,
}


def find(part: Part) -> Iterator[Found]:
    app = part.thing
    if not is_loaded(app, "quart", "Quart"):
        return
    for blueprint, functions in app.after_request_funcs.items():
        for function in functions:
            if isinstance(function, partial) and _is_of_library(function.func):
                rules = [
                    rule
                    for rule in rules_of(app, blueprint=blueprint or "")
                    if not _is_of_library(app.view_functions.get(rule.endpoint))
                ]
                where = f'blueprint "{blueprint}"' if blueprint else part.name
                path = paths_of(rules) if blueprint else None
                yield _found(part, app, function.keywords, where, path, rules)
    for endpoint, view in app.view_functions.items():
        if _is_of_library(view) and "allow_origin" in closure_of(view):
            rules = rules_of(app, endpoint)
            where = f'view "{endpoint}"'
            yield _found(part, app, closure_of(view), where, paths_of(rules), rules)


def _found(
    part: Part,
    app: Any,
    options: Mapping[str, Any],
    where: str,
    path: str | None,
    rules: list[Any],
) -> FoundPolicy:
    return found(
        lambda: _translate(app, options),
        library=_LIBRARY,
        name=where,
        sentence=f"quart-cors for {where}",
        prefix=part.prefix,
        path=path,
        sample=sample_of_rules(rules),
    )


def _is_of_library(function: Any) -> bool:
    module = getattr(function, "__globals__", {}).get("__name__", "")
    return str(module) == "quart_cors"


def _translate(app: Any, given: Mapping[str, Any]) -> Policy:
    from ...compat._differences import Differences, leave_out_wildcards
    from ...compat._regexes import origins_of, read_regex
    from ...compat._translate import Settings, translate

    def option(name: str) -> Any:
        value = given.get(name)
        if value is None or (name == "allow_credentials" and not value):
            return app.config.get(f"QUART_CORS_{name.upper()}", _DEFAULTS[name])
        return value

    differences = Differences("quart-cors")
    listed = _list(option("allow_origin"))
    origins = leave_out_wildcards(
        differences,
        "allow_origin",
        [one for one in listed if not isinstance(one, re.Pattern)],
    )
    for one in listed:
        if isinstance(one, re.Pattern):
            origins += origins_of(read_regex("allow_origin", one))
    headers = _names(option("allow_headers"))
    policy = translate(
        differences,
        Settings(
            allow_origins="allow_origin",
            origin_regexes="allow_origin",
        ),
        allow_origins=origins,
        allow_methods=_names(option("allow_methods")),
        # It repeats whatever was asked for, Authorization too.
        allow_headers=["*", "Authorization"] if "*" in headers else headers,
        expose_headers=_names(option("expose_headers")),
        allow_credentials=option("allow_credentials"),
        max_age=option("max_age"),
    )
    differences.warn()
    return policy


def _list(value: Any) -> list[Any]:
    """One value, or an iterable of them, in one order for every process."""
    if isinstance(value, (str, re.Pattern)) or not isinstance(value, Iterable):
        return [value]
    is_set = isinstance(value, (set, frozenset))
    return sorted(value, key=str) if is_set else list(value)


def _names(value: Any) -> list[Any]:
    return [name for name in _list(value) if name]
