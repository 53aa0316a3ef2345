"""Who hears of refused requests, away from the requests.

Here: `on_refused`, `Subscription`: a short queue and a thread for each hook. Not here: what is told
(`_refused.py`), loggers (`_logging.py`).
Spec: https://docs.python.org/3/library/threading.html
"""

from __future__ import annotations

import atexit
import contextlib
import contextvars
import inspect
import logging
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from .. import _watch
from .._watch import Refused
from ._bucket import Bucket
from ._refused import RefusedRequest, Taken, take, tell

if TYPE_CHECKING:
    from typing_extensions import Self

#: The most at once, and the most in a second. Chosen by us: so many lines nobody reads, and so
#: many requests wait in a queue, of some kilobytes each at worst.
_MOST: Final = 1000
#: The seconds for which the end of the process waits for what is not told yet. Chosen by us:
#: a logger takes far less, and what takes longer hangs.
_END: Final = 1.0

Hook = Callable[[RefusedRequest], object]
#: What waits for a hook, with the context of its request; None ends the thread.
_Queue = queue.SimpleQueue[tuple[Taken, contextvars.Context] | None]

_open: tuple[Subscription, ...] = ()
_opening = threading.Lock()


class Subscription:
    """A hook that hears of refused requests until it is closed; `with` closes it too.

    `told`: how many were handed to the hook; `suppressed`: how many were left out; both since the
    process began, as ints.
    """

    def __init__(self, hook: Hook, per_second: float, burst: int) -> None:
        self._hook = hook
        self._per_second = per_second
        self._burst = burst
        self._has_failed = False
        self._is_closed = False
        self._begin()

    def _begin(self) -> None:
        """As new, for a process that has none of its parent's threads."""
        self._bucket = Bucket(self._per_second, self._burst)
        self._queue: _Queue = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    @property
    def told(self) -> int:
        return self._bucket.told

    @property
    def suppressed(self) -> int:
        return self._bucket.left_out

    def close(self, timeout: float = _END) -> None:
        """Hears of no more requests, and waits until the hook has those that it was promised.

        `timeout`: the seconds after which it waits no longer. A closed one can be closed again.
        """
        global _open
        with _opening:
            _open = tuple(one for one in _open if one is not self)
            if not _open:
                _watch.set_refused_hook(None)
        with self._starting:
            thread, self._is_closed = self._thread, True
        self._queue.put(None)
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Subscription told={self.told} suppressed={self.suppressed}>"

    def _offer(self, refused: Refused) -> None:
        suppressed = self._bucket.take(self._queue.qsize() < self._burst)
        if suppressed is None:
            return
        context = contextvars.copy_context()
        self._queue.put((take(refused, suppressed), context))
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        # Only where there is something to tell: whoever is forked before that has no thread to lose.
        with self._starting:
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(
                    target=self._work, name="corsac-refused", daemon=True
                )
                self._thread.start()

    def _work(self) -> None:
        while (waiting := self._queue.get()) is not None:
            taken, context = waiting
            try:
                context.run(self._hook, tell(taken))
            except BaseException as error:  # noqa: BLE001  # a hook may raise anything
                self._report(error)

    def _report(self, error: BaseException) -> None:
        """Tells of the hook's first failure; the hook may be the logger that this goes to."""
        if self._has_failed:
            return
        self._has_failed = True
        message = "a hook for refused requests failed; it goes on hearing of them, and its next failures are not told"
        try:
            logging.getLogger("corsac").error(message, exc_info=error)
        except Exception:  # noqa: BLE001  # there is one place left
            with contextlib.suppress(Exception):
                print(message, file=sys.stderr)
                traceback.print_exception(error, file=sys.stderr)


def on_refused(hook: Hook, *, per_second: float = 1.0, burst: int = 10) -> Subscription:
    """Calls a hook for requests that named policies refuse, but not for all of them.

    `hook`: a function that takes a `RefusedRequest`; it runs in a thread of its own with the context
    variables of the request, so that nothing it does, raises or waits for reaches a request. Its
    first failure goes to the logger `corsac`. `burst`: an int from 1 to 1000, how many it gets at
    once; `per_second`: a float up to 1000, how many in the long run. Each process has its own. While
    the hook is busy, at most `burst` wait for it.

    Raises `TypeError` and `ValueError` for what these cannot be.
    Source: https://fetch.spec.whatwg.org/#http-requests
    """
    global _open
    if not callable(hook):
        raise TypeError(
            f"a hook is a function that takes a RefusedRequest, and not {hook!r}"
        )
    if inspect.iscoroutinefunction(hook):
        raise TypeError(
            "a hook is a plain function, which runs in a thread of its own: write one that calls "
            "asyncio.run_coroutine_threadsafe"
        )
    if isinstance(burst, bool) or not isinstance(burst, int):
        raise TypeError(f"burst is an int, and not {burst!r}")
    if not 1 <= burst <= _MOST:
        raise ValueError(f"burst is {burst}: write a number from 1 to {_MOST}")
    if isinstance(per_second, bool) or not isinstance(per_second, (int, float)):
        raise TypeError(f"per_second is a float, and not {per_second!r}")
    if not 0 < per_second <= _MOST:
        raise ValueError(
            f"per_second is {per_second}: write a number above 0 and up to {_MOST}"
        )
    subscription = Subscription(hook, per_second, burst)
    with _opening:
        _open = (*_open, subscription)
        _watch.set_refused_hook(_offer)
    return subscription


def _offer(refused: Refused) -> None:
    for subscription in _open:
        subscription._offer(refused)


def _begin_again() -> None:
    """In a process that was forked: what others were doing there will never end."""
    global _opening
    _opening = threading.Lock()
    for subscription in _open:
        subscription._begin()


@atexit.register
def _end() -> None:
    for subscription in _open:
        subscription.close()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_begin_again)
