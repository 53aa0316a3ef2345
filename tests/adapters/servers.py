"""Starts real servers, waits until they answer, and stops them.

Here: one command line per server, its process, and requests written byte by byte, since a
client's library would refuse or mend what an attacker sends.
Not here: what is served (`applications.py`), what must come back (`test_servers.py`).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPException, HTTPResponse
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
HOST = "127.0.0.1"
DEADLINE = 30  # seconds; nothing is timed by it, it only ends a test that hangs
STARTS = 3  # how often a start is tried, since another process may take the port


class Kind(NamedTuple):
    """One server that speaks one protocol."""

    package: str
    interface: str
    #: The arguments after `python`, from what is served, `module:name`, and a port.
    command: Callable[[str, int], list[str]]


def _uvicorn(target: str, port: int) -> list[str]:
    # Its other parser is an extra of uvicorn and reads malformed requests in another way.
    options = ["--host", HOST, "--port", str(port), "--http", "h11"]
    return ["-m", "uvicorn", target, *options]


def _hypercorn(target: str, port: int) -> list[str]:
    # No workers: the process itself serves.
    options = ["--bind", f"{HOST}:{port}", "--workers", "0"]
    return ["-m", "hypercorn", target, *options]


def _granian(interface: str) -> Callable[[str, int], list[str]]:
    def command(target: str, port: int) -> list[str]:
        options = ["--host", HOST, "--port", str(port), "--interface", interface]
        return ["-m", "granian", target, *options]

    return command


def _gunicorn(interface: str) -> Callable[[str, int], list[str]]:
    def command(target: str, port: int) -> list[str]:
        options = ["--bind", f"{HOST}:{port}"]
        # A worker of threads keeps connections open; the default one never does.
        options += ["--threads", "2"] if interface == "wsgi" else ["-k", "asgi"]
        if _major("gunicorn") >= 25:
            options.append("--no-control-socket")  # it would lie in the user's home
        return ["-m", "gunicorn", target, *options]

    return command


def _waitress(target: str, port: int) -> list[str]:
    return ["-m", "waitress", f"--listen={HOST}:{port}", target]


def _by_call(call: str) -> Callable[[str, int], list[str]]:
    """A server that is started by a call, which has HOST, port and application in it."""

    def command(target: str, port: int) -> list[str]:
        module, name = target.split(":")
        source = f"from {module} import {name} as application; {call}"
        return ["-c", f"HOST, port = {HOST!r}, {port}; {source}"]

    return command


_WSGIREF = (
    "from wsgiref.simple_server import make_server; "
    "make_server(HOST, port, application).serve_forever()"
)
#: As `flask run` calls it.
_WERKZEUG = (
    "from werkzeug.serving import run_simple; "
    "run_simple(HOST, port, application, threaded=True)"
)
#: As `manage.py runserver` calls it.
_RUNSERVER = (
    "from django.conf import settings; settings.configured or settings.configure(); "
    "from django.core.servers.basehttp import run; "
    "run(HOST, port, application, threading=True)"
)

KINDS = {
    "uvicorn": Kind("uvicorn", "asgi", _uvicorn),
    "hypercorn": Kind("hypercorn", "asgi", _hypercorn),
    "granian-asgi": Kind("granian", "asgi", _granian("asgi")),
    "gunicorn-asgi": Kind("gunicorn", "asgi", _gunicorn("asgi")),
    "gunicorn": Kind("gunicorn", "wsgi", _gunicorn("wsgi")),
    "granian-wsgi": Kind("granian", "wsgi", _granian("wsgi")),
    "waitress": Kind("waitress", "wsgi", _waitress),
    "wsgiref": Kind("wsgiref", "wsgi", _by_call(_WSGIREF)),
    "werkzeug": Kind("werkzeug", "wsgi", _by_call(_WERKZEUG)),
    "runserver": Kind("django", "wsgi", _by_call(_RUNSERVER)),
}

#: Frameworks that serve themselves; nothing else can be served by them.
OWN_KINDS = ("aiohttp", "sanic", "tornado")


def missing(name: str) -> str | None:
    """Why a server cannot be started here, and how to get it; None where it can."""
    package = KINDS[name].package if name in KINDS else name
    if find_spec(package) is None:
        return f"{package} is not installed: pip install 'corsac[test]'"
    if name == "gunicorn-asgi" and _major(package) < 25:
        return "this gunicorn has no ASGI worker: pip install 'gunicorn>=25'"
    return None


def _major(package: str) -> int:
    return int(version(package).split(".")[0])


class Response(NamedTuple):
    """What came back, read by the rules of HTTP and not looked at further."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Connection:
    """One connection to a server, for any number of requests in a row."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=DEADLINE)
        #: Whether the server said that it would read another request.
        self.is_open = True

    def ask(
        self,
        method: str,
        path: str,
        headers: Iterable[tuple[str, str]] = (),
    ) -> Response | None:
        """The response to these very bytes, in Latin-1; None where no status line came."""
        head = f"{method} {path} HTTP/1.1\r\n"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(f"{head}{lines}\r\n".encode("latin-1"))
        self.is_open = False
        response = HTTPResponse(self._socket, method=method)
        try:
            response.begin()
            body = response.read()
            self.is_open = not response.will_close
        except (HTTPException, ConnectionResetError):
            return None
        finally:
            response.close()
        return Response(response.status, response.getheaders(), body)

    def receive(self, end: bytes) -> bytes:
        """What comes until `end` has come, or until the server closes."""
        received = b""
        while end not in received and (more := self._socket.recv(4096)):
            received += more
        return received

    def send(self, sent: bytes) -> None:
        self._socket.sendall(sent)

    def close(self) -> None:
        self._socket.close()


class Server:
    """A running server of one kind, which serves `target`, a module's name and one in it."""

    def __init__(
        self, kind: str, target: str, folder: Path = HERE, **environment: str
    ) -> None:
        self.kind = kind
        self.interface = KINDS[kind].interface
        self._target = target
        self._folder = folder
        self._environment = environment
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the process
        try:
            self.port = self._start()
        except BaseException:
            self._output.close()
            raise

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        connection = Connection(self.port)
        try:
            yield connection
        finally:
            connection.close()

    def ask(
        self, method: str, path: str, headers: Iterable[tuple[str, str]] = ()
    ) -> Response | None:
        """One request on a connection of its own. A row that names a host keeps it."""
        headers = list(headers)
        if not any(name.lower() == "host" for name, _ in headers):
            headers.insert(0, ("Host", f"{HOST}:{self.port}"))
        with self.connect() as connection:
            return connection.ask(method, path, headers)

    def output(self, start: int = 0) -> str:
        """What the server has printed, from a place in it."""
        return os.pread(self._output.fileno(), 1 << 20, start).decode(errors="replace")

    def printed(self) -> int:
        """How far the server's output has come."""
        return os.fstat(self._output.fileno()).st_size

    def stop(self) -> None:
        self._stop_process()
        self._output.close()

    def _start(self) -> int:
        for _ in range(STARTS):
            with socket.create_server((HOST, 0)) as free:
                port = free.getsockname()[1]
            token = secrets.token_hex()
            command = KINDS[self.kind].command(self._target, port)
            # A session of its own, so that workers can be ended with their parent; in the
            # applications' folder, so that the server finds them.
            self._process = subprocess.Popen(
                [sys.executable, *command],
                cwd=self._folder,
                env={
                    **os.environ,
                    **self._environment,
                    "CORSAC_TEST_TOKEN": token,
                },
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                if self._answers(port, token):
                    return port
                has_ended = self._process.poll() is not None
            except BaseException:
                self._stop_process()
                raise
            self._stop_process()
            if not has_ended:
                break  # it has its port, so that another would not help
        raise RuntimeError(f"{self.kind} does not start:\n{self.output()}")

    def _answers(self, port: int, token: str) -> bool:
        """Whether this very server answers, as soon as it does or has ended."""
        end = time.monotonic() + DEADLINE
        self.port = port
        while self._process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError):
                response = self.ask("GET", "/token")
                if response is not None and response.body == token.encode():
                    return True
            time.sleep(0.02)
        return False

    def _stop_process(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(DEADLINE)
