"""What one policy says otherwise than another, in a bounded line.

Here: `Change`, `Difference`, and the comparison of policies, of their maps and of their lists.
Not here: when it is told (`_report.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from corsac import OriginPolicies, Policy, PolicyMap

from ._words import cut

#: How much of a change its text names. Chosen by us so that a table of 50,000 origins makes one
#: line that a person can read.
_VALUES: Final = 10
_DIFFERENCES: Final = 20
_CHARACTERS: Final = 100
_TOTAL: Final = 4_000


@dataclass(frozen=True)
class Difference:
    """One thing that two policies say differently.

    `place`: a str, the route of a `PolicyMap` and the policy of an `OriginPolicies` that it
    stands in, "" for the policy itself. `field`: the keyword of `Policy`; `shadow.max_age` for
    that of a shadow; `routes` or `policies` for what a map or a list has more or less; "" where
    one kind of thing has taken the place of another. `removed`, `added`: tuples of values. In a
    field that is no list both have one value, what it was and what it is. In a list both are
    empty where only the order is another.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    place: str
    field: str
    removed: tuple[object, ...]
    added: tuple[object, ...]
    is_list: bool = True

    def __str__(self) -> str:
        subject = ": ".join(filter(None, (self.place, self.field)))
        return f"{subject}: {self._values()}" if subject else self._values()

    def _values(self) -> str:
        if not self.is_list:
            spell = _spell if self.field else str
            return f"{spell(self.removed[0])} -> {spell(self.added[0])}"
        if not self.removed and not self.added:
            return "in another order"
        return " ".join([*_sign("+", self.added), *_sign("-", self.removed)])


@dataclass(frozen=True)
class Change:
    """A policy that has taken the place of another.

    `old`, `new`: each a `Policy`, `PolicyMap` or `OriginPolicies`; `old` may be None too.
    `differences`: a tuple of `Difference`, computed when it is read first. As a str it is one line
    of at most 4,000 characters, with at most ten values of a list, and the others counted:
    `allow_origins: +https://new.example -https://old.example; max_age: 600 -> 60`.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    old: object
    new: object

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        return tuple(_compare("", self.old, self.new))

    def __str__(self) -> str:
        shown: list[str] = []
        length = 0
        for difference in self.differences[:_DIFFERENCES]:
            text = str(difference)
            length += len(text)
            if length > _TOTAL - 200:
                break
            shown.append(text)
        if left := len(self.differences) - len(shown):
            shown.append(f"and {left:,} more")
        return "; ".join(shown)


def _compare(place: str, old: object, new: object) -> Iterator[Difference]:
    if isinstance(old, Policy) and isinstance(new, Policy):
        yield from _compare_policies(place, "", old, new)
    elif isinstance(old, PolicyMap) and isinstance(new, PolicyMap):
        yield from _compare_parts(place, "routes", old.routes, new.routes)
    elif isinstance(old, OriginPolicies) and isinstance(new, OriginPolicies):
        before, after = _label(old.policies), _label(new.policies)
        yield from _compare_parts(place, "policies", before, after)
        common = [label for label in before if label in after]
        if common != [label for label in after if label in before]:
            yield Difference(place, "policies", (), ())
    elif old is not new:
        kinds = [_kind(old), _kind(new)]
        if kinds[0] == kinds[1]:
            kinds[1] = f"another {kinds[1]}"
        yield Difference(place, "", (kinds[0],), (kinds[1],), is_list=False)


def _compare_policies(
    place: str, prefix: str, old: Policy, new: Policy
) -> Iterator[Difference]:
    before, after = old._keywords(), new._keywords()
    for keyword in after:
        was, now = before[keyword], after[keyword]
        field = prefix + keyword
        if was is now or was == now:
            continue
        if isinstance(was, Policy) and isinstance(now, Policy):
            yield from _compare_policies(place, f"{field}.", was, now)
        elif isinstance(was, tuple) and isinstance(now, tuple):
            yield Difference(place, field, _beyond(was, now), _beyond(now, was))
        else:
            yield Difference(place, field, (was,), (now,), is_list=False)


def _compare_parts(
    place: str, field: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Difference]:
    """The parts that came and went, and then what those that stayed say differently."""
    removed, added = _beyond(tuple(old), new), _beyond(tuple(new), old)
    if removed or added:
        yield Difference(place, field, removed, added)
    for key, part in new.items():
        if key in old and old[key] is not part and old[key] != part:
            inner = f"{place} {_spell(key)}" if place else _spell(key)
            yield from _compare(inner, old[key], part)


def _beyond(
    values: tuple[object, ...], others: tuple[object, ...] | Mapping[str, object]
) -> tuple[object, ...]:
    known = frozenset(others)
    return tuple(value for value in values if value not in known)


def _label(policies: Sequence[Policy]) -> dict[str, Policy]:
    """Policies of a list by their names, or by their places where names say too little."""
    names = [policy.name for policy in policies]
    return {
        name if name and names.count(name) == 1 else f"policies[{index}]": policy
        for index, (name, policy) in enumerate(zip(names, policies))
    }


def _kind(choice: object) -> str:
    return "None" if choice is None else type(choice).__name__


def _sign(sign: str, values: tuple[object, ...]) -> Iterator[str]:
    for value in values[:_VALUES]:
        yield sign + _spell(value)
    if len(values) > _VALUES:
        yield f"{sign}{len(values) - _VALUES:,} more"


def _spell(value: object) -> str:
    """A value without quotes where it cannot be taken for anything else, on one line."""
    if isinstance(value, re.Pattern):
        return cut(f"re.compile({value.pattern!r})", _CHARACTERS)
    if isinstance(value, str) and re.fullmatch(r"[!#-&(-~]+", value):
        return cut(value, _CHARACTERS)
    return cut(repr(value), _CHARACTERS)
