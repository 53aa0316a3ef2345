"""Makes found policies of whatever makes some, with all that it says meanwhile.

Here: `found` and `found_in`, which run a maker, and catch problems and warnings.
Not here: what any library's options mean (`corsac.compat`), places in TOML files (`_toml.py`).
Spec: https://docs.python.org/3/library/warnings.html
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from .._policy import Policy
from .._problems import PolicyError, PolicyWarning, Problem
from ..compat import CompatWarning
from ._apart import take_apart
from ._subject import FoundPolicy, FoundProblem

Result = TypeVar("Result")


def found(make: Callable[[], Policy], **about: Any) -> FoundPolicy:
    """What comes of a maker; `about` is the rest of `FoundPolicy`.

    A maker that fails otherwise than with `PolicyError` becomes a problem too.
    """
    made, told = _make(make, FoundPolicy(**about))
    if isinstance(made, FoundPolicy):
        return made
    differences = tuple(differences_in(told))
    return FoundPolicy(
        policy=made, differences=differences, warnings=_warnings_in(told), **about
    )


def found_in(
    make: Callable[[], Any], about: FoundPolicy
) -> Iterator[FoundPolicy | str]:
    """The same for a maker of a source, and what was not looked at."""
    source, told = _make(make, about)
    if isinstance(source, FoundPolicy):
        yield source
        return
    for one in take_apart(source, about):
        if isinstance(one, str) or one.policy is None:
            yield one
        elif one.policy is source:
            differences = tuple(differences_in(told))
            yield replace(one, differences=differences, warnings=_warnings_in(told))
        else:
            _, told = _make(one.policy.replace, about)
            yield replace(one, warnings=_warnings_in(told))


def _make(
    make: Callable[[], Result], about: FoundPolicy
) -> tuple[Result | FoundPolicy, list[warnings.WarningMessage]]:
    """What is made, or the problems that stop it, and all that was said meanwhile."""
    with recorded() as told:
        try:
            return make(), told
        except PolicyError as error:
            return replace(about, problems=problems_of(error)), told
        except Exception as error:  # noqa: BLE001 - options are whatever people write
            text = f"no policy can be made of it: {type(error).__name__}: {error}"
            problem = FoundProblem("unreadable-options", text)
            return replace(about, problems=(problem,)), told


def _warnings_in(told: list[warnings.WarningMessage]) -> tuple[str, ...]:
    return tuple(
        str(one.message) for one in told if issubclass(one.category, PolicyWarning)
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
