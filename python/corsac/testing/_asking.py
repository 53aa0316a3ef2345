"""One fetch in several browsers, of which the application sees each request once.

Here: `ask_browsers`. Not here: what is done with the answer (`_page.py`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping

from ..browser import (
    Browser,
    Fetch,
    NoResponse,
    PreflightCache,
    Request,
    Response,
    Verdict,
    exchange,
)
from ._answer import Answer

#: What came of each request: the first of its kind in a fetch, the second, and so on.
Replies = dict[tuple[Request, int], Response | NoResponse]


def ask_browsers(
    fetch: Fetch,
    browsers: Iterable[Browser],
    caches: Mapping[Browser | None, PreflightCache],
    application: object,
) -> Generator[Request, Response, Answer]:
    """Yields the requests, is sent their responses, has `NoResponse` thrown in where there is none.

    `caches`: of each browser, None for that of the standard's own.
    """
    replies: Replies = {}
    verdicts = {}
    for browser in browsers:
        steps = exchange(fetch, browser=browser, cache=caches[browser])
        verdicts[browser] = yield from _replay(steps, replies)
    standard = _without_asking(exchange(fetch, cache=caches[None]), replies)
    errors = [reply for reply in replies.values() if isinstance(reply, NoResponse)]
    causes = [error.__cause__ for error in errors if error.__cause__ is not None]
    return Answer(fetch, verdicts, standard, application, causes[0] if causes else None)


def _replay(
    steps: Generator[Request, Response, Verdict], replies: Replies
) -> Generator[Request, Response, Verdict]:
    """The verdict; what no browser has asked before is yielded."""
    asked: Counter[Request] = Counter()
    try:
        request = next(steps)
        while True:
            key = request, asked[request]
            asked[request] += 1
            if key not in replies:
                try:
                    replies[key] = yield request
                except NoResponse as error:
                    replies[key] = error
            reply = replies[key]
            if isinstance(reply, NoResponse):
                request = steps.throw(reply)
            else:
                request = steps.send(reply)
    except StopIteration as end:
        verdict: Verdict = end.value
        return verdict


def _without_asking(
    steps: Generator[Request, Response, Verdict], replies: Replies
) -> Verdict | None:
    """The verdict from what browsers have asked, or None where that does not suffice."""
    try:
        next(_replay(steps, replies))
    except StopIteration as end:
        verdict: Verdict = end.value
        return verdict
    return None
