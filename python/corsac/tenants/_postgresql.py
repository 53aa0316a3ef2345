"""The origins of tenants in a PostgreSQL database.

Here: `PostgreSQLOriginStore`, and how its changes are read. Not here: what all stores do
(`_store.py`), tables and triggers (`_postgresql_tables.py`), drivers (`_psycopg.py`, `_asyncpg.py`).
Spec: https://www.postgresql.org/docs/current/sql-notify.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from importlib.util import find_spec
from typing import Any, Final, Literal, NamedTuple, Protocol

from corsac import Policy

from ._postgresql_tables import CHANNEL, create_tables
from ._reader import Reading
from ._store import Connection, OriginStore

#: How long one statement may take, in seconds, until the server itself ends it; chosen by us: all
#: rows of 50,000 tenants take less than one. Without such an end the statements of a follower that
#: comes again and again would pile up behind a lock.
_PATIENCE: Final = 10.0
#: How often a follower looks where nobody notifies it, in seconds. Chosen by us: a look takes less
#: than a millisecond, and a change is to be seen in less than a second.
_INTERVAL: Final = 0.25
_ALL: Final = "SELECT tenant, origin FROM corsac_origins ORDER BY tenant, origin"
#: Which transactions have ended, and of which run of which server.
_POSITION: Final = """SELECT txid_current_snapshot()::text,
    current_database() || ' ' || 'corsac_origins'::regclass::oid || ' ' || pg_postmaster_start_time()"""
#: What was written by transactions that had not ended at a position, and have now. Numbers of
#: transactions grow in the order of their beginnings, not of their ends; so no single number, and
#: no sequence, says what is new. Numbers from the future are those of another server, whose dump
#: this database was made of.
_CHANGED: Final = """SELECT c.tenant, o.origin FROM (
        SELECT DISTINCT tenant FROM corsac_changes
        WHERE txid >= txid_snapshot_xmin($1::text::txid_snapshot)
            AND txid < txid_snapshot_xmax(txid_current_snapshot())
            AND NOT txid_visible_in_snapshot(txid, $1::text::txid_snapshot)
    ) AS c LEFT JOIN corsac_origins AS o ON o.tenant = c.tenant
    ORDER BY c.tenant, o.origin"""
_PATIENT: Final = f"SET LOCAL statement_timeout = {round(_PATIENCE * 1000)}"

_UNDEFINED_TABLE: Final = "42P01"

Driver = Literal["psycopg", "asyncpg"]


class Link(Protocol):
    """A connection to a server, by any driver; for one thread at a time."""

    def transact(self) -> AbstractContextManager[Connection]:
        """A transaction, which ends well unless the block raises."""

    def listen(self, channel: str) -> None:
        """Take notifications of a channel."""

    def wait(self, seconds: float) -> None:
        """Until a notification has come, or that time is up, or the link is to stop."""

    def close(self) -> None:
        """End the connection; never raises."""


class PostgreSQLOriginStore(OriginStore):
    """The origins of tenants in a database of PostgreSQL 11 or later, for any number of machines.

    `dsn`: a str, `postgresql://user@host/database`; or a callable that gives it, for passwords that
    change. `template`: as `OriginStore` has it. `driver`: `"psycopg"` (3.2 or later) or
    `"asyncpg"`, which the store uses for itself alone; None takes the one that is installed,
    psycopg first. `listen`: a bool; False where no connection is one's own for long, behind
    PgBouncer's pooling of transactions, or on a standby: then a follower looks four times a second
    instead of being notified.

    The tables stand in the first schema of the `search_path`. Who follows needs SELECT on
    `corsac_origins` and `corsac_changes`; who writes needs rights on `corsac_origins` alone. A
    transaction that writes notifies others, and so cannot be prepared for a two-phase commit.

    Raises as `OriginStore`, `ValueError` for another driver, and `ImportError` where none is
    installed.
    Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
    """

    def __init__(
        self,
        dsn: str | Callable[[], str],
        template: Policy,
        *,
        driver: Driver | None = None,
        listen: bool = True,
    ) -> None:
        super().__init__(template)
        if not isinstance(dsn, str) and not callable(dsn):
            raise TypeError(
                'write the database as a str, like "postgresql://user@host/database"'
            )
        self._dsn = dsn
        self._listen = listen
        self._connect = _import(driver)

    def create(self) -> None:
        """Make the tables and triggers, where they are missing.

        Raises the driver's errors.
        Source: https://www.postgresql.org/docs/current/sql-createtrigger.html
        """
        with self._transact() as connection:
            create_tables(connection)

    @contextmanager
    def _transact(self, *, writes: bool = True) -> Iterator[Connection]:
        with closing(self._open(None)) as link, _begin(link) as connection:
            yield connection

    def _open(self, stopping: threading.Event | None) -> Link:
        dsn = self._dsn if isinstance(self._dsn, str) else self._dsn()
        # The server ends a statement first, so that nothing of it is left there.
        return self._connect(dsn, 1.5 * _PATIENCE, stopping)

    def _open_reader(self, stopping: threading.Event) -> PostgreSQLReader:
        link = self._open(stopping)
        try:
            if self._listen:
                link.listen(CHANNEL)
        except BaseException:
            link.close()
            raise
        return PostgreSQLReader(link, self._listen)

    def _lock_tenant(self, connection: Connection, tenant: str) -> None:
        sql = "SELECT pg_advisory_xact_lock(hashtext('corsac_origins'), hashtext($1))"
        list(connection.fetch(sql, tenant))


class Position(NamedTuple):
    """Which transactions had ended, and of which run of which server."""

    snapshot: str
    server: str


class PostgreSQLReader:
    """A `Reader` of a server."""

    def __init__(self, link: Link, is_notified: bool) -> None:
        # A child of a fork inherits the socket and never uses it, so there is nothing to wait for.
        self.lock = nullcontext()
        self._link = link
        self._is_notified = is_notified

    def read(self, position: Any) -> Reading:
        """As `Reader` has it.

        The position is taken before the rows: what is written between them is read again.
        """
        rows = self._read(position)
        here, is_whole = next(rows)
        return Reading(here, is_whole, rows)

    def _read(self, position: Position | None) -> Iterator[tuple[Any, Any]]:
        """The position with whether everything follows, and then what follows."""
        with _begin(self._link) as connection:
            here = Position(*next(iter(connection.fetch(_POSITION))))
            if position is None or position.server != here.server:
                yield here, True
                yield from connection.fetch(_ALL)
            else:
                yield here, False
                yield from connection.fetch(_CHANGED, position.snapshot)

    def wait(self, seconds: float) -> None:
        self._link.wait(seconds if self._is_notified else _INTERVAL)

    def close(self) -> None:
        self._link.close()

    def before_fork(self) -> Callable[[], None]:
        return lambda: None


@contextmanager
def _begin(link: Link) -> Iterator[Connection]:
    """A transaction whose statements end, and which says what to call where tables are missing."""
    try:
        with link.transact() as connection:
            connection.execute(_PATIENT)
            yield connection
    except Exception as error:
        # Both drivers' errors have the code. https://www.postgresql.org/docs/current/errcodes-appendix.html
        if getattr(error, "sqlstate", None) != _UNDEFINED_TABLE:
            raise
        text = f"{error}; call create() of its PostgreSQLOriginStore"
        raise type(error)(text) from error


def _import(
    driver: Driver | None,
) -> Callable[[str, float, threading.Event | None], Link]:
    if driver not in (None, "psycopg", "asyncpg"):
        raise ValueError(f'write driver="psycopg" or "asyncpg", not {driver!r}')
    if driver == "psycopg" or (driver is None and find_spec("psycopg")):
        from ._psycopg import PsycopgLink

        return PsycopgLink
    if driver == "asyncpg" or find_spec("asyncpg"):
        from ._asyncpg import AsyncpgLink

        return AsyncpgLink
    raise ImportError(
        "PostgreSQLOriginStore needs a driver: pip install 'psycopg[binary]', or asyncpg"
    )
