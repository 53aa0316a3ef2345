"""Which rows a protocol cannot have.

Here: what is left out of all frameworks over a protocol, with the reason.
Not here: where a row comes out in another way (`departures.py`, `peculiarities.py`).
Spec: https://peps.python.org/pep-3333/
"""

from __future__ import annotations

from choosing import is_asynchronous
from pages import ROWS

#: By protocol.
REASONS = {"wsgi": "WSGI calls a function and waits for nothing: no coroutine chooses"}


def is_left_out(protocol: str, index: int) -> bool:
    return protocol in REASONS and is_asynchronous(ROWS[index]["policy"])


def rows_over(protocol: str) -> list[int]:
    """The rows that are asked over a protocol."""
    return [index for index in range(len(ROWS)) if not is_left_out(protocol, index)]
