"""PostgreSQL by psycopg 3.

Here: `PsycopgLink`. Not here: any SQL of the store.
Spec: https://www.psycopg.org/psycopg3/docs/api/connections.html
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from ._reader import Stopped

#: How long a connection may take to open, in seconds. Chosen by us: across the world it takes one.
_CONNECT: Final = 5
#: How many rows become Python objects at a time, so that other threads get their turn.
_ROWS: Final = 1000


class _Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that waits for the server with an end.

    psycopg itself waits for as long as the connection lasts, and a server that hangs keeps it.
    """

    patience: float = 60.0
    stopping: threading.Event | None = None

    def wait(self, gen: Any, *arguments: Any, **keywords: Any) -> Any:
        return super().wait(self._end(gen), *arguments, **keywords)

    def _end(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same, which ends itself where no byte comes for too long.

        psycopg asks ten times a second, and then sends nothing, 0, into the generator.
        """
        ready = None
        end = time.monotonic() + self.patience
        while True:
            try:
                wanted = gen.send(ready)
            except StopIteration as stop:
                return stop.value
            ready = yield wanted
            if ready:
                end = time.monotonic() + self.patience
            elif self.stopping is not None and self.stopping.is_set():
                self.pgconn.finish()  # or whoever leaves a transaction would ask the server
                raise Stopped
            elif time.monotonic() > end:
                self.pgconn.finish()
                raise psycopg.OperationalError(
                    f"no answer from the server for {self.patience:g} seconds"
                )


class PsycopgLink:
    """A `Link` of `_postgresql.py`."""

    def __init__(
        self, dsn: str, patience: float, stopping: threading.Event | None
    ) -> None:
        self._connection = _Connection.connect(
            dsn,
            autocommit=True,
            connect_timeout=_CONNECT,
            cursor_factory=psycopg.RawCursor,
            fallback_application_name="corsac",
            prepare_threshold=None,  # a pool of transactions has no prepared statements
        )
        self._connection.patience = self._patience = patience
        self._connection.stopping = stopping
        self._connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED

    @contextmanager
    def transact(self) -> Iterator[_Transaction]:
        with self._connection.transaction():
            yield _Transaction(self._connection)

    def listen(self, channel: str) -> None:
        self._connection.execute(f"LISTEN {channel}")

    def wait(self, seconds: float) -> None:
        self._connection.patience = seconds + self._patience
        for _ in self._connection.notifies(timeout=seconds, stop_after=1):
            pass
        self._connection.patience = self._patience

    def close(self) -> None:
        # Not `close` of a connection in a transaction, which would ask the server first.
        self._connection.pgconn.finish()


class _Transaction:
    """A `Connection` of `_store.py`."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, *arguments: str) -> int:
        return self._connection.execute(sql, arguments or None).rowcount

    def fetch(self, sql: str, *arguments: str) -> Iterable[tuple[Any, ...]]:
        cursor = self._connection.execute(sql, arguments or None)
        while rows := cursor.fetchmany(_ROWS):
            yield from rows
