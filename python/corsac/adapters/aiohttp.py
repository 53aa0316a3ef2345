"""CORS for aiohttp's web applications.

Here: `install`, which stands before the router, where aiohttp first knows a request, and at the
writer, where every response passes last. Middlewares and signals stand between the two.
Not here: CORS rules, header names.
Spec: https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.UrlDispatcher
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aiohttp import web
from multidict import istr

from .._headers import SPOKEN_NAMES
from .._policy import Policy, PolicyKeywords, read_policy

if TYPE_CHECKING:
    from multidict import CIMultiDict
    from typing_extensions import Unpack

    from .._decision import Decision

__all__ = ["install"]

#: A handshake is no fetch. https://fetch.spec.whatwg.org/#concept-websocket-establish
_SWITCHING_PROTOCOLS = "101"

#: A multidict finds these without folding their case.
_SPOKEN_NAMES = tuple(map(istr, SPOKEN_NAMES))


def install(
    app: web.Application,
    policy: Policy | None = None,
    **keywords: Unpack[PolicyKeywords],
) -> web.Application:
    """Puts a policy around an application of aiohttp, and returns that application.

    `app`: the application, changed in place. `policy`: a `Policy`; or leave it out and give the
    keywords of `Policy`. Preflights are answered before routing, middlewares and signals; every
    other response gets its header lines, whoever made it. The sub-applications of `app` are part
    of it; a policy that is put around a sub-application alone is for its prefix or domain.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    policy = read_policy(policy, keywords)
    route = app.router.resolve

    async def resolve(request: web.Request) -> web.UrlMappingMatchInfo:
        decision = policy.decide(request.method, request.raw_headers)
        if decision.status is not None:
            raise _Answer(decision.status, decision.headers)
        writer = request.writer
        write = writer.write_headers

        async def write_headers(status_line: str, headers: CIMultiDict[str]) -> None:
            # RFC 9112, section 4: the version, the status code, the reason.
            if status_line.split(" ", 2)[1] != _SWITCHING_PROTOCOLS:
                _write(decision, headers)
            await write(status_line, headers)
            # What refers to itself would stay until the garbage collector comes.
            vars(writer).pop("write_headers", None)

        writer.write_headers = write_headers  # type: ignore[method-assign]  # each request has its own
        return await route(request)

    app.router.resolve = resolve  # type: ignore[method-assign]  # the one way to stand before all middlewares
    return app


def _write(decision: Decision, headers: CIMultiDict[str]) -> None:
    # Most applications set none, so that nothing is there to merge with.
    if headers.keys().isdisjoint(_SPOKEN_NAMES):
        headers.extend(decision.headers)
    else:
        decision._write(headers, headers.getall)


class _Answer(web.HTTPException):
    """An answer without a body, which ends a request wherever it is raised."""

    empty_body = True

    def __init__(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        self.status_code = status
        super().__init__(headers=headers)
