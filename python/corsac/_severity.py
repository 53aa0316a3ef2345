"""How much a finding matters.

Here: `Severity`, for whatever reports findings. Not here: which finding is how severe (`lint/`, `probe/`).
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317648
"""

from __future__ import annotations

from enum import Enum


class Severity(str, Enum):
    """The words are SARIF's levels.

    `ERROR`: pages are let in that must not be, or shut out that should not be, or no policy can be
    made of it. `WARNING`: so it is in some circumstances, or it is hardly ever meant. `NOTE`: worth
    knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    __str__ = str.__str__

    @property
    def weight(self) -> int:
        """The larger, the worse."""
        return {"error": 3, "warning": 2, "note": 1}[self.value]
