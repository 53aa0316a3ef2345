"""Everything that there is to say about one fetch, before it is drawn.

Here: `Explanation` and `explain`. Not here: words on a terminal (`_render.py`), JSON (`_json.py`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corsac.browser import Browser, Fetch, Verdict, predict

from ._changes import Change, Remedy
from ._policy import why_decided
from ._remarks import exposing, remarks_on
from ._remedy import find_remedy, is_good
from ._source import Source


class Explanation(NamedTuple):
    """One fetch, explained.

    `fetch`: what was asked. `name`: who answers, for people. `standard`: the `Verdict` of the
    standard. `browsers`: a dict of each `Browser` that was asked for to its `Verdict`.
    `decisions`: for each exchange of `shown` what the policy says to it, None where no policy is
    known. `remedy`: what to change, None where nothing must. `exposing`: what to change so that
    the page reads more response headers, or None. `remarks`: sentences. `is_undecided`: the
    request itself was withheld, and all before it is in order.
    """

    fetch: Fetch
    name: str
    standard: Verdict
    browsers: dict[Browser, Verdict]
    decisions: tuple[str | None, ...]
    remedy: Remedy | None
    exposing: Change | None
    remarks: tuple[str, ...]
    is_undecided: bool = False

    @property
    def shown(self) -> Verdict:
        """The verdict whose steps and exchanges are shown: the standard's, if the browsers share it."""
        verdicts = list(self.browsers.values())
        agrees = any(verdict.readable == self.standard.readable for verdict in verdicts)
        return self.standard if agrees and len(verdicts) != 1 else verdicts[0]

    @property
    def is_good(self) -> bool:
        """Whether the page gets what it asks for, in every browser that was asked for."""
        verdicts = self.browsers.values()
        return all(is_good(self.fetch, verdict) for verdict in verdicts)


def explain(
    fetch: Fetch, source: Source, browsers: Sequence[Browser] = tuple(Browser)
) -> Explanation:
    """Explains one fetch.

    `fetch`: a `Fetch`. `source`: the `Source` that answers. `browsers`: at least one `Browser`.
    Source: https://fetch.spec.whatwg.org/#concept-fetch
    """
    standard = predict(fetch, source.send)
    verdicts = {
        browser: predict(fetch, source.send, browser=browser) for browser in browsers
    }
    undecided = bool(source.withheld) and source.policy is None
    plain = Explanation(
        fetch, source.name, standard, verdicts, (), None, None, (), undecided
    )
    # Of a request that was not sent nothing is known, and nothing is to be changed for it.
    reached = undecided and standard.failure == "no-response"
    is_fine = plain.is_good and is_good(fetch, standard)
    remedy = None if is_fine or reached else find_remedy(fetch, source, browsers)
    shown = plain.shown
    policy = source.policy
    decisions = tuple(
        None if policy is None else why_decided(policy, exchange.request)
        for exchange in shown.exchanges
    )
    return Explanation(
        fetch,
        source.name,
        standard,
        verdicts,
        decisions,
        remedy,
        exposing(fetch, source, shown),
        remarks_on(fetch, source, shown),
        reached,
    )
