"""A browser, as far as it decides what a page reads.

Here: pages, when a preflight is sent, the CORS check, exposed headers.
Not here: who answers.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

#: Of the response's own headers, those that the page reads; None: nothing at all.
Reading = frozenset[str] | None
BLOCKED: Reading = None

SAFELISTED_METHODS = {"GET", "HEAD", "POST"}
#: What every answer of the site has.
HEADERS = {"X-Total": "5", "X-Pages": "2"}

Answer = tuple[int, Mapping[str, str]]
Ask = Callable[[str, str, dict[str, str]], Answer]


class Page(NamedTuple):
    """A page's request: with these header names it needs a preflight."""

    origin: str = "https://app.example"
    method: str = "GET"
    path: str = "/api/things"
    headers: tuple[str, ...] = ()
    credentials: bool = False


def visit(page: Page, ask: Ask) -> Reading:
    """What the page reads. `ask` gives status and headers, whose names are in lower case.

    https://fetch.spec.whatwg.org/#http-fetch
    """
    if page.method not in SAFELISTED_METHODS or page.headers:
        asked = {"Origin": page.origin, "Access-Control-Request-Method": page.method}
        if page.headers:
            asked["Access-Control-Request-Headers"] = ",".join(page.headers)
        status, headers = ask("OPTIONS", page.path, asked)
        if not 200 <= status <= 299 or not _passes(page, headers):
            return BLOCKED
        if not _is_granted(page, headers):
            return BLOCKED
    _, headers = ask(page.method, page.path, {"Origin": page.origin})
    if not _passes(page, headers):
        return BLOCKED
    own = {name.lower() for name in HEADERS}
    exposed = _names(headers, "access-control-expose-headers")
    return frozenset(own if _is_wildcard(page, exposed) else own & set(exposed))


def _passes(page: Page, headers: Mapping[str, str]) -> bool:
    """https://fetch.spec.whatwg.org/#concept-cors-check"""
    origin = headers.get("access-control-allow-origin")
    if not page.credentials and origin == "*":
        return True
    if origin != page.origin:
        return False
    return (
        not page.credentials
        or headers.get("access-control-allow-credentials") == "true"
    )


def _is_granted(page: Page, headers: Mapping[str, str]) -> bool:
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0

    Of the headers, Authorization is covered by a wildcard, as browsers have it.
    """
    text = headers.get("access-control-allow-methods", "")
    methods = [method.strip() for method in text.split(",")]
    names = _names(headers, "access-control-allow-headers")
    is_method_granted = (
        page.method in SAFELISTED_METHODS
        or page.method in methods
        or _is_wildcard(page, methods)
    )
    return is_method_granted and (
        _is_wildcard(page, names) or set(page.headers) <= set(names)
    )


def _is_wildcard(page: Page, names: list[str]) -> bool:
    return not page.credentials and "*" in names


def _names(headers: Mapping[str, str], name: str) -> list[str]:
    return [part.strip().lower() for part in headers.get(name, "").split(",")]
