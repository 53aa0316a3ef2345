"""Keeps the tenants in memory as the database has them.

Here: `Follower`: its thread, what it does when the database fails, and what it tells of that.
Not here: how a database tells of changes (`_sqlite_reader.py`, `_postgresql.py`), rows (`_rows.py`).
Spec: https://docs.python.org/3/library/threading.html#threading.Thread
"""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from typing import Any, Final

from ._reader import Reader, Stopped
from ._rows import Rows, log
from ._store import OriginStore
from ._tenants import Tenants

#: How often the database is asked even where nothing seems to have changed, in seconds; so that a
#: connection that died in silence, or a notification that was lost, is found.
_HEARTBEAT: Final = 5.0
#: How often everything is read and compared, in seconds; so that what no trigger notes, such as a
#: backup that is put back, is found.
_WHOLE: Final = 600.0
#: The least time between two readings, in seconds, so that a thousand changes a second do not keep
#: a processor busy. These are chosen by us, as is how long the follower waits after a failure.
_PAUSE: Final = 0.02
_FIRST_DELAY: Final = 0.1
_LAST_DELAY: Final = 5.0
#: The most of an error's text that is told, in characters.
_SHOWN: Final = 1000


class Follower:
    """One thread that reads a store into `Tenants`; it can be started again after it has stopped."""

    def __init__(self, store: OriginStore, tenants: Tenants) -> None:
        self._store = store
        self._tenants = tenants
        self._rows = Rows(store.template)
        self._position: Any = None
        #: When everything is to be read again, of the monotonic clock.
        self._whole_due = 0.0
        #: Since when the database fails, of the monotonic clock; None while it does not.
        self._failing_since: float | None = None
        self._renew()

    def _renew(self) -> None:
        """Whatever belongs to a thread, anew: after a fork it is that of the parent."""
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._read_once = threading.Event()
        self._reader: Reader | None = None

    @property
    def is_current(self) -> bool:
        """Whether it follows, and the database answered when it was asked last."""
        return (
            self._thread is not None
            and self._read_once.is_set()
            and self._failing_since is None
        )

    def start(self) -> None:
        with self._lock:
            if self._thread is not None:
                return
            self._stopping = threading.Event()
            self._read_once.clear()
            self._failing_since = None
            self._thread = threading.Thread(
                target=self._run, args=(self._stopping,), name="corsac tenants"
            )
            # The interpreter does not wait for it where the database hangs.
            self._thread.daemon = True
            self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Until everything was read once, or that time is up; whether it was."""
        return self._read_once.wait(seconds)

    def stop(self, seconds: float) -> None:
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping.set()
            # The collector of garbage may run in the thread itself, and stop what nobody has.
            if thread is not threading.current_thread():
                thread.join(seconds)

    def before_fork(self) -> Callable[[], None]:
        """Prepare for a fork; what the parent calls after it."""
        reader = self._reader
        return reader.before_fork() if reader is not None else lambda: None

    def after_fork_in_child(self) -> bool:
        """Forget the thread, which stayed in the parent; whether there was one."""
        was_running = self._thread is not None
        self._renew()
        return was_running

    def _run(self, stopping: threading.Event) -> None:
        delay = _FIRST_DELAY
        while not stopping.is_set():
            try:
                with closing(self._store._open_reader(stopping)) as reader:
                    self._reader = reader
                    while not stopping.is_set():
                        self._read(reader, stopping)
                        delay = _FIRST_DELAY
                        free_at = time.monotonic() + _PAUSE
                        reader.wait(_HEARTBEAT)
                        stopping.wait(free_at - time.monotonic())
            except Stopped:
                break
            except Exception as error:  # noqa: BLE001 -- whatever it is, what was read last stays
                try:
                    self._tell_failure(error)
                except Exception:  # noqa: BLE001 -- a logger that raises must not end the thread
                    traceback.print_exc()
                # Not all at once, where many processes have lost the same server.
                stopping.wait(delay * random.uniform(0.5, 1))
                delay = min(2 * delay, _LAST_DELAY)

    def _read(self, reader: Reader, stopping: threading.Event) -> None:
        now = time.monotonic()
        with reader.lock:
            is_due = now > self._whole_due
            position, is_whole, rows = reader.read(None if is_due else self._position)
            changed = 0
            seen = set()
            for tenant, origins in self._rows.read(rows):
                if stopping.is_set():  # another thread may have been started meanwhile
                    raise Stopped
                changed += self._tenants.put(tenant, origins)
                if is_whole:
                    seen.add(tenant)
        if is_whole:
            for tenant in self._tenants.entries.keys() - seen:
                changed += self._tenants.put(tenant, ())
            self._rows.forget_others(seen)
            # Not at the same time as the other children of one process.
            self._whole_due = now + _WHOLE * random.uniform(0.75, 1.25)
        self._position = position
        self._tell_success(changed)
        self._read_once.set()

    def _tell_failure(self, error: Exception) -> None:
        if self._failing_since is not None:
            return
        text = " ".join(f"{type(error).__name__}: {error}".split())
        log.error(
            "the origins of tenants cannot be read from %r; those that were read last stay: %s",
            self._store,
            text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...",
        )
        self._failing_since = time.monotonic()

    def _tell_success(self, changed: int) -> None:
        if self._failing_since is not None:
            log.warning(
                "the origins of tenants are read from %r again, after %.3g s; changed tenants: %d",
                self._store,
                time.monotonic() - self._failing_since,
                changed,
            )
            self._failing_since = None
        elif changed:
            log.debug("changed tenants: %d", changed)
