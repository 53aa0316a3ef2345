"""How many requests had which outcome, by the name of their policy.

Here: `counts`, `flips`, `flipped_origins`, and what they give, without what a parent process saw.
Not here: who counts (`_watch.py`), exporters.
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from __future__ import annotations

import os
from typing import NamedTuple

from .. import _watch
from .._decision import Outcome, Refusal


class Count(NamedTuple):
    """How many requests one policy gave one outcome.

    `policy`: its name, a str. `outcome`: an `Outcome`. `refusal`: a `Refusal`, None where nothing
    was refused. `total`: an int, the requests since the process began.
    """

    policy: str
    outcome: Outcome
    refusal: Refusal | None
    total: int

    def __repr__(self) -> str:
        return (
            f"<Count {self.policy}: {ending(self.outcome, self.refusal)} {self.total}>"
        )


class Flip(NamedTuple):
    """How many requests ended in one way, and would have ended in another with the shadow.

    `policy`: the name of the policy that decided, a str. `outcome`, `refusal`: what it decided.
    `shadow_outcome`, `shadow_refusal`: what its shadow did. `total`: an int, the requests since
    the process began.
    """

    policy: str
    outcome: Outcome
    refusal: Refusal | None
    shadow_outcome: Outcome
    shadow_refusal: Refusal | None
    total: int

    def __repr__(self) -> str:
        return f"<Flip {self.policy}: {change(self)} {self.total}>"


def ending(outcome: Outcome, refusal: Refusal | None) -> str:
    """An outcome for people, with what was refused."""
    return outcome.value if refusal is None else f"{outcome.value} ({refusal.value})"


def change(flip: Flip) -> str:
    """What the shadow would change, for people."""
    before = ending(flip.outcome, flip.refusal)
    return f"{before} -> {ending(flip.shadow_outcome, flip.shadow_refusal)}"


def counts() -> tuple[Count, ...]:
    """How many requests each named policy has decided in this process, and how.

    For each name seven, those that are zero too: `no_origin`, `actual_allowed`, `actual_refused`
    by `origin`, `preflight_allowed`, and `preflight_refused` by `origin`, by `method` and by
    `headers`. Policies of one name are counted together. The totals only grow and are never set
    back; each is read by itself, while requests go on. Each process counts for itself; one that is
    forked begins at zero, if it is forked after the import of this module.
    Source: https://fetch.spec.whatwg.org/#http-requests
    """
    return tuple(
        count._replace(total=count.total - _inherited.counts.get(count[:-1], 0))
        for count in _read_counts()
    )


def flips() -> tuple[Flip, ...]:
    """How many requests would have ended in another way with the shadows of the named policies.

    Only ways that were met. What `counts` says of totals and processes holds for these too.
    Source: https://fetch.spec.whatwg.org/#http-requests
    """
    read = (
        flip._replace(total=flip.total - _inherited.flips.get(flip[:-1], 0))
        for flip in _read_flips()
    )
    return tuple(flip for flip in read if flip.total)


def flipped_origins(policy: str) -> dict[str, int]:
    """Of how many of the flipped requests each origin was, as far as origins are told apart."""
    before = _inherited.origins.get(policy, {})
    read = {
        origin: total - before.get(origin, 0)
        for origin, total in _watch.read_flipped_origins(policy).items()
    }
    return {origin: total for origin, total in read.items() if total}


def _read_counts() -> list[Count]:
    return [Count(*count) for count in _watch.read_counts()]


def _read_flips() -> list[Flip]:
    return [
        Flip(
            flip.name,
            flip.outcome,
            flip.refusal,
            flip.shadow_outcome,
            flip.shadow_refusal,
            flip.total,
        )
        for flip in _watch.read_flips()
    ]


class _Inherited(NamedTuple):
    """What a forked process inherits without having seen it.

    Without it, whoever adds processes up would count these requests twice. Each: totals by all
    else that belongs to them.
    """

    counts: dict[tuple[object, ...], int]
    flips: dict[tuple[object, ...], int]
    origins: dict[str, dict[str, int]]


_inherited = _before_fork = _Inherited({}, {}, {})


def _read_before_fork() -> None:
    # Before, because behind a fork nobody gives back a lock that another thread held.
    global _before_fork
    flipped = _read_flips()
    _before_fork = _Inherited(
        {count[:-1]: count.total for count in _read_counts()},
        {flip[:-1]: flip.total for flip in flipped},
        {
            name: _watch.read_flipped_origins(name)
            for name in {flip.policy for flip in flipped}
        },
    )


def _begin_at_zero() -> None:
    global _inherited
    _inherited = _before_fork


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(before=_read_before_fork, after_in_child=_begin_at_zero)
