"""CORS around any ASGI application.

Here: scopes in, messages out. Not here: CORS rules, header names.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from .._headers import merge_bytes
from .._policy import Policy, PolicyKeywords, read_policy

if TYPE_CHECKING:
    from typing_extensions import Unpack

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class CORSMiddleware:
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
        self.app = app
        self.policy = read_policy(policy, keywords)

    # `async def`, and not a function that returns a coroutine: servers look at which it is.
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = scope["headers"]
        if (
            iter(headers) is headers
        ):  # can be read once only, and the application reads too
            headers = list(headers)
            scope = {**scope, "headers": headers}
        decision = self.policy.decide(scope["method"], headers)
        if decision.status is not None:
            # RFC 9110, section 8.6: a 204 has no Content-Length.
            length = [] if decision.status == 204 else [(b"content-length", b"0")]
            headers = merge_bytes(decision, length)
            await send(
                {
                    "type": "http.response.start",
                    "status": decision.status,
                    "headers": headers,
                }
            )
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = merge_bytes(decision, message.get("headers", ()))
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, send_with_headers)
