"""An answer told to people, in the words of `corsac explain`.

Here: `explain_answer`, which asks no application again; `summary_of`, its first line; `wire_of`.
Not here: the words and the lines to change (`corsac.explain`), the consoles' (`corsac.browser`).
Spec: https://fetch.spec.whatwg.org/#concept-network-error
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from .._policy import Policy
from ..browser import Browser, Exchange, NoResponse, Request, Response
from ._answer import Answer

if TYPE_CHECKING:
    from ..explain import Explanation, Remedy, Source

_NAMES: Final = {
    Browser.CHROMIUM: "Chromium",
    Browser.FIREFOX: "Firefox",
    Browser.WEBKIT: "WebKit",
}


def names_of(browsers: Iterable[Browser]) -> str:
    """The names, as a sentence has them."""
    *first, last = [_NAMES[browser] for browser in browsers]
    return f"{', '.join(first)} and {last}" if first else last


def summary_of(answer: Answer) -> str:
    """One line: what was asked, and what became of it."""
    fetch = answer.fetch
    asked = f"{fetch.method} {fetch.url} from a page of {fetch.page_origin}"
    blocking = [b for b, v in answer.verdicts.items() if not v.readable]
    if not blocking:
        return f"{asked}: readable in {names_of(answer.verdicts)}, {answer.status}"
    if answer.failure is None:
        what = f"loaded, and not readable in {names_of(blocking)}"
    else:
        what = f"blocked in {names_of(blocking)}"
    return f"{asked}: {what} ({answer.failure or answer.response_type})"


def explain_answer(answer: Answer, *, advises: bool = True) -> str:
    """The whole text. `advises`: whether it says which lines to change."""
    from ..explain._canvas import Canvas
    from ..explain._render import draw

    canvas = Canvas(0, colours=False, is_unicode=True)
    draw(canvas, _explanation(answer, advises))
    return canvas.text().rstrip()


def wire_of(answer: Answer) -> str:
    """What was asked, and every header line that went over the wire for it."""
    return "\n".join([summary_of(answer), *_wire(answer.exchanges)])


def _wire(exchanges: tuple[Exchange, ...]) -> Iterator[str]:
    for exchange in exchanges:
        request, response = exchange.request, exchange.response
        yield f"  > {request.method} {request.url}"
        yield from (f"  >   {name}: {value}" for name, value in request.headers)
        if response is None:
            yield "  < no response"
        else:
            yield f"  < {response.status} {response.reason}".rstrip()
            yield from (f"  <   {name}: {value}" for name, value in response.headers)


def _explanation(answer: Answer, advises: bool) -> Explanation:
    from ..explain import Explanation
    from ..explain._policy import why_decided
    from ..explain._remarks import remarks_on

    fetch, source, verdicts = answer.fetch, _source(answer), answer.verdicts
    standard, policy = answer.standard or answer.verdict, source.policy
    advises = advises and not answer.readable

    def told(
        decisions: tuple[str | None, ...],
        remedy: Remedy | None,
        remarks: tuple[str, ...],
    ) -> Explanation:
        return Explanation(
            fetch, source.name, standard, verdicts, decisions, remedy, None, remarks
        )

    shown = told((), None, ()).shown
    decisions = tuple(
        None if policy is None else why_decided(policy, exchange.request)
        for exchange in shown.exchanges
    )
    # Before the remedy, whose tries ask for what no browser did.
    remarks = remarks_on(fetch, source, shown) if advises else ()
    return told(decisions, _remedy(answer, source) if advises else None, remarks)


def _remedy(answer: Answer, source: Source) -> Remedy:
    from ..explain import Remedy
    from ..explain._remedy import find_remedy

    if answer.error is not None:
        kind = type(answer.error).__name__
        advice = f"The application raised {kind}: see there first."
        return Remedy((), False, (advice,))
    return find_remedy(answer.fetch, source, tuple(answer.verdicts))


def _source(answer: Answer) -> Source:
    """Who answered, as far as it was asked; what it was not asked counts as withheld."""
    from ..explain import Source

    replies = {
        exchange.request: exchange.response
        for verdict in answer.verdicts.values()
        for exchange in verdict.exchanges
    }

    def send(request: Request) -> Response:
        if request not in replies:
            source.withheld.append(request)
        response = replies.get(request)
        if response is None:
            raise NoResponse("there was none in the test")
        return response

    is_policy = isinstance(answer.application, Policy)
    source = Source(
        "the policy" if is_policy else "the application",
        send,
        policy=_policy_of(answer.application, answer.fetch.url),
        is_policy=is_policy,
    )
    return source


def _policy_of(application: object, url: str) -> Policy | None:
    """The corsac policy that answers there, where it is certain which one it is."""
    if isinstance(application, Policy):
        return application
    from ..browser._url import parse
    from ..subject import deciding, find_policies

    parsed = parse(url)
    assert parsed is not None, "a Fetch has a URL that parses"
    path, host = parsed.path.partition("?")[0], parsed.http_origin.partition("://")[2]
    found = deciding(find_policies(application), path, host)
    return None if found is None else found.policy
