"""Starting to keep a handle current.

Here: `reload`, and what its arguments must be. Not here: the thread (`_reloader.py`), loaders
(`_file.py`, `_rows.py`).
Spec: https://docs.python.org/3/library/threading.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from corsac import PolicyHandle

from ._change import Change
from ._facts import Failure, Loaded
from ._reloader import Reloader
from ._report import Logger, Report
from ._words import name_load

#: The longest time between loads, in seconds: a year, which every system's clock can wait for.
_LONGEST = 366 * 86400.0


def reload(
    handle: PolicyHandle,
    load: Callable[[], Loaded | Awaitable[Loaded]],
    *,
    every: float = 60.0,
    patience: float = 30.0,
    on_change: Callable[[Change], object] | None = None,
    on_failure: Callable[[Failure], object] | None = None,
    logger: Logger | None = None,
) -> Reloader:
    """Keep a handle's policy current, from a background thread, without blocking a request.

    `handle`: the `PolicyHandle` that serves. `load`: a function without arguments that gives a
    `Policy`, `PolicyMap` or `OriginPolicies`, or a coroutine function of that kind, which runs on
    an event loop of its own for each load. It runs at once, and then `every` so many seconds (a
    float above 0, at most a year; up to a tenth less, so that many processes do not ask in step).
    After a failure it runs sooner: after about a second, then two, four and so on.

    Where a load gives another policy, it takes the place of the handle's, and the log
    `corsac.live` says at INFO what changed. Where it raises, or gives something else, the policy
    stays; every different failure is told once at ERROR, and at INFO that it is over. A load that
    takes longer than `patience` seconds is told once at WARNING, and goes on: give your driver
    time limits of its own. `on_change` and `on_failure` are called in the same cases with a
    `Change` and a `Failure`, from the background thread. `logger`: a `logging.Logger` or
    structlog's in place of `corsac.live`.

    The thread ends with `stop()`, with the handle, and with the interpreter; a forked child has
    its own. `load` must not refer to the handle, if that is to be collected.

    Raises `TypeError` for arguments of other types, `ValueError` for seconds out of bounds.
    Source: https://docs.python.org/3/library/threading.html
    """
    if not isinstance(handle, PolicyHandle):
        raise TypeError(
            "give the PolicyHandle that your adapter has: "
            f"handle = PolicyHandle(load()), not {type(handle).__name__}"
        )
    if not callable(load):
        raise TypeError(
            "give a function that loads a policy, like lambda: Policy(...), "
            f"not {type(load).__name__}"
        )
    _check_seconds("every", every)
    _check_seconds("patience", patience)
    report = Report(name_load(load), on_change, on_failure, logger)
    return Reloader(handle, load, float(every), float(patience), report)


def _check_seconds(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name}: write seconds, like 60.0, not {value!r}")
    if not 0 < value <= _LONGEST:
        raise ValueError(f"{name}: write seconds above 0, at most a year, not {value}")
