"""CORS around any ASGI application.

Here: what servers and people see of the middleware, and how an answer without the application
begins. Not here: the request path, which is native (`src/python/asgi.rs`), CORS rules, header names.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, cast

from .._core import ASGIMiddleware
from .._headers import assemble_answers
from .._policy import Policy, PolicyKeywords
from .._requests import Request, read_twice
from .._sources import Source, assemble_source, choose, read_source

if TYPE_CHECKING:
    from typing_extensions import Unpack

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class CORSMiddleware(ASGIMiddleware):
    """An ASGI application around another; put it outermost.

    `app`: the ASGI application. `policy`: a `Policy`, a `PolicyMap`, an `OriginPolicies`, a
    `PolicyHandle`, or a callable that takes a `Request`, whose `native` is the scope, and gives
    one of these or None for no CORS, at once or to be awaited; or leave it out and give the
    keywords of `Policy`. Preflights are answered before the application sees them; every other
    response gets its header lines, whoever made it. A policy with `enforce` closes the handshake
    of a WebSocket whose origin it refuses, which servers answer with 403. Others, `lifespan`, and
    unknown scopes pass untouched.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(
        self,
        app: Application,
        policy: Source | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        self._source = source = read_source(policy, keywords)
        super().__init__(app, assemble_source(source, bytes, _start), _answer)

        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            await self(scope, receive, send)

        # Servers ask whether this attribute is a coroutine function, and take what is none for
        # an application of ASGI 2. They call the instance, whose type's native slot then runs.
        self.__dict__["__call__"] = call

    @property
    def policy(self) -> Source:
        """What it was given, or the policy of the keywords; a `PolicyHandle` can be replaced.

        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        return self._source

    def _serve(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serves what the native middleware does not serve alone."""
        if scope["type"] not in ("http", "websocket"):
            passed: Awaitable[None] = self.app(scope, receive, send)
            return passed
        scope = cast("Scope", read_twice(scope))
        policy = choose(self._source, Request.of_scope(scope))
        if policy is None or isinstance(policy, Policy):
            return self._serve_under(policy, scope, receive, send)
        return self._serve_later(policy, scope, receive, send)

    async def _serve_later(
        self,
        policy: Awaitable[Policy | None],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        await self._serve_under(await policy, scope, receive, send)

    def _serve_under(
        self, policy: Policy | None, scope: Scope, receive: Receive, send: Send
    ) -> Awaitable[None]:
        if policy is None or (scope["type"] == "websocket" and _lets_in(policy, scope)):
            served: Awaitable[None] = self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            served = _close(receive, send)
        else:
            answers = assemble_answers(policy, bytes, _start)
            served = self.under(answers, scope, receive, send)
        return served


def _lets_in(policy: Policy, handshake: Scope) -> bool:
    """https://www.rfc-editor.org/rfc/rfc6455#section-10.2"""
    if not policy.enforce:
        return True
    return policy._decide_request(Request.of_scope(handshake)).status is None


def _start(status: int) -> tuple[Message, list[tuple[bytes, bytes]]]:
    # RFC 9110, section 8.6: a 204 has no Content-Length.
    lines = [] if status == 204 else [(b"content-length", b"0")]
    return {"type": "http.response.start", "status": status}, lines


async def _answer(send: Send, start: Message) -> None:
    await send(start)
    # Said though it goes without saying, since some test clients look for it.
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _close(receive: Receive, send: Send) -> None:
    """Refuses a handshake: what is closed before it was accepted, a server answers with 403.

    https://asgi.readthedocs.io/en/latest/specs/www.html#close-send-event
    """
    await receive()
    await send({"type": "websocket.close"})
