"""The report as one JSON document.

Here: `to_json`. Not here: SARIF (`_sarif.py`). Keys stay; new ones may come.
Spec: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from ._asker import Asked
from ._finding import Finding, Report
from ._lines import request_lines, response_lines
from .remedies import SERVERS, lines


def to_json(report: Report) -> str:
    """The whole report, with every server's lines."""
    return json.dumps(
        {
            "corsac": version("corsac"),
            "url": report.url,
            "requests": report.requests,
            "complete": report.stopped is None,
            "stopped": report.stopped,
            "server": report.server,
            "pages": [
                {
                    "origin": page.origin,
                    "why": page.asked,
                    "allowed": page.is_allowed,
                    "readable": page.readable,
                    "readable_with_credentials": page.readable_with_credentials,
                }
                for page in report.pages
            ],
            "findings": [
                _finding(finding, report.origin) for finding in report.findings
            ],
        },
        indent=2,
        ensure_ascii=False,
    )


def _finding(finding: Finding, origin: str) -> dict[str, Any]:
    rule = finding.rule
    remedy = rule.remedy
    return {
        "id": rule.id,
        "severity": finding.severity.value,
        "title": rule.title,
        "text": finding.text,
        "why": rule.why,
        "source": rule.source,
        "fix": rule.fix,
        "fixes": {}
        if remedy is None
        else {server: lines(server, remedy, origin) for server in SERVERS},
        "evidence": [_exchange(asked) for asked in finding.evidence],
    }


def _exchange(asked: Asked) -> dict[str, Any]:
    return {
        "purpose": asked.purpose,
        "url": asked.request.url,
        "request": request_lines(asked),
        "response": None if asked.response is None else response_lines(asked),
        "failure": None if asked.failure is None else str(asked.failure),
    }
