"""Policies in TOML files: what is read, and where each problem stands.

Here: files as people write them, with the code, line and column of everything that is wrong.
Not here: applications (`test_find.py`), which policies are wrong (`test_policy.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from corsac import Policy
from corsac.subject import NoPolicyError, SubjectError, SubjectKind, read_subject

GOOD = 'allow_origins = ["https://app.example"]\n'


def read(tmp_path: Path, text: str, name: str = "corsac.toml"):
    """The subject that a file with this text is."""
    path = tmp_path / name
    path.write_bytes(text.encode())
    return read_subject(str(path))


def problems(tmp_path: Path, text: str, name: str = "corsac.toml"):
    """Code, line and column of each problem, in the order in which they are reported."""
    return [
        (problem.code, problem.place.line, problem.place.column)
        for policy in read(tmp_path, text, name).policies
        for problem in policy.problems
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "corsac.toml",
            """
            allow_origins = ["https://app.example", { regex = 'https://[a-z]+\\.app\\.example' }]
            allow_methods = ["PUT"]
            allow_credentials = true
            max_age = 60
            """,
            [
                Policy(
                    allow_origins=[
                        "https://app.example",
                        re.compile(r"https://[a-z]+\.app\.example"),
                    ],
                    allow_methods=["PUT"],
                    allow_credentials=True,
                    max_age=60,
                )
            ],
        ),
        (
            "corsac.toml",
            """
            [policies.public]
            allow_origins = ["*"]
            [policies."a.b"]
            allow_origins = [{ regex = 'HTTPS://A', ignore_case = true }]
            """,
            [
                Policy(allow_origins=["*"], name="public"),
                Policy(
                    allow_origins=[re.compile("HTTPS://A", re.IGNORECASE)], name="a.b"
                ),
            ],
        ),
        (
            "pyproject.toml",
            f"[project]\nname = 'x'\n[tool.corsac]\n{GOOD}",
            [Policy(allow_origins=["https://app.example"])],
        ),
        (
            "pyproject.toml",
            f"[tool.corsac.policies.one]\n{GOOD}[tool.other]\nx = 1",
            [Policy(allow_origins=["https://app.example"], name="one")],
        ),
        (
            "other.toml",
            "\ufeff" + GOOD,
            [Policy(allow_origins=["https://app.example"])],
        ),
    ],
    ids=[
        "all kinds of values",
        "several policies",
        "pyproject's own table",
        "several policies in pyproject",
        "a byte order mark",
    ],
)
def test_a_file_holds_policies(tmp_path, name, text, expected):
    """The keywords of `Policy`, or tables of them."""
    subject = read(tmp_path, text, name)

    assert SubjectKind.TOML is subject.kind
    assert expected == [policy.policy for policy in subject.policies]
    assert not any(policy.problems for policy in subject.policies)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
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
            'allow_origins = "https://app.example"\nallow_methods = 7',
            [("invalid-list", 1, 17), ("invalid-list", 2, 17)],
            id="something else where a list belongs",
        ),
        pytest.param(
            f'{GOOD}allow_credentials = "yes"\nmax_age = -1\npreflight_status = 500',
            [
                ("invalid-flag", 2, 21),
                ("invalid-max-age", 3, 11),
                ("invalid-preflight-status", 4, 20),
            ],
            id="wrong types of all kinds, at once",
        ),
        pytest.param(
            f"{GOOD}allow-methods = ['PUT']\n 'nonsense' = 1",
            [("unknown-key", 2, 1), ("unknown-key", 3, 2)],
            id="unknown keys",
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
            "allow_origins = [{ regex = 'https://a.b', ignore_case = 1 }]",
            [("prohibited-origin-regex", 1, 18), ("invalid-origin-regex", 1, 57)],
            id="a regex that is a mistake, and its flag",
        ),
        pytest.param(
            'max_age = 5\n[policies.a]\nallow_methods = ["PUT"]',
            [("unknown-key", 1, 1), ("prohibited-empty-origins", 2, 1)],
            id="a keyword beside policies, and no origins",
        ),
        pytest.param(
            "policies = 3", [("invalid-table", 1, 12)], id="policies that are none"
        ),
        pytest.param(
            "[policies]\na = 'x'", [("invalid-table", 2, 5)], id="a policy that is none"
        ),
        pytest.param(
            f"{GOOD}allow_methods = [\n",
            [("invalid-toml", 3, 1)],
            id="a document that ends too soon",
        ),
        pytest.param(f"{GOOD}max_age = 5 6", [("invalid-toml", 2, 13)], id="no TOML"),
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
            'allow_origins = ["https://a.example", """https://b.example/""", \'c\']\r\nx = 1',
            [
                ("invalid-origin-pattern", 1, 39),
                ("invalid-origin-pattern", 1, 65),
                ("unknown-key", 2, 1),
            ],
            id="every kind of quotes, and a line's other end",
        ),
    ],
)
def test_each_problem_is_told_with_its_place(tmp_path, text, expected):
    """All of them at once, each where an editor finds it."""
    assert expected == problems(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{GOOD}allow_credentials = 1", "write true or false"),
        (f"{GOOD}allow_method = []", "write allow_methods"),
        (f"{GOOD}Max-Age = 1", "write max_age"),
        ("allow_origins = ['null']", "set dangerously_allow_null_origin = true"),
        (
            "allow_origins = ['https://a\\.b']",
            "write { regex = 'https://a\\\\.b' }",
        ),
        (f"{GOOD}allow_methods = 'PUT'", 'write a list: ["PUT"]'),
    ],
)
def test_a_problem_says_what_to_write_in_the_file(tmp_path, text, said):
    """Not what to write in Python."""
    [policy] = read(tmp_path, text).policies
    [problem] = policy.problems
    assert said in problem.text


def test_a_value_that_the_policy_keeps_has_its_place(tmp_path):
    """Also behind values that it does not keep."""
    text = (
        'allow_origins = ["https://a.example", "https://a.example", "https://b.example"]\n'
        'allow_methods = ["GET", "put"]\nmax_age = 5'
    )
    [policy] = read(tmp_path, text).policies
    places = [
        policy.place_of("allow_origins", 1),
        policy.place_of("allow_methods", 0),
        policy.place_of("max_age"),
        policy.place_of("allow_headers"),
    ]
    assert [(1, 60), (2, 25), (3, 11), (1, 1)] == [(p.line, p.column) for p in places]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pyproject.toml", "[project]\n", r"has no \[tool.corsac\]; write"),
        ("corsac.toml", "# nothing", "holds no policy; write"),
        ("pyproject.toml", "[tool.corsac]", "holds no policy; write"),
    ],
)
def test_a_file_without_a_policy_says_what_one_looks_like(tmp_path, name, text, said):
    """It is an error of its own, since some look for files that may hold one."""
    with pytest.raises(NoPolicyError, match=said):
        read(tmp_path, text, name)


def test_a_file_that_is_no_text_is_an_error(tmp_path):
    """In one sentence, as are a directory and a file that is not there."""
    path = tmp_path / "corsac.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SubjectError, match="is not UTF-8; save it as UTF-8"):
        read_subject(str(path))
    directory = tmp_path / "other.toml"
    directory.mkdir()
    with pytest.raises(SubjectError, match="is no file; name a TOML file"):
        read_subject(str(directory))
    with pytest.raises(SubjectError, match=r"there is no file .*missing\.toml"):
        read_subject(str(tmp_path / "missing.toml"))
