"""Judges header lines: what no browser understands, or understands otherwise than meant.

Here: the findings of `LINE_RULES` that one response shows. Not here: what takes several
(`_judge_vary.py`). Spec: https://fetch.spec.whatwg.org/#http-new-header-syntax
"""

from __future__ import annotations

from collections.abc import Iterator

from corsac.browser import Fetch, Response

from .._severity import Severity
from ._answers import Answers, Preflight
from ._asker import Asked
from ._fields import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
    MAX_AGE,
    PRIVATE_NETWORK,
    lines_of,
    list_of,
    value_of,
)
from ._finding import (
    Finding,
)
from ._rules import RULES

#: Chromium's bound; only Firefox keeps anything longer.
_LONGEST_AGE = 7200


def judge_lines(answers: Answers) -> Iterator[Finding]:
    """The findings of single responses, each rule once, on the first that shows it.

    https://fetch.spec.whatwg.org/#http-new-header-syntax
    """
    found = set()
    for asked in answers.record:
        if asked.response is None:
            continue
        for rule, severity, text in _of_response(asked, asked.response):
            if rule not in found:
                found.add(rule)
                yield Finding(RULES[rule], severity, text, (asked,))
    if answers.unlikely is not None and answers.unlikely.is_granted:
        yield _of_unlikely(answers.unlikely)


_Found = tuple[str, Severity, str]


def _of_response(asked: Asked, response: Response) -> Iterator[_Found]:
    yield from _of_allow_origin(asked, response)
    yield from _of_credentials(response)
    yield from _of_max_age(response)
    if value_of(response, PRIVATE_NETWORK) is not None:
        yield "private-network", Severity.NOTE, f"{PRIVATE_NETWORK} is sent."


def _of_allow_origin(asked: Asked, response: Response) -> Iterator[_Found]:
    """https://fetch.spec.whatwg.org/#http-access-control-allow-origin"""
    lines = lines_of(response, ALLOW_ORIGIN)
    if not lines:
        return
    value = lines[0]
    if len(lines) > 1:
        text = (
            f"{ALLOW_ORIGIN} is sent {len(lines)} times: {', '.join(map(repr, lines))}."
        )
        yield "several-origins", Severity.ERROR, text
    elif "," in value or " " in value:
        text = f"{ALLOW_ORIGIN} is {value!r}, which is several values in one line."
        yield "several-origins", Severity.ERROR, text
    elif (
        value != "*"
        and ("Origin", value) not in asked.request.headers
        and not _is_origin(value)
    ):
        text = f"{ALLOW_ORIGIN} is {value!r}, which is no origin."
        yield "invalid-allow-origin", Severity.ERROR, text


def _is_origin(value: str) -> bool:
    """Whether some page can have it. A `*` may stand in a host by the URL standard, and never does.

    https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
    """
    try:
        Fetch(page_origin=value, url="https://api.example/")
    except ValueError:
        return False
    return "*" not in value


def _of_credentials(response: Response) -> Iterator[_Found]:
    """https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"""
    lines = lines_of(response, ALLOW_CREDENTIALS)
    if len(lines) > 1:
        text = f"{ALLOW_CREDENTIALS} is sent {len(lines)} times."
        yield "duplicated-header", Severity.WARNING, text
    elif lines and lines[0] != "true":
        # `false` does no harm: it is what no header at all says.
        severity = Severity.NOTE if lines[0] == "false" else Severity.WARNING
        text = f"{ALLOW_CREDENTIALS} is {lines[0]!r}."
        yield "allow-credentials-value", severity, text
    if "true" not in lines:
        return
    if value_of(response, ALLOW_ORIGIN) == "*":
        text = f"{ALLOW_ORIGIN} is *, and {ALLOW_CREDENTIALS} is true."
        yield "wildcard-with-credentials", Severity.WARNING, text
        return
    for name in (ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS):
        if "*" in list_of(response, name):
            text = f"{name} has *, and {ALLOW_CREDENTIALS} is true."
            yield "literal-wildcard", Severity.WARNING, text


def _of_max_age(response: Response) -> Iterator[_Found]:
    """https://fetch.spec.whatwg.org/#http-access-control-max-age"""
    lines = lines_of(response, MAX_AGE)
    if len(lines) > 1:
        text = f"{MAX_AGE} is sent {len(lines)} times."
        yield "duplicated-header", Severity.WARNING, text
    elif lines and not (lines[0].isascii() and lines[0].isdecimal()):
        yield "invalid-max-age", Severity.NOTE, f"{MAX_AGE} is {lines[0]!r}."
    elif lines and (len(lines[0]) > 9 or int(lines[0]) > _LONGEST_AGE):
        yield "max-age", Severity.NOTE, f"{MAX_AGE} is {lines[0]} seconds."


def _of_unlikely(preflight: Preflight) -> Finding:
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    response = preflight.asked.response
    sends = response is not None and value_of(response, ALLOW_CREDENTIALS) == "true"
    return Finding(
        RULES["any-method-and-header"],
        Severity.WARNING if sends else Severity.NOTE,
        f"The preflight of {preflight.origin} for {preflight.method} and "
        f"{', '.join(preflight.names)} is granted.",
        (preflight.asked,),
    )
