"""What is wrong with a policy, before a browser says it: `corsac lint`.

Here: the public names. Not here: how a policy is found (`corsac.subject`), what a browser does
(`corsac.browser`); `import corsac` does not import it.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from .._severity import Severity
from ._compare import Outcome, Row
from ._finding import (
    Finding,
    LintedPolicy,
    Report,
)
from ._lint import lint
from ._rules import RULES, Rule

__all__ = [
    "RULES",
    "Finding",
    "LintedPolicy",
    "Outcome",
    "Report",
    "Row",
    "Rule",
    "Severity",
    "lint",
]
