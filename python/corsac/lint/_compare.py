"""What a browser does with the same fetches before and after, and where that differs.

Here: `compare`, `Row`, `Outcome`. Not here: which fetches (`_samples.py`), how the answers are got
(`_servers.py`), what a browser does (`corsac.browser`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..browser import Browser, Fetch, PreflightCache, Request, Response, predict
from ..browser import Verdict as _Verdict
from ._samples import Reason, Sample
from ._servers import Send

_BROWSERS: Final = tuple(Browser)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a fetch in each browser.

    `readable`: the browsers that let the page read the answer. `failure`: the code of the step
    that failed in the others, None where all let it.
    """

    readable: tuple[Browser, ...]
    failure: str | None

    def __str__(self) -> str:
        if not self.readable:
            return f"blocked: {self.failure}"
        if len(self.readable) == len(_BROWSERS):
            return "readable"
        return f"readable in {', '.join(self.readable)} only: {self.failure}"


@dataclass(frozen=True, slots=True)
class Row:
    """A fetch whose outcome differs. `rank`: the smaller, the worse; `meaning`: in a few words."""

    fetch: Fetch
    reason: Reason
    before: Outcome
    after: Outcome
    rank: int
    meaning: str


def compare(
    samples: Iterable[Sample], before: Send, after: Send
) -> tuple[tuple[Row, ...], int]:
    """The fetches that end differently, the worst first; and how many were tried."""
    rows = []
    tried = 0
    for sample in samples:
        tried += 1
        was, will_be = _outcome(sample.fetch, before), _outcome(sample.fetch, after)
        if was.readable != will_be.readable:
            rank, meaning = _judge(sample, was, will_be)
            rows.append(Row(sample.fetch, sample.reason, was, will_be, rank, meaning))
    rows.sort(key=lambda row: row.rank)
    return tuple(rows), tried


def _outcome(fetch: Fetch, send: Send) -> Outcome:
    readable: list[Browser] = []
    failure = None
    asked: dict[Request, Response] = {}

    def send_once(request: Request) -> Response:
        """Browsers ask the same, mostly, and an application answers the same."""
        if request not in asked:
            asked[request] = send(request)
        return asked[request]

    for browser in _BROWSERS:
        verdict = predict(fetch, send_once, browser=browser, cache=PreflightCache())
        if _lets_through(verdict):
            readable.append(browser)
        else:
            failure = verdict.failure
    return Outcome(tuple(readable), failure)


def _lets_through(verdict: _Verdict) -> bool:
    return verdict.readable


def _judge(sample: Sample, before: Outcome, after: Outcome) -> tuple[int, str]:
    closes = len(before.readable) > len(after.readable)
    credentials = sample.fetch.credentials == "include"
    if closes and not sample.is_meant and credentials:
        return 0, "open to others, with credentials"
    if closes and sample.is_meant:
        return 1, "works, and would be refused"
    if closes:
        return 2, "open to others"
    if not sample.is_meant:
        return 3, "refused, and would be open"
    return 4, "refused, and would work"
