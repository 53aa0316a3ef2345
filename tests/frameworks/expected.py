"""What a row says of its answer, and what a pass made of it.

Here: expected answers, of the row as it stands and of what a server makes of its request; the
names that frameworks write on their own.
Not here: which rows a server or a framework departs from (`departures.py`, `peculiarities.py`).
Spec: the link in each row.
"""

from __future__ import annotations

from answers import MARK, Answer, Line, answer, expected_answer
from choosing import build, decide, request_of
from pages import ELSEWHERE, ROWS, lines_of, page_of, path_of

#: What frameworks say of their own pages, about the content and not about CORS. Where a row's
#: application sets one of these, it is looked at.
OF_FRAMEWORKS = {"allow", "content-type", "etag", "location", "www-authenticate"}


def expected_of(index: int) -> Answer:
    """The answer to a row's request as it stands."""
    return expected_answer(ROWS[index])


def expected_of_seen(
    index: int, method: str, headers: list[Line]
) -> tuple[str, Answer]:
    """The outcome, and the answer, where the application sees another request."""
    row, page = ROWS[index], page_of(ROWS[index])
    seen = {**row, "request": {"method": method, "headers": headers}}
    decision = decide(build(row["policy"]), request_of(seen, path_of(index)))
    if decision is not None and decision.status is not None:
        return decision.outcome, answer(decision.status, decision.headers)
    own = lines_of(index) if page.is_written else []
    if page.status == 302:
        own.append(("Location", ELSEWHERE))
    if decision is None:
        return "none", answer(page.status, own)
    return decision.outcome, answer(page.status, decision.merge(own))


def comparable(actual: Answer, expected: Answer) -> Answer:
    """Without what the framework says of its own page."""
    ignored = OF_FRAMEWORKS - expected.headers.keys()
    headers = {
        name: values for name, values in actual.headers.items() if name not in ignored
    }
    return Answer(actual.status, headers)


def is_marked(expected: Answer) -> bool:
    """Whether a page that the application writes answers."""
    return MARK[0].lower() in expected.headers
