"""From answers to a report: all judges, their findings in order, the server that it seems to be.

Here: `judge`. Not here: any rule (`_judge_*.py`), any asking (`_probe.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ._answers import Answers
from ._fields import value_of
from ._finding import Page, Report
from ._judge_lines import judge_lines
from ._judge_network import judge_network
from ._judge_origins import judge_origins
from ._judge_pages import judge_pages
from ._judge_vary import judge_vary
from ._lines import safe

#: The most characters of a finding's text. Chosen by us because a value of 100 fits twice.
_LONGEST_TEXT: Final = 500

#: Words in `X-Powered-By`, `Server` and `Via`, in that order, and the key of `remedies.SERVERS`.
_SERVERS: Final = {
    "express": "express",
    "amazons3": "s3",
    "cloudfront": "s3",
    "nginx": "nginx",
    "openresty": "nginx",
    "apache": "apache",
    "caddy": "caddy",
    "werkzeug": "flask",
    "uvicorn": "starlette",
    "hypercorn": "starlette",
}


def judge(answers: Answers) -> Report:
    """The report of what was asked so far."""
    findings = [
        *judge_network(answers),
        *judge_origins(answers),
        *judge_pages(answers),
        *judge_vary(answers),
        *judge_lines(answers),
    ]
    # A sentence may hold what the server sent.
    findings = [
        replace(finding, text=safe(finding.text, _LONGEST_TEXT)) for finding in findings
    ]
    findings.sort(key=lambda finding: -finding.severity.weight)
    origins = answers.options.origins
    return Report(
        url=answers.options.url,
        origin=origins[0] if origins else "https://app.example",
        server=_server_of(answers),
        requests=len(answers.record),
        pages=_pages(answers),
        findings=tuple(findings),
        stopped=answers.stopped,
    )


def _pages(answers: Answers) -> tuple[Page, ...]:
    allowed = [
        Page(
            page.origin,
            "should be let in",
            True,
            page.readable,
            page.readable_with_credentials,
        )
        for page in answers.pages
    ]
    tried = [
        Page(
            one.tried.origin,
            one.tried.purpose,
            False,
            one.readable,
            one.readable_with_credentials,
        )
        for one in answers.tries
    ]
    return (*allowed, *tried)


def _server_of(answers: Answers) -> str | None:
    for line in ("X-Powered-By", "Server", "Via"):
        for asked in answers.record:
            value = value_of(asked.response, line) if asked.response else None
            for word, server in _SERVERS.items():
                if value is not None and word in value.lower():
                    return server
    return None
