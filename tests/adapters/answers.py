"""What an answer over an adapter says, and what a row of the table expects of it.

Here: the header lines of a row's application, and answers that can be compared.
Not here: a row's policy (`choosing.py`), how a request gets to an adapter (`test_table.py`, `frameworks/`).
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from choosing import Row

Line = tuple[str, str]

#: A line that every application of these tests sets, so that an answer tells who made it.
MARK = ("X-Answered-By", "the application")

#: What a list of names may be compared by; order and duplicates do not matter to a browser.
_LISTS = {
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
}

#: What servers add on their own, about the connection and not about CORS.
_OF_SERVERS = {
    "alt-svc",
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
}


class Answer(NamedTuple):
    """A status, and for each header name what each of its lines says, in order."""

    status: int
    headers: dict[str, list[str | frozenset[str]]]


def answer(status: int, lines: Iterable[tuple[str, str]]) -> Answer:
    """An answer that equals another exactly where no browser or cache sees a difference.

    A header that stands on two lines never equals one that stands on one. The type of no
    content is not looked at: WSGI wants one, ASGI does not.
    """
    lines = [(name.lower(), value) for name, value in lines]
    ignored = _OF_SERVERS
    if ("content-length", "0") in lines:
        ignored = {*ignored, "content-type"}
    headers: dict[str, list[str | frozenset[str]]] = {}
    for name, value in lines:
        if name not in ignored:
            headers.setdefault(name, []).append(_comparable(name, value))
    return Answer(status, headers)


def _comparable(name: str, value: str) -> str | frozenset[str]:
    if name not in _LISTS and name != "vary":
        return value
    members = (member.strip(" \t") for member in value.split(","))
    return frozenset(
        member.lower() if name == "vary" else member for member in members if member
    )


def application_lines(row: Row) -> list[Line]:
    """The header lines of the row's application, with the mark behind them."""
    lines = row.get("application", {}).get("headers", [])
    return [*((name, value) for name, value in lines), MARK]


def is_whole(row: Row) -> bool:
    """Whether a row says all of its answer, since the application has other pages than one."""
    return "page" in row.get("application", {})


def is_ours(row: Row) -> bool:
    """Whether a row's request is answered without the application."""
    expected = row["expected"]
    outcome, status = expected["outcome"], expected["status"]
    return outcome.startswith("preflight") or (outcome, status) == (
        "actual_refused",
        403,
    )


def expected_answer(row: Row) -> Answer:
    """What the row says of its request; a preflight carries nothing of the application."""
    expected = row["expected"]
    if is_whole(row) or expected["status"] is not None:
        return answer(expected["status"], expected["headers"])
    return answer(200, [*row.get("merged", expected["headers"]), MARK])
