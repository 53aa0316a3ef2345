"""What a reloader says, and loads that a test directs.

Here: `Log`, `Source`, `wait_until`. Not here: any test, any real source.
Spec: https://docs.python.org/3/library/logging.html
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from corsac import Policy, PolicyHandle

#: Seconds; only so that what never comes ends the test.
DEADLINE = 60.0
#: Longer than any test: its loads are those that it asks for, and retries.
NEVER = 86_400.0
OLD = Policy(allow_origins=["https://old.example"])
NEW = Policy(allow_origins=["https://new.example"], max_age=60)


def wait_until(holds: Callable[[], object]) -> None:
    """Return as soon as something holds."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, "it never holds"
        time.sleep(0.005)


class Log(logging.Handler):
    """The lines of the log `corsac.live`, each as its level and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelname, record.getMessage()))

    def texts(self, level: str) -> list[str]:
        return [text for found, text in self.lines if found == level]


class Source:
    """A load that gives, or raises, what stands in `outcome`."""

    def __init__(self, outcome: object) -> None:
        self.outcome = outcome
        self.loads = 0

    def load(self) -> object:
        self.loads += 1
        if isinstance(self.outcome, BaseException) or (
            isinstance(self.outcome, type) and issubclass(self.outcome, BaseException)
        ):
            raise self.outcome
        return self.outcome() if callable(self.outcome) else self.outcome


def make_handle() -> PolicyHandle:
    return PolicyHandle(OLD)
