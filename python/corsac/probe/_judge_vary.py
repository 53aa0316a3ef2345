"""Judges caches: responses that differ by Origin must say so.

Here: `judge_vary`. Not here: header lines by themselves (`_judge_lines.py`).
Spec: https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corsac.browser import Response

from .._severity import Severity
from ._answers import Answers
from ._asker import Asked
from ._fields import ALLOW_CREDENTIALS, ALLOW_ORIGIN, list_of, value_of
from ._finding import (
    Finding,
)
from ._rules import RULES

#: Lines that only a shared cache, or what stands before one, writes.
_CACHE_LINES: Final = (
    "Age",
    "X-Cache",
    "X-Cache-Hits",
    "CF-Cache-Status",
    "X-Varnish",
    "X-Amz-Cf-Pop",
    "X-Served-By",
    "CDN-Cache-Control",
    "Surrogate-Control",
)
_KEPT: Final = re.compile(
    r"(?:^|,)\s*(?:public|(?:s-maxage|max-age)=\s*\"?0*[1-9])", re.IGNORECASE
)


def judge_vary(answers: Answers) -> Iterator[Finding]:
    """At most one finding, with two responses that a cache could take for each other.

    https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
    """
    same = [
        asked
        for asked in answers.record
        if asked.request.method == "GET"
        and asked.request.url == answers.target
        and asked.response is not None
    ]
    silent = [asked for asked in same if asked.response and _is_silent(asked.response)]
    # Who a cache meets first matters: a response that was kept is evidence beyond doubt.
    silent.sort(key=lambda asked: not _cache_words(asked))
    for asked in silent:
        other = next((one for one in same if _said(one) != _said(asked)), None)
        if other is None:
            continue
        words = _cache_words(asked)
        kept = f" {words} shows that caches keep it." if words else ""
        yield Finding(
            RULES["missing-vary"],
            Severity.ERROR if words else Severity.WARNING,
            f"The response to {_who(asked)} has no Vary: Origin, and {_who(other)} gets "
            f"{ALLOW_ORIGIN} otherwise.{kept}",
            (asked, other),
        )
        return


def _is_silent(response: Response) -> bool:
    """Whether a cache may keep it, and is not told that it depends on the Origin."""
    vary = list_of(response, "Vary")
    if "origin" in vary or "*" in vary:
        return False
    return "no-store" not in list_of(response, "Cache-Control")


def _said(asked: Asked) -> tuple[str | None, str | None]:
    if asked.response is None:
        return None, None
    return (
        value_of(asked.response, ALLOW_ORIGIN),
        value_of(asked.response, ALLOW_CREDENTIALS),
    )


def _who(asked: Asked) -> str:
    origins = [value for name, value in asked.request.headers if name == "Origin"]
    return origins[0] if origins else "no Origin"


def _cache_words(asked: Asked) -> str:
    """The line that shows that shared caches keep the response; empty where none does."""
    if asked.response is None:
        return ""
    for name in _CACHE_LINES:
        value = value_of(asked.response, name)
        if value is not None:
            return f"{name}: {value[:80]}"
    control = value_of(asked.response, "Cache-Control") or ""
    if _KEPT.search(control) and "private" not in control.lower():
        return f"Cache-Control: {control[:80]}"
    return ""
