"""The closed list of findings and their cures.

Here: that each is whole, and that the lines for Python servers are Python. Not here: when a rule is
found (`test_findings.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re

import pytest
from corsac import Policy
from corsac.adapters.asgi import CORSMiddleware
from corsac.probe import RULES
from corsac.probe.remedies import REMEDIES, SERVERS, lines

ORIGIN = "https://shop.example.org:8443"
PYTHON = ("corsac", "starlette", "django", "flask")
#: In a comment it is part of the sentence.
PLACEHOLDER = re.compile(r"app(\\)?\.example")


@pytest.mark.parametrize("id", RULES)
def test_a_rule_says_why_and_what_to_do(id: str) -> None:
    """An id for tools, sentences for people, a link that judges it, a cure that exists."""
    rule = RULES[id]

    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert rule.source.startswith("https://")
    assert rule.title[0].isupper() or rule.title.startswith(("*", "http"))
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
    assert rule.remedy is None or rule.remedy in REMEDIES


def test_every_remedy_is_needed() -> None:
    """By some rule."""
    assert set(REMEDIES) == {rule.remedy for rule in RULES.values()} - {None}


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("remedy", REMEDIES)
def test_every_server_has_lines_for_every_remedy(server: str, remedy: str) -> None:
    """With the origin in its place, and not longer than fits under a finding."""
    text = lines(server, remedy, ORIGIN)

    assert not PLACEHOLDER.search(text)
    assert 1 <= len(text.splitlines()) <= 10
    assert max(map(len, text.splitlines())) <= 105


@pytest.mark.parametrize("server", PYTHON)
@pytest.mark.parametrize("remedy", REMEDIES)
def test_lines_for_python_servers_are_python(server: str, remedy: str) -> None:
    """They compile as they stand."""
    text = lines(server, remedy, ORIGIN)
    if text.lstrip().startswith("@"):
        text = text.replace("    ...", "    pass")

    compile(text, server, "exec")


@pytest.mark.parametrize("remedy", REMEDIES)
def test_lines_for_corsac_run(remedy: str) -> None:
    """And let the origin in."""
    names = {"Policy": Policy, "CORSMiddleware": CORSMiddleware, "app": object()}
    names["policy"] = Policy(allow_origins=[ORIGIN])
    exec(lines("corsac", remedy, ORIGIN), names)  # noqa: S102  our own lines, as a person pastes them
    policy = names["policy"]

    assert isinstance(policy, Policy)
    assert policy.decide("GET", {"Origin": ORIGIN}).outcome == "actual_allowed"


def test_apache_gets_the_origin_as_a_regex() -> None:
    """Its dots escaped, nothing else."""
    text = lines("apache", "list", "https://my-app.example.com")

    assert '"^https://my-app\\.example\\.com$"' in text
