"""`corsac probe` as a command: output, exit codes, files, Ctrl-C.

Here: what a user types, and what comes back. Not here: what is found (`test_findings.py`).
Spec: https://no-color.org/
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from corsac.probe.command import run
from rich.console import Console
from test_failures import ask, hangs
from wrong_policies import ALLOWED, CREDENTIALS, cached, lines, policy
from wrong_servers import Answer, Got, serve, serve_bytes

DEADLINE = 30  # seconds; nothing is timed by it, it only ends a test that hangs
REFLECTING = policy(lambda origin: True, CREDENTIALS)
RIGHT = policy(ALLOWED.__eq__)


def probe(url: str, **options: Any) -> int:
    return run(url, **{"origins": [ALLOWED], "rate": 100, **options})


# Exit codes

CODES = [
    ("nothing is wrong", RIGHT, {}, 0),
    ("an error", REFLECTING, {}, 1),
    ("a warning", cached(), {}, 1),
    ("a warning, where only errors count", cached(), {"fail_on": "error"}, 0),
    ("a note", policy(ALLOWED.__eq__, ("Access-Control-Max-Age", "9000")), {}, 0),
    (
        "a note, where notes count",
        policy(ALLOWED.__eq__, ("Access-Control-Max-Age", "9000")),
        {"fail_on": "note"},
        1,
    ),
    ("not all was asked", RIGHT, {"max_requests": 3}, 1),
]


@pytest.mark.parametrize(
    ("answer", "options", "code"), [row[1:] for row in CODES], ids=[r[0] for r in CODES]
)
def test_the_exit_code_tells_ci(
    answer: Any, options: dict[str, Any], code: int
) -> None:
    """0: nothing as severe as asked for; 1: something."""
    with serve(answer) as server:
        assert code == probe(server, **options)


WRONG = [
    ({"url": "api.example"}, "write it whole, like https://api.example"),
    ({"origins": ["app.example"]}, "write scheme, host and port"),
    ({"fail_on": "bad"}, "write one of error, warning, note"),
    ({"servers": ["iis"]}, "write one of corsac, nginx"),
    ({"json": True, "sarif": "-"}, "stdout takes one document"),
]


@pytest.mark.parametrize(("options", "said"), WRONG, ids=[row[1] for row in WRONG])
def test_wrong_use_is_one_line(
    options: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, nothing on stdout, one line that says what to write instead."""
    code = probe(**{"url": "http://127.0.0.1:1/", **options})
    output = capsys.readouterr()

    assert (2, "") == (code, output.out)
    assert 1 == len(output.err.splitlines())
    assert output.err.startswith("corsac probe: ")
    assert said in output.err


def test_a_file_that_cannot_be_written_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The directory is missing."""
    with serve(RIGHT) as server:
        code = probe(server, sarif=str(tmp_path / "no" / "probe.sarif"))

    assert 2 == code
    assert "name another file" in capsys.readouterr().err


# Output


def test_the_report_shows_evidence_and_cure(capsys: pytest.CaptureFixture[str]) -> None:
    """What was asked, what was answered, why it matters, what to write; no colours in a pipe."""
    with serve(REFLECTING) as server:
        probe(server, servers=["nginx"])
    output = capsys.readouterr().out

    assert "error  Any origin is let in  [reflected-origin]" in output
    assert "> Origin: http://corsac-probe.example" in output
    assert "< Access-Control-Allow-Origin: http://corsac-probe.example" in output
    assert "https://fetch.spec.whatwg.org/#" in output
    assert f'"{ALLOWED}" "{ALLOWED}";' in output
    assert "1 error" in output.splitlines()[-1]
    assert "\x1b" not in output


def test_the_server_that_answers_is_known_by_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its own lines stand beside corsac's."""

    def answer(got: Got) -> Answer:
        status, sent = REFLECTING(got)
        return status, [*sent, ("Server", "nginx/1.27.3")]

    with serve(answer) as server:
        probe(server)

    assert "map $http_origin $allow_origin" in capsys.readouterr().out


def test_progress_goes_to_stderr_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The number first; where stderr is no terminal, a line for each exchange."""
    with serve(RIGHT) as server:
        probe(server, json=True)
    output = capsys.readouterr()
    said = output.err.splitlines()

    assert "Asking 127.0.0.1 17 times at most, 100 a second" in said[0]
    assert 18 == len(said)
    assert "1/17 GET without an origin: 200" == said[1]
    assert json.loads(output.out)["requests"] == 17


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    """Every finding with its evidence and every server's lines."""
    with serve(REFLECTING) as server:
        probe(server, json=True)
    document = json.loads(capsys.readouterr().out)
    (finding,) = document["findings"]

    assert ("reflected-origin", "error") == (finding["id"], finding["severity"])
    assert "GET / HTTP/1.1" == finding["evidence"][0]["request"][0]
    assert "HTTP/1.1 200 OK" == finding["evidence"][0]["response"][0]
    assert 10 == len(finding["fixes"])
    assert document["complete"]
    assert {"origin", "why", "allowed", "readable", "readable_with_credentials"} == set(
        document["pages"][0]
    )


def test_what_a_server_sends_cannot_move_the_cursor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Control characters are shown, not obeyed; markup is text."""
    with serve(lines(("Access-Control-Allow-Origin", "\x1b[2J[red]\x9b"))) as server:
        probe(server)
    output = capsys.readouterr()

    assert "\x1b" not in output.out + output.err
    assert "\x9b" not in output.out + output.err
    assert "\\x1b[2J[red]" in output.out


def test_long_values_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """A report stays a report."""
    with serve(lines(("Access-Control-Allow-Origin", "a" * 20000))) as server:
        probe(server)

    assert len(capsys.readouterr().out) < 15000


def test_a_terminal_gets_a_bar() -> None:
    """It is taken away at the end, and never wider than the terminal."""
    from io import StringIO

    from corsac.probe._progress import Display
    from corsac.probe._terminal import show

    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=60, highlight=False)
    with serve(REFLECTING) as server:
        from corsac.probe import Options
        from corsac.probe import probe as ask_server

        with Display(console, 17) as display:
            options = Options(url=server, origins=(ALLOWED,), rate=100)
            report = ask_server(options, listener=display)
    assert "/17" in screen.getvalue()

    shown = Console(file=StringIO(), width=60, force_terminal=True, no_color=True)
    show(report, shown, ())
    assert isinstance(shown.file, StringIO)
    text = shown.file.getvalue()
    assert "reflected-origin" in text


# Ctrl-C

WAKE = "import signal as s; s.signal(s.SIGINT, s.default_int_handler)"


@pytest.mark.skipif(os.name == "nt", reason="signals reach a child process on POSIX")
def test_ctrl_c_ends_at_once_with_what_was_found() -> None:
    """The server hangs on its third request: exit code 130, the findings so far, valid JSON."""
    waiting = threading.Event()
    count = 0

    def act(connection: Any, over: threading.Event) -> None:
        nonlocal count
        count += 1
        if count == 3:
            waiting.set()
            hangs(connection, over)
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: a b\r\nContent-Length: 0\r\n\r\n"
        )

    with serve_bytes(act) as address:
        call = (
            f"run('http://{address}/', origins=['{ALLOWED}'], json=True, rate=100,"
            " timeout=300)"
        )
        process = subprocess.Popen(
            [sys.executable, "-c"]
            + [
                f"{WAKE}; from corsac.probe.command import run; raise SystemExit({call})"
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        overdue = threading.Timer(DEADLINE, process.kill)
        overdue.start()
        try:
            assert waiting.wait(DEADLINE)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate()
        finally:
            overdue.cancel()
            process.kill()
    document = json.loads(output)

    assert 130 == process.returncode, errors
    assert "Traceback" not in errors
    assert "interrupted" == document["stopped"]
    assert {"several-origins", "allowed-origin-refused", "unfinished"} == {
        finding["id"] for finding in document["findings"]
    }


def test_without_a_server_there_is_a_report() -> None:
    """The first request fails, and nothing more is sent."""

    def act(connection: Any, over: threading.Event) -> None:
        with contextlib.suppress(OSError):
            connection.close()

    with serve_bytes(act) as address:
        report = ask(f"http://{address}/")

    assert 1 == report.requests
    assert () == report.pages
