"""Policies in TOML files: what is read, and where each problem stands.

Here: files as a command line names them, and what becomes of each policy and each problem.
Not here: applications (`test_find.py`), everything that can be wrong with a file
(`configuration/test_file_problems.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from corsac import Policy
from corsac.configuration import CODES
from corsac.lint import RULES
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
            'max_age = 5\n[policies.a]\nallow_methods = ["PUT"]',
            [("unknown-key", 1, 1), ("prohibited-empty-origins", 2, 1)],
            id="a keyword beside policies, and no origins",
        ),
        pytest.param(
            f"[policies.a]\n{GOOD}shadow = 'b'\n[policies.c]\n{GOOD}shadow = {{ max_age = 1 }}",
            [("unknown-policy", 3, 10), ("prohibited-empty-origins", 6, 10)],
            id="shadows",
        ),
        pytest.param(
            f"[policies.a]\n{GOOD}[routes]\n'/a/' = 'a'\n'/b' = 'b'",
            [("invalid-route", 4, 1), ("unknown-policy", 5, 8)],
            id="routes",
        ),
        pytest.param(f"{GOOD}max_age = 5 6", [("invalid-toml", 2, 13)], id="no TOML"),
    ],
)
def test_each_problem_is_told_with_its_place(tmp_path, text, expected):
    """All of them at once, each where an editor finds it."""
    assert expected == problems(tmp_path, text)


def test_a_problem_knows_its_keyword(tmp_path):
    """Where it is one of a policy; a key that is none is no keyword."""
    text = "allow_origins = ['*', 'x']\nmax_age = -1\nx = 1"
    [policy] = read(tmp_path, text).policies
    assert [("allow_origins", 1), ("max_age", None), ("", None)] == [
        (problem.field, problem.index) for problem in policy.problems
    ]
    assert policy.problems[2].text.startswith("x is no keyword of a policy; write ")


def test_the_linter_has_a_rule_for_each_problem_of_a_file():
    """But for those that leave nothing to lint."""
    assert set(CODES) - {"no-policy", "unreadable-file", "invalid-variable"} <= set(
        RULES
    )


def test_warnings_stay_with_their_policies(tmp_path):
    """They are said with the findings."""
    text = f"[policies.a]\n{GOOD}allow_methods = ['patch']\n[policies.b]\n{GOOD}"
    first, second = read(tmp_path, text).policies
    assert "PATCH" in first.warnings[0]
    assert () == second.warnings


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
