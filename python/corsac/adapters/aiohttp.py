"""CORS for aiohttp's web applications.

Here: `install`, which stands before the router, where aiohttp first knows a request, and at the
writer, where every response passes last. Middlewares and signals stand between the two.
Not here: CORS rules, header names.
Spec: https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.UrlDispatcher
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from types import MethodType
from typing import TYPE_CHECKING
from weakref import ref

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from multidict import istr

from .._headers import SPOKEN_NAMES, assemble_answers
from .._policy import Policy, PolicyKeywords
from .._requests import Request
from .._sources import Source, choose_later, read_source

if TYPE_CHECKING:
    from multidict import CIMultiDict
    from typing_extensions import Unpack

    from .._core import Answers, Exchange

__all__ = ["install"]

Write = Callable[[str, "CIMultiDict[str]"], Awaitable[None]]
Resolve = Callable[[web.Request], Awaitable[web.UrlMappingMatchInfo]]

#: A handshake is no fetch. https://fetch.spec.whatwg.org/#concept-websocket-establish
_SWITCHING_PROTOCOLS = "101"
#: Where the status code stands in a status line. https://www.rfc-editor.org/rfc/rfc9112#section-4
_STATUS = slice(9, 12)

#: A multidict finds these without folding their case.
_SPOKEN_NAMES = tuple(map(istr, SPOKEN_NAMES))


def install(
    app: web.Application,
    policy: Source | None = None,
    **keywords: Unpack[PolicyKeywords],
) -> web.Application:
    """Puts a policy around an application of aiohttp, and returns that application.

    `app`: the application, changed in place. `policy`: a `Policy`, a `PolicyMap`, an
    `OriginPolicies`, a `PolicyHandle`, or a callable that takes a `Request`, whose `native` is
    aiohttp's and whose `path` is that one's, and gives one of these or None for no CORS, at once or
    to be awaited; or leave it out and give the keywords of `Policy`. Preflights are answered before
    routing, middlewares and signals; every other response gets its header lines, whoever made it.
    A policy with `enforce` answers the handshakes of WebSockets, too, whose origin it refuses. The
    sub-applications of `app` are part of it; a policy that is put around a sub-application alone
    is for its prefix or domain.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    source = read_source(policy, keywords)
    route = app.router.resolve
    resolve: Resolve
    if isinstance(source, Policy):
        answers = assemble_answers(source, str, _start)
        resolve = _watch(answers, route) if answers.is_watched else _ask(answers, route)
    else:
        resolve = _choose(source, route)
    resolve.policy = source  # type: ignore[attr-defined]  # for whoever looks at the application
    app.router.resolve = resolve  # type: ignore[assignment, method-assign]  # the one way to stand before all middlewares
    return app


def _ask(answers: Answers, route: Resolve) -> Resolve:
    # No coroutine of its own: it hands on the router's.
    def resolve(request: web.Request) -> Awaitable[web.UrlMappingMatchInfo]:
        exchange = answers.ask(request.method, request.raw_headers)
        if (start := exchange.start) is not None:
            raise _Answer(*start)
        _let_speak(request.writer, exchange)
        return route(request)

    return resolve


def _watch(answers: Answers, route: Resolve) -> Resolve:
    def resolve(request: web.Request) -> Awaitable[web.UrlMappingMatchInfo]:
        _speak_under(answers, _read(request))
        return route(request)

    return resolve


def _choose(source: Source, route: Resolve) -> Resolve:
    async def resolve(native: web.Request) -> web.UrlMappingMatchInfo:
        request = _read(native)
        policy = await choose_later(source, request)
        if policy is not None:
            _speak_under(assemble_answers(policy, str, _start), request)
        return await route(native)

    return resolve


def _read(native: web.Request) -> Request:
    return Request(
        native.method,
        native.raw_headers,
        scheme=native.scheme,
        path=native.path,
        native=native,
    )


def _speak_under(answers: Answers, request: Request) -> None:
    exchange = answers.ask_watched(request.own_method, request.lines, request)
    if (start := exchange.start) is not None:
        raise _Answer(*start)
    _let_speak(request.native.writer, exchange)


def _start(status: int) -> tuple[int, list[tuple[str, str]]]:
    return status, []


def _let_speak(writer: AbstractStreamWriter, exchange: Exchange) -> None:
    """Puts header lines into whatever is written there, at the last moment."""
    write = _weakly(writer.write_headers)

    async def write_headers(status_line: str, headers: CIMultiDict[str]) -> None:
        if status_line[_STATUS] != _SWITCHING_PROTOCOLS:
            _write(exchange, headers)
        await write(status_line, headers)

    writer.write_headers = write_headers  # type: ignore[method-assign]  # each request has its own


def _weakly(write: Write) -> Write:
    """A writer's method, which the writer itself can hold without staying alive by that."""
    if not isinstance(write, MethodType):
        return write
    function, writer = write.__func__, ref(write.__self__)
    return lambda status_line, headers: function(writer(), status_line, headers)


def _write(exchange: Exchange, headers: CIMultiDict[str]) -> None:
    # Most applications set none, so that nothing is there to merge with.
    if headers.keys().isdisjoint(_SPOKEN_NAMES):
        headers.extend(exchange.merge([]))
    else:
        lines = exchange.merge(list(headers.items()))
        headers.clear()
        headers.extend(lines)


class _Answer(web.HTTPException):
    """An answer without a body, which ends a request wherever it is raised."""

    empty_body = True

    def __init__(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        self.status_code = status
        super().__init__(headers=headers)
