"""Transactions that end in another order than they began in, and the record that shows them.

Here: what `corsac_changes` of PostgreSQL must get right. Not here: SQLite, where one writes at a
time.
Spec: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg
import pytest
from databases import DEADLINE, allowed, until

A, B, C = "https://a.example", "https://b.example", "https://c.example"
INSERT = "INSERT INTO corsac_origins VALUES (%s, %s)"
KILL = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'corsac' AND pid <> pg_backend_pid()"""


@pytest.fixture
def connect(postgresql):
    """Opens transactions that stay open."""
    with ExitStack() as connections:
        yield lambda: connections.enter_context(postgresql.connect())


@pytest.mark.parametrize("is_cut", [False, True], ids=["connected", "connected again"])
def test_a_transaction_that_ends_late_is_seen(postgresql, follow, connect, is_cut):
    """Though one that began after it was seen before; also where the connection broke meanwhile."""
    policies = follow(postgresql.store)
    slow, fast = connect(), connect()
    slow.execute(INSERT, ("slow", A))
    fast.execute(INSERT, ("fast", A))
    fast.commit()
    until(lambda: [A] == allowed(policies, "fast"))
    assert [] == allowed(policies, "slow")
    if is_cut:
        postgresql.execute(KILL)
        until(lambda: not policies.is_current)
        until(lambda: policies.is_current)
    slow.commit()
    until(lambda: [A] == allowed(policies, "slow"))


def test_a_transaction_that_ends_late_is_seen_without_notifications(looking, follow):
    """By its number alone."""
    policies = follow(looking.store)
    with looking.connect() as slow:
        slow.execute(INSERT, ("slow", A))
        looking.execute(
            "INSERT INTO corsac_origins VALUES ('fast', 'https://a.example')"
        )
        until(lambda: [A] == allowed(policies, "fast"))
    until(lambda: [A] == allowed(policies, "slow"))


def test_what_was_read_is_not_read_again(postgresql, follow, connect):
    """Though a transaction that began before it is still open."""
    slow = connect()
    slow.execute(INSERT, ("slow", A))
    policies = follow(postgresql.store)
    postgresql.store.add("fast", A)
    until(lambda: [A] == allowed(policies, "fast"))
    assert [] == rows_since(policies)
    slow.commit()
    until(lambda: [A] == allowed(policies, "slow"))


def rows_since(policies):
    """What a reading would give that goes on from where the last one ended."""
    with closing(policies.store._open_reader(policies._follower._stopping)) as reader:
        return [*reader.read(policies._follower._position).rows]


def test_a_transaction_that_was_open_at_the_start_is_seen(postgresql, follow, connect):
    """Its number is older than anything that was read."""
    slow = connect()
    slow.execute(INSERT, ("slow", A))
    policies = follow(postgresql.store)
    assert [] == allowed(policies, "slow")
    slow.commit()
    until(lambda: [A] == allowed(policies, "slow"))


def test_writers_of_one_tenant_do_not_wait_for_each_other(postgresql, follow, connect):
    """Whichever ends first."""
    postgresql.store.add("acme", A)
    policies = follow(postgresql.store)
    slow, fast = connect(), connect()
    slow.execute(INSERT, ("acme", B))
    fast.execute(f"SET statement_timeout = {round(DEADLINE * 1000)}")
    fast.execute(INSERT, ("acme", C))
    fast.commit()
    until(lambda: [A, C] == allowed(policies, "acme"))
    slow.commit()
    until(lambda: [A, B, C] == allowed(policies, "acme"))


def test_writers_of_several_tenants_do_not_deadlock(postgresql, follow, connect):
    """One goes from a to b, the other from b to a."""
    policies = follow(postgresql.store)
    one, other = connect(), connect()
    one.execute(INSERT, ("a", A))
    other.execute(INSERT, ("b", B))
    one.execute(INSERT, ("b", A))
    other.execute(INSERT, ("a", B))
    one.commit()
    other.commit()
    until(lambda: [A, B] == allowed(policies, "a") == allowed(policies, "b"))


def test_what_is_rolled_back_is_never_served(postgresql, follow, connect):
    """Nor does it hide what comes after it."""
    policies = follow(postgresql.store)
    lost = connect()
    lost.execute(INSERT, ("acme", A))
    lost.rollback()
    with lost.transaction(), pytest.raises(ZeroDivisionError), lost.transaction():
        lost.execute(INSERT, ("acme", B))
        raise ZeroDivisionError
    lost.execute(INSERT, ("acme", C))
    lost.commit()
    until(lambda: [C] == allowed(policies, "acme"))


def test_the_record_keeps_one_row_for_each_tenant(postgresql):
    """However often it changes; those that were written at the same time go with the next."""
    with ThreadPoolExecutor(6) as threads:
        many = [(f"t{n % 3}", f"https://a{n}.example") for n in range(60)]
        list(threads.map(lambda pair: postgresql.store.add(*pair), many))
    for tenant in ("t0", "t1", "t2"):
        postgresql.store.add(tenant, A)
    with postgresql.connect() as connection:
        rows = connection.execute(
            "SELECT tenant, count(*) FROM corsac_changes GROUP BY 1"
        )
        assert {"t0": 1, "t1": 1, "t2": 1} == dict(rows.fetchall())


def test_numbers_from_another_server_are_no_changes(postgresql, follow):
    """A dump brings them along; a tenant that has one is followed like any other."""
    postgresql.store.add("acme", A)
    postgresql.execute("UPDATE corsac_changes SET txid = txid + 1000000000")
    policies = follow(postgresql.store)
    assert [] == rows_since(policies)
    postgresql.store.add("acme", B)
    until(lambda: [A, B] == allowed(policies, "acme"))


def test_who_writes_needs_no_right_on_the_record(postgresql, follow):
    """Only on the table of origins."""
    policies = follow(postgresql.store)
    role = f"writer_{postgresql.name.lower()}"
    postgresql.execute(
        f"CREATE ROLE {role}",
        f'GRANT USAGE ON SCHEMA "{postgresql.name}" TO {role}',
        f"GRANT INSERT ON corsac_origins TO {role}",
    )
    postgresql.execute(
        f"SET ROLE {role}", f"INSERT INTO corsac_origins VALUES ('acme', '{A}')"
    )
    until(lambda: [A] == allowed(policies, "acme"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgresql.execute(f"SET ROLE {role}", "DELETE FROM corsac_changes")
