"""What an example is: a state of the page's form, and what must come of it.

Here: the shape of one row, and the state that it stands for.
Not here: the rows (`examples.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corsac import Policy

from .setups import state_lines
from .state import State


@dataclass(frozen=True)
class Answered:
    """What the policy must say to one request: an outcome, and for a refusal its reason."""

    outcome: str
    refusal: str | None = None

    def __str__(self) -> str:
        return self.outcome + (f" ({self.refusal})" if self.refusal else "")


@dataclass(frozen=True)
class Example:
    """One row.

    `shows` is for people; code stands in it between backquotes. `policy` names one of
    `policies_for`, None where fixed lines answer. `asks`: the fields of the form that differ from
    their defaults. `answered`: what the policy says to each request, in order. `failure`: the code
    of the step at which the standard refuses. `reads`: a part of the last answer's JSON, where the
    page can read it. `depends_on`: the fields that it turns on. `sections` are of the standard:
    label and link.
    """

    name: str
    group: str
    title: str
    shows: str
    policy: str | None
    asks: Mapping[str, Any]
    readable: bool
    depends_on: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    answered: tuple[Answered, ...] = ()
    failure: str | None = None
    reads: Mapping[str, Any] = field(default_factory=dict)

    def state(self, policies: Mapping[str, Policy]) -> State:
        """The form as this example fills it. No such policy: a form without origins."""
        if self.policy is None:
            return State(server="fixed", **self.asks)
        policy = policies.get(self.policy)
        lines = state_lines(policy) if policy else {"allow_origins": ()}
        return State(**lines, **self.asks)
