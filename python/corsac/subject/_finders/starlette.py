"""Starlette, and FastAPI, which is one.

Here: its middleware, added or wrapped by hand, and what is mounted.
Not here: what its options mean (`compat/starlette.py`).
Spec: https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from ..._policy import Policy
from .._making import found, found_in
from .._subject import FoundPolicy
from . import Found, Part, is_loaded, loaded

#: Starlette's own that may stand outside: they let each request through.
_MAY_STAND_OUTSIDE: Final = frozenset({"GZipMiddleware", "SessionMiddleware"})


def find(part: Part) -> Iterator[Found]:
    thing = part.thing
    if is_loaded(thing, "starlette.middleware.cors", "CORSMiddleware"):
        options = _options_of(thing)
        yield found(
            lambda: _translate(options),
            library="starlette",
            name=part.name,
            sentence=f"CORSMiddleware around {part.name}",
            prefix=part.prefix,
        )
    if is_loaded(thing, "starlette.applications", "Starlette"):
        yield from _added(part, thing.user_middleware)
    yield from _routes(part, getattr(thing, "routes", None))


def _added(part: Part, middlewares: Any) -> Iterator[Found]:
    """What stands in `user_middleware`, the outermost first."""
    outside: list[str] = []
    for index, middleware in enumerate(middlewares):
        name = getattr(middleware.cls, "__name__", repr(middleware.cls))
        about = FoundPolicy(
            library="corsac",
            name=f"{part.name}.user_middleware[{index}]",
            sentence=f"{name} in {part.name}.user_middleware",
            outside=tuple(one for one in outside if one not in _MAY_STAND_OUTSIDE),
            prefix=part.prefix,
        )
        found = _read_added(middleware, about)
        if found is None:
            outside.append(name)
        else:
            yield from found


def _read_added(
    middleware: Any, about: FoundPolicy
) -> Iterator[FoundPolicy | str] | None:
    from ...adapters.asgi import CORSMiddleware

    kind: Any = middleware.cls
    arguments = getattr(middleware, "args", ())
    keywords = getattr(middleware, "kwargs", None)
    if keywords is None:  # Starlette before 0.35
        keywords = middleware.options
    if not isinstance(kind, type):
        return None
    make: Any = partial(kind, _nothing, *arguments, **keywords)
    if issubclass(kind, CORSMiddleware):
        return found_in(lambda: make().policy, about)
    theirs = loaded("starlette.middleware.cors", "CORSMiddleware")
    if theirs is not None and issubclass(kind, theirs):
        # As an object, since a subclass may have options of its own.
        about = replace(about, library="starlette")
        return found_in(lambda: _translate(_options_of(make())), about)
    return None


def _options_of(middleware: Any) -> dict[str, Any]:
    """The options that a middleware was made with, from what it keeps."""
    simple, preflight = middleware.simple_headers, middleware.preflight_headers
    # The engine spells these names; here they are keys of Starlette's own dicts.
    prefix = "Access-Control-"

    def names(lines: dict[str, str], name: str) -> list[str]:
        value = lines.get(f"{prefix}{name}", "")
        return [one.strip() for one in value.split(",") if one.strip()]

    regex: re.Pattern[str] | None = middleware.allow_origin_regex
    return {
        "allow_origins": middleware.allow_origins,
        "allow_methods": middleware.allow_methods,
        "allow_headers": ["*"]
        if middleware.allow_all_headers
        else names(preflight, "Allow-Headers"),
        "allow_credentials": f"{prefix}Allow-Credentials" in simple,
        "allow_origin_regex": regex,
        "expose_headers": names(simple, "Expose-Headers"),
        "max_age": int(preflight[f"{prefix}Max-Age"]),
    }


def _translate(options: dict[str, Any]) -> Policy:
    from ...compat.starlette import CORSMiddleware

    policy: Any = CORSMiddleware(_nothing, **options).policy
    translated: Policy = policy
    return translated


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """The application of a middleware that is only asked for its policy."""


def _routes(part: Part, routes: Any) -> Iterator[Part]:
    """What a router sends requests to: mounts with their path, and what wraps single routes."""
    if not isinstance(routes, (list, tuple)):
        return
    for index, route in enumerate(routes):
        inner = getattr(route, "app", None)
        if not callable(inner):
            continue
        is_mount = hasattr(route, "routes")
        prefix = str(getattr(route, "path", "")) if is_mount else ""
        yield part.inner(inner, f".routes[{index}].app", prefix)
