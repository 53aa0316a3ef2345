"""Looks into an application for the policies in it, from the outside in.

Here: `find_policies`, the order of looking, and that nothing is looked at twice.
Not here: what any framework's objects are like (`_finders/`, one file each).
Spec: https://asgi.readthedocs.io/en/latest/specs/main.html#applications
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ._subject import FoundPolicy, FoundProblem

if TYPE_CHECKING:
    from ._finders import Finder, Found, Part

#: Most objects that are looked at. Chosen by us because no application has more parts, and an
#: object that makes a new one for each look would have no end.
_MOST: Final = 2000


def find_policies(application: object) -> tuple[FoundPolicy, ...]:
    """The policies of a live application, outermost first.

    `application`: any object; what is no application has none. A framework that the application
    itself has not imported is not imported. Nothing is called but what reads options, and no
    request is made.
    Source: https://asgi.readthedocs.io/en/latest/specs/main.html#applications
    """
    return look_into(application)[0]


def look_into(application: object) -> tuple[tuple[FoundPolicy, ...], tuple[str, ...]]:
    """The same, with sentences about what was not looked at."""
    seen = list(_walk(application))
    policies = tuple(one for one in seen if not isinstance(one, str))
    notes = dict.fromkeys(one for one in seen if isinstance(one, str))
    return policies, tuple(notes)


@lru_cache(maxsize=1)
def _finders() -> tuple[Finder, ...]:
    """A file for each library, those for special objects first; a lone policy needs none of them."""
    from ._finders import (
        aiohttp,
        channels,
        corsac,
        django,
        flask,
        flask_cors,
        litestar,
        quart_cors,
        socketio,
        starlette,
        wrappers,
    )

    return (
        corsac.find,
        starlette.find,
        channels.find,
        socketio.find,
        django.find,
        flask.find,
        flask_cors.find,
        quart_cors.find,
        litestar.find,
        aiohttp.find,
        wrappers.find,
    )


def _walk(application: object) -> Iterator[FoundPolicy | str]:
    from ._finders import Part

    waiting = [Part(application)]
    seen: set[int] = set()
    kept: list[object] = []  # so that no id comes twice
    while waiting and len(seen) < _MOST:
        part = waiting.pop(0)
        if id(part.thing) in seen:
            continue
        seen.add(id(part.thing))
        kept.append(part.thing)
        inner: list[Part] = []
        for find in _finders():
            for one in _look(find, part):
                if isinstance(one, Part):
                    inner.append(one)
                else:
                    yield one
        waiting = [*inner, *waiting]


def _look(find: Finder, part: Part) -> Iterator[Found]:
    try:
        yield from find(part)
    except Exception as error:  # noqa: BLE001 - an application's objects are anybody's
        library = find.__module__.rpartition(".")[2].replace("_", "-")
        text = f"{part.name} cannot be read: {type(error).__name__}: {error}"
        yield FoundPolicy(
            library=library,
            name=part.name,
            sentence=f"what {library} has in {part.name}",
            problems=(FoundProblem("unreadable-options", text),),
        )
