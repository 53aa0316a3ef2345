"""One kind of finding: its reason and its cure, written once.

Here: `Rule`, and the cure that most rules share. Not here: the closed list (`_rules.py`).
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317836
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LIST: Final = (
    "Compare the whole Origin, byte by byte, with a list of origins, and send back the one that is "
    "equal; send nothing to others."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding.

    `id`: what tools refer to. `title`: a headline. `why`: why it matters. `source`: the link into
    the standard. `fix`: what to change, for any server. `remedy`: the key of `remedies.REMEDIES`
    under which each server's own lines stand, or None.
    """

    id: str
    title: str
    why: str
    source: str
    fix: str
    remedy: str | None = None
