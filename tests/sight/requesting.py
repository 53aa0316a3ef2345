"""Requests of named policies, without a server: by `decide`, and through both middlewares.

Here: names that no other test counts under, and ways to ask. Not here: any test, any server.
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

from corsac import Policy
from corsac.adapters import asgi, wsgi
from corsac.sight import counts

GOOD, EVIL = "https://good.example", "https://evil.example"
#: Nothing is timed by it, it only ends a test that hangs. In seconds.
DEADLINE = 30

_numbers = itertools.count()

Lines = Iterable[tuple[str, str]]
Ask = Callable[..., None]


def new_name() -> str:
    """A name of its own, since the counts of a process are never set back."""
    return f"test-{next(_numbers)}"


def make_policy(**keywords: Any) -> Policy:
    """A policy for one origin, one method and one header, with a new name."""
    given: dict[str, Any] = {
        "allow_origins": [GOOD],
        "allow_methods": ["PUT"],
        "allow_headers": ["X-Id"],
        "name": new_name(),
    }
    return Policy(**{**given, **keywords})


def totals(name: str) -> dict[tuple[str, str | None], int]:
    """What is counted under a name, without the zeroes."""
    return {
        (count.outcome.value, count.refusal and count.refusal.value): count.total
        for count in counts()
        if count.policy == name and count.total
    }


def preflight(origin: str, method: str = "PUT", headers: str = "") -> list[Any]:
    """The header lines of a preflight."""
    lines = [("Origin", origin), ("Access-Control-Request-Method", method)]
    return [*lines, ("Access-Control-Request-Headers", headers)] if headers else lines


def ask_decide(policy: Policy, method: str, lines: Lines, path: str = "/") -> None:
    policy.decide(method, list(lines))


def ask_asgi(policy: Policy, method: str, lines: Lines, path: str = "/") -> None:
    """One request through the ASGI middleware."""
    drive(asgi.CORSMiddleware(_asgi_application, policy), method, lines, path)


def drive(app: Any, method: str, lines: Lines, path: str = "/") -> None:
    """One request of an ASGI application that waits for nothing."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.lower().encode(), v.encode()) for name, v in lines],
    }
    asyncio.run(app(scope, _nothing, _nothing))


def ask_wsgi(policy: Policy, method: str, lines: Lines, path: str = "/") -> None:
    """One request through the WSGI middleware."""
    environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    environ["REQUEST_METHOD"] = method
    for name, value in lines:
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    list(wsgi.CORSMiddleware(_wsgi_application, policy)(environ, lambda *_: print))


WAYS = {"decide": ask_decide, "asgi": ask_asgi, "wsgi": ask_wsgi}


async def _nothing(*_: Any) -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _asgi_application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _wsgi_application(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b""]


class Heard:
    """A hook that keeps what it hears, and can be waited for."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self._some = threading.Condition()

    def __call__(self, refused: Any) -> None:
        with self._some:
            self.requests.append(refused)
            self._some.notify_all()

    def wait_for(self, number: int) -> list[Any]:
        """What was heard, once it is so many."""
        with self._some:
            assert self._some.wait_for(
                lambda: len(self.requests) >= number, timeout=DEADLINE
            )
            return list(self.requests)
