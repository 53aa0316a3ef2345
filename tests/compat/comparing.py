"""Two servers, asked by the same pages: which pages read something else.

Here: pages of many kinds, and how a difference is named. Not here: what a browser is (`reading.py`),
who answers.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import itertools

from reading import Ask, Page, visit

ORIGINS = (
    "https://app.example",
    "https://a.app.example",
    "https://app.example:8443",
    "http://app.example",
    "http://localhost:3000",
    "https://evil.example",
    "https://app.example.evil.example",
    "https://xapp.example",
    "null",
)
METHODS = ("GET", "POST", "PUT")
HEADERS: tuple[tuple[str, ...], ...] = ((), ("x-token",), ("authorization",))


def pages(path: str) -> list[Page]:
    """One page of each kind."""
    kinds = itertools.product(ORIGINS, METHODS, HEADERS, (False, True))
    return [
        Page(origin, method, path, headers, credentials)
        for origin, method, headers, credentials in kinds
    ]


def changed(old: Ask, new: Ask, path: str = "/") -> set[str]:
    """Who reads less or more with the new server, as "origin: lost" or "origin: won POST".

    With credentials that is said before the colon; the methods are named if it is not all of
    those that were tried.
    """
    found: dict[tuple[str, bool, str], set[str]] = {}
    for page in pages(path):
        before, after = visit(page, old), visit(page, new)
        if before != after:
            is_less = after is None or (before is not None and after < before)
            key = (page.origin, page.credentials, "lost" if is_less else "won")
            found.setdefault(key, set()).add(page.method)
    return {
        f"{origin}{' with credentials' if credentials else ''}: {what}"
        + ("" if methods == set(METHODS) else f" {' '.join(sorted(methods))}")
        for (origin, credentials, what), methods in found.items()
    }
