"""What is told of loads, and when: each thing once.

Here: `Report`, which writes the log, calls the user's hooks and keeps the last facts.
Not here: loading (`_reloader.py`), the words (`_words.py`, `_change.py`).
Spec: https://docs.python.org/3/library/logging.html
"""

from __future__ import annotations

import logging
import re
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from corsac import PolicyError

from ._change import Change
from ._facts import Failure, Success
from ._words import bound, cut, now, spell_error, spell_span, spell_time

#: The most different failures that are told until a load succeeds. Chosen by us because a source
#: that fails in ever new words would fill the log with every load.
_FAILURES: Final = 16
#: The most problems that a `Failure` keeps. Chosen by us: nobody corrects more at a time.
_PROBLEMS: Final = 100
#: The most warnings of one policy that are told. Chosen by us: they are one a keyword or fewer.
_WARNINGS: Final = 20


class Logger(Protocol):
    """What a report needs of `logging.Logger`, and finds in structlog's loggers too."""

    def info(self, text: str, /) -> Any: ...
    def warning(self, text: str, /) -> Any: ...
    def error(self, text: str, /) -> Any: ...


class Report:
    """Tells of the loads of one `Reloader`; two of its threads may tell at a time.

    An exception of a logger or a hook is printed, and reaches no load.
    """

    def __init__(
        self,
        source: str,
        on_change: Callable[[Change], object] | None,
        on_failure: Callable[[Failure], object] | None,
        logger: Logger | None,
    ) -> None:
        self.last_success: Success | None = None
        self.last_failure: Failure | None = None
        self.source = source
        self._on_change = on_change
        self._on_failure = on_failure
        self._logger: Logger = (
            logging.getLogger("corsac.live") if logger is None else logger
        )
        #: When the policy came that serves, where a load brought it.
        self._policy_from: datetime | None = None
        self.renew_lock()
        self._heal()

    def renew_lock(self) -> None:
        """Make a lock that nobody holds: after a fork, its holder may be a thread that is gone."""
        self._lock = threading.Lock()

    def _heal(self) -> None:
        self._told: set[int] = set()
        self._count = 0
        self._failing_since: float | None = None
        self._is_slow = False

    def tell_slow(self, began: float) -> None:
        """A load that began at `began`, of the monotonic clock, has not ended."""
        with self._lock:
            told, self._is_slow = self._is_slow, True
        if not told:
            self._say(
                self._logger.warning,
                f"{self.source} has been loading for {spell_span(time.monotonic() - began)}; "
                f"{self._what_stays()}",
            )

    def tell_failure(self, error: BaseException, began: float) -> None:
        """A load ended with an exception."""
        all_problems = error.problems if isinstance(error, PolicyError) else ()
        text = spell_error(error)
        failure = Failure(now(), text, all_problems[:_PROBLEMS], error)
        key = _identify(error, text)
        with self._lock:
            if self._failing_since is None:
                self._failing_since = began
            self._count += 1
            is_new = key not in self._told and len(self._told) < _FAILURES
            if is_new:
                self._told.add(key)
            is_last = is_new and len(self._told) == _FAILURES
        if is_new:
            end = "; further kinds of failures are not told" if is_last else ""
            self._say(
                self._logger.error,
                f"{self.source} gives no policy, {self._what_stays()}{end}: {text}",
            )
            if self._on_failure is not None:
                self._say(self._on_failure, failure)
        self.last_failure = replace(failure, error=None)

    def tell_success(
        self,
        change: Change | None,
        warnings: Sequence[str],
        began: float,
        patience: float,
    ) -> None:
        """A load gave a policy; `change`: None where it is equal to the one before."""
        seconds = time.monotonic() - began
        at = now()
        with self._lock:
            count, since, was_slow = self._count, self._failing_since, self._is_slow
            self._heal()
            self._is_slow = was_slow and seconds > patience
        if since is not None:
            failures = "1 failure" if count == 1 else f"{count:,} failures"
            span = spell_span(time.monotonic() - since)
            text = f"{self.source} gives a policy again, after {failures} in {span}"
            self._say(self._logger.info, text)
        elif was_slow and not self._is_slow:
            text = f"{self.source} loads fast again, in {spell_span(seconds)}"
            self._say(self._logger.info, text)
        if change is not None:
            self._policy_from = at
            self._say(self._tell_change, change)
            for warning in warnings[:_WARNINGS]:
                text = f"{self.source}: {bound(warning)}"
                self._say(self._logger.warning, text)
            if self._on_change is not None:
                self._say(self._on_change, change)
        self.last_success = Success(at, seconds, change is not None)

    def _tell_change(self, change: Change) -> None:
        self._logger.info(f"{self.source} changes the policy: {change}")

    def _what_stays(self) -> str:
        if self._policy_from is None:
            return "the policy of the start stays"
        return f"the policy of {spell_time(self._policy_from)} stays"

    def _say(self, tell: Callable[[Any], object], what: object) -> None:
        try:
            tell(what)
        except Exception:  # noqa: BLE001 it is the user's hook or logger
            traceback.print_exc()


def _identify(error: BaseException, text: str) -> int:
    """What two failures share that need not be told twice.

    Rows of a database come in any order, so a problem's place is no part of it, nor are the
    numbers of its message.
    """
    if isinstance(error, PolicyError):
        problems = (
            (
                problem.code,
                problem.field,
                _show(problem.value),
                re.sub(r"[0-9]+", "", problem.message),
            )
            for problem in error.problems
        )
        return hash(frozenset(problems))
    return hash((type(error), text))


def _show(value: object) -> str:
    try:
        return cut(repr(value), 200)
    except Exception:  # noqa: BLE001 it is the __repr__ of whatever the source gave
        return type(value).__qualname__
