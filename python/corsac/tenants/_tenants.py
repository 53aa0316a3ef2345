"""All tenants with their origins, in memory, and a policy for each that was asked for.

Here: `Tenants`, which one thread changes while any number reads, without a lock.
Not here: the database (`_follower.py`), what a row must be (`_rows.py`).
Spec: https://docs.python.org/3/glossary.html#term-free-threading
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from corsac import Policy


class Entry:
    """A tenant's origins as one text, and the policy once somebody asked for it.

    It is never changed otherwise: new origins are a new entry. So a policy that a slow thread
    makes of old origins goes into the entry that nobody finds any more.
    """

    __slots__ = ("origins", "policy")

    def __init__(self, origins: str) -> None:
        self.origins = origins
        self.policy: Policy | None = None


class Tenants:
    """The entries, by the tenants' names."""

    def __init__(self, template: Policy) -> None:
        self._template = template
        self.entries: Final[dict[str, Entry]] = {}

    def make(self, entry: Entry) -> Policy:
        """The policy of an entry, which is kept; two threads may make equal ones."""
        template = self._template
        origins = [*template.allow_origins, *entry.origins.split("\n")]
        policy = template.replace(allow_origins=origins)
        entry.policy = policy
        return policy

    def put(self, tenant: str, origins: Iterable[str]) -> bool:
        """Set what a tenant allows, nothing too; whether that is a change."""
        # One text takes a third of the memory of a tuple, and nothing to compare. No origin that a
        # policy takes has a line feed.
        text = "\n".join(origins)
        entry = self.entries.get(tenant)
        if entry is None:
            if not text:
                return False
        elif not text:
            del self.entries[tenant]
            return True
        elif entry.origins == text:
            return False
        self.entries[tenant] = Entry(text)
        return True
