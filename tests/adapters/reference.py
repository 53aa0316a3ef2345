"""The two adapters once more, in plain Python.

Here: what the native request paths must do, step by step, as anybody would write an adapter of
their own. Not here: the adapters that people use (`corsac.adapters`), any test.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html, https://peps.python.org/pep-3333/
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from corsac import Decision, Policy

#: The lines of a request in a WSGI environ, where a server has joined those of one name.
ENVIRON = {
    "HTTP_ORIGIN": "Origin",
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "Access-Control-Request-Method",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "Access-Control-Request-Headers",
}


def merge(decision: Decision, headers: Iterable[Any], as_bytes: bool) -> list[Any]:
    """The header lines, merged by Python alone."""
    lines: Any = decision._verdict.lines
    return lines.merge_any(decision._origin, decision._asked, headers, as_bytes)


class ReferenceASGIMiddleware:
    """An ASGI application around another."""

    def __init__(self, app: Any, policy: Policy) -> None:
        self.app, self.policy = app, policy

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = scope["headers"]
        if iter(headers) is headers:
            # It can be read once only, and the application reads it too.
            headers = list(headers)
            scope = {**scope, "headers": headers}
        decision = self.policy.decide(scope["method"], headers)
        if decision.status is not None:
            length = [] if decision.status == 204 else [(b"content-length", b"0")]
            start = {"type": "http.response.start", "status": decision.status}
            await send({**start, "headers": merge(decision, length, True)})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                merged = merge(decision, message.get("headers", ()), True)
                message = {**message, "headers": merged}
            await send(message)

        await self.app(scope, receive, send_with_headers)


class ReferenceWSGIMiddleware:
    """A WSGI application around another."""

    def __init__(self, app: Any, policy: Policy) -> None:
        self.app, self.policy = app, policy

    def __call__(self, environ: Any, start_response: Any) -> Any:
        lines = [
            (name, environ[key]) for key, name in ENVIRON.items() if key in environ
        ]
        decision = self.policy.decide(environ.get("REQUEST_METHOD", ""), lines)
        if decision.status is not None:
            phrase = HTTPStatus(decision.status).phrase
            empty = [("Content-Type", "text/plain"), ("Content-Length", "0")]
            headers = merge(decision, [] if decision.status == 204 else empty, False)
            start_response(f"{decision.status} {phrase}", headers)
            return []

        def start_response_with_headers(
            status: Any, headers: Any, exc_info: Any = None
        ) -> Any:
            error = [exc_info] if exc_info else []
            return start_response(status, merge(decision, headers, False), *error)

        return self.app(environ, start_response_with_headers)
