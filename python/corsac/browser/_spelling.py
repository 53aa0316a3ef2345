"""How WebKit orders and spells a script's headers.

Here: `spelled_by_webkit`. Not here: which headers are refused (`_preflight.py`).
Spec: https://fetch.spec.whatwg.org/#concept-header-list
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from ._wire import Lines

#: The names that WebKit keeps in a table: it spells them so and looks at them before all others.
_KNOWN: Final = {
    name.lower(): name
    for name in (
        "Accept",
        "Accept-Language",
        "Accept-Ranges",
        "Age",
        "Authorization",
        "Cache-Control",
        "Content-Disposition",
        "Content-Encoding",
        "Content-Language",
        "Content-Location",
        "Content-Range",
        "Content-Type",
        "ETag",
        "Expires",
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
        "If-Range",
        "If-Unmodified-Since",
        "Last-Event-ID",
        "Last-Modified",
        "Link",
        "Location",
        "Ping-From",
        "Ping-To",
        "Pragma",
        "Purpose",
        "Range",
        "Refresh",
        "Server",
        "User-Agent",
        "Vary",
        "X-Frame-Options",
        "X-XSS-Protection",
    )
}


def spelled_by_webkit(refused: Collection[str], headers: Lines) -> str:
    """The first of the refused names, in WebKit's order and spelling.

    Deviation: others take the first in the alphabet, in lower case.
    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """
    order = [name for name, _ in headers if name.lower() in _KNOWN]
    order += [name for name, _ in headers if name.lower() not in _KNOWN]
    # A body's own Content-Type comes last of those in the table, and the script wrote none of it.
    name = next((name for name in order if name.lower() in refused), "")
    if not name or "content-type" in refused and name.lower() not in _KNOWN:
        name = "content-type" if "content-type" in refused else next(iter(refused))
    return _KNOWN.get(name.lower(), name)
