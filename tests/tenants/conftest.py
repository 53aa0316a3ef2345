"""Lets the tests of this folder import what they share, and gives each a database of its own.

Here: two places to import from, the servers, and the fixtures `database` and `follow`.
Not here: what a database of a test can do (`databases.py`).
"""

import logging
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

sys.path += [place for place in (str(HERE), str(HERE.parent)) if place not in sys.path]

from corsac.tenants import TenantPolicies
from databases import PostgreSQLDatabase, SQLiteDatabase
from postgres import PostgreSQL

DRIVERS = ["psycopg", "asyncpg"]


@pytest.fixture(scope="session")
def server():
    """One server of PostgreSQL, for tests that leave it running."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture
def sqlite(tmp_path):
    """An empty file with the tables of a store."""
    database = SQLiteDatabase(tmp_path / "origins.db")
    database.store.create()
    return database


@pytest.fixture(params=DRIVERS)
def postgresql(request, server):
    """An empty schema of PostgreSQL with the tables of a store, by each driver in turn."""
    database = PostgreSQLDatabase(server, driver=request.param)
    database.store.create()
    return database


@pytest.fixture
def looking(server):
    """The same, where nobody is notified."""
    database = PostgreSQLDatabase(server, driver="psycopg", listen=False)
    database.store.create()
    return database


@pytest.fixture(params=["sqlite", *DRIVERS])
def database(request, tmp_path):
    """An empty database with the tables of a store, of each kind in turn."""
    if request.param == "sqlite":
        database = SQLiteDatabase(tmp_path / "origins.db")
    else:
        server = request.getfixturevalue("server")
        database = PostgreSQLDatabase(server, driver=request.param)
    database.store.create()
    return database


@pytest.fixture
def told(caplog):
    """What the log of tenants says."""
    caplog.set_level(logging.INFO, "corsac.tenants")
    return lambda: [record.getMessage() for record in caplog.records]


@pytest.fixture
def follow():
    """Starts to follow a store, and stops at the end of the test."""
    followed = []

    def follow(store, timeout=30.0, **options):
        policies = TenantPolicies(store, lambda request: request.host, **options)
        followed.append(policies)
        assert policies.start(timeout) is (timeout == 30.0)
        return policies

    yield follow
    for policies in followed:
        policies.stop()
