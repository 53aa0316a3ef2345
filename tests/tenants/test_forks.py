"""Servers that load the application and then fork.

Here: what a child has and follows, of every database, and a real server that does so. Not here:
what is followed (`test_following.py`).
Spec: https://docs.python.org/3/library/os.html#os.fork
"""

import http.client
import os
import socket
import subprocess
import sys
from contextlib import closing, suppress

import pytest
from databases import until

A, B = "https://a.example", "https://b.example"

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="there are no forks here"
)

PROGRAM = """if True:
    import glob, logging, os, sys, threading, time
    from corsac import Policy
    from corsac.tenants import PostgreSQLOriginStore, SQLiteOriginStore, TenantPolicies

    logging.basicConfig()
    template = Policy(allow_origins=["https://console.example.com"])
    store = {store}
    policies = TenantPolicies(store, lambda request: None)

    def until(letter):
        end = time.monotonic() + 60
        while f"https://{{letter}}.example" not in policies.policy("acme").allow_origins:
            assert time.monotonic() < end, policies.policy("acme")
            time.sleep(0.01)

    def fork(child):
        number = os.fork()
        if number == 0:
            try:
                child()
                os._exit(0)
            except BaseException as error:
                print(type(error), error, flush=True)
                os._exit(1)
        return number

    def open_files():
        links = glob.glob("/proc/self/fd/*")  # none where the system has no such folder
        files = [os.readlink(link) for link in links if os.path.lexists(link)]
        return [file for file in files if ".db" in file]

    def threads():
        return [thread.name for thread in threading.enumerate()]
"""

FOLLOW = r"""
    def child():
        assert open_files() == [], open_files()  # before it has one of its own
        assert threads() == ["MainThread"], threads()
        until("a")
        assert "corsac tenants" in threads(), threads()
        os.write(1, b"forked\n")
        until("b")
        policies.stop()

    assert policies.start()
    numbers = [fork(child), fork(child)]
    until("b")
    assert [0, 0] == [os.waitpid(number, 0)[1] for number in numbers]
    policies.stop()
"""
FORK_OFTEN = """
    def child():
        until("a")
        policies.stop()

    assert policies.start()
    print("forked", flush=True)
    reported = 0
    for _ in range(40):
        reported |= os.waitpid(fork(child), 0)[1]
    assert reported == 0
    assert policies.is_current
    store.add("acme", "https://c.example")
    until("c")
"""
NEVER_ASKED = """
    def child():
        assert threads() == ["MainThread"], threads()
        assert open_files() == [], open_files()

    assert policies.start()
    print("forked", flush=True)
    assert 0 == os.waitpid(fork(child), 0)[1]
    until("b")
"""


@pytest.mark.parametrize("steps", [FOLLOW, NEVER_ASKED], ids=["asked", "never asked"])
def test_a_child_has_what_its_parent_read_and_follows_by_itself(database, steps):
    """From its first request on; one that serves nobody opens nothing."""
    database.store.add("acme", A)
    with run(database, steps) as program:
        assert "forked\n" == program.stdout.readline()
        database.store.add("acme", B)
        output, _ = program.communicate(timeout=120)
    assert ("", 0) == (output.replace("forked\n", ""), program.returncode)


def test_a_parent_that_forks_often_follows_on(sqlite):
    """Its connection is closed before each fork, and opened again after it."""
    sqlite.store.add("acme", A)
    with run(sqlite, FORK_OFTEN) as program:
        output, _ = program.communicate(timeout=120)
    assert ("forked\n", 0) == (output, program.returncode)


def run(database, steps):
    code = PROGRAM.format(store=database.spell("template")) + steps
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


APPLICATION = """
from corsac import Policy
from corsac.adapters.wsgi import CORSMiddleware
from corsac.tenants import PostgreSQLOriginStore, SQLiteOriginStore, TenantPolicies, by_host

template = Policy(allow_origins=["https://console.example.com"], allow_methods=["PUT"])
policies = TenantPolicies({store}, by_host("{{tenant}}.example.com"))
assert policies.start()


def application(environ, start_response):
    import os
    start_response("200 OK", [("Content-Length", "0"), ("X-Worker", str(os.getpid()))])
    return []


app = CORSMiddleware(application, policies)
"""


def test_every_worker_of_a_server_that_loads_first_follows(database, tmp_path):
    """gunicorn with --preload: what is written while it serves is allowed by each worker."""
    database.store.add("acme", A)
    (tmp_path / "served.py").write_text(
        APPLICATION.format(store=database.spell("template"))
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["gunicorn", "--preload", "--workers=2", f"--bind=127.0.0.1:{port}"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command, "served:app"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: ask(port, "acme", A))
        assert (A, "PUT") == ask(port, "acme", A)[:2]
        assert (None, None) == ask(port, "acme", B)[:2]
        assert (None, None) == ask(port, "nobody", A)[:2]
        database.store.set("acme", [B])
        workers = set()
        until(
            lambda: workers.add(ask(port, "acme", B)) or len(with_origin(workers)) == 2
        )
        until(lambda: [ask(port, "acme", A)[0] for _ in range(20)] == [None] * 20)
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=60)
    assert "Traceback" not in errors


def with_origin(answers):
    return {worker for origin, _, worker in answers if origin == B}


def ask(port, tenant, origin):
    """What a preflight is told, and by which worker an actual request is answered."""
    with (
        suppress(ConnectionError),
        closing(
            http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        ) as connection,
    ):
        headers = {"Host": f"{tenant}.example.com", "Origin": origin}
        connection.request("GET", "/", headers=headers)
        answer = connection.getresponse()
        answer.read()
        worker = answer.headers["X-Worker"]
        allowed = answer.headers["Access-Control-Allow-Origin"]
        headers["Access-Control-Request-Method"] = "PUT"
        connection.request("OPTIONS", "/", headers=headers)
        answer = connection.getresponse()
        answer.read()
        return allowed, answer.headers["Access-Control-Allow-Methods"], worker
    return None
