"""Facts in, a decision out: a table made once per policy, read once per request.

Here: `Outcome`, `Refusal`, `Decision`, the order in which Fetch looks, and the table.
Not here: how header lines are spelled and merged (`_headers.py`), reading requests (the core).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from enum import Enum
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from ._core import Rules, Watch
from ._requests import Request

#: The bits that the core sets, as `src/facts.rs` numbers them.
HAS_ORIGIN: Final = 1
IS_PREFLIGHT: Final = 2
ORIGIN_ALLOWED: Final = 4
_METHOD_ALLOWED: Final = 8
_HEADERS_ALLOWED: Final = 16
COUNT_OF_FACTS: Final = 32

Text = TypeVar("Text", str, bytes)
#: What an allowed preflight asked for: its method, and its header names joined with ", "; each
#: empty where the answer does not name it.
Requested = tuple[str, str]
#: What the core finds of a request: facts, the allowed origin, what was asked for.
FactsOfRequest = tuple[int, str | None, Requested | None]


class Outcome(str, Enum):
    """What a request turned out to be. https://fetch.spec.whatwg.org/#http-requests"""

    NO_ORIGIN = "no_origin"
    ACTUAL_ALLOWED = "actual_allowed"
    ACTUAL_REFUSED = "actual_refused"
    PREFLIGHT_ALLOWED = "preflight_allowed"
    PREFLIGHT_REFUSED = "preflight_refused"

    __str__ = str.__str__


class Refusal(str, Enum):
    """What a refused request failed on: the first that Fetch's order meets.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """

    ORIGIN = "origin"
    METHOD = "method"
    HEADERS = "headers"

    __str__ = str.__str__


class Lines(Protocol):
    """The header lines of one outcome under one policy, with a gap for what echoes a request."""

    def assemble(
        self, origin: str | None, asked: Requested | None
    ) -> tuple[tuple[str, str], ...]: ...
    def merge(
        self,
        origin: str | None,
        asked: Requested | None,
        headers: Iterable[tuple[Text, Text]],
    ) -> list[tuple[Text, Text]]: ...
    def write(
        self,
        origin: str | None,
        asked: Requested | None,
        headers: MutableMapping[str, str],
        values_of: Callable[[str], Iterable[str]],
    ) -> None: ...


class Verdict(NamedTuple):
    """The part of a decision that is the same for every request with the same facts."""

    outcome: Outcome
    refusal: Refusal | None
    status: int | None
    lines: Lines


class Decision:
    """What becomes of a request; it cannot be changed.

    `outcome`: an `Outcome`. `refusal`: a `Refusal`, or None where nothing was refused.
    `status`: the int to answer with at once, without asking the application; None: the
    application answers. `headers`: a tuple of pairs (name, value) of str that the answer gets.
    Source: https://fetch.spec.whatwg.org/#http-responses
    """

    __slots__ = ("_asked", "_origin", "_verdict")

    def __init__(
        self, verdict: Verdict, origin: str | None, asked: Requested | None
    ) -> None:
        self._verdict = verdict
        self._origin = origin
        self._asked = asked

    @property
    def outcome(self) -> Outcome:
        return self._verdict.outcome

    @property
    def refusal(self) -> Refusal | None:
        return self._verdict.refusal

    @property
    def status(self) -> int | None:
        return self._verdict.status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return self._verdict.lines.assemble(self._origin, self._asked)

    def merge(self, headers: Iterable[tuple[Text, Text]]) -> list[tuple[Text, Text]]:
        """The application's header lines with these in them, as a new list.

        `headers`: an iterable of pairs (name, value), all str or all bytes; for bytes the added
        names are in lower case, as ASGI wants them. CORS headers of the application are left
        out, its `Vary` becomes one line with this one, everything else stays as it is.
        Raises `TypeError` where these are no such pairs; changes no input.
        Source: https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
        """
        return self._verdict.lines.merge(self._origin, self._asked, headers)

    def _write(
        self,
        headers: MutableMapping[str, str],
        values_of: Callable[[str], Iterable[str]],
    ) -> None:
        """The same for the object in which a framework keeps a response's headers.

        `headers`: takes names in any case; to set one replaces all its lines. `values_of`: what
        each line of a name says, for a name that `headers` holds.
        """
        self._verdict.lines.write(self._origin, self._asked, headers, values_of)

    def _value(self) -> tuple[object, ...]:
        return self.outcome, self.refusal, self.status, self.headers

    def __eq__(self, other: object) -> bool:
        return (
            self._value() == other._value()
            if isinstance(other, Decision)
            else NotImplemented
        )

    def __hash__(self) -> int:
        return hash(self._value())

    def __repr__(self) -> str:
        refusal = self.refusal and self.refusal.value
        return (
            f"<Decision {self.outcome.value} refusal={refusal!r} status={self.status!r} "
            f"headers={self.headers!r}>"
        )


class Verdicts(NamedTuple):
    """What policies share that differ in their origins alone, one for each set of facts."""

    by_facts: Sequence[Verdict]
    #: Their decisions on requests that they repeat nothing of.
    finished: Sequence[Decision]


def make_verdicts(
    lines: Callable[[Outcome, Refusal | None], Lines],
    status: Callable[[Outcome], int | None],
) -> Verdicts:
    """A policy's verdicts, one for each set of facts.

    `lines` gives the header lines of an outcome, `status` its status where corsac answers.
    """
    judged = [judge(facts) for facts in range(COUNT_OF_FACTS)]
    distinct = {pair: Verdict(*pair, status(pair[0]), lines(*pair)) for pair in judged}
    verdicts = [distinct[pair] for pair in judged]
    return Verdicts(verdicts, [Decision(verdict, None, None) for verdict in verdicts])


class Table:
    """A policy's decisions, one for each set of facts."""

    __slots__ = ("_finished", "_read", "_read_environ", "shared", "verdicts", "watch")

    def __init__(self, rules: Rules, watch: Watch | None, verdicts: Verdicts) -> None:
        self.shared = verdicts
        self.verdicts, self._finished = verdicts
        #: Who looks at the requests, if anybody does.
        self.watch = watch
        self._read: Callable[..., FactsOfRequest] = rules.facts
        self._read_environ: Callable[..., FactsOfRequest] = rules.facts_of_environ
        if watch is not None:
            self._read = partial(watch.facts, rules)
            self._read_environ = partial(watch.facts_of_environ, rules)

    def decide(
        self,
        method: str,
        headers: Iterable[tuple[str | bytes, str | bytes]] | Mapping[str, str],
    ) -> Decision:
        facts, origin, asked = self._read(method, headers)
        if origin is None:
            return self._finished[facts]
        return Decision(self.verdicts[facts], origin, asked)

    def decide_request(self, request: Request) -> Decision:
        """The same for a request that an adapter has read; who watches is told it."""
        if self.watch is None:
            return self.decide(request.own_method, request.lines)
        facts, origin, asked = self._read(request.own_method, request.lines, request)
        if origin is None:
            return self._finished[facts]
        return Decision(self.verdicts[facts], origin, asked)

    def decide_environ(self, environ: dict[str, Any]) -> Decision:
        """The same for a WSGI environ, whose server has joined the lines of one name."""
        facts, origin, asked = self._read_environ(environ)
        if origin is None:
            return self._finished[facts]
        return Decision(self.verdicts[facts], origin, asked)


def judge(facts: int) -> tuple[Outcome, Refusal | None]:
    """The outcome of one set of facts, in Fetch's order: origin, method, headers.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """
    if not facts & HAS_ORIGIN:
        return Outcome.NO_ORIGIN, None
    if not facts & IS_PREFLIGHT:
        if facts & ORIGIN_ALLOWED:
            return Outcome.ACTUAL_ALLOWED, None
        return Outcome.ACTUAL_REFUSED, Refusal.ORIGIN
    if not facts & ORIGIN_ALLOWED:
        return Outcome.PREFLIGHT_REFUSED, Refusal.ORIGIN
    if not facts & _METHOD_ALLOWED:
        return Outcome.PREFLIGHT_REFUSED, Refusal.METHOD
    if not facts & _HEADERS_ALLOWED:
        return Outcome.PREFLIGHT_REFUSED, Refusal.HEADERS
    return Outcome.PREFLIGHT_ALLOWED, None
