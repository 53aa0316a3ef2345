"""What is wrong with a configuration from outside, and where it stands.

Here: `ConfigurationProblem`, `ConfigurationError`, the codes of what policies themselves cannot have.
Not here: what is wrong with a policy (`_problems.py`), who finds it (`_files.py`, `_environment.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .._problems import PolicyError, Problem
from ._spelling import spell

#: What can be wrong with a file or an environment beside what can be wrong with a policy.
CODES: Final[dict[str, str]] = {
    "unreadable-file": "A file that is none, or cannot be read.",
    "invalid-toml": "A text that is no TOML.",
    "no-policy": "No policy where one is asked for, or several, and none is named.",
    "unknown-key": "A key or a variable that is no keyword of a policy.",
    "unknown-policy": "A name that no policy of the configuration has.",
    "invalid-table": "Something else where a table belongs.",
    "invalid-variable": "A variable that holds the quotes or brackets of another language.",
}


@dataclass(frozen=True)
class ConfigurationProblem(Problem):
    """One thing that is wrong with a configuration.

    `code`, `field`, `index`, `value`, `message`: as of `Problem`; an empty `field` is none.
    `source`: a str, the path of the file as it was named, or the name of the variable. `line`,
    `column`: int from 1, in characters; None where the whole is meant.
    """

    source: str
    line: int | None = None
    column: int | None = None

    @property
    def place(self) -> str:
        """The place as editors read it, like `corsac.toml:4:18`."""
        places = (self.source, self.line, self.column)
        return ":".join(str(one) for one in places if one is not None)

    @property
    def text(self) -> str:
        """What is wrong, without the place and the code."""
        if not self.field:
            return self.message
        name = self.field if self.index is None else f"{self.field}[{self.index}]"
        return f"{name} = {spell(self.value)}: {self.message}"

    def __str__(self) -> str:
        return f"{self.place}: {self.text} [{self.code}]"


class ConfigurationError(PolicyError):
    """A configuration from outside that cannot be, with every problem at once.

    `problems`: a tuple of `ConfigurationProblem`, in the order in which they stand.
    """

    problems: tuple[ConfigurationProblem, ...]

    def __init__(self, problems: Iterable[ConfigurationProblem]) -> None:
        super().__init__(tuple(problems))


def failure(code: str, source: str, message: str) -> ConfigurationError:
    """The error of a whole file, or of a whole environment."""
    return ConfigurationError(
        [ConfigurationProblem(code, "", None, None, message, source)]
    )
