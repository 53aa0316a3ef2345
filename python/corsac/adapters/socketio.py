"""Origins and CORS of python-socketio's servers.

Here: `install`, which stands before Engine.IO, where a server gets handshakes, polling and
preflights; Engine.IO's own CORS headers are replaced, and its own check only asks whether we did.
Not here: CORS rules, header names, applications that Socket.IO is a part of (`asgi.py` and others).
Spec: https://python-socketio.readthedocs.io/en/stable/server.html#cross-origin-controls
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .._requests import Request
from .._sources import Source, choose_later, choose_now
from . import asgi, wsgi
from ._guard import judge, read_guard

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._policy import PolicyKeywords

__all__ = ["install"]

Server = TypeVar("Server")
Serve = Callable[..., Any]

#: Whether a request that Engine.IO looks at was let through here. What was attached before
#: `install`, and so reaches Engine.IO past it, is refused, and not open to everybody.
_passed: Final[ContextVar[bool]] = ContextVar("_passed", default=False)


def install(
    server: Server, policy: Source | None = None, **keywords: Unpack[PolicyKeywords]
) -> Server:
    """Puts a policy around a server of Socket.IO, or of Engine.IO, and returns that server.

        sio = install(socketio.AsyncServer(async_mode="asgi"), policy)
        app = socketio.ASGIApp(sio)

    `server`: a `socketio.Server` or an `AsyncServer` for ASGI or aiohttp, changed in place, before
    `attach`. `policy`: a `Policy`, a `PolicyMap`, an `OriginPolicies`, a `PolicyHandle`, or a
    callable that takes a `Request`, whose `native` is the scope, aiohttp's request or the environ,
    and gives one of these or None, with an `AsyncServer` also to be awaited; or leave it out and
    give the keywords of `Policy`. Handshakes and requests of refused origins are answered with
    403, with or without `enforce`. The server's own origin passes, and where the policy is None,
    no other does. What was `cors_allowed_origins` and `cors_credentials` counts no longer.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords,
    and for servers in Sanic and Tornado, whose applications have adapters of their own.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    source = read_guard(policy, keywords)
    engine: Any = getattr(server, "eio", server)
    mode = engine.async_mode
    if mode in ("sanic", "tornado"):
        raise TypeError(
            f"in an application of {mode}, write corsac.adapters.{mode}.install(app, policy) with "
            'enforce=True, and cors_allowed_origins="*" for this server, which then leaves it all '
            "to the policy"
        )
    around = {"asgi": _around_asgi, "aiohttp": _around_aiohttp}.get(mode, _around_wsgi)
    handle_request: Any = around(engine.handle_request, source)
    handle_request.policy = source  # for whoever looks at the server
    engine.handle_request = handle_request
    engine.cors_allowed_origins = lambda *_: _passed.get()
    engine.cors_credentials = False
    return server


@contextmanager
def _passing() -> Iterator[None]:
    token = _passed.set(True)
    try:
        yield
    finally:
        # Threads and connections, which serve more than one request, keep their context.
        _passed.reset(token)


def _around_asgi(serve: Serve, source: Source) -> Serve:
    async def handle_request(
        scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send
    ) -> None:
        request = Request.of_scope(scope)
        policy = await choose_later(source, request)
        exchange, begin = judge(policy, request, bytes, asgi._start)

        async def speak(message: asgi.Message) -> None:
            if exchange is not None and message["type"] == "http.response.start":
                headers = exchange.merge(message.get("headers", ()))
                message = {**message, "headers": headers}
            await send(message)

        if begin is None:
            with _passing():
                await serve(request.native, receive, speak)
        elif scope["type"] == "websocket":
            await asgi._close(receive, send)
        else:
            start, headers = begin
            await asgi._answer(send, {**start, "headers": headers})

    return handle_request


def _around_wsgi(serve: Serve, source: Source) -> Serve:
    def handle_request(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request.of_environ(environ)
        exchange, begin = judge(choose_now(source, request), request, str, wsgi._start)
        if begin is not None:
            start_response(*begin)
            return []

        def speak(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            merged = headers if exchange is None else exchange.merge(headers)
            return start_response(status, merged, *more)

        with _passing():
            served: Iterable[bytes] = serve(environ, speak)
        return served

    return handle_request


def _around_aiohttp(serve: Serve, source: Source) -> Serve:
    from aiohttp import web

    from . import aiohttp

    async def handle_request(native: web.Request) -> web.StreamResponse:
        request = aiohttp._read(native)
        policy = await choose_later(source, request)
        exchange, begin = judge(policy, request, str, aiohttp._start)
        if begin is not None:
            status, headers = begin
            return web.Response(status=status, headers=headers)
        if exchange is not None:
            aiohttp._let_speak(native.writer, exchange)
        with _passing():
            response: web.StreamResponse = await serve(native)
        return response

    return handle_request
