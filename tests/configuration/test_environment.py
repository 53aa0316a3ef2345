"""Policies in environment variables.

Here: what is read of them. Not here: what is wrong with them (`test_environment_problems.py`), files
(`test_files.py`).
Spec: https://12factor.net/config
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings

import pytest
from configured_files import failure, prefixed, read
from corsac import OriginPolicies, Policy, PolicyMap, PolicyWarning
from corsac.configuration import (
    from_env,
    read_map_from_env,
    read_policies_from_env,
)
from corsac.configuration._keywords import KEYWORDS

ORIGINS = ["https://app.example"]


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
