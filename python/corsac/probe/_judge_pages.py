"""Judges who is shut out: pages that should be let in, their preflights, and errors.

Here: the findings of `PAGE_RULES`. Not here: who is let in (`_judge_origins.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

from collections.abc import Iterator

from corsac.browser import Verdict

from .._severity import Severity
from ._answers import Answers, Page, Preflight
from ._finding import (
    Finding,
)
from ._rules import RULES

#: Codes of the model for which a network, and no header, is at fault.
_UNANSWERED = ("no-response", "preflight-no-response")
_REDIRECTS = (301, 302, 303, 307, 308)
#: What the status alone says, whoever asks.
_OF_STATUS = ("preflight-redirect", "preflight-authentication", "preflight-routing")


def judge_pages(answers: Answers) -> Iterator[Finding]:
    """What keeps from a page that should be let in what it asks for.

    https://fetch.spec.whatwg.org/#concept-cors-check
    """
    for page in answers.pages:
        if not page.verdict.readable and page.verdict.failure not in _UNANSWERED:
            yield _judge_page(answers, page)
    readable = {page.origin for page in answers.pages if page.verdict.readable}
    if not answers.options.origins and answers.reader is not None:
        readable.add(answers.reader)
    for preflight in answers.preflights:
        finding = _judge_preflight(
            preflight, preflight.origin in readable, answers.options.asks_for_more
        )
        if finding is not None:
            yield finding
    missing = answers.missing
    if missing is not None and _is_silent_error(missing):
        status = missing.asked[-1].response
        yield Finding(
            RULES["error-without-cors"],
            Severity.WARNING,
            f"A page of {missing.origin} can read {answers.target}, and cannot see that a path "
            f"below it is answered {status.status if status else 'by nothing'}.",
            missing.asked,
        )


def _judge_page(answers: Answers, page: Page) -> Finding:
    said = _last_step(page.verdict)
    responses = [asked.response for asked in page.asked if asked.response is not None]
    evidence = page.asked
    if any(response.status in _REDIRECTS for response in responses):
        rule = "redirect-without-cors"
    elif _is_silent_error(page) and any(
        p.origin == page.origin and p.is_granted for p in answers.preflights
    ):
        rule = "error-without-cors"
    elif _is_for_credentials(page.verdict):
        rule = "credentials-refused"
    else:
        rule = "allowed-origin-refused"
    status = f" The status is {responses[-1].status}." if responses else ""
    return Finding(
        RULES[rule],
        Severity.ERROR,
        f"A page of {page.origin} cannot read {answers.options.url}: {said}{status}",
        evidence,
    )


def _is_for_credentials(verdict: Verdict) -> bool:
    """Whether the check fails with credentials only.

    https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    """
    code = (verdict.failure or "").removeprefix("preflight-")
    return code in ("allow-credentials", "allow-origin-wildcard")


def _is_silent_error(page: Page) -> bool:
    """Whether an error came without the headers that let a page see it."""
    response = page.asked[-1].response if page.asked else None
    return (
        response is not None
        and response.status >= 400
        and page.verdict.failure == "allow-origin-missing"
    )


def _judge_preflight(
    preflight: Preflight, is_readable: bool, asks_for_more: bool
) -> Finding | None:
    """What the status says comes first: the headers of an answer that is none say little.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """
    response, verdict = preflight.asked.response, preflight.verdict
    if verdict is None or response is None:
        return None
    status = response.status
    names = {name.lower() for name, _ in response.headers}
    rule: str | None
    if status in _REDIRECTS:
        rule = "preflight-redirect"
    elif status in (401, 407) or "www-authenticate" in names:
        rule = "preflight-authentication"
    elif status == 403 and not asks_for_more:
        # A plain GET, which the same origin may read: only something before the policy says no.
        rule = "preflight-authentication" if is_readable else None
    elif status in (404, 405, 501):
        rule = "preflight-routing"
    elif status == 403:
        rule = "preflight-refused"
    elif not 200 <= status <= 299:
        rule = "preflight-status"
    elif _is_for_credentials(verdict):
        rule = "credentials-refused"
    elif (verdict.failure or "").startswith("preflight-allow-"):
        rule = "preflight-without-cors"
    else:
        rule = "preflight-refused"
    is_of_origin = (verdict.failure or "").startswith("preflight-allow-")
    if rule not in _OF_STATUS and is_of_origin and not is_readable:
        # What keeps the page from the response keeps it from leave, too, and was said there.
        rule = None
    if rule is None:
        return None
    what = " and ".join([preflight.method, *preflight.names])
    return Finding(
        RULES[rule],
        Severity.ERROR if asks_for_more else Severity.WARNING,
        f"The preflight of {preflight.origin} for {what} is answered {status}: "
        f"{_last_step(verdict)}",
        (preflight.asked,),
    )


def _last_step(verdict: Verdict) -> str:
    """The sentence of the check that failed."""
    return verdict.steps[-1].text if verdict.steps else "The fetch fails."
