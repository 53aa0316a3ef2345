"""What became of a load.

Here: `Success`, `Failure`, and what a load may give. Not here: when it is told (`_report.py`).
Spec: https://docs.python.org/3/library/datetime.html#aware-and-naive-objects
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from corsac import OriginPolicies, Policy, PolicyMap, Problem

#: What a load may give.
Loaded: TypeAlias = Policy | PolicyMap | OriginPolicies


@dataclass(frozen=True)
class Success:
    """A load that gave a policy.

    `at`: the aware `datetime` of its end, in local time. `seconds`: a float, how long it took.
    `changed`: a bool, whether the policy was another than the one before.
    Source: https://docs.python.org/3/library/datetime.html#aware-and-naive-objects
    """

    at: datetime
    seconds: float
    changed: bool


@dataclass(frozen=True)
class Failure:
    """A load that gave none; the policy before it stays.

    `at`: the aware `datetime` of its end, in local time. `text`: a str of at most 4,000
    characters, which says what is wrong, on several lines where there are several problems.
    `problems`: a tuple with the first 100 `Problem` of a `PolicyError`, empty for everything else.
    `error`: the exception, for `on_failure`; None in `Reloader.last_failure`, which keeps no
    traceback and so nothing that a load had in hand.
    Source: https://docs.python.org/3/library/datetime.html#aware-and-naive-objects
    """

    at: datetime
    text: str
    problems: tuple[Problem, ...]
    error: BaseException | None
