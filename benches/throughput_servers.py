"""Starts the servers of the throughput bench, reads their CPU time, and stops them.

Here: one command line per server, with one worker and no log; its processes and their CPU time.
Not here: what is served (`throughput_apps.py`), the load (`throughput_load.py`).
Spec: https://pubs.opengroup.org/onlinepubs/9799919799/functions/clock_getcpuclockid.html
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import psutil
from throughput_apps import BARE, path_of, target_of

HERE = Path(__file__).parent
HOST = "127.0.0.1"
DEADLINE = 30  # seconds; only ends what hangs
STARTS = 3  # how often a start is tried, since another process may take the port

# One core for the server and one for the load, where there are two.
CORES = sorted(os.sched_getaffinity(0))
LOAD_CORE, SERVER_CORE = CORES[0], CORES[-1]


class Kind(NamedTuple):
    """One way to serve one interface."""

    about: str
    interface: str
    #: What must be importable, the peer's library too.
    packages: tuple[str, ...]
    #: The arguments after `python -m`, without the address and the application.
    arguments: list[str]
    address: Callable[[int], list[str]]
    peer: str | None
    #: Whether the bounds hold for it.
    is_judged: bool


def _host_and_port(port: int) -> list[str]:
    return ["--host", HOST, "--port", str(port)]


def _bind(port: int) -> list[str]:
    return ["--bind", f"{HOST}:{port}"]


UVICORN = ["uvicorn", "--workers", "1", "--lifespan", "off"]
UVICORN += ["--log-level", "error", "--no-access-log"]
GRANIAN = ["granian", "--interface", "asgi", "--workers", "1", "--loop", "uvloop"]
GRANIAN += ["--http", "1", "--log-level", "error", "--no-access-log"]
# Without its control socket, which would lie in the user's home.
GUNICORN = ["gunicorn", "--workers", "1", "--log-level", "error", "--no-control-socket"]
THREAD = ["--worker-class", "gthread", "--threads", "1"]
STARLETTE, FLASK_CORS = "Starlette", "flask-cors"

KINDS = {
    "uvicorn": Kind(
        "uvicorn, uvloop and httptools",
        "asgi",
        ("uvicorn", "uvloop", "httptools", "starlette"),
        [*UVICORN, "--loop", "uvloop", "--http", "httptools"],
        _host_and_port,
        STARLETTE,
        True,
    ),
    "uvicorn-h11": Kind(
        "uvicorn, asyncio and h11",
        "asgi",
        ("uvicorn", "h11", "starlette"),
        [*UVICORN, "--loop", "asyncio", "--http", "h11"],
        _host_and_port,
        STARLETTE,
        True,
    ),
    "granian": Kind(
        "granian, ASGI on uvloop",
        "asgi",
        ("granian", "uvloop", "starlette"),
        GRANIAN,
        _host_and_port,
        STARLETTE,
        True,
    ),
    "gunicorn": Kind(
        "gunicorn, sync worker, a WSGI application",
        "wsgi",
        ("gunicorn",),
        GUNICORN,
        _bind,
        None,
        False,
    ),
    "gunicorn-flask": Kind(
        "gunicorn, sync worker, a Flask application",
        "flask",
        ("gunicorn", "flask", "flask_cors"),
        GUNICORN,
        _bind,
        FLASK_CORS,
        False,
    ),
    "gunicorn-gthread": Kind(
        "gunicorn, worker of one thread, a WSGI application",
        "wsgi",
        ("gunicorn",),
        [*GUNICORN, *THREAD],
        _bind,
        None,
        False,
    ),
    "gunicorn-gthread-flask": Kind(
        "gunicorn, worker of one thread, a Flask application",
        "flask",
        ("gunicorn", "flask", "flask_cors"),
        [*GUNICORN, *THREAD],
        _bind,
        FLASK_CORS,
        False,
    ),
}


def missing(names: list[str]) -> list[str]:
    """The packages that these servers need and that are not installed."""
    packages = dict.fromkeys(p for name in names for p in KINDS[name].packages)
    return [package for package in packages if find_spec(package) is None]


class ServerError(Exception):
    """A server that does not come up, with what it printed."""


class Server:
    """A running server, which serves all sides."""

    def __init__(self, kind: str) -> None:
        self.name = kind
        self._kind = KINDS[kind]
        sides = target_of(self._kind.interface, with_peer=self._kind.peer is not None)
        self._target = f"throughput_apps:{sides}"
        self._process: subprocess.Popen | None = None
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the process
        try:
            self.port = self._start()
            # Its workers are there, since it has answered.
            self._clocks = [_clock_of(process.pid) for process in self._processes()]
        except BaseException:
            self.close()
            raise

    def cpu_seconds(self) -> float:
        """The time that the server's processes have had so far, in user and system mode."""
        return sum(time.clock_gettime(clock) for clock in self._clocks)

    def ask(
        self, method: str, path: str, lines: list[tuple[str, str]]
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """One request on a connection of its own: status, header lines, body."""
        return _ask(self.port, method, path, lines)

    def output(self) -> str:
        self._output.seek(0)
        return self._output.read().decode(errors="replace").strip()

    def close(self) -> None:
        self._stop_process()
        self._output.close()

    def _start(self) -> int:
        for _ in range(STARTS):
            self._output.seek(0)
            self._output.truncate()
            with socket.create_server((HOST, 0)) as free:
                port = free.getsockname()[1]
            arguments = [*self._kind.arguments, *self._kind.address(port), self._target]
            with on_core(SERVER_CORE):
                # In a session of its own, so that Ctrl-C reaches it through us, and its workers
                # can be ended with it; in this folder, so that it finds the applications.
                self._process = subprocess.Popen(
                    [sys.executable, "-m", *arguments],
                    cwd=HERE,
                    stdin=subprocess.DEVNULL,
                    stdout=self._output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            if self._comes_up(port):
                return port
            has_ended = self._process.poll() is not None
            self._stop_process()
            if not has_ended:
                break  # it has its port, so that another would not help
        raise ServerError(f"{self.name} does not start:\n{self.output()}")

    def _comes_up(self, port: int) -> bool:
        """Whether this very server answers, as soon as it does or has ended."""
        end = time.monotonic() + DEADLINE
        while self._process.poll() is None and time.monotonic() < end:
            if self._listens(port):
                with contextlib.suppress(OSError, HTTPException):
                    _ask(port, "GET", path_of(BARE), [])
                    return True
            time.sleep(0.02)
        return False

    def _listens(self, port: int) -> bool:
        """Whether it is this server that has the port, and nobody who was faster."""
        with contextlib.suppress(psutil.Error):
            for process in self._processes():
                for connection in process.net_connections("tcp4"):
                    if (
                        connection.status == psutil.CONN_LISTEN
                        and connection.laddr.port == port
                    ):
                        return True
        return False

    def _processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self._process.pid)
        return [parent, *parent.children(recursive=True)]

    def _stop_process(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(DEADLINE)
        # Whatever is left: workers of a parent that was killed, or one that would not end.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(DEADLINE)


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started within runs on this core, with all its threads."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _ask(
    port: int, method: str, path: str, lines: list[tuple[str, str]]
) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = HTTPConnection(HOST, port, timeout=DEADLINE)
    with contextlib.closing(connection):
        connection.request(method, path, headers=dict(lines))
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()


def _clock_of(process: int) -> int:
    """The clock of a process's CPU time. `/proc` has the same in steps of ten milliseconds, too
    coarse for a round of a second."""
    clock = ctypes.c_int()
    error = ctypes.CDLL(None).clock_getcpuclockid(process, ctypes.byref(clock))
    if error:
        raise OSError(error, os.strerror(error))
    return clock.value
