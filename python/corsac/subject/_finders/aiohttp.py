"""aiohttp-cors, whose options are for each origin.

Here: where it keeps them, and the origins that have the same. Not here: how options become a
policy (`compat/_translate.py`), what `install` put around an application (`corsac.py`).
Spec: https://github.com/aio-libs/aiohttp-cors/blob/master/README.rst
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ..._policy import Policy
from .._making import found
from .._subject import FoundPolicy
from . import Found, Part, is_loaded
from .socketio import policies_at


def find(part: Part) -> Iterator[Found]:
    if not is_loaded(part.thing, "aiohttp.web", "Application"):
        return
    for value in part.thing.values():
        if is_loaded(value, "aiohttp_cors", "CorsConfig"):
            yield from _groups(part, value.defaults)
    for index, (prefix, inner) in enumerate(_inner_applications(part.thing)):
        yield part.inner(inner, f".subapps[{index}]", prefix)
    # Socket.IO has a route for each method, and one handler.
    handlers = {
        route.handler: str(resource.canonical)
        for resource in part.thing.router.resources()
        for route in resource
    }
    for handler, path in handlers.items():
        if getattr(handler, "policy", None) is not None:
            yield from policies_at(part, handler, re.escape(path))


def _inner_applications(app: Any) -> Iterator[tuple[str, Any]]:
    for resource in app.router.resources():
        inner = getattr(resource, "_app", None)
        if inner is not None:
            yield str(getattr(resource, "_prefix", "")), inner


def _groups(part: Part, defaults: Mapping[str, Any]) -> Iterator[FoundPolicy]:
    """A policy for each set of options; one corsac policy has one set."""
    groups: dict[Any, list[str]] = {}
    for origin, options in defaults.items():
        groups.setdefault(options, []).append(origin)
    for options, origins in groups.items():
        yield found(
            partial(_translate, origins, options),
            library="aiohttp-cors",
            name=f"{part.name}, defaults of {', '.join(origins)}",
            sentence=f"aiohttp-cors for {', '.join(origins)}",
            prefix=part.prefix,
        )


def _translate(origins: list[str], options: Any) -> Policy:
    from ...compat._differences import Differences, leave_out_wildcards
    from ...compat._translate import Settings, translate

    differences = Differences("aiohttp-cors")

    def names(value: Any) -> list[str]:
        return ["*"] if value == "*" else sorted(value or ())

    headers = names(options.allow_headers)
    policy = translate(
        differences,
        Settings(
            allow_origins="origin",
            origin_regexes="origin",
        ),
        allow_origins=leave_out_wildcards(differences, "origin", origins),
        allow_methods=names(options.allow_methods),
        allow_headers=["*", "Authorization"] if headers == ["*"] else headers,
        expose_headers=names(options.expose_headers),
        allow_credentials=options.allow_credentials,
        max_age=options.max_age,
    )
    differences.warn()
    return policy
