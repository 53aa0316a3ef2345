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

from answers import Row
from pages import POLICY_OF, ROWS, path_of
from servers import DEADLINE, HOST, Connection, Response, Server

HERE = Path(__file__).parent
#: What a pass hands back for a row: a response, what was raised, or None for no response.
Came = Response | str | None
#: Litestar's streams wait until a client is gone, and gunicorn takes sixteen such on a connection.
ROWS_ON_A_CONNECTION = 10
_SECONDS = 120  # nothing is timed by it, it only ends a test that hangs


def ask_in_process(site: str, protocol: str, ways: list[str]) -> dict[str, list[Came]]:
    """A pass for each way."""
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
    passes = [json.loads(line) for line in run.stdout.splitlines()]
    return {
        way: [_read(came) for came in each]
        for way, each in zip(ways, passes, strict=True)
    }


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


def _ask_all(place_of: Callable[[int], tuple[int, str]]) -> list[Came]:
    """The responses to all rows; a policy's applications stand at a port, under a path."""
    talk = Talk()
    try:
        return [
            talk.ask(*place_of(policy), index) for index, policy in enumerate(POLICY_OF)
        ]
    finally:
        talk.end()


class SharedServer:
    """A server of the world, with the dispatcher in front of the applications."""

    def __init__(self, kind: str, site: str, protocol: str, ways: list[str]) -> None:
        self._server = Server(kind, f"dispatch:{protocol}", HERE, CORSAC_TEST_SITE=site)

    def ask_all(self, way: str) -> list[Came]:
        return _ask_all(lambda policy: (self._server.port, f"/{way}/{policy}"))

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
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._output,
        )
        assert self._process.stdout is not None
        ports = self._process.stdout.readline()
        if not ports:
            printed = self.output()
            self.stop()
            raise RuntimeError(f"{kind} does not start:\n{printed}")
        self._ports: dict[str, int] = json.loads(ports)

    def ask_all(self, way: str) -> list[Came]:
        return _ask_all(lambda policy: (self._ports[f"{way}/{policy}"], ""))

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
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._output.close()
