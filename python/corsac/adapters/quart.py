"""CORS for Quart.

Here: the extension for an application, and how a request's route gets to its response.
Not here: whose policy a request gets (`_views.py`), the request path (`asgi.py`), CORS rules, header names.
Spec: https://quart.palletsprojects.com/en/latest/how_to_guides/middleware/
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, TypeVar

from quart import Quart, Request
from quart.asgi import ASGIHTTPConnection

from .._policy import Policy, PolicyKeywords, read_policy
from .._requests import actual_method
from ._marks import cors
from ._views import ROUTE, Chooser, Extension, Route, Unmarked
from .asgi import Application, CORSMiddleware, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["CORS", "cors", "install"]

App = TypeVar("App", bound=Quart)


class CORS(Extension[Quart]):
    """The extension: `CORS(app, policy)`, or `init_app` where a factory makes the application.

    `app`: a `Quart`, changed in place. `policy`: a `Policy`; or leave it out and give the keywords
    of `Policy`; without both, only views and blueprints that `cors` marks have CORS. Whatever
    Quart answers carries the headers, its 404 and 500 too. A preflight is answered before
    anything of the application runs; routing says whose policy that is: for the requested method,
    and outside of a request context, which a converter of the application then cannot use.
    WebSocket handshakes pass untouched.

    Raises `PolicyError` for keywords that make no policy; `TypeError` for a policy and keywords,
    and for what is no application; `RuntimeError` for an application that has CORS already.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    _kind = Quart

    def _wrap(self, app: Quart, policy: Policy | None) -> None:
        inner: Any = app.asgi_app
        outer: Any = _Chooser(app, policy, inner, CORSMiddleware)
        if policy is not None:
            outer = _Unmarked(inner, policy).stand_for(outer, _Choosing)
        app.asgi_app = outer  # type: ignore[method-assign]  # as Quart documents it


def install(
    app: App, policy: Policy | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around a Quart application, and returns that application.

    `app`: the application, changed in place. `policy`: a `Policy`; or leave it out and give the
    keywords of `Policy`.
    Raises what `CORS` raises.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    CORS(app, read_policy(policy, keywords))
    return app


class _Unmarked(Unmarked, CORSMiddleware):
    """The `asgi_app` of an application with a policy."""


class _Choosing(_Unmarked):
    def __call__(
        self, scope: Scope, receive: Receive, send: Send, /
    ) -> Awaitable[None]:
        answer: Awaitable[None] = self._chooser(scope, receive, send)
        return answer


class _Chooser(Chooser[Quart, Application]):
    """Answers in its place where something is marked, or where there is no policy."""

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self.choose()(scope, receive, send)

    def prepare(self) -> Application:
        make = self.app.request_context

        def request_context(request: Request) -> Any:
            scope: Any = request.scope
            if (route := scope.get(ROUTE)) is not None:
                route.request = request
            return make(request)

        self.app.request_context = request_context  # type: ignore[method-assign]  # the one place that every request passes
        return self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.inner(scope, receive, send)
        headers = list(scope["headers"])
        scope = {**scope, "headers": headers}
        if scope["method"] == "OPTIONS":
            method = actual_method("OPTIONS", headers)
            asked: Any = ASGIHTTPConnection(self.app, {**scope, "method": method})  # type: ignore[typeddict-item]  # the server's scope
            answer = self.look_up(
                lambda: asked._create_request_from_scope(send), method
            )
            return await answer(scope, receive, send)
        route = scope[ROUTE] = Route()

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = self.policy_of(route)
                if policy is not None:
                    decision = policy.decide(scope["method"], headers)
                    lines = decision.merge(message.get("headers", ()))
                    message = {**message, "headers": lines}
            await send(message)

        await self.inner(scope, receive, respond)
