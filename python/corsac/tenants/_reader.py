"""What a database must be able to tell of its changes.

Here: `Reader` and `Reading`, between the follower and the databases. Not here: either of them.
Spec: https://docs.python.org/3/library/typing.html#typing.Protocol
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol


class Reading(NamedTuple):
    """The origins of some tenants, or of all.

    `position`: from where the next reading goes on. `is_whole`: whether tenants that are not named
    have no origin. `rows`: pairs of a tenant and an origin, each of any type since tables can be
    written by anybody; all rows of a tenant follow each other, and None stands for no origin.
    """

    position: Any
    is_whole: bool
    rows: Iterable[tuple[Any, Any]]


class Reader(Protocol):
    """A connection that follows the changes of a database; for one thread."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while the connection is in use, so that a fork can wait for the end of that."""

    def read(self, position: Any) -> Reading:
        """Every change since a position, or everything where that is None or not known any more."""

    def wait(self, seconds: float) -> None:
        """Until something may have changed, or that time is up, or the follower stops."""

    def close(self) -> None:
        """End the connection."""

    def before_fork(self) -> Callable[[], None]:
        """Give up whatever a child must not inherit; what the parent calls to go on."""


class Stopped(Exception):
    """The follower stops, in the middle of something that waits for the database."""
