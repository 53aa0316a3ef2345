"""CORS around any WSGI application.

Here: what people see of the middleware, and how an answer without the application begins.
Not here: the request path, which is native (`src/python/wsgi.rs`), CORS rules, header names.
Spec: https://peps.python.org/pep-3333/
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from .._core import WSGIMiddleware
from .._headers import assemble_answers
from .._policy import Policy, PolicyKeywords, read_policy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from typing_extensions import Unpack


class CORSMiddleware(WSGIMiddleware):
    """A WSGI application around another; put it outermost.

    `app`: the WSGI application. `policy`: a `Policy`; or leave it out and give the keywords of
    `Policy`. Preflights are answered before the application sees them; every other response gets
    its header lines, whoever made it, and its body is handed on as it is.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(
        self,
        app: WSGIApplication,
        policy: Policy | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        self.policy = read_policy(policy, keywords)
        super().__init__(app, assemble_answers(self.policy, str, _start))


def _start(status: int) -> tuple[str, list[tuple[str, str]]]:
    # RFC 9110, section 8.6: a 204 has no Content-Length. Any other status needs a type
    # too, though nothing follows it: `wsgiref.validate` refuses an answer without one.
    lines = [("Content-Type", "text/plain"), ("Content-Length", "0")]
    phrase = HTTPStatus(status).phrase
    return f"{status} {phrase}", [] if status == HTTPStatus.NO_CONTENT else lines
