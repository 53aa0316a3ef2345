"""A server that stops, hangs, breaks, moves and comes back.

Here: PostgreSQL's failures, by each driver. Not here: SQLite's (`test_file_failures.py`), faulty
rows (`test_rows.py`).
Spec: https://www.postgresql.org/docs/current/server-shutdown.html
"""

import contextlib
import socket
import subprocess
import sys
import threading
import time

import pytest
from corsac.tenants import PostgreSQLOriginStore, _follower, _postgresql
from databases import TEMPLATE, PostgreSQLDatabase, allowed, is_told_once, until
from postgres import PostgreSQL

A, B, C = "https://a.example", "https://b.example", "https://c.example"


@pytest.fixture(scope="module")
def fragile():
    """A server that the tests of this file may stop."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture(params=["psycopg", "asyncpg"])
def database(request, fragile):
    """An empty schema of it, by each driver in turn."""
    database = PostgreSQLDatabase(fragile, driver=request.param)
    database.store.create()
    return database


@pytest.fixture
def impatient(monkeypatch):
    """Waits that are longer than a test is."""
    monkeypatch.setattr(_follower, "_HEARTBEAT", 0.3)
    monkeypatch.setattr(_postgresql, "_PATIENCE", 1.0)


@pytest.mark.parametrize("crash", [False, True], ids=["an orderly stop", "a crash"])
def test_a_server_that_stops_leaves_what_was_read_last(
    database, follow, told, fragile, crash
):
    """Policies made before and after; once it is back, whatever changed is caught up."""
    database.store.set("asked", [A])
    database.store.set("later", [A])
    policies = follow(database.store)
    before = policies.policy("asked")
    fragile.stop(crash=crash)
    until(lambda: not policies.is_current)
    until(lambda: told())
    assert before is policies.policy("asked")
    assert [A] == allowed(policies, "later")
    fragile.start()
    database.store.set("later", [B])
    database.store.add("new", C)
    until(lambda: [B] == allowed(policies, "later"))
    until(lambda: [C] == allowed(policies, "new"))
    assert before is policies.policy("asked")
    assert is_told_once(told) and policies.is_current


def test_a_server_that_hangs_is_told_and_serves_on(
    database, follow, told, fragile, impatient
):
    """Its processes stand still, as under a disk that does not answer, and then go on."""
    database.store.set("acme", [A])
    policies = follow(database.store)
    fragile.pause()
    try:
        until(lambda: not policies.is_current)
        assert [A] == allowed(policies, "acme")
    finally:
        fragile.resume()
    database.store.add("acme", B)
    until(lambda: [A, B] == allowed(policies, "acme"))
    assert is_told_once(told) and policies.is_current


def test_a_connection_that_is_cut_is_opened_again(database, follow, told):
    """And only what changed meanwhile is read."""
    database.store.set("acme", [A])
    policies = follow(database.store)
    whole_due = policies._follower._whole_due
    with database.connect() as connection:
        connection.execute(INSERT_AND_CUT)
    until(lambda: [A, B] == allowed(policies, "acme"))
    assert is_told_once(told)
    assert whole_due == policies._follower._whole_due


INSERT_AND_CUT = f"""INSERT INTO corsac_origins VALUES ('acme', '{B}');
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'corsac'"""


def test_a_table_that_is_dropped_is_told_and_followed_again(
    database, follow, told, impatient
):
    """What was read last stays until there is a table, and is then what that has."""
    database.store.set("acme", [A])
    policies = follow(database.store)
    database.execute("DROP TABLE corsac_origins")
    until(lambda: not policies.is_current)
    assert [A] == allowed(policies, "acme")
    assert "call create() of its PostgreSQLOriginStore" in told()[0]
    database.store.create()
    database.store.set("other", [B])
    until(lambda: [B] == allowed(policies, "other"))
    assert [] == allowed(policies, "acme")
    assert is_told_once(told)


def test_a_table_that_is_made_anew_at_once_is_read_as_a_whole(database, follow):
    """Nobody noted what went with the old one."""
    database.store.set("acme", [A])
    policies = follow(database.store)
    database.execute("DROP TABLE corsac_origins")
    database.store.create()
    database.store.set("other", [B])
    until(lambda: [B] == allowed(policies, "other"))
    assert [] == allowed(policies, "acme")


def test_a_table_that_is_locked_holds_nobody_up(
    database, follow, told, impatient, monkeypatch
):
    """The server itself ends a reading that waits for the lock, so that they do not pile up."""
    monkeypatch.setattr(_postgresql, "_PATIENT", "SET LOCAL statement_timeout = 200")
    monkeypatch.setattr(_follower, "_LAST_DELAY", 0.1)
    database.store.set("acme", [A])
    policies = follow(database.store)
    with database.connect() as connection:
        connection.execute("LOCK TABLE corsac_origins IN ACCESS EXCLUSIVE MODE")
        connection.execute(f"INSERT INTO corsac_origins VALUES ('acme', '{B}')")
        until(lambda: told())
        assert "statement timeout" in told()[0]
        end = time.monotonic() + 2
        while time.monotonic() < end:
            (waiting,) = connection.execute(WAITING).fetchone()
            assert waiting <= 1
            time.sleep(0.05)
        assert [A] == allowed(policies, "acme")
    until(lambda: [A, B] == allowed(policies, "acme"))
    assert is_told_once(told)


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def test_what_no_trigger_notes_is_found_in_time(database, follow, monkeypatch):
    """By reading everything now and then."""
    monkeypatch.setattr(_follower, "_HEARTBEAT", 0.1)
    monkeypatch.setattr(_follower, "_WHOLE", 0.2)
    database.store.set("acme", [A])
    policies = follow(database.store)
    before = policies.policy("acme")
    database.execute(
        "ALTER TABLE corsac_origins DISABLE TRIGGER USER",
        f"INSERT INTO corsac_origins VALUES ('other', '{B}')",
    )
    until(lambda: [B] == allowed(policies, "other"))
    assert before is policies.policy("acme")


def test_a_lost_notification_is_made_up_for(database, follow, impatient):
    """By asking now and then, though nobody called."""
    policies = follow(database.store)
    database.execute(
        "ALTER TABLE corsac_origins DISABLE TRIGGER USER",
        f"INSERT INTO corsac_origins VALUES ('acme', '{A}')",
        "INSERT INTO corsac_changes VALUES ('acme', txid_current())",
    )
    until(lambda: [A] == allowed(policies, "acme"))


@contextlib.contextmanager
def server_of(answer):
    """What takes connections, and says this to whatever it is told."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection, contextlib.suppress(OSError):
                        connection.recv(1000)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        yield f"postgresql://user:secret@127.0.0.1:{port}/database"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"N" + bytes(range(256)) * 40, b"R" * 9],
    ids=["nothing", "HTTP", "garbage", "a length that is none"],
)
def test_whoever_talks_garbage_is_told_once_and_replaced(
    database, follow, told, answer
):
    """From the start; the password is told to nobody, and the next address is taken."""
    database.store.set("acme", [A])
    dsns = [database.dsn]
    with server_of(answer) as dsn:
        store = PostgreSQLOriginStore(
            lambda: dsns[-1], TEMPLATE, driver=database.options["driver"]
        )
        dsns.append(dsn)
        policies = follow(store, timeout=0.5)
        until(lambda: told())
        assert not policies.is_current
        assert TEMPLATE is policies.policy("acme")
        dsns.pop()
        until(lambda: [A] == allowed(policies, "acme"))
    assert is_told_once(told)
    assert "secret" not in "".join(told())


def test_without_any_server_a_service_starts_and_finds_it_later(
    database, follow, told, fragile
):
    """It says so, and is told whether everything was read."""
    database.store.set("acme", [A])
    fragile.stop()
    policies = follow(database.store, timeout=0.3)
    assert TEMPLATE is policies.policy("acme")
    fragile.start()
    until(lambda: [A] == allowed(policies, "acme"))
    assert is_told_once(told)


@pytest.mark.parametrize("is_stopped", [False, True], ids=["by itself", "by stop"])
def test_a_program_ends_though_the_server_hangs(database, fragile, is_stopped):
    """In the middle of a reading, and without a word."""
    code = f"""if True:
        import os, sys
        from corsac import Policy
        from corsac.tenants import PostgreSQLOriginStore, TenantPolicies

        template = Policy(allow_origins=["https://console.example.com"])
        policies = TenantPolicies({database.spell("template")}, lambda request: None)
        assert policies.start()
        print("started", flush=True)
        sys.stdin.readline()
        if {is_stopped}:
            policies.stop()
    """
    program = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "started\n" == program.stdout.readline()
    fragile.pause()
    try:
        output, errors = program.communicate("\n", timeout=60)
    finally:
        fragile.resume()
    assert ("", "", 0) == (output, errors, program.returncode)
