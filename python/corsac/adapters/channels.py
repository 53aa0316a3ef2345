"""The origins of WebSockets in Django Channels.

Here: `OriginValidator`, which stands where Channels' own does, around the consumers.
Not here: what HTTP is answered (`asgi.py` around the whole, or `django.py`), CORS rules.
Spec: https://channels.readthedocs.io/en/stable/topics/security.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._requests import Request
from .._sources import Source, choose_later
from ._guard import judge, read_guard
from .asgi import Application, Receive, Scope, Send, _close, _start

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._policy import PolicyKeywords

__all__ = ["OriginValidator"]


class OriginValidator:
    """Lets a handshake through if a policy allows its origin, and refuses it with 403 if not.

        ProtocolTypeRouter({
            "http": get_asgi_application(),
            "websocket": OriginValidator(AuthMiddlewareStack(URLRouter(routes)), policy),
        })

    `application`: what Channels calls for a WebSocket. `policy`: a `Policy`, a `PolicyMap`, an
    `OriginPolicies`, a `PolicyHandle`, or a callable that takes a `Request`, whose `native` is the
    scope, and gives one of these or None, at once or to be awaited; or leave it out and give the
    keywords of `Policy`. It refuses with or without `enforce`. The server's own origin passes, and
    where the policy is None, no other does; so does whoever sends no `Origin`, as no browser does,
    and whom Channels' own validator refuses.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords;
    when called, `ValueError` for anything else than a WebSocket, as Channels' own does.
    Source: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
    """

    def __init__(
        self,
        application: Application,
        policy: Source | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        self.application = application
        self.policy = read_guard(policy, keywords)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            raise ValueError(
                'an OriginValidator is for WebSockets: put it under "websocket" in a '
                "ProtocolTypeRouter, and corsac.adapters.asgi.CORSMiddleware around the whole"
            )
        # Daphne says no scheme, which stands for this one.
        # https://asgi.readthedocs.io/en/latest/specs/www.html#websocket-connection-scope
        request = Request.of_scope({"scheme": "ws", **scope})
        policy = await choose_later(self.policy, request)
        _, begin = judge(policy, request, bytes, _start)
        if begin is None:
            await self.application(request.native, receive, send)
        else:
            await _close(receive, send)
