"""python-socketio's applications, and its servers that corsac's `install` changed.

Here: the path of a server, and what lies beside it. Not here: routes of aiohttp (`aiohttp.py`).
Spec: https://python-socketio.readthedocs.io/en/stable/server.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .._apart import take_apart
from .._subject import FoundPolicy
from . import Found, Part, is_loaded


def find(part: Part) -> Iterator[Found]:
    thing = part.thing
    if is_loaded(thing, "engineio", "ASGIApp"):
        server, beside = thing.engineio_server, thing.other_asgi_app
    elif is_loaded(thing, "engineio", "WSGIApp"):
        server, beside = thing.engineio_app, thing.wsgi_app
    else:
        return
    path = thing.engineio_path
    engine = getattr(server, "eio", server)
    handler = getattr(engine, "handle_request", None)
    yield from policies_at(part, handler, None if path is None else re.escape(path))
    if beside is not None:
        yield part.inner(beside, "'s other application")


def policies_at(part: Part, handler: object, path: str | None) -> Iterator[Found]:
    """The policies that `install` put around a server's handler, at the paths of a regex."""
    source = getattr(handler, "policy", None)
    if source is not None:
        about = FoundPolicy(
            library="corsac",
            name=f"{part.name}, Socket.IO",
            sentence=f"corsac's install around Socket.IO in {part.name}",
            prefix=part.prefix,
            path=path,
        )
        yield from take_apart(source, about)
