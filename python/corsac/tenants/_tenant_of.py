"""Whose request it is: three ways to tell.

Here: the tenant by host, by path and by header. Not here: what a tenant allows (`_policies.py`).
Spec: https://www.rfc-editor.org/rfc/rfc9110#name-host-and-authority
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from corsac import Request

_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_PLACE: Final = "{tenant}"


def by_host(pattern: str) -> Callable[[Request], str | None]:
    """The tenant is a part of the host: `by_host("{tenant}.example.com")`.

    `pattern`: a str, a host in lower case without a port; `{tenant}` stands for what one label of
    it may hold, so that `a.b.example.com` belongs to nobody. What it gives takes a
    `corsac.Request`, and gives a str or None.
    Raises `ValueError` for another pattern.
    Source: https://www.rfc-editor.org/rfc/rfc9110#name-host-and-authority
    """
    before, place, after = pattern.partition(_PLACE)
    literal = re.compile(r"[a-z0-9._-]*")
    if not place or not literal.fullmatch(before) or not literal.fullmatch(after):
        raise ValueError(
            f'write a host in lower case with one {_PLACE}, like "{_PLACE}.example.com", '
            f"in place of {pattern!r}"
        )
    around = len(before) + len(after)

    def tenant_of(request: Request) -> str | None:
        host = request.host.partition(":")[0].removesuffix(".")
        if (
            len(host) > around
            and host.startswith(before)
            and host.endswith(after)
            and "." not in (label := host[len(before) : len(host) - len(after)])
        ):
            return label
        return None

    return tenant_of


def by_path(pattern: str) -> Callable[[Request], str | None]:
    """The tenant is a segment of the path: `by_path("/tenants/{tenant}")`.

    `pattern`: a str that begins with `/` and ends with the segment `{tenant}`; whatever follows
    that segment in a request's path belongs to the tenant. What it gives takes a
    `corsac.Request`, and gives a str or None.
    Raises `ValueError` for another pattern.
    Source: https://www.rfc-editor.org/rfc/rfc3986#section-3.3
    """
    before, place, after = pattern.partition(_PLACE)
    if not place or after not in ("", "/") or before[:1] != "/" or before[-1:] != "/":
        raise ValueError(
            f'write a path that begins with "/" and ends with the segment {_PLACE}, like '
            f'"/tenants/{_PLACE}", in place of {pattern!r}'
        )
    start = len(before)

    def tenant_of(request: Request) -> str | None:
        if not request.path.startswith(before):
            return None
        return request.path[start:].partition("/")[0] or None

    return tenant_of


def by_header(name: str) -> Callable[[Request], str | None]:
    """The tenant is the value of a header that a proxy sets: `by_header("X-Tenant")`.

    Not one that the page sets: a preflight carries none of a page's headers, so it would belong to
    nobody and be refused.

    `name`: a str, the header's name in any case. What it gives takes a `corsac.Request`, and gives
    a str or None; several lines are one value, joined with `, `.
    Raises `ValueError` for what is no name of a header.
    Source: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """
    if not _TOKEN.fullmatch(name):
        raise ValueError(f'write the name of a header, like "X-Tenant": {name!r}')
    key = name.lower()

    def tenant_of(request: Request) -> str | None:
        return request.headers.get(key)

    return tenant_of
