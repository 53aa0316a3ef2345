"""What is written becomes the policy that is served, whoever wrote it.

Here: changes while the database is well. Not here: failures (`test_failures.py`), faulty rows
(`test_rows.py`), forks (`test_forks.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from corsac import Policy
from corsac.tenants import TenantPolicies, _follower
from databases import CONSOLE, TEMPLATE, allowed, until

A, B = "https://a.example", "https://b.example"


def row(tenant, *origins):
    """A statement that writes rows by hand."""
    values = ", ".join(f"('{tenant}', '{origin}')" for origin in origins)
    return f"INSERT INTO corsac_origins (tenant, origin) VALUES {values}"


#: Name, statements from outside one after the other, each a transaction, and what is served then.
#: The tenant `here` has A from the beginning.
BY_HAND = [
    ("a row that is inserted", [row("new", A)], {"here": [A], "new": [A]}),
    ("several rows of one statement", [row("new", A, B)], {"here": [A], "new": [A, B]}),
    ("a row that is deleted", ["DELETE FROM corsac_origins"], {"here": []}),
    (
        "a row that gets another origin",
        [f"UPDATE corsac_origins SET origin = '{B}'"],
        {"here": [B]},
    ),
    (
        "a row that goes to another tenant",
        ["UPDATE corsac_origins SET tenant = 'there'"],
        {"here": [], "there": [A]},
    ),
    (
        "a row that is there already",
        [f"{row('here', A, B)} ON CONFLICT DO NOTHING"],
        {"here": [A, B]},
    ),
    (
        "a row that is replaced on conflict",
        [f"{row('here', A)} ON CONFLICT (tenant, origin) DO UPDATE SET origin = '{B}'"],
        {"here": [B]},
    ),
    (
        "rows of a query",
        ["INSERT INTO corsac_origins SELECT 'copy', origin FROM corsac_origins"],
        {"here": [A], "copy": [A]},
    ),
    (
        "a change and its opposite",
        [row("here", B), f"DELETE FROM corsac_origins WHERE origin = '{B}'"],
        {"here": [A]},
    ),
]
IN_SQLITE = [
    (
        "a row that is replaced or ignored, as SQLite has it",
        [row("here", A, B).replace("INSERT", "INSERT OR REPLACE")]
        + [row("new", A).replace("INSERT", "INSERT OR IGNORE")],
        {"here": [A, B], "new": [A]},
    ),
]
IN_POSTGRESQL = [
    ("a table that is truncated", ["TRUNCATE corsac_origins"], {"here": []}),
    (
        "many rows of one statement",
        [
            """INSERT INTO corsac_origins
                SELECT 't' || n % 7, 'https://a' || n || '.example'
                FROM generate_series(1, 700) AS n"""
        ],
        {"here": [A]},
    ),
    (
        "a statement that deletes and inserts",
        [f"WITH gone AS (DELETE FROM corsac_origins RETURNING origin) {row('new', B)}"],
        {"here": [], "new": [B]},
    ),
]


def rows_of(table):
    return pytest.mark.parametrize(
        "statements, expected",
        [row[1:] for row in table],
        ids=[row[0] for row in table],
    )


@rows_of(BY_HAND)
def test_what_is_written_by_hand_is_served(database, follow, statements, expected):
    """Without anything of corsac in the program that writes."""
    database.store.add("here", A)
    policies = follow(database.store)
    assert [A] == allowed(policies, "here")
    for statement in statements:
        database.execute(statement)
    until(lambda: expected == {name: allowed(policies, name) for name in expected})
    until(lambda: len(database.store.tenants()) == policies.tenant_count)


@rows_of(BY_HAND[:2])
def test_without_notifications_it_is_served_too(looking, follow, statements, expected):
    """Where a pool of connections or a standby does not let anybody listen."""
    test_what_is_written_by_hand_is_served(looking, follow, statements, expected)


def test_a_notification_is_enough(postgresql, follow, monkeypatch):
    """Where nobody would look by himself."""
    monkeypatch.setattr(_follower, "_HEARTBEAT", 1000.0)
    policies = follow(postgresql.store)
    for origin in (A, B):
        postgresql.store.set("acme", [origin])
        until(lambda origin=origin: [origin] == allowed(policies, "acme"))


@rows_of(IN_SQLITE)
def test_what_sqlite_has_of_its_own_is_served(sqlite, follow, statements, expected):
    """The same, in SQL that other databases do not have."""
    test_what_is_written_by_hand_is_served(sqlite, follow, statements, expected)


@rows_of(IN_POSTGRESQL)
def test_what_postgresql_has_of_its_own_is_served(
    postgresql, follow, statements, expected
):
    """The same, in SQL that other databases do not have."""
    test_what_is_written_by_hand_is_served(postgresql, follow, statements, expected)


def test_what_a_store_writes_is_served(database, follow):
    """Every method that writes."""
    policies = follow(database.store)
    database.store.add("acme", A)
    until(lambda: [A] == allowed(policies, "acme"))
    database.store.set("acme", [B, A])
    until(lambda: [A, B] == allowed(policies, "acme"))
    database.store.remove("acme", A)
    until(lambda: [B] == allowed(policies, "acme"))
    database.store.remove_tenant("acme")
    until(lambda: [] == allowed(policies, "acme"))
    assert 0 == policies.tenant_count


def test_everything_that_was_there_is_served_from_the_start(database, follow):
    """More tenants than are read at a time."""
    values = ", ".join(
        f"('tenant-{number}', 'https://app{index}.tenant-{number}.example')"
        for number in range(3000)
        for index in range(3)
    )
    database.execute(f"INSERT INTO corsac_origins VALUES {values}")
    policies = follow(database.store)
    assert 3000 == policies.tenant_count
    for number in (0, 1, 1500, 2999):
        expected = [f"https://app{index}.tenant-{number}.example" for index in range(3)]
        assert expected == allowed(policies, f"tenant-{number}")


def test_a_policy_is_the_template_with_more_origins(database, follow):
    """Its other options are those of every tenant, and the object stays the same."""
    database.store.add("acme", A)
    policies = follow(database.store)
    assert TEMPLATE.replace(allow_origins=[CONSOLE, A]) == policies.policy("acme")
    assert policies.policy("acme") is policies.policy("acme")


def test_one_change_leaves_every_other_policy_as_it_is(database, follow):
    """The very objects, not only equal ones."""
    for tenant in "abc":
        database.store.add(tenant, A)
    policies = follow(database.store)
    before = {tenant: policies.policy(tenant) for tenant in "abc"}
    database.store.add("b", B)
    until(lambda: [A, B] == allowed(policies, "b"))
    assert before["a"] is policies.policy("a")
    assert before["c"] is policies.policy("c")


@pytest.mark.parametrize(
    "otherwise",
    [..., None, Policy(allow_origins=["https://other.example"])],
    ids=["the template", "None", "a policy"],
)
def test_whoever_is_no_tenant_gets_what_was_said(database, follow, otherwise):
    """Unknown ones, those whose last origin was removed, and requests of nobody."""
    database.store.add("acme", A)
    policies = follow(database.store, otherwise=otherwise)
    database.store.remove("acme", A)
    until(lambda: policies.tenant_count == 0)
    expected = TEMPLATE if otherwise is ... else otherwise
    for tenant in ("acme", "nobody", "", "x" * 10_000, None):
        assert expected is policies.policy(tenant)


def test_unknown_tenants_leave_nothing_behind(database, follow):
    """However many a client makes up."""
    policies = follow(database.store)
    for number in range(1000):
        assert TEMPLATE is policies.policy(f"made-up-{number}")
    assert {} == policies._tenants.entries


def test_another_process_writes(database, follow):
    """With a store of its own."""
    policies = follow(database.store)
    code = f"""if True:
        from corsac import Policy
        from corsac.tenants import PostgreSQLOriginStore, SQLiteOriginStore

        template = Policy(allow_origins=["https://console.example.com"])
        store = {database.spell("template")}
        for number in range(50):
            store.add("acme", f"https://a{{number}}.example")
    """
    subprocess.run([sys.executable, "-c", code], check=True)
    until(lambda: 50 == len(allowed(policies, "acme")))


def test_many_writers_end_in_what_the_database_has(database, follow):
    """Whatever order they and the thread that follows came in."""
    policies = follow(database.store)

    def write(number):
        for index in range(12):
            tenant = f"tenant-{(number + index) % 3}"
            database.store.add(tenant, f"https://a{index}.of{number}.example")
            if index % 3 == 0:
                database.store.remove(tenant, f"https://a{index}.of{number}.example")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(6)))
    tenants = database.store.tenants()
    expected = {tenant: [*database.store.origins(tenant)] for tenant in tenants}
    until(lambda: expected == {tenant: allowed(policies, tenant) for tenant in tenants})


def test_a_request_meets_the_old_origins_or_the_new_ones(database, follow):
    """Threads that ask all the time see one whole list after the other, and never part of one."""
    lists = [[f"https://a{n}.example", f"https://b{n}.example"] for n in range(10)]
    database.store.set("acme", lists[0])
    policies = follow(database.store)
    seen, ended = set(), threading.Event()

    def ask():
        while not ended.is_set():
            seen.add(tuple(allowed(policies, "acme")))
            time.sleep(0)

    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask) for _ in range(4)]
        for origins in lists[1:]:
            database.store.set("acme", origins)
        until(lambda: lists[-1] == allowed(policies, "acme"))
        ended.set()
        [thread.result() for thread in asking]
    assert seen <= set(map(tuple, lists))


def test_after_a_stop_the_policies_stay_and_a_start_catches_up(database, follow):
    """Nothing is followed in between."""
    database.store.add("acme", A)
    policies = follow(database.store)
    assert policies.is_current
    policies.stop()
    policies.stop()
    assert not policies.is_current
    database.store.set("acme", [B])
    assert [A] == allowed(policies, "acme")
    assert policies.start(30) and policies.start(30)
    assert [B] == allowed(policies, "acme")
    assert policies.is_current


def test_it_is_a_context_manager(database):
    """Which follows inside."""
    database.store.add("acme", A)
    with TenantPolicies(database.store, lambda request: None) as policies:
        until(lambda: [A] == allowed(policies, "acme"))
    assert not policies.is_current


def test_what_nobody_has_any_more_is_followed_no_longer(database):
    """Its thread ends by itself."""
    policies = TenantPolicies(database.store, lambda request: None)
    assert policies.start(30)
    thread = policies._follower._thread
    del policies
    until(lambda: not thread.is_alive())


def test_what_is_no_store_or_callable_is_refused(database):
    """With what to write."""
    with pytest.raises(TypeError, match="SQLiteOriginStore"):
        TenantPolicies(TEMPLATE, lambda request: None)
    with pytest.raises(TypeError, match="by_host"):
        TenantPolicies(database.store, "{tenant}.example.com")
