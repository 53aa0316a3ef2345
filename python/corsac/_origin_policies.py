"""Several policies for one place, told apart by the origin of a request.

Here: `OriginPolicies`. Not here: what one policy allows (`_policy.py`), places (`_policy_map.py`).
Spec: https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from ._core import OriginAnswers
from ._policy import Policy
from ._problems import Problems
from ._requests import Request

if TYPE_CHECKING:
    from ._decision import Decision


class OriginPolicies:
    """The first of several policies that allows the origin of a request decides it.

        OriginPolicies([
            Policy(allow_origins=["https://first.example"], allow_methods=["PUT"], allow_credentials=True),
            Policy(allow_origins=["https://second.example"]),
        ])

    `policies`: an iterable of `Policy`, at least one; an origin that none allows is decided by the
    last. Every answer varies by the origin, `*` is answered with the origin, and requests without
    one are decided by the last policy too. It cannot be changed, is equal by value, can be hashed
    and pickled.

    Raises `PolicyError` for what is no policy, and for none at all.
    Source: https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
    """

    __slots__ = ("_answers", "_shared", "policies")

    policies: tuple[Policy, ...]
    _shared: tuple[Policy, ...]
    #: What adapters answer with, by what they begin answers with.
    _answers: dict[object, Any]

    def __init__(self, policies: Iterable[Policy]) -> None:
        if hasattr(self, "policies"):
            raise AttributeError("OriginPolicies cannot be changed; make others")
        problems = Problems()
        values = problems.read_list("policies", policies)
        for index, value in enumerate(values):
            if not isinstance(value, Policy):
                message = "write a Policy"
                problems.add("invalid-choice", "policies", index, value, message)
        if not values and not problems.found:
            message = "list the policies"
            problems.add("prohibited-empty-policies", "policies", None, values, message)
        problems.raise_found()
        object.__setattr__(self, "policies", tuple(values))
        shared = tuple(policy._shared() for policy in values)
        object.__setattr__(self, "_shared", shared)
        object.__setattr__(self, "_answers", {})

    def decide(
        self,
        method: str,
        headers: Iterable[tuple[str | bytes, str | bytes]] | Mapping[str, str],
    ) -> Decision:
        """Decide a request, as `Policy.decide` does.

        `method`: a str, as it came. `headers`: an iterable of pairs (name, value), each str or
        bytes, or a mapping of str to str.

        Raises `TypeError` where these are of another type; no request makes it raise.
        Source: https://fetch.spec.whatwg.org/#http-requests
        """
        if isinstance(headers, Iterator):
            headers = list(headers)
        # What is no pair is passed over here, and reported by the policy.
        return self._of_origin(_origin(headers)).decide(method, headers)

    def _assemble(self, assemble: Callable[[Any], Any]) -> OriginAnswers:
        """Its answers for the core; `assemble` gives those of a policy."""
        return OriginAnswers([assemble(policy) for policy in self._shared])

    def choose(self, request: Request) -> Policy:
        """The policy that decides a request.

        `request`: a `Request`.
        Source: https://fetch.spec.whatwg.org/#origin-header
        """
        return self._of_origin(request.origin)

    def _of_origin(self, origin: str | bytes | None) -> Policy:
        if isinstance(origin, (str, bytes)):
            for policy in self._shared:
                if policy._rules.allows_origin(origin):
                    return policy
        return self._shared[-1]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("OriginPolicies cannot be changed; make others")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("OriginPolicies cannot be changed; make others")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OriginPolicies):
            return NotImplemented
        return self.policies == other.policies

    def __hash__(self) -> int:
        return hash(self.policies)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.policies,)

    def __repr__(self) -> str:
        return f"OriginPolicies({list(self.policies)!r})"


def _origin(headers: Any) -> str | bytes | None:
    """The value of the one `Origin` line."""
    lines: Any = headers if isinstance(headers, Iterable) else ()
    if isinstance(headers, Mapping):
        lines = headers.items()
    values = [line[1] for line in lines if _is_origin(line)]
    return values[0] if len(values) == 1 else None


def _is_origin(line: Any) -> bool:
    if not (isinstance(line, (tuple, list)) and len(line) == 2):
        return False
    name = line[0]
    if isinstance(name, bytes):
        return name.lower() == b"origin"
    return isinstance(name, str) and name.lower() == "origin"
