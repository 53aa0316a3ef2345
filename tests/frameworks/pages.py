"""What every application of this folder has: the same pages, each at its path.

Here: the rows of all tables, their policies, where each row's page stands, and what it says.
Not here: how a framework makes such a page (`sites/`), what a row's answer must be (`expected.py`).
Spec: the link in each row.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import choosing
from answers import Line, application_lines
from choosing import PATHS, Row
from rows import read

_TABLES = ("decisions.json", "answers.json", "options.json", "choices.json")
#: A row is known by its place here, since paths and answers are shorter so.
ROWS: list[Row] = [row for table in _TABLES for row in read(table)]

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
    status: int
    #: Whether the application writes it, and so the row's header lines.
    is_written: bool
    body: bytes | None = None


#: By the name that a row has for it.
PAGES = {
    "page": Page(200, True, BODY),
    "stream": Page(200, True, b"".join(CHUNKS)),
    "redirect": Page(302, True),
    # The rest is the framework's own.
    "missing": Page(404, False),
    "not allowed": Page(405, False),
    "private": Page(401, False),
    "error": Page(500, False),
}
assert PAGES.keys() == PATHS.keys()


class ProblemError(Exception):
    """What a page raises that fails."""


def page_of(row: Row) -> Page:
    return PAGES[row.get("application", {}).get("page", "page")]


def path_of(index: int) -> str:
    """As it stands in a request line."""
    return choosing.path_of(ROWS[index], index)


def lines_of(index: int) -> list[Line]:
    """The header lines of a row's application, which its page sets one by one, and the mark."""
    return application_lines(ROWS[index])


def fail(*_: Any) -> Any:
    """What the page does that fails."""
    raise ProblemError("raised on purpose")
