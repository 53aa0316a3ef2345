"""The servers that people put together on the page: each kept under its own id, the latest only.

Here: `Setup`, the bounded store, and reading a policy or fixed lines from a state, with every problem.
Not here: the API behind it (`api.py`), answers by fixed lines (`fixed.py`), what is recorded.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from corsac import Policy, PolicyError, PolicyWarning

from .fixed import FixedAnswers, read_lines, read_status
from .state import FIXED_FIELDS, POLICY_FIELDS, Problem, State

if TYPE_CHECKING:
    from collections.abc import Callable

# Chosen by us because a page keeps one in use, and examples some dozen.
MAX_SETUPS: Final = 256
# In hexadecimal digits; enough that no two of the kept ones share one.
ID_LENGTH: Final = 12

_FLAGS: Final = (
    "allow_credentials",
    "dangerously_allow_null_origin",
    "dangerously_allow_insecure_origins",
    "dangerously_allow_public_suffix_origins",
)
_LISTS: Final = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
# Between slashes, as JavaScript writes it, since no origin begins with a slash.
_REGEX: Final = re.compile(r"/(.*)/(i?)", re.DOTALL)


@dataclass(frozen=True)
class Setup:
    """A server that answers: by a policy, or by fixed lines."""

    id: str
    answers: Policy | FixedAnswers
    warnings: tuple[str, ...] = ()

    @property
    def policy(self) -> Policy | None:
        return self.answers if isinstance(self.answers, Policy) else None


class Setups:
    """The latest setups by their ids. An id is made of what the setup says, so that links stay good."""

    def __init__(self) -> None:
        self._setups: OrderedDict[str, Setup] = OrderedDict()
        self._lock = Lock()

    def keep(self, state: State) -> tuple[Setup | None, list[Problem]]:
        """The setup of a state, or what is wrong with it."""
        read: Callable[[State], Any] = (
            _read_policy if state.server == "policy" else _read_fixed
        )
        answers, said, problems = read(state)
        if problems:
            return None, problems
        fields = POLICY_FIELDS if state.server == "policy" else FIXED_FIELDS
        text = json.dumps([getattr(state, field) for field in fields])
        id = hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]
        setup = Setup(id, answers, tuple(said))
        with self._lock:
            self._setups[setup.id] = setup
            self._setups.move_to_end(setup.id)
            while len(self._setups) > MAX_SETUPS:
                self._setups.popitem(last=False)
        return setup, []

    def of(self, id: str) -> Setup | None:
        with self._lock:
            return self._setups.get(id)

    def __len__(self) -> int:
        with self._lock:
            return len(self._setups)


# `warnings.catch_warnings` changes what all threads see, so one at a time.
_warned = Lock()


def _read_policy(
    state: State,
) -> tuple[Policy | None, list[str], list[Problem]]:
    """The policy that the form says, and what corsac warns of; or every problem."""
    keywords: dict[str, Any] = {field: getattr(state, field) for field in _FLAGS}
    problems: list[Problem] = []
    with _warned, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for field in _LISTS:
            keywords[field] = list(getattr(state, field))
        keywords["allow_origins"] = [
            _read_origin(index, line, problems)
            for index, line in enumerate(state.allow_origins)
        ]
        keywords["max_age"] = _read_number(state.max_age)
        keywords["preflight_status"] = _read_number(state.preflight_status)
        try:
            policy = Policy(**keywords)
        except PolicyError as error:
            problems += [
                Problem(found.field, found.index, found.message, found.code)
                for found in error.problems
            ]
            policy = None
    said = [
        str(warning.message)
        for warning in caught
        if issubclass(warning.category, PolicyWarning)
    ]
    return policy, said, problems


def _read_origin(index: int, line: str, problems: list[Problem]) -> Any:
    """A pattern; between slashes, a regex."""
    regex = _REGEX.fullmatch(line)
    if regex is None:
        return line
    try:
        return re.compile(regex[1], re.IGNORECASE if regex[2] else 0)
    except (re.error, RecursionError, OverflowError) as error:
        message = f"the regex does not compile ({error}); write it anew between slashes"
        code = "invalid-origin-regex"
        problems.append(Problem("allow_origins", index, message, code))
        # Of the same length as the list that people see, and no problem of its own.
        return "https://placeholder.invalid"


def _read_number(text: str) -> int | str | None:
    """A number where it is one; None for nothing; other text as it is, which the policy then refuses."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() else text


def _read_fixed(state: State) -> tuple[FixedAnswers | None, list[str], list[Problem]]:
    problems: list[Problem] = []
    answers = FixedAnswers(
        options_status=read_status("options_status", state.options_status, problems)
        or 204,
        options_lines=read_lines("options_lines", state.options_lines, problems),
        status=read_status("status", state.status, problems),
        lines=read_lines("lines", state.lines, problems),
    )
    return (None if problems else answers), [], problems


def state_lines(policy: Policy) -> dict[str, Any]:
    """A policy as the form's fields hold it."""

    def spell(value: Any) -> str:
        if isinstance(value, re.Pattern):
            return f"/{value.pattern}/{'i' if value.flags & re.IGNORECASE else ''}"
        return "" if value is None else str(value)

    fields: dict[str, Any] = {field: getattr(policy, field) for field in _FLAGS}
    for field in _LISTS:
        fields[field] = tuple(spell(value) for value in getattr(policy, field))
    fields["max_age"] = spell(policy.max_age)
    fields["preflight_status"] = spell(policy.preflight_status)
    return fields
