"""Marks that give views and blueprints a policy, for Flask and Quart.

Here: `cors`, which marks, and what of a view may bear a mark.
Not here: whose mark counts for a request (`_views.py`), CORS rules, header names.
Spec: https://flask.palletsprojects.com/en/stable/views/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar
from weakref import WeakSet

from flask.sansio.app import App
from flask.sansio.blueprints import Blueprint

from .._policy import Policy, PolicyKeywords
from .._source_policies import is_placeless
from .._sources import Source

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._handle import PolicyHandle
    from .._origin_policies import OriginPolicies

    #: What a view can bear: a policy, at its own place.
    Mark: TypeAlias = Policy | OriginPolicies | PolicyHandle | None

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
    policy: Mark | _Unset = _UNSET, **keywords: Unpack[PolicyKeywords]
) -> Callable[[Bearer], Bearer]:
    """A decorator that gives a view, a view class, a method of one, or a blueprint its own policy.

    `policy`: a `Policy`, an `OriginPolicies` or a `PolicyHandle`; None, so that there is no CORS
    there; or leave it out and give the keywords of `Policy`. The nearest one counts: method, view,
    blueprint, the blueprint around it, application. It only marks, and gives the same object back,
    so that it may stand above or below `route`; the application needs a `CORS` object to heed it.
    What chooses by the place of a request, a `PolicyMap` or a callable, is for the application.

    Raises `PolicyError` for keywords that make no policy; `TypeError` for a policy and keywords,
    and for what is no view; `ValueError` for what has another policy already.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    source = _read_mark(policy, keywords)

    def mark(bearer: Bearer) -> Bearer:
        global _made
        if isinstance(bearer, App):
            raise TypeError("cors() is for views and blueprints; write CORS(app, ...)")
        if not callable(bearer) and not isinstance(bearer, Blueprint):
            raise TypeError(f"cors() is for views and blueprints, not {bearer!r}")
        borne = getattr(bearer, "__dict__", {}).get(_MARK, source)
        if borne != source:
            raise ValueError(f"{bearer!r} has another policy already: {borne!r}")
        try:
            setattr(bearer, _MARK, source)
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


def _read_mark(policy: Mark | _Unset, keywords: PolicyKeywords) -> Mark:
    if policy is None and not keywords:
        return None
    if policy is None or policy is _UNSET:
        return Policy(**keywords)
    if keywords or not is_placeless(policy):
        # `@cors` without parentheses comes here with the view itself.
        raise TypeError(
            "cors() takes either a Policy, an OriginPolicies or a PolicyHandle, or the keywords "
            "of a policy: @cors(Policy(...)); what chooses by the place is for CORS(app, ...)"
        )
    return policy


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


def marks_of(bearers: Iterable[object]) -> Iterator[Mark]:
    """What those bear that are marked, in their order."""
    return (getattr(bearer, _MARK) for bearer in bearers if is_marked(bearer))


def nearest_policy(
    bearers: Iterable[object], otherwise: Source | None
) -> Source | None:
    """What the first bears that is marked."""
    return next(marks_of(bearers), otherwise)
