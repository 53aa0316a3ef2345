"""The cache of preflights.

Here: `PreflightCache`, how long an answer is remembered and what it is good for.
Not here: when it is asked and filled (`_preflight.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-cache
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final, NamedTuple

from .._listed import SAFELISTED_METHODS
from ._fetch import Browser

#: For how many seconds an answer without a duration is remembered.
#: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
DEFAULT_AGE: Final = 5
#: Beyond it Chromium's and WebKit's numbers overflow.
_LARGEST: Final = 2**63 - 1


class _Entry(NamedTuple):
    """What one name, or a method, or a whole answer, is remembered for."""

    expires: float
    credentialed: bool
    methods: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()


class PreflightCache:
    """What earlier preflights allowed, passed from fetch to fetch.

    URLs are told apart by their fragments, too. `clock`: a callable without arguments that gives the time in seconds as a number, and never
    goes back. One cache is for one browser; it knows no partitions.
    Source: https://fetch.spec.whatwg.org/#cors-preflight-cache
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._entries: dict[tuple[str, str], list[_Entry]] = {}

    def clear(self, origin: str, url: str) -> None:
        """https://fetch.spec.whatwg.org/#concept-cache-clear"""
        self._entries.pop((origin, url), None)

    def store(
        self,
        origin: str,
        url: str,
        credentialed: bool,
        methods: Iterable[str],
        headers: Iterable[str],
        age: int,
        browser: Browser | None,
    ) -> None:
        """Remembers one answer for `age` seconds.

        https://fetch.spec.whatwg.org/#concept-cache-create-entry
        """
        entry = _Entry(
            self._clock() + age,
            credentialed,
            frozenset(methods),
            frozenset(map(str.lower, headers)),
        )
        if browser in (Browser.CHROMIUM, Browser.WEBKIT):
            # Deviation: one answer for each URL; the next replaces it.
            self._entries[origin, url] = [entry]
        elif age:
            self._entries.setdefault((origin, url), []).append(entry)

    def allows(
        self,
        origin: str,
        url: str,
        credentialed: bool,
        method: str,
        headers: Iterable[str],
        browser: Browser | None,
    ) -> bool:
        """Whether a remembered answer allows this request, so that it need not be asked again.

        `headers`: the names that must be asked for, in lower case.
        https://fetch.spec.whatwg.org/#concept-cache-match
        """
        now = self._clock()
        entries = self._entries.get((origin, url), [])
        live = [entry for entry in entries if now < entry.expires]
        if browser is Browser.FIREFOX:
            return _allows_in_firefox(live, credentialed, method, headers)
        allowed = _allows(live, credentialed, method, headers, browser)
        if not allowed and browser in (Browser.CHROMIUM, Browser.WEBKIT):
            # Deviation: an answer that is looked up in vain is forgotten.
            self.clear(origin, url)
        return allowed


def _allows(
    entries: list[_Entry],
    credentialed: bool,
    method: str,
    headers: Iterable[str],
    browser: Browser | None,
) -> bool:
    """https://fetch.spec.whatwg.org/#concept-cache-match"""
    entries = [entry for entry in entries if entry.credentialed or not credentialed]
    stars = "*" if not credentialed else ""
    methods = frozenset().union(*(entry.methods for entry in entries))
    names = frozenset().union(*(entry.headers for entry in entries))
    if not entries:
        return False
    if method not in SAFELISTED_METHODS and not methods & {method, stars}:
        return False
    return all(
        name in names
        or (stars in names and (name != "authorization" or browser is not None))
        for name in headers
    )


def _allows_in_firefox(
    entries: list[_Entry], credentialed: bool, method: str, headers: Iterable[str]
) -> bool:
    """Deviation: `*` is a name like any other, HEAD must be named, and answers to requests with
    credentials count for those only.

    https://fetch.spec.whatwg.org/#concept-cache-match
    """
    entries = [entry for entry in entries if entry.credentialed == credentialed]
    methods = frozenset().union(*(entry.methods for entry in entries))
    names = frozenset().union(*(entry.headers for entry in entries))
    return (
        bool(entries)
        and (method in ("GET", "POST") or method in methods)
        and names.issuperset(headers)
    )


def parse_age(value: str | None, browser: Browser | None) -> int | None:
    """The seconds that an Access-Control-Max-Age says; None where it says nothing that counts.

    https://fetch.spec.whatwg.org/#http-access-control-max-age
    """
    if not value:
        return None
    if value.isascii() and value.isdecimal():
        # More digits than a duration has are as good as these.
        age = int(value[:40])
        overflows = browser in (Browser.CHROMIUM, Browser.WEBKIT) and age > _LARGEST
        return None if overflows else age
    if browser is Browser.FIREFOX:
        # Deviation: what is no number is not remembered at all.
        return 0
    number = value[1:]
    signed = value[0] in "+-" and number.isascii() and number.isdecimal()
    if browser is not None and signed and len(number) < 40 and int(number) <= _LARGEST:
        # Deviation: a sign is read, where the standard sees no number.
        return int(number) if value[0] == "+" else 0
    return None
