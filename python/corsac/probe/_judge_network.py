"""Judges the connection: what kept the probe, and would keep a browser, from an answer.

Here: the findings of `_rules_network.py`. Not here: how causes are told apart (`_network.py`).
Spec: https://fetch.spec.whatwg.org/#concept-network-error
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from corsac.browser import Cause, NoResponse

from .._severity import Severity
from ._answers import Answers
from ._failures import RedirectsOn, TooLarge
from ._fields import value_of
from ._finding import (
    Finding,
)
from ._rules import RULES

_OF_CAUSE: Final = {
    Cause.NO_SUCH_HOST: "no-such-host",
    Cause.REFUSED: "no-connection",
    Cause.UNREACHABLE: "no-connection",
    Cause.OTHER: "no-connection",
    Cause.TIMEOUT: "timeout",
    Cause.CERTIFICATE: "certificate",
    Cause.TLS: "tls",
    Cause.NO_HTTP: "no-http",
    Cause.EMPTY: "connection-closed",
    Cause.RESET: "connection-closed",
}
_BODIES: Final = {
    "large": (Severity.NOTE, "The body is longer than 64 KiB; the rest was left."),
    "slow": (Severity.NOTE, "The body did not end in time; the rest was left."),
    "broken": (Severity.WARNING, "The body breaks off before its end."),
}


def judge_network(answers: Answers) -> Iterator[Finding]:
    """What went wrong below HTTP or in its framing, each rule once.

    https://fetch.spec.whatwg.org/#concept-network-error
    """
    found = set()
    for asked in answers.record:
        if asked.failure is None:
            continue
        rule = _rule_of(asked.failure)
        if rule not in found:
            found.add(rule)
            text = str(asked.failure)
            yield Finding(
                RULES[rule],
                Severity.ERROR,
                f"{text[0].upper()}{text[1:]}.",
                (asked,),
            )
    yield from _judge_redirects(answers)
    plain = answers.plain
    if plain is not None and plain.body in _BODIES:
        severity, text = _BODIES[plain.body]
        yield Finding(RULES["unread-body"], severity, text, (plain,))
    if answers.stopped is not None and not (found and len(answers.record) == 1):
        yield Finding(
            RULES["unfinished"],
            Severity.WARNING,
            f"{len(answers.record)} requests went out: {answers.stopped}.",
            (),
        )


def _rule_of(failure: NoResponse) -> str:
    return "header-size" if isinstance(failure, TooLarge) else _OF_CAUSE[failure.cause]


def _judge_redirects(answers: Answers) -> Iterator[Finding]:
    """Those that were not followed to the end, each rule once.

    https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    """
    found = set()
    cuts = [(answers.plain, answers.cut)]
    cuts += [(page.asked[-1], page.cut) for page in answers.pages if page.asked]
    for asked, cut in cuts:
        if asked is None or asked.response is None or cut is None:
            continue
        goes_on = isinstance(cut, RedirectsOn)
        rule = "redirect-chain" if goes_on else "redirect-elsewhere"
        if rule in found:
            continue
        found.add(rule)
        location = value_of(asked.response, "Location")
        yield Finding(
            RULES[rule],
            Severity.WARNING if goes_on else Severity.NOTE,
            f"{asked.request.url} redirects to {location}: {cut}.",
            (asked,),
        )
