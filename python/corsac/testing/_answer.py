"""What came of one fetch, in each browser.

Here: `Answer`. Not here: how it is told to people (`_explanation.py`).
Spec: https://fetch.spec.whatwg.org/#concept-filtered-response
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from ..browser import Browser, Exchange, Fetch, Request, Verdict


@dataclass(frozen=True, eq=False, repr=False)
class Answer:
    """What came of one fetch.

    `fetch`: the `Fetch`. `verdicts`: a dict of a `Verdict` for each `Browser` that was asked.
    `standard`: the verdict of the standard itself; None where it asks for what no browser does.
    `application`: the site's. `error`: what the application
    raised, if it did.
    Source: https://fetch.spec.whatwg.org/#concept-filtered-response
    """

    fetch: Fetch
    verdicts: dict[Browser, Verdict]
    standard: Verdict | None
    application: object
    error: BaseException | None

    @property
    def readable(self) -> bool:
        """Whether the page can read the response, in every browser."""
        return all(verdict.readable for verdict in self.verdicts.values())

    @property
    def verdict(self) -> Verdict:
        """One browser's: the first that blocks, or the first at all."""
        blocking = [v for v in self.verdicts.values() if not v.readable]
        return (blocking or list(self.verdicts.values()))[0]

    @property
    def failure(self) -> str | None:
        """The code of the check that failed, in the standard's order; None where none did.

        Browsers make their checks in orders of their own, so that a verdict of `verdicts` may
        name another one.
        """
        if self.readable:
            return None
        if self.standard is not None and self.standard.failure is not None:
            return self.standard.failure
        return self.verdict.failure

    @property
    def status(self) -> int | None:
        """The int that the page sees; 0 for an opaque response, None for a failed fetch."""
        return self.verdict.status

    @property
    def response_type(self) -> str:
        """basic, cors, opaque, opaqueredirect or error."""
        return self.verdict.response_type

    @property
    def headers(self) -> dict[str, str]:
        """What the page can read of the header lines, by names in lower case."""
        return dict(self.verdict.exposed_headers)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What went over the wire in the browser of `verdict`."""
        return self.verdict.exchanges

    @property
    def preflights(self) -> tuple[Request, ...]:
        """The preflights among it; none where one was remembered, or not needed."""
        requests = (exchange.request for exchange in self.exchanges)
        return tuple(request for request in requests if request.is_preflight)

    @property
    def explanation(self) -> str:
        """What was asked, what went over the wire, which check decided, what consoles say."""
        from ._explanation import explain_answer

        return explain_answer(self)

    if not TYPE_CHECKING:  # which would take every name for one that exists

        def __getattr__(self, name: str) -> NoReturn:
            hint = ""
            if name in ("body", "content", "json", "text"):
                hint = ": no check looks at a body; read it with the test client of the framework"
            raise AttributeError(f"an Answer has no {name}{hint}")

    def __repr__(self) -> str:
        asked = f"{self.fetch.method} {self.fetch.url} from {self.fetch.page_origin}"
        if self.readable:
            return f"<Answer {asked}: readable, {self.status}>"
        blocking = [b.value for b, v in self.verdicts.items() if not v.readable]
        why = self.failure or self.response_type
        return f"<Answer {asked}: not readable in {', '.join(blocking)}: {why}>"
