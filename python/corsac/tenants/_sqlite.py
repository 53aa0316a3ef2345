"""The origins of tenants in an SQLite database.

Here: `SQLiteOriginStore`, its tables and triggers. Not here: what all stores do (`_store.py`),
following the changes (`_sqlite_reader.py`).
Spec: https://www.sqlite.org/lang_createtrigger.html
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from corsac import Policy

from ._sqlite_reader import SQLiteReader, explain, open_file
from ._store import MAX_ORIGIN, MAX_TENANT, Connection, OriginStore

#: How long a writer waits for others, in seconds. Chosen by us as SQLite's driver does.
_PATIENCE: Final = 5.0
_TABLES: Final = (
    f"""CREATE TABLE IF NOT EXISTS corsac_origins (
        tenant TEXT NOT NULL CHECK (
            typeof(tenant) = 'text' AND length(tenant) BETWEEN 1 AND {MAX_TENANT}
        ),
        origin TEXT NOT NULL CHECK (
            typeof(origin) = 'text' AND length(origin) BETWEEN 1 AND {MAX_ORIGIN}
        ),
        PRIMARY KEY (tenant, origin)
    ) WITHOUT ROWID""",
    # One row for each tenant that ever changed; AUTOINCREMENT, since a number that was that of a
    # deleted row must not come again.
    """CREATE TABLE IF NOT EXISTS corsac_changes (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        tenant TEXT NOT NULL UNIQUE
    )""",
    # A file that takes another's place may have its inode and its numbers, and never its identity.
    "CREATE TABLE IF NOT EXISTS corsac_identity (identity TEXT NOT NULL)",
    """INSERT INTO corsac_identity
        SELECT hex(randomblob(16)) WHERE NOT EXISTS (SELECT 1 FROM corsac_identity)""",
)
_EVENTS: Final = {"INSERT": ["NEW"], "DELETE": ["OLD"], "UPDATE": ["OLD", "NEW"]}


class SQLiteOriginStore(OriginStore):
    """The origins of tenants in a file of SQLite, for one machine.

    `path`: of the file, as a str or a path; `create` makes it. `template`: as `OriginStore` has it.
    The file is in WAL mode, so that nobody who reads waits for one who writes; several threads and
    processes may do both. It must not lie on a network file system.

    Raises as `OriginStore`, and `ValueError` for `":memory:"`, which no second connection sees.
    Source: https://www.sqlite.org/wal.html
    """

    def __init__(self, path: str | os.PathLike[str], template: Policy) -> None:
        super().__init__(template)
        if str(path) in ("", ":memory:"):
            raise ValueError(
                'write the path of a file, like "origins.db": every thread and process opens it '
                "by itself, and a database in memory would be another for each"
            )
        # Absolute, since a process may change its working directory while it serves.
        self.path: Final = Path(path).absolute()

    def create(self) -> None:
        """Make the file, its tables and its triggers, where they are missing.

        Raises `sqlite3.Error`.
        Source: https://www.sqlite.org/lang_createtable.html
        """
        with closing(open_file(self.path, "rwc", _PATIENCE)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in _TABLES:
                connection.execute(statement)
            for event, sides in _EVENTS.items():
                connection.execute(_spell_trigger(event, sides))
            connection.execute("COMMIT")

    @contextmanager
    def _transact(self, *, writes: bool = True) -> Iterator[Connection]:
        with (
            explain(self.path),
            closing(open_file(self.path, "rw", _PATIENCE)) as connection,
        ):
            connection.text_factory = _read_text
            connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            yield _Transaction(connection)
            connection.execute("COMMIT")

    def _open_reader(self, stopping: threading.Event) -> SQLiteReader:
        return SQLiteReader(self.path, stopping)

    def __repr__(self) -> str:
        return f"<SQLiteOriginStore {str(self.path)!r}>"


class _Transaction:
    """A `Connection` of `_store.py`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, *arguments: str) -> int:
        return self._run(sql, arguments).rowcount

    def fetch(self, sql: str, *arguments: str) -> Iterable[tuple[Any, ...]]:
        return self._run(sql, arguments)

    def _run(self, sql: str, arguments: tuple[str, ...]) -> sqlite3.Cursor:
        # `$1` is the name of a parameter to SQLite.
        named = {str(place): value for place, value in enumerate(arguments, 1)}
        return self._connection.execute(sql, named)


def _read_text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _spell_trigger(event: str, sides: list[str]) -> str:
    # Two statements, since the conflict clause of whatever statement fires the trigger, such as
    # INSERT OR IGNORE, would take the place of an ON CONFLICT here.
    # https://www.sqlite.org/lang_createtrigger.html
    steps = "".join(
        f"DELETE FROM corsac_changes WHERE tenant = {side}.tenant; "
        f"INSERT INTO corsac_changes (tenant) VALUES ({side}.tenant); "
        for side in sides
    )
    return (
        f"CREATE TRIGGER IF NOT EXISTS corsac_origins_{event.lower()} "
        f"AFTER {event} ON corsac_origins BEGIN {steps}END"
    )
