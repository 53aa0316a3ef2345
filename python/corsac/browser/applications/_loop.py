"""The event loops under which an ASGI application runs: asyncio's, or trio's where that runs.

Here: events, background tasks, threads, and a run with an end. Not here: ASGI.
Each library is imported when its loop is used.
Spec: https://docs.python.org/3/library/asyncio-task.html
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

if TYPE_CHECKING:
    import asyncio

Result = TypeVar("Result")
#: Seconds for which what is no longer waited for may tidy up. Chosen by us because a test waits.
_GRACE: Final = 1.0


class Event(Protocol):
    """Something that happens once."""

    def set(self) -> object: ...
    def is_set(self) -> bool: ...
    async def wait(self) -> object: ...


class Loop(Protocol):
    """What is asked of an event loop."""

    def event(self) -> Event: ...

    def spawn(self, function: Callable[[], Awaitable[None]]) -> None:
        """Runs it in the background. Precondition: it raises no `Exception`."""

    async def run(
        self, function: Callable[[], Awaitable[None]], enough: Event, seconds: float
    ) -> None:
        """Runs it until it ends; longer than `seconds`, or once there is `enough`, it is ended.

        Precondition: it raises no `Exception`.
        """

    async def happens(self, event: Event, seconds: float) -> bool:
        """Waits for an event; False where it does not happen in time."""

    async def in_thread(self, function: Callable[[], Result]) -> Result:
        """What a blocking function returns or raises."""


def current_loop() -> Loop:
    """The loop in which this coroutine runs."""
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        return _TrioLoop()
    return _AsyncioLoop()


class _AsyncioLoop:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[Any]] = set()

    def event(self) -> Event:
        import asyncio

        return asyncio.Event()

    def spawn(self, function: Callable[[], Awaitable[None]]) -> None:
        import asyncio

        task = asyncio.ensure_future(function())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(
        self, function: Callable[[], Awaitable[None]], enough: Event, seconds: float
    ) -> None:
        import asyncio

        task = asyncio.ensure_future(function())
        waiting = asyncio.ensure_future(enough.wait())
        both = {task, waiting}
        try:
            await asyncio.wait(
                both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if not task.done():
                await asyncio.wait({task}, timeout=_GRACE)
        finally:
            for each in both:
                each.cancel()
            await asyncio.wait(both, timeout=_GRACE)

    async def happens(self, event: Event, seconds: float) -> bool:
        import asyncio

        waiting = asyncio.ensure_future(event.wait())
        await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()
        return event.is_set()

    async def in_thread(self, function: Callable[[], Result]) -> Result:
        import asyncio

        return await asyncio.to_thread(function)


class _TrioLoop:
    def event(self) -> Event:
        import trio

        return trio.Event()

    def spawn(self, function: Callable[[], Awaitable[None]]) -> None:
        import trio

        trio.lowlevel.spawn_system_task(function)

    async def run(
        self, function: Callable[[], Awaitable[None]], enough: Event, seconds: float
    ) -> None:
        import trio

        ended = trio.Event()

        async def whole() -> None:
            await function()
            ended.set()
            enough.set()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(whole)
            with trio.move_on_after(seconds):
                await enough.wait()
            with trio.move_on_after(_GRACE):
                await ended.wait()
            nursery.cancel_scope.cancel()

    async def happens(self, event: Event, seconds: float) -> bool:
        import trio

        with trio.move_on_after(seconds):
            await event.wait()
        return event.is_set()

    async def in_thread(self, function: Callable[[], Result]) -> Result:
        import trio

        return await trio.to_thread.run_sync(function)
