"""Changes tried one after another, until the fetch is readable or none is honest.

Here: `find_remedy`, `is_good`. Not here: which change a failure asks for (`_page.py`, `_policy.py`,
`_server.py`). Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from corsac import Policy, PolicyError
from corsac.browser import (
    Browser,
    Fetch,
    Kind,
    NoResponse,
    Request,
    Response,
    Verdict,
    predict,
)

from ._changes import Attempt, Change, NoChange, Remedy
from ._page import change_page
from ._policy import change_policy, replaced
from ._server import change_server
from ._source import Send, Source, policy_answer

#: The most changes that are tried. Chosen by us because the longest way is a page, an origin,
#: credentials, a status, a method and a header, each in two responses.
_MOST_CHANGES: Final = 16
#: The kinds whose answer nobody reads: what counts is that they arrive.
_UNREAD: Final = (Kind.BEACON, Kind.PING, Kind.NAVIGATION)


def is_good(fetch: Fetch, verdict: Verdict) -> bool:
    """Whether the page gets what it can get."""
    return verdict.readable or (fetch.kind in _UNREAD and not verdict.is_network_error)


def find_remedy(fetch: Fetch, source: Source, browsers: Sequence[Browser]) -> Remedy:
    """What to change so that the fetch is readable in these browsers and by the standard."""
    is_policy = source.policy is not None and (
        source.is_policy or not _policy_allows(fetch, source, browsers)
    )
    attempt = Attempt(fetch, source.policy if is_policy else None, source.is_toml)
    changes: list[Change] = []
    for _ in range(_MOST_CHANGES):
        verdict = _refusal(attempt, source, browsers)
        attempt = attempt._replace(is_withheld=bool(source.withheld))
        if verdict is None:
            return Remedy(
                _merged(changes), True, policy=_policy_for(attempt, bool(changes))
            )
        try:
            found = change_page(attempt, verdict) or (
                change_server(attempt, verdict)
                if attempt.policy is None
                else change_policy(attempt, verdict)
            )
        except NoChange as error:
            return Remedy(_merged(changes), False, (str(error),), attempt.policy)
        steps = found if isinstance(found, list) else [found]
        if not steps or all(change in changes for change, _ in steps):
            break
        changes += [change for change, _ in steps]
        attempt = steps[-1][1]
    advice = ("More is wrong than these lines: try again with them.",)
    return Remedy(_merged(changes), False, advice, attempt.policy)


def _policy_allows(fetch: Fetch, source: Source, browsers: Sequence[Browser]) -> bool:
    """Whether it is not the policy that refuses, but what stands around it."""
    return _refusal(Attempt(fetch, source.policy), source, browsers) is None


def _refusal(
    attempt: Attempt, source: Source, browsers: Sequence[Browser]
) -> Verdict | None:
    """The first verdict that is not good, the standard's before the browsers'."""
    send = _sender(attempt, source)
    for browser in (None, *browsers):
        verdict = predict(attempt.fetch, send, browser=browser)
        if not is_good(attempt.fetch, verdict):
            return verdict
    return None


def _sender(attempt: Attempt, source: Source) -> Send:
    """Who answers an attempt: the changed policy, or the server with its patch."""
    policy = attempt.policy
    if policy is not None:
        return lambda request: policy_answer(policy, request, source.answer)

    def send(request: Request) -> Response:
        try:
            response = source.send(request)
        except NoResponse:
            # What was not sent is taken for an answer without any of the headers.
            is_answered = request.is_preflight and attempt.patch.status is not None
            if not is_answered and request not in source.withheld:
                raise
            response = Response(200)
        return attempt.patch.apply(request, response)

    return send


def _merged(changes: list[Change]) -> tuple[Change, ...]:
    """One change for each line: the first one's before, the last one's after."""
    merged: dict[tuple[str, str], Change] = {}
    for change in changes:
        name = change.line.partition(":")[0].partition("=")[0].strip()
        key = (change.where, name if change.where != "page" else change.line)
        first = merged.get(key)
        if first is not None:
            text = f"{first.text} {change.text}"
            change = Change(change.where, change.line, first.before, text)
        merged[key] = change
    return tuple(merged.values())


def _policy_for(attempt: Attempt, is_changed: bool) -> Policy | None:
    """The changed policy, or for other servers the one that says the same."""
    if attempt.policy is not None or not is_changed:
        return attempt.policy
    fetch, patch = attempt.fetch, attempt.patch
    if not (patch.preflight or patch.response or patch.status) or (
        fetch.page_origin == "null"
    ):
        return None
    asked: list[str] = []

    def note(request: Request) -> Response:
        for name, value in request.headers:
            if name == "Access-Control-Request-Headers":
                asked.extend(value.split(","))
        return policy_answer(Policy(allow_origins=["*"]), request, Response(200))

    predict(fetch, note)
    spellings = {name.lower(): name for name, _ in fetch.headers}
    keywords: dict[str, Any] = {
        "allow_headers": [spellings.get(name, name) for name in asked]
    }
    if fetch.method not in ("GET", "HEAD", "POST"):
        keywords["allow_methods"] = [fetch.method]
    if fetch.credentials == "include":
        keywords["allow_credentials"] = True
    try:
        return replaced(Policy(allow_origins=[fetch.page_origin]), keywords)
    except PolicyError:
        return None
