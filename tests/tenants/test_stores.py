"""What a store of origins writes and reads, in every database alike.

Here: its methods, its rules, and writers at the same time. Not here: who follows
(`test_following.py`), what others write by SQL (`test_rows.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from corsac import Policy, PolicyError
from corsac.tenants import PostgreSQLOriginStore, SQLiteOriginStore
from databases import TEMPLATE

A, B, C = "https://a.example", "https://b.example", "https://*.c.example"

#: Name, calls one after the other with what each gives, and what the tenants then have.
HISTORIES = [
    ("a new store has no tenant", [], {}),
    (
        "an origin that is added is there once",
        [("add", "acme", A, True), ("add", "acme", A, False)],
        {"acme": [A]},
    ),
    (
        "origins are told in their order by bytes, whenever they came",
        [("add", "acme", B, True), ("add", "acme", C, True), ("add", "acme", A, True)],
        {"acme": [C, A, B]},
    ),
    (
        "tenants have their own origins",
        [("add", "acme", A, True), ("add", "Acme", B, True)],
        {"Acme": [B], "acme": [A]},
    ),
    (
        "what is removed is gone, and was there once",
        [
            ("set", "acme", [A, B], True),
            ("remove", "acme", A, True),
            ("remove", "acme", A, False),
        ],
        {"acme": [B]},
    ),
    (
        "a tenant goes with its last origin",
        [("add", "acme", A, True), ("remove", "acme", A, True)],
        {},
    ),
    (
        "a list replaces whatever was there",
        [("set", "acme", [A, B], True), ("set", "acme", [B, C], True)],
        {"acme": [C, B]},
    ),
    (
        "a list of what is there is no change, in whatever order and however often",
        [("set", "acme", [A, B], True), ("set", "acme", [B, A, B], False)],
        {"acme": [A, B]},
    ),
    (
        "an empty list removes a tenant",
        [("set", "acme", [A], True), ("set", "acme", [], True)],
        {},
    ),
    (
        "a tenant is removed with everything, and no other",
        [
            ("set", "acme", [A, B], True),
            ("add", "other", A, True),
            ("remove_tenant", "acme", True),
            ("remove_tenant", "acme", False),
        ],
        {"other": [A]},
    ),
    (
        "a tenant's name may be any text",
        [("add", "Straße 5; DROP TABLE 'x' -- %s $1 \\ 😀", A, True)],
        {"Straße 5; DROP TABLE 'x' -- %s $1 \\ 😀": [A]},
    ),
]

#: Name, what is asked to be written, the code, and what the message says.
REFUSED = [
    ("a path", ["https://a.example/"], "invalid-origin-pattern", A),
    (
        "every origin, with credentials",
        ["*"],
        "prohibited-wildcard-with-credentials",
        "",
    ),
    (
        "an insecure origin, with credentials",
        ["http://a.example"],
        "prohibited-insecure-origin-with-credentials",
        "write https://",
    ),
    ("null without its flag", ["null"], "prohibited-null-origin", "sandboxed"),
    (
        "a bad one among good ones",
        [A, "https://B.example", C],
        "invalid-origin-pattern",
        B,
    ),
    ("a bare text in place of a list", A, "invalid-list", "write a list"),
    ("an empty text in place of a list", "", "invalid-list", "write a list"),
]


@pytest.mark.parametrize(
    "calls, expected", [row[1:] for row in HISTORIES], ids=[row[0] for row in HISTORIES]
)
def test_a_history_leaves_what_its_name_says(database, calls, expected):
    """Each call says whether it was a change, and all of them leave these origins."""
    store = database.store
    for method, *arguments, result in calls:
        assert result is getattr(store, method)(*arguments), (method, arguments)
    assert tuple(expected) == store.tenants()
    assert expected == {tenant: [*store.origins(tenant)] for tenant in expected}
    assert () == store.origins("nobody")


@pytest.mark.parametrize(
    "origins, code, message",
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_what_the_template_refuses_is_not_written(database, origins, code, message):
    """The error says what to write instead, and nothing of the list is written."""
    database.store.add("acme", "https://before.example")
    with pytest.raises(PolicyError, match=code) as raised:
        database.store.set("acme", origins)
    assert message in str(raised.value)
    if isinstance(origins, list) and len(origins) == 1:
        with pytest.raises(PolicyError, match=code):
            database.store.add("acme", origins[0])
    assert ("https://before.example",) == database.store.origins("acme")


def test_the_rules_are_those_of_the_template(database):
    """Where its flags allow more, a tenant may have more."""
    lax = database.open(TEMPLATE.replace(dangerously_allow_insecure_origins=True))
    assert lax.add("acme", "http://a.example")
    public = database.open(Policy(allow_origins=[A]))
    assert public.add("acme", "*")
    assert ("*", "http://a.example") == database.store.origins("acme")


@pytest.mark.parametrize("method", ["add", "remove", "set", "remove_tenant", "origins"])
@pytest.mark.parametrize(
    "tenant, error",
    [(None, TypeError), (b"acme", TypeError), ("", ValueError), ("x" * 256, ValueError)]
    + [(f"a{control}b", ValueError) for control in "\0\n\x7f\ud800"],
    ids=["None", "bytes", "empty", "long", "NUL", "line feed", "DEL", "surrogate"],
)
def test_what_is_no_name_of_a_tenant_is_refused(tmp_path, method, tenant, error):
    """Before any database is asked, with what to write."""
    store = SQLiteOriginStore(tmp_path / "never.db", TEMPLATE)
    arguments = {"add": [A], "remove": [A], "set": [[A]]}.get(method, [])
    with pytest.raises(error, match="a tenant is a str"):
        getattr(store, method)(tenant, *arguments)


@pytest.mark.parametrize(
    "origin, error",
    [
        (b"https://a.example", TypeError),
        (None, TypeError),
        ("https://*." + "a." * 500, Exception),
    ],
    ids=["bytes", "None", "long"],
)
def test_what_is_no_origin_is_refused(tmp_path, origin, error):
    """Before any database is asked."""
    store = SQLiteOriginStore(tmp_path / "never.db", TEMPLATE)
    with pytest.raises(error):
        store.add("acme", origin)


def test_a_template_with_a_wildcard_is_refused():
    """It would allow every origin for every tenant."""
    with pytest.raises(ValueError, match="list the origins that all tenants allow"):
        SQLiteOriginStore("origins.db", Policy(allow_origins=["*"]))
    with pytest.raises(TypeError, match="as a Policy"):
        SQLiteOriginStore("origins.db", {"allow_origins": [A]})


def test_a_database_in_memory_is_refused():
    """Each connection would have its own."""
    with pytest.raises(ValueError, match="write the path of a file"):
        SQLiteOriginStore(":memory:", TEMPLATE)


def test_what_is_no_address_or_driver_is_refused():
    """With what to write."""
    with pytest.raises(TypeError, match="postgresql://user@host/database"):
        PostgreSQLOriginStore(None, TEMPLATE)
    with pytest.raises(ValueError, match='"psycopg" or "asyncpg"'):
        PostgreSQLOriginStore("postgresql://", TEMPLATE, driver="psycopg2")


def test_without_any_driver_it_is_said_what_to_install():
    """An interpreter that finds neither of them says so when the store is made."""
    code = """if True:
        import sys
        from importlib.machinery import PathFinder

        class Without(PathFinder):
            @classmethod
            def find_spec(cls, name, path=None, target=None):
                if name in ("psycopg", "asyncpg"):
                    return None
                return super().find_spec(name, path, target)

        sys.meta_path[sys.meta_path.index(PathFinder)] = Without
        from corsac import Policy
        from corsac.tenants import PostgreSQLOriginStore

        template = Policy(allow_origins=["https://a.example"])
        try:
            PostgreSQLOriginStore("postgresql://", template)
        except ImportError as error:
            print(error)
    """
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "pip install 'psycopg[binary]'" in run.stdout


def test_a_missing_table_says_what_to_call(database):
    """A store of a database that nobody prepared."""
    database.execute("DROP TABLE corsac_origins")
    with pytest.raises(Exception, match=r"call create\(\) of its \w+OriginStore"):
        database.store.add("acme", A)


def test_a_missing_file_says_what_to_call(tmp_path):
    """And is not made by asking for it."""
    store = SQLiteOriginStore(tmp_path / "origins.db", TEMPLATE)
    with pytest.raises(Exception, match=r"origins.db: .*call create\(\)"):
        store.tenants()
    assert [] == [*tmp_path.iterdir()]


def test_tables_can_be_made_by_many_at_once_and_keep_their_rows(database):
    """As by the workers of a server that start together."""
    database.store.add("acme", A)
    stores = [database.open(TEMPLATE) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda store: store.create(), stores))
    assert ("acme",) == database.store.tenants()
    database.execute("DROP TABLE corsac_origins", "DROP TABLE corsac_changes")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda store: store.create(), stores))
    assert database.store.add("acme", A)


def test_writers_at_the_same_time_lose_nothing(database):
    """Each of eight threads adds twenty origins, to a tenant of its own and to a common one."""

    def write(number):
        for index in range(20):
            database.store.add("common", f"https://a{index}.of{number}.example")
            database.store.add(f"tenant-{number}", f"https://a{index}.example")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    assert 160 == len(database.store.origins("common"))
    assert [20] * 8 == [len(database.store.origins(f"tenant-{n}")) for n in range(8)]


def test_lists_at_the_same_time_never_mix(database):
    """The last one stands alone."""
    lists = [[f"https://a{n}.example", f"https://b{n}.example"] for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(
            threads.map(lambda origins: database.store.set("acme", origins), lists * 3)
        )
    assert [*database.store.origins("acme")] in lists
