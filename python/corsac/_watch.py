"""What is seen of requests beside their answers.

Here: who watches a policy, the counts by its name, what its shadow would change, who hears of
refused requests, and which origins are the server's own.
Not here: the counting itself (the core), what people do with it (`corsac.sight`), decisions.
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock
from typing import Any, Final, NamedTuple

from ._core import Counter, Watch, hear
from ._decision import (
    COUNT_OF_FACTS,
    HAS_ORIGIN,
    IS_PREFLIGHT,
    ORIGIN_ALLOWED,
    Outcome,
    Refusal,
    Table,
    Verdicts,
    judge,
)
from ._policy import Policy
from ._requests import Request

#: Under which name all those count that came after so many: a configuration that makes up names
#: must not fill the memory. Chosen by us because no service has so many policies by hand.
OTHERS: Final = "(others)"
_MAX_NAMES: Final = 1000
#: Of how many origins it is known what a shadow changes. Chosen by us: whom people can look at.
_MAX_ORIGINS: Final = 100
#: How much of an origin is kept, in characters: the longest that can be allowed.
_MAX_ORIGIN: Final = 326

_JUDGED: Final = [judge(facts) for facts in range(COUNT_OF_FACTS)]
_ACTUAL_REFUSED: Final = HAS_ORIGIN
_NO_ORIGIN: Final = 0


class Refused(NamedTuple):
    """A refused request, for whoever wants to hear of it."""

    policy: Policy
    request: Request
    outcome: Outcome
    refusal: Refusal

    @property
    def requested_method(self) -> str | None:
        return self.request.headers.get("access-control-request-method")

    @property
    def requested_headers(self) -> str | None:
        return self.request.headers.get("access-control-request-headers")


class Flip(NamedTuple):
    """How often a policy's shadow decided otherwise, and how."""

    name: str
    outcome: Outcome
    shadow_outcome: Outcome
    refusal: Refusal | None
    shadow_refusal: Refusal | None
    total: int


class Flips:
    """What the shadows of one name would change."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._totals: dict[tuple[int, int], int] = {}
        self._origins: dict[str, int] = {}

    def renew_lock(self) -> None:
        self._lock = Lock()

    def add(self, facts: int, shadow: int, origin: str) -> None:
        pair, origin = (facts, shadow), origin[:_MAX_ORIGIN]
        with self._lock:
            self._totals[pair] = self._totals.get(pair, 0) + 1
            if origin not in self._origins and len(self._origins) >= _MAX_ORIGINS:
                origin = OTHERS
            self._origins[origin] = self._origins.get(origin, 0) + 1

    def read(self, name: str) -> list[Flip]:
        totals: dict[tuple[Any, Any], int] = {}
        with self._lock:
            for (facts, shadow), total in self._totals.items():
                pair = _JUDGED[facts], _JUDGED[shadow]
                totals[pair] = totals.get(pair, 0) + total
        return [
            Flip(name, ours[0], theirs[0], ours[1], theirs[1], total)
            for (ours, theirs), total in totals.items()
        ]

    def read_origins(self) -> dict[str, int]:
        with self._lock:
            return dict(self._origins)


_lock = Lock()
_counters: Final[dict[str, Counter]] = {}
_flips: Final[dict[str, Flips]] = {}
_hook: Callable[[Refused], None] | None = None
_has_failed = False


def read_counts() -> list[tuple[str, Outcome, Refusal | None, int]]:
    """For each name, each outcome with its refusal, and how many requests had it."""
    counts = []
    for name, counter in list(_counters.items()):
        totals = dict.fromkeys(_JUDGED, 0)
        for pair, count in zip(_JUDGED, counter.snapshot(), strict=True):
            totals[pair] += count
        counts += [(name, *pair, total) for pair, total in totals.items()]
    return counts


def read_flips() -> list[Flip]:
    """What the shadows would change, for each name."""
    return [flip for name, flips in list(_flips.items()) for flip in flips.read(name)]


def read_flipped_origins(name: str) -> dict[str, int]:
    """For which origins a shadow would change something, and of how many requests."""
    flips = _flips.get(name)
    return {} if flips is None else flips.read_origins()


def set_refused_hook(hook: Callable[[Refused], None] | None) -> None:
    """Says who hears of each refused request of policies with a name; None: nobody."""
    global _hook, _has_failed
    _hook, _has_failed = hook, False
    hear(hook is not None)


def _renew_locks() -> None:
    """A child has the locks of threads that are not there to let go of them."""
    global _lock
    _lock = Lock()
    for flips in _flips.values():
        flips.renew_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)


def make_watch(policy: Policy, verdicts: Verdicts) -> Watch | None:
    """Who looks at a policy's requests; None where nobody has to."""
    if not policy._is_watched:
        return None
    counter, flips = _of_name(policy.name)
    shadow = policy.shadow
    heard = [facts for facts, (_, refusal) in enumerate(_JUDGED) if refusal is not None]
    return Watch(
        counter,
        None if shadow is None else shadow._rules,
        sum(1 << facts for facts in heard if policy.enforce and _is_enforced(facts)),
        sum(1 << facts for facts in heard if policy.name is not None),
        _Teller(_unwatched(policy, verdicts), flips),
    )


def _unwatched(policy: Policy, verdicts: Verdicts) -> Policy:
    """The same policy, where nobody looks.

    Whoever is told of a request may ask it, and is not told of that in turn. And a policy does not
    hold itself by way of who looks at it, so that one that is replaced is gone at once.
    """
    twin = policy._copy()
    object.__setattr__(twin, "_table", Table(policy._rules, None, verdicts))
    return twin


def _of_name(name: str | None) -> tuple[Counter | None, Flips | None]:
    if name is None:
        return None, None
    with _lock:
        if name not in _counters and len(_counters) >= _MAX_NAMES:
            name = OTHERS
        counter = _counters.setdefault(name, Counter())
        return counter, _flips.setdefault(name, Flips())


def _is_enforced(facts: int) -> bool:
    return facts & (HAS_ORIGIN | IS_PREFLIGHT | ORIGIN_ALLOWED) == _ACTUAL_REFUSED


class _Teller:
    """Is told of a request by the core, and says which facts count."""

    __slots__ = ("_flips", "_policy")

    def __init__(self, policy: Policy, flips: Flips | None) -> None:
        self._policy = policy
        self._flips = flips

    def __call__(self, facts: int, shadow: int | None, source: Any) -> int:
        policy = self._policy
        request = Request.of(source)
        if policy.enforce and _is_enforced(facts) and request.is_of(policy.own_origins):
            # As if it had none: nobody asks across origins.
            return _NO_ORIGIN
        if shadow is not None and self._flips and _JUDGED[facts] != _JUDGED[shadow]:
            self._flips.add(facts, shadow, request.headers.get("origin", ""))
        outcome, refusal = _JUDGED[facts]
        hook = _hook
        if hook is not None and refusal is not None and policy.name is not None:
            self._call(hook, request, outcome, refusal)
        return facts

    def _call(
        self,
        hook: Callable[[Refused], None],
        request: Request,
        outcome: Outcome,
        refusal: Refusal,
    ) -> None:
        global _has_failed
        try:
            hook(Refused(self._policy, request, outcome, refusal))
        except Exception:  # noqa: BLE001  # whatever a hook of the application raises
            # Whoever listens must not end a request, nor fill the log at each one.
            if not _has_failed:
                _has_failed = True
                _report_hook()


def _report_hook() -> None:
    import logging  # which takes longer than all of this to import

    logging.getLogger("corsac").exception("the hook for refused requests failed")
