"""How times, exceptions and loaders are named, each within bounds.

Here: their words. Not here: when they are told (`_report.py`), what changed (`_change.py`).
Spec: https://docs.python.org/3/library/logging.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final

from corsac import PolicyError

#: The most of a failure that is told, in characters and lines. Chosen by us because who reads more
#: than a screen of it reads the source itself.
_CHARACTERS: Final = 4_000
_LINES: Final = 25
#: Frames that stand in every load and say nothing about it.
_OURS: Final = str(Path(__file__).parent.parent)
_LOOPS: Final = str(Path(asyncio.__file__).parent)


def now() -> datetime:
    """The time here, with its offset."""
    return datetime.now().astimezone()


def spell_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def spell_span(seconds: float) -> str:
    """`0.25 s`, `30 s`, `1 h 2 min`."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def name_load(load: Callable[[], object]) -> str:
    """What a load is called in a log."""
    inner = load.func if isinstance(load, partial) else load
    name = getattr(inner, "__qualname__", None)
    return cut(name if isinstance(name, str) else str(inner), 200)


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}..."


def spell_error(error: BaseException) -> str:
    """An exception in words: what is wrong, and where it was raised, unless its text says it."""
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = f"{kind.__module__.partition('.')[0]}.{name}"
    try:
        text = str(error).rstrip()
    except Exception as broken:  # noqa: BLE001 it is the user's __str__
        text = f"(its text raises {type(broken).__name__})"
    if isinstance(error, PolicyError):
        return bound(text)
    place = _spell_place(error.__traceback__)
    return bound(f"{name}: {text}" if text else name) + place


def bound(text: str) -> str:
    """A text of many lines, with those left out counted."""
    lines = text.splitlines() or [""]
    shown = [cut(line, 500) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"  and {len(lines) - _LINES:,} more lines")
    return cut("\n".join(shown), _CHARACTERS - 300)


def _spell_place(traceback: TracebackType | None) -> str:
    places = list(_places(traceback))
    if not places:
        return ""
    ends = dict.fromkeys([cut(places[0], 120), cut(places[-1], 120)])
    return f" ({' -> '.join(ends)})"


def _places(traceback: TracebackType | None) -> Iterator[str]:
    """The user's lines, outermost first."""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not code.co_filename.startswith((_OURS, _LOOPS)):
            yield f"{code.co_filename}:{traceback.tb_lineno} in {code.co_name}"
        traceback = traceback.tb_next
