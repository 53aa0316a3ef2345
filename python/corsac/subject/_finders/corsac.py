"""corsac's own middlewares, and the applications that its `install` changed.

Here: sources of native middlewares, and those that an adapter's closure keeps.
Not here: marks of views (`flask.py`), the setting `CORSAC` (`django.py`), what is in a source
(`_apart.py`).
Spec: https://docs.python.org/3/reference/datamodel.html#function.__closure__
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..._core import ASGIMiddleware, WSGIMiddleware
from .._apart import HELD, take_apart
from .._subject import FoundPolicy
from . import Found, Part, closure_of, is_loaded

#: Where an adapter puts itself: a class, and what it replaced in the object.
_INSTALLED: Final = (
    ("starlette.applications", "Starlette", "build_middleware_stack"),
    ("tornado.web", "Application", "find_handler"),
    ("aiohttp.web", "Application", "router.resolve"),
    ("pyramid.router", "Router", "execution_policy"),
    ("django.core.handlers.base", "BaseHandler", "get_response"),
    ("django.core.handlers.base", "BaseHandler", "get_response_async"),
)
#: Under which names an adapter's closure keeps what people gave it.
_KEPT: Final = ("source", "policy")


def find(part: Part) -> Iterator[Found]:
    thing = part.thing
    if isinstance(thing, (ASGIMiddleware, WSGIMiddleware)):
        name = type(thing).__name__
        source = getattr(thing, "policy", None)
        if source is not None:
            yield from _found(part, source, "CORS" if name[0] == "_" else name)
        yield part.inner(thing.app, ".app")
        return
    if is_loaded(thing, "sanic", "Sanic"):
        for kind in getattr(thing.request_class, "__mro__", ()):
            if (source := vars(kind).get("corsac_policy")) is not None:
                yield from _found(part, source, "install")
    for module, kind, path in _INSTALLED:
        if is_loaded(thing, module, kind):
            for source in _sources_in(_follow(thing, path)):
                yield from _found(part, source, "install")


def _found(part: Part, source: Any, what: str) -> Iterator[FoundPolicy | str]:
    about = FoundPolicy(
        library="corsac",
        name=part.name,
        sentence=f"corsac's {what} around {part.name}",
        prefix=part.prefix,
    )
    return take_apart(source, about)


def _follow(thing: Any, path: str) -> Any:
    for name in path.split("."):
        thing = getattr(thing, name, None)
    return thing


def _sources_in(place: Any) -> Iterator[Any]:
    """The sources of what an adapter put there, the outermost first."""
    seen = 0
    # As many as have wrapped each other; an application has one or two.
    while place is not None and seen < 8:
        seen += 1
        variables = closure_of(place)
        source = _source_of(place, variables)
        if source is not None:
            yield source
        inner = (variables.get(name) for name in ("build", "route", "execute"))
        place = next((one for one in inner if one is not None), None)


def _source_of(place: Any, variables: dict[str, Any]) -> Any:
    said = getattr(place, "policy", None)
    if said is not None:
        return said
    kept = [variables.get(name) for name in _KEPT]
    kept += [getattr(one, "policy", None) for one in variables.values()]
    held = [one for one in [*kept, *variables.values()] if isinstance(one, HELD)]
    return next((one for one in [*held, *kept] if one is not None), None)
