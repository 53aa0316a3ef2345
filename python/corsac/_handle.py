"""A policy that can be replaced while requests come.

Here: `PolicyHandle`. Not here: where new policies come from (`corsac.live`), who asks it (`_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn, TypeAlias

from ._origin_policies import OriginPolicies
from ._policy import Policy

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._decision import Decision
    from ._policy_map import PolicyMap

#: What can be chosen for a request, at once or in further steps.
Choice: TypeAlias = "Policy | PolicyMap | OriginPolicies | PolicyHandle | None"

#: For whoever replaces, and for no request: each learns whom it replaced, and two handles that
#: are given maps with each other at once do not both get theirs.
_replacing: Final = Lock()


class PolicyHandle:
    """Holds the policy of the moment, for adapters and for whoever asks it.

    `policy`: a `Policy`, a `PolicyMap`, an `OriginPolicies`, or None for no CORS.

    A request reads it once and without a lock, so that each one is answered under one policy
    alone, whichever thread replaces it meanwhile; what is answered already stays as it is. A
    handle is equal to itself alone, and a copy of it is that handle; it cannot be pickled.
    Raises `TypeError` for anything else.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    __slots__ = ("__weakref__", "_policy")

    #: `PolicyMap`, which can hold handles and so comes after them; it sets itself here.
    _map: ClassVar[type[PolicyMap]]

    def __init__(self, policy: Choice) -> None:
        if hasattr(self, "_policy"):
            raise AttributeError(
                "a PolicyHandle has a policy; replace it: handle.replace(policy)"
            )
        self._policy = _read(policy)

    @property
    def policy(self) -> Policy | PolicyMap | OriginPolicies | None:
        """The policy of this moment."""
        return self._policy

    def _holds(self, handle: PolicyHandle) -> bool:
        """Whether a request that comes here could come to that handle, and so here again."""
        return handle is self or _leads_to(self._policy, handle)

    def replace(self, policy: Choice) -> Policy | PolicyMap | OriginPolicies | None:
        """Puts another policy in its place, for every request that comes from now on.

        `policy`: as in the constructor. Gives the one that was there. Raises `TypeError`.
        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        new = _read(policy)
        with _replacing:
            if _leads_to(new, self):
                raise TypeError(
                    "the PolicyMap holds this handle, and would ask it forever"
                )
            old, self._policy = self._policy, new
        return old

    def decide(
        self,
        method: str,
        headers: Iterable[tuple[str | bytes, str | bytes]] | Mapping[str, str],
    ) -> Decision:
        """Decide a request under the policy of this moment, as `Policy.decide` does.

        Raises `TypeError` where it is a `PolicyMap` or None, which need an adapter to know the
        request's place, and where `Policy.decide` does.
        Source: https://fetch.spec.whatwg.org/#http-requests
        """
        policy = self._policy
        if not isinstance(policy, (Policy, OriginPolicies)):
            raise TypeError(
                f"{type(policy).__name__} cannot decide by method and headers alone; "
                "give the handle to an adapter"
            )
        return policy.decide(method, headers)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PolicyHandle stays in its process; pickle its policy")

    def __repr__(self) -> str:
        return f"PolicyHandle({self._policy!r})"


def _read(policy: Choice) -> Policy | PolicyMap | OriginPolicies | None:
    kinds = (Policy, OriginPolicies, PolicyHandle._map)
    if policy is None or isinstance(policy, kinds):
        return policy
    raise TypeError(
        f"a PolicyHandle holds a Policy, a PolicyMap, an OriginPolicies or None, not {policy!r}"
    )


def _leads_to(policy: Choice, handle: PolicyHandle) -> bool:
    if isinstance(policy, PolicyHandle):
        return policy._holds(handle)
    routes: Mapping[str, Choice] = getattr(policy, "routes", {})
    return any(_leads_to(choice, handle) for choice in routes.values())
