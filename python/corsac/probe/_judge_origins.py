"""Judges who is let in: the tries, and preflights of a stranger.

Here: the findings of `ORIGIN_RULES`. Not here: who is shut out (`_judge_pages.py`).
Whether a page can read is the verdict of the browser's model; here it only gets its weight.
Spec: https://fetch.spec.whatwg.org/#concept-cors-check
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._severity import Severity
from ._answers import Answers, Tried
from ._fields import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    value_of,
)
from ._finding import (
    Finding,
)
from ._rules import RULES

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
#: How bad it is that one is let in: with credentials, and without.
_WEIGHTS: Final = {
    "reflected-origin": (_ERROR, _WARNING),
    "null-origin": (_ERROR, _WARNING),
    "origin-suffix": (_ERROR, _WARNING),
    "origin-prefix": (_ERROR, _WARNING),
    "unescaped-dot": (_ERROR, _WARNING),
    "special-character-host": (_ERROR, _WARNING),
    "insecure-origin": (_ERROR, _NOTE),
    "any-subdomain": (_WARNING, _NOTE),
    "other-port": (_WARNING, _NOTE),
    "localhost-origin": (_WARNING, _NOTE),
    "origin-case": (_NOTE, _NOTE),
}


def judge_origins(answers: Answers) -> Iterator[Finding]:
    """The findings of the tries, each rule once.

    https://fetch.spec.whatwg.org/#concept-cors-check
    """
    let_in: dict[str, list[Tried]] = {}
    for tried in answers.tries:
        if _is_let_in(tried):
            let_in.setdefault(tried.tried.rule, []).append(tried)
    if "reflected-origin" in let_in:
        # Whoever reflects any origin reflects null, too.
        let_in.pop("null-origin", None)
    for rule, ones in let_in.items():
        with_credentials = any(one.readable_with_credentials for one in ones)
        origins = " and ".join(one.tried.origin for one in ones)
        reads = (
            "can read the response, with the visitor's cookies"
            if with_credentials
            else "can read the response, without the visitor's cookies"
        )
        if rule == "origin-case":
            reads = "is sent back as it came"
        yield Finding(
            RULES[rule],
            _WEIGHTS[rule][0 if with_credentials else 1],
            f"{origins} {reads}.",
            tuple(one.asked for one in ones),
        )
    yield from _judge_strange_preflight(answers, "reflected-origin" in let_in)


def _is_let_in(tried: Tried) -> bool:
    """Whether this origin is let in by name; `*` lets everybody in, and says so."""
    response = tried.asked.response
    if response is None or value_of(response, ALLOW_ORIGIN) == "*":
        return False
    return tried.readable or tried.readable_with_credentials


def _judge_strange_preflight(answers: Answers, reflects: bool) -> Iterator[Finding]:
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    strange = answers.strange
    if strange is None or strange.asked.response is None or reflects:
        return
    response = strange.asked.response
    allowed = value_of(response, ALLOW_ORIGIN)
    reads_anyway = any(
        tried.readable
        for tried in answers.tries
        if tried.tried.origin == strange.origin
    )
    if allowed in ("*", strange.origin) and not reads_anyway:
        sends = value_of(response, ALLOW_CREDENTIALS) == "true" and allowed != "*"
        cookies = "with" if sends else "without"
        what = " and ".join([strange.method, *strange.names])
        yield Finding(
            RULES["preflight-open"],
            _ERROR if sends else _WARNING,
            f"{strange.origin} gets leave in a preflight for {what}, {cookies} the visitor's "
            "cookies, and cannot read the response of a GET.",
            (strange.asked,),
        )
    elif allowed is None:
        named = [
            name
            for name in (ALLOW_METHODS, ALLOW_HEADERS)
            if value_of(response, name) is not None
        ]
        if named:
            yield Finding(
                RULES["names-for-strangers"],
                _NOTE,
                f"The preflight of {strange.origin} is refused, and told {' and '.join(named)}.",
                (strange.asked,),
            )
