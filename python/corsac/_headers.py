"""A decision's header lines, and how they join the application's.

Here: the only place that spells a response header; what each outcome says; merging; the entries
of adapters. No line says which check failed, so that whoever is refused learns nothing.
Not here: which outcome a request has (`_decision.py`), how servers take headers (`adapters/`).
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from ._decision import Decision, Outcome, Requested, Table
from ._names import SAFELISTED_METHODS
from ._policy import Policy

ACCESS_CONTROL_ALLOW_ORIGIN: Final = "Access-Control-Allow-Origin"
ACCESS_CONTROL_ALLOW_CREDENTIALS: Final = "Access-Control-Allow-Credentials"
ACCESS_CONTROL_ALLOW_METHODS: Final = "Access-Control-Allow-Methods"
ACCESS_CONTROL_ALLOW_HEADERS: Final = "Access-Control-Allow-Headers"
ACCESS_CONTROL_MAX_AGE: Final = "Access-Control-Max-Age"
ACCESS_CONTROL_EXPOSE_HEADERS: Final = "Access-Control-Expose-Headers"
VARY: Final = "Vary"

#: The wildcard does not cover it: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
_AUTHORIZATION: Final = "authorization"

Line = tuple[str, str]


def _both(*names: str) -> frozenset[str | bytes]:
    lower = [name.lower() for name in names]
    return frozenset([*lower, *(name.encode() for name in lower)])


_ALLOW_ORIGIN_BYTES: Final = ACCESS_CONTROL_ALLOW_ORIGIN.lower().encode()

#: Only the policy speaks, so that these are never the application's.
_REPLACED: Final = _both(
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_EXPOSE_HEADERS,
)
_MERGED: Final = _both(VARY)
_SPOKEN: Final = _REPLACED | _MERGED
_VARY_BYTES: Final = VARY.lower().encode()


class HeaderLines:
    """The header lines of one outcome under one policy."""

    __slots__ = (
        "_echoes_origin",
        "_fixed",
        "_fixed_bytes",
        "_outcome",
        "_policy",
        "_vary",
    )

    def __init__(self, policy: Policy, outcome: Outcome) -> None:
        self._policy, self._outcome = policy, outcome
        self._echoes_origin = _is_allowed(outcome) and not _is_static(policy)
        self._fixed = _assemble(policy, outcome, None, None)
        self._fixed_bytes = _encode(self._fixed)
        self._vary = next((value for name, value in self._fixed if name == VARY), None)

    def assemble(self, origin: str | None, asked: Requested | None) -> tuple[Line, ...]:
        if asked is not None:
            return _assemble(self._policy, self._outcome, origin, asked)
        if origin is None or not self._echoes_origin:
            return self._fixed
        return ((ACCESS_CONTROL_ALLOW_ORIGIN, origin),) + self._fixed

    def assemble_bytes(
        self, origin: str | None, asked: Requested | None
    ) -> tuple[tuple[bytes, bytes], ...]:
        if asked is not None:
            return _encode(self.assemble(origin, asked))
        if origin is None or not self._echoes_origin:
            return self._fixed_bytes
        return ((_ALLOW_ORIGIN_BYTES, origin.encode("latin-1")),) + self._fixed_bytes

    def merge(
        self,
        origin: str | None,
        asked: Requested | None,
        headers: Iterable[Any],
        as_bytes: bool | None = None,
    ) -> list[Any]:
        """`as_bytes` says what the lines are; None: what the first of them is, str if there is none."""
        if isinstance(headers, (str, bytes, Mapping)):
            raise TypeError("merge() takes pairs (name, value), one for each line")
        merged: list[Any] = []
        theirs: list[str | bytes] = []
        try:
            for line in headers:
                # A str of two characters is no pair, though it could be taken apart like one.
                name, value = line if isinstance(line, (tuple, list)) else ()
                name = name.lower()
                if as_bytes is None:
                    as_bytes = isinstance(name, bytes)
                if name not in _SPOKEN:
                    merged.append(line)
                elif name in _MERGED:
                    if self._vary is None:
                        merged.append(line)
                    else:
                        theirs.append(value)
            vary = _merge_vary(self._vary, *theirs) if self._vary and theirs else None
        except (AttributeError, ValueError) as error:
            raise TypeError(
                "header lines are pairs (name, value) of str or bytes"
            ) from error
        ours: tuple[Any, ...] = (self.assemble_bytes if as_bytes else self.assemble)(
            origin, asked
        )
        if vary is None:
            merged += ours
            return merged
        # Our own `Vary` is the last line, and makes room for the union of both.
        merged += ours[:-1]
        merged.append(
            (_VARY_BYTES, vary.encode("latin-1", "replace"))
            if as_bytes
            else (VARY, vary)
        )
        return merged


def merge_bytes(
    decision: Decision, headers: Iterable[Any]
) -> list[tuple[bytes, bytes]]:
    """`Decision.merge` for lines that are bytes, even where there is none."""
    verdict = decision._verdict
    assert isinstance(verdict.lines, HeaderLines)
    return verdict.lines.merge(decision._origin, decision._asked, headers, True)


def decide_environ(policy: Policy, environ: dict[str, Any]) -> Decision:
    """`Policy.decide` for a WSGI environ. https://peps.python.org/pep-3333/#environ-variables"""
    return policy._table.decide_environ(environ)


def _assemble(
    policy: Policy, outcome: Outcome, origin: str | None, asked: Requested | None
) -> tuple[Line, ...]:
    """All header lines of an answer, in their order; one that would be empty is left out.

    https://fetch.spec.whatwg.org/#http-responses
    """
    is_static = _is_static(policy)
    is_preflight = outcome in (Outcome.PREFLIGHT_ALLOWED, Outcome.PREFLIGHT_REFUSED)
    is_allowed = _is_allowed(outcome)
    lines: list[tuple[str, str | None]] = []
    # One and the same for all who ask, so that a cache may keep a single answer.
    if is_allowed or (is_static and not is_preflight):
        lines.append((ACCESS_CONTROL_ALLOW_ORIGIN, "*" if is_static else origin))
        lines.append(
            (
                ACCESS_CONTROL_ALLOW_CREDENTIALS,
                "true" if policy.allow_credentials else None,
            )
        )
        if is_preflight:
            lines.append((ACCESS_CONTROL_ALLOW_METHODS, _methods(policy, asked)))
            lines.append((ACCESS_CONTROL_ALLOW_HEADERS, _header_names(policy, asked)))
            lines.append(
                (
                    ACCESS_CONTROL_MAX_AGE,
                    None if policy.max_age is None else str(policy.max_age),
                )
            )
        else:
            lines.append((ACCESS_CONTROL_EXPOSE_HEADERS, _list(policy.expose_headers)))
    lines.append((VARY, _vary(is_static, is_preflight)))
    return tuple((name, value) for name, value in lines if value)


def _methods(policy: Policy, asked: Requested | None) -> str:
    """https://fetch.spec.whatwg.org/#http-access-control-allow-methods"""
    if "*" in policy.allow_methods and policy.allow_credentials:
        method = asked[0] if asked else ""
        return "" if method in SAFELISTED_METHODS else method
    return _list(policy.allow_methods)


def _header_names(policy: Policy, asked: Requested | None) -> str:
    """https://fetch.spec.whatwg.org/#http-access-control-allow-headers"""
    if "*" not in policy.allow_headers:
        return _list(policy.allow_headers)
    if policy.allow_credentials:
        return asked[1] if asked else ""
    listed = (name for name in policy.allow_headers if name.lower() == _AUTHORIZATION)
    return ", ".join(["*", *listed])


def _list(names: tuple[str, ...]) -> str:
    """A list of names, where a wildcard covers all others."""
    return "*" if "*" in names else ", ".join(names)


def _vary(is_static: bool, is_preflight: bool) -> str:
    """https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches"""
    names = [] if is_static else ["Origin"]
    if is_preflight:
        names += ["Access-Control-Request-Method", "Access-Control-Request-Headers"]
    return ", ".join(names)


def _is_allowed(outcome: Outcome) -> bool:
    return outcome in (Outcome.PREFLIGHT_ALLOWED, Outcome.ACTUAL_ALLOWED)


def _is_static(policy: Policy) -> bool:
    """Whether every answer to an actual request is the same."""
    return "*" in policy.allow_origins and not policy.allow_credentials


def _members(value: str | bytes) -> list[str]:
    """The members of a list, without the empty ones. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1"""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return [
        member for member in (part.strip(" \t") for part in text.split(",")) if member
    ]


@lru_cache(maxsize=256)
def _merge_vary(ours: str, *theirs: str | bytes) -> str:
    """The application's members and ours, each once.

    Applications send few different values, so that most are merged already.
    https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5
    """
    members: dict[bytes, str] = {}
    for member in itertools.chain(*map(_members, (*theirs, ours))):
        # As bytes, since only ASCII letters have a case in a token.
        members.setdefault(member.encode("utf-8", "surrogatepass").lower(), member)
    return "*" if b"*" in members else ", ".join(members.values())


def _encode(lines: Iterable[Line]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple(
        (name.lower().encode(), value.encode("latin-1")) for name, value in lines
    )


def _make_table(policy: Policy) -> Table:
    return Table(
        policy._rules,
        policy.preflight_status,
        lambda outcome: HeaderLines(policy, outcome),
    )


Policy._make_table = _make_table
