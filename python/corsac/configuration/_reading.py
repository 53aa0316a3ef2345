"""What is the same of a policy in a table and in variables: how it is made, and its shadow found.

Here: `PolicyReading`. Not here: reading values and placing problems (`_policy_table.py`,
`_variables.py`), which policies are wrong (`_policy.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from .._policy import Policy
from .._problems import PolicyError, Problem
from ._error import ConfigurationError, ConfigurationProblem


class PolicyReading(ABC):
    """A policy as it is written outside of Python.

    `keywords`: what `Policy` takes, as far as it could be read. `shadow`: the name of another
    policy beside it, or None. `problems`: what is wrong before there is a policy.
    """

    keywords: dict[str, Any]
    shadow: str | None
    problems: list[ConfigurationProblem]
    #: What holds the policies that a shadow can name.
    _holder: ClassVar[str]

    @property
    @abstractmethod
    def has_shadow(self) -> bool:
        """Whether one is written, by its name or otherwise."""

    @abstractmethod
    def _place(self, problem: Problem) -> ConfigurationProblem:
        """A problem of `Policy`, spelled as it is written there, with its place."""

    @abstractmethod
    def _order(self, problem: ConfigurationProblem) -> tuple[int, int]:
        """Where a problem stands among the others."""

    def make(self, find: Callable[[str], PolicyReading | None]) -> Policy:
        """The policy.

        `find`: finds another policy's reading by its name.
        Raises `ConfigurationError` with all that is wrong with this one.
        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        problems = list(self.problems)
        keywords = dict(self.keywords)
        if self.shadow is not None:
            problems += self._find_shadow(self.shadow, find, keywords)
        policy = None
        try:
            policy = Policy(**keywords)
        except PolicyError as error:
            problems += map(self._place, error.problems)
        if problems or policy is None:
            problems.sort(key=self._order)
            raise ConfigurationError(problems)
        return policy

    def _find_shadow(
        self,
        name: str,
        find: Callable[[str], PolicyReading | None],
        keywords: dict[str, Any],
    ) -> Iterator[ConfigurationProblem]:
        """Puts the shadow among the keywords, unless that is wrong."""

        def problem(code: str, message: str) -> ConfigurationProblem:
            return self._place(Problem(code, "shadow", None, name, message))

        other = find(name)
        if other is None or other is self:
            message = f"write the name of another policy of {self._holder}"
            yield problem("unknown-policy", message)
        elif other.has_shadow:
            message = "a shadow has no shadow itself; name a policy that has none"
            yield problem("invalid-shadow", message)
        else:
            try:
                keywords["shadow"] = other.make(find)
            except ConfigurationError:
                pass  # which is told where that policy stands
