"""Why a request was refused, and the line of the configuration that would allow it.

Here: `advise`, which asks the engine's own rules for what a line may say. Not here: whole
explanations with the browser's part (`corsac.explain`), how often one is told (`_bucket.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final, NamedTuple

from .._decision import Refusal
from .._names import is_token, read_methods, read_request_headers
from .._origins import OriginMatcher
from .._policy import Policy
from .._problems import PolicyError, Problems
from ._text import MOST_CHARACTERS, plain

#: The most characters of `Access-Control-Request-Headers` that are looked through. Chosen by us:
#: the core refuses more than that unread.
_MOST_OF_A_LIST: Final = 16 * 1024
#: The most characters of a name that a reason shows beside its words. Chosen by us: a quarter.
_MOST_OF_A_NAME: Final = 50
#: What covers every origin that can be one.
_EVERY_ORIGIN: Final = OriginMatcher(["*"])


class Advice(NamedTuple):
    """`reason`: a sentence. `allow`: a keyword of `Policy` with what is missing in its list, or None
    where no line would allow the request, or none should."""

    reason: str
    allow: str | None


def advise(
    policy: Policy,
    refusal: Refusal,
    origin: str | None,
    method: str | None,
    headers: str | None,
) -> Advice:
    """What a refused request failed on, with text that is safe to log.

    `method`, `headers`: what a preflight asks for, its lines of one name joined with ", "; None
    where it asks for none.
    """
    match refusal:
        case Refusal.ORIGIN:
            return _advise_origin(policy, origin)
        case Refusal.METHOD:
            return _advise_method(policy, method)
        case Refusal.HEADERS:
            return _advise_headers(policy, headers or "")


def _advise_origin(policy: Policy, origin: str | None) -> Advice:
    if origin is None:
        return Advice("the request has several origins; no browser sends that", None)
    if origin == "null":
        reason = (
            "do not allow null: any site can have that origin, in a sandboxed frame"
        )
        return Advice(reason, None)
    if not _EVERY_ORIGIN.matches(origin):
        return Advice("no browser sends such an Origin", None)
    try:
        Policy(
            allow_origins=[origin],
            allow_credentials=policy.allow_credentials,
            dangerously_allow_insecure_origins=policy.dangerously_allow_insecure_origins,
        )
    except PolicyError as error:
        return Advice(plain(error.problems[0].message), None)
    reason = f"allow_origins has nothing that matches {origin}"
    return _with_line(reason, "allow_origins", [origin])


def _advise_method(policy: Policy, method: str | None) -> Advice:
    if not method:
        return Advice("the preflight asks for no method; no browser does so", None)
    forbidden = _forbidden(read_methods, method)
    if forbidden is not None:
        return Advice(forbidden, None)
    if method.upper() in policy.allow_methods:
        reason = f"methods are case-sensitive: the page must write {method.upper()}"
        return Advice(plain(reason), None)
    reason = f"allow_methods does not name {method}"
    return _with_line(reason, "allow_methods", [method])


def _advise_headers(policy: Policy, headers: str) -> Advice:
    too_many = "the preflight lists more names, commas or spaces than any browser"
    if len(headers) > _MOST_OF_A_LIST:
        return Advice(too_many, None)
    listed = {name.lower() for name in policy.allow_headers}
    missing: dict[str, str] = {}
    for element in headers.split(","):
        name = element.strip(" \t")
        is_covered = "*" in listed and name.lower() not in ("*", "authorization")
        if not name or is_covered or name.lower() in listed - {"*"}:
            continue
        forbidden = _forbidden(read_request_headers, name)
        if forbidden is not None:
            return Advice(forbidden, None)
        missing.setdefault(name.lower(), name)
    if not missing:
        return Advice(too_many, None)
    reason = f"allow_headers does not name {', '.join(missing.values())}"
    return _with_line(reason, "allow_headers", list(missing.values()))


def _forbidden(read: Callable[[Problems, object], object], name: str) -> str | None:
    """Why no list may hold this name; None for one that may."""
    shown = name if len(name) <= _MOST_OF_A_NAME else f"{name[:_MOST_OF_A_NAME]}..."
    if name == "*" or not is_token(name):
        return plain(f"no browser asks for {shown!r}")
    problems = Problems()
    read(problems, [name])
    return plain(f"{shown}: {problems.found[0].message}") if problems.found else None


def _with_line(reason: str, field: str, values: list[str]) -> Advice:
    """A line that is cut would be a wrong one."""
    line = f"{field}={json.dumps(values)}"
    return Advice(plain(reason), line if len(line) <= MOST_CHARACTERS else None)
