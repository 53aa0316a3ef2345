"""What answers a request in Tornado that the application does not see, or not yet.

Here: delegates and the handler behind them. Not here: which request that is (`tornado.py`), header
lines, which the connection writes.
Spec: https://www.tornadoweb.org/en/stable/httputil.html#tornado.httputil.HTTPMessageDelegate
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from tornado import httputil, web

if TYPE_CHECKING:
    from .._policy import Policy


_tasks: Final[set[asyncio.Task[None]]] = set()


class AtOnce(httputil.HTTPMessageDelegate):
    """Reads a body away unseen, then answers: an answer before that would end the connection."""

    def __init__(
        self,
        app: web.Application,
        request: httputil.HTTPServerRequest,
        status: int,
        error: Exception | None = None,
    ) -> None:
        self._request = request
        outcome = {"status": status, "error": error}
        self._handler = app.get_handler_delegate(request, _Answer, outcome)

    def finish(self) -> None:
        request = self._request
        assert request.method is not None and request.uri is not None
        start_line = httputil.RequestStartLine(
            request.method, request.uri, request.version
        )
        self._handler.headers_received(start_line, request.headers)
        self._handler.finish()

    #: What an application asks for that is called by a `FallbackHandler`.
    execute = finish


def answer_error(
    app: web.Application, request: httputil.HTTPServerRequest, error: Exception
) -> AtOnce:
    """Logs an error and answers it, as if a handler had raised it."""
    return AtOnce(app, request, 500, error)


# Tornado then parses no body.
@web.stream_request_body
class _Answer(web.RequestHandler):
    """Answers a preflight or a refused request, and is logged as any handler is."""

    def initialize(self, status: int, error: Exception | None) -> None:
        self._status = status
        self._error = error
        # Whatever it is, it is answered.
        self.SUPPORTED_METHODS = (self.request.method or "",)

    def check_xsrf_cookie(self) -> None:
        """Nothing: no handler comes after this one."""

    def check_trusted_origin(self, origin: str) -> bool:
        return True

    def prepare(self) -> None:
        if self._error is not None:
            raise self._error
        self.set_status(self._status)
        self.clear_header("Content-Type")
        self.finish()


class Later(httputil.HTTPMessageDelegate):
    """Waits for the policy of a request, and then for whoever answers under it."""

    def __init__(
        self,
        app: web.Application,
        request: httputil.HTTPServerRequest,
        policy: Awaitable[Policy | None],
        find: Callable[[Policy | None], Any],
    ) -> None:
        self._app = app
        self._request = request
        self._policy = policy
        self._find = find
        self._delegate: Any = None

    async def _wait(self) -> None:
        try:
            policy = await self._policy
        except Exception as error:  # noqa: BLE001  # whatever a callable of the application raises
            self._delegate = answer_error(self._app, self._request, error)
        else:
            self._delegate = self._find(policy)

    async def headers_received(
        self,
        start_line: httputil.RequestStartLine | httputil.ResponseStartLine,
        headers: httputil.HTTPHeaders,
    ) -> None:
        await self._wait()
        received = self._delegate.headers_received(start_line, headers)
        if received is not None:
            await received

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        received: Awaitable[None] | None = self._delegate.data_received(chunk)
        return received

    def finish(self) -> None:
        self._delegate.finish()

    def on_connection_close(self) -> None:
        if self._delegate is not None:
            self._delegate.on_connection_close()

    def execute(self) -> Awaitable[None]:
        """What an application asks for that is called by a `FallbackHandler`, which does not wait."""
        task = asyncio.ensure_future(self._execute())
        # Nothing else keeps it.
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)
        return task

    async def _execute(self) -> None:
        await self._wait()
        executed = self._delegate.execute()
        if executed is not None:
            await executed
