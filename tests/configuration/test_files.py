"""Policies in TOML files: what is read.

Here: every keyword, one policy and several, shadows, maps, and which policy is asked for.
Not here: what is wrong with files (`test_file_problems.py`), writing (`test_writing.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import os
import re
import warnings

import pytest
from configured_files import GOOD, write
from corsac import OriginPolicies, Policy, PolicyMap, PolicyWarning
from corsac.configuration import read_map, read_policies, read_toml
from corsac.configuration._keywords import KEYWORDS

ORIGINS = ["https://app.example"]
STRICT = Policy(allow_origins=["https://strict.example"], name="strict")

#: A line of a file, and the keyword's value that it stands for.
LINES = {
    "allow_origins": [
        ('["https://app.example"]', ["https://app.example"]),
        (
            '["https://*.app.example", "http://localhost:*"]',
            ["https://*.app.example", "http://localhost:*"],
        ),
        (
            "[{ regex = 'https://[a-z]+\\.app\\.example' }]",
            [re.compile(r"https://[a-z]+\.app\.example")],
        ),
        (
            '[{ regex = "https://a", ignore_case = true, ascii = true }, "*"]',
            [re.compile("https://a", re.IGNORECASE | re.ASCII), "*"],
        ),
        (
            "[{ regex = 'https://a', ignore_case = false, ascii = false }]",
            [re.compile("https://a")],
        ),
        (
            "['''https://app.example''', \"\"\"\nhttps://b.example\"\"\"]",
            ["https://app.example", "https://b.example"],
        ),
    ],
    "allow_methods": [('["PUT", "put", "X-My"]', ["PUT", "X-My"]), ("[]", [])],
    "allow_headers": [('[\n  "X-A", # one\n  "X-B",\n]', ["X-A", "X-B"])],
    "expose_headers": [('["X-Request-Id"]', ["X-Request-Id"])],
    "allow_credentials": [("true", True), ("false", False)],
    "max_age": [("5", 5), ("0x10", 16), ("1_000", 1000), ('"browser"', None)],
    "preflight_status": [("200", 200), ("204", 204)],
    "dangerously_allow_null_origin": [("true", True)],
    "dangerously_allow_insecure_origins": [("true", True)],
    "dangerously_allow_public_suffix_origins": [("true", True)],
    "name": [('"partners.eu-1_x"', "partners.eu-1_x")],
    "enforce": [("true", True)],
    "own_origins": [('["https://api.example"]', ["https://api.example"])],
    "debug": [("true", True)],
    "shadow": [
        (
            '{ allow_origins = ["https://strict.example"], name = "strict" }',
            STRICT,
        )
    ],
    "timing_allow_origin": [("true", True)],
    "cross_origin_resource_policy": [
        ('"same-site"', "same-site"),
        ('"same-origin"', "same-origin"),
    ],
}


def test_there_is_a_line_for_each_keyword():
    """A keyword that is added to `Policy` belongs into the table."""
    assert list(KEYWORDS) == list(LINES)


@pytest.mark.parametrize(
    ("keyword", "line", "value"),
    [(key, line, value) for key, rows in LINES.items() for line, value in rows],
)
def test_each_keyword_of_a_policy_is_a_key(tmp_path, keyword, line, value):
    """With the values that TOML has."""
    given = {"allow_origins": '["https://app.example"]', keyword: line}
    expected = {"allow_origins": ORIGINS, keyword: value}
    if keyword == "shadow":  # it is counted under the name of its policy
        given["name"], expected["name"] = '"public"', "public"
    # A shadow is a table in a line here, so that the order of keys does not matter.
    text = "".join(f"{key} = {one}\n" for key, one in given.items())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)  # debug is loud
        assert Policy(**expected) == read_toml(write(tmp_path, text))


SEVERAL = """
[policies.public]
allow_origins = ["*"]
[policies."partners.eu"]
allow_origins = ["https://partner.example"]
[policies.third]
name = "other"
allow_origins = ["https://third.example"]
"""
PUBLIC = Policy(allow_origins=["*"], name="public")
PARTNERS = Policy(allow_origins=["https://partner.example"], name="partners.eu")
THIRD = Policy(allow_origins=["https://third.example"], name="other")


def test_a_table_of_policies_names_each(tmp_path):
    """By its key, and the policy too unless it says another name itself."""
    expected = {"public": PUBLIC, "partners.eu": PARTNERS, "third": THIRD}
    assert expected == read_policies(write(tmp_path, SEVERAL))


def test_a_file_with_keywords_holds_one_policy_without_a_name(tmp_path):
    """Which the empty name stands for."""
    assert {"": Policy(allow_origins=ORIGINS)} == read_policies(write(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (SEVERAL, "public", PUBLIC),
        (SEVERAL, "partners.eu", PARTNERS),
        (SEVERAL, "third", THIRD),
        ("[policies.public]\nallow_origins = ['*']", None, PUBLIC),
        (f'{GOOD}name = "one"', None, Policy(allow_origins=ORIGINS, name="one")),
        (f'{GOOD}name = "one"', "one", Policy(allow_origins=ORIGINS, name="one")),
        ("policies.public.allow_origins = ['*']", "public", PUBLIC),
        ('policies = { public = { allow_origins = ["*"] } }', "public", PUBLIC),
    ],
)
def test_one_policy_is_asked_for(tmp_path, text, name, expected):
    """By its name, or without one where there is no other."""
    assert expected == read_toml(write(tmp_path, text), name)


def test_a_shadow_is_another_policy_of_the_file(tmp_path):
    """By its name, wherever it stands; or a table of keywords."""
    text = (
        '[policies.public]\nallow_origins = ["*"]\nshadow = "strict"\n'
        '[policies.other]\nallow_origins = ["*"]\n'
        'shadow.allow_origins = ["https://strict.example"]\n'
        '[policies.third]\nallow_origins = ["*"]\n[policies.third.shadow]\n'
        'allow_origins = ["https://strict.example"]\n'
        '[policies.strict]\nallow_origins = ["https://strict.example"]\n'
    )
    policies = read_policies(write(tmp_path, text))

    assert STRICT == policies["public"].shadow == policies["strict"]
    nameless = STRICT.replace(name=None)
    assert nameless == policies["other"].shadow == policies["third"].shadow


def test_in_pyproject_the_table_of_the_tool_is_read(tmp_path):
    """And nothing of the other tools."""
    text = f"[project]\nname = 'x'\n[tool.corsac]\n{GOOD}[tool.other]\npolicies = 3"
    path = write(tmp_path, text, "pyproject.toml")
    assert Policy(allow_origins=ORIGINS) == read_toml(path)

    text = SEVERAL.replace("[", "[tool.corsac.").replace("= [tool.corsac.", "= [")
    path = write(tmp_path, text, "pyproject.toml")
    assert PARTNERS == read_toml(path, "partners.eu")


@pytest.mark.parametrize("kind", [str, os.fsencode, lambda path: path])
def test_a_path_is_a_text_bytes_or_a_path(tmp_path, kind):
    """As everywhere in Python."""
    path = write(tmp_path, GOOD)
    assert Policy(allow_origins=ORIGINS) == read_toml(kind(path))
    with pytest.raises(TypeError):
        read_toml(7)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + GOOD, id="a byte order mark"),
        pytest.param(f"# ü\r\n{GOOD.strip()}\r\n", id="the other line ends"),
        pytest.param(f"\t {GOOD}", id="a tab before a key"),
        pytest.param(GOOD.replace("app", r"\u0061pp"), id="an escape"),
    ],
)
def test_how_a_file_is_written_does_not_matter(tmp_path, text):
    """As far as it is TOML."""
    assert Policy(allow_origins=ORIGINS) == read_toml(write(tmp_path, text))


ROUTES = """
[routes]
"/api" = "public"
"/api/internal" = false
"api.example.com/v1" = "partners.eu"
"*.example.com" = ["partners.eu", "public"]
"/one" = ["third"]
"""


def test_a_table_of_routes_is_a_map(tmp_path):
    """A name is that policy, false is no CORS, names are told apart by their origins."""
    expected = PolicyMap(
        {
            "/api": PUBLIC,
            "/api/internal": None,
            "api.example.com/v1": PARTNERS,
            "*.example.com": OriginPolicies([PARTNERS, PUBLIC]),
            "/one": OriginPolicies([THIRD]),
        }
    )
    assert expected == read_map(write(tmp_path, ROUTES + SEVERAL))
    # The file holds its policies as before.
    assert PUBLIC == read_toml(tmp_path / "corsac.toml", "public")


def test_a_map_may_have_no_policy(tmp_path):
    """Where nothing but that is said."""
    expected = PolicyMap({"/": None})
    assert expected == read_map(write(tmp_path, '[routes]\n"/" = false'))
    assert {} == read_policies(tmp_path / "corsac.toml")


def test_what_is_hardly_meant_is_warned_of(tmp_path):
    """As `Policy` does."""
    path = write(tmp_path, f"{GOOD}allow_methods = ['patch']")
    with pytest.warns(PolicyWarning, match="PATCH"):
        read_toml(path)
