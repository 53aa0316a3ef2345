"""Marks that give views and blueprints a policy, for Flask and Quart.

Here: `cors`, which marks, and what of a view may bear a mark.
Not here: whose mark counts for a request (`_views.py`), CORS rules, header names.
Spec: https://flask.palletsprojects.com/en/stable/views/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol, TypeVar
from weakref import WeakSet

from flask.sansio.app import App
from flask.sansio.blueprints import Blueprint

from .._policy import Policy, PolicyKeywords, read_policy

if TYPE_CHECKING:
    from typing_extensions import Unpack

_MARK: Final = "_corsac_policy"

Bearer = TypeVar("Bearer")

_made = 0
#: What waits for the first mark of the process.
_waiting: Final[WeakSet[Waiting]] = WeakSet()


class Waiting(Protocol):
    def give_way(self) -> None:
        """There is a mark; perhaps not the first."""


class _Unset(Enum):
    UNSET = "no policy, which is another thing than None"


_UNSET: Final = _Unset.UNSET


def cors(
    policy: Policy | None | _Unset = _UNSET, **keywords: Unpack[PolicyKeywords]
) -> Callable[[Bearer], Bearer]:
    """A decorator that gives a view, a view class, a method of one, or a blueprint its own policy.

    `policy`: a `Policy`; None, so that there is no CORS there; or leave it out and give the
    keywords of `Policy`. The nearest one counts: method, view, blueprint, the blueprint around
    it, application. It only marks, and gives the same object back, so that it may stand above or
    below `route`; the application needs a `CORS` object to heed it.

    Raises `PolicyError` for keywords that make no policy; `TypeError` for a policy and keywords,
    and for what is no view; `ValueError` for what has another policy already.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    if policy is _UNSET or (policy is None and keywords):
        policy = read_policy(None, keywords)
    elif policy is not None:
        policy = read_policy(policy, keywords)

    def mark(bearer: Bearer) -> Bearer:
        global _made
        if isinstance(bearer, App):
            raise TypeError("cors() is for views and blueprints; write CORS(app, ...)")
        if not callable(bearer) and not isinstance(bearer, Blueprint):
            raise TypeError(f"cors() is for views and blueprints, not {bearer!r}")
        borne = getattr(bearer, "__dict__", {}).get(_MARK, policy)
        if borne != policy:
            raise ValueError(f"{bearer!r} has another policy already: {borne!r}")
        try:
            setattr(bearer, _MARK, policy)
        except AttributeError:
            raise TypeError(
                f"{bearer!r} cannot bear a policy; decorate its function"
            ) from None
        _made += 1
        for waiting in list(_waiting):
            waiting.give_way()
        _waiting.clear()
        return bearer

    return mark


def count_marks() -> int:
    """How many marks there are in this process."""
    return _made


def await_mark(waiting: Waiting) -> None:
    """Sees to it that this gives way when there is a mark; nothing else keeps it alive."""
    _waiting.add(waiting)
    if _made:
        waiting.give_way()


def bearers_of_view(view: object, method: str) -> Iterator[object]:
    kind = getattr(view, "view_class", None)
    if kind is not None:
        yield getattr(kind, method.lower(), None)
        if method == "HEAD":
            yield getattr(kind, "get", None)
    yield view
    yield kind


def is_marked(bearer: object) -> bool:
    return getattr(bearer, _MARK, _UNSET) is not _UNSET


def nearest_policy(
    bearers: Iterable[object], otherwise: Policy | None
) -> Policy | None:
    """The policy of the first that is marked."""
    return next(
        (getattr(bearer, _MARK) for bearer in bearers if is_marked(bearer)), otherwise
    )
