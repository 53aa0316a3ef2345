"""What a policy has to change, and which of its lines decided.

Here: `change_policy`, `why_decided`. Not here: the engine, which decides (`corsac._decision`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any, Final

from corsac import (
    Decision,
    OriginMatcher,
    Outcome,
    Policy,
    PolicyError,
    PolicyWarning,
    Refusal,
)
from corsac.browser import Request, Verdict

from ._changes import Attempt, Change, NoChange, keyword
from ._page import secure_page, serve_page, upper_method
from ._server import why_other_origin

#: The most patterns that are looked through for the one that matched. Chosen by us because each
#: takes a matcher of its own, some microseconds.
_MOST_PATTERNS: Final = 1000
_AUTHORIZATION: Final = "authorization"
_INSECURE: Final = "prohibited-insecure-origin-with-credentials"
DO_NOT_ALLOW_NULL: Final = (
    "Do not allow null: any site can have that origin, in a sandboxed frame. "
    "(dangerously_allow_null_origin=True does it.)"
)


def change_policy(
    attempt: Attempt, verdict: Verdict
) -> tuple[Change, Attempt] | list[tuple[Change, Attempt]]:
    """The policy's next change, or several at once that need each other. Raises `NoChange`."""
    policy = attempt.policy
    assert policy is not None, "only asked for a policy"
    request = verdict.exchanges[-1].request
    decision = policy.decide(request.method, request.headers)
    match decision.refusal:
        case Refusal.ORIGIN:
            return _allow_origin(attempt, policy, _value(request, "Origin"))
        case Refusal.METHOD:
            method = _value(request, "Access-Control-Request-Method")
            return upper_method(attempt) or _extend(
                attempt,
                policy,
                "allow_methods",
                [method],
                f"The page asks for {method}.",
            )
        case Refusal.HEADERS:
            spellings = {name.lower(): name for name, _ in attempt.fetch.headers}
            refused = refused_names(policy, request)
            names = [spellings.get(name, name) for name in refused]
            text = f"The page sends {_named(names)}."
            return _extend(attempt, policy, "allow_headers", names, text)
    if (verdict.failure or "").endswith(("allow-credentials", "allow-origin-wildcard")):
        return _allow_credentials(attempt, policy, _value(request, "Origin"))
    raise NoChange("The policy allows this: what stands around it answers otherwise.")


def _named(names: Sequence[str]) -> str:
    return ("the header " if len(names) == 1 else "the headers ") + ", ".join(names)


def refused_names(policy: Policy, request: Request) -> list[str]:
    """The header names of a preflight that a policy does not allow."""
    listed = {name.lower() for name in policy.allow_headers}
    asked = _value(request, "Access-Control-Request-Headers").split(",")
    return [
        name.strip()
        for name in asked
        if name.strip().lower() not in listed
        and ("*" not in listed or name.strip().lower() == _AUTHORIZATION)
    ]


def _allow_origin(
    attempt: Attempt, policy: Policy, origin: str
) -> tuple[Change, Attempt]:
    if origin == "null":
        if attempt.fetch.page_origin == "null":
            return serve_page(attempt)
        raise NoChange(DO_NOT_ALLOW_NULL)
    near = next(
        (
            why
            for pattern in policy.allow_origins[:_MOST_PATTERNS]
            if isinstance(pattern, str)
            and (why := why_other_origin(pattern, origin)) is not None
        ),
        "",
    )
    if attempt.fetch.credentials == "include" and _is_insecure(origin):
        return secure_page(attempt)
    text = f"The page is of {origin}." + (f" {near}" if near else "")
    return _extend(attempt, policy, "allow_origins", [origin], text)


def _is_insecure(origin: str) -> bool:
    """Whether no policy takes it together with credentials, unless it is forced to."""
    try:
        Policy(allow_origins=[origin], allow_credentials=True)
    except PolicyError as error:
        return [problem.code for problem in error.problems] == [_INSECURE]
    return False


def _extend(
    attempt: Attempt, policy: Policy, field: str, values: list[str], text: str
) -> tuple[Change, Attempt]:
    """One more value in a list; where credentials forbid an http page, the page changes."""
    listed = (*getattr(policy, field), *values)
    try:
        changed = replaced(policy, {field: listed})
    except PolicyError as error:
        if [problem.code for problem in error.problems] == [_INSECURE]:
            return secure_page(attempt)
        raise NoChange(
            " ".join(
                f"{problem.value}: {problem.message}." for problem in error.problems
            )
        ) from None
    return _changed(attempt, policy, changed, {field: text})[0]


def _allow_credentials(
    attempt: Attempt, policy: Policy, origin: str
) -> tuple[Change, Attempt] | list[tuple[Change, Attempt]]:
    """With credentials every origin and every exposed header is named."""
    if origin == "null":
        return serve_page(attempt)
    if _is_insecure(origin):
        return secure_page(attempt)
    changes: dict[str, Any] = {"allow_credentials": True}
    texts = {"allow_credentials": "The page includes credentials."}
    if "*" in policy.expose_headers:
        names = [name for name in policy.expose_headers if name != "*"]
        changes["expose_headers"] = tuple(names)
        texts["expose_headers"] = (
            "With credentials browsers take * for a name: list the headers."
        )
    try:
        changed = replaced(policy, changes)
    except PolicyError as error:
        faulty = {
            problem.index: problem
            for problem in error.problems
            if problem.field == "allow_origins"
        }
        listed = enumerate(policy.allow_origins)
        kept = [pattern for index, pattern in listed if index not in faulty]
        named = [pattern for pattern in kept if pattern != "null"]
        if not named or not OriginMatcher(named).matches(origin):
            kept.append(origin)
        changes["allow_origins"] = tuple(kept)
        said = [f"{one.value}: {one.message}." for one in faulty.values()]
        texts["allow_origins"] = " ".join(said)
        changed = replaced(policy, changes)
    return _changed(attempt, policy, changed, texts)


def _changed(
    attempt: Attempt, before: Policy, after: Policy, texts: dict[str, str]
) -> list[tuple[Change, Attempt]]:
    """A change for each keyword that has a text and is another."""
    following = attempt._replace(policy=after)
    found = []
    for field, text in texts.items():
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            lines = () if old in ((), False) else (_line(attempt, field, old),)
            change = Change("policy", _line(attempt, field, new), lines, text.strip())
            found.append((change, following))
    return found


def _line(attempt: Attempt, field: str, value: object) -> str:
    return keyword(field, value, is_toml=attempt.is_toml, is_short=True)


def replaced(policy: Policy, changes: dict[str, Any]) -> Policy:
    """`policy.replace`, without its warnings, which belong to the user's own policy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        return policy.replace(**changes)


def why_decided(policy: Policy, request: Request) -> str:
    """What the policy said to a request, and by which of its lines."""
    decision = policy.decide(request.method, request.headers)
    return f"{decision.outcome.value}: {_why(policy, request, decision)}"


def _why(policy: Policy, request: Request, decision: Decision) -> str:
    origin = _value(request, "Origin")
    match decision.refusal:
        case Refusal.ORIGIN:
            return f"allow_origins has nothing that matches {origin}"
        case Refusal.METHOD:
            method = _value(request, "Access-Control-Request-Method")
            return f"allow_methods does not name {method}"
        case Refusal.HEADERS:
            names = ", ".join(refused_names(policy, request))
            return f"allow_headers does not name {names}"
    if decision.outcome is Outcome.NO_ORIGIN:
        return "a request without an Origin is no matter of CORS"
    return f"{_matching(policy, origin)} in allow_origins matches {origin}"


def _matching(policy: Policy, origin: str) -> str:
    """The pattern that lets an origin in."""
    if "*" in policy.allow_origins:
        return '"*"'
    for pattern in policy.allow_origins[:_MOST_PATTERNS]:
        is_regex = isinstance(pattern, re.Pattern)
        if pattern == origin:
            return f'"{origin}"'
        if pattern != "null" and OriginMatcher([pattern]).matches(origin):
            text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
            return f"re.compile({text!r})" if is_regex else f'"{text}"'
    return "a pattern"


def _value(request: Request, name: str) -> str:
    """The value of a line of a request, or nothing."""
    return next((value for line, value in request.headers if line == name), "")
