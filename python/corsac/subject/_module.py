"""Imports a module, and finds an object in it.

Here: the current directory on the path, errors of the module's own code, factories, near misses.
Not here: what the object is (`_read.py`).
Spec: https://docs.python.org/3/reference/import.html
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, TypeVar

from .._policy import Policy
from .._problems import PolicyError
from ._subject import Place, SubjectError

Result = TypeVar("Result")

#: What applications and policies are mostly called.
_USUAL: Final = ("app", "application", "api", "policy", "create_app", "make_app")


class PolicyInModule(Exception):
    """A policy with problems, which the module's own code makes; `place` is where."""

    def __init__(self, cause: PolicyError, place: Place | None) -> None:
        super().__init__(str(cause))
        self.cause, self.place = cause, place


def import_module(name: str) -> ModuleType:
    """The module of this name, with the current directory first on the path.

    Raises `SubjectError` where there is none, or where its code fails; `PolicyInModule` where
    that is a policy.
    """
    here = os.getcwd()
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)
    return _run(lambda: _import(name), f"importing {name}")


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name != missing and not name.startswith(f"{missing}."):
            raise  # something that the module itself imports
        raise SubjectError(
            f"there is no module {missing}; run this where {missing.partition('.')[0]} can be imported"
        ) from None


def name_in(module: ModuleType, name: str, text: str) -> object:
    """The object of this dotted name in a module; of a factory, what it makes.

    Raises `SubjectError` where there is none, or where the factory fails; `PolicyInModule` where
    that is a policy.
    """
    thing: object = module
    for part in name.split("."):
        if not part.isidentifier():
            raise SubjectError(
                f"{text!r} names no object; write {module.__name__}:name"
            )
        try:
            thing = getattr(thing, part)
        except AttributeError:
            from difflib import get_close_matches

            near = get_close_matches(part, dir(thing), n=1) or find_module(module)
            meant = f"; write {module.__name__}:{near[0]}" if near else ""
            raise SubjectError(f"there is no {part} in {text}{meant}") from None
    if not _is_factory(thing):
        return thing
    return _run(lambda: _make(thing), f"calling {text}")


def _is_factory(thing: object) -> bool:
    """Whether it is a function that can be called without arguments, which no application is."""
    if not inspect.isfunction(thing):
        return False
    return not any(
        parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        for parameter in inspect.signature(thing).parameters.values()
    )


def _make(factory: Any) -> object:
    made: object = factory()
    if inspect.iscoroutine(made):
        import asyncio

        return asyncio.run(made)
    return made


def _run(act: Callable[[], Result], doing: str) -> Result:
    """What the module's own code gives; its failures as one sentence."""
    try:
        return act()
    except (SubjectError, KeyboardInterrupt):
        raise
    except PolicyError as error:
        raise PolicyInModule(error, _place_of(error)) from None
    except BaseException as error:  # noqa: BLE001 - SystemExit too: the code is not ours
        place = _place_of(error)
        where = f" at {place.file}:{place.line}" if place else ""
        raise SubjectError(
            f"{doing} failed{where}: {_last_line(error)}; see that it works first"
        ) from None


def _last_line(error: BaseException) -> str:
    import traceback

    lines = traceback.format_exception_only(type(error), error)
    return lines[-1].strip().splitlines()[-1]


def _place_of(error: BaseException) -> Place | None:
    """The last line that ran outside of corsac and of what is installed."""
    import traceback

    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = os.path.abspath(frame.filename)
        is_ours = file.startswith(own + os.sep) or "importlib" in frame.filename
        if not is_ours and "site-packages" not in file and frame.lineno:
            relative = os.path.relpath(file)
            return Place(file if relative.startswith("..") else relative, frame.lineno)
    return None


def find_module(module: ModuleType) -> list[str]:
    """The names in a module that a person most likely means."""
    policies = [name for name, one in vars(module).items() if isinstance(one, Policy)]
    return [*(name for name in _USUAL if hasattr(module, name)), *policies]
