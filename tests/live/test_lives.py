"""Threads that load, over forks and at the interpreter's end.

Here: each in a process of its own. Not here: what a thread does (`test_reload.py`).
Spec: https://docs.python.org/3/library/os.html#os.register_at_fork
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import textwrap
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from hearing import DEADLINE, wait_until

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="this system does not fork"
)
#: Its control socket would lie in the user's home.
OPTIONS = ["--no-control-socket"] if version("gunicorn") >= "25" else []
BEGIN = """
import os, sys, threading, time
from corsac import Policy, PolicyHandle
from corsac.live import reload

def policy(name):
    return Policy(allow_origins=[f"https://{name}.example"])

handle = PolicyHandle(policy("start"))
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            BEGIN + textwrap.dedent(code),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE,
    )


def test_a_forked_child_loads_for_itself():
    """Though the parent's thread is not copied, and a lock may have been held."""
    done = run(
        """
        reloader = reload(handle, lambda: policy(os.getpid()), every=0.001)
        assert reloader.load_now()
        for _ in range(20):
            child = os.fork()
            if child == 0:
                assert reloader.load_now(timeout=30)
                own = handle.policy.allow_origins == (f"https://{os.getpid()}.example",)
                os._exit(0 if own and reloader.stop() else 1)
            assert os.waitpid(child, 0)[1] == 0
        assert reloader.load_now()
        assert handle.policy.allow_origins == (f"https://{os.getpid()}.example",)
        print("as it should be")
        """
    )
    assert ("as it should be\n", "") == (done.stdout, done.stderr)


def test_a_fork_in_the_middle_of_a_load_waits_for_nobody():
    """The child begins anew; what the parent was loading is the parent's."""
    done = run(
        """
        begun, go = threading.Event(), threading.Event()
        parent = os.getpid()

        def load():
            if os.getpid() == parent:
                begun.set()
                go.wait(30)
            return policy("loaded")

        reloader = reload(handle, load, every=3600)
        begun.wait(30)
        child = os.fork()
        if child == 0:
            loaded = reloader.load_now(timeout=30)
            os._exit(0 if loaded and handle.policy == policy("loaded") else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert handle.policy == policy("start")
        go.set()
        assert reloader.load_now()
        print("as it should be")
        """
    )
    assert ("as it should be\n", "") == (done.stdout, done.stderr)


def test_a_lock_that_was_held_at_the_fork_is_free_in_the_child():
    """Its holder is a thread that was not copied, and so never lets go of it."""
    done = run(
        """
        reloader = reload(handle, lambda: policy("loaded"), every=3600)
        assert reloader.load_now()
        locks = [reloader._lock, reloader._report._lock]
        holder = threading.Thread(target=lambda: [lock.acquire() for lock in locks])
        holder.start()
        holder.join()
        child = os.fork()
        if child == 0:
            handle.replace(policy("other"))
            loaded = reloader.load_now(timeout=30)
            os._exit(0 if loaded and handle.policy == policy("loaded") else 1)
        os._exit(os.waitpid(child, 0)[1])
        """
    )
    assert ("", 0) == (done.stderr, done.returncode)


def test_a_child_of_a_stopped_reloader_has_none():
    """A fork brings back nothing that has ended."""
    done = run(
        """
        reloader = reload(handle, lambda: policy("loaded"), every=3600)
        assert reloader.load_now() and reloader.stop()
        child = os.fork()
        if child == 0:
            os._exit(threading.active_count() - 1)
        print(os.waitpid(child, 0)[1])
        """
    )
    assert ("0\n", "") == (done.stdout, done.stderr)


LOADS = {
    "nothing is under way": "lambda: policy('loaded')",
    "a load hangs": "lambda: time.sleep(3600)",
    "a load waits for a lock": "lock.acquire",
    "a load is busy": "spin",
    "a coroutine hangs": "hang",
    "a load fails all the time": "lambda: 1 / 0",
}


@pytest.mark.parametrize("every", [0.001, 3600])
@pytest.mark.parametrize("name", LOADS)
def test_the_interpreter_ends_in_silence(name, every):
    """Without a traceback, and without waiting for what hangs."""
    done = run(
        f"""
        import asyncio, logging
        logging.getLogger("corsac.live").disabled = True
        lock = threading.Lock()
        lock.acquire()

        async def hang():
            await asyncio.sleep(3600)

        def spin():
            while True:
                pass

        reloader = reload(handle, {LOADS[name]}, every={every})
        time.sleep(0.05)
        print("the end")
        """
    )
    assert ("the end\n", "", 0) == (done.stdout, done.stderr, done.returncode)


def test_a_coroutine_that_hangs_at_the_end_closes_what_it_opened():
    """It is cancelled while everything is still there that its cleaning needs."""
    done = run(
        """
        import asyncio
        begun = threading.Event()

        async def load():
            try:
                begun.set()
                await asyncio.sleep(3600)
            finally:
                await asyncio.sleep(0)
                print("closed")

        reloader = reload(handle, load, every=3600)
        begun.wait(30)
        """
    )
    assert ("closed\n", "") == (done.stdout, done.stderr)


def test_workers_of_a_preloaded_application_load_each_for_itself(tmp_path):
    """Those of gunicorn, which imports the application before it forks."""
    origins = tmp_path / "origins"
    origins.write_text("https://first.example")
    (tmp_path / "preloaded.py").write_text(
        textwrap.dedent(
            f"""
            import os
            from pathlib import Path
            from corsac import Policy, PolicyHandle
            from corsac.adapters.wsgi import CORSMiddleware
            from corsac.live import reload

            def load():
                return Policy(allow_origins=Path({str(origins)!r}).read_text().split())

            def answer(environ, start_response):
                body = str(os.getpid()).encode()
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]

            handle = PolicyHandle(load())
            reloader = reload(handle, load, every=0.05)
            app = CORSMiddleware(answer, handle)
            """
        )
    )
    server = Gunicorn(tmp_path)
    try:
        wait_until(
            lambda: (
                len({server.ask("https://first.example")[1] for _ in range(20)}) == 2
            )
        )
        origins.write_text("https://second.example")
        allowed: dict[str, str | None] = {}

        def all_allow() -> bool:
            for _ in range(20):
                allow_origin, pid = server.ask("https://second.example")
                allowed[pid] = allow_origin
            return list(allowed.values()) == ["https://second.example"] * 2

        wait_until(all_allow)
    finally:
        server.stop()


class Gunicorn:
    """Two workers, on a port of their own choice that the log tells."""

    def __init__(self, directory: Path) -> None:
        self._log = directory / "log"
        with self._log.open("w") as log:
            self._server = subprocess.Popen(
                [
                    *(sys.executable, "-W", "ignore", "-m", "gunicorn"),
                    *("--preload", "--workers", "2", "--bind", "127.0.0.1:0"),
                    *(*OPTIONS, "preloaded:app"),
                ],
                cwd=directory,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: "Listening at: " in self._text())
        address = self._text().partition("Listening at: http://")[2].split()[0]
        self._host, self._port = address.split(":")

    def _text(self) -> str:
        assert self._server.poll() is None, self._log.read_text()
        return self._log.read_text()

    def ask(self, origin: str) -> tuple[str | None, str]:
        """What the answer allows, and which process gave it."""
        connection = http.client.HTTPConnection(self._host, int(self._port), timeout=30)
        connection.request("GET", "/", headers={"Origin": origin})
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response.getheader("Access-Control-Allow-Origin"), body

    def stop(self) -> None:
        self._server.send_signal(signal.SIGTERM)
        end = time.monotonic() + DEADLINE
        while self._server.poll() is None:
            if time.monotonic() > end:
                self._server.kill()
            time.sleep(0.01)
