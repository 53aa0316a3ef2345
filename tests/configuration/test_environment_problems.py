"""What is wrong with environment variables.

Here: every problem with its variable. Not here: what is read of variables (`test_environment.py`),
which policies are wrong (`test_policy.py`).
Spec: https://12factor.net/config
"""

from __future__ import annotations

import pytest
from configured_files import failure, prefixed, read
from corsac.configuration import (
    CODES,
    ConfigurationError,
    read_map_from_env,
    read_policies_from_env,
)

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
    error = failure(lambda: read_map_from_env(environ=prefixed({"ALLOW_ORIGINS": "*"})))
    assert "CORSAC_ROUTES: no such variable; write routes, like /api=public" in str(
        error
    )


def test_every_code_of_variables_is_met():
    """The closed list, but for what only files have; each in the rows above."""
    met = {code for row in PROBLEMS for code, _, _ in row.values[1]}
    of_files = {"unreadable-file", "invalid-toml", "invalid-table"}
    assert set(CODES) - of_files <= met
    assert issubclass(ConfigurationError, ValueError)
