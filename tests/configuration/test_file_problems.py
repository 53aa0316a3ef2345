"""What is wrong with TOML files: every problem at once, each with its line and column.

Here: files as people write them, with the code and the place of everything that is wrong, files that
are none, and what a problem says. Not here: which policies are wrong (`test_policy.py`), places in all
of TOML (`test_places.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import os
import pickle

import pytest
from configured_files import GOOD, failure, problems, write
from corsac import Policy, PolicyError
from corsac.configuration import (
    CODES,
    ConfigurationError,
    ConfigurationProblem,
    read_map,
    read_policies,
    read_toml,
)
from corsac.configuration._document import MAX_SIZE

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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'allow_origins = ["*",\n                 "HTTPS://A.example"]',
            ':2:18: allow_origins[1] = "HTTPS://A.example": ',
        ),
        (f"{GOOD}allow_credentials = 1", "allow_credentials = 1: write true or false"),
        (
            f"{GOOD}allow_method = []",
            "allow_method is no keyword of a policy; write allow_methods [",
        ),
        (f"{GOOD}Max-Age = 1", "write max_age"),
        (f"{GOOD}CORS_ALLOW_CREDENTIALS = 1", "write allow_credentials"),
        (f"{GOOD}xyz = 1", "write one of allow_origins, allow_methods, "),
        (f"{GOOD}max_age = 'x'", '"browser" leaves it to them'),
        ("allow_origins = ['null']", "set dangerously_allow_null_origin = true"),
        ("allow_origins = ['https://a\\.b']", "write { regex = 'https://a\\\\.b' }"),
        (f"{GOOD}allow_methods = 'PUT'", 'write a list: ["PUT"]'),
        (
            "allow_origins = { regex = 'a' }",
            'allow_origins = { regex = "a" }: write a list: [{ regex',
        ),
        (
            "allow_origins = [7]",
            "write a text like \"https://example.com\", or { regex = '...' }",
        ),
        ("allow_origins = [{ regex = 7 }]", "write the regex as a text: { regex = '"),
        (f"{GOOD}[shadow]\n{GOOD}", 'add name = "..."'),
        (
            f"[policies.a]\n{GOOD}shadow = 'b'",
            'shadow = "b": write the name of another policy',
        ),
        (f"[polices.a]\n{GOOD}", "polices is no table of corsac's; write [policies]"),
        (f"[route]\n'/a' = 'a'\n[policies.a]\n{GOOD}", "write [routes]"),
        (
            f"[policies.public]\n{GOOD}[routes]\n'/a' = 'publik'",
            '"/a" = "publik": no policy is named "publik"; write "public"',
        ),
        (
            f"[policies.a]\n{GOOD}[routes]\napi.example.com = 'a'",
            'one key in quotes: "api.example.com" = "a"',
        ),
        (
            f"[policies.a]\n{GOOD}[routes.'b.example']\n'/x' = false",
            '"b.example/x" = false',
        ),
        (f"[policies.a]\n{GOOD}[routes]", '"/api" = "public"'),
        ("[routes]\n'/a' = 'a'", 'no policy is named "a", nor otherwise; add one'),
        (
            "[policies]\na = 1",
            "policies.a = 1 is no table; write [policies.a] and below it allow_origins",
        ),
        ("a = 'b", "no TOML: "),
        (GOOD + r'name = "a\u007f\n"', r'name = "a\u007f\n": '),
        (r'allow_origins = [{ regex = "a\nb" }]', r'{ regex = "a\nb" }: '),
        (f"name = '{'x' * 300}'\n{GOOD}", '"' + "x" * 199 + "..."),
    ],
)
def test_a_problem_says_what_to_write_in_the_file(tmp_path, text, said):
    """In TOML, not in Python."""
    path = write(tmp_path, text)
    assert said in str(failure(lambda: read_policies(path)))


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("none.toml", None, "unreadable-file", "there is no such file"),
        ("corsac.json", "{}", "unreadable-file", "name one that ends in .toml"),
        ("", None, "unreadable-file", "name one that ends in .toml"),
        ("a\0b.toml", None, "unreadable-file", "a path holds no NUL"),
        ("x" * 300 + ".toml", None, "unreadable-file", "File name too long"),
        (".toml", None, "unreadable-file", "name one that ends in .toml"),
        ("corsac.toml", "", "no-policy", "it holds no policy; write allow_origins = ["),
        ("corsac.toml", "# x\n[policies]", "no-policy", "it holds no policy"),
        ("pyproject.toml", "[project]\n", "no-policy", "no [tool.corsac]; write"),
        ("pyproject.toml", "tool = 3\n", "no-policy", "no [tool.corsac]; write"),
        ("pyproject.toml", "[tool.corsac]", "no-policy", "it holds no policy"),
    ],
)
def test_a_file_that_holds_no_policy_says_so(tmp_path, name, text, code, said):
    """As one problem, of the whole file."""
    if text is not None:
        write(tmp_path, text, name)
    path = os.path.join(tmp_path, name) if name else ""
    [problem] = failure(lambda: read_toml(path)).problems
    assert (code, None, None) == (problem.code, problem.line, problem.column)
    assert f"{path}: " in str(problem)
    assert said in problem.message


def test_what_is_no_file_is_not_read(tmp_path):
    """Neither a directory, nor a pipe, for which a server would wait."""
    (tmp_path / "directory.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    for name in ("directory.toml", "pipe.toml"):
        error = failure(lambda name=name: read_toml(tmp_path / name))
        assert "this is no file; name a TOML file [unreadable-file]" in str(error)


def test_a_file_that_is_no_text_says_so(tmp_path):
    """A byte is enough."""
    path = tmp_path / "corsac.toml"
    path.write_bytes(GOOD.encode() + b"# \xff\xfe")
    assert "it is not UTF-8; save it as UTF-8" in str(failure(lambda: read_toml(path)))


def test_a_huge_file_is_not_read_to_its_end(tmp_path):
    """Of one byte more than that."""
    path = write(tmp_path, GOOD + "#" * (MAX_SIZE - len(GOOD)))
    assert Policy(allow_origins=["https://app.example"]) == read_toml(path)
    with path.open("ab") as file:
        file.write(b"#")
    assert f"larger than {MAX_SIZE} bytes" in str(failure(lambda: read_toml(path)))


def test_the_text_of_a_file_is_no_path():
    """And is not repeated whole."""
    error = failure(lambda: read_toml(GOOD * 3))
    assert "no path of a TOML file; name one that ends in .toml" in str(error)
    assert 1 == str(error).count("https://app.example")


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (
            "[policies.a]\n{}[policies.b]\n{}",
            None,
            'several policies; name one of "a", "b"',
        ),
        (
            "[policies.public]\n{}[policies.b]\n{}",
            "Public",
            'no policy is named "Public"; name "public"',
        ),
        ("[policies.a]\n{}[policies.b]\n{}", "other", 'name one of "a", "b"'),
        ("{}", "a", "leave out the name, since it holds one policy"),
        ("[routes]\n'/' = false", None, "it holds no policy"),
    ],
)
def test_a_policy_that_is_not_there_names_those_that_are(tmp_path, text, name, said):
    """Of several one must be asked for, since the order of tables means nothing."""
    path = write(tmp_path, text.replace("{}", GOOD))
    [problem] = failure(lambda: read_toml(path, name)).problems
    assert "no-policy" == problem.code
    assert said in problem.message


def test_a_file_without_routes_is_no_map(tmp_path):
    """It says what a route looks like."""
    error = failure(lambda: read_map(write(tmp_path, GOOD)))
    assert 'it has no routes; write [routes] and below it "/api" = "public"' in str(
        error
    )


def test_an_error_is_a_policy_error_with_places(tmp_path):
    """Whoever catches the one has the other, also from another process."""
    path = write(tmp_path, "allow_origins = ['https://app.example/']")
    with pytest.raises(PolicyError) as raised:
        read_toml(path)
    again = pickle.loads(pickle.dumps(raised.value))
    assert isinstance(again, ConfigurationError)
    assert (raised.value.problems, str(raised.value)) == (again.problems, str(again))
    [problem] = again.problems
    assert isinstance(problem, ConfigurationProblem)
    assert ("allow_origins", 0, "https://app.example/") == (
        problem.field,
        problem.index,
        problem.value,
    )
    assert f"{path}:1:18" == problem.place
    assert str(again) == f"1 problem:\n  {path}:1:18: {problem.text} [{problem.code}]"


def test_every_code_of_a_file_is_met(tmp_path):
    """The closed list, but for what only variables have; each in the rows above."""
    met = {code for row in PLACES for code, _, _ in row.values[1]}
    assert set(CODES) - {"no-policy", "unreadable-file", "invalid-variable"} <= met
