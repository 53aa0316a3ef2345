"""What every store of origins does, whatever the database.

Here: `OriginStore`, its writing and reading in plain SQL, and what it refuses to write.
Not here: connections, tables and triggers (`_sqlite.py`, `_postgresql.py`), following what others
write (`_follower.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from corsac import Policy

from ._reader import Reader

#: The longest name of a tenant, in characters. Chosen by us: a host name has 253.
MAX_TENANT: Final = 255
#: The longest origin that a table takes, in characters. Chosen by us: a browser sends at most 326.
MAX_ORIGIN: Final = 400


class Connection(Protocol):
    """A connection in a transaction; arguments stand at `$1`, `$2` of the SQL."""

    def execute(self, sql: str, *arguments: str) -> int:
        """Run a statement; how many rows it wrote."""

    def fetch(self, sql: str, *arguments: str) -> Iterable[tuple[Any, ...]]:
        """Run a query; its rows."""


class OriginStore(ABC):
    """Which origins each tenant of a service allows, in a database.

    `template`: a `Policy`, all of whose options hold for every tenant. Its own origins are allowed
    for every tenant too, beside those that the tenant adds; so it may not list `*`.

    Each method opens a connection of its own, so that a store can be used from any thread and any
    process, and after a fork. Triggers in the database note every change; so rows that other
    programs write by SQL, into the table `corsac_origins (tenant, origin)`, count as much.
    Errors of the database are those of its driver. In `async` code call a method by
    `asyncio.to_thread`.

    Raises `TypeError` for a template that is no `Policy`, `ValueError` for one with `*`.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(self, template: Policy) -> None:
        if not isinstance(template, Policy):
            raise TypeError(
                "write the options of every tenant as a Policy: "
                'Policy(allow_origins=["https://console.example.com"])'
            )
        if "*" in template.allow_origins:
            raise ValueError(
                'the template\'s "*" would allow every origin for every tenant; list the origins '
                'that all tenants allow, like ["https://console.example.com"]'
            )
        self.template: Final = template

    @abstractmethod
    def create(self) -> None:
        """Make the tables and triggers, where they are missing.

        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """

    @abstractmethod
    def _transact(self, *, writes: bool = True) -> AbstractContextManager[Connection]:
        """A new connection in a transaction, which ends well unless the block raises."""

    @abstractmethod
    def _open_reader(self, stopping: threading.Event) -> Reader:
        """What follows the changes, until the event is set."""

    def _lock_tenant(self, connection: Connection, tenant: str) -> None:
        """Let other writers of the same tenant wait, where a transaction alone does not."""

    def add(self, tenant: str, origin: str) -> bool:
        """Allow one more origin for a tenant; whether it is a new one.

        `tenant`: a str of 1 to 255 characters. `origin`: a str, a pattern as `Policy` takes it.
        Raises `PolicyError` for an origin that the template's rules refuse, `TypeError` and
        `ValueError` for a tenant or an origin that is no such str.
        Source: https://fetch.spec.whatwg.org/#origin-header
        """
        read_tenant(tenant)
        self._read_origins([origin])
        with self._transact() as connection:
            return _insert(connection, tenant, origin)

    def remove(self, tenant: str, origin: str) -> bool:
        """Allow an origin no longer; whether it was there.

        Source: https://fetch.spec.whatwg.org/#origin-header
        """
        read_tenant(tenant)
        with self._transact() as connection:
            return _delete(connection, tenant, origin)

    def set(self, tenant: str, origins: Iterable[str]) -> bool:
        """Allow exactly these origins for a tenant, in one transaction; whether that is a change.

        `origins`: an iterable of str; none removes the tenant. Raises as `add` does, with every
        problem at once, and then changes nothing.
        Source: https://fetch.spec.whatwg.org/#origin-header
        """
        read_tenant(tenant)
        wanted = dict.fromkeys(self._read_origins(origins))
        with self._transact() as connection:
            self._lock_tenant(connection, tenant)
            present = set(_select(connection, tenant))
            gone = [o for o in present if o not in wanted]
            new = [o for o in wanted if o not in present]
            removed = [_delete(connection, tenant, origin) for origin in gone]
            added = [_insert(connection, tenant, origin) for origin in new]
            return any(removed) or any(added)

    def remove_tenant(self, tenant: str) -> bool:
        """Forget a tenant with all its origins; whether it was there.

        Source: https://fetch.spec.whatwg.org/#origin-header
        """
        read_tenant(tenant)
        with self._transact() as connection:
            self._lock_tenant(connection, tenant)
            sql = "DELETE FROM corsac_origins WHERE tenant = $1"
            return connection.execute(sql, tenant) > 0

    def origins(self, tenant: str) -> tuple[str, ...]:
        """The origins of a tenant as the database has them, in their order by bytes.

        Source: https://fetch.spec.whatwg.org/#origin-header
        """
        read_tenant(tenant)
        with self._transact(writes=False) as connection:
            return tuple(_select(connection, tenant))

    def tenants(self) -> tuple[str, ...]:
        """The tenants that have an origin, in their order by bytes.

        Source: https://fetch.spec.whatwg.org/#origin-header
        """
        with self._transact(writes=False) as connection:
            sql = "SELECT DISTINCT tenant FROM corsac_origins ORDER BY tenant"
            return tuple(tenant for (tenant,) in connection.fetch(sql))

    def _read_origins(self, value: Iterable[str]) -> Iterable[str]:
        """What is written as origins, once the template's rules take it."""
        # A bare str goes to the template as it is, which says that it is no list.
        origins = value if isinstance(value, str) else list(value)
        for origin in origins:
            if not isinstance(origin, str):
                raise TypeError(
                    'an origin in a store is a str like "https://app.example.com", '
                    f"and not {type(origin).__name__}"
                )
        if origins or isinstance(origins, str):
            self.template.replace(allow_origins=origins)
        for origin in origins:
            if len(origin) > MAX_ORIGIN:
                raise ValueError(
                    f"an origin in a store has at most {MAX_ORIGIN} characters"
                )
        return origins

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def read_tenant(tenant: object) -> None:
    """Raises `TypeError` or `ValueError` for what is no name of a tenant."""
    if not isinstance(tenant, str):
        raise TypeError(f"a tenant is a str, and not {type(tenant).__name__}")
    if not 1 <= len(tenant) <= MAX_TENANT or not tenant.isprintable():
        raise ValueError(
            f"a tenant is a str of 1 to {MAX_TENANT} printable characters, like "
            f'"acme"; this one is {tenant[:40]!r}'
        )


def _insert(connection: Connection, tenant: str, origin: str) -> bool:
    sql = "INSERT INTO corsac_origins (tenant, origin) VALUES ($1, $2) ON CONFLICT DO NOTHING"
    return connection.execute(sql, tenant, origin) > 0


def _delete(connection: Connection, tenant: str, origin: str) -> bool:
    sql = "DELETE FROM corsac_origins WHERE tenant = $1 AND origin = $2"
    return connection.execute(sql, tenant, origin) > 0


def _select(connection: Connection, tenant: str) -> list[str]:
    sql = "SELECT origin FROM corsac_origins WHERE tenant = $1 ORDER BY origin"
    return [origin for (origin,) in connection.fetch(sql, tenant)]
