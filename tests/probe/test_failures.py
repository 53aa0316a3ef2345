"""Servers that do not answer as HTTP servers do: each ends in a finding, soon, and without a traceback.

Here: sockets that refuse, hang, drip, flood, lie and break. Not here: wrong header lines
(`test_findings.py`). Spec: https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable

import pytest
import trustme
from corsac.probe import Options, Report, probe
from wrong_policies import found
from wrong_servers import Answer, Got, serve, serve_bytes

Act = Callable[[socket.socket, threading.Event], None]
#: Seconds for one exchange. No test waits for it that is not about waiting.
TIMEOUT = 1.0
HEAD = b"HTTP/1.1 200 OK\r\n"


def says(*parts: bytes) -> Act:
    """Answers whatever comes with these bytes, and closes."""

    def act(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        for part in parts:
            connection.sendall(part)

    return act


def floods(first: bytes, again: bytes) -> Act:
    """Never stops sending, as fast as it is read."""

    def act(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.settimeout(5)
        connection.sendall(first)
        while not over.is_set():
            connection.sendall(again * max(1, 65536 // len(again)))

    return act


def drips(first: bytes, again: bytes) -> Act:
    """Never stops sending, a little at a time, so that no single read waits for long."""

    def act(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(first)
        while not over.wait(0.05):
            connection.sendall(again)

    return act


def hangs(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    over.wait()


def greets(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")
    over.wait()


def closes(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)


def resets(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    # Closing with nothing lingering sends RST in place of FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(80 * 1024 * 1024))

ROWS: list[tuple[str, Act, set[str]]] = [
    ("it never answers", hangs, {"error timeout"}),
    ("its header drips without end", drips(HEAD, b"a"), {"error timeout"}),
    (
        "it drips 100 Continue without end",
        drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        {"error timeout"},
    ),
    ("it closes without a word", closes, {"error connection-closed"}),
    ("it resets the connection", resets, {"error connection-closed"}),
    ("it speaks SSH", says(b"SSH-2.0-OpenSSH_9.2\r\n"), {"error no-http"}),
    ("it greets and waits", greets, {"error no-http"}),
    ("it speaks in noise", says(bytes(range(256))), {"error no-http"}),
    (
        "its header line has no name",
        says(HEAD + b": value\r\n\r\n"),
        {"error no-http"},
    ),
    (
        "it has two lengths",
        says(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        {"error no-http"},
    ),
    (
        "it breaks off in its header",
        says(HEAD + b"Content-Ty"),
        {"error connection-closed"},
    ),
    (
        "it floods header lines",
        floods(HEAD, b"X-Flood: water\r\n"),
        {"error header-size"},
    ),
    ("it floods one header line", floods(HEAD + b"X: ", b"a"), {"error header-size"}),
    (
        "it floods early hints",
        floods(b"", b"HTTP/1.1 103 Early Hints\r\nLink: %s\r\n\r\n" % (b"a" * 8000)),
        {"error header-size"},
    ),
    ("its body never ends", floods(CHUNKED, b"1\r\na\r\n"), {"note unread-body"}),
    ("its body drips without end", drips(CHUNKED, b"1\r\na\r\n"), {"note unread-body"}),
    (
        "its body breaks off",
        says(HEAD + b"Content-Length: 100\r\n\r\nshort"),
        {"warning unread-body"},
    ),
    (
        "its body is a bomb",
        says(
            HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB),
            BOMB,
        ),
        {"note unread-body"},
    ),
]


def ask(url: str, context: ssl.SSLContext | None = None) -> Report:
    return probe(Options(url=url, timeout=TIMEOUT, rate=100), context=context)


@pytest.mark.parametrize(
    ("act", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_an_evil_server_ends_in_a_finding(act: Act, expected: set[str]) -> None:
    """One finding, within the time of one exchange and some."""
    with serve_bytes(act) as address:
        began = time.monotonic()
        report = ask(f"http://{address}/")
        took = time.monotonic() - began

    assert expected == found(report)
    assert took < 8 * TIMEOUT


def test_nobody_listens() -> None:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    report = ask(f"http://127.0.0.1:{port}/")

    assert {"error no-connection"} == found(report)
    assert 1 == report.requests


def test_nobody_has_that_name() -> None:
    """A label of 64 letters is none that the DNS can hold, so that no resolver is asked."""
    report = ask(f"http://{'a' * 64}.example/")

    assert {"error no-such-host"} == found(report)


# TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


RIGHT = says(HEAD + b"Content-Length: 0\r\n\r\n")


def test_a_right_certificate_is_no_finding(authority: trustme.CA) -> None:
    """The probe gets through, and finds a server without CORS."""
    with serve_bytes(RIGHT, server_context(authority, "127.0.0.1")) as address:
        report = ask(f"https://{address}/", trusting(authority))

    assert set() == found(report)
    assert report.requests > 5


def test_a_root_that_nobody_trusts(authority: trustme.CA) -> None:
    """As a browser refuses it."""
    with serve_bytes(RIGHT, server_context(authority, "127.0.0.1")) as address:
        report = ask(f"https://{address}/")

    assert {"error certificate"} == found(report)


def test_a_certificate_for_another_name(authority: trustme.CA) -> None:
    """The root is trusted, the name is wrong."""
    with serve_bytes(RIGHT, server_context(authority, "api.example")) as address:
        report = ask(f"https://{address}/", trusting(authority))

    assert {"error certificate"} == found(report)


def test_tls_where_there_is_none(authority: trustme.CA) -> None:
    """https:// written for a port that speaks plain HTTP."""
    with serve_bytes(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as address:
        report = ask(f"https://{address}/", trusting(authority))

    assert {"error tls"} == found(report)


def test_a_handshake_that_never_ends(authority: trustme.CA) -> None:
    """The connection stands, and nothing comes."""
    with serve_bytes(hangs) as address:
        report = ask(f"https://{address}/", trusting(authority))

    assert {"error timeout"} == found(report)


# Servers that fail later


def test_after_three_silences_nothing_more_is_asked() -> None:
    """What was found so far is told, and that it is not all."""
    count = 0

    def act(connection: socket.socket, over: threading.Event) -> None:
        nonlocal count
        count += 1
        (RIGHT if count <= 2 else hangs)(connection, over)

    with serve_bytes(act) as address:
        report = ask(f"http://{address}/")

    assert {"error timeout", "warning unfinished"} == found(report)
    assert 5 == report.requests
    assert report.stopped == "3 requests in a row had no answer"


def test_one_silence_among_answers_is_told_and_passed_over() -> None:
    """Preflights that something on the way swallows, for example."""

    def act(connection: socket.socket, over: threading.Event) -> None:
        data = connection.recv(65536)
        if data.startswith(b"OPTIONS"):
            over.wait()
        with contextlib.suppress(OSError):
            connection.sendall(HEAD + b"Access-Control-Allow-Origin: *\r\n")
            connection.sendall(b"Content-Length: 0\r\n\r\n")

    with serve_bytes(act) as address:
        report = ask(f"http://{address}/")

    assert "error timeout" in found(report)


def test_a_server_that_asks_to_be_left_alone_is_left_alone() -> None:
    """429 ends the probe."""
    count = 0

    def answer(got: Got) -> Answer:
        nonlocal count
        count += 1
        return (429 if count == 4 else 200), []

    with serve(answer) as server:
        report = ask(server)

    assert {"warning unfinished"} == found(report)
    assert 4 == report.requests
