"""The JSON Schema of `corsac.toml`, and the editors that read it.

Here: the schema against documents that the reader takes or refuses, and the checkers of two editors'
extensions. Not here: what a schema cannot say (`test_file_problems.py`).
Spec: https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from importlib.resources import files
from pathlib import Path

import pytest
from configured_files import GOOD, failure, write
from corsac.configuration import (
    map_to_toml,
    policies_to_toml,
    read_policies,
    schema,
    to_toml,
)
from corsac.configuration._document import parser
from corsac.configuration._keywords import KEYWORDS
from generated import every_keyword, maps
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from strategies import thoroughly
from test_files import LINES, ROUTES, SEVERAL

parse = parser("a test")
validator = Draft202012Validator(schema())
FILE = files("corsac.configuration") / "corsac.schema.json"
#: The checkers of the extensions that editors have for TOML.
CHECKERS = {
    "taplo": ["taplo", "lint"],
    "tombi": ["tombi", "lint", "--offline"],
}


def test_the_file_is_what_the_command_prints():
    """The schema of the keywords that `Policy` has, in the draft that it names."""
    printed = subprocess.run(
        [sys.executable, "-m", "corsac.configuration", "schema"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert FILE.read_text(encoding="utf-8") == printed
    assert schema() == json.loads(printed)
    Draft202012Validator.check_schema(schema())


def test_the_command_says_what_it_knows():
    """And how an editor finds the file."""
    run = subprocess.run(
        [sys.executable, "-m", "corsac.configuration", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "print the JSON Schema of corsac.toml" in run.stdout
    assert "#:schema ./corsac.schema.json" in run.stdout


def test_each_keyword_is_described_in_the_words_of_a_file():
    """Which an editor shows; Python's words mean nothing there."""
    for keyword in KEYWORDS:
        text = schema()["$defs"][keyword]["description"]
        assert len(text) > 20
        for word in ("None", "True ", "a bool", "a str", "re.", "iterable"):
            assert word not in text.removeprefix("True or false"), text


GOOD_FILES = [
    GOOD,
    SEVERAL,
    ROUTES + SEVERAL,
    "[routes]\n'/' = false",
    f"[policies.a]\n{GOOD}shadow = 'b'\n[policies.b]\n{GOOD}",
    f"#:schema ./corsac.schema.json\n{GOOD}name = 'a'\n[shadow]\n{GOOD}",
    *(
        (GOOD if key != "allow_origins" else "")
        + ("name = 'a'\n" if key == "shadow" else "")
        + f"{key} = {line}"
        for key, rows in LINES.items()
        for line, _ in rows
    ),
]


@pytest.mark.parametrize("text", GOOD_FILES)
def test_what_the_reader_takes_is_valid(tmp_path, text):
    """An editor marks nothing in a file that is read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # debug is loud
        read_policies(write(tmp_path, text))
    assert [] == list(validator.iter_errors(parse(text)))


@settings(thoroughly, max_examples=80)
@given(policy=every_keyword(), routes=maps)
def test_what_is_written_is_valid(policy, routes):
    """Whatever policy or map it is."""
    for text in (
        to_toml(policy),
        policies_to_toml({"a": policy, "b": policy}),
        map_to_toml(routes),
    ):
        assert [] == list(validator.iter_errors(parse(text)))


BAD_FILES = [
    "",
    "max_age = 5",
    "allow_origins = []",
    "allow_origins = 'https://a.example'",
    "allow_origins = { regex = 'https://a' }",
    "allow_origins = ['app.example']",
    "allow_origins = ['HTTPS://app.example']",
    "allow_origins = ['https://app.example/']",
    "allow_origins = [7]",
    "allow_origins = [{ regexx = 'a' }]",
    "allow_origins = [{ regex = 7 }]",
    "allow_origins = [{ regex = 'https://a', ignore_case = 1 }]",
    "allow_origins = [{ regex = 'https://a', flags = 'i' }]",
    *(
        GOOD + line
        for line in (
            "allow_origin = ['*']",
            "Max-Age = 5",
            "allow_methods = 'PUT'",
            "allow_methods = ['P T']",
            "allow_methods = ['']",
            "allow_headers = [1]",
            "expose_headers = ['X:']",
            "allow_credentials = 'true'",
            "allow_credentials = 1",
            "max_age = -1",
            "max_age = 86401",
            "max_age = 1.5",
            "max_age = true",
            "max_age = ''",
            "max_age = 'browsers'",
            "preflight_status = 201",
            "preflight_status = '200'",
            "dangerously_allow_null_origin = 0",
            "name = ''",
            "name = 'a b'",
            "name = 7",
            "enforce = 'no'",
            "own_origins = ['*']",
            "own_origins = ['https://*.example']",
            "debug = 1",
            "shadow = 7",
            "shadow = { max_age = 7 }",
            "name = 'a'\nshadow = { allow_origins = ['*'], shadow = 'b' }",
            "timing_allow_origin = '*'",
            "cross_origin_resource_policy = 'cross-origin'",
            "cross_origin_resource_policy = false",
            "[policies.a]\nallow_origins = ['*']",
            "[routes]\n'/a' = 'a'",
            "[polices.a]\nallow_origins = ['*']",
        )
    ),
    "policies = 3",
    "[policies]\na = 'x'",
    "[policies.a]\nmax_age = 5",
    f"[policies.a]\n{GOOD}x = 1",
    f"[policies.a]\n{GOOD}[routes]",
    f"[policies.a]\n{GOOD}[routes]\n'/a' = true",
    f"[policies.a]\n{GOOD}[routes]\n'/a' = []",
    f"[policies.a]\n{GOOD}[routes]\n'/a' = ['a', 1]",
    f"[policies.a]\n{GOOD}[routes]\n'/a' = {{ allow_origins = ['*'] }}",
    f"[policies.a]\n{GOOD}[routes]\napi.example = 'a'",
    f"routes = 'a'\n[policies.a]\n{GOOD}",
]


@pytest.mark.parametrize("text", BAD_FILES)
def test_what_the_reader_refuses_by_its_structure_is_not_valid(tmp_path, text):
    """An editor marks it while it is written."""
    assert failure(lambda: read_policies(write(tmp_path, text))).problems
    assert list(validator.iter_errors(parse(text)))


def check(checker: str, folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What the checker of an editor says of a file beside the schema."""
    (folder / "corsac.schema.json").write_text(FILE.read_text(encoding="utf-8"))
    (folder / "corsac.toml").write_text(f"#:schema ./corsac.schema.json\n{text}")
    command, *arguments = CHECKERS[checker]
    return subprocess.run(
        [Path(sys.executable).with_name(command), *arguments, "corsac.toml"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("checker", CHECKERS)
def test_editors_take_a_file_that_is_right(tmp_path, checker):
    """Without so much as a warning."""
    for text in (GOOD, ROUTES + SEVERAL, LINES_TOGETHER):
        run = check(checker, tmp_path, text)
        assert 0 == run.returncode, run.stdout + run.stderr
        assert "warning" not in (run.stdout + run.stderr).lower()


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{GOOD}max_ag = 5", "max_ag"),
        (f"{GOOD}max_age = 86401", "86401"),
        (f"[policies.a]\n{GOOD}enforce = 'yes'", "oolean"),
        ("max_age = 5", "allow_origins"),
    ],
)
def test_editors_mark_what_is_wrong(tmp_path, checker, text, said):
    """By the comment that names the schema."""
    run = check(checker, tmp_path, text)
    assert 1 == run.returncode
    assert said in run.stdout + run.stderr


LINES_TOGETHER = "".join(
    f"{key} = {rows[0][0]}\n" for key, rows in LINES.items() if "credentials" not in key
)
