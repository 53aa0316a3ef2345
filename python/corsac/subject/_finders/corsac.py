"""corsac's own middlewares, and the applications that its `install` changed.

Here: policies of native middlewares, and those that an adapter's closure keeps.
Not here: marks of views (`flask.py`), the setting `CORSAC` (`django.py`).
Spec: https://docs.python.org/3/reference/datamodel.html#function.__closure__
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..._core import ASGIMiddleware, WSGIMiddleware
from ..._policy import Policy
from .._subject import FoundPolicy
from . import Part, closure_of, is_loaded

#: Where an adapter puts itself: a class, and what it replaced in the object.
_INSTALLED: Final = (
    ("starlette.applications", "Starlette", "build_middleware_stack"),
    ("tornado.web", "Application", "find_handler"),
    ("aiohttp.web", "Application", "router.resolve"),
    ("sanic", "Sanic", "request_class.__init__"),
    ("pyramid.router", "Router", "execution_policy"),
    ("django.core.handlers.base", "BaseHandler", "get_response"),
    ("django.core.handlers.base", "BaseHandler", "get_response_async"),
)


def find(part: Part) -> Iterator[FoundPolicy | Part]:
    thing = part.thing
    if isinstance(thing, (ASGIMiddleware, WSGIMiddleware)):
        policy = getattr(thing, "policy", None)
        if isinstance(policy, Policy):
            name = type(thing).__name__
            yield _found(part, policy, "CORS" if name[0] == "_" else name)
        yield part.inner(thing.app, ".app")
        return
    for module, kind, path in _INSTALLED:
        if is_loaded(thing, module, kind):
            place = _follow(thing, path)
            for policy in _policies_in(place):
                yield _found(part, policy, "install")


def _found(part: Part, policy: Policy, what: str) -> FoundPolicy:
    return FoundPolicy(
        library="corsac",
        name=part.name,
        sentence=f"corsac's {what} around {part.name}",
        policy=policy,
        prefix=part.prefix,
    )


def _follow(thing: Any, path: str) -> Any:
    for name in path.split("."):
        thing = getattr(thing, name, None)
    return thing


def _policies_in(place: Any) -> Iterator[Policy]:
    """The policies of what an adapter put there, the outermost first."""
    seen = 0
    # As many as have wrapped each other; an application has one or two.
    while place is not None and seen < 8:
        seen += 1
        policy = getattr(place, "policy", None)
        variables = closure_of(place)
        kept = [policy, *variables.values()]
        kept += [getattr(one, "policy", None) for one in variables.values()]
        kept += [getattr(one, "__self__", None) for one in variables.values()]
        found = next((one for one in kept if isinstance(one, Policy)), None)
        if found is not None:
            yield found
        inner = (variables.get(name) for name in ("build", "route", "execute"))
        place = next((one for one in inner if one is not None), None)
