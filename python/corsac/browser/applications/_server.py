"""A server in this process: one application, asked from plain code and from coroutines alike.

Here: `Server`, which keeps an event loop and a lifespan. Not here: the exchanges (`_wsgi.py`,
`_asgi.py`), sockets.
Spec: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import Self

from ..._policy import Policy
from .._wire import Request, Response
from ._interface import Interface, interface_of
from ._senders import policy_sender
from ._wsgi import ask_wsgi

if TYPE_CHECKING:
    import asyncio

    from typing_extensions import Self

    from ._lifespan import Lifespan

Result = TypeVar("Result")


class Server:
    """Serves one application without a network.

    `application`: a `Policy` (the application behind it answers 200), or a WSGI or an ASGI
    application. `interface`: `"asgi"` or `"wsgi"`, where the object does not show it.

    `send` is for plain code, `send_async` for coroutines. An ASGI application runs in the loop that
    asks it first, in a loop of its own for `send`; there its lifespan begins before the first
    request, and ends with `close`. Raises `TypeError` for what is no application.
    Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
    """

    def __init__(
        self,
        application: Policy | Callable[..., Any],
        *,
        interface: Interface | str | None = None,
    ) -> None:
        self._interface: Interface | None = None
        if isinstance(application, Policy):
            self._ask: Callable[[Request, bytes], Response] = _policy_server(
                application
            )
        else:
            self._interface = (
                interface_of(application) if interface is None else Interface(interface)
            )
            self._ask = lambda request, body: ask_wsgi(application, request, body)
        self._application: Any = application
        #: Where the lifespan runs: a loop of asyncio, or None for trio's.
        self._home: asyncio.AbstractEventLoop | None = None
        self._own: asyncio.AbstractEventLoop | None = None
        self._lifespan: Lifespan | None = None

    def send(self, request: Request, body: bytes = b"") -> Response:
        """One exchange, from plain code.

        `request`: a `Request`. `body`: what the page sends with it, if it has a body. Raises
        `NoResponse` where the application raises or answers with what is no HTTP, and
        `RuntimeError` where it does not start, or from within a coroutine.
        Source: https://fetch.spec.whatwg.org/#concept-http-network-fetch
        """
        if self._interface is not Interface.ASGI:
            return self._ask(request, body)
        return self._run(self._ask_async(request, body))

    async def send_async(self, request: Request, body: bytes = b"") -> Response:
        """One exchange, awaited; a WSGI application is asked in a thread. See `send`.

        Source: https://fetch.spec.whatwg.org/#concept-http-network-fetch
        """
        if self._interface is Interface.ASGI:
            return await self._ask_async(request, body)
        if self._interface is None:
            return self._ask(request, body)
        from ._loop import current_loop

        return await current_loop().in_thread(lambda: self._ask(request, body))

    async def _ask_async(self, request: Request, body: bytes) -> Response:
        from ._asgi import ask_asgi
        from ._loop import current_loop

        lifespan = await self._start()
        return await ask_asgi(
            self._application, request, body, current_loop(), lifespan.state
        )

    async def _start(self) -> Lifespan:
        if self._lifespan is None:
            from ._lifespan import Lifespan
            from ._loop import current_loop

            self._lifespan = Lifespan(self._application, current_loop())
            self._home = _running_asyncio_loop()
        await self._lifespan.start()
        return self._lifespan

    def _run(self, coroutine: Awaitable[Result]) -> Result:
        """Runs a coroutine in the server's own loop."""
        import asyncio

        if _running_asyncio_loop() is not None:
            coroutine.close()  # type: ignore[attr-defined]  # it is one of ours
            raise RuntimeError(
                "a coroutine is running here: write await with the function that ends in _async"
            )
        if self._own is None:
            self._own = asyncio.new_event_loop()
        return self._own.run_until_complete(coroutine)

    def close(self) -> None:
        """Ends the lifespan, and the server's own loop.

        Raises `RuntimeError` where the application says that its end failed.
        Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html#shutdown-receive-event
        """
        home, lifespan = self._home, self._lifespan
        self._lifespan = None
        try:
            usable = home and not home.is_closed() and not home.is_running()
            if home is not None and lifespan is not None and usable:
                home.run_until_complete(lifespan.stop())
        finally:
            if self._own is not None:
                _close_loop(self._own)
                self._own = None

    def leave_loop(self) -> None:
        """Ends a lifespan that runs in somebody else's loop, before that loop is closed.

        Raises `RuntimeError` as `close` does.
        Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html#shutdown-receive-event
        """
        if self._home is not self._own:
            self.close()

    async def close_async(self) -> None:
        """The same in the loop that asked, where it is still running.

        Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html#shutdown-receive-event
        """
        lifespan = self._lifespan
        if lifespan is not None and self._home is _running_asyncio_loop():
            self._lifespan = None
            await lifespan.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        if self._interface is Interface.ASGI:
            await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close_async()


def _policy_server(policy: Policy) -> Callable[[Request, bytes], Response]:
    send = policy_sender(policy)
    return lambda request, body: send(request)


def _running_asyncio_loop() -> asyncio.AbstractEventLoop | None:
    asyncio = sys.modules.get("asyncio")
    return None if asyncio is None else asyncio._get_running_loop()


def _close_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Ends what an application left running, then the loop."""
    import asyncio

    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left, timeout=1))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
