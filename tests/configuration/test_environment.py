"""Policies in environment variables.

Here: what is read of them, and every problem with its variable. Not here: which policies are wrong
(`test_policy.py`), files (`test_files.py`).
Spec: https://12factor.net/config
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings

import pytest
from configured_files import failure
from corsac import OriginPolicies, Policy, PolicyMap, PolicyWarning
from corsac.configuration import (
    CODES,
    ConfigurationError,
    from_env,
    read_map_from_env,
    read_policies_from_env,
)
from corsac.configuration._keywords import KEYWORDS

ORIGINS = ["https://app.example"]


def read(variables: dict[str, str], name: str | None = None) -> Policy:
    """The policy of variables, written without their prefix."""
    return from_env("CORSAC_", prefixed(variables), name)


def prefixed(variables: dict[str, str]) -> dict[str, str]:
    """The same as an environment, with another variable in it."""
    return {"PATH": "/bin", **{f"CORSAC_{key}": one for key, one in variables.items()}}


VALUES = {
    "allow_origins": [
        ("https://a.example", ["https://a.example"]),
        (
            " https://a.example, https://b.example\n\thttp://localhost:* ,",
            ["https://a.example", "https://b.example", "http://localhost:*"],
        ),
        ("*", ["*"]),
    ],
    "allow_methods": [("PUT,DELETE", ["PUT", "DELETE"]), ("", [])],
    "allow_headers": [("X-A X-B", ["X-A", "X-B"])],
    "expose_headers": [("X-A\nX-B", ["X-A", "X-B"])],
    "allow_credentials": [
        *((word, True) for word in ("true", "True", "1", "yes", " on ", "ON")),
        *((word, False) for word in ("false", "FALSE", "0", "no", "off")),
    ],
    "max_age": [("5", 5), (" 0 ", 0), ("", None), ("browser", None), ("+060", 60)],
    "preflight_status": [("200", 200)],
    "dangerously_allow_null_origin": [("1", True)],
    "dangerously_allow_insecure_origins": [("1", True)],
    "dangerously_allow_public_suffix_origins": [("1", True)],
    "name": [("public", "public"), ("7", "7"), ("", None)],
    "enforce": [("1", True)],
    "own_origins": [("https://api.example", ["https://api.example"])],
    "debug": [("1", True)],
    "shadow": [("", None)],
    "timing_allow_origin": [("1", True)],
    "cross_origin_resource_policy": [("same-site", "same-site"), ("", None)],
}


def test_there_are_values_for_each_keyword():
    """A keyword that is added to `Policy` belongs into the table."""
    assert list(KEYWORDS) == list(VALUES)


@pytest.mark.parametrize(
    ("keyword", "text", "value"),
    [(key, text, value) for key, rows in VALUES.items() for text, value in rows],
)
def test_each_keyword_of_a_policy_is_a_variable(keyword, text, value):
    """In capitals; alone, and as that of a policy with a name."""
    variables = {"ALLOW_ORIGINS": ORIGINS[0], keyword.upper(): text}
    keywords = {"allow_origins": ORIGINS, keyword: value}
    named = {f"ONE__{variable}": one for variable, one in variables.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)  # debug is loud
        assert Policy(**keywords) == read(variables)
        assert Policy(**{"name": "one", **keywords}) == read(named)


def test_regexes_have_a_variable_of_their_own():
    """One on each line, since a regex may hold commas and spaces; behind the origins."""
    regexes = "https://[a-z]{1,3}\\.a\\.example\r\n\n  (?i)https://b\\.example\t\n"
    sources = [r"https://[a-z]{1,3}\.a\.example", r"(?i)https://b\.example"]
    compiled = [re.compile(source) for source in sources]

    alone = read({"ALLOW_ORIGIN_REGEXES": regexes})
    assert Policy(allow_origins=compiled) == alone
    both = read({"ALLOW_ORIGIN_REGEXES": regexes, "ALLOW_ORIGINS": ORIGINS[0]})
    assert Policy(allow_origins=[*ORIGINS, *compiled]) == both


SEVERAL = {
    "ALLOW_ORIGINS": "https://app.example",
    "PARTNERS__ALLOW_ORIGINS": "https://partner.example",
    "PARTNERS__ALLOW_METHODS": "PUT",
    "EU_2__ALLOW_ORIGINS": "https://eu.example",
    "EU_2__NAME": "eu.2",
}
PARTNERS = Policy(
    allow_origins=["https://partner.example"], allow_methods=["PUT"], name="partners"
)
EU = Policy(allow_origins=["https://eu.example"], name="eu.2")


def test_two_lines_between_name_and_keyword_make_several_policies():
    """By their names in small letters; the one without a name under the empty one."""
    expected = {"": Policy(allow_origins=ORIGINS), "partners": PARTNERS, "eu_2": EU}
    assert expected == read_policies_from_env(environ=prefixed(SEVERAL))


def test_one_policy_is_asked_for():
    """By its name, or without one where one has none, or there is no other."""
    assert Policy(allow_origins=ORIGINS) == read(SEVERAL)
    assert EU == read(SEVERAL, "eu_2")
    alone = {key: one for key, one in SEVERAL.items() if key.startswith("PARTNERS")}
    assert PARTNERS == read(alone)


def test_a_shadow_is_another_policy_by_its_name():
    """A policy without a name has none, since a shadow is counted under one."""
    shadowed = {**SEVERAL, "PARTNERS__SHADOW": "eu_2"}
    assert PARTNERS.replace(shadow=EU) == read(shadowed, "partners")
    [problem] = failure(lambda: read({**SEVERAL, "SHADOW": "partners"})).problems
    assert "CORSAC_SHADOW: " in str(problem)
    assert "add CORSAC_NAME=" in str(problem)


def test_a_variable_of_routes_is_a_map():
    """A name is that policy, none is no CORS, names are told apart by their origins."""
    routes = "/api=partners\n /api/x=none\t*.example.com/a=b=eu_2,partners"
    expected = PolicyMap(
        {
            "/api": PARTNERS,
            "/api/x": None,
            "*.example.com/a=b": OriginPolicies([EU, PARTNERS]),
        }
    )
    environ = prefixed({**SEVERAL, "ROUTES": routes})
    assert expected == read_map_from_env(environ=environ)
    assert PolicyMap({"/": None}) == read_map_from_env("X_", {"X_ROUTES": "/=none"})


def test_the_environment_of_the_process_is_read():
    """Where no other is given; a prefix is anything."""
    code = (
        "from corsac.configuration import from_env\n"
        "print(from_env().allow_origins, from_env('shop_').allow_origins)"
    )
    environ = {
        "CORSAC_ALLOW_ORIGINS": "*",
        "shop_ALLOW_ORIGINS": "https://shop.example",
    }
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "('*',) ('https://shop.example',)\n" == run.stdout
    with pytest.raises(ValueError, match="write what the variables begin with"):
        from_env("")


PROBLEMS = [
    pytest.param(
        {"ALLOW_ORIGINS": "https://a.example/ https://b.example\n, HTTPS://c.example"},
        [
            ("invalid-origin-pattern", "ALLOW_ORIGINS:1:1", 'https://a.example"'),
            ("invalid-origin-pattern", "ALLOW_ORIGINS:2:3", "allow_origins[2] = "),
        ],
        id="items of a list have lines and columns",
    ),
    pytest.param(
        {
            "ALLOW_ORIGINS": "https://a\\.b",
            "ALLOW_ORIGIN_REGEXES": "https://x\\.a\n (\nhttps://y.example",
        },
        [
            (
                "invalid-origin-pattern",
                "ALLOW_ORIGINS:1:1",
                "in CORSAC_ALLOW_ORIGIN_REGEXES",
            ),
            ("invalid-origin-regex", "ALLOW_ORIGIN_REGEXES:2:2", "no regex: missing )"),
            ("prohibited-origin-regex", "ALLOW_ORIGIN_REGEXES:3:1", "allow_origins[3]"),
        ],
        id="regexes have lines",
    ),
    pytest.param(
        {"MAX_AGE": "5"},
        [
            (
                "prohibited-empty-origins",
                "ALLOW_ORIGINS",
                "list the origins, like https://example.com",
            )
        ],
        id="no origins at all",
    ),
    pytest.param(
        {"ALLOW_ORIGINS": " , "},
        [("prohibited-empty-origins", "ALLOW_ORIGINS", "list the origins")],
        id="an empty list of origins",
    ),
    pytest.param(
        {
            "ALLOW_ORIGINS": "https://a.example",
            "ALLOW_CREDENTIALS": "ja",
            "MAX_AGE": "1.5",
            "PREFLIGHT_STATUS": "two",
            "NAME": "a b",
            "ENFORCE": "",
            "OWN_ORIGINS": "https://a.example *",
            "CROSS_ORIGIN_RESOURCE_POLICY": "cross-origin",
            "ALLOW_METHODS": "PUT TRACE",
        },
        [
            ("forbidden-method", "ALLOW_METHODS:1:5", "leave it out"),
            ("invalid-flag", "ALLOW_CREDENTIALS", "write true or false"),
            ("invalid-max-age", "MAX_AGE", 'max_age = "1.5": write seconds'),
            ("invalid-preflight-status", "PREFLIGHT_STATUS", "write 204"),
            ("invalid-name", "NAME", "write 1 to 100 letters"),
            ("invalid-flag", "ENFORCE", 'enforce = "": write true or false'),
            ("invalid-own-origin", "OWN_ORIGINS:1:19", "write an origin"),
            ("invalid-resource-policy", "CROSS_ORIGIN_RESOURCE_POLICY", "same-site"),
        ],
        id="wrong values of all kinds, at once",
    ),
    pytest.param(
        {"A__ALLOW_ORIGINS": "null http://a.example", "A__ALLOW_CREDENTIALS": "1"},
        [
            (
                "prohibited-null-origin",
                "A__ALLOW_ORIGINS:1:1",
                "set CORSAC_A__DANGEROUSLY_ALLOW_NULL_ORIGIN=true",
            ),
            (
                "prohibited-insecure-origin-with-credentials",
                "A__ALLOW_ORIGINS:1:6",
                "set CORSAC_A__DANGEROUSLY_ALLOW_INSECURE_ORIGINS=true",
            ),
        ],
        id="flags are called by their variables",
    ),
    pytest.param(
        {"ALLOW_ORIGINS": "*", "ALLOW_CREDENTIALS": "1"},
        [
            (
                "prohibited-wildcard-with-credentials",
                "ALLOW_ORIGINS:1:1",
                "leave out CORSAC_ALLOW_CREDENTIALS",
            )
        ],
        id="keywords are called by their variables",
    ),
    pytest.param(
        {
            "ALLOW_ORIGINS": '["https://a.example", "https://b.example"]',
            "MAX_AGE": "'5'",
            "ALLOW_METHODS": '"PUT DELETE"',
        },
        [
            (
                "invalid-variable",
                "ALLOW_ORIGINS",
                ": https://a.example https://b.example",
            ),
            ("invalid-variable", "ALLOW_METHODS", "write PUT DELETE without them"),
            ("invalid-variable", "MAX_AGE", "write 5 without them"),
        ],
        id="brackets and quotes that a tool has left",
    ),
    pytest.param(
        {
            "ALLOW_ORIGINS": "*",
            "ALLOW_ORIGIN": "*",
            "allow_origins": "*",
            "A__ALLOW_METHOD": "PUT",
            "a__ALLOW_METHODS": "PUT",
            "PARTNERS_ALLOW_ORIGINS": "*",
            "CORS_MAX_AGE": "1",
            "ROUTE": "x",
            "XYZ": "secret",
            "__MAX_AGE": "1",
            "A___MAX_AGE": "1",
        },
        [
            ("unknown-key", "ALLOW_ORIGIN", "write CORSAC_ALLOW_ORIGINS"),
            ("unknown-key", "A__ALLOW_METHOD", "write CORSAC_A__ALLOW_METHODS"),
            ("unknown-key", "A___MAX_AGE", "write CORSAC_A__MAX_AGE"),
            ("unknown-key", "CORS_MAX_AGE", "write CORSAC_CORS__MAX_AGE"),
            (
                "unknown-key",
                "PARTNERS_ALLOW_ORIGINS",
                "write CORSAC_PARTNERS__ALLOW_ORIGINS",
            ),
            ("unknown-key", "ROUTE", "write CORSAC_ROUTES"),
            ("unknown-key", "XYZ", "write one of CORSAC_ALLOW_ORIGINS, "),
            ("unknown-key", "__MAX_AGE", "write CORSAC_MAX_AGE"),
            ("unknown-key", "a__ALLOW_METHODS", "write CORSAC_A__ALLOW_METHODS"),
            ("unknown-key", "allow_origins", "write CORSAC_ALLOW_ORIGINS"),
        ],
        id="variables that belong to no policy",
    ),
    pytest.param(
        {"NONE__ALLOW_ORIGINS": "*"},
        [("invalid-variable", "NONE__ALLOW_ORIGINS", "give the policy another name")],
        id="a name that stands for no CORS",
    ),
    pytest.param(
        {
            "A__ALLOW_ORIGINS": "*",
            "A__SHADOW": "b",
            "C__ALLOW_ORIGINS": "*",
            "C__SHADOW": "D",
            "D__ALLOW_ORIGINS": "*",
            "D__SHADOW": "d",
            "E__ALLOW_ORIGINS": "*",
            "E__SHADOW": "a",
        },
        [
            ("unknown-policy", "A__SHADOW", 'shadow = "b": write the name'),
            ("unknown-policy", "C__SHADOW", 'shadow = "D": write the name'),
            ("unknown-policy", "D__SHADOW", "write the name of another policy"),
            ("invalid-shadow", "E__SHADOW", "name a policy that has none"),
        ],
        id="shadows that are no other policy, or have their own",
    ),
    pytest.param(
        {"A__ALLOW_ORIGINS": "x", "B__ALLOW_ORIGINS": "*", "B__SHADOW": "a"},
        [("invalid-origin-pattern", "A__ALLOW_ORIGINS:1:1", "allow_origins[0]")],
        id="a shadow that is wrong itself is told of once",
    ),
    pytest.param(
        {
            "A__ALLOW_ORIGINS": "*",
            "ROUTES": "/a=a\n /b=b\t/c/=none /d =a /a=none /e=a,,a /f=a,b",
        },
        [
            ("unknown-policy", "ROUTES:2:2", 'no policy is named "b"; write "a"'),
            ("invalid-route", "ROUTES:2:7", "/c/=none: a path covers"),
            ("invalid-choice", "ROUTES:2:16", "/d: write a route and a name"),
            ("invalid-route", "ROUTES:2:19", "=a: write a path"),
            ("invalid-route", "ROUTES:2:22", "this route stands here twice"),
            ("invalid-choice", "ROUTES:2:30", "/e=a,,a: write a route"),
            ("unknown-policy", "ROUTES:2:38", 'no policy is named "b"; write "a"'),
        ],
        id="routes of all kinds that are wrong",
    ),
    pytest.param(
        {"ALLOW_ORIGINS": "*", "A__ALLOW_ORIGINS": "*", "ROUTES": "/=xyz"},
        [("unknown-policy", "ROUTES:1:1", 'no policy is named "xyz"; write "a"')],
        id="a route to a policy without a name has none to write",
    ),
    pytest.param(
        {"ROUTES": " "},
        [("prohibited-empty-policies", "ROUTES", "/api=public")],
        id="no routes",
    ),
    pytest.param(
        {},
        [("no-policy", "*", "write CORSAC_ALLOW_ORIGINS=https://app.example")],
        id="no variables",
    ),
]


@pytest.mark.parametrize(("variables", "expected"), PROBLEMS)
def test_each_problem_is_told_with_its_variable(variables, expected):
    """All of them at once, with what to write instead."""
    found = failure(lambda: read_policies_from_env(environ=prefixed(variables)))
    assert [(code, f"CORSAC_{place}") for code, place, _ in expected] == [
        (problem.code, problem.place) for problem in found.problems
    ]
    for problem, (*_, said) in zip(found.problems, expected, strict=True):
        assert said in str(problem)


def test_the_value_of_an_unknown_variable_is_not_told():
    """It may be a secret of something else with the same prefix."""
    error = failure(lambda: read({"ALLOW_ORIGINS": "*", "DATABASE": "hunter2"}))
    assert "hunter2" not in str(error) + repr(error)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (None, '*: it holds several policies; name one of "a", "b"'),
        ("c", '*: no policy is named "c"; name one of "a", "b"'),
    ],
)
def test_a_policy_that_is_not_there_names_those_that_are(name, said):
    """Of several one must be asked for."""
    variables = {"A__ALLOW_ORIGINS": "*", "B__ALLOW_ORIGINS": "*"}
    assert f"CORSAC_{said}" in str(failure(lambda: read(variables, name)))


def test_variables_without_routes_are_no_map():
    """It says what routes look like."""
    error = failure(lambda: read_map_from_env(environ=prefixed(SEVERAL)))
    assert "CORSAC_ROUTES: no such variable; write routes, like /api=public" in str(
        error
    )


def test_every_code_of_variables_is_met():
    """The closed list, but for what only files have; each in the rows above."""
    met = {code for row in PROBLEMS for code, _, _ in row.values[1]}
    of_files = {"unreadable-file", "invalid-toml", "invalid-table"}
    assert set(CODES) - of_files <= met
    assert issubclass(ConfigurationError, ValueError)
