"""What a fork and the interpreter's end do to threads that load.

Here: the reloaders whose threads run; they start anew in a forked child, and end before the
interpreter. Not here: what they do (`_reloader.py`).
Spec: https://docs.python.org/3/library/os.html#os.register_at_fork
"""

from __future__ import annotations

import atexit
import os
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ._reloader import Reloader

#: Seconds that the interpreter's end waits for loads under way. Chosen by us because nobody notices
#: them, and most loads have ended by then; a thread that is left is cut off without a word.
_FAREWELL: Final = 1.0
#: Refers to them for as long as their threads run, since after a fork nothing else may.
_running: Final[dict[int, Reloader]] = {}


def add(reloader: Reloader) -> None:
    _running[id(reloader)] = reloader


def remove(reloader: Reloader) -> None:
    _running.pop(id(reloader), None)


def _begin_in_child() -> None:
    """A fork copies only the thread that forks: gunicorn's `--preload` is such a case."""
    for reloader in list(_running.values()):
        reloader._begin()


def _end_all() -> None:
    end = time.monotonic() + _FAREWELL
    reloaders = list(_running.values())
    for reloader in reloaders:
        reloader._request_stop()
    for reloader in reloaders:
        reloader.stop(max(0.0, end - time.monotonic()))


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_begin_in_child)
atexit.register(_end_all)
