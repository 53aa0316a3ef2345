"""What the linter has to say: findings with their severity, and what they are about.

Here: `Finding`, `LintedPolicy`, `Report`. Not here: the closed list of ids
(`_rules.py`), when each is found (`_policy_rules.py`, `_lint.py`), how they are shown.
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317648
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._policy import Policy
from .._severity import Severity
from ..subject import FoundPolicy, Place, Subject

if TYPE_CHECKING:
    from ._compare import Row


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    `rule`: a str, a key of `RULES`. `severity`: a `Severity`. `text`: a sentence that says what to
    write instead. `where`: which policy, for people. `place`: a `Place`, None where no file shows it.
    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317638
    """

    rule: str
    severity: Severity
    text: str
    where: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class LintedPolicy:
    """What came of one policy.

    `found`: the `FoundPolicy`. `findings`: a tuple, the worst first. `equivalent`: a `Policy` that
    can be written down, None where there is none. `changes`: sentences about what it does not do as
    before. `rows`: the requests whose answer a browser takes otherwise under it, the worst first;
    None where no request was tried. `tried`: how many fetches were tried.
    """

    found: FoundPolicy
    findings: tuple[Finding, ...]
    equivalent: Policy | None = None
    changes: tuple[str, ...] = ()
    rows: tuple[Row, ...] | None = None
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that came of one subject. `notes`: sentences about what was not looked at.

    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    subject: Subject
    policies: tuple[LintedPolicy, ...]
    notes: tuple[str, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """The findings of all policies."""
        for policy in self.policies:
            yield from policy.findings

    def worst(self) -> Severity | None:
        """The highest severity among the findings, None where there is none."""
        return max(
            (finding.severity for finding in self.findings()),
            key=lambda severity: severity.weight,
            default=None,
        )
