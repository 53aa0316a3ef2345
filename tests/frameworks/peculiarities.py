"""Where a framework itself stands between a row and its answer.

Here: every row that does not come out of a framework as it stands, with the reason and with what
comes in its place.
Not here: what servers do to a request (`departures.py`), anything that corsac decides.
Spec: https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from answers import MARK, Answer, is_ours
from pages import PAGES, ROWS, page_of
from recipes import IN_PROCESS

_READ_ONCE = "gunicorn reads header lines twice, and Sanic's can be read once, so that all get lost"
OWN_PAGES = frozenset(name for name, page in PAGES.items() if not page.is_written)
LINE_ENDS = {
    "an Origin with a line feed in it is refused and not echoed",
    "a regex never sees a line feed at the end",
}


ODD_METHODS = {
    "OPTIONS in lower case is no preflight",
    "OPTIONS in mixed case is no preflight",
    "an empty method is an actual request",
    "a method with a space behind it is no OPTIONS",
}


class Peculiarity(NamedTuple):
    sites: frozenset[str]
    reason: str
    #: The rows by their names, or the actual requests of these pages.
    rows: frozenset[str]
    pages: frozenset[str]
    #: The answer in the place of the expected one; None: the framework raises.
    change: Callable[[Answer], Answer | None]
    #: None: by every way.
    ways: frozenset[str] | None = None
    #: None: over every server, and in process.
    servers: frozenset[str] | None = None

    def concerns(self, site: str, way: str, server: str, index: int) -> bool:
        row = ROWS[index]
        return (
            site in self.sites
            and (self.ways is None or way in self.ways)
            and (self.servers is None or server in self.servers)
            and (
                row["name"] in self.rows
                or (not is_ours(row) and page_of(row) in map(PAGES.get, self.pages))
            )
        )


def _joined(expected: Answer) -> Answer:
    """One line for each name. https://www.rfc-editor.org/rfc/rfc9110#section-5.3"""
    headers = dict(expected.headers)
    for name, values in headers.items():
        if len(values) > 1 and name != "set-cookie":
            members = [value for value in values if isinstance(value, frozenset)]
            texts = [value for value in values if isinstance(value, str)]
            joined = frozenset().union(*members) if members else ", ".join(texts)
            headers[name] = [joined]
    return Answer(expected.status, headers)


def _varying_by_accept(expected: Answer) -> Answer:
    [vary] = expected.headers.get("vary", [frozenset()])
    return Answer(expected.status, {**expected.headers, "vary": [{"accept", *vary}]})  # type: ignore[list-item]  # equal to a frozenset


def _bare(expected: Answer) -> Answer:
    return Answer(expected.status, {})


def _unanswered(status: int) -> Callable[[Answer], Answer]:
    """The framework's own answer in the place of the application's page."""

    def change(expected: Answer) -> Answer:
        mark = MARK[0].lower()
        if mark not in expected.headers:
            return expected
        headers = {n: v for n, v in expected.headers.items() if n != mark}
        if "vary" in headers:
            headers["vary"] = [frozenset({"origin"})]
        return Answer(status, headers)

    return change


def _raised(expected: Answer) -> None:
    return None


PECULIARITIES = [
    Peculiarity(
        frozenset({"django", "falcon"}),
        "Django and Falcon keep one line of a name, into which the application joins all",
        frozenset(
            {
                "the application's other headers stay as they are, and ours follow",
                "a static policy leaves the application's Vary lines as they are",
            }
        ),
        frozenset(),
        _joined,
    ),
    Peculiarity(
        frozenset({"falcon"}),
        "Falcon's own errors vary by Accept, since it writes them as JSON or XML",
        frozenset(),
        OWN_PAGES,
        _varying_by_accept,
    ),
    Peculiarity(
        frozenset({"starlette", "fastapi"}),
        "Starlette answers unhandled errors outside of what add_middleware adds",
        frozenset(),
        frozenset({"error"}),
        _bare,
        ways=frozenset({"add_middleware"}),
    ),
    Peculiarity(
        frozenset({"quart"}),
        "Quart raises for a request header with a line end, which no server hands on",
        frozenset(LINE_ENDS),
        frozenset(),
        _raised,
        servers=frozenset({IN_PROCESS}),
    ),
    Peculiarity(
        frozenset({"sanic"}),
        "Sanic routes no other methods than the seven that it knows, and answers 405",
        frozenset({*ODD_METHODS, "a PROPFIND is an actual request"}),
        frozenset(),
        _unanswered(405),
    ),
    Peculiarity(
        frozenset({"tornado"}),
        "Tornado calls no handler for a method in lower case, and answers 405",
        frozenset(
            {
                "OPTIONS in lower case is no preflight",
                "OPTIONS in mixed case is no preflight",
            }
        ),
        frozenset(),
        _unanswered(405),
    ),
    Peculiarity(
        frozenset({"tornado"}),
        "Tornado lets its application set no header with a tab, and answers 500",
        frozenset(
            {"whitespace and empty elements in the application's Vary are dropped"}
        ),
        frozenset(),
        _unanswered(500),
    ),
    Peculiarity(
        frozenset({"sanic"}),
        _READ_ONCE,
        frozenset(row["name"] for row in ROWS if row["expected"]["headers"]),
        frozenset(),
        _bare,
        # What is wrapped around the whole application gives them as a list.
        ways=frozenset({"install"}),
        servers=frozenset({"gunicorn-asgi"}),
    ),
    Peculiarity(
        frozenset({"sanic"}),
        f"{_READ_ONCE}; where there is no CORS nobody makes a list of them",
        frozenset(
            row["name"]
            for row in ROWS
            if row["expected"]["outcome"] == "none" and row["expected"]["headers"]
        ),
        frozenset(),
        _bare,
        ways=frozenset({"wrap"}),
        servers=frozenset({"gunicorn-asgi"}),
    ),
]


def peculiarities_of(site: str, way: str, server: str, index: int) -> list[Peculiarity]:
    return [one for one in PECULIARITIES if one.concerns(site, way, server, index)]
