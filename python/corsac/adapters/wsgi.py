"""CORS around any WSGI application.

Here: what people see of the middleware, and how an answer without the application begins.
Not here: the request path, which is native (`src/python/wsgi.rs`), CORS rules, header names.
Spec: https://peps.python.org/pep-3333/
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .._core import WSGIMiddleware
from .._headers import assemble_answers
from .._policy import PolicyKeywords
from .._requests import Request
from .._sources import Source, assemble_source, choose_now, read_source

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication
    from typing_extensions import Unpack


class CORSMiddleware(WSGIMiddleware):
    """A WSGI application around another; put it outermost.

    `app`: the WSGI application. `policy`: a `Policy`, a `PolicyMap`, an `OriginPolicies`, a
    `PolicyHandle`, or a callable that takes a `Request`, whose `native` is the environ, and gives
    one of these or None for no CORS; or leave it out and give the keywords of `Policy`.
    Preflights are answered before the application sees them; every other response gets its
    header lines, whoever made it, and its body is handed on as it is.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords, and
    for a coroutine function, which nobody here could await.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(
        self,
        app: WSGIApplication,
        policy: Source | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        self._source = source = read_source(policy, keywords, waits=False)
        super().__init__(app, assemble_source(source, str, _start))

    @property
    def policy(self) -> Source:
        """What it was given, or the policy of the keywords; a `PolicyHandle` can be replaced.

        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        return self._source

    def _serve(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serves what the native middleware does not serve alone."""
        policy = choose_now(self._source, Request.of_environ(environ))
        if policy is None:
            served: Iterable[bytes] = self.app(environ, start_response)
            return served
        answers = assemble_answers(policy, str, _start)
        return self.under(answers, environ, start_response)


def _start(status: int) -> tuple[str, list[tuple[str, str]]]:
    # RFC 9110, section 8.6: a 204 has no Content-Length. Any other status needs a type
    # too, though nothing follows it: `wsgiref.validate` refuses an answer without one.
    lines = [("Content-Type", "text/plain"), ("Content-Length", "0")]
    phrase = HTTPStatus(status).phrase
    return f"{status} {phrase}", [] if status == HTTPStatus.NO_CONTENT else lines
