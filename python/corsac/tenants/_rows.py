"""Rows of a table, which anybody may have written, and the origins among them that count.

Here: what the template's rules refuse, told once. Not here: where rows come from (`_reader.py`),
what becomes of them (`_tenants.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from corsac import Policy, PolicyError

#: How many origins are checked at once: of so many, each takes a microsecond, and other threads
#: wait for some milliseconds at most.
_BATCH: Final = 2000
#: How many rows of one reading are told, and of how many tenants it is remembered what was told.
#: Chosen by us: nobody reads more, and a table full of garbage must not fill log and memory.
_LINES: Final = 20
_TENANTS: Final = 1000
#: The most of a value that a line shows, in characters.
_SHOWN: Final = 200

log: Final = logging.getLogger("corsac.tenants")


class Rows:
    """Sorts rows into tenants, and leaves out what is no tenant and no allowed origin."""

    def __init__(self, template: Policy) -> None:
        self._template = template
        #: The faulty rows of each tenant that were told, until they are corrected.
        self._told: dict[str, frozenset[str]] = {}

    def read(self, rows: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, list[str]]]:
        """Each tenant with its good origins, which may be none."""
        lines = _LINES
        for batch in _batches(rows):
            refused = self._find_refused([o for _, origins in batch for o in origins])
            place = 0
            for tenant, origins in batch:
                places = range(place, place + len(origins))
                place += len(origins)
                good = [o for at, o in zip(places, origins) if at not in refused]
                faults = [
                    f"origin {_spell(origin)}: {refused[at]}"
                    for at, origin in zip(places, origins)
                    if at in refused
                ]
                if not isinstance(tenant, str):
                    faults = ["a tenant is a text"]
                if faults or self._told:
                    lines = self._tell(_spell(tenant), faults[:_LINES], lines)
                if isinstance(tenant, str):
                    yield tenant, good

    def forget_others(self, tenants: Iterable[str]) -> None:
        """Forget what was told of other tenants, which have no rows any more."""
        remaining = set(map(_spell, tenants)) if self._told else set()
        for tenant in self._told.keys() - remaining:
            del self._told[tenant]

    def _find_refused(self, origins: list[Any]) -> dict[int, str]:
        """What is wrong with those that the template's rules refuse, by their places."""
        if not origins:
            return {}
        try:
            self._template.replace(allow_origins=origins)
        except PolicyError as error:
            return {
                problem.index: f"{problem.message} [{problem.code}]"
                for problem in error.problems
                if problem.index is not None
            }
        return {}

    def _tell(self, tenant: str, faults: list[str], lines: int) -> int:
        """Write a line for each fault that is new, as long as any are left; how many are left."""
        before = self._told.pop(tenant, frozenset())
        if not faults or len(self._told) >= _TENANTS:
            return lines
        self._told[tenant] = frozenset(faults)
        for fault in faults:
            if fault in before or lines == 0:
                continue
            log.warning(
                "a faulty row is left out: tenant %s, %s%s",
                tenant,
                fault,
                "; further ones are not told" if lines == 1 else "",
            )
            lines -= 1
        return lines


def _batches(
    rows: Iterable[tuple[Any, Any]],
) -> Iterator[list[tuple[Any, list[Any]]]]:
    """Whole tenants, with some thousand origins together."""
    batch: list[tuple[Any, list[Any]]] = []
    size = 0
    for tenant, of_tenant in groupby(rows, itemgetter(0)):
        # None stands for no origin, and in a column that allows it for no value either.
        origins = [origin for _, origin in of_tenant if origin is not None]
        batch.append((tenant, origins))
        size += len(origins)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _spell(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
