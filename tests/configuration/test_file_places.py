"""Every problem of a TOML file at once, each with its line and column.

Here: files as people write them, with the code and the place of everything that is wrong.
Not here: what a problem says, files that are none (`test_file_problems.py`), places in all of TOML
(`test_places.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import pytest
from configured_files import GOOD, problems
from corsac.configuration import CODES

PLACES = [
    pytest.param(
        'allow_origins = ["https://app.example/"]',
        [("invalid-origin-pattern", 1, 18)],
        id="a value in a list",
    ),
    pytest.param(
        'allow_origins = [\n  # one\n  "https://a.example",\n  "HTTPS://B.example",\n]',
        [("invalid-origin-pattern", 4, 3)],
        id="a list over several lines, with a comment",
    ),
    pytest.param(
        'allow_origins = [\r\n"https://a.example",\r\n\t"https://b.example/"]\r\nx = 1\r\n',
        [("invalid-origin-pattern", 3, 2), ("unknown-key", 4, 1)],
        id="the other line ends, and a tab",
    ),
    pytest.param(
        '\ufeffallow_origins = ["https://app.example/"]',
        [("invalid-origin-pattern", 1, 18)],
        id="a byte order mark is no column",
    ),
    pytest.param(
        'allow_origins = ["https://\u00e9.example", "\U0001f98a", "x"] # \u00e9',
        [
            ("prohibited-origin-pattern", 1, 18),
            ("invalid-origin-pattern", 1, 39),
            ("invalid-origin-pattern", 1, 44),
        ],
        id="columns are characters, not bytes",
    ),
    pytest.param(
        'allow_origins = "https://app.example"\nallow_methods = 7',
        [("invalid-list", 1, 17), ("invalid-list", 2, 17)],
        id="something else where a list belongs",
    ),
    pytest.param(
        "allow_origins = { regex = 'https://a' }",
        [("invalid-list", 1, 17)],
        id="a regex that is in no list",
    ),
    pytest.param(
        f'{GOOD}allow_credentials = "yes"\nmax_age = -1\npreflight_status = 500\n'
        'name = "a b"\nenforce = 1\nown_origins = ["https://*.a"]\ndebug = 0.5\n'
        'timing_allow_origin = []\ncross_origin_resource_policy = "cross-origin"',
        [
            ("invalid-flag", 2, 21),
            ("invalid-max-age", 3, 11),
            ("invalid-preflight-status", 4, 20),
            ("invalid-name", 5, 8),
            ("invalid-flag", 6, 11),
            ("invalid-own-origin", 7, 16),
            ("invalid-flag", 8, 9),
            ("invalid-flag", 9, 23),
            ("invalid-resource-policy", 10, 32),
        ],
        id="wrong values of all kinds, at once",
    ),
    pytest.param(
        f'{GOOD}max_age = "browsers"', [("invalid-max-age", 2, 11)], id="another word"
    ),
    pytest.param(
        f'{GOOD}allow_methods = ["PUT", "TRACE"]\nallow_headers = ["X-A", "Cookie"]\n'
        'expose_headers = ["a b"]',
        [
            ("forbidden-method", 2, 25),
            ("forbidden-request-header", 3, 25),
            ("invalid-response-header", 4, 19),
        ],
        id="names that are forbidden, or none",
    ),
    pytest.param(
        f"{GOOD}allow-methods = ['PUT']\n 'nonsense' = 1",
        [("unknown-key", 2, 1), ("unknown-key", 3, 2)],
        id="unknown keys",
    ),
    pytest.param(
        "allow_origin = ['x']", [("unknown-key", 1, 1)], id="a key is told of once"
    ),
    pytest.param(
        "max_age = 5", [("prohibited-empty-origins", 1, 1)], id="no origins at all"
    ),
    pytest.param(
        'allow_credentials = true\nallow_origins = ["*", "http://app.example", "https://*.com"]',
        [
            ("prohibited-wildcard-with-credentials", 2, 18),
            ("prohibited-insecure-origin-with-credentials", 2, 23),
            ("prohibited-public-suffix-origin-with-credentials", 2, 45),
        ],
        id="what must not go with credentials",
    ),
    pytest.param(
        "allow_origins = [{ regex = '(' }, { regx = 'a' }, { regex = 'a', x = 1 }]",
        [
            ("invalid-origin-regex", 1, 28),
            ("invalid-origin-regex", 1, 35),
            ("unknown-key", 1, 37),
            ("unknown-key", 1, 66),
        ],
        id="tables that are no regexes",
    ),
    pytest.param(
        "allow_origins = [{ regex = 'https://a.b', ignore_case = 1, ascii = 'x' }]",
        [
            ("prohibited-origin-regex", 1, 18),
            ("invalid-origin-regex", 1, 57),
            ("invalid-origin-regex", 1, 68),
        ],
        id="a regex that is a mistake, and its flags",
    ),
    pytest.param(
        "[[allow_origins]]\nregex = 'https://a'\n[[allow_origins]]\nregex = '('",
        [("invalid-origin-regex", 4, 9)],
        id="regexes in tables of their own",
    ),
    pytest.param(
        f"{GOOD}max_age = 1979-05-27 07:32:00\nallow_methods = '''a\nb''' # x\nx = 1",
        [
            ("invalid-max-age", 2, 11),
            ("invalid-list", 3, 17),
            ("unknown-key", 5, 1),
        ],
        id="a date with a space, and a text over two lines",
    ),
    pytest.param(
        'allow_origins = ["https://a.example", """https://b.example/""", \'c\']',
        [("invalid-origin-pattern", 1, 39), ("invalid-origin-pattern", 1, 65)],
        id="every kind of quotes",
    ),
    pytest.param(
        "policies.a.allow_origins = ['x']\npolicies.a . 'max_age' = -1",
        [("invalid-origin-pattern", 1, 29), ("invalid-max-age", 2, 26)],
        id="keys with dots",
    ),
    pytest.param(
        "policies.a.max_age = 5\npolicies.a.enforce = true",
        [("prohibited-empty-origins", 1, 1)],
        id="a table that is nowhere but in keys with dots",
    ),
    pytest.param(
        "[routes]\n'/a' = 'b'\n[policies.a]\nallow_origins = ['x']\n[other]\n",
        [
            ("unknown-policy", 2, 8),
            ("invalid-origin-pattern", 4, 18),
            ("unknown-key", 5, 1),
        ],
        id="in the order in which they stand",
    ),
    pytest.param(
        "policies = { a = { allow_origins = ['x'], max_age = -1 }, b = { y.z = 1 } }",
        [
            ("invalid-origin-pattern", 1, 37),
            ("invalid-max-age", 1, 53),
            ("prohibited-empty-origins", 1, 63),
            ("unknown-key", 1, 65),
        ],
        id="tables in a line",
    ),
    pytest.param(
        'max_age = 5\n[policies.a]\nallow_methods = ["PUT"]',
        [("unknown-key", 1, 1), ("prohibited-empty-origins", 2, 1)],
        id="a keyword beside policies, and no origins",
    ),
    pytest.param(
        "[policies.a]\nallow_origins = ['x']\n[policies.'b c']\nallow_origins = ['y', '*']",
        [
            ("invalid-origin-pattern", 2, 18),
            ("invalid-name", 3, 1),
            ("invalid-origin-pattern", 4, 18),
        ],
        id="all policies at once, and a name that is none",
    ),
    pytest.param(
        "policies = 3", [("invalid-table", 1, 12)], id="policies that are none"
    ),
    pytest.param(
        "[policies]\na = 'x'", [("invalid-table", 2, 5)], id="a policy that is none"
    ),
    pytest.param(
        f"[policy.a]\n{GOOD}", [("unknown-key", 1, 1)], id="a table that was meant"
    ),
    pytest.param(
        f"[policies.a]\n{GOOD}shadow = 'b'\n[policies.c]\n{GOOD}shadow = 'c'\n"
        f"[policies.d]\n{GOOD}shadow = 7",
        [
            ("unknown-policy", 3, 10),
            ("unknown-policy", 6, 10),
            ("invalid-shadow", 9, 10),
        ],
        id="shadows that are no other policy",
    ),
    pytest.param(
        f"[policies.a]\n{GOOD}shadow = 'b'\n[policies.b]\n{GOOD}shadow = 'a'\n"
        f"[policies.c]\n{GOOD}[policies.c.shadow]\n{GOOD}shadow = {{ max_age = -1 }}",
        [
            ("invalid-shadow", 3, 10),
            ("invalid-shadow", 6, 10),
            ("invalid-shadow", 11, 10),
        ],
        id="shadows of shadows",
    ),
    pytest.param(
        f"[policies.a]\n{GOOD}shadow = 'b'\n[policies.b]\nallow_origins = ['x']",
        [("invalid-origin-pattern", 5, 18)],
        id="a shadow that is wrong itself is told of once",
    ),
    pytest.param(
        f"{GOOD}[shadow]\nallow_origins = ['x']\nmax_ages = 1",
        [
            ("invalid-origin-pattern", 3, 18),
            ("unknown-key", 4, 1),
        ],
        id="a shadow in a table",
    ),
    pytest.param(
        f"{GOOD}[shadow]\n{GOOD}",
        [("invalid-shadow", 2, 1)],
        id="a shadow of a policy without a name",
    ),
    pytest.param(
        f'[policies.a]\n{GOOD}[routes]\n"/b" = "b"\n"/c" = ["a", "c", "d"]\n"/d" = true\n'
        '"/e" = []\n"/f" = ["a", 1]\n"/g/" = false\n"https://h" = "a"\n"" = "a"\ni = 5',
        [
            ("unknown-policy", 4, 8),
            ("unknown-policy", 5, 14),
            ("unknown-policy", 5, 19),
            ("invalid-choice", 6, 8),
            ("prohibited-empty-policies", 7, 8),
            ("invalid-choice", 8, 8),
            ("invalid-route", 9, 1),
            ("invalid-route", 10, 1),
            ("invalid-route", 11, 1),
            ("invalid-choice", 12, 5),
        ],
        id="routes of all kinds that are wrong",
    ),
    pytest.param(
        f"[policies.a]\n{GOOD}[routes]\napi.example.com = 'a'\n[routes.'b.example']\n'/x' = 'a'",
        [("invalid-choice", 4, 1), ("invalid-choice", 5, 1)],
        id="routes with dots and without quotes",
    ),
    pytest.param(
        f"[policies.a]\n{GOOD}[routes]",
        [("prohibited-empty-policies", 3, 1)],
        id="no routes",
    ),
    pytest.param(
        f"routes = 'a'\n[policies.a]\n{GOOD}",
        [("invalid-table", 1, 10)],
        id="routes that are none",
    ),
    pytest.param(
        f"{GOOD}[routes]\n'/a' = 'a'",
        [("unknown-key", 1, 1), ("unknown-policy", 3, 8)],
        id="routes and a policy without a name",
    ),
    pytest.param(
        "[policies.a]\nallow_origins = ['x']\n[routes]\n'/a' = 'a'\n'/b' = ['a', 'a']",
        [("invalid-origin-pattern", 2, 18)],
        id="a policy that is wrong is not told of at its routes",
    ),
    pytest.param(
        f"{GOOD}allow_methods = [\n",
        [("invalid-toml", 3, 1)],
        id="a document that ends too soon",
    ),
    pytest.param(f"{GOOD}max_age = 5 6", [("invalid-toml", 2, 13)], id="no TOML"),
    pytest.param(
        f"{GOOD}\r\nmax_age = 5 6\r\n",
        [("invalid-toml", 3, 13)],
        id="no TOML, with the other line ends",
    ),
    pytest.param(
        f"{GOOD}{GOOD}", [("invalid-toml", 2, 40)], id="a key that comes twice"
    ),
    pytest.param(
        f"max_age = {'[' * 5000}", [("invalid-toml", 1, 1)], id="no end of brackets"
    ),
    pytest.param(
        f"max_age = {'1' * 5000}", [("invalid-toml", 1, 1)], id="no end of digits"
    ),
]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_each_problem_is_told_with_its_place(tmp_path, text, expected):
    """All of them at once, each where an editor finds it."""
    assert expected == problems(tmp_path, text)


def test_in_pyproject_places_count_other_tables_too(tmp_path):
    """A file holds other tools' tables, before and between."""
    text = (
        '[[tool.a]]\n"x.y" = [{b = 1}, {c = [1, 2]}]\n[[tool.a]]\n[[tool.a.b]]\nz = 1\n'
        "[tool.corsac]\nallow_origins = ['x']\n[tool.z]\nallow_origins = 5"
    )
    expected = [("invalid-origin-pattern", 7, 18)]
    assert expected == problems(tmp_path, text, "pyproject.toml")

    expected = [("invalid-table", 2, 10)]
    assert expected == problems(tmp_path, "[tool]\ncorsac = 7", "pyproject.toml")


def test_every_code_of_a_file_is_met(tmp_path):
    """The closed list, but for what only variables have; each in the rows above."""
    met = {code for row in PLACES for code, _, _ in row.values[1]}
    assert set(CODES) - {"no-policy", "unreadable-file", "invalid-variable"} <= met
