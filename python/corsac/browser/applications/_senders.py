"""A `send` for `predict` or `predict_async`, from a policy or from an application.

Here: the functions that make one, for a single use. Not here: an application that is kept running
(`_server.py`), the exchanges (`_wsgi.py`, `_asgi.py`).
Spec: https://fetch.spec.whatwg.org/#concept-http-network-fetch
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from ..._policy import Policy
from .._wire import Request, Response
from ._interface import Interface, interface_of
from ._message import build_response
from ._wsgi import ask_wsgi

Sender = Callable[[Request], Response]
AsyncSender = Callable[[Request], Awaitable[Response]]
#: What an application answers of which nothing is known.
_ANSWER: Final = Response(200)


def policy_sender(policy: Policy, answer: Response = _ANSWER) -> Sender:
    """A server with this policy, in front of an application that always answers the same.

    `policy`: a `Policy`. `answer`: the application's response, to which the policy adds.
    Source: https://fetch.spec.whatwg.org/#http-responses
    """

    def send(request: Request) -> Response:
        decision = policy.decide(request.method, request.headers)
        if decision.status is not None:
            return build_response(decision.status, decision.headers)
        lines = decision.merge(answer.headers)
        return build_response(answer.status, lines, answer.reason or None)

    return send


def wsgi_sender(application: Callable[..., Any], body: bytes = b"") -> Sender:
    """A `send` that asks a WSGI application, in the thread that calls it.

    `application`: the WSGI application. `body`: what the page sends with requests that have a
    body. It raises `NoResponse` where the application raises, or answers with what is no HTTP.
    Source: https://peps.python.org/pep-3333/
    """

    def send(request: Request) -> Response:
        return ask_wsgi(application, request, body)

    return send


def asgi_sender(application: Callable[..., Any], body: bytes = b"") -> AsyncSender:
    """A `send` that asks an ASGI application, in the loop that awaits it; without a lifespan.

    Takes and raises what `wsgi_sender` does. An application that needs its lifespan wants a
    `Server`.
    Source: https://asgi.readthedocs.io/en/latest/specs/www.html
    """
    from ._asgi import ask_asgi
    from ._loop import current_loop

    async def send(request: Request) -> Response:
        return await ask_asgi(application, request, body, current_loop())

    return send


def sender_of(
    application: Policy | Callable[..., Any], body: bytes = b""
) -> Sender | AsyncSender:
    """The `send` for whatever this is: an `AsyncSender` for ASGI, a `Sender` else.

    `application`: a `Policy`, or a WSGI or an ASGI application. `Server` gives a `send` that need
    not be awaited for each of them.
    Raises `TypeError` for anything else.
    Source: https://peps.python.org/pep-3333/
    """
    if isinstance(application, Policy):
        return policy_sender(application)
    if interface_of(application) is Interface.ASGI:
        return asgi_sender(application, body)
    return wsgi_sender(application, body)
