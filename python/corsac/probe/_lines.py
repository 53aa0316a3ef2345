"""An exchange as lines of text: what went out, what came back, safe to print.

Here: `request_lines`, `response_lines`, `safe`. Not here: colours (`_terminal.py`).
What a server sends ends up on terminals and in reports: control characters are shown as escapes,
long values are cut, and cookies are not repeated.
Spec: https://www.rfc-editor.org/rfc/rfc9112#section-2.1
"""

from __future__ import annotations

import urllib.parse
from typing import Final

from ._asker import Asked

#: The most of a value that is shown, in characters. Chosen by us because two rows of a terminal hold it.
_SHOWN: Final = 160
#: The most lines of one name that are shown.
_MOST_LINES: Final = 20
#: What a finding can rest on, besides the lines of the protocol.
_TELLING: Final = frozenset(
    {
        "vary",
        "location",
        "allow",
        "www-authenticate",
        "age",
        "cache-control",
        "x-cache",
        "x-cache-hits",
        "cf-cache-status",
        "x-varnish",
        "x-amz-cf-pop",
        "x-served-by",
        "cdn-cache-control",
        "surrogate-control",
        "server",
    }
)


def request_lines(asked: Asked) -> list[str]:
    """The request line, and the header lines that matter; what was secret is named only."""
    url = urllib.parse.urlsplit(asked.request.url)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    secret = {name.lower() for name in (*asked.secrets, "Authorization", "Cookie")}
    lines = [f"{asked.request.method} {target} HTTP/1.1", f"Host: {url.netloc}"]
    lines += [
        f"{name}: {value}"
        for name, value in asked.request.headers
        if name.lower() not in secret
    ]
    lines += [f"{name}: (as given)" for name in asked.secrets]
    return [safe(line) for line in lines]


def response_lines(asked: Asked) -> list[str]:
    """The status line, and the header lines that matter; or why there is none."""
    if asked.response is None:
        return [safe(f"({asked.failure})")]
    status = f"HTTP/1.1 {asked.response.status} {asked.response.reason}".rstrip()
    lines = [f"{name}: {value}" for name, value in telling_lines(asked)]
    return [safe(line) for line in (status, *lines)]


def telling_lines(asked: Asked) -> list[tuple[str, str]]:
    """The header lines of the response that a finding can rest on."""
    if asked.response is None:
        return []
    lines = [
        (name, value)
        for name, value in asked.response.headers
        if name.lower() in _TELLING or name.lower().startswith("access-control-")
    ]
    return lines[:_MOST_LINES]


def safe(text: str, most: int = _SHOWN) -> str:
    """A text without anything that a terminal would obey, and with `most` characters of it."""
    shown = text if len(text) <= most else f"{text[:most]}..."
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown
    )
