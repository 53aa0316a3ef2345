"""Sends every row to a framework's applications, and hands back what came.

Here: a process that asks in process, servers that are started for a framework, and one pass: all
rows, by one way, through one of them.
Not here: what must come back (`test_conformance.py`), how a server is started (`servers.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from choosing import Row
from left_out import rows_over
from pages import POLICY_OF, ROWS, path_of
from servers import DEADLINE, HOST, Connection, Response, Server

HERE = Path(__file__).parent
#: What a pass hands back for a row: a response, what was raised, or None for no response.
Came = Response | str | None
#: Litestar's streams wait until a client is gone, and gunicorn takes sixteen such on a connection.
ROWS_ON_A_CONNECTION = 10
_SECONDS = 120  # nothing is timed by it, it only ends a test that hangs


#: What a pass hands back, by row.
Pass = dict[int, Came]
#: What was counted: [name, outcome, refusal, total].
Counts = list[list[Any]]


def ask_in_process(
    site: str, protocol: str, ways: list[str]
) -> tuple[dict[str, Pass], Counts]:
    """A pass for each way, and what was counted in all of them."""
    run = subprocess.run(
        [sys.executable, "in_process.py", protocol, *ways],
        cwd=HERE,
        env={**os.environ, "CORSAC_TEST_SITE": site},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    *passes, counts = [json.loads(line) for line in run.stdout.splitlines()]
    came = {
        way: {int(index): _read(one) for index, one in each.items()}
        for way, each in zip(ways, passes, strict=True)
    }
    return came, counts


def _read(came: Any) -> Came:
    if isinstance(came, str):
        return came
    status, lines, body = came
    return Response(status, [(n, v) for n, v in lines], body.encode("latin-1"))


class Talk:
    """Row after row to one server, on as few connections as it keeps open."""

    def __init__(self) -> None:
        self._connections: dict[int, Connection] = {}
        self._count = 0

    def ask(self, port: int, prefix: str, index: int) -> Response | None:
        request = ROWS[index]["request"]
        headers = [(name, value) for name, value in request["headers"]]
        if not any(name.lower() == "host" for name, _ in headers):
            headers.insert(0, ("Host", f"{HOST}:{port}"))
        connection = self._connections.pop(port, None) or Connection(port)
        response = connection.ask(request["method"], prefix + path_of(index), headers)
        self._count += 1
        if connection.is_open and self._may_go_on(request, response):
            self._connections[port] = connection
        else:
            connection.close()
        return response

    def _may_go_on(self, request: Row, response: Response | None) -> bool:
        """Whether the connection is surely as it was before the request."""
        # A line end in a value leaves something behind that is no request; waitress sends the
        # body of an answer to HEAD where the application has one.
        leaves_bytes = request["method"] == "HEAD" or any(
            "\n" in value for _, value in request["headers"]
        )
        # Servers close behind errors too, and do not all say so before.
        is_fine = response is not None and response.status < 400
        return is_fine and not leaves_bytes and self._count % ROWS_ON_A_CONNECTION != 0

    def end(self) -> None:
        while self._connections:
            self._connections.popitem()[1].close()


def _ask_all(protocol: str, place_of: Callable[[int], tuple[int, str]]) -> Pass:
    """The responses to all rows; a policy's applications stand at a port, under a path."""
    talk = Talk()
    try:
        return {
            index: talk.ask(*place_of(POLICY_OF[index]), index)
            for index in rows_over(protocol)
        }
    finally:
        talk.end()


class SharedServer:
    """A server of the world, with the dispatcher in front of the applications."""

    def __init__(self, kind: str, site: str, protocol: str, ways: list[str]) -> None:
        self._server = Server(kind, f"dispatch:{protocol}", HERE, CORSAC_TEST_SITE=site)
        self._protocol = protocol

    def counts(self) -> None:
        """Such servers have processes of their own, which nobody can ask."""

    def ask_all(self, way: str) -> Pass:
        port = self._server.port
        return _ask_all(self._protocol, lambda policy: (port, f"/{way}/{policy}"))

    def output(self) -> str:
        return self._server.output()

    def stop(self) -> None:
        self._server.stop()


class OwnServer:
    """A framework's own server, with a port for each application."""

    def __init__(self, kind: str, site: str, protocol: str, ways: list[str]) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "own_server.py", *ways],
            cwd=HERE,
            env={**os.environ, "CORSAC_TEST_SITE": site},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._output,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        ports = self._process.stdout.readline()
        if not ports:
            printed = self.output()
            self.stop()
            raise RuntimeError(f"{kind} does not start:\n{printed}")
        self._ports: dict[str, int] = json.loads(ports)

    def ask_all(self, way: str) -> Pass:
        return _ask_all("own", lambda policy: (self._ports[f"{way}/{policy}"], ""))

    def counts(self) -> Counts:
        """What was counted by now."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def output(self) -> str:
        self._output.seek(0)
        return self._output.read().decode(errors="replace")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(DEADLINE)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._output.close()
