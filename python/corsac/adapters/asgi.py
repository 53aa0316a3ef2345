"""CORS around any ASGI application.

Here: what servers and people see of the middleware, and how an answer without the application
begins. Not here: the request path, which is native (`src/python/asgi.rs`), CORS rules, header names.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from .._core import ASGIMiddleware
from .._headers import assemble_answers
from .._policy import Policy, PolicyKeywords, read_policy

if TYPE_CHECKING:
    from typing_extensions import Unpack

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class CORSMiddleware(ASGIMiddleware):
    """An ASGI application around another; put it outermost.

    `app`: the ASGI application. `policy`: a `Policy`; or leave it out and give the keywords of
    `Policy`. Preflights are answered before the application sees them; every other response gets
    its header lines, whoever made it. `lifespan`, `websocket` and unknown scopes pass untouched.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(
        self,
        app: Application,
        policy: Policy | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        self.policy = read_policy(policy, keywords)
        super().__init__(app, assemble_answers(self.policy, bytes, _start), _answer)

        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            await self(scope, receive, send)

        # Servers ask whether this attribute is a coroutine function, and take what is none for
        # an application of ASGI 2. They call the instance, whose type's native slot then runs.
        self.__dict__["__call__"] = call


def _start(status: int) -> tuple[Message, list[tuple[bytes, bytes]]]:
    # RFC 9110, section 8.6: a 204 has no Content-Length.
    lines = [] if status == 204 else [(b"content-length", b"0")]
    return {"type": "http.response.start", "status": status}, lines


async def _answer(send: Send, start: Message) -> None:
    await send(start)
    await send({"type": "http.response.body", "body": b""})
