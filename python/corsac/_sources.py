"""Where an adapter has the policy of a request from.

Here: what adapters take, what the core can ask of it without Python, and else the choice for one
request. Not here: `PolicyMap`, `OriginPolicies` and `PolicyHandle` themselves, the core's choice
(`src/python/assembled.rs`), requests of frameworks (`adapters/`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ._core import HeldAnswers
from ._handle import Choice, PolicyHandle
from ._headers import assemble_answers
from ._origin_policies import OriginPolicies
from ._policy import Policy, PolicyKeywords
from ._policy_map import PolicyMap
from ._requests import Request

if TYPE_CHECKING:
    from ._core import _Assembled as Assembled

#: What people give to an adapter.
Source: TypeAlias = (
    "Policy | PolicyMap | OriginPolicies | PolicyHandle "
    "| Callable[[Request], Choice | Awaitable[Choice]]"
)

#: Those that are no callables of the application.
_HELD: Final = (Policy, PolicyMap, OriginPolicies, PolicyHandle)
#: What needs no look whether it must be awaited, which takes longer than all the rest.
_KNOWN: Final = (Policy, type(None), PolicyMap, OriginPolicies, PolicyHandle)


def read_source(
    source: Source | None, keywords: PolicyKeywords, *, waits: bool = True
) -> Source:
    """What an adapter was given, as such or as the keywords of one policy.

    `waits`: whether the adapter can await a choice.
    Raises `PolicyError` for keywords that make no policy, `TypeError` for both, or for neither, and
    for a coroutine function where nobody can wait.
    """
    if source is None:
        return Policy(**keywords)
    if keywords or not (isinstance(source, _HELD) or callable(source)):
        raise TypeError(
            "give either a Policy or its keywords: CORSMiddleware(app, Policy(...)); or a "
            "PolicyMap, an OriginPolicies, a PolicyHandle, or a callable that takes a Request"
        )
    if not waits and _is_coroutine_function(source):
        raise _is_asynchronous(source)
    return source


def assemble_source(
    source: Source | None, text: type[str | bytes], start: Callable[[int], Any]
) -> Assembled | None:
    """The answers of a source for the core, as `assemble_answers` makes those of a policy.

    None where `choose` must be asked at every request: for a callable, and for a class of the
    application's own, which may choose in another way than ours.
    """
    if isinstance(source, Policy):
        return assemble_answers(source, text, start)
    assemble = partial(assemble_source, text=text, start=start)
    if type(source) is PolicyHandle:
        return HeldAnswers(source, assemble, start)
    if type(source) is PolicyMap or type(source) is OriginPolicies:
        made: dict[object, Assembled] = source._answers
        if start not in made:
            made[start] = source._assemble(assemble)
        return made[start]
    return None


def choose(
    source: Source, request: Request
) -> Policy | None | Awaitable[Policy | None]:
    """The policy of a request; None for no CORS; something to await where a callable gives that.

    Raises `TypeError` for a callable that gives anything else; what it raises itself is the
    caller's to meet, as from any middleware.
    """
    choice = _ask(source, request)
    if not isinstance(choice, _KNOWN) and isawaitable(choice):
        return _await_choice(choice, request)
    return _choose_held(choice, request)


async def choose_later(source: Source, request: Request) -> Policy | None:
    """The same, awaited where that must be."""
    policy = choose(source, request)
    if policy is None or isinstance(policy, Policy):
        return policy
    return await policy


def choose_now(source: Source, request: Request) -> Policy | None:
    """The same for a framework that cannot wait.

    Raises `TypeError` where there is something to await.
    """
    choice = _ask(source, request)
    if not isinstance(choice, _KNOWN) and isawaitable(choice):
        # What nobody awaits would be warned of.
        if isinstance(choice, Coroutine):
            choice.close()
        raise _is_asynchronous(source)
    return _choose_held(choice, request)


def _is_coroutine_function(source: object) -> bool:
    if iscoroutinefunction(source):
        return True
    return callable(source) and iscoroutinefunction(type(source).__call__)


def _is_asynchronous(source: object) -> TypeError:
    return TypeError(
        f"{source!r} is asynchronous, and this framework is not; write a plain function"
    )


def _ask(source: Source, request: Request) -> Any:
    """What the source says: itself, unless it is a callable of the application."""
    return source if isinstance(source, _HELD) else source(request)


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
