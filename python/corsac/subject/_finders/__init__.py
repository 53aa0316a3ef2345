"""One file for each library: what its objects are like, and where its options are.

Here: `Part`, what all of them share. Not here: what options mean (`corsac.compat`).
Each asks `sys.modules` whether the library is there at all, and imports nothing of it.
Spec: https://docs.python.org/3/library/sys.html#sys.modules
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .._subject import FoundPolicy


@dataclass(frozen=True)
class Part:
    """A part of an application: the object, the path that it is mounted at, and what it is called."""

    thing: Any
    prefix: str = ""
    name: str = "app"

    def inner(self, thing: object, name: str, prefix: str = "") -> Part:
        return replace(
            self,
            thing=thing,
            prefix=self.prefix + prefix,
            name=f"{self.name}{name}",
        )


#: What is found in a part: policies, parts inside, and sentences about what was not looked at.
Found = FoundPolicy | Part | str
Finder = Callable[[Part], Iterator[Found]]


def loaded(module: str, name: str) -> type[Any] | None:
    """A class of a module, where something has imported that."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind if isinstance(kind, type) else None


def is_loaded(thing: object, module: str, name: str) -> bool:
    """Whether the thing is of a class, which is nobody's where its module is not imported."""
    kind = loaded(module, name)
    return kind is not None and isinstance(thing, kind)


def closure_of(function: object) -> dict[str, Any]:
    """The variables that a function, or the function of a method, has from around it."""
    function = getattr(function, "__func__", function)
    code, cells = (
        getattr(function, "__code__", None),
        getattr(function, "__closure__", None),
    )
    if code is None or not cells:
        return {}
    variables = {}
    for name, cell in zip(code.co_freevars, cells):
        try:
            variables[name] = cell.cell_contents
        except ValueError:  # not set yet
            continue
    return variables
