"""Policies whose origins are rows, and queries over SQLite.

Here: what rows are, what is no origin, and the connection of a query. Not here: a server that stops
(`test_database.py`).
Spec: https://peps.python.org/pep-0249/
"""

from __future__ import annotations

import sqlite3
import threading
from collections import namedtuple
from contextlib import closing

import pytest
from corsac import Policy, PolicyError
from corsac.live import from_query, from_rows, reload
from hearing import NEVER, OLD, make_handle

A, B = "https://a.example", "https://*.b.example:*"
TEMPLATE = Policy(allow_origins=["https://template.example"], max_age=5)
Row = namedtuple("Row", "origin")


def sqlite_rows(sql):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(sql).fetchall()


ROWS = {
    "texts": [A, B],
    "tuples": [(A,), (B,)],
    "lists": [[A], [B]],
    "named tuples": [Row(A), Row(B)],
    "mappings": [{"origin": A}, {"origin": B}],
    "rows of sqlite3": sqlite_rows(f"select '{A}' union all select '{B}'"),
    "a generator": (row for row in [(A,), (B,)]),
}


@pytest.mark.parametrize("name", ROWS)
def test_one_column_of_origins_takes_the_place_of_the_templates(name):
    """Whatever the driver makes of a row."""
    assert TEMPLATE.replace(allow_origins=[A, B]) == from_rows(TEMPLATE, ROWS[name])


NONE = {
    "NULL": (None, "row 2 of the query is NULL; write an origin"),
    "garbage": ("htps:/x", "row 2 of the query: "),
    "bytes": (A.encode(), "row 2 of the query: write a str like"),
    "a number": (5, "row 2 of the query: write a str like"),
    "an empty text": ("", "row 2 of the query: "),
    "two columns": ((A, B), "row 2 of the query: write a str like"),
    "no column": ((), "row 2 of the query: write a str like"),
    "null, which is no site": ("null", "row 2 of the query: any page can have"),
}


@pytest.mark.parametrize("name", NONE)
@pytest.mark.parametrize("is_tuple", [False, True])
def test_a_row_that_is_no_origin_is_named(name, is_tuple):
    """With its number, and what to write instead."""
    value, message = NONE[name]
    row = (value,) if is_tuple and not isinstance(value, tuple) else value
    with pytest.raises(PolicyError) as caught:
        from_rows(TEMPLATE, [A, row, B])
    (problem,) = caught.value.problems
    assert ("allow_origins", 1) == (problem.field, problem.index)
    assert problem.message.startswith(message)


def test_every_row_that_is_no_origin_is_named():
    """At once."""
    with pytest.raises(PolicyError) as caught:
        from_rows(TEMPLATE, [None, A, "x", "y"])
    assert [0, 2, 3] == [problem.index for problem in caught.value.problems]


def test_an_empty_table_is_a_failure():
    """Whoever empties it by mistake shuts out nobody."""
    with pytest.raises(
        PolicyError, match="with an empty table nobody would be allowed"
    ):
        from_rows(TEMPLATE, [])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "origins.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table origins (origin text, tenant integer)")
    return path


def write(path, *rows):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("delete from origins")
        connection.executemany("insert into origins values (?, ?)", rows)


def test_a_query_of_sqlite_is_kept_current(path, log):
    """Faulty and empty tables change nothing, and are told once."""
    write(path, (A, 1))
    sql = "select origin from origins\n  order by origin"
    load = from_query(lambda: sqlite3.connect(path), sql, TEMPLATE)
    handle = make_handle()
    with reload(handle, load, every=NEVER) as reloader:
        for rows, succeeds, served in [
            ([(A, 1)], True, [A]),
            ([(A, 1), (None, 1), ("x", 2)], False, [A]),
            ([(A, 1), (None, 1), ("x", 2)], False, [A]),
            ([], False, [A]),
            ([], False, [A]),
            ([(B, 1)], True, [B]),
        ]:
            write(path, *rows)
            assert succeeds is reloader.load_now()
            assert TEMPLATE.replace(allow_origins=served) == handle.policy
    assert ["INFO", "ERROR", "ERROR", "INFO", "INFO"] == [
        level for level, _ in log.lines
    ]
    name = "from_query('select origin from origins order by origin')"
    assert all(text.startswith(f"{name} ") for _, text in log.lines)
    assert "  allow_origins[0] = None: row 1 of the query is NULL" in log.lines[1][1]
    assert "with an empty table nobody would be allowed" in log.lines[2][1]


def test_a_table_that_is_missing_is_a_failure_of_the_driver(tmp_path, log):
    """Told in the driver's words."""
    load = from_query(
        lambda: sqlite3.connect(tmp_path / "new.db"), "select origin from o", TEMPLATE
    )
    handle = make_handle()
    with reload(handle, load, every=NEVER) as reloader:
        assert not reloader.load_now()
        assert handle.policy is OLD
    (text,) = log.texts("ERROR")
    assert "stays: sqlite3.OperationalError: no such table: o" in text


@pytest.mark.parametrize("parameters", [(2,), {"tenant": 2}])
def test_parameters_go_to_the_driver(path, parameters):
    """As it takes them."""
    write(path, (A, 1), (B, 2))
    mark = ":tenant" if isinstance(parameters, dict) else "?"
    sql = f"select origin from origins where tenant = {mark}"
    load = from_query(lambda: sqlite3.connect(path), sql, TEMPLATE, parameters)
    assert (B,) == load().allow_origins


def test_a_table_that_stays_the_same_makes_no_new_policy(path):
    """So that a large one costs its query, and nothing more."""
    write(path, (A, 1))
    sql = "select origin from origins"
    load = from_query(lambda: sqlite3.connect(path), sql, TEMPLATE)
    policy = load()
    assert load() is policy
    write(path, (A, 1), (B, 1))
    assert (A, B) == load().allow_origins


@pytest.mark.parametrize("sql", ["select origin from origins", "no sql"])
def test_every_connection_is_closed(path, sql):
    """Also after an error, so that nothing piles up while a database is ill."""
    write(path, (A, 1))
    opened = []

    def connect():
        opened.append(sqlite3.connect(path))
        return opened[-1]

    load = from_query(connect, sql, TEMPLATE)
    for _ in range(3):
        try:
            load()
        except sqlite3.OperationalError:
            assert sql == "no sql"
    assert 3 == len(opened)
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("select 1")


def test_a_connection_is_no_function_that_opens_one():
    """It would be of no use in another thread; nor is its address."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for given in (connection, "origins.db"):
            with pytest.raises(TypeError, match="a function that opens a connection"):
                from_query(given, "select 1", TEMPLATE)


def test_a_template_is_a_policy():
    """Its keywords alone would lack origins."""
    with pytest.raises(TypeError, match="give a Policy as the template, not a dict"):
        from_query(lambda: sqlite3.connect(":memory:"), "select 1", {"max_age": 5})


def test_rows_in_hand_need_no_query(path):
    """Whoever has rows in hand makes the policy of them, in any load."""
    write(path, (A, 1))
    done = threading.Event()

    def load():
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("select origin from origins")
            policy = from_rows(TEMPLATE, rows)
            done.set()
            return policy

    handle = make_handle()
    with reload(handle, load, every=NEVER) as reloader:
        assert reloader.load_now()
        assert done.is_set()
        assert (A,) == handle.policy.allow_origins
