"""The lifespan of an ASGI application: begun before its first request, ended behind its last.

Here: `Lifespan`. Not here: requests (`_asgi.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ._asgi import VERSION
from ._loop import Event, Loop

#: Seconds for either phase. Chosen by us because none of a test takes that long.
_SECONDS: Final = 60.0


class Lifespan:
    """One lifespan, in the running loop. `state`: what it leaves for requests."""

    def __init__(self, application: Callable[..., Any], loop: Loop) -> None:
        self.state: dict[str, Any] = {}
        self._application = application
        self._loop = loop
        self._is_spawned = False
        self._was_asked = False
        self._was_told = False
        self._started = loop.event()
        self._stopping = loop.event()
        self._stopped = loop.event()
        #: What the application says of a phase that failed, by the phase.
        self._failures: dict[str, str] = {}
        self._error: Exception | None = None

    async def start(self) -> None:
        """Starts the application, once, and waits until it has started.

        # Errors: RuntimeError, where it says that it cannot start. One that knows no lifespan
        raises, says nothing, and counts as started.
        """
        if not self._is_spawned:
            self._is_spawned = True
            self._loop.spawn(self._run)
        await self._await(self._started, "startup")

    async def stop(self) -> None:
        """Ends it. # Errors: RuntimeError, where it says that this failed."""
        self._stopping.set()
        await self._await(self._stopped, "shutdown")

    async def _await(self, event: Event, phase: str) -> None:
        if not await self._loop.happens(event, _SECONDS):
            raise RuntimeError(
                f"the application's lifespan has no end of its {phase} within {_SECONDS:.0f} "
                "seconds"
            )
        if phase in self._failures:
            raise RuntimeError(
                f"the {phase} of the application failed: {self._failures[phase]}"
            ) from self._error

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": VERSION, "state": self.state}
        try:
            await self._application(scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001  # it may know no lifespan
            self._error = error
            if self._started.is_set() and not self._failures:
                reason = f"{type(error).__name__}: {error}"
                self._failures["shutdown"] = reason
        finally:
            self._started.set()
            self._stopped.set()

    async def _receive(self) -> dict[str, Any]:
        if not self._was_asked:
            self._was_asked = True
            return {"type": "lifespan.startup"}
        await self._stopping.wait()
        if self._was_told:
            await self._loop.event().wait()  # there is nothing more to come
        self._was_told = True
        return {"type": "lifespan.shutdown"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        scope, phase, result = message["type"].split(".")
        if scope != "lifespan" or result not in ("complete", "failed"):
            raise ValueError(f"{message['type']} is no message of a lifespan")
        if result == "failed":
            self._failures[phase] = message.get("message") or "it gives no reason"
        # Whoever waits wakes up a turn later, when what is raised behind a failure is known.
        (self._started if phase == "startup" else self._stopped).set()
