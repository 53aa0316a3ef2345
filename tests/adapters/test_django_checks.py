"""What Django's system checks find in a setting of several policies.

Here: warnings and problems of each policy inside, with its place. Not here: the checks of one policy
and of the middleware's place (`test_django_setting.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/checks/
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyWarning
from django.core.checks import run_checks
from django.test.utils import override_settings
from django_site import startproject
from spoken import policy

API = policy("Api")
KEYWORDS = API._keywords()


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    """Every test begins with the same settings."""
    with startproject():
        yield


def found() -> list[tuple[str, Any, str]]:
    """What the system checks say of these settings: ids, places, texts."""
    given = [each for each in run_checks() if str(each.id).startswith("corsac.")]
    return [(str(each.id), each.obj, each.msg) for each in given]


def debugging() -> Policy:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        return API.replace(debug=True)


@pytest.mark.parametrize(
    ("make", "places"),
    [
        (lambda: debugging(), ["CORSAC"]),
        (lambda: {**KEYWORDS, "debug": True}, ["CORSAC"]),
        (lambda: PolicyHandle(debugging()), ["CORSAC.policy"]),
        (lambda: OriginPolicies([API, debugging()]), ["CORSAC.policies[1]"]),
        (lambda: {"/a": debugging(), "/b": API}, ["CORSAC.routes['/a']"]),
        (
            lambda: {"/a": PolicyHandle(OriginPolicies([debugging()]))},
            ["CORSAC.routes['/a'].policy.policies[0]"],
        ),
        (
            lambda: API.replace(name="x", shadow=debugging()),
            ["CORSAC.shadow"],
        ),
        (lambda: {"/a": debugging(), "/b": debugging()}, ["CORSAC.routes['/a']"]),
        (lambda: lambda request: debugging(), []),
        (lambda: {"/a": API, "/b": None}, []),
    ],
)
def test_the_checks_look_at_every_policy_in_the_setting(
    make: Any, places: list[str]
) -> None:
    """And say each thing once, with its place; a callable is asked by requests alone."""
    with override_settings(CORSAC=make()):
        given = found()

    assert [("corsac.W002", place) for place in places] == [one[:2] for one in given]
    assert all("debug=True" in text for _, _, text in given)


def test_the_checks_report_the_problems_of_every_route() -> None:
    """Each as one message."""
    wrong = {"/a": {"allow_origins": ["x"]}, "/b": {"allow_origins": ["y"]}, "c//": None}  # fmt: skip
    with override_settings(CORSAC=wrong):
        given = found()

    assert ["corsac.E002"] * 3 == [identity for identity, _, _ in given]
    assert ["/a: allow_origins[0]", "/b: allow_origins[0]", "routes[2]"] == [
        text.partition(" =")[0] for _, _, text in given
    ]


def test_the_checks_report_a_path_that_leads_nowhere() -> None:
    """As the start of the server would."""
    with override_settings(CORSAC="no.such.policy"):
        [(identity, _, text)] = found()

    assert "corsac.E001" == identity
    assert "'no.such.policy', which cannot be imported" in text
