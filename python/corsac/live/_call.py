"""One call of a load, whether plain or a coroutine.

Here: `Call`, its event loop, its end from another thread, the warnings of the policies that it
makes. Not here: when it is called (`_reloader.py`).
Spec: https://docs.python.org/3/library/asyncio-runner.html
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable

from .._problems import LISTENER


class Call:
    """A load that runs once. `warnings`: the texts of the `PolicyWarning` that were given."""

    def __init__(self, load: Callable[[], object]) -> None:
        self.warnings: list[str] = []
        self._load = load
        self._is_cancelled = False
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[object]] | None = (
            None
        )

    def run(self) -> object:
        """What the load gives; raises whatever it raises."""
        # `warnings.catch_warnings` would take away the warnings of all other threads meanwhile.
        token = LISTENER.set(self.warnings.append)
        try:
            given = self._load()
            return (
                asyncio.run(self._await(given)) if inspect.isawaitable(given) else given
            )
        finally:
            LISTENER.reset(token)

    def cancel(self) -> None:
        """End a coroutine from another thread; a plain function goes on."""
        self._is_cancelled = True
        if self._running is not None:
            loop, task = self._running
            try:
                loop.call_soon_threadsafe(task.cancel)
            except RuntimeError:
                pass  # its loop has just been closed

    async def _await(self, given: Awaitable[object]) -> object:
        task = asyncio.ensure_future(given)
        self._running = asyncio.get_running_loop(), task
        if self._is_cancelled:
            task.cancel()
        return await task
