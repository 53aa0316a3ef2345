"""The thread that loads policies, and puts each into the place of the one before.

Here: `Reloader`. Not here: what is told (`_report.py`), where a policy comes from (`_file.py`,
`_rows.py`), what a fork and the interpreter's end do to it (`_lives.py`).
Spec: https://docs.python.org/3/library/threading.html
"""

from __future__ import annotations

import random
import threading
import time
import weakref
from collections.abc import Awaitable, Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap

from . import _lives
from ._call import Call
from ._change import Change
from ._facts import Failure, Loaded, Success
from ._report import Report
from ._words import spell_span, spell_time

if TYPE_CHECKING:
    from typing_extensions import Self

#: The wait after a first failure, in seconds; doubled with each further one, up to `every`.
#: Chosen by us: a source that restarts is back within seconds.
_FIRST_RETRY: Final = 1.0


class _Wish:
    """Somebody who waits for a load that begins after now."""

    def __init__(self) -> None:
        self._answered = threading.Event()
        self._succeeded = False

    def answer(self, succeeded: bool) -> None:
        self._succeeded = succeeded
        self._answered.set()

    def wait(self, timeout: float | None) -> bool:
        return self._answered.wait(timeout) and self._succeeded


class Reloader:
    """Keeps the policy of one handle current; `reload` makes it, and it runs at once.

    A context manager, which stops it at the end; a plain `with` is right in coroutines too.
    `last_success`: the `Success` of the last load that gave a policy, or None. `last_failure`: the
    `Failure` of the last that gave none, or None. Safe to use from every thread.
    Source: https://docs.python.org/3/library/threading.html
    """

    def __init__(
        self,
        handle: PolicyHandle,
        load: Callable[[], Loaded | Awaitable[Loaded]],
        every: float,
        patience: float,
        report: Report,
    ) -> None:
        # Only a queue of this kind may be used while the collector runs in the middle of its use.
        self._handle = weakref.ref(handle, lambda _: self._mail.put(None))
        self._load = load
        self._every = every
        self._patience = patience
        self._report = report
        self._is_stopped = False
        self._failures = 0
        self._begin()

    def _begin(self) -> None:
        """Start the thread, in a process where nothing of it runs."""
        self._mail: SimpleQueue[_Wish | None] = SimpleQueue()
        #: Held while the policy is put in its place, and while a wish is posted; never longer.
        self._lock = threading.Lock()
        self._report.renew_lock()
        self._call: Call | None = None
        self._is_over = False
        self._thread = threading.Thread(
            target=self._run, name=f"corsac.live: {self._report.source}", daemon=True
        )
        _lives.add(self)
        self._thread.start()

    @property
    def last_success(self) -> Success | None:
        return self._report.last_success

    @property
    def last_failure(self) -> Failure | None:
        return self._report.last_failure

    def load_now(self, timeout: float | None = None, *, wait: bool = True) -> bool:
        """Load without waiting for the time to come, and say whether a policy came.

        It returns when a load that began after the call has ended, or after `timeout` seconds (a
        float; None: however long that takes) with False. With `wait=False` it returns at once,
        with False; so it does where the reloader has ended, and where a hook of its own calls.
        Source: https://docs.python.org/3/library/threading.html
        """
        wish = _Wish()
        with self._lock:
            if self._is_over or self._is_stopped:
                return False
            self._mail.put(wish)
        if not wait or threading.current_thread() is self._thread:
            return False
        return wish.wait(timeout)

    def stop(self, timeout: float = 5.0) -> bool:
        """End the thread, and say whether it has ended within `timeout` seconds, a float.

        A load that is under way changes nothing any more: a coroutine is cancelled, so it should
        close what it opens in a `finally`, and any other is left to end by itself. The handle
        keeps the policy that it has.
        Source: https://docs.python.org/3/library/threading.html
        """
        self._request_stop()
        if threading.current_thread() is self._thread:
            return False
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _request_stop(self) -> None:
        with self._lock:
            self._is_stopped = True
            call = self._call
        if call is not None:
            call.cancel()
        self._mail.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        success, failure = self.last_success, self.last_failure
        facts = [
            f"of {self._report.source}",
            f"every {spell_span(self._every)}",
            f"last success {spell_time(success.at)}" if success else "no success",
            f"last failure {spell_time(failure.at)}" if failure else "no failure",
        ]
        if self._is_over or self._is_stopped:
            facts.append("stopped")
        return f"<Reloader {', '.join(facts)}>"

    def _run(self) -> None:
        wishes: list[_Wish] = []
        try:
            while not self._is_stopped and self._handle() is not None:
                succeeded = self._load_once()
                for wish in wishes:
                    wish.answer(succeeded)
                wishes = self._wait(self._delay(succeeded))
        finally:
            with self._lock:
                self._is_over = True
            for wish in wishes + self._drain():
                wish.answer(False)
            _lives.remove(self)

    def _delay(self, succeeded: bool) -> float:
        """Seconds until the next load."""
        if succeeded:
            self._failures = 0
            return self._every * random.uniform(0.9, 1.0)
        delay = min(self._every, _FIRST_RETRY * 2.0 ** min(self._failures, 40))
        self._failures += 1
        return delay * random.uniform(0.5, 1.0)

    def _wait(self, delay: float) -> list[_Wish]:
        """Wait so many seconds, or until somebody wishes for a load or for the end."""
        try:
            wish = self._mail.get(timeout=delay)
        except Empty:
            return []
        return ([wish] if wish else []) + self._drain()

    def _drain(self) -> list[_Wish]:
        wishes: list[_Wish] = []
        while True:
            try:
                wish = self._mail.get_nowait()
            except Empty:
                return wishes
            if wish is not None:
                wishes.append(wish)

    def _load_once(self) -> bool:
        """Load, and put the policy in its place; whether there was one."""
        began = time.monotonic()
        call = Call(self._load)
        with self._lock:
            if self._is_stopped:
                return False
            self._call = call
        watch = threading.Timer(self._patience, self._tell_slow, [began])
        watch.daemon = True
        try:
            watch.start()
            choice = _read_choice(call.run())
            change = self._replace(choice)
        except BaseException as error:  # noqa: BLE001 sys.exit() in a load is a failure too
            watch.cancel()  # before the failure is told, which may take long
            if not self._is_stopped:
                self._report.tell_failure(error, began)
            return False
        finally:
            watch.cancel()
            self._call = None
        if not self._is_stopped:
            self._report.tell_success(change, call.warnings, began, self._patience)
        return True

    def _tell_slow(self, began: float) -> None:
        if not self._is_stopped:
            self._report.tell_slow(began)

    def _replace(self, choice: Loaded) -> Change | None:
        """What changed by putting this policy in the place of the handle's; None: nothing."""
        handle = self._handle()
        if handle is None or choice is (old := handle.policy) or choice == old:
            return None
        with self._lock:
            if self._is_stopped:
                return None
            handle.replace(choice)
        return Change(old, choice)


def _read_choice(value: object) -> Loaded:
    if isinstance(value, (Policy, PolicyMap, OriginPolicies)):
        return value
    shown = "None" if value is None else f"a {type(value).__name__}"
    raise TypeError(
        f"the load gave {shown}; return a Policy, a PolicyMap or OriginPolicies"
    )
