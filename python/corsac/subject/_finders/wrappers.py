"""Applications around others, of whatever library.

Here: the attributes under which they keep what is inside. Not here: what they do.
Spec: https://asgi.readthedocs.io/en/latest/specs/main.html#middleware
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from . import Found, Part

#: What people call the application inside.
_INSIDE: Final = (
    "app",
    "_app",
    "application",
    "wrapped",
    "wsgi_app",
    "asgi_app",
    "wsgi_application",
    "asgi_handler",
)


def find(part: Part) -> Iterator[Found]:
    thing = part.thing
    if isinstance(thing, partial):
        yield part.inner(thing.func, ".func")
    attributes = getattr(thing, "__dict__", {})
    for name in _INSIDE:
        inner = attributes.get(name)
        if callable(inner) and not isinstance(inner, type):
            yield part.inner(inner, f".{name}")
