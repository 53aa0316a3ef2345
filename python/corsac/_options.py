"""The options of a policy that are single values, and its own origins.

Here: the reading of each with every problem of it. Not here: flags (`_problems.py`), which origins
are allowed (`_allowed_origins.py`), methods and header names (`_names.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from typing import Final

from ._core import OriginMatcher, PatternError, Patterns
from ._problems import Problems

#: The longest that any browser caches a preflight, in seconds: Firefox's bound.
#: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age
_MAX_MAX_AGE: Final = 86400
#: What every system of metrics and every log takes as it is.
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
#: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header, without the word for all,
#: which those who are allowed get anyway.
_RESOURCE_POLICIES: Final = ("same-origin", "same-site")


def read_max_age(problems: Problems, value: object) -> int | None:
    if value is None or (
        isinstance(value, int)
        and not isinstance(value, bool)
        and 0 <= value <= _MAX_MAX_AGE
    ):
        return None if value is None else int(value)
    message = (
        f"write seconds from 0 to {_MAX_MAX_AGE}; 0 means that browsers keep nothing, "
        "None leaves it to them (5 seconds)"
    )
    problems.add("invalid-max-age", "max_age", None, value, message)
    return None


def read_preflight_status(problems: Problems, value: object) -> int:
    if isinstance(value, int) and value in (200, 204):
        return int(value)
    problems.add(
        "invalid-preflight-status",
        "preflight_status",
        None,
        value,
        "write 204, or 200 for old clients",
    )
    return 204


def read_name(problems: Problems, value: object) -> str | None:
    if value is None or (isinstance(value, str) and _NAME.fullmatch(value)):
        return None if value is None else str.__str__(value)
    message = 'write 1 to 100 letters, digits, ".", "_" and "-", like "public"'
    problems.add("invalid-name", "name", None, value, message)
    return None


def read_resource_policy(problems: Problems, value: object) -> str | None:
    """https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header"""
    if value is None or value in _RESOURCE_POLICIES:
        return None if value is None else str(value)
    message = 'write "same-origin" or "same-site"; allowed origins get cross-origin'
    field = "cross_origin_resource_policy"
    problems.add("invalid-resource-policy", field, None, value, message)
    return None


def read_own_origins(problems: Problems, value: object) -> tuple[str, ...]:
    """Exact origins: a server knows its own."""
    field = "own_origins"
    origins: dict[str, None] = {}
    for index, origin in enumerate(problems.read_list(field, value)):
        if isinstance(origin, str) and _is_exact(origin):
            origins[origin] = None
        else:
            message = 'write an origin as browsers send it, like "https://example.com"'
            problems.add("invalid-own-origin", field, index, origin, message)
    return tuple(origins)


def _is_exact(origin: str) -> bool:
    """Whether this is a pattern that covers itself, and so nothing else."""
    if "*" in origin or not origin.isascii():
        return False
    patterns = Patterns((origin,), "null")
    if patterns.refused or patterns.others:
        return False
    try:
        return OriginMatcher(patterns, []).matches(origin)
    except PatternError:
        return False
