"""Makes a found policy of whatever makes a policy, with all that it says meanwhile.

Here: `found`, which runs a maker, and catches problems and warnings.
Not here: what any library's options mean (`corsac.compat`), places in TOML files (`_toml.py`).
Spec: https://docs.python.org/3/library/warnings.html
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .._policy import Policy
from .._problems import PolicyError, PolicyWarning, Problem
from ..compat import CompatWarning
from ._subject import FoundPolicy, FoundProblem


def found(make: Callable[[], Policy], **about: Any) -> FoundPolicy:
    """What comes of a maker; `about` is the rest of `FoundPolicy`.

    A maker that fails otherwise than with `PolicyError` becomes a problem too.
    """
    with recorded() as told:
        try:
            policy = make()
        except PolicyError as error:
            return FoundPolicy(problems=problems_of(error), **about)
        except Exception as error:  # noqa: BLE001 - options are whatever people write
            text = f"no policy can be made of it: {type(error).__name__}: {error}"
            problem = FoundProblem("unreadable-options", text)
            return FoundPolicy(problems=(problem,), **about)
    return FoundPolicy(
        policy=policy,
        differences=tuple(differences_in(told)),
        warnings=tuple(
            str(one.message) for one in told if issubclass(one.category, PolicyWarning)
        ),
        **about,
    )


@contextmanager
def recorded() -> Iterator[list[warnings.WarningMessage]]:
    """Keeps all warnings, which are said with the findings, and not in between."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        yield told


def problems_of(error: PolicyError) -> tuple[FoundProblem, ...]:
    return tuple(map(_found_problem, error.problems))


def _found_problem(problem: Problem) -> FoundProblem:
    text = str(problem).removesuffix(f" [{problem.code}]")
    return FoundProblem(problem.code, text, problem.field, problem.index)


def differences_in(told: list[warnings.WarningMessage]) -> Iterator[str]:
    """The sentences of each `CompatWarning`, without the line that begins it."""
    for one in told:
        if issubclass(one.category, CompatWarning):
            yield from (line.strip() for line in str(one.message).splitlines()[1:])
