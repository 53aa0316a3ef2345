"""Times the policies of 50,000 tenants with five origins each, in SQLite and in PostgreSQL.

Here: a decision, the tenant's policy looked up; one change, from the statement that writes it until
it is served; what the whole takes to load, in time and memory. Each answer is asserted first.
Not here: the middlewares themselves (`test_adapters.py`), what a tenant may (`tests/tenants`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import asyncio
import gc
import sqlite3
import statistics
import sys
import threading
import time
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from timeit import Timer

import pytest
from corsac import Policy, Request
from corsac.adapters import asgi
from corsac.tenants import (
    PostgreSQLOriginStore,
    SQLiteOriginStore,
    TenantPolicies,
    by_host,
)
from differences import Difference
from paired import Pair, time_pairs
from peers.doors import send, small_asgi
from pure_python import PurePythonPolicy
from shared import CORSAC, NO_ORIGIN, OPTIONS, TWIN, decide_alike
from test_adapters import asgi_answer, drive, scope_of

TENANTS, ORIGINS = 50_000, 5
#: What must hold, in seconds.
DECIDED_AT_MOST = 1e-6
APPLIED_AT_MOST = 10e-3
VISIBLE_AT_MOST = 1.0

TEMPLATE = Policy(**OPTIONS)
TENANT = "tenant-7"
ORIGIN = "https://app3.tenant-7.example"
CHANGES = [f"https://changed-{n}.example" for n in range(2)]
HOST = (b"host", f"{TENANT}.api.example.com".encode())
LINES = [HOST, *NO_ORIGIN[1:], (b"origin", ORIGIN.encode())]


def rows(count):
    for tenant in range(count):
        for app in range(ORIGINS):
            yield f"tenant-{tenant}", f"https://app{app}.tenant-{tenant}.example"


@contextmanager
def filled_sqlite(directory, count):
    """A store, and what runs one statement from outside."""
    store = SQLiteOriginStore(directory / "origins.db", TEMPLATE)
    store.create()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        sql = "INSERT INTO corsac_origins VALUES (?, ?)"
        connection.executemany(sql, rows(count))
        connection.execute("COMMIT")
        yield store, connection.execute


@contextmanager
def filled_postgresql(directory, count):
    """The same, in a server of its own."""
    postgres = pytest.importorskip("postgres", reason="it starts the server, in tests/")
    psycopg = pytest.importorskip("psycopg")
    with postgres.PostgreSQL() as server:
        store = PostgreSQLOriginStore(server.dsn, TEMPLATE)
        store.create()
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            with connection.cursor().copy("COPY corsac_origins FROM STDIN") as copy:
                for row in rows(count):
                    copy.write_row(row)
            connection.execute("ANALYZE corsac_origins")
            yield store, connection.execute


class Filled:
    """A store full of tenants, with their policies, followed by nobody but who times them."""

    def __init__(self, store, execute, count):
        self.store, self.execute, self.count = store, execute, count
        self.policies = TenantPolicies(store, by_host("{tenant}.api.example.com"))
        self.follower = self.policies._follower
        self.stopping = threading.Event()
        self.reader = store._open_reader(self.stopping)
        gc.collect()
        before, began = resident(), time.perf_counter()
        self.apply()
        self.seconds = time.perf_counter() - began
        gc.collect()
        self.bytes = (resident() - before) / count
        assert count == self.policies.tenant_count

    def apply(self):
        """What the thread does when it is told of a change."""
        self.follower._read(self.reader, self.stopping)


@pytest.fixture(
    scope="module",
    params=[filled_sqlite, filled_postgresql],
    ids=["sqlite", "postgresql"],
)
def filled(request, tmp_path_factory):
    """Fewer tenants where nothing is timed."""
    count = 500 if request.config.option.benchmark_disable else TENANTS
    directory = tmp_path_factory.mktemp("tenants")
    with request.param(directory, count) as (store, execute):
        filled = Filled(store, execute, count)
        yield filled
        filled.reader.close()


def resident():
    """The memory of this process in bytes, 0 where the system has no such file."""
    path = Path("/proc/self/statm")
    return int(path.read_text().split()[1]) * 4096 if path.exists() else 0


def test_decide(measure, filled):
    """A tenant's policy, and its decision."""
    policies = filled.policies
    twins = {TENANT: PurePythonPolicy(**twin_options(policies.policy(TENANT)))}
    decide_alike(
        {CORSAC: policies.policy(TENANT), TWIN: twins[TENANT]},
        "GET",
        LINES,
        "actual_allowed",
    )
    calls = {
        CORSAC: lambda: policies.policy(TENANT).decide("GET", LINES),
        TWIN: lambda: twins[TENANT].decide("GET", LINES),
    }
    measure(f"tenants/decide, {name_of(filled)}", calls, at_most=DECIDED_AT_MOST)


def test_change(measure, filled):
    """One row that another program writes, until the tenant's policy decides by it.

    The twin asks the same database for that tenant, and makes its policy.
    """
    policies, twins = filled.policies, {}
    changes = cycle(CHANGES)

    def write():
        origin = next(changes)
        filled.execute(
            f"UPDATE corsac_origins SET origin = '{origin}' "
            "WHERE tenant = 'tenant-9' AND origin NOT LIKE '%tenant-9%'"
        )
        return [("origin", origin)]

    def change():
        lines = write()
        filled.apply()
        return policies.policy("tenant-9").decide("GET", lines).outcome

    def change_twin():
        lines = write()
        own = filled.store.origins("tenant-9")
        origins = [*TEMPLATE.allow_origins, *own]
        twins["tenant-9"] = PurePythonPolicy(**{**OPTIONS, "allow_origins": origins})
        return twins["tenant-9"].decide("GET", lines).outcome

    of_tenant = [origin for name, origin in rows(10) if name == "tenant-9"]
    filled.store.set("tenant-9", [*of_tenant, CHANGES[1]])
    filled.apply()
    neighbour = policies.policy("tenant-10")
    assert "actual_allowed" == change() == change_twin() == change()
    assert neighbour is policies.policy("tenant-10")
    calls = {CORSAC: change, TWIN: change_twin}
    measure(f"tenants/one change, {name_of(filled)}", calls, at_most=APPLIED_AT_MOST)


def test_asgi(filled, keep_difference, pytestconfig):
    """A request whose tenant is told by its host, beside a plain policy with the same origins."""
    scope = scope_of("GET", LINES)
    policy = filled.policies.policy(TENANT)
    assert policy is filled.policies(Request.of_scope(scope))
    apps = [asgi.CORSMiddleware(small_asgi, s) for s in (policy, filled.policies)]
    assert asgi_answer(apps[0], scope) == asgi_answer(apps[1], scope)
    pair = Pair(*(timer_of(app, scope) for app in apps))
    if not pytestconfig.option.benchmark_disable:
        asyncio.run(time_pairs([pair]))
    case = f"asgi/actual, one of {filled.count:,} tenants, {name_of(filled)}"
    keep_difference(Difference(case, pair, None))


def test_whole(filled, capsys):
    """Everything from the start, and the time until a running thread serves a change."""
    policies = TenantPolicies(filled.store, lambda request: None)
    waits = []
    with policies:
        for number in range(7):
            time.sleep(0.1 + number / 70)  # at any moment between two looks
            origin = f"https://new-{number}.example"
            filled.store.add("tenant-11", origin)
            began = time.perf_counter()
            while origin not in policies.policy("tenant-11").allow_origins:
                time.sleep(0.0002)
            waits.append(time.perf_counter() - began)
    assert max(waits) < VISIBLE_AT_MOST
    gc.collect()
    before = resident()
    made = [
        filled.policies.policy(f"tenant-{number}") for number in range(filled.count)
    ]
    of_policy = (resident() - before) / filled.count
    assert TEMPLATE not in made[:: filled.count // 10]
    with capsys.disabled():
        print(
            f"\n{filled.count:,} tenants, {name_of(filled)}: read in {filled.seconds:.2f} s, "
            f"{filled.bytes:.0f} bytes each, and {of_policy:.0f} more with its policy; "
            f"a change is visible after {statistics.median(waits) * 1e3:.0f} ms, "
            f"at most {max(waits) * 1e3:.0f}",
            file=sys.stderr,
        )


def timer_of(app, scope):
    """What gives the seconds of so many requests, driven by hand, without an event loop."""
    timer = Timer(lambda: drive(app, scope, send))

    async def time(size):
        return timer.timeit(size)

    return time


def twin_options(policy):
    return {**OPTIONS, "allow_origins": policy.allow_origins}


def name_of(filled):
    return type(filled.store).__name__.removesuffix("OriginStore")
