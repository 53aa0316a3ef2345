"""A decision's header lines, and how they join the application's.

Here: the only place that spells a response header; what each outcome says; merging; the answers
for adapters. No line says which check failed, so that whoever is refused learns nothing.
Not here: which outcome a request has (`_decision.py`), how servers take headers (`adapters/`).
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final

from ._core import Answers, FinishedLines, Spoken
from ._decision import Outcome, Refusal, Requested, Table, make_verdicts
from ._policy import Policy
from ._watch import make_watch

ACCESS_CONTROL_ALLOW_ORIGIN: Final = "Access-Control-Allow-Origin"
ACCESS_CONTROL_ALLOW_CREDENTIALS: Final = "Access-Control-Allow-Credentials"
ACCESS_CONTROL_ALLOW_METHODS: Final = "Access-Control-Allow-Methods"
ACCESS_CONTROL_ALLOW_HEADERS: Final = "Access-Control-Allow-Headers"
ACCESS_CONTROL_MAX_AGE: Final = "Access-Control-Max-Age"
ACCESS_CONTROL_EXPOSE_HEADERS: Final = "Access-Control-Expose-Headers"
#: https://www.w3.org/TR/resource-timing/#sec-timing-allow-origin
TIMING_ALLOW_ORIGIN: Final = "Timing-Allow-Origin"
#: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
CROSS_ORIGIN_RESOURCE_POLICY: Final = "Cross-Origin-Resource-Policy"
VARY: Final = "Vary"

#: The wildcard does not cover it: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
_AUTHORIZATION: Final = "authorization"

Line = tuple[str, str]


#: Only the policy speaks, so that these are never the application's.
_REPLACED: Final = tuple(
    name.lower()
    for name in (
        ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_EXPOSE_HEADERS,
    )
)
#: The same of a policy that speaks of them at all.
_TIMING: Final = TIMING_ALLOW_ORIGIN.lower()
_RESOURCE: Final = CROSS_ORIGIN_RESOURCE_POLICY.lower()
_MERGED: Final = VARY.lower()
#: All of them, for adapters that can ask a framework at once whether an application set one.
SPOKEN_NAMES: Final = (*_REPLACED, _TIMING, _RESOURCE, _MERGED)


class Gap(IntEnum):
    """A value that the request fills in, as `src/python/lines.rs` numbers them.

    A line whose gap stays empty is left out.
    """

    ORIGIN = 0
    METHOD = 1
    NAMES = 2


class HeaderLines:
    """The header lines of one outcome under one policy."""

    __slots__ = (
        "_echoes_once",
        "_echoes_origin",
        "_fixed",
        "_lines",
        "_replaced",
        "_speakable",
        "_vary",
        "finished",
    )

    def __init__(
        self, policy: Policy, outcome: Outcome, refusal: Refusal | None
    ) -> None:
        # A gap is a number, and is kept.
        self._lines = tuple(
            line for line in _assemble(policy, outcome, refusal) if line[1] != ""
        )
        spoken = _spoken(
            policy.timing_allow_origin, policy.cross_origin_resource_policy is not None
        )
        self._replaced = frozenset(spoken[0])
        self._vary = _vary(policy, outcome)
        #: The names that concern the policy.
        self._speakable = self._replaced | ({_MERGED} if self._vary else set())
        #: The lines that no request fills in.
        self._fixed = self._fill(None, None)
        gaps = [value for _, value in self._lines if isinstance(value, Gap)]
        self._echoes_origin = bool(gaps)
        #: Whether the origin is all that is filled in, and only in the first line.
        self._echoes_once = gaps == [Gap.ORIGIN]
        #: The same for the core.
        self.finished = FinishedLines(
            spoken[1], self._lines, (VARY, self._vary or None)
        )

    def assemble(self, origin: str | None, asked: Requested | None) -> tuple[Line, ...]:
        if origin is None or not self._echoes_origin:
            return self._fixed
        if not self._echoes_once:
            return self._fill(origin, asked)
        return ((ACCESS_CONTROL_ALLOW_ORIGIN, origin), *self._fixed)

    def _fill(self, origin: str | None, asked: Requested | None) -> tuple[Line, ...]:
        values = (origin, *(asked or ("", "")))
        lines = [
            (name, values[value] if isinstance(value, Gap) else value)
            for name, value in (*self._lines, (VARY, self._vary))
        ]
        return tuple((name, value) for name, value in lines if value)

    def merge(
        self,
        origin: str | None,
        asked: Requested | None,
        headers: Iterable[Any],
    ) -> list[Any]:
        merged = self.finished.merge(origin, asked, headers)
        return self.merge_any(origin, asked, headers) if merged is None else merged

    def merge_any(
        self,
        origin: str | None,
        asked: Requested | None,
        headers: Iterable[Any],
        as_bytes: bool | None = None,
    ) -> list[Any]:
        """Merges header lines of any shape; the core does the same for the common ones.

        `as_bytes` says what the lines are; None: what the first of them is, str if there is none.
        """
        if isinstance(headers, (str, bytes, Mapping)):
            raise TypeError("merge() takes pairs (name, value), one for each line")
        merged: list[Any] = []
        theirs: list[str | bytes] = []
        try:
            for line in headers:
                # A str of two characters is no pair, though it could be taken apart like one.
                name, value = line if isinstance(line, (tuple, list)) else ()
                if as_bytes is None:
                    as_bytes = isinstance(name, bytes)
                text = name.decode("latin-1") if isinstance(name, bytes) else name
                text = text.lower()
                if text == _MERGED and self._vary:
                    theirs.append(value)
                elif text not in self._replaced:
                    merged.append(line)
            vary = _merge_vary(self._vary, *theirs)
        except (AttributeError, ValueError) as error:
            raise TypeError(
                "header lines are pairs (name, value) of str or bytes"
            ) from error
        # Our own `Vary` is the last line.
        ours = [line for line in self.assemble(origin, asked) if line[0] != VARY]
        if vary:
            ours.append((VARY, vary))
        return merged + (_encode(ours) if as_bytes else ours)

    def write(
        self,
        origin: str | None,
        asked: Requested | None,
        headers: MutableMapping[str, str],
        values_of: Callable[[str], Iterable[str]],
    ) -> None:
        """Merges into the object in which a framework keeps a response's headers."""
        spoken = [name for name in headers if name.lower() in self._speakable]
        lines: Iterable[Line]
        if spoken:
            theirs = {name.lower(): list(values_of(name)) for name in spoken}
            for name in theirs:
                del headers[name]
            lines = self.merge(
                origin, asked, [(n, value) for n in theirs for value in theirs[n]]
            )
        else:
            lines = self.assemble(origin, asked)
        for name, value in lines:
            headers[name] = value


def _assemble(
    policy: Policy, outcome: Outcome, refusal: Refusal | None
) -> Iterator[tuple[str, str | Gap]]:
    """The header lines of an answer, in their order, but for `Vary`.

    https://fetch.spec.whatwg.org/#http-responses
    """
    is_static = _is_static(policy)
    is_preflight = _is_preflight(outcome)
    is_allowed = outcome in (Outcome.PREFLIGHT_ALLOWED, Outcome.ACTUAL_ALLOWED)
    if is_preflight and not is_allowed:
        if policy.debug and refusal is not Refusal.ORIGIN:
            yield from _assemble_passed(policy, refusal)
        return
    # One and the same for all who ask, so that a cache may keep a single answer.
    speaks = is_allowed or is_static
    if speaks:
        yield ACCESS_CONTROL_ALLOW_ORIGIN, "*" if is_static else Gap.ORIGIN
        yield ACCESS_CONTROL_ALLOW_CREDENTIALS, _credentials(policy)
    if is_preflight:
        yield ACCESS_CONTROL_ALLOW_METHODS, _methods(policy)
        yield ACCESS_CONTROL_ALLOW_HEADERS, _header_names(policy)
        max_age = policy.max_age
        yield ACCESS_CONTROL_MAX_AGE, "" if max_age is None else str(max_age)
        return
    if speaks:
        yield ACCESS_CONTROL_EXPOSE_HEADERS, _list(policy.expose_headers)
    if speaks and policy.timing_allow_origin:
        yield TIMING_ALLOW_ORIGIN, "*" if is_static else Gap.ORIGIN
    if word := policy.cross_origin_resource_policy:
        yield CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin" if speaks else word


def _assemble_passed(
    policy: Policy, refusal: Refusal | None
) -> Iterator[tuple[str, str | Gap]]:
    """What passed of a refused preflight, so that a browser names what did not.

    A browser looks at the origin, then at the method, then at each header name.
    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """
    yield ACCESS_CONTROL_ALLOW_ORIGIN, "*" if _is_static(policy) else Gap.ORIGIN
    yield ACCESS_CONTROL_ALLOW_CREDENTIALS, _credentials(policy)
    if refusal is Refusal.METHOD:
        # Without the wildcard, which covers no method that is refused.
        yield ACCESS_CONTROL_ALLOW_METHODS, _list(policy.allow_methods, wildcard="")
    else:
        yield ACCESS_CONTROL_ALLOW_METHODS, Gap.METHOD
        # Nothing else: browsers take a wildcard for Authorization too.
        yield ACCESS_CONTROL_ALLOW_HEADERS, Gap.NAMES
    yield ACCESS_CONTROL_MAX_AGE, "0"


def _credentials(policy: Policy) -> str:
    return "true" if policy.allow_credentials else ""


def _methods(policy: Policy) -> str | Gap:
    """https://fetch.spec.whatwg.org/#http-access-control-allow-methods"""
    if "*" in policy.allow_methods and policy.allow_credentials:
        return Gap.METHOD
    return _list(policy.allow_methods)


def _header_names(policy: Policy) -> str | Gap:
    """https://fetch.spec.whatwg.org/#http-access-control-allow-headers"""
    if "*" not in policy.allow_headers:
        return _list(policy.allow_headers)
    if policy.allow_credentials:
        return Gap.NAMES
    listed = (name for name in policy.allow_headers if name.lower() == _AUTHORIZATION)
    return ", ".join(["*", *listed])


def _list(names: tuple[str, ...], wildcard: str = "*") -> str:
    """A list of names, where a wildcard covers all others."""
    return wildcard if "*" in names else ", ".join(names)


def _vary(policy: Policy, outcome: Outcome) -> str:
    """https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches"""
    names = [] if _is_static(policy) else ["Origin"]
    if _is_preflight(outcome):
        names += ["Access-Control-Request-Method", "Access-Control-Request-Headers"]
    return ", ".join(names)


def _is_preflight(outcome: Outcome) -> bool:
    return outcome in (Outcome.PREFLIGHT_ALLOWED, Outcome.PREFLIGHT_REFUSED)


def _is_static(policy: Policy) -> bool:
    """Whether every answer to an actual request is the same."""
    return (
        "*" in policy.allow_origins
        and not policy.allow_credentials
        and not policy._is_shared
    )


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


def _encode(lines: Iterable[Line]) -> list[tuple[bytes, bytes]]:
    return [
        (name.lower().encode(), value.encode("latin-1", "replace"))
        for name, value in lines
    ]


@lru_cache
def _spoken(timing: bool, resource: bool) -> tuple[tuple[str, ...], Spoken]:
    """Which names are whose, for a policy that speaks of the timing and of the resource, or not."""
    names = _REPLACED + (_TIMING,) * timing + (_RESOURCE,) * resource
    return names, Spoken(names, _MERGED, _merge_vary)


def assemble_answers(
    policy: Policy,
    text: type[str | bytes],
    start: Callable[[int], tuple[Any, list[Any]]],
) -> Answers:
    """The policy's answers for the core, with header lines of str or of bytes.

    `start` gives for a status how an answer begins that needs no application, and its header
    lines without ours. They are made once for a policy and a `start`.
    """
    made = policy._answers
    if made is None:
        made = {}
        object.__setattr__(policy, "_answers", made)
    answers = made.get(start)
    if answers is None:
        answers = made[start] = _make_answers(policy, text, start)
    return answers


def _make_answers(
    policy: Policy,
    text: type[str | bytes],
    start: Callable[[int], tuple[Any, list[Any]]],
) -> Answers:
    table = policy._table
    if policy._template is not None:
        answers = assemble_answers(policy._template, text, start)
        return answers.under(policy._rules, table.watch)
    rows = []
    for verdict in table.verdicts:
        assert isinstance(verdict.lines, HeaderLines)
        begin = None if verdict.status is None else start(verdict.status)
        rows.append((verdict.lines.finished, verdict.lines.merge_any, begin))
    return Answers(policy._rules, table.watch, rows, as_bytes=text is bytes)


def _make_table(policy: Policy) -> Table:
    template = policy._template
    if template is not None and _is_static(template) == _is_static(policy):
        verdicts = template._table.shared
    else:
        object.__setattr__(policy, "_template", None)
        verdicts = make_verdicts(
            lambda outcome, refusal: HeaderLines(policy, outcome, refusal),
            lambda outcome: _status(policy, outcome),
        )
    return Table(policy._rules, make_watch(policy, verdicts), verdicts)


def _status(policy: Policy, outcome: Outcome) -> int | None:
    """The status of an answer that needs no application."""
    if outcome is Outcome.PREFLIGHT_ALLOWED:
        return policy.preflight_status
    if outcome is Outcome.PREFLIGHT_REFUSED:
        # Browsers name what failed only behind an ok status; WebKit does not even name the origin.
        # https://fetch.spec.whatwg.org/#ok-status
        return policy.preflight_status if policy.debug else 403
    return 403 if policy.enforce and outcome is Outcome.ACTUAL_REFUSED else None


Policy._make_table = _make_table
