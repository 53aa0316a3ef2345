"""The report as SARIF 2.1.0, for code scanning in CI.

Here: `to_sarif`. Not here: plain JSON (`_json.py`).
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import hashlib
import json
import urllib.parse
from importlib.metadata import version
from typing import Any

from ._asker import Asked
from ._finding import Finding, Report
from ._lines import safe, telling_lines
from ._rule import Rule
from ._rules import RULES
from .remedies import SERVERS, lines

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def to_sarif(report: Report) -> str:
    """One run with the whole list of rules; each result has the exchanges that show it."""
    places = {rule: index for index, rule in enumerate(RULES)}
    run = {
        "tool": {
            "driver": {
                "name": "corsac probe",
                "version": version("corsac"),
                "informationUri": "https://pypi.org/project/corsac/",
                "rules": [_rule(rule, report.origin) for rule in RULES.values()],
            }
        },
        "invocations": [_invocation(report)],
        "results": [
            _result(finding, report, places[finding.rule.id])
            for finding in report.findings
        ],
        "columnKind": "unicodeCodePoints",
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False)


def _rule(rule: Rule, origin: str) -> dict[str, Any]:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317836"""
    text, markdown = [f"{rule.why} {rule.fix}"], [f"{rule.why} {rule.fix}"]
    if rule.remedy is not None:
        for server, name in SERVERS.items():
            code = lines(server, rule.remedy, origin)
            text.append(f"{name}:\n{code}")
            markdown.append(f"**{name}**\n```\n{code}\n```")
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "helpUri": rule.source,
        "help": {"text": "\n\n".join(text), "markdown": "\n\n".join(markdown)},
    }


def _invocation(report: Report) -> dict[str, Any]:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317567"""
    invocation: dict[str, Any] = {"executionSuccessful": report.stopped is None}
    if report.stopped is not None:
        invocation["toolExecutionNotifications"] = [
            {
                "level": "warning",
                "message": {"text": f"Not all was asked: {report.stopped}."},
            }
        ]
    return invocation


def _result(finding: Finding, report: Report, place: int) -> dict[str, Any]:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317638"""
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": place,
        "level": finding.severity.value,
        "message": {"text": f"{finding.rule.title}. {finding.text}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": report.url}}}],
        "partialFingerprints": {
            "corsacProbe/v1": hashlib.sha256(
                f"{finding.rule.id} {report.url}".encode()
            ).hexdigest()
        },
    }
    if finding.evidence:
        asked = finding.evidence[0]
        result["webRequest"] = _request(asked)
        result["webResponse"] = _response(asked)
    return result


def _request(asked: Asked) -> dict[str, Any]:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317807"""
    headers = {name: safe(value) for name, value in asked.request.headers}
    headers.update(dict.fromkeys(asked.secrets, "(as given)"))
    url = urllib.parse.urlsplit(asked.request.url)
    return {
        "protocol": "HTTP",
        "version": "1.1",
        "target": (url.path or "/") + (f"?{url.query}" if url.query else ""),
        "method": asked.request.method,
        "headers": headers,
    }


def _response(asked: Asked) -> dict[str, Any]:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317823"""
    if asked.response is None:
        return {"noResponseReceived": True}
    headers: dict[str, str] = {}
    for name, value in telling_lines(asked):
        # An object has each name once; the lines are joined as a browser joins them.
        headers[name] = safe(f"{headers[name]}, {value}" if name in headers else value)
    return {
        "protocol": "HTTP",
        "version": "1.1",
        "statusCode": asked.response.status,
        "reasonPhrase": safe(asked.response.reason),
        "headers": headers,
    }
