"""The policy of each tenant, as adapters take it.

Here: `TenantPolicies`, which looks a tenant up without a lock. Not here: the tenants (`_tenants.py`),
following the database (`_follower.py`), forks (`_forks.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from types import EllipsisType
from typing import TYPE_CHECKING, Final, Protocol

from corsac import Policy

from ._follower import Follower
from ._forks import watch_forks
from ._store import OriginStore
from ._tenants import Entry, Tenants

if TYPE_CHECKING:
    from typing_extensions import Self

    from corsac import Request

#: How long `stop` waits for the thread, in seconds. Chosen by us: where the database hangs, it ends
#: by itself later.
_END: Final = 2.0


class _Entries(Protocol):
    """What a look-up needs of a dict."""

    def get(self, tenant: str, /) -> Entry | None: ...


class TenantPolicies:
    """A policy for each tenant of a store, which follows the store's changes while it serves.

    `store`: an `OriginStore`. `tenant_of`: a callable that takes a `corsac.Request` and gives the
    tenant, a str, or None; see `by_host`. `otherwise`: a `Policy` or None (no CORS), for requests
    of no tenant, of an unknown one, and of one without origins; `...` stands for the store's
    template, which keeps `Vary` and `enforce` for them.

    Adapters take the object itself, as a callable of the request. `start()` reads all tenants into
    memory, some 500 bytes for each with five origins, and a thread goes on with each change; the
    policy of a tenant is made when it is asked for first, and takes some more KB. No request ever
    waits for the database, and tenants that do not exist take no memory. It can be a context
    manager, and goes on in a child after a fork.

    While the database fails, the origins that were read last stay; that is told once, to the logger
    `corsac.tenants`, and so is each faulty row, which is left out.

    Raises `TypeError` for another store.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(
        self,
        store: OriginStore,
        tenant_of: Callable[[Request], str | None],
        *,
        otherwise: Policy | None | EllipsisType = ...,
    ) -> None:
        if not isinstance(store, OriginStore):
            raise TypeError(
                'write a store: SQLiteOriginStore("origins.db", Policy(...))'
            )
        if not callable(tenant_of):
            raise TypeError('write a callable: by_host("{tenant}.example.com")')
        self.store: Final = store
        self._tenant_of = tenant_of
        self._otherwise = store.template if otherwise is ... else otherwise
        self._tenants = Tenants(store.template)
        self._entries: _Entries = self._tenants.entries
        self._follower = Follower(store, self._tenants)
        watch_forks(self)
        # Once nobody has it any more, and at the interpreter's end, while a thread can still end
        # what it does.
        weakref.finalize(self, self._follower.stop, _END)

    def __call__(self, request: Request) -> Policy | None:
        """The policy of a request.

        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        return self.policy(self._tenant_of(request))

    def policy(self, tenant: str | None) -> Policy | None:
        """The policy of a tenant.

        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        entry = self._entries.get(tenant)  # type: ignore[arg-type]  # None is no tenant's name
        if entry is None:
            return self._otherwise
        return entry.policy or self._tenants.make(entry)

    @property
    def tenant_count(self) -> int:
        """How many tenants have an origin.

        Source: https://fetch.spec.whatwg.org/#origin-header
        """
        return len(self._tenants.entries)

    @property
    def is_current(self) -> bool:
        """Whether the thread runs, and the database answered when it was asked last.

        Source: https://docs.python.org/3/library/threading.html
        """
        return self._follower.is_current

    def start(self, timeout: float = 10.0) -> bool:
        """Read all tenants, and follow the store from then on; whether all were read in time.

        `timeout`: a float, in seconds. Where that is not enough, or the database fails, the thread
        tries again until it has them, and until then every request is that of an unknown tenant.
        Where it runs, nothing happens.
        Source: https://docs.python.org/3/library/threading.html
        """
        self._follower.start()
        return self._follower.wait(timeout)

    def stop(self) -> None:
        """Follow the store no longer; the policies stay as they are, and `start` goes on.

        Source: https://docs.python.org/3/library/threading.html
        """
        self._follower.stop(_END)
        self._entries = self._tenants.entries

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<TenantPolicies of {self.tenant_count:,} tenants in {self.store!r}>"

    def _before_fork(self) -> Callable[[], None]:
        return self._follower.before_fork()

    def _after_fork_in_child(self) -> None:
        if self._follower.after_fork_in_child():
            self._entries = _Asleep(self)

    def _wake(self) -> dict[str, Entry]:
        """In a child, on its first request: follow the store there too."""
        self._follower.start()
        self._entries = entries = self._tenants.entries
        return entries


class _Asleep:
    """The entries of a child that has not been asked yet, and may never be.

    In place of a question for the process in each request, which would double its time.
    """

    def __init__(self, policies: TenantPolicies) -> None:
        self._policies = policies

    def get(self, tenant: str, /) -> Entry | None:
        return self._policies._wake().get(tenant)
