"""The two servers of the demo: threads of the standard library, bound, started and stopped together.

Here: ports (given, next free, taken), the names by which the page is reached, a quiet request log.
Not here: what the servers serve (`page.py`, `api.py`), what the console says (`command.py`).
Spec: https://docs.python.org/3/library/wsgiref.html
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable, Mapping
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from .api import api
from .page import Files, page, with_frame
from .policies import Origins, origins_of, policies_for
from .prediction import Predictions
from .recorder import LINES, Records
from .setups import Setups

if TYPE_CHECKING:
    from typing_extensions import Self

    from corsac import Policy

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
# Chosen by us because a machine with fifty taken pairs in a row has another problem than the demo.
PAIRS_TO_TRY = 50

_ANY_ADDRESS = ("0.0.0.0", "::", "")


class AddressError(Exception):
    """The servers cannot listen where they were asked to; the message is for the console."""


class _QuietHandler(WSGIRequestHandler):
    # A browser opens connections that it never uses; each holds a thread until then.
    timeout = 60

    def get_environ(self) -> dict[str, Any]:
        return {**super().get_environ(), LINES: self.headers.items()}

    def log_message(self, format: str, *args: Any) -> None:
        """The page shows every request already."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64
    # On Windows the option would let two programs share a port instead of refusing the second.
    allow_reuse_address = os.name != "nt"

    def __init__(self, address: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), _QuietHandler)

    def server_bind(self) -> None:
        """Binds without asking the name service for this machine's name, which can take seconds."""
        if self.server_address[0] == "::" and hasattr(socket, "IPV6_V6ONLY"):
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        TCPServer.server_bind(self)
        self.server_name = str(self.server_address[0])
        self.server_port = int(self.server_address[1])
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up, or a connection that stays silent, is no error."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def _bind(host: str, port: int, option: str) -> _Server:
    address = DEFAULT_HOST if host == "localhost" else host
    try:
        return _Server(address, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            said = f"port {port} is taken; choose another with {option}"
        elif error.errno in (errno.EACCES, errno.EPERM):
            said = f"port {port} needs more rights than yours; choose another with {option}"
        else:
            said = f"cannot listen on {host}: {error.strerror or error}"
        raise AddressError(said) from error


def _bind_pair(
    host: str, port: int | None, api_port: int | None
) -> tuple[_Server, _Server]:
    """Both servers on the asked ports, or, where no port was asked for, on the next free pair."""
    if port is not None:
        pairs = [(port, _neighbour(port) if api_port is None else api_port)]
    else:
        first = DEFAULT_PORT
        pairs = [
            (candidate, candidate + 1 if api_port is None else api_port)
            for candidate in range(first, first + 2 * PAIRS_TO_TRY, 2)
            if candidate != api_port
        ]
    for attempt, (page_port, its_api_port) in enumerate(pairs):
        last = attempt == len(pairs) - 1
        if page_port == its_api_port != 0:
            raise AddressError(
                f"page and API cannot share port {page_port}; choose another with --api-port"
            )
        # The API first: where its port was asked for and is taken, no other page port helps.
        api = None
        try:
            api = _bind(host, its_api_port, "--api-port")
            return _bind(host, page_port, "--port"), api
        except AddressError as error:
            if api is not None:
                api.server_close()
            taken = isinstance(error.__cause__, OSError) and (
                error.__cause__.errno == errno.EADDRINUSE
            )
            if last or not taken or (api is None and api_port is not None):
                raise
    raise AssertionError("the last pair either returns or raises")


def _neighbour(port: int) -> int:
    if port == 0:
        return 0
    return port + 1 if port < 65535 else port - 1


def _address_on_the_network() -> str | None:
    """The address under which others on the network see this machine; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737: routes nowhere
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _page_hosts(host: str) -> tuple[str, ...]:
    if host not in _ANY_ADDRESS:
        return (host.lower(),)
    outside = _address_on_the_network()
    if outside is None or outside == DEFAULT_HOST:
        return (DEFAULT_HOST,)
    return (DEFAULT_HOST, outside)


class Demo:
    """Both servers: bound when made, serving once started. Use it with `with`.

    # Errors: AddressError, for a taken port and whatever else keeps a socket from listening.
    """

    def __init__(
        self,
        host: str = DEFAULT_HOST,
        port: int | None = None,
        api_port: int | None = None,
        policies: Callable[[Origins], Mapping[str, Policy]] = policies_for,
    ) -> None:
        self._page, self._api = _bind_pair(host, port, api_port)
        self._threads: list[Thread] = []
        try:
            # Only a bound socket knows its port, and the policies name the page by it.
            self.origins = origins_of(_page_hosts(host), self.port, self.api_port)
            self.policies = policies(self.origins)
            records, setups, files = Records(), Setups(), Files(self.origins)
            predictions = Predictions(self.origins, setups)
            self._page.set_app(
                page(self.origins, self.policies, records, predictions, files)
            )
            self._api.set_app(with_frame(api(setups, records), files))
        except BaseException:
            self.stop()
            raise

    @property
    def port(self) -> int:
        return self._page.server_port

    @property
    def api_port(self) -> int:
        return self._api.server_port

    @property
    def address(self) -> str:
        """The address to connect to from this machine, whatever the page's name."""
        address = self._page.server_name
        if address in _ANY_ADDRESS:
            return "::1" if ":" in address else DEFAULT_HOST
        return address

    def start(self) -> None:
        """Serves; both sockets already listen, so no request can come too early."""
        for server in (self._page, self._api):
            # A short poll so that stopping is felt as immediate.
            thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        for server in (self._page, self._api):
            if self._threads:
                server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
