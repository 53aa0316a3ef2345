"""CORS around any WSGI application.

Here: an environ in, `start_response` out. Not here: CORS rules, header names.
Spec: https://peps.python.org/pep-3333/
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .._headers import decide_environ
from .._policy import Policy, PolicyKeywords, read_policy

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication
    from typing_extensions import Unpack


class CORSMiddleware:
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
        self.app = app
        self.policy = read_policy(policy, keywords)

    def __call__(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        decision = decide_environ(self.policy, environ)
        if decision.status is not None:
            status = HTTPStatus(decision.status)
            # RFC 9110, section 8.6: a 204 has no Content-Length. Any other status needs a type
            # too, though nothing follows it: `wsgiref.validate` refuses an answer without one.
            empty = [("Content-Type", "text/plain"), ("Content-Length", "0")]
            if status == HTTPStatus.NO_CONTENT:
                empty = []
            start_response(f"{status.value} {status.phrase}", decision.merge(empty))
            return []

        def start_response_with_headers(
            status: str,
            headers: list[tuple[str, str]],
            exc_info: OptExcInfo | None = None,
            /,
        ) -> Any:
            merged = decision.merge(headers)
            # Only on demand: not every server's `start_response` takes it where it is None.
            return (
                start_response(status, merged, exc_info)
                if exc_info
                else start_response(status, merged)
            )

        return self.app(environ, start_response_with_headers)
