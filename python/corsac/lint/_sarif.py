"""A report as a SARIF log, for services that show findings beside the code.

Here: `sarif_document`. Not here: the findings themselves.
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from ._finding import Finding, Report
from ._rules import RULES

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_document(reports: Iterable[Report]) -> str:
    """One SARIF log with one run.

    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
    """
    findings = [finding for report in reports for finding in report.findings()]
    used = sorted({finding.rule for finding in findings})
    run = {
        "tool": {
            "driver": {
                "name": "corsac lint",
                "version": version("corsac"),
                "rules": [_rule(rule) for rule in used],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, used) for finding in findings],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2)


def _rule(rule: str) -> dict[str, Any]:
    one = RULES[rule]
    return {
        "id": one.id,
        "shortDescription": {"text": one.summary},
        "helpUri": one.source,
        "defaultConfiguration": {"level": one.severity.value},
    }


def _result(finding: Finding, used: list[str]) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": finding.where}]
    }
    if finding.place is not None:
        path = Path(finding.place.file)
        uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
        location["physicalLocation"] = {
            "artifactLocation": {"uri": uri},
            "region": {
                "startLine": finding.place.line,
                "startColumn": finding.place.column,
            },
        }
    return {
        "ruleId": finding.rule,
        "ruleIndex": used.index(finding.rule),
        "level": finding.severity.value,
        "message": {"text": finding.text},
        "locations": [location],
    }
