"""Servers on localhost that answer as a test wants: by rules of their own, or not in HTTP at all.

Here: `serve` for header lines, `serve_bytes` for whatever a socket can do.
Not here: what the probe says of them. Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class Got:
    """A request as it came: the header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def origin(self) -> str | None:
        return self.headers.get("origin")

    @property
    def is_preflight(self) -> bool:
        return (
            self.method == "OPTIONS" and "access-control-request-method" in self.headers
        )


Answer = tuple[int, Lines]


@contextmanager
def serve(
    answer: Callable[[Got], Answer], got: list[Got] | None = None
) -> Iterator[str]:
    """The origin of a server that answers each request by `answer`; `got` keeps the requests."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Got(self.command, self.path, headers)
            if got is not None:
                got.append(request)
            status, lines = answer(request)
            self.send_response_only(status)
            for name, value in lines:
                self.send_header(name, value)
            if not any(name == "Content-Length" for name, _ in lines):
                self.send_header("Content-Length", "0")
            self.end_headers()

        def __getattr__(self, name: str) -> object:
            if name.startswith("do_"):
                return self.respond
            raise AttributeError(name)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serve_bytes(
    act: Callable[[socket.socket, threading.Event], None],
    context: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """The address (host:port) of a server that does with each connection what `act` does.

    `act` gets the socket, its request unread, and an event that is set when the test is over.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    threads: list[threading.Thread] = []

    def run(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True)
            with connection:
                act(connection, over)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=run, args=(connection,)))
            threads[-1].start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        # Closing alone does not wake a thread that waits in accept.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        for thread in threads:
            thread.join()
