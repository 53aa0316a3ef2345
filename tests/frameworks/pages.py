"""What every application of this folder has: the same pages, each at its path.

Here: the rows of both tables, their policies, where each row's page stands, and what it says.
Not here: how a framework makes such a page (`sites/`), what a row's answer must be (`expected.py`).
Spec: the link in each row.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from answers import Line, Row, application_lines
from rows import read

#: A row is known by its place here, since paths and answers are shorter so.
ROWS: list[Row] = [*read("decisions.json"), *read("answers.json")]

_DISTINCT = {json.dumps(row["policy"]): row for row in ROWS}
#: One row for each policy, and the place of each row's policy among them.
POLICIES: list[Row] = list(_DISTINCT.values())
POLICY_OF = [list(_DISTINCT).index(json.dumps(row["policy"])) for row in ROWS]

BODY = b"the application"
CHUNKS = [b"one,", b"two,", b"three"]
ELSEWHERE = "https://example.com/elsewhere"
#: What every page says that is made at once takes; `options` is no OPTIONS.
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"]


class Page(NamedTuple):
    path: str
    status: int
    #: Whether the application writes it, and so the row's header lines.
    is_written: bool
    body: bytes | None = None


#: By the name that a row has for it.
PAGES = {
    "page": Page("/row/{}", 200, True, BODY),
    "stream": Page("/stream/{}", 200, True, b"".join(CHUNKS)),
    "redirect": Page("/moved/{}", 302, True),
    # The rest is the framework's own.
    "missing": Page("/missing", 404, False),
    "not allowed": Page("/put", 405, False),
    "private": Page("/private", 401, False),
    "error": Page("/error", 500, False),
}


class ProblemError(Exception):
    """What a page raises that fails."""


def page_of(row: Row) -> Page:
    return PAGES[row.get("application", {}).get("page", "page")]


def path_of(index: int) -> str:
    return page_of(ROWS[index]).path.format(index)


def lines_of(index: int) -> list[Line]:
    """The header lines of a row's application, which its page sets one by one, and the mark."""
    return application_lines(ROWS[index])


def fail(*_: Any) -> Any:
    """What the page does that fails."""
    raise ProblemError("raised on purpose")
