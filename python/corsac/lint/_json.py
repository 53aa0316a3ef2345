"""A report as one JSON document.

Here: `json_document`, whose keys are a promise. Not here: SARIF (`_sarif.py`).
Spec: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..subject.policy_text import python_call, toml_table
from ._compare import Outcome, Row
from ._finding import Finding, LintedPolicy, Report
from ._rules import RULES


def json_document(reports: Iterable[Report]) -> str:
    """`{"reports": [...]}`, indented.

    Source: https://www.rfc-editor.org/rfc/rfc8259
    """
    document = {"reports": [_report(report) for report in reports]}
    # ASCII, since what a configuration holds may be no text that an output can take.
    return json.dumps(document, indent=2)


def _report(report: Report) -> dict[str, Any]:
    worst = report.worst()
    return {
        "subject": report.subject.name,
        "kind": report.subject.kind.value,
        "worst": None if worst is None else worst.value,
        "notes": list(report.notes),
        "policies": [_policy(policy) for policy in report.policies],
    }


def _policy(policy: LintedPolicy) -> dict[str, Any]:
    found, equivalent = policy.found, policy.equivalent
    return {
        "library": found.library,
        "name": found.name,
        "sentence": found.sentence,
        "prefix": found.prefix,
        "path": found.path,
        "route": found.route,
        "host": found.host,
        "findings": [_finding(finding) for finding in policy.findings],
        "python": None if equivalent is None else python_call(equivalent),
        "toml": None if equivalent is None else toml_table(equivalent),
        "changes": list(policy.changes),
        "tried": policy.tried,
        "rows": None if policy.rows is None else [_row(row) for row in policy.rows],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "text": finding.text,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "source": RULES[finding.rule].source,
    }


def _row(row: Row) -> dict[str, Any]:
    fetch = row.fetch
    return {
        "meaning": row.meaning,
        "rank": row.rank,
        "page_origin": fetch.page_origin,
        "reason": row.reason,
        "url": fetch.url,
        "method": fetch.method,
        "headers": [list(line) for line in fetch.headers],
        "credentials": fetch.credentials,
        "before": _outcome(row.before),
        "after": _outcome(row.after),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "readable": [browser.value for browser in outcome.readable],
        "failure": outcome.failure,
    }
