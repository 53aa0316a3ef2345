"""What an example is: a script, the requests that a browser makes of it, and what must come of them.

Here: the shape of one row.
Not here: the rows (`examples.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Sender = Literal["page", "null", "stranger"]


class Readable(Protocol):
    """A response as far as the page may read it: unexposed headers are absent."""

    @property
    def status(self) -> int: ...

    @property
    def body(self) -> bytes: ...

    def header(self, name: str) -> str | None: ...


@dataclass(frozen=True)
class Sent:
    """One `fetch` of a script: what the browser is asked to send."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    credentials: bool = False


@dataclass(frozen=True)
class Answered:
    """What the policy must say to one request: an outcome, and for a refusal its reason."""

    outcome: str
    refusal: str | None = None


@dataclass(frozen=True)
class Example:
    """One row.

    Code in `shows` stands between backquotes. `reads` is a part of what the script must return;
    `read` says in Python what `script` says in JavaScript, so that the check needs no browser.
    `sections` are of the standard: label and link.
    """

    name: str
    title: str
    shows: str
    script: str
    policy: str
    path: str
    sender: Sender
    sent: tuple[Sent, ...]
    answered: tuple[Answered, ...]
    readable: bool
    depends_on: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    reads: Mapping[str, Any] = field(default_factory=dict)
    read: Callable[[Sequence[Readable]], Mapping[str, Any]] = lambda answers: {}
