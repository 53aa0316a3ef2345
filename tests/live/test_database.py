"""A database that stops, hangs, and holds garbage, behind a service that never does.

Here: PostgreSQL through the drivers that people use, under a real server with real clients.
Not here: the rows themselves (`test_rows.py`), single loads (`test_reload.py`).
Spec: https://www.postgresql.org/docs/current/server-shutdown.html
"""

from __future__ import annotations

import asyncio
import inspect
import re
from contextlib import contextmanager

import asyncpg
import psycopg
import pytest
from corsac import Policy, PolicyHandle
from corsac.live import from_query, from_rows
from hearing import DEADLINE, wait_until
from service import Service

FIRST, SECOND = "https://first.example", "https://second.example"
TEMPLATE = Policy(allow_origins=[FIRST], allow_credentials=True, max_age=60)
SQL = "select origin from origins order by origin"


def by_psycopg(dsn):
    return from_query(lambda: psycopg.connect(dsn), SQL, TEMPLATE)


def by_async_psycopg(dsn):
    async def load():
        # Not `async with`: cancelled while that commits, it leaves the connection open.
        connection = await psycopg.AsyncConnection.connect(dsn)
        try:
            cursor = await connection.execute(SQL)
            return from_rows(TEMPLATE, await cursor.fetchall())
        finally:
            await connection.close()

    return load


def by_asyncpg(dsn):
    async def load():
        connection = await asyncpg.connect(dsn)
        try:
            return from_rows(TEMPLATE, await connection.fetch(SQL))
        finally:
            await connection.close()

    return load


def insert(*values):
    rows = ", ".join(f"({value})" for value in values)
    return lambda database: database.execute(f"insert into origins values {rows}")


def execute(sql):
    return lambda database: database.execute(sql)


#: What breaks the source, what heals it, and what is told of it.
CASES = {
    "stopped": (
        lambda database: database.stop(),
        lambda database: database.start(),
        "refused|[Cc]onnect|shut",
    ),
    "crashed": (
        lambda database: database.stop(crash=True),
        lambda database: database.start(),
        "refused|[Cc]onnect|crash",
    ),
    "without its table": (
        execute("alter table origins rename to away"),
        execute("alter table away rename to origins"),
        'relation "origins" does not exist',
    ),
    "garbage": (
        insert("'htps:/garbage'"),
        execute("delete from origins where origin like '%garbage'"),
        "row 1 of the query: ",
    ),
    "garbage in every row": (
        execute("update origins set origin = reverse(origin)"),
        execute("update origins set origin = reverse(origin)"),
        "row 1 of the query: ",
    ),
    "NULL": (
        insert("null"),
        execute("delete from origins where origin is null"),
        "row 2 of the query is NULL",
    ),
    "a site that may not have credentials": (
        insert("'http://insecure.example'"),
        execute("delete from origins where origin like 'http:%'"),
        "prohibited-insecure-origin-with-credentials",
    ),
    "empty": (
        execute("delete from origins"),
        insert(f"'{FIRST}'"),
        "with an empty table nobody would be allowed",
    ),
    "another type": (
        execute("alter table origins alter column origin type bytea using 'x'::bytea"),
        execute(f"alter table origins alter column origin type text using '{FIRST}'"),
        "row 1 of the query: write a str",
    ),
}


@pytest.fixture(params=[by_psycopg, by_async_psycopg, by_asyncpg])
def load(request, database):
    database.execute("drop table if exists origins")
    database.execute("create table origins (origin text)")
    insert(f"'{FIRST}'")(database)
    return request.param(database.dsn)


@contextmanager
def serving(load, patience=DEADLINE):
    """A service whose clients ask from the first of the two origins and from the second."""
    loaded = load()
    policy = asyncio.run(loaded) if inspect.isawaitable(loaded) else loaded
    service = Service(PolicyHandle(policy), load, every=0.1, patience=patience)
    service.start(FIRST, SECOND)
    try:
        wait_until(lambda: service.reloader.last_success)
        service.wait_for_answers(FIRST, FIRST, 10)
        yield service
    finally:
        service.stop()
    assert [] == service.errors
    # The first origin is allowed all the time, the second from some time on.
    answers = {(FIRST, FIRST), (SECOND, None), (SECOND, SECOND)}
    assert answers == set(service.answers)


@pytest.mark.parametrize("name", CASES)
def test_the_last_good_policy_serves_until_the_database_is_well(
    name, database, load, log
):
    """It comes back by itself; each failure is told once, and so is its end."""
    break_it, heal_it, told = CASES[name]
    with serving(load) as service:
        break_it(database)
        wait_until(lambda: log.texts("ERROR"))
        for _ in range(5):
            last = service.reloader.last_failure
            wait_until(lambda last=last: service.reloader.last_failure is not last)
        service.wait_for_answers(FIRST, FIRST, 50)
        heal_it(database)
        insert(f"'{SECOND}'")(database)
        service.wait_for_answers(SECOND, SECOND, 10)
    errors, told_at_info = log.texts("ERROR"), log.texts("INFO")
    assert 1 <= len(errors) == len(set(errors)) <= 4
    assert any(re.search(told, text) for text in errors), errors
    assert 1 == sum("gives a policy again" in text for text in told_at_info)
    changed = f"changes the policy: allow_origins: +{SECOND}"
    assert 1 == sum(text.endswith(changed) for text in told_at_info)
    assert [] == log.texts("WARNING")


def test_a_database_that_hangs_is_told_once(database, load, log):
    """Its load waits, the service does not, and goes on when the database does."""
    with serving(load, patience=1.0) as service:
        database.pause()
        try:
            wait_until(lambda: len(slow(log)) > len(fast(log)))
            service.wait_for_answers(FIRST, FIRST, 200)
            assert 1 == len(slow(log)) - len(fast(log))
        finally:
            database.resume()
        wait_until(lambda: len(slow(log)) == len(fast(log)))
        insert(f"'{SECOND}'")(database)
        service.wait_for_answers(SECOND, SECOND, 10)
    assert slow(log)[-1].endswith("; the policy of the start stays")
    assert [] == log.texts("ERROR")


def slow(log):
    return [text for text in log.texts("WARNING") if "has been loading for " in text]


def fast(log):
    return [text for text in log.texts("INFO") if "loads fast again" in text]


@pytest.mark.parametrize("crash", [False, True])
def test_a_database_that_restarts_is_found_again(crash, database, load, log):
    """Several times over; what is told of each is told once."""
    with serving(load) as service:
        for _ in range(3):
            database.restart(crash=crash)
            last = service.reloader.last_success
            wait_until(lambda last=last: service.reloader.last_success is not last)
        insert(f"'{SECOND}'")(database)
        service.wait_for_answers(SECOND, SECOND, 10)
    again = sum("gives a policy again" in text for text in log.texts("INFO"))
    assert again <= 3
    assert len(log.texts("ERROR")) <= 4 * again
