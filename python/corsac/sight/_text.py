"""Texts of requests, as logs and terminals can bear them.

Here: `plain`. Not here: which texts are told (`_refused.py`).
Spec: https://cwe.mitre.org/data/definitions/117.html
"""

from __future__ import annotations

from typing import Final

#: The most characters of one text that are told. Chosen by us because a longer origin, method or
#: header name is an attack far more often than a mistake.
MOST_CHARACTERS: Final = 200


def plain(text: str) -> str:
    """Printable ASCII on one line, with at most `MOST_CHARACTERS` characters; the rest is "...".

    Everything else is written as Python escapes it, a backslash too, so that no text can look like
    the escape of another. Non-ASCII letters are among it: some of them look like ASCII, and some
    turn the direction of the whole line.
    """
    escaped = text[:MOST_CHARACTERS].encode("unicode_escape").decode("ascii")
    if len(text) <= MOST_CHARACTERS and len(escaped) <= MOST_CHARACTERS:
        return escaped
    return escaped[: MOST_CHARACTERS - 3] + "..."
