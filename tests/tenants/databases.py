"""The databases of these tests, each with the same few things that happen to it.

Here: `SQLiteDatabase` and `PostgreSQLDatabase`, and waiting for what a thread does.
Not here: the server of PostgreSQL (`../postgres.py`), tests.
"""

import itertools
import sqlite3
import time
from contextlib import closing
from urllib.parse import urlencode

import psycopg
from corsac import Policy
from corsac.tenants import PostgreSQLOriginStore, SQLiteOriginStore

CONSOLE = "https://console.example.com"
TEMPLATE = Policy(
    allow_origins=[CONSOLE],
    allow_methods=["PUT"],
    allow_headers=["Content-Type"],
    allow_credentials=True,
)
#: Seconds; only so that what never happens ends the test.
DEADLINE = 60.0


def until(condition):
    """Wait until something holds, which is not judged by its time."""
    end = time.monotonic() + DEADLINE
    while not (held := condition()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)
    return held


def allowed(policies, tenant):
    """The origins of a tenant as they are served, without those of all tenants."""
    policy = policies.policy(tenant)
    return [origin for origin in policy.allow_origins if origin != CONSOLE]


def is_told_once(told):
    """Whether the log has one line of a failure, and one of its end."""
    until(lambda: len(told()) > 1)
    failure, end = told()
    return "those that were read last stay: " in failure and " again, after " in end


class SQLiteDatabase:
    """A file; `execute` runs statements from outside, in one transaction."""

    def __init__(self, path):
        self.path = path
        self.store = self.open(TEMPLATE)

    def open(self, template):
        return SQLiteOriginStore(self.path, template)

    def spell(self, template):
        """The call that opens the store in another program."""
        return f"SQLiteOriginStore({str(self.path)!r}, {template})"

    def execute(self, *statements):
        with closing(self.connect()) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def connect(self):
        return sqlite3.connect(self.path, timeout=DEADLINE)


class PostgreSQLDatabase:
    """A schema of a server that runs, since a whole database takes long to make."""

    _numbers = itertools.count()

    def __init__(self, server, **options):
        self.server = server
        self.options = options
        self.name = f"Test{next(self._numbers)}"
        with psycopg.connect(server.dsn) as connection:
            connection.execute(f'CREATE SCHEMA "{self.name}"')
        # Capitals, so that the name is one that needs its quotes everywhere.
        path = urlencode({"options": f'-csearch_path="{self.name}"'})
        self.dsn = f"{server.dsn}?{path}"
        self.store = self.open(TEMPLATE)

    def open(self, template):
        return PostgreSQLOriginStore(self.dsn, template, **self.options)

    def spell(self, template):
        """The call that opens the store in another program."""
        return f"PostgreSQLOriginStore({self.dsn!r}, {template}, **{self.options!r})"

    def execute(self, *statements):
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def connect(self):
        return psycopg.connect(self.dsn)
