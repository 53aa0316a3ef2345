"""flask-cors: `CORS` for applications and blueprints, `cross_origin` for views.

Here: where it keeps its options. Not here: what they mean (`compat/flask_cors/`).
Spec: https://corydolphin.github.io/flask-cors/configuration/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any, Final

from ..._policy import Policy
from .._making import found
from .._subject import FoundPolicy
from . import Found, Part, closure_of, is_loaded
from .routes import paths_of, regex_of, rules_of, sample_of, sample_of_rules

_LIBRARY: Final = "flask-cors"


def find(part: Part) -> Iterator[Found]:
    if is_loaded(part.thing, "flask", "Flask"):
        yield from _resources(part, part.thing)
        yield from _views(part, part.thing)


def _resources(part: Part, app: Any) -> Iterator[FoundPolicy]:
    for blueprint, functions in app.after_request_funcs.items():
        for function in functions:
            resources = closure_of(function).get("resources")
            if not _is_of_library(function) or not isinstance(resources, list):
                continue
            for pattern, options in resources:
                sample = (
                    sample_of_rules(rules_of(app, blueprint=blueprint))
                    if blueprint
                    else sample_of(app, pattern, _decorated)
                )
                where = f'blueprint "{blueprint}"' if blueprint else part.name
                yield found(
                    partial(_translate_computed, options),
                    library=_LIBRARY,
                    name=where,
                    sentence=f"CORS for {getattr(pattern, 'pattern', pattern)} of {where}",
                    prefix=part.prefix,
                    path=regex_of(pattern),
                    sample=sample,
                )


def _views(part: Part, app: Any) -> Iterator[FoundPolicy]:
    for endpoint, view in app.view_functions.items():
        options = _decorated(view)
        if options is None:
            continue
        rules = rules_of(app, endpoint)
        where = f'view "{endpoint}"'
        yield found(
            partial(_translate_view, app, options),
            library=_LIBRARY,
            name=f"{part.name}, {where}",
            sentence=f"cross_origin of {where}",
            prefix=part.prefix,
            path=paths_of(rules),
            sample=sample_of_rules(rules),
        )


def _decorated(view: Any) -> Mapping[str, Any] | None:
    """The options of `cross_origin`, however many decorators stand above it."""
    while view is not None:
        options = closure_of(view).get("_options")
        if _is_of_library(view) and isinstance(options, Mapping):
            return options
        view = getattr(view, "__wrapped__", None)
    return None


def _is_of_library(function: Any) -> bool:
    """By its globals, since a decorator that wraps changes all names."""
    module = getattr(function, "__globals__", {}).get("__name__", "")
    return str(module).partition(".")[0] == "flask_cors"


def _options(computed: Any) -> dict[str, Any]:
    """The options that the library has computed, as a person writes them."""
    if is_dataclass(computed):
        options = {one.name: getattr(computed, one.name) for one in fields(computed)}
    else:  # flask-cors before 6
        options = dict(computed)
    everybody = options.pop("allow_all_origins", False)
    for name in ("origins", "allow_headers"):
        options[name] = [_text(one) for one in options.get(name) or ()]
    if everybody or ".*" in options["origins"]:
        options["origins"] = "*"
    return options


def _text(pattern: Any) -> Any:
    """A text where the library has compiled one, which it does without regard to case."""
    from ...compat.flask_cors.core import probably_regex

    if isinstance(pattern, re.Pattern):
        is_plain = pattern.flags & ~re.UNICODE == re.IGNORECASE
        return (
            pattern.pattern if is_plain and probably_regex(pattern.pattern) else pattern
        )
    return pattern


def _translate(options: dict[str, Any]) -> Policy:
    from ...compat._differences import Differences
    from ...compat.flask_cors._resource import read_resource
    from ...compat.flask_cors.core import DEFAULT_OPTIONS

    known = {name: one for name, one in options.items() if name in DEFAULT_OPTIONS}
    differences = Differences("flask_cors")
    policy = read_resource({**DEFAULT_OPTIONS, **known}, differences).policy
    differences.warn()
    return policy


def _translate_computed(computed: Any) -> Policy:
    return _translate(_options(computed))


def _translate_view(app: Any, options: Mapping[str, Any]) -> Policy:
    from ...compat.flask_cors.core import get_app_kwarg_dict

    return _translate({**get_app_kwarg_dict(app), **options})
