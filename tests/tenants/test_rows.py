"""Rows that no store would have written.

Here: what is left out, what stays, and what is told of it. Not here: a database that fails
(`test_failures.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

import pytest
from corsac import Policy
from databases import CONSOLE, TEMPLATE, allowed, until

A, B = "https://a.example", "https://b.example"

#: Name, an origin in SQL, and what the log says of it.
FAULTY = [
    ("a path", "'https://a.example/'", 'write "https://a.example"'),
    ("every origin, with credentials", "'*'", "prohibited-wildcard-with-credentials"),
    ("an insecure origin, with credentials", "'http://a.example'", "insecure-origin"),
    ("null without its flag", "'null'", "prohibited-null-origin"),
    ("a text that is no origin", "'garbage'", "invalid-origin-pattern"),
    ("two origins in one", "'https://a.example https://b.example'", "invalid-origin"),
    ("two origins on two lines", f"'{A}' || '\n' || '{B}'", r"a.example\nhttps://b"),
    ("a regex in a text", r"'https://.*\.example'", "invalid-origin-pattern"),
    ("what is no ASCII", "'https://bücher.example'", "https://xn--bcher-kva.example"),
    ("a control character", "'https://a.example' || '\x1b[31m'", r"\x1b[31m"),
]
#: In a table that somebody made without checks.
UNCHECKED = [
    ("a number in place of an origin", "'acme', 5", "origin 5"),
    ("bytes in place of an origin", "'acme', x'ff00'", r"origin b'\xff\x00'"),
    ("a text that has no encoding", "'acme', CAST(x'68ff' AS TEXT)", r"'h\udcff'"),
    ("an empty text", "'acme', ''", "origin ''"),
    ("a very long text", f"'acme', '{'x' * 100_000}'", "origin 'xxx"),
    ("a number in place of a tenant", f"5, '{A}'", "tenant 5, a tenant is a text"),
    (
        "no value in place of a tenant",
        f"NULL, '{A}'",
        "tenant None, a tenant is a text",
    ),
]


def rows_of(table):
    return pytest.mark.parametrize(
        "value, message", [row[1:] for row in table], ids=[row[0] for row in table]
    )


@rows_of(FAULTY)
def test_a_faulty_row_is_left_out_and_told_once(database, follow, told, value, message):
    """The tenant's other origins stay, before and after, and so do other tenants."""
    database.store.set("acme", [A])
    database.store.set("other", [A])
    policies = follow(database.store)
    database.execute(f"INSERT INTO corsac_origins VALUES ('acme', {value})")
    until(told)
    database.store.add("acme", B)
    until(lambda: [A, B] == allowed(policies, "acme"))
    assert [A] == allowed(policies, "other")
    (line,) = told()
    assert message in line and "tenant 'acme'" in line and len(line) < 1000
    assert line.isprintable()


@rows_of(FAULTY[:3])
def test_a_faulty_row_of_the_start_is_told_too(database, follow, told, value, message):
    """Before anybody asks for that tenant."""
    database.store.set("acme", [A])
    database.execute(f"INSERT INTO corsac_origins VALUES ('acme', {value})")
    policies = follow(database.store)
    assert message in told()[0] and len(told()) == 1
    assert [A] == allowed(policies, "acme")


@rows_of(UNCHECKED)
def test_a_table_without_checks_hides_no_good_row(sqlite, follow, told, value, message):
    """Whatever somebody put there."""
    sqlite.execute(
        "DROP TABLE corsac_origins",
        "CREATE TABLE corsac_origins (tenant, origin)",
        f"INSERT INTO corsac_origins VALUES ('acme', '{A}'), ('acme', NULL), ({value})",
        f"INSERT INTO corsac_origins VALUES ('other', '{A}')",
    )
    sqlite.store.create()
    policies = follow(sqlite.store)
    assert [A] == allowed(policies, "acme") == allowed(policies, "other")
    (line,) = told()
    assert message in line and len(line) < 1000


def test_what_the_tables_of_a_store_check_does_not_come_in(database):
    """Empty texts and endless ones."""
    for tenant, origin in [("", A), ("x" * 256, A), ("acme", ""), ("acme", "x" * 401)]:
        with pytest.raises(Exception, match=r"(?i)constraint"):
            database.execute(
                f"INSERT INTO corsac_origins VALUES ('{tenant}', '{origin}')"
            )


def test_a_tenant_with_faulty_rows_alone_is_no_tenant(database, follow, told):
    """It has what unknown ones have."""
    database.execute("INSERT INTO corsac_origins VALUES ('acme', 'garbage')")
    policies = follow(database.store)
    assert TEMPLATE is policies.policy("acme")
    assert 1 == len(told())


def test_a_row_that_is_corrected_and_faulty_again_is_told_again(database, follow, told):
    """Since that is news."""
    policies = follow(database.store)
    for count in (1, 2):
        database.execute("INSERT INTO corsac_origins VALUES ('acme', 'garbage')")
        until(lambda count=count: len(told()) == count)
        database.execute(f"UPDATE corsac_origins SET origin = '{A}'")
        until(lambda: [A] == allowed(policies, "acme"))
        database.store.remove("acme", A)
        until(lambda: policies.tenant_count == 0)


def test_a_table_full_of_garbage_does_not_fill_the_log(database, follow, told):
    """Nor the memory, and hides nothing."""
    values = ", ".join(
        f"('t{tenant}', 'garbage {index}')"
        for tenant in range(1500)
        for index in range(3)
    )
    database.store.add("t7", A)
    database.execute(f"INSERT INTO corsac_origins VALUES {values}")
    policies = follow(database.store)
    assert [A] == allowed(policies, "t7")
    assert 20 == len(told()) and "further ones are not told" in told()[-1]
    assert 1000 == len(policies._follower._rows._told)
    values = ", ".join(f"('acme', 'more garbage {index}')" for index in range(100))
    database.execute(f"INSERT INTO corsac_origins VALUES {values}, ('acme', '{A}')")
    until(lambda: [A] == allowed(policies, "acme"))
    assert 20 == len(told())
    database.execute("DELETE FROM corsac_origins WHERE origin LIKE 'garbage%'")
    until(lambda: {} == policies._follower._rows._told)


def test_without_credentials_a_tenant_may_allow_every_origin(database, follow, told):
    """The template's rules decide."""
    store = database.open(Policy(allow_origins=[CONSOLE]))
    store.set("acme", ["*", "http://a.example"])
    policies = follow(store)
    assert ["*", "http://a.example"] == allowed(policies, "acme")
    assert [] == told()
