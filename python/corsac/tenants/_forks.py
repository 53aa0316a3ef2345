"""What happens before and after a fork, for servers that load the application and then fork.

Here: the hooks of the process. Not here: what each object does then (`_policies.py`).
Spec: https://docs.python.org/3/library/os.html#os.register_at_fork
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ._policies import TenantPolicies

_watched: Final[weakref.WeakSet[TenantPolicies]] = weakref.WeakSet()


def watch_forks(policies: TenantPolicies) -> None:
    """Tell an object of each fork, for as long as it lives."""
    _watched.add(policies)


class _Fork(threading.local):
    """The fork of this thread that is under way."""

    def __init__(self) -> None:
        self.watched: list[TenantPolicies] = []
        self.ends: list[Callable[[], None]] = []


_fork: Final = _Fork()


def _before() -> None:
    _fork.watched = list(_watched)
    _fork.ends = [policies._before_fork() for policies in _fork.watched]


def _after_in_parent() -> None:
    for end in _fork.ends:
        end()
    _fork.watched, _fork.ends = [], []


def _after_in_child() -> None:
    for policies in _fork.watched:
        policies._after_fork_in_child()
    _fork.watched, _fork.ends = [], []


# Windows has no forks.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before,
        after_in_parent=_after_in_parent,
        after_in_child=_after_in_child,
    )
