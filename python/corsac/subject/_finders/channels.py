"""Django Channels: its router by protocol, and corsac's validator around consumers.

Here: what is inside. Not here: what HTTP is answered (`corsac.py`, `django.py`).
Spec: https://channels.readthedocs.io/en/stable/topics/routing.html
"""

from __future__ import annotations

from collections.abc import Iterator

from .._apart import take_apart
from .._subject import FoundPolicy
from . import Found, Part, is_loaded

#: A regex for no path: no fetch gets an answer under it.
_NO_FETCH = "(?!)"


def find(part: Part) -> Iterator[Found]:
    thing = part.thing
    if is_loaded(thing, "channels.routing", "ProtocolTypeRouter"):
        for protocol, inner in thing.application_mapping.items():
            yield part.inner(inner, f".{protocol}")
    if is_loaded(thing, "corsac.adapters.channels", "OriginValidator"):
        about = FoundPolicy(
            library="corsac",
            name=part.name,
            sentence=f"corsac's OriginValidator around {part.name}",
            prefix=part.prefix,
            path=_NO_FETCH,
        )
        yield from take_apart(thing.policy, about)
