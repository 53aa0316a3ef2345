"""Refused requests in a log, of `logging`, structlog and their like.

Here: `log_refusals`. Not here: how often, and in which thread (`_subscription.py`), what a line
says (`_refused.py`).
Spec: https://docs.python.org/3/library/logging.html
"""

from __future__ import annotations

import inspect
import json
import logging
import re
from collections.abc import Callable
from typing import Any, Final

from ._refused import RefusedRequest
from ._subscription import Hook, Subscription, on_refused

_EVENT: Final = "cors_refused"
#: The values that need no quotes in a line of keys and values.
_BARE: Final = re.compile(r"[A-Za-z0-9_./:-]+")
_LEVELS: Final = ("debug", "info", "warning", "error", "critical")


def log_refusals(
    logger: Any = None,
    *,
    per_second: float = 1.0,
    burst: int = 10,
    level: int = logging.WARNING,
) -> Subscription:
    """Writes refused requests of named policies to a log, sampled: see `on_refused`.

    `logger`: a logger of `logging`, which gets one line of keys and values, and the same as `extra`;
    a logger of structlog, or another that takes keywords; None is `logging.getLogger("corsac")`.
    `level`: one of `logging.DEBUG`, `INFO`, `WARNING`, `ERROR` and `CRITICAL`; for a logger of
    `logging` any int. The event is `cors_refused`, and the keys are `policy`, `origin`, `method`,
    `path`, `refusal`, `reason`, `allow`, `suppressed`, as in `RefusedRequest`.

    Raises `TypeError` for what is no logger, `ValueError` for a level that it has not, and what
    `on_refused` raises.
    Source: https://docs.python.org/3/library/logging.html
    """
    if isinstance(level, bool) or not isinstance(level, int):
        raise TypeError(f"level is an int like logging.WARNING, and not {level!r}")
    if logger is None:
        logger = logging.getLogger("corsac")
    if isinstance(logger, (logging.Logger, logging.LoggerAdapter)):
        hook = _line_hook(logger, level)
    else:
        hook = _keyword_hook(logger, level)
    return on_refused(hook, per_second=per_second, burst=burst)


def _line_hook(logger: logging.Logger | logging.LoggerAdapter[Any], level: int) -> Hook:
    def write(refused: RefusedRequest) -> None:
        values = _values(refused)
        pairs = " ".join(f"{key}={_spelled(value)}" for key, value in values.items())
        logger.log(level, "%s %s", _EVENT, pairs, extra={"event": _EVENT, **values})

    return write


def _keyword_hook(logger: Any, level: int) -> Hook:
    name = logging.getLevelName(level).lower()
    if name not in _LEVELS:
        raise ValueError(f"level is {level}: write one of logging's own, like WARNING")
    method: Callable[..., object] | None = getattr(logger, name, None)
    if not callable(method):
        raise TypeError(
            f"{logger!r} is no logger: give one of logging or structlog, or None"
        )

    def write(refused: RefusedRequest) -> None:
        # Looked up each time, as structlog is often configured after its loggers are made.
        written = getattr(logger, name)(_EVENT, **_values(refused))
        if inspect.iscoroutine(written):
            written.close()
            raise TypeError(f"{logger!r} wants to be awaited: give one that does not")

    return write


def _values(refused: RefusedRequest) -> dict[str, Any]:
    return {
        "policy": refused.policy,
        "origin": refused.origin,
        "method": refused.method,
        "path": refused.path,
        "refusal": refused.refusal.value,
        "reason": refused.reason,
        "allow": refused.allow,
        "suppressed": refused.suppressed,
    }


def _spelled(value: object) -> str:
    """A value that cannot look like the next key."""
    text = "none" if value is None else str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text)
