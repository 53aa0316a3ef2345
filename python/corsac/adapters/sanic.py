"""CORS for Sanic's applications.

Here: `install`, which gives an application a class of requests that know their decision, and a
middleware before all others. A middleware for responses would be left out behind one that fails or
answers itself, and behind an error once a response was begun.
Not here: CORS rules, header names.
Spec: https://sanic.dev/en/guide/basics/middleware.html
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

from sanic import HTTPResponse, Sanic
from sanic.response import BaseHTTPResponse

from .._policy import Policy, PolicyKeywords, read_policy

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._decision import Decision

__all__ = ["install"]

App = TypeVar("App", bound=Sanic[Any, Any])


def install(
    app: App, policy: Policy | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around an application of Sanic, and returns that application.

    `app`: the application, changed in place before it starts. `policy`: a `Policy`; or leave it
    out and give the keywords of `Policy`. Preflights are answered before the request's body and
    the other middlewares; every other response gets its header lines, whoever made it. A
    handshake of a WebSocket is no fetch and stays as it is.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    decide = read_policy(policy, keywords).decide

    class Request(app.request_class):  # type: ignore[misc, name-defined]  # the class that the application chose
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
                return self.stream.respond(_answer(self._corsac_decision))
            if isinstance(response, BaseHTTPResponse):
                self._corsac_decision._write(response.headers, response.headers.getall)
            return response

    def answer(request: Request) -> HTTPResponse | None:
        return (
            None
            if request._corsac_decision.status is None
            else _answer(request._corsac_decision)
        )

    app.request_class = Request
    app.on_request(answer, priority=sys.maxsize)
    return app


def _answer(decision: Decision) -> HTTPResponse:
    assert decision.status is not None
    # A status that could have content needs a type, which would be "None" without one.
    return HTTPResponse(
        status=decision.status,
        headers=dict(decision.headers),
        content_type="text/plain",
    )
