"""Servers over real sockets that answer as they are told, right or wrong.

Here: `Server`, a table of answers; `Wire`, bytes as they are. Not here: what browsers make of it.
Spec: https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import Self

#: The header lines of a request in lower case, to the answer: a status and header lines.
Headers = Mapping[str, str]
Answer = tuple[int, Iterable[tuple[str, str]]]


class Server:
    """Answers each method by a function of the request's path and headers.

    `answers`: from a method to its function or its answer; a method that is not there gets 405.
    `requests`: what came, as method and path.
    """

    def __init__(
        self, answers: Mapping[str, Answer | Callable[[str, Headers], Answer]]
    ) -> None:
        self.requests: list[tuple[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def __getattr__(self, name: str) -> Any:
                if not name.startswith("do_"):
                    raise AttributeError(name)
                return self.answer

            def answer(self) -> None:
                server.requests.append((self.command, self.path))
                answer = answers.get(self.command, (405, [("Allow", "GET")]))
                if callable(answer):
                    lines = {name.lower(): line for name, line in self.headers.items()}
                    answer = answer(self.path, lines)
                status, headers = answer
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Wire:
    """Answers every connection with the same bytes, and closes it."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(self._answer)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
