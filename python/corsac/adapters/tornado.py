"""CORS for Tornado's web applications.

Here: `install`, which stands before the router, where Tornado first knows a request, and at its
connection, where every response passes last. An `OutputTransform` would see what `RequestHandler`
writes, and miss a `WSGIContainer` or another application behind the same router.
Not here: CORS rules, header names.
Spec: https://www.tornadoweb.org/en/stable/routing.html
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from tornado import httputil, web

from .._policy import Policy, PolicyKeywords, read_policy

if TYPE_CHECKING:
    from asyncio import Future

    from typing_extensions import Unpack

    from .._decision import Decision

__all__ = ["install"]

App = TypeVar("App", bound=web.Application)


def install(
    app: App, policy: Policy | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around an application of Tornado, and returns that application.

    `app`: the application, changed in place. `policy`: a `Policy`; or leave it out and give the
    keywords of `Policy`. Preflights are answered before routing, `prepare` and the request's
    body; every other response gets its header lines, whoever made it. A handshake of a
    WebSocket is no fetch and stays as it is.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    policy = read_policy(policy, keywords)
    route = app.find_handler

    def find_handler(request: httputil.HTTPServerRequest, **parameters: Any) -> Any:
        assert request.method is not None and request.connection is not None
        decision = policy.decide(request.method, request.headers.get_all())
        _speak(request.connection, decision)
        if decision.status is None:
            return route(request, **parameters)
        return _Preflight(app, request, decision.status)

    app.find_handler = find_handler  # type: ignore[method-assign]  # the one way to stand before all handlers
    return app


def _speak(connection: httputil.HTTPConnection, decision: Decision) -> None:
    """Lets a decision have the last word on the headers of the one response to its request."""
    write = connection.write_headers

    def write_headers(
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

    connection.write_headers = write_headers  # type: ignore[method-assign]  # each request has its own


def _values_of(headers: httputil.HTTPHeaders, name: str) -> list[str]:
    # Tornado 6.5 can delete only a name that was looked up before.
    _ = headers[name]
    return headers.get_list(name)


class _Preflight(httputil.HTTPMessageDelegate):
    """Reads a body away unseen, then answers: an answer before that would end the connection."""

    def __init__(
        self, app: web.Application, request: httputil.HTTPServerRequest, status: int
    ) -> None:
        self._request = request
        self._handler = app.get_handler_delegate(request, _Answer, {"status": status})

    def finish(self) -> None:
        request = self._request
        assert request.method is not None and request.uri is not None
        start_line = httputil.RequestStartLine(
            request.method, request.uri, request.version
        )
        self._handler.headers_received(start_line, request.headers)
        self._handler.finish()

    #: What an application asks for that is called by a `FallbackHandler`.
    execute = finish


# Tornado then parses no body.
@web.stream_request_body
class _Answer(web.RequestHandler):
    """Answers a preflight, and is logged as any handler is."""

    def initialize(self, status: int) -> None:
        self._status = status

    def prepare(self) -> None:
        self.set_status(self._status)
        self.clear_header("Content-Type")
        self.finish()
