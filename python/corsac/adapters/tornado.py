"""CORS for Tornado's web applications.

Here: `install`, which stands before the router, where Tornado first knows a request, and at its
connection, where every response passes last; `WebSocketHandler`. An `OutputTransform` would see
what `RequestHandler` writes, and miss a `WSGIContainer` or another application behind the same
router. Not here: answers without the application (`_tornado_answers.py`), CORS rules, header names.
Spec: https://www.tornadoweb.org/en/stable/routing.html
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from tornado import httputil, web, websocket

from .._policy import Policy, PolicyKeywords
from .._requests import Request
from .._sources import Source, choose, read_source
from ._tornado_answers import AtOnce, Later, answer_error

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Callable

    from typing_extensions import Unpack

    from .._decision import Decision

__all__ = ["WebSocketHandler", "install"]

App = TypeVar("App", bound=web.Application)


def install(
    app: App, policy: Source | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around an application of Tornado, and returns that application.

    `app`: the application, changed in place. `policy`: a `Policy`, a `PolicyMap`, an
    `OriginPolicies`, a `PolicyHandle`, or a callable that takes a `Request`, whose `native` is
    Tornado's and whose `path` is that one's, decoded, and gives one of these or None for no CORS,
    at once or to be awaited; or leave it out and give the keywords of `Policy`. Preflights are
    answered before routing, `prepare` and the request's body; every other response gets its header
    lines, whoever made it. A policy with `enforce` answers the handshakes of WebSockets, too, whose
    origin it refuses; others are no fetch and stay as they are. Tornado itself then refuses other
    origins than its own: see `WebSocketHandler`.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    source = read_source(policy, keywords)
    route = app.find_handler
    find_handler: Callable[..., Any]
    if isinstance(source, Policy) and not source._is_watched:
        decide = source.decide

        def find_handler(request: httputil.HTTPServerRequest, **more: Any) -> Any:
            assert request.method is not None and request.connection is not None
            decision = decide(request.method, request.headers.get_all())
            _speak(request.connection, decision)
            if decision.status is None:
                return route(request, **more)
            return AtOnce(app, request, decision.status)
    else:

        def find_handler(request: httputil.HTTPServerRequest, **more: Any) -> Any:
            seen = _read(request)
            find = partial(_find, app, route, seen, more)
            try:
                policy = choose(source, seen)
            except Exception as error:  # noqa: BLE001  # whatever a callable of the application raises
                return answer_error(app, request, error)
            if policy is None or isinstance(policy, Policy):
                return find(policy)
            return Later(app, request, policy, find)

    find_handler.policy = source  # type: ignore[attr-defined]  # for whoever looks at the application
    app.find_handler = find_handler  # type: ignore[method-assign]  # the one way to stand before all handlers
    return app


def _read(native: httputil.HTTPServerRequest) -> Request:
    assert native.method is not None
    return Request(
        native.method,
        list(native.headers.get_all()),
        scheme=native.protocol,
        path=unquote(native.path),
        native=native,
    )


def _find(
    app: web.Application,
    route: Callable[..., Any],
    request: Request,
    more: dict[str, Any],
    policy: Policy | None,
) -> Any:
    """Who answers a request, under the policy that was chosen."""
    native: httputil.HTTPServerRequest = request.native
    if policy is None:
        return route(native, **more)
    assert native.connection is not None
    decision = policy._decide_request(request)
    _speak(native.connection, decision)
    if decision.status is None:
        return route(native, **more)
    return AtOnce(app, native, decision.status)


def _speak(connection: httputil.HTTPConnection, decision: Decision) -> None:
    """Lets a decision have the last word on the headers of the one response to its request."""
    write = partial(_write_headers, connection, decision, connection.write_headers)
    connection.write_headers = write  # type: ignore[method-assign]  # each request has its own


def _write_headers(
    connection: httputil.HTTPConnection,
    decision: Decision,
    write: Callable[..., Future[None]],
    start_line: httputil.RequestStartLine | httputil.ResponseStartLine,
    headers: httputil.HTTPHeaders,
    chunk: bytes | None = None,
) -> Future[None]:
    assert isinstance(start_line, httputil.ResponseStartLine)
    # https://fetch.spec.whatwg.org/#concept-websocket-establish
    if start_line.code != HTTPStatus.SWITCHING_PROTOCOLS:
        decision._write(headers, lambda name: _values_of(headers, name))
    written = write(start_line, headers, chunk)
    # What refers to itself would stay until the garbage collector comes.
    vars(connection).pop("write_headers", None)
    return written


def _values_of(headers: httputil.HTTPHeaders, name: str) -> list[str]:
    # Tornado 6.5 can delete only a name that was looked up before.
    _ = headers[name]
    return headers.get_list(name)


class WebSocketHandler(websocket.WebSocketHandler):
    """Tornado's, which lets in the origins that the application's policy allows, too.

    Tornado's own refuses every origin but that of the request's host, also where a policy allows
    it. This one asks the policy that `install` put there, with or without `enforce`, and where it
    allows nobody, or there is none, Tornado's rule. A subclass with a `check_origin` of its own
    decides by itself, after the policy.
    Source: https://www.tornadoweb.org/en/stable/websocket.html#tornado.websocket.WebSocketHandler.check_origin
    """

    def check_origin(self, origin: str) -> bool:
        decision = _decision_at(self.request.connection)
        # An old draft has another header for it, of which no decision knows.
        is_the_origin = origin == self.request.headers.get("Origin")
        if decision is not None and decision.refusal is None and is_the_origin:
            return True
        return super().check_origin(origin)


def _decision_at(connection: httputil.HTTPConnection | None) -> Decision | None:
    """The decision that will have the last word there, the outermost of several."""
    write: Any = getattr(connection, "write_headers", None)
    decision = None
    while isinstance(write, partial) and write.func is _write_headers:
        _, decision, write = write.args
    return decision
