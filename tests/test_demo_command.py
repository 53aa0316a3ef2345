"""`corsac demo` as a command: addresses and ports, exit codes, Ctrl-C, help, the missing extra.

Here: what a user types, and what the console answers.
Not here: the examples themselves (`test_demo.py`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from importlib.metadata import version

import pytest
from corsac.demo.examples import EXAMPLES
from corsac.demo.server import AddressError, Demo

DEADLINE = 30  # seconds; nothing is timed by it, it only ends a test that hangs


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A started demo on free ports."""
    with Demo(port=0) as started:
        yield started


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`corsac` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "corsac.cli", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb"},
    )


def get(demo: Demo, path: str, host: str | None = None) -> tuple[int, str | None]:
    """Status and Location of one GET to the page's server."""
    connection = HTTPConnection(demo.address, demo.port, timeout=DEADLINE)
    try:
        connection.request(
            "GET", path, headers={"Host": host or f"127.0.0.1:{demo.port}"}
        )
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Location")
    finally:
        connection.close()


# The check


def test_the_command_checks_and_exits_with_0() -> None:
    """`corsac demo --check` prints a row per example and succeeds."""
    done = run("demo", "--check")

    assert (0, "") == (done.returncode, done.stderr)
    for example in EXAMPLES:
        assert example.title.split()[0] in done.stdout
    assert f"All {len(EXAMPLES) + 1} as they should be." in done.stdout


def test_a_failed_check_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table says which example went wrong and how, and the exit code says that one did."""
    pytest.importorskip("rich", reason="pip install 'corsac[cli]'")
    from corsac import Policy
    from corsac.demo import command
    from corsac.demo.policies import Origins, policies_for

    def wrong(origins: Origins) -> dict[str, Policy]:
        other = Policy(allow_origins=["https://example.com"])
        return dict.fromkeys(policies_for(origins), other)

    class Wrong(Demo):
        def __init__(self, host: str, port: int | None, api_port: int | None) -> None:
            super().__init__(host, port, api_port, wrong)

    monkeypatch.setattr(command, "Demo", Wrong)

    code = command.run(
        host="127.0.0.1", port=None, api_port=None, browser=False, check=True
    )

    assert 1 == code
    assert "simple-get: the policy must say actual_allowed" in capsys.readouterr().out


# Addresses


def test_under_its_other_name_the_page_is_sent_home(demo: Demo) -> None:
    """The page works under the name that the policy lists; the frame is served under any."""
    home = f"http://127.0.0.1:{demo.port}/"

    assert (302, home) == get(demo, "/", f"localhost:{demo.port}")
    assert (200, None) == get(demo, "/frame.html", f"localhost:{demo.port}")
    assert (404, None) == get(demo, "/../cli.py")


def test_a_taken_port_that_was_asked_for_is_an_error(demo: Demo) -> None:
    """Who names a port wants that one: one line, with the option that helps."""
    with pytest.raises(AddressError, match=rf"port {demo.port} is taken.*--port"):
        Demo(port=demo.port, api_port=0)
    with pytest.raises(AddressError, match=rf"port {demo.port} is taken.*--api-port"):
        Demo(port=0, api_port=demo.port)
    with pytest.raises(AddressError, match="cannot share"):
        Demo(port=8000, api_port=8000)


def test_without_a_port_the_next_free_pair_is_taken(
    monkeypatch: pytest.MonkeyPatch, demo: Demo
) -> None:
    """Nobody asked for the default port, so a taken one is passed over."""
    monkeypatch.setattr("corsac.demo.server.DEFAULT_PORT", demo.port)

    with Demo() as second:
        assert second.port > demo.port
        assert second.port + 1 == second.api_port


def test_an_address_of_nobody_is_one_clear_line() -> None:
    """An address that is not this machine's ends with a message, not with a traceback."""
    done = run("demo", "--host", "192.0.2.1", "--check")

    assert 1 == done.returncode
    assert done.stderr.startswith("corsac demo: cannot listen on 192.0.2.1")
    assert 1 == len(done.stderr.splitlines())


def test_a_taken_port_is_one_clear_line(demo: Demo) -> None:
    """The command says which port is taken and what to type, and exits with 1."""
    done = run("demo", "--port", str(demo.port), "--api-port", "0", "--no-browser")

    said = f"corsac demo: port {demo.port} is taken; choose another with --port\n"
    assert (1, "", said) == (done.returncode, done.stdout, done.stderr)


# The command line


@pytest.mark.skipif(os.name == "nt", reason="signals reach a child process on POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_quietly(number: signal.Signals) -> None:
    """SIGINT, or SIGTERM, to a serving process: a goodbye, exit code 0, no traceback."""
    # A shell may start this test in the background; SIGINT is ignored there, and children inherit that.
    awake = "import signal as s; s.signal(s.SIGINT, s.default_int_handler)"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", f"{awake}; import corsac.cli as c; c.main()"]
        + ["demo", "--no-browser", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TERM": "dumb"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    overdue = threading.Timer(DEADLINE, process.kill)
    overdue.start()
    try:
        for line in process.stdout:
            if "Ctrl+C" in line:
                break
        process.send_signal(number)
        output, errors = process.communicate()
    finally:
        overdue.cancel()
        process.kill()
    assert (0, "\nStopped.\n", "") == (process.returncode, output, errors)


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_the_extra_one_line_says_what_to_install(missing: str) -> None:
    """The engine needs no library, the command line does: it names the extra and exits with 1."""
    blocked = (
        f"import sys; sys.modules[{missing!r}] = None; import corsac.cli as c; c.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", blocked],
        check=False,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )

    assert (1, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines())
    assert "pip install 'corsac[cli]'" in done.stderr


def test_help_teaches() -> None:
    """Each command's help shows complete command lines, not only options."""
    top, demo = run("--help"), run("demo", "--help")

    assert (0, 0) == (top.returncode, demo.returncode)
    assert "corsac demo" in top.stdout
    assert "corsac demo --check" in demo.stdout
    assert "--no-browser" in demo.stdout


def test_the_version_is_the_package_version() -> None:
    """`corsac --version` says what pip installed."""
    assert f"corsac {version('corsac')}\n" == run("--version").stdout
