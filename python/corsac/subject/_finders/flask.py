"""Flask and Quart: what stands around their applications, and marks of views and blueprints.

Here: corsac's own marks, and the drop-in for flask-cors. Not here: the extension's policy for the
whole application (`corsac.py`), flask-cors (`flask_cors.py`), quart-cors (`quart_cors.py`).
Spec: https://flask.palletsprojects.com/en/stable/api/#flask.Flask.wsgi_app
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from .._apart import take_apart
from .._making import found
from .._subject import FoundPolicy
from . import Found, Part, is_loaded
from .routes import paths_of, regex_of, rules_of, sample_of, sample_of_rules


def find(part: Part) -> Iterator[Found]:
    thing = part.thing
    if is_loaded(thing, "corsac.compat.flask_cors.extension", "_Around"):
        yield from _around(part, thing)
        yield part.inner(thing._inner, "")
    if is_loaded(thing, "corsac.adapters._views", "Chooser"):
        yield part.inner(thing.inner, "")
    if is_loaded(thing, "flask.sansio.app", "App"):
        yield from _marks(part, thing)


def _around(part: Part, around: Any) -> Iterator[FoundPolicy]:
    for pattern, resource in around._paths.rows:
        yield FoundPolicy(
            library="corsac.compat",
            name=part.name,
            sentence=f"CORS for {_text(pattern)}",
            policy=resource.policy,
            prefix=part.prefix,
            path=regex_of(pattern),
            sample=sample_of(around._app, pattern, lambda view: False),
        )


def _marks(part: Part, app: Any) -> Iterator[FoundPolicy | str]:
    marks = sys.modules.get("corsac.adapters._marks")
    for name, blueprint in app.blueprints.items():
        where = f'blueprint "{name}"'
        rules = rules_of(app, blueprint=name)
        yield from _mark_of(part, blueprint, where, rules, app, marks)
    for endpoint, view in app.view_functions.items():
        where = f'view "{endpoint}"'
        rules = rules_of(app, endpoint)
        yield from _mark_of(part, view, where, rules, app, marks)


def _mark_of(
    part: Part, bearer: Any, where: str, rules: list[Any], app: Any, marks: Any
) -> Iterator[FoundPolicy | str]:
    about: dict[str, Any] = {
        "name": f"{part.name}, {where}",
        "sentence": where,
        "prefix": part.prefix,
        "path": paths_of(rules),
        "sample": sample_of_rules(rules),
    }
    if marks is not None:
        for one in marks.bearers_of_view(bearer, "GET"):
            source = marks.nearest_policy([one], None)
            if source is not None:
                yield from take_apart(source, FoundPolicy(library="corsac", **about))
    chooser: Any = getattr(bearer, "_corsac_compat", None)
    if is_loaded(chooser, "corsac.compat.flask_cors.decorator", "_ViewOptions"):
        yield found(
            lambda: chooser.resource_for(app, {}).policy,
            library="corsac.compat",
            **about,
        )
    for pattern, resource in getattr(chooser, "rows", ()):
        about |= {"path": regex_of(pattern)}
        yield FoundPolicy(library="corsac.compat", policy=resource.policy, **about)


def _text(pattern: str | re.Pattern[str]) -> str:
    return pattern.pattern if isinstance(pattern, re.Pattern) else pattern
