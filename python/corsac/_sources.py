"""Where an adapter has the policy of a request from.

Here: what adapters take, and the choice for one request. Not here: `PolicyMap`, `OriginPolicies`
and `PolicyHandle` themselves, requests of frameworks (`adapters/`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from inspect import isawaitable
from typing import Final, TypeAlias

from ._handle import Choice, PolicyHandle
from ._origin_policies import OriginPolicies
from ._policy import Policy, PolicyKeywords
from ._policy_map import PolicyMap
from ._requests import Request

#: What people give to an adapter.
Source: TypeAlias = (
    "Policy | PolicyMap | OriginPolicies | PolicyHandle "
    "| Callable[[Request], Choice | Awaitable[Choice]]"
)

#: Those that are no callables of the application.
_HELD: Final = (Policy, PolicyMap, OriginPolicies, PolicyHandle)


def read_source(source: Source | None, keywords: PolicyKeywords) -> Source:
    """What an adapter was given, as such or as the keywords of one policy.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for both, or for neither.
    """
    if source is None:
        return Policy(**keywords)
    if keywords or not (isinstance(source, _HELD) or callable(source)):
        raise TypeError(
            "give either a Policy or its keywords: CORSMiddleware(app, Policy(...)); or a "
            "PolicyMap, an OriginPolicies, a PolicyHandle, or a callable that takes a Request"
        )
    return source


def choose(
    source: Source, request: Request
) -> Policy | None | Awaitable[Policy | None]:
    """The policy of a request; None for no CORS; something to await where a callable gives that.

    Raises `TypeError` for a callable that gives anything else; what it raises itself is the
    caller's to meet, as from any middleware.
    """
    if isinstance(source, _HELD):
        return _choose_held(source, request)
    choice = source(request)
    if isawaitable(choice):
        return _await_choice(choice, request)
    return _choose_held(choice, request)


async def _await_choice(choice: Awaitable[Choice], request: Request) -> Policy | None:
    return _choose_held(await choice, request)


def _choose_held(choice: Choice, request: Request) -> Policy | None:
    while choice is not None and not isinstance(choice, Policy):
        if isinstance(choice, PolicyHandle):
            choice = choice.policy
        elif isinstance(choice, (PolicyMap, OriginPolicies)):
            choice = choice.choose(request)
        else:
            raise TypeError(
                f"a callable chose {choice!r}, which is no policy; give a Policy, or None"
            )
    return choice


def choose_now(source: Source, request: Request) -> Policy | None:
    """The same for a framework that cannot wait.

    Raises `TypeError` where there is something to await.
    """
    if isinstance(source, _HELD):
        return _choose_held(source, request)
    choice = source(request)
    if isawaitable(choice):
        # What nobody awaits would be warned of.
        if isinstance(choice, Coroutine):
            choice.close()
        raise TypeError(
            f"{source!r} is asynchronous, and this framework is not; write a plain function"
        )
    return _choose_held(choice, request)
