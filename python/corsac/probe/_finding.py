"""What the probe has to say: findings, their severity, and what they rest on.

Here: `Finding`, `Report`. Not here: the closed list of ids (`_rules.py`), when each is
found (`_judge.py`), how they are shown (`_terminal.py`, `_json.py`, `_sarif.py`).
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317648
"""

from __future__ import annotations

from dataclasses import dataclass

from .._severity import Severity
from ._asker import Asked
from ._rule import Rule


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    `rule`: a `Rule`, with the id, the title, why it matters and what to change. `severity`: a
    `Severity`. `text`: what was seen, a sentence or two. `evidence`: the exchanges that show it.
    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317638
    """

    rule: Rule
    severity: Severity
    text: str
    evidence: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of one origin may read of the URL. `asked`: why this origin, a phrase.
    `is_allowed`: whether it was named as one that should be let in."""

    origin: str
    asked: str
    is_allowed: bool
    readable: bool
    readable_with_credentials: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that came of a probe.

    `url`: what was named. `origin`: the origin to write into the fixes. `server`: which of
    `remedies.SERVERS` it seems to be, or None. `requests`: how many went out. `pages`: the origins
    that asked. `findings`: the worst first. `stopped`: why not all was asked, or None.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    url: str
    origin: str
    server: str | None
    requests: int
    pages: tuple[Page, ...]
    findings: tuple[Finding, ...]
    stopped: str | None = None

    def worst(self) -> Severity | None:
        """The highest severity among the findings, None where there is none."""
        return max(
            (finding.severity for finding in self.findings),
            key=lambda severity: severity.weight,
            default=None,
        )
