"""The policies that a source can lead to.

Here: each of them with its place in the source, and what is known of them before any request.
Not here: which one a request gets (`_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ._handle import PolicyHandle
from ._origin_policies import OriginPolicies
from ._policy import Policy
from ._policy_map import PolicyMap

if TYPE_CHECKING:
    from ._sources import Source


def policies_in(source: Source | None) -> Iterator[tuple[str, Policy]]:
    """Every policy in a source at this moment, with how Python gets to it from there.

    Of a `PolicyHandle` the one that it holds; of a callable none, since only requests show them.
    """
    if isinstance(source, Policy):
        yield "", source
    elif isinstance(source, PolicyHandle):
        yield from _below(".policy", source.policy)
    elif isinstance(source, OriginPolicies):
        for index, policy in enumerate(source.policies):
            yield f".policies[{index}]", policy
    elif isinstance(source, PolicyMap):
        for route, choice in source.routes.items():
            yield from _below(f".routes[{route!r}]", choice)


def _below(place: str, source: Source | None) -> Iterator[tuple[str, Policy]]:
    for rest, policy in policies_in(source):
        yield place + rest, policy


def is_placeless(source: object) -> bool:
    """Whether it is a source that can decide a request without knowing its place."""
    return isinstance(source, (Policy, OriginPolicies, PolicyHandle))


def is_plain(source: Source | None) -> bool:
    """Whether it is one policy that nobody watches, or none at all."""
    return source is None or (isinstance(source, Policy) and not source._is_watched)


def is_fixed(source: Source | None) -> bool:
    """Whether no later request can meet a policy that is not in it at this moment."""
    if isinstance(source, PolicyMap):
        return all(map(is_fixed, source.routes.values()))
    return source is None or isinstance(source, (Policy, OriginPolicies))


def may_enforce(source: Source | None) -> bool:
    """Whether a policy in it enforces at this moment; of a callable nobody knows, so that it may."""
    if callable(source):
        return True
    return any(policy.enforce for _, policy in policies_in(source))
