"""What is said of policies that are legal: each rule with a policy that meets it, and one that does not.

Here: the rules' rows, and lookalikes. Not here: what no policy can be (`test_policy.py`), live
applications (`test_applications.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
import warnings

import pytest
from corsac import Policy
from corsac.lint import RULES, Severity
from corsac.lint._lookalikes import is_local, lookalikes, registrable_domain
from corsac.lint._policy_rules import judge

APP = "https://app.example.com"
WIDE = re.compile(r"https://[a-z]*shop\.com")
CREDENTIALS = {"allow_credentials": True}
PUBLIC_SUFFIX = "dangerously_allow_public_suffix_origins"

#: A rule, where it is said, a policy that meets it, and one that almost does.
ROWS = [
    (
        "nobody-allowed",
        ("allow_origins", None),
        {"allow_origins": ["https://nobody.invalid"]},
        {"allow_origins": ["https://nobody.invalid", APP]},
    ),
    (
        "wide-regex",
        ("allow_origins", 1),
        {"allow_origins": [APP, WIDE]},
        {"allow_origins": [APP, re.compile(r"https://[a-z]*\.shop\.com")]},
    ),
    (
        "dangerous-flag",
        ("dangerously_allow_insecure_origins", None),
        {
            "allow_origins": ["http://app.example.com"],
            "dangerously_allow_insecure_origins": True,
            **CREDENTIALS,
        },
        {"allow_origins": [APP], **CREDENTIALS},
    ),
    (
        "dangerous-flag",
        ("dangerously_allow_null_origin", None),
        {"allow_origins": [APP], "dangerously_allow_null_origin": True},
        {"allow_origins": [APP]},
    ),
    (
        "idle-flag",
        (PUBLIC_SUFFIX, None),
        {"allow_origins": [APP], PUBLIC_SUFFIX: True, **CREDENTIALS},
        {"allow_origins": ["https://*.com"], PUBLIC_SUFFIX: True, **CREDENTIALS},
    ),
    (
        "localhost-beside-production",
        ("allow_origins", 1),
        {"allow_origins": [APP, "http://localhost:3000"], **CREDENTIALS},
        {"allow_origins": ["http://127.0.0.1:*", "http://localhost"], **CREDENTIALS},
    ),
    (
        "localhost-beside-production",
        ("allow_origins", 0),
        {"allow_origins": ["http://[::1]:*", APP], **CREDENTIALS},
        {"allow_origins": ["http://localhost:3000", APP]},
    ),
    (
        "wildcard-methods-with-credentials",
        ("allow_methods", 0),
        {"allow_origins": [APP], "allow_methods": ["*"], **CREDENTIALS},
        {"allow_origins": [APP], "allow_methods": ["*"]},
    ),
    (
        "wildcard-headers-with-credentials",
        ("allow_headers", 1),
        {
            "allow_origins": [APP],
            "allow_headers": ["Authorization", "*"],
            **CREDENTIALS,
        },
        {"allow_origins": [APP], "allow_headers": ["Authorization", "*"]},
    ),
    (
        "authorization-not-covered",
        ("allow_headers", 0),
        {"allow_origins": [APP], "allow_headers": ["*"]},
        {"allow_origins": [APP], "allow_headers": ["*", "AUTHORIZATION"]},
    ),
    (
        "wildcard-exposes-less-with-credentials",
        ("expose_headers", 0),
        {"allow_origins": [APP], "expose_headers": ["*"]},
        {"allow_origins": [APP], "expose_headers": ["X-Count"]},
    ),
    (
        "max-age-above-cap",
        ("max_age", None),
        {"allow_origins": [APP], "max_age": 7201},
        {"allow_origins": [APP], "max_age": 7200},
    ),
    (
        "unreachable-pattern",
        ("allow_origins", 0),
        {"allow_origins": [APP, "https://*.example.com"]},
        {"allow_origins": [APP, "https://*.app.example.com"]},
    ),
    (
        "unreachable-pattern",
        ("allow_origins", 1),
        {"allow_origins": ["*", APP]},
        {"allow_origins": ["*"]},
    ),
    (
        "unreachable-pattern",
        ("allow_origins", 1),
        {"allow_origins": ["https://*.example.com:*", "https://*.a.example.com"]},
        {"allow_origins": ["https://*.example.com", "https://*.a.example.com:*"]},
    ),
    (
        "unreachable-pattern",
        ("allow_origins", 0),
        {"allow_origins": [APP, re.compile(r"https://[a-z]+\.example\.com")]},
        {"allow_origins": [APP, re.compile(r"https://[b-z]+\.example\.com")]},
    ),
    (
        "unreachable-pattern",
        ("allow_origins", 0),
        {
            "allow_origins": [
                "https://*.example.com",
                re.compile(r"https://.*\.example\.com"),
            ]
        },
        {
            "allow_origins": [
                "https://*.example.com",
                re.compile(r"https://[a-z]+\.example\.com"),
            ]
        },
    ),
    (
        "redundant-name",
        ("allow_methods", 0),
        {"allow_origins": [APP], "allow_methods": ["PUT", "*"]},
        {"allow_origins": [APP], "allow_headers": ["Authorization", "*"]},
    ),
    (
        "many-subdomains",
        ("allow_origins", 0),
        {"allow_origins": [f"https://{name}.example.com" for name in "abcd"]},
        {"allow_origins": [f"https://{name}.com" for name in "abcd"]},
    ),
]


def judged(keywords):
    """Rule, field and place of all that is said of a policy."""
    return [(rule, field, index) for rule, field, index, _ in judge(Policy(**keywords))]


@pytest.mark.parametrize(
    ("rule", "where", "met", "missed"), ROWS, ids=[row[0] for row in ROWS]
)
def test_a_rule_is_met_and_missed(rule, where, met, missed):
    """It says where, and does not say it of what only looks like it."""
    assert (rule, *where) in judged(met)
    assert rule not in [said[0] for said in judged(missed)]


def test_the_policy_of_the_readme_is_clean():
    """Most policies are, or the linter would be switched off."""
    keywords = {
        "allow_origins": ["https://example.com", "https://*.example.com"],
        "allow_methods": ["PUT", "DELETE"],
        "allow_headers": ["Content-Type", "Authorization"],
        "expose_headers": ["X-Request-Id"],
        "allow_credentials": True,
        "max_age": 600,
    }
    assert [] == judged(keywords)


def test_a_thousand_origins_are_judged_at_once():
    """In the time that a person waits."""
    origins = [f"https://a{n}.b{n}.example" for n in range(1000)]
    assert [] == judged({"allow_origins": origins})


def test_every_rule_has_a_summary_a_severity_and_a_link():
    """They are what tools show."""
    for name, rule in RULES.items():
        assert name == rule.id
        assert rule.summary.endswith(".")
        assert rule.source.startswith("https://")
        assert rule.severity in Severity
    assert Severity.ERROR is RULES["invalid-origin-pattern"].severity


def test_a_warning_of_the_policy_is_a_finding(tmp_path):
    """What Python would print once, and a build would not see."""
    from corsac.lint import lint
    from corsac.subject import read_subject

    path = tmp_path / "corsac.toml"
    path.write_text(f'allow_origins = ["{APP}"]\nallow_methods = ["patch"]')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [finding] = lint(read_subject(str(path))).findings()
    assert ("hardly-meant", Severity.WARNING) == (finding.rule, finding.severity)
    assert "'patch' is not 'PATCH'" in finding.text


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (
            "https://app.example.com",
            {
                "https://app.example.com.stranger.example",
                "https://strangerexample.com",
                "https://app.examplexcom",
                "https://app.example.comstranger",
            },
        ),
        (
            "https://example.co.uk:8443",
            {
                "https://example.co.uk.stranger.example:8443",
                "https://stranger-example.co.uk:8443",
                "https://strangerexample.co.uk:8443",
                "https://examplexco.uk:8443",
                "https://example.coxuk:8443",
                "https://example.co.ukstranger:8443",
            },
        ),
        ("http://localhost:3000", set()),
        ("https://192.0.2.7", set()),
        ("https://[::1]", set()),
        ("null", set()),
    ],
)
def test_lookalikes_are_of_other_owners(origin, expected):
    """A name under the same registrable domain is the same owner's."""
    found = set(lookalikes(origin))
    assert expected <= found
    if not expected:
        assert not found


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("a.b.example.com", "example.com"),
        ("example.com", "example.com"),
        ("a.example.co.uk", "example.co.uk"),
        ("a.app.example", "app.example"),
        ("me.github.io", "me.github.io"),
        ("localhost", None),
        ("192.0.2.7", None),
    ],
)
def test_a_host_belongs_to_a_registrable_domain(host, name):
    """By the list of public suffixes, and by two labels where nothing is listed."""
    assert name == registrable_domain(host)


@pytest.mark.parametrize(
    ("origin", "local"),
    [
        ("http://localhost", True),
        ("http://localhost:*", True),
        ("http://app.localhost:80", True),
        ("http://127.0.0.2:3000", True),
        ("http://[::1]:3000", True),
        ("http://localhost.example.com", False),
        ("http://127.example.com", False),
        ("*", False),
        ("null", False),
    ],
)
def test_what_is_local(origin, local):
    """The machine itself, and nothing that only begins like it."""
    assert local is is_local(origin)
