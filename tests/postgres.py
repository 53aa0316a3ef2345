"""A PostgreSQL server of the tests' own, that they may stop, pause and restart.

Here: `PostgreSQL`, which makes a cluster in a temporary directory and runs its server.
Not here: drivers, tables, what a test asks it.
Spec: https://www.postgresql.org/docs/current/app-postgres.html
"""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing_extensions import Self

#: Where packages put the programs that are in nobody's PATH.
_PLACES: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
_MISSING: Final = (
    "PostgreSQL's programs initdb, postgres, pg_isready and psql are missing; "
    "install them: apt-get install postgresql, or brew install postgresql"
)
#: Seconds; only so that a server that hangs ends the test.
_DEADLINE: Final = 60.0
#: Below the ports that systems hand out by themselves, so that a stopped server finds its own again.
_PORTS: Final = range(20_000, 32_000)
#: Nothing of a test's cluster has to outlive a crash of the machine; of the server, all of it has.
_SETTINGS: Final = (
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "max_connections=50",
    "shared_buffers=16MB",
)


class PostgreSQL:
    """One server with one empty database, `postgres`, whose user `postgres` needs no password.

    A context manager; it starts when it is made. `dsn` and `socket_dsn` are URLs for every driver,
    over TCP and over a Unix socket; both stay the same over a restart. Where the programs are not
    installed, the test that makes one is skipped.
    """

    def __init__(self) -> None:
        self._programs = _find_programs()
        self._user = _find_user()
        self.directory = Path(tempfile.mkdtemp(prefix="corsac-postgres-"))
        self._data = self.directory / "data"
        self.port = _find_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._paused: list[int] = []
        if self._user is not None:
            os.chown(self.directory, pwd.getpwnam(self._user).pw_uid, -1)
        try:
            self._run(
                "initdb",
                *("--pgdata", str(self._data)),
                *("--username", "postgres", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
            )
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def dsn(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def socket_dsn(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.directory}&port={self.port}"

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text(errors="replace")

    def start(self) -> None:
        """Start the server, and return when it takes connections."""
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        with (self.directory / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [
                    str(self._programs / "postgres"),
                    *("-D", str(self._data), "-k", str(self.directory)),
                    *("-p", str(self.port), *settings),
                ],
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                start_new_session=True,
            )
        end = time.monotonic() + _DEADLINE
        while not self.is_ready():
            if self._server.poll() is not None or time.monotonic() > end:
                self.stop(crash=True)
                raise RuntimeError(f"the server does not start:\n{self.log}")
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Whether the server takes connections, without waiting for one that hangs."""
        asked = self._run(
            "pg_isready",
            *("-q", "-t", "2", "-h", str(self.directory), "-p", str(self.port)),
            check=False,
        )
        return asked.returncode == 0

    def stop(self, *, crash: bool = False) -> None:
        """Stop the server, which ends every connection; with `crash`, without a farewell."""
        if self._server is None:
            return
        self.resume()
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
        try:
            self._server.wait(_DEADLINE)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._server = None

    def restart(self, *, crash: bool = False) -> None:
        """Stop and start; the data stays."""
        self.stop(crash=crash)
        self.start()

    def pause(self) -> None:
        """Stop every process where it is: connections stay, new ones open, nobody answers."""
        assert self._server is not None and not self._paused
        self._paused = [self._server.pid]
        os.kill(
            self._server.pid, signal.SIGSTOP
        )  # so that it makes no further children
        for pid in _children(self._server.pid):
            os.kill(pid, signal.SIGSTOP)
            self._paused.append(pid)

    def resume(self) -> None:
        """Let every process go on after `pause`."""
        for pid in reversed(self._paused):
            os.kill(pid, signal.SIGCONT)
        self._paused = []

    def execute(self, sql: str) -> str:
        """Run statements by psql, in one transaction, and give what they print, unaligned."""
        options = ("-X", "-q", "-A", "-t", "-1", "-v", "ON_ERROR_STOP=1")
        asked = self._run("psql", *options, "-d", self.socket_dsn, "-c", sql)
        return asked.stdout.strip()

    def close(self) -> None:
        """Stop the server, and remove its cluster."""
        self.stop(crash=True)
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _run(
        self, program: str, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        run = subprocess.run(
            [str(self._programs / program), *arguments],
            check=False,
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=_DEADLINE,
            user=self._user,
        )
        if check and run.returncode:
            raise RuntimeError(f"{program} failed:\n{run.stdout}{run.stderr}")
        return run


def _find_programs() -> Path:
    """The directory of the server's programs, the newest where there are several."""
    found = shutil.which("postgres")
    directories = [Path(found).resolve().parent] if found else []
    for place in _PLACES:
        directories += sorted(map(Path, glob(place)), key=_version, reverse=True)
    for directory in directories:
        needed = ("initdb", "postgres", "pg_isready", "psql")
        if all((directory / program).exists() for program in needed):
            return directory
    import pytest  # here, since a program that finds the server does without

    pytest.skip(_MISSING)


def _version(directory: Path) -> list[int]:
    digits = "".join(c if c.isdigit() else " " for c in str(directory))
    return [int(number) for number in digits.split()]


def _find_user() -> str | None:
    """Whom the server runs as: it refuses root; None is whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise RuntimeError("PostgreSQL does not run as root, and there is no other user")


def _find_port() -> int:
    for port in random.sample(_PORTS, 100):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def _children(parent: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, of in pairs if int(of) == parent]
