"""Applications as they are, and under another policy, without a network.

Here: which of them can be asked, the address that they are asked at, and that nothing but GET and
OPTIONS reaches them. Not here: the exchange itself (`corsac.browser.applications`).
Spec: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from .._policy import Policy
from ..browser import NoResponse, Request, Response
from ..browser.applications import (
    Interface,
    asgi_sender,
    interface_of,
    wsgi_sender,
)
from ..subject import FoundPolicy

Send = Callable[[Request], Response]

#: Where the application is said to be; most accept this name.
_HOST: Final = "localhost"
#: A path that no application serves: its answer is a 404, under the same policy.
_NOWHERE: Final = "/corsac-lint"
#: Libraries whose preflights reach a route, so that one must be there.
_ROUTED: Final = frozenset({"flask-cors", "quart-cors"})


def url_for(found: FoundPolicy, application: object) -> str | None:
    """What pages ask for; None where no path is known for which the policy speaks."""
    path = found.sample
    if not path:
        if found.path is not None or found.library in _ROUTED:
            return None
        path = _NOWHERE
    return f"https://{_host(application)}{found.prefix}{path}"


def _host(application: Any) -> str:
    """A name that the application answers to."""
    allowed: list[Any] = []
    settings = getattr(sys.modules.get("django.conf"), "settings", None)
    if settings is not None and settings.configured:
        allowed += getattr(settings, "ALLOWED_HOSTS", ())
    for middleware in getattr(application, "user_middleware", ()):
        options = getattr(middleware, "kwargs", None) or {}
        allowed += options.get("allowed_hosts") or ()
    names = [str(one) for one in allowed if str(one).strip("*.")]
    if not names or _HOST in names:
        return _HOST
    return names[0].replace("*", "www") if "*" in names[0] else names[0].lstrip(".")


@contextmanager
def servers(application: Any) -> Iterator[tuple[Send, Callable[[Policy], Send]]]:
    """The application as it is, and what puts it under a policy; without its lifespan.

    Raises `TypeError` for what is neither a WSGI nor an ASGI application. What the application
    logs meanwhile is not said: it is asked for paths that it does not serve.
    """
    interface = interface_of(application)
    disabled = logging.root.manager.disable
    loop = asyncio.new_event_loop() if interface is Interface.ASGI else None
    logging.disable(logging.CRITICAL)
    try:
        yield (
            _sender(application, loop),
            lambda policy: _sender(_under(policy, application, interface), loop),
        )
    finally:
        logging.disable(disabled)
        if loop is not None:
            loop.close()


def _under(policy: Policy, application: Any, interface: Interface) -> Any:
    from ..adapters import asgi, wsgi

    adapter: Any = asgi if interface is Interface.ASGI else wsgi
    return adapter.CORSMiddleware(application, policy)


def _sender(application: Any, loop: asyncio.AbstractEventLoop | None) -> Send:
    def send(request: Request) -> Response:
        if request.method != "OPTIONS":
            # The header lines of an answer are the same for each method, and GET is safe.
            request = replace(request, method="GET")
        if loop is None:
            return wsgi_sender(application)(request)
        return loop.run_until_complete(asgi_sender(application)(request))

    def send_quietly(request: Request) -> Response:
        try:
            return send(request)
        except NoResponse:
            raise
        except Exception as error:  # noqa: BLE001 - the application is anybody's
            raise NoResponse(f"{type(error).__name__}: {error}") from None

    return send_quietly
