"""`corsac probe`: what a live server says to a browser, and to an attacker.

Here: the public names. Not here: any rule, any I/O; nothing imports this package but the command
line. It needs the extra `cli`.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from .._severity import Severity
from ._asker import Asked
from ._finding import (
    Finding,
    Page,
    Report,
)
from ._options import OptionError, Options
from ._rule import Rule
from ._rules import RULES
from ._run import probe

__all__ = [
    "RULES",
    "Asked",
    "Finding",
    "OptionError",
    "Options",
    "Page",
    "Report",
    "Rule",
    "Severity",
    "probe",
]
