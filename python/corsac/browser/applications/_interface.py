"""Which interface an application speaks.

Here: `Interface` and `interface_of`, which looks at the object as servers do.
Not here: speaking it (`_wsgi.py`, `_asgi.py`). No framework is imported to find out.
Spec: https://asgi.readthedocs.io/en/latest/specs/main.html
"""

from __future__ import annotations

import inspect
from enum import Enum
from typing import Any, Final

from ..._core import ASGIMiddleware, WSGIMiddleware

#: What the standards call the arguments; it decides where their number does not.
_SCOPE: Final = "scope"
_ENVIRON: Final = ("environ", "env")


class Interface(str, Enum):
    """How a server calls an application."""

    ASGI = "asgi"
    WSGI = "wsgi"

    __str__ = str.__str__


def interface_of(application: Any) -> Interface:
    """The interface that an application speaks.

    `application`: any object of which a server could be told. Three arguments, or a coroutine
    function, are ASGI; two are WSGI.
    Raises `TypeError` for everything else, with what to give instead.
    Source: https://peps.python.org/pep-3333/#the-application-framework-side
    """
    if isinstance(application, ASGIMiddleware):
        return Interface.ASGI
    if isinstance(application, WSGIMiddleware):
        return Interface.WSGI
    shown = _shown(application)
    if not callable(application):
        raise TypeError(f"{shown} is no application: {_instead(application)}")
    if inspect.isclass(application):
        raise TypeError(f"{shown} is a class: give an instance of it")
    call = application.__call__
    if inspect.iscoroutinefunction(application) or inspect.iscoroutinefunction(call):
        return Interface.ASGI
    try:
        parameters = list(inspect.signature(application).parameters.values())
    except (TypeError, ValueError):
        raise TypeError(
            f"{shown} does not say how it is called: add interface='asgi' or interface='wsgi'"
        ) from None
    return _by_parameters(parameters, shown)


def _by_parameters(parameters: list[inspect.Parameter], shown: str) -> Interface:
    places = [
        parameter
        for parameter in parameters
        if parameter.kind
        in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    needed = [place for place in places if place.default is place.empty]
    takes_more = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    first = places[0].name if places else ""
    if len(needed) == 3 or (first == _SCOPE and len(needed) == 3 - takes_more):
        return Interface.ASGI
    if len(needed) == 2 or (first in _ENVIRON and takes_more):
        return Interface.WSGI
    if not places and takes_more:
        raise TypeError(
            f"{shown} takes any arguments: add interface='asgi' or interface='wsgi'"
        )
    if not needed:
        raise TypeError(
            f"{shown} is called without arguments: give the application that it makes, not what "
            "makes it; aiohttp's applications speak neither WSGI nor ASGI"
        )
    raise TypeError(
        f"{shown} takes {_count(len(needed))}: a WSGI application takes two (environ, "
        "start_response), an ASGI application three (scope, receive, send)"
    )


def _instead(value: object) -> str:
    if isinstance(value, str):
        return "give the object itself, not its name"
    return "give a WSGI or an ASGI application, or a corsac Policy"


def _count(number: int) -> str:
    return "one argument" if number == 1 else f"{number} arguments"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
