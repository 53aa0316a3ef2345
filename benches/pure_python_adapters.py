"""The twin behind the same two doors as corsac: an ASGI and a WSGI middleware.

Here: the least that an adapter has to do, written as plainly as corsac's own, so
that the adapters' benches compare engines and not manners of wrapping.
Not here: rules; the twin has them.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html,
https://peps.python.org/pep-3333/
"""

from http import HTTPStatus

ENVIRON = {
    "HTTP_ORIGIN": "origin",
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "access-control-request-method",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "access-control-request-headers",
}


class PurePythonASGIMiddleware:
    """An ASGI application around another."""

    def __init__(self, app, policy):
        self.app, self.policy = app, policy

    async def __call__(self, scope, receive, send):
        decision = self.policy.decide(scope["method"], scope["headers"])
        if decision.status is not None:
            length = [] if decision.status == 204 else [(b"content-length", b"0")]
            ours = [(n.lower().encode(), v.encode()) for n, v in decision.headers]
            lines = length + ours
            start = {"type": "http.response.start", "status": decision.status}
            await send({**start, "headers": lines})
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": decision.merge(message["headers"])}
            await send(message)

        await self.app(scope, receive, send_with_headers)


class PurePythonWSGIMiddleware:
    """A WSGI application around another."""

    def __init__(self, app, policy):
        self.app, self.policy = app, policy

    def __call__(self, environ, start_response):
        lines = [
            (name, environ[key]) for key, name in ENVIRON.items() if key in environ
        ]
        decision = self.policy.decide(environ["REQUEST_METHOD"], lines)
        if decision.status is not None:
            status = HTTPStatus(decision.status)
            line = f"{status.value} {status.phrase}"
            start_response(line, list(decision.headers))
            return []

        def start_response_with_headers(status, headers, exc_info=None):
            return start_response(status, decision.merge(headers))

        return self.app(environ, start_response_with_headers)
