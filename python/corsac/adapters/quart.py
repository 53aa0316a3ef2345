"""CORS for Quart.

Here: the extension for an application, and how a request's route gets to its response.
Not here: whose policy a request gets (`_views.py`), the request path (`asgi.py`), CORS rules, header names.
Spec: https://quart.palletsprojects.com/en/latest/how_to_guides/middleware/
"""

from __future__ import annotations

from collections.abc import Awaitable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

import quart
from quart import Quart
from quart.asgi import ASGIHTTPConnection, ASGIWebsocketConnection

from .._policy import Policy, PolicyKeywords
from .._requests import Request, actual_method
from .._sources import Source, choose_now, read_source
from ._extension import Extension
from ._marks import cors
from ._views import ROUTE, Chooser, Route, Unmarked
from .asgi import Application, CORSMiddleware, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._decision import Decision

__all__ = ["CORS", "cors", "install"]

App = TypeVar("App", bound=Quart)


class CORS(Extension[Quart]):
    """The extension: `CORS(app, policy)`, or `init_app` where a factory makes the application.

    `app`: a `Quart`, changed in place. `policy`: a `Policy`, a `PolicyMap`, an `OriginPolicies`, a
    `PolicyHandle`, or a callable that takes a `Request`, whose `native` is the ASGI scope, since
    nothing of Quart has run, and gives one of these or None for no CORS, at once or to be awaited;
    or leave it out and give the keywords of `Policy`; without all of them, only views and
    blueprints that `cors` marks have CORS. Whatever Quart answers carries the headers, its 404 and
    500 too. A preflight is answered before anything of the application runs; routing says whose
    policy that is: for the requested method, and outside of a request context, which a converter
    of the application then cannot use. Where views are marked and a policy enforces, every request
    is routed so beforehand; a middleware that changes path, method or host then belongs outside of
    this. WebSocket handshakes pass untouched, unless a policy with `enforce` refuses their origin.

    Raises `PolicyError` for keywords that make no policy; `TypeError` for a policy and keywords,
    and for what is no application; `RuntimeError` for an application that has CORS already.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    _kind = Quart

    def _wrap(self, app: Quart, policy: Source | None) -> None:
        inner: Any = app.asgi_app
        outer: Any = _Chooser(app, policy, inner, CORSMiddleware)
        if policy is not None:
            outer = _Unmarked(inner, policy).stand_for(outer, _Choosing)
        app.asgi_app = outer  # type: ignore[method-assign]  # as Quart documents it


def install(
    app: App, policy: Source | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around a Quart application, and returns that application.

    `app`: the application, changed in place. `policy`: as `CORS` takes it; or leave it out and
    give the keywords of `Policy`.
    Raises what `CORS` raises.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    CORS(app, read_source(policy, keywords))
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

    def prepare(self) -> tuple[Application, Application]:
        make = self.app.request_context

        def request_context(request: quart.Request) -> Any:
            scope: Any = request.scope
            if (route := scope.get(ROUTE)) is not None:
                route.request = request
            return make(request)

        self.app.request_context = request_context  # type: ignore[method-assign]  # the one place that every request passes
        return self._answer_plain, self._answer_other

    async def _answer_plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.inner(scope, receive, send)
        headers = list(scope["headers"])
        scope = {**scope, "headers": headers}
        if scope["method"] == "OPTIONS":
            return await self._answer_looked_up(scope, receive, send)
        route = scope[ROUTE] = Route()

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = self.source_of(route)
                if isinstance(policy, Policy):
                    decision = policy.decide(scope["method"], headers)
                    lines = decision.merge(message.get("headers", ()))
                    message = {**message, "headers": lines}
            await send(message)

        await self.inner(scope, receive, respond)

    async def _answer_other(self, scope: Scope, receive: Receive, send: Send) -> None:
        looks_first = self.looks_first()
        is_asked = scope["type"] == "http" or (
            scope["type"] == "websocket" and looks_first
        )
        if not is_asked:
            return await self.inner(scope, receive, send)
        scope = {**scope, "headers": list(scope["headers"])}
        if looks_first or scope["method"] == "OPTIONS":
            return await self._answer_looked_up(scope, receive, send)
        route = scope[ROUTE] = Route()
        request = Request.of_scope(scope)

        @cache  # since it is counted once
        def decide() -> Decision | None:
            source = self.source_of(route)
            policy = None if source is None else choose_now(source, request)
            return None if policy is None else policy._decide_request(request)

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                decision = decide()
                if decision is not None:
                    lines = decision.merge(message.get("headers", ()))
                    message = {**message, "headers": lines}
            await send(message)

        try:
            await self.inner(scope, receive, respond)
        finally:
            decide()

    async def _answer_looked_up(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        # The server's own, whatever types Quart gives them.
        app: Any = self.app
        asked: Any = scope
        answering: Any = send
        if scope["type"] == "websocket":
            method = "GET"
            make: Any = ASGIWebsocketConnection(app, asked)._create_websocket_from_scope
        else:
            method = actual_method(scope["method"], scope["headers"])
            asked = cast("Any", {**scope, "method": method})
            make = ASGIHTTPConnection(app, asked)._create_request_from_scope
        answer = self.look_up(lambda: make(answering), method)
        await answer(scope, receive, send)
