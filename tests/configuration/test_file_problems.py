"""What is said of TOML files that are wrong.

Here: what a problem says, files that are none. Not here: where each problem is
(`test_file_places.py`), which policies are wrong (`test_policy.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import os
import pickle

import pytest
from configured_files import GOOD, failure, write
from corsac import Policy, PolicyError
from corsac.configuration import (
    ConfigurationError,
    ConfigurationProblem,
    read_map,
    read_policies,
    read_toml,
)
from corsac.configuration._document import MAX_SIZE


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
