"""Follows the changes of an SQLite database.

Here: `SQLiteReader`, and how a file of SQLite is opened. Not here: tables (`_sqlite.py`).
Spec: https://www.sqlite.org/pragma.html#pragma_data_version
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from ._reader import Reading

#: How often the reader looks for changes, in seconds. Chosen by us: a look takes some microseconds,
#: and a change is to be seen in less than a second.
_INTERVAL: Final = 0.05
#: How long it waits for a database that is locked, in seconds; then that is told, and tried again.
_PATIENCE: Final = 1.0
#: How many rows are taken out of the database at a time, so that other threads get their turn.
_ROWS: Final = 1000
_POSITION: Final = """SELECT (SELECT identity FROM corsac_identity), schema_version,
    (SELECT coalesce(max(sequence), 0) FROM corsac_changes) FROM pragma_schema_version"""
_ALL: Final = "SELECT tenant, origin FROM corsac_origins ORDER BY tenant, origin"
#: In the order of the changes: sorted by tenants, SQLite would go through all of them.
_CHANGED: Final = """SELECT c.tenant, o.origin
    FROM corsac_changes AS c LEFT JOIN corsac_origins AS o ON o.tenant = c.tenant
    WHERE c.sequence > ? ORDER BY c.sequence, o.origin"""


class Position(NamedTuple):
    """Which database it was, with its tables as they were, and the number of its last change."""

    identity: str
    schema_version: int
    sequence: int


class SQLiteReader:
    """A `Reader` of a file in WAL mode."""

    def __init__(self, path: Path, stopping: threading.Event) -> None:
        self.lock: Final = threading.Lock()
        self._path = path
        self._stopping = stopping
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._version = -1

    def read(self, position: Any) -> Reading:
        """As `Reader` has it; the caller holds the lock while it takes the rows."""
        with explain(self._path):
            return self._read(position)

    def _read(self, position: Any) -> Reading:
        connection = self._open()
        self._version = _read_version(connection)
        if connection.in_transaction:  # rows of an earlier reading were left
            connection.execute("ROLLBACK")
        connection.execute("BEGIN")
        here = Position(*connection.execute(_POSITION).fetchone())
        # Numbers only grow, so a smaller one is that of a backup. A table that was dropped and made
        # again has lost its rows without a trigger.
        is_whole = position is None or position[:2] != here[:2] or position[2] > here[2]
        if is_whole:
            rows = connection.execute(_ALL)
        else:
            rows = connection.execute(_CHANGED, (position.sequence,))
        return Reading(here, is_whole, _take(connection, rows))

    def wait(self, seconds: float) -> None:
        """As `Reader` has it, by looking again and again."""
        end = time.monotonic() + seconds
        while not self._stopping.wait(_INTERVAL) and time.monotonic() < end:
            with self.lock:
                if self._connection is None or _identify(self._path) != self._file:
                    return
                if _read_version(self._connection) != self._version:
                    return

    def close(self) -> None:
        with self.lock:
            self._close()

    def before_fork(self) -> Callable[[], None]:
        """Close the file: a child that inherits it open would believe in locks that it has not.

        https://www.sqlite.org/howtocorrupt.html#_carrying_an_open_database_file_across_a_fork_
        """
        if not self.lock.acquire(timeout=2 * _PATIENCE):
            return lambda: (
                None
            )  # a disk that hangs must not keep the process from forking
        self._close()
        return self.lock.release

    def _open(self) -> sqlite3.Connection:
        """The connection to the file that has the path now."""
        file = _identify(self._path)
        if self._connection is None or file != self._file:
            self._close()
            self._connection = open_file(self._path, "rw", _PATIENCE)
            self._connection.text_factory = _read_text
            self._file = file
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_file(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    """A connection that begins no transaction by itself.

    `mode`: `rw`, where a missing file is an error, or `rwc`, which makes it. `patience`: seconds.
    """
    return sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        uri=True,
    )


@contextmanager
def explain(path: Path) -> Iterator[None]:
    """Say what to call where the tables, or the file itself, are missing."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error) and path.exists():
            raise
        text = f"{path}: {error}; call create() of its SQLiteOriginStore"
        raise sqlite3.OperationalError(text) from error


def _take(
    connection: sqlite3.Connection, rows: sqlite3.Cursor
) -> Iterator[tuple[Any, Any]]:
    while some := rows.fetchmany(_ROWS):
        yield from some
    connection.execute("ROLLBACK")


def _read_version(connection: sqlite3.Connection) -> int:
    """A number that changes with whatever another connection writes."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version


def _identify(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def _read_text(text: bytes) -> str:
    """Whatever stands in the table: what is no UTF-8 must not hide the other rows."""
    return text.decode("utf-8", "surrogateescape")
