"""What can be wrong with a policy, each kind with its code.

Here: `Problem`, `PolicyError`, `PolicyWarning`, the closed list of codes, and their collector.
Here too: what is no list and no flag. Not here: the rules for values (`_policy.py`, `_origins.py`,
`_names.py`).
Codes are `<refusal>-<subject>`: invalid = malformed; prohibited = corsac refuses it;
forbidden = Fetch refuses it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

CODES: Final[dict[str, str]] = {
    "invalid-list": "Something else where a list of values belongs, most often one bare string.",
    "invalid-flag": "A flag that is neither True nor False.",
    "invalid-origin-pattern": "A pattern that is malformed.",
    "prohibited-origin-pattern": "A pattern that is understood, and that no browser's origin equals, or any can.",
    "invalid-origin-regex": "A regex that a linear-time engine does not compile, or reads differently.",
    "prohibited-origin-regex": "A regex that is nearly always a mistake, too large, or with odd flags.",
    "prohibited-empty-origins": "No origin at all.",
    "prohibited-null-origin": "`null` without the flag that allows it.",
    "prohibited-wildcard-with-credentials": "`*` for origins or exposed headers, with credentials.",
    "prohibited-insecure-origin-with-credentials": "An `http://` origin, with credentials.",
    "prohibited-public-suffix-origin-with-credentials": "A wildcard that anybody can register under.",
    "prohibited-open-regex-with-credentials": "A regex that leaves the scheme open, with credentials.",
    "invalid-method": "A method that is no token.",
    "forbidden-method": "CONNECT, TRACE or TRACK.",
    "invalid-request-header": "A request-header name that is no token.",
    "forbidden-request-header": "A request header that pages may not set.",
    "prohibited-request-header": "A response header of the CORS protocol among request headers.",
    "invalid-response-header": "A response-header name that is no token.",
    "forbidden-response-header": "A response header that pages never read.",
    "prohibited-response-header": "A header of the CORS protocol among exposed headers.",
    "invalid-max-age": "A duration that is no whole number of seconds from 0 to 86400.",
    "invalid-preflight-status": "A status for allowed preflights other than 204 and 200.",
    "invalid-name": "A name that metrics and logs could not carry.",
    "invalid-own-origin": "An own origin that is no exact origin.",
    "invalid-resource-policy": "Something else than the two words of a resource policy.",
    "invalid-shadow": "A shadow that is no policy, or that nobody could read the counts of.",
    "invalid-route": "A route that no request can have, or one that stands twice.",
    "invalid-choice": "Something else where a policy belongs, or None.",
    "prohibited-empty-policies": "No policy at all.",
}


#: The parameters, in their order: of a matcher, and of a policy.
FIELDS: Final = (
    "patterns",
    "allow_origins",
    "allow_methods",
    "allow_headers",
    "expose_headers",
    "allow_credentials",
    "max_age",
    "preflight_status",
    "dangerously_allow_null_origin",
    "dangerously_allow_insecure_origins",
    "dangerously_allow_public_suffix_origins",
    "name",
    "enforce",
    "own_origins",
    "debug",
    "shadow",
    "timing_allow_origin",
    "cross_origin_resource_policy",
)
#: Those of what holds several policies.
SEVERAL: Final = ("routes", "policies")
#: The most of a value that a message shows, in characters. Chosen by us because more hides the message.
_SHOWN: Final = 200


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a policy.

    `code`: a str, a key of `CODES` in this file. `field`: the name of the parameter. `index`: the 0-based
    place in its list, None for the whole list or where there is none. `value`: what stands
    there. `message`: what to write instead.
    """

    code: str
    field: str
    index: int | None
    value: object
    message: str

    def __str__(self) -> str:
        place = self.field if self.index is None else f"{self.field}[{self.index}]"
        value = repr(self.value)
        shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}..."
        return f"{place} = {shown}: {self.message} [{self.code}]"


class PolicyError(ValueError):
    """A policy that cannot be, with every problem at once.

    `problems`: a tuple of `Problem`, in the order of the parameters.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        many = (
            "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        )
        return "\n".join([f"{many}:", *(f"  {problem}" for problem in self.problems)])


class PolicyWarning(UserWarning):
    """A policy that is legal, and hardly ever meant."""


#: Who hears what policies warn of, in place of `warnings`, whose filters belong to all threads.
LISTENER: Final[ContextVar[Callable[[str], object] | None]] = ContextVar(
    "corsac_listener", default=None
)


def warn(message: str, stacklevel: int) -> None:
    """Warns of what is hardly meant, as `warnings.warn` with this level of its own caller."""
    listener = LISTENER.get()
    if listener is None:
        warnings.warn(message, PolicyWarning, stacklevel=stacklevel + 1)
    else:
        listener(message)


class Problems:
    """Collects the problems of one policy."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        #: What is legal, and hardly ever meant; given once the policy stands.
        self.warnings: list[str] = []

    def add(
        self, code: str, field: str, index: int | None, value: object, message: str
    ) -> None:
        assert code in CODES, code
        self.found.append(Problem(code, field, index, value, message))

    def read_list(self, field: str, value: object) -> list[Any]:
        """The values of a list, with plain str for every str, or none where it is something else."""
        if isinstance(value, (bytes, bytearray)):
            value = value.decode("latin-1")
        if isinstance(value, str):
            meant = [part for part in re.split(r"[,\s]+", value) if part]
            self.add("invalid-list", field, None, value, f"write a list: {meant!r}")
        elif isinstance(value, (re.Pattern, Mapping)):
            meant = list(value) if isinstance(value, Mapping) else [value]
            self.add("invalid-list", field, None, value, f"write a list: {meant!r}")
        elif not isinstance(value, Iterable) or isinstance(value, memoryview):
            self.add("invalid-list", field, None, value, 'write a list, like ["..."]')
        else:
            # A set has another order in each process, and answers should not.
            values = (
                sorted(value, key=str)
                if isinstance(value, (set, frozenset))
                else list(value)
            )
            if any(issubclass(kind, str) for kind in set(map(type, values)) - {str}):
                values = [str.__str__(v) if isinstance(v, str) else v for v in values]
            return values
        return []

    def read_flag(self, field: str, value: object) -> bool:
        if not isinstance(value, bool):
            self.add("invalid-flag", field, None, value, "write True or False")
        return value is True

    def raise_found(self) -> None:
        if self.found:
            raise self.error()

    def error(self) -> PolicyError:
        """What was found, in the order of the parameters and of their lists."""

        def place(problem: Problem) -> tuple[int, int]:
            index = -1 if problem.index is None else problem.index
            return (*FIELDS, *SEVERAL).index(problem.field), index

        return PolicyError(tuple(sorted(self.found, key=place)))
