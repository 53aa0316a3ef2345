"""CORS for Sanic's applications.

Here: `install`, which gives an application a class of requests that know their decision, and a
middleware before all others. A middleware for responses would be left out behind one that fails or
answers itself, and behind an error once a response was begun.
Not here: CORS rules, header names.
Spec: https://sanic.dev/en/guide/basics/middleware.html
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote

from sanic import HTTPResponse, Sanic
from sanic.response import BaseHTTPResponse

from .._policy import Policy, PolicyKeywords
from .._requests import Request as Seen
from .._sources import Source, choose_later, read_source

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._decision import Decision

__all__ = ["install"]

App = TypeVar("App", bound=Sanic[Any, Any])


def install(
    app: App, policy: Source | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around an application of Sanic, and returns that application.

    `app`: the application, changed in place before it starts. `policy`: a `Policy`, a `PolicyMap`,
    an `OriginPolicies`, a `PolicyHandle`, or a callable that takes a `Request`, whose `native` is
    Sanic's and whose `path` is that one's, decoded, and gives one of these or None for no CORS, at
    once or to be awaited; or leave it out and give the keywords of `Policy`. Preflights are
    answered before the request's body and the other middlewares; every other response gets its
    header lines, whoever made it. A policy with `enforce` answers the handshakes of WebSockets,
    too, whose origin it refuses; others are no fetch and stay as they are.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    source = read_source(policy, keywords)
    if isinstance(source, Policy) and not source._is_watched:
        request_class = _deciding(app.request_class, source.decide)
        app.on_request(_answer_decided, priority=sys.maxsize)
    else:
        request_class = _choosing(app.request_class, source)
        app.on_request(_answer_chosen, priority=sys.maxsize)
    request_class.corsac_policy = source  # for whoever looks at the application
    app.request_class = request_class
    return app


class _Untouched:
    """What is decided of a request that has no policy, or none yet."""

    status: Final = None

    def _write(self, *_: object) -> None:
        """Nothing, of what `Decision` writes."""


_UNTOUCHED: Final = _Untouched()


def _deciding(base: Any, decide: Callable[..., Decision | _Untouched]) -> Any:
    """A class of requests that are decided as soon as they are made."""

    class Request(base):  # type: ignore[misc]  # the class that the application chose
        __slots__ = ("_corsac_decision",)

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._corsac_decision = decide(self.method, self.headers.items())

        async def receive_body(self) -> None:
            if self._corsac_decision.status is None:
                await super().receive_body()

        async def respond(self, *arguments: Any, **options: Any) -> Any:
            response = await super().respond(*arguments, **options)
            if self._corsac_decision.status is not None:
                return self.stream.respond(_answer(self))
            if isinstance(response, BaseHTTPResponse):
                self._corsac_decision._write(response.headers, response.headers.getall)
            return response

        async def _corsac_choose(self) -> None:
            """Nothing: it is decided."""

    return Request


def _choosing(base: Any, source: Source) -> Any:
    """A class of requests whose policy is chosen by what is not known when they are made.

    That is the connection's scheme, and what a callable waits for. Whoever is first of Sanic's
    steps asks for it: the one for the body, the first middleware, or an early answer.
    """

    untouched: Any = _deciding(base, lambda *_: _UNTOUCHED)

    class Request(untouched):  # type: ignore[misc]  # as above
        __slots__ = ("_corsac_is_chosen",)

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._corsac_is_chosen = False

        async def receive_body(self) -> None:
            await self._corsac_choose()
            await super().receive_body()

        async def respond(self, *arguments: Any, **options: Any) -> Any:
            await self._corsac_choose()
            return await super().respond(*arguments, **options)

        async def _corsac_choose(self) -> None:
            if self._corsac_is_chosen:
                return
            # Even if what chooses fails: the answer to that must not ask again.
            self._corsac_is_chosen = True
            request = _read(self)
            policy = await choose_later(source, request)
            if policy is not None:
                decision = policy._decide_request(request)
                self._corsac_decision = decision  # type: ignore[misc]  # a slot of the class before

    return Request


def _read(native: Any) -> Seen:
    # Over ASGI, of which Sanic takes every connection for a plain one.
    scope = getattr(native.transport, "scope", {})
    return Seen(
        native.method,
        list(native.headers.items()),
        scheme=scope.get("scheme") or native.scheme,
        path=unquote(native.path),
        native=native,
    )


def _answer_decided(native: Any) -> HTTPResponse | None:
    return None if native._corsac_decision.status is None else _answer(native)


async def _answer_chosen(native: Any) -> HTTPResponse | None:
    await native._corsac_choose()
    return _answer_decided(native)


class _Close(HTTPResponse):
    """Refuses a handshake over ASGI: what is closed before it was accepted is answered with 403.

    https://asgi.readthedocs.io/en/latest/specs/www.html#close-send-event
    """

    async def send(self, *_: Any, **__: Any) -> None:
        stream: Any = self.stream
        await stream.transport.send({"type": "websocket.close"})


def _answer(native: Any) -> HTTPResponse:
    decision: Decision = native._corsac_decision
    assert decision.status is not None
    is_socket = getattr(native.stream, "ws", None) is not None
    # A status that could have content needs a type, which would be "None" without one.
    return (_Close if is_socket else HTTPResponse)(
        status=decision.status,
        headers=dict(decision.headers),
        content_type="text/plain",
    )
