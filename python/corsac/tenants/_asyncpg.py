"""PostgreSQL by asyncpg.

Here: `AsyncpgLink`, on an event loop in a thread of its own, since the one who calls may run in
another loop. Not here: any SQL of the store.
Spec: https://magicstack.github.io/asyncpg/current/api/index.html
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import asyncpg  # type: ignore[import-untyped]  # it has no types

from ._reader import Stopped

#: How long a connection may take to open, in seconds. Chosen by us: across the world it takes one.
_CONNECT: Final = 5.0
#: How often it is looked whether the follower stops, in seconds.
_INTERVAL: Final = 0.1

Result = TypeVar("Result")


class AsyncpgLink:
    """A `Link` of `_postgresql.py`."""

    def __init__(
        self, dsn: str, patience: float, stopping: threading.Event | None
    ) -> None:
        self._patience = patience
        self._stopping = stopping
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="corsac asyncpg", daemon=True
        )
        self._thread.start()
        self._connection: Any = None
        try:
            self._connection = self.run(self._connect(dsn))
        except BaseException:
            self.close()
            raise

    async def _connect(self, dsn: str) -> Any:
        self._woken = asyncio.Event()
        connection = await asyncpg.connect(
            dsn,
            timeout=_CONNECT,
            statement_cache_size=0,  # a pool of transactions has no prepared statements
            server_settings={"application_name": "corsac"},
        )
        connection.add_termination_listener(lambda _: self._woken.set())
        return connection

    def run(
        self, coroutine: Coroutine[Any, Any, Result], expected: float = 0.0
    ) -> Result:
        """What the coroutine gives; it is cancelled where that takes longer than is expected."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        end = time.monotonic() + expected + self._patience
        while True:
            try:
                return future.result(_INTERVAL)
            except NotYet:
                if future.done():  # it raised this itself
                    raise
            if self._stopping is not None and self._stopping.is_set():
                future.cancel()
                raise Stopped
            if time.monotonic() > end:
                future.cancel()
                raise TimeoutError(
                    f"no answer from the server for {self._patience:g} seconds"
                )

    @contextmanager
    def transact(self) -> Iterator[_Transaction]:
        transaction = self._connection.transaction(isolation="read_committed")
        self.run(transaction.start())
        try:
            yield _Transaction(self, self._connection)
        except (Stopped, TimeoutError):
            raise  # a server that does not answer is not asked again
        except Exception:
            if not self._connection.is_closed():
                self.run(transaction.rollback())
            raise
        self.run(transaction.commit())

    def listen(self, channel: str) -> None:
        self.run(self._connection.add_listener(channel, lambda *_: self._woken.set()))

    def wait(self, seconds: float) -> None:
        self.run(self._wait(seconds), seconds)

    async def _wait(self, seconds: float) -> None:
        if self._connection.is_closed():
            raise ConnectionError("the server has ended the connection")
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except asyncio.TimeoutError:
            return
        self._woken.clear()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        self._thread.join(_CONNECT)
        if not self._loop.is_running():
            self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if self._connection is not None:
            self._connection.terminate()
        await asyncio.gather(*others, return_exceptions=True)
        # A transport closes its socket in the loop's next round.
        await asyncio.sleep(0)
        self._loop.call_soon(self._loop.stop)


class _Transaction:
    """A `Connection` of `_store.py`."""

    def __init__(self, link: AsyncpgLink, connection: Any) -> None:
        self._link = link
        self._connection = connection

    def execute(self, sql: str, *arguments: str) -> int:
        status: str = self._link.run(self._connection.execute(sql, *arguments))
        count = status.rpartition(" ")[2]  # "INSERT 0 1", "DELETE 2", "CREATE TABLE"
        return int(count) if count.isdigit() else -1

    def fetch(self, sql: str, *arguments: str) -> Iterable[tuple[Any, ...]]:
        rows: list[Any] = self._link.run(self._connection.fetch(sql, *arguments))
        return map(tuple, rows)
