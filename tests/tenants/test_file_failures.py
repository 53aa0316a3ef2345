"""A file that is deleted, replaced, locked, damaged and put back.

Here: SQLite's failures. Not here: PostgreSQL's (`test_failures.py`), faulty rows (`test_rows.py`).
Spec: https://www.sqlite.org/howtocorrupt.html
"""

import logging
import shutil
import sqlite3
from contextlib import closing

import pytest
from corsac.tenants import SQLiteOriginStore, _follower, _sqlite_reader
from databases import TEMPLATE, allowed, is_told_once, until

A, B, C = "https://a.example", "https://b.example", "https://c.example"


@pytest.fixture
def followed(sqlite, follow):
    """A tenant that was asked for, one that was not, and both of them followed."""
    sqlite.store.set("asked", [A])
    sqlite.store.set("later", [A])
    policies = follow(sqlite.store)
    assert [A] == allowed(policies, "asked")
    return policies


def remove(path):
    """The file, with what SQLite keeps beside it."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()


def test_a_deleted_file_leaves_what_was_read_last(sqlite, followed, told):
    """It is not made anew by looking for it; the one that is made later is followed."""
    remove(sqlite.path)
    until(lambda: not followed.is_current)
    assert [A] == allowed(followed, "asked") == allowed(followed, "later")
    assert "origins.db" in told()[0]
    assert not sqlite.path.exists()
    sqlite.store.create()
    sqlite.store.set("later", [B])
    until(lambda: [B] == allowed(followed, "later"))
    until(lambda: [] == allowed(followed, "asked"))
    assert is_told_once(told)


def test_a_file_that_takes_its_place_is_followed(sqlite, followed, told, tmp_path):
    """Also where it has the same numbers of changes."""
    other = SQLiteOriginStore(tmp_path / "other.db", TEMPLATE)
    other.create()
    other.set("asked", [B])
    other.set("new", [C])
    with closing(sqlite3.connect(other.path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    remove(sqlite.path)
    other.path.rename(sqlite.path)
    until(lambda: [B] == allowed(followed, "asked"))
    until(lambda: [C] == allowed(followed, "new"))
    assert [] == allowed(followed, "later")


def test_a_backup_that_is_put_back_is_followed(sqlite, followed, told, tmp_path):
    """Into the same file, by SQLite itself."""
    with (
        closing(sqlite.connect()) as live,
        closing(sqlite3.connect(tmp_path / "backup.db")) as backup,
    ):
        live.backup(backup)
        sqlite.store.set("asked", [B])
        sqlite.store.set("new", [C])
        until(lambda: [C] == allowed(followed, "new"))
        backup.backup(live)
    until(lambda: [A] == allowed(followed, "asked"))
    assert [] == allowed(followed, "new")
    assert [] == told()


def test_a_backup_that_is_copied_back_is_followed(sqlite, followed, told):
    """While nobody had the file open; the numbers of its changes are smaller then."""
    backup = sqlite.path.with_name("backup.db")
    with closing(sqlite.connect()) as live:
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(sqlite.path, backup)
    sqlite.store.set("asked", [B])
    sqlite.store.set("new", [C])
    until(lambda: [C] == allowed(followed, "new"))
    followed.stop()
    shutil.copyfile(backup, sqlite.path)
    assert followed.start(30)
    assert [A] == allowed(followed, "asked")
    assert [] == allowed(followed, "new")


def test_a_file_of_garbage_is_told_once(sqlite, followed, told):
    """And the one that replaces it is followed."""
    garbage = sqlite.path.with_name("garbage")
    garbage.write_bytes(b"garbage " * 1000)
    shutil.copy(sqlite.path, kept := sqlite.path.with_name("kept"))
    remove(sqlite.path)
    garbage.rename(sqlite.path)
    until(lambda: not followed.is_current)
    assert [A] == allowed(followed, "asked") == allowed(followed, "later")
    kept.rename(sqlite.path)
    until(lambda: followed.is_current)
    assert is_told_once(told) and "not a database" in told()[0]


def test_a_locked_file_is_told_and_followed_later(sqlite, followed, told, monkeypatch):
    """Nobody reads while somebody has it for himself."""
    monkeypatch.setattr(_sqlite_reader, "_PATIENCE", 0.1)
    before = followed.policy("asked")
    followed.stop()
    with closing(sqlite.connect()) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute(f"INSERT INTO corsac_origins VALUES ('new', '{B}')")
        connection.commit()
        assert not followed.start(0.5)
        until(lambda: told())
        assert before is followed.policy("asked")
        assert [A] == allowed(followed, "later")
    until(lambda: [B] == allowed(followed, "new"))
    assert before is followed.policy("asked")
    assert is_told_once(told) and "locked" in told()[0]


def test_a_writer_that_takes_long_holds_nobody_up(sqlite, followed, told):
    """Those who read see what was there before it."""
    with closing(sqlite.connect()) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute(f"INSERT INTO corsac_origins VALUES ('new', '{B}')")
        followed.stop()
        assert followed.start(30)
        assert [A] == allowed(followed, "later")
        assert [] == allowed(followed, "new")
        connection.commit()
    until(lambda: [B] == allowed(followed, "new"))
    assert [] == told()


@pytest.mark.parametrize(
    "tables",
    [["corsac_origins"], ["corsac_changes"], ["corsac_origins", "corsac_changes"]],
)
def test_a_dropped_table_is_told_and_followed_again(sqlite, followed, told, tables):
    """Whichever it was, and once it is back, what it has is served, and what it lost is not."""
    sqlite.execute(*(f"DROP TABLE {table}" for table in tables))
    until(lambda: not followed.is_current)
    assert [A] == allowed(followed, "asked") == allowed(followed, "later")
    assert "call create() of its SQLiteOriginStore" in told()[0]
    sqlite.store.create()
    sqlite.store.set("later", [B])
    until(lambda: [B] == allowed(followed, "later"))
    expected = [] if "corsac_origins" in tables else [A]
    assert expected == allowed(followed, "asked")
    assert is_told_once(told)


def test_a_table_that_is_made_anew_at_once_is_read_as_a_whole(sqlite, followed):
    """Nobody noted what went with the old one."""
    sqlite.execute("DROP TABLE corsac_origins")
    sqlite.store.create()
    until(lambda: 0 == followed.tenant_count)


@pytest.fixture
def often(monkeypatch):
    """Everything is read several times a second."""
    monkeypatch.setattr(_follower, "_HEARTBEAT", 0.1)
    monkeypatch.setattr(_follower, "_WHOLE", 0.2)


def test_what_no_trigger_notes_is_found_in_time(often, sqlite, followed):
    """By reading everything now and then."""
    before = followed.policy("asked")
    with closing(sqlite.connect()) as connection:
        sql = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'corsac_origins_delete'"
        ).fetchone()[0]
    sqlite.execute("DROP TRIGGER corsac_origins_delete")
    until(lambda: followed.is_current)
    sqlite.execute("DELETE FROM corsac_origins WHERE tenant = 'later'")
    sqlite.execute(sql)
    until(lambda: [] == allowed(followed, "later"))
    assert before is followed.policy("asked")


def test_without_any_file_a_service_starts_and_finds_it_later(tmp_path, follow, told):
    """It says so, and is told whether everything was read."""
    store = SQLiteOriginStore(tmp_path / "origins.db", TEMPLATE)
    policies = follow(store, timeout=0.3)
    assert TEMPLATE is policies.policy("acme")
    store.create()
    store.add("acme", A)
    until(lambda: [A] == allowed(policies, "acme"))
    assert is_told_once(told)


def test_a_logger_that_raises_ends_no_thread(sqlite, followed, capsys):
    """It is printed in place of what it should have told."""

    def fail(record):
        raise ZeroDivisionError

    log = logging.getLogger("corsac.tenants")
    log.addFilter(fail)
    try:
        remove(sqlite.path)
        until(lambda: "ZeroDivisionError" in capsys.readouterr().err)
        sqlite.store.create()
    finally:
        log.removeFilter(fail)
    sqlite.store.set("later", [B])
    until(lambda: [B] == allowed(followed, "later"))
