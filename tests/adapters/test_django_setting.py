"""Starts Django with rightly and wrongly written settings, and runs its system checks.

Here: the setting `CORSAC`, overridden settings, what the checks find.
Not here: requests (`test_django.py`), which policies are wrong (`test_policy.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/checks/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from corsac import Policy, PolicyError, PolicyWarning
from corsac.adapters.django import CORSMiddleware, check_settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings
from django_site import (
    ASKED,
    COMMON,
    HERE,
    ORIGIN,
    REFUSING,
    SECURITY,
    SESSIONS,
    ask_client,
    ask_wsgi,
    startproject,
)


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    """Every test begins with the same settings."""
    with startproject():
        yield


def test_a_dict_of_keywords_is_a_policy() -> None:
    """As a `Policy` is."""
    with override_settings(
        CORSAC={"allow_origins": [ORIGIN], "allow_methods": ["PUT"], "max_age": 5}
    ):
        _, headers, _ = ask_client("OPTIONS", "/plain", ASKED)

    assert "5" == headers["access-control-max-age"]


def test_an_overridden_setting_takes_effect_at_once_and_ends() -> None:
    """Also for an application that stands already."""
    app = WSGIHandler()
    other = Policy(allow_origins=["https://other.example"])

    def allows() -> tuple[bool, bool]:
        return tuple(  # type: ignore[return-value]  # of two
            "access-control-allow-origin"
            in ask_wsgi("GET", "/plain", {"Origin": origin}, app)[1]
            for origin in (ORIGIN, "https://other.example")
        )

    assert (True, False) == allows()
    with override_settings(CORSAC=other):
        assert (False, True) == allows()
        with override_settings(DEBUG=True, CORSAC={"allow_origins": ["*"]}):
            assert (True, True) == allows()
        assert (False, True) == allows()
    assert (True, False) == allows()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (None, "CORSAC is missing; write CORSAC ="),
        (["https://example.com"], "CORSAC: it is of type list; write CORSAC ="),
        (Policy, "CORSAC: it is the class Policy; write CORSAC ="),
        ("*", r"CORSAC names '\*', which cannot be imported: .*; write CORSAC ="),
        ("no.such.policy", "CORSAC names 'no.such.policy', which cannot be imported"),
        (f"{__name__}.ORIGIN", "CORSAC: it is of type str; write CORSAC ="),
        ({"/api": {"max_age": 1}}, "CORSAC: '/api': missing 1 required keyword-only"),
        ({}, "missing 1 required keyword-only argument: 'allow_origins'; write"),
        ({"ALLOW_ORIGINS": ["*"]}, "unexpected keyword argument 'ALLOW_ORIGINS'"),
        ({1: 2}, "keywords must be strings"),
    ],
)
@pytest.mark.parametrize("make", [WSGIHandler, ASGIHandler, CORSMiddleware])
def test_a_setting_that_is_no_policy_stops_the_start(
    make: Any, setting: object, message: str
) -> None:
    """The error says what to write."""
    with (
        override_settings(CORSAC=setting),
        pytest.raises(ImproperlyConfigured, match=message),
    ):
        make(lambda request: None) if make is CORSMiddleware else make()


def test_keywords_that_make_no_policy_stop_the_start() -> None:
    """The error is the policy's own, with every problem."""
    wrong = {"allow_origins": ["example.com"], "max_age": -1}
    with override_settings(CORSAC=wrong), pytest.raises(PolicyError) as raised:
        WSGIHandler()

    fields = [problem.field for problem in raised.value.problems]
    assert ["allow_origins", "max_age"] == fields


# System checks


def found() -> list[tuple[str, str]]:
    """What the system checks say of these settings, with their ids."""
    given = [each for each in run_checks() if str(each.id).startswith("corsac.")]
    return [(each.id, str(each)) for each in given]


@pytest.mark.parametrize(
    "before",
    [
        [],
        [SECURITY],
        [SECURITY, "django.middleware.gzip.GZipMiddleware"],
        ["django.middleware.cache.UpdateCacheMiddleware"],
    ],
)
def test_the_checks_find_nothing_where_nothing_is_wrong(before: list[str]) -> None:
    """Some of Django's middleware never answers, and may stand outside."""
    with override_settings(MIDDLEWARE=[*before, HERE, COMMON]):
        assert [] == found()


def test_the_checks_report_each_problem_of_the_policy() -> None:
    """Each with its code, its place, and what to write."""
    wrong = {
        "allow_origins": ["https://a.example", "https://a.example/"],
        "max_age": 1e9,
    }
    with override_settings(CORSAC=wrong):
        first, second = found()

    assert ["corsac.E002"] * 2 == [first[0], second[0]]
    assert "CORSAC: (corsac.E002) allow_origins[1] = 'https://a.example/': " in first[1]
    assert 'write "https://a.example" [invalid-origin-pattern]' in first[1]
    assert "max_age = 1000000000.0: write seconds from 0 to 86400" in second[1]


def test_the_checks_report_a_setting_that_is_missing() -> None:
    """As the start of the server would."""
    with override_settings(CORSAC=None):
        [(identity, text)] = found()

    assert "corsac.E001" == identity
    assert "CORSAC is missing; write CORSAC = " in text


def test_the_checks_report_what_a_policy_warns_of() -> None:
    """A dict becomes a policy only when the server starts."""
    with override_settings(CORSAC={"allow_origins": ["*"], "allow_methods": ["patch"]}):
        [(identity, text)] = found()
        with pytest.warns(PolicyWarning):
            WSGIHandler()

    assert "corsac.W002" == identity
    assert "'patch' is not 'PATCH'" in text


@pytest.mark.parametrize("outside", [COMMON, SESSIONS, REFUSING])
def test_the_checks_report_a_middleware_that_stands_too_low(outside: str) -> None:
    """Whoever stands outside of it, and answers, answers without its headers."""
    with override_settings(MIDDLEWARE=[SECURITY, outside, HERE]):
        [(identity, text)] = found()

    assert "corsac.W001" == identity
    assert f"{outside} can answer" in text


def test_the_checks_report_a_policy_that_nothing_reads() -> None:
    """Where the middleware was forgotten."""
    with override_settings(MIDDLEWARE=[COMMON]):
        [(identity, text)] = found()

    assert "corsac.W003" == identity
    assert HERE in text


def test_the_checks_leave_a_middleware_that_is_missing_to_django() -> None:
    """Which names it when it loads the middleware."""
    with override_settings(MIDDLEWARE=["no.such.Middleware", HERE]):
        assert ["corsac.W001"] == [identity for identity, _ in found()]


def test_a_middleware_of_the_projects_own_is_known() -> None:
    """A subclass reads the setting too."""
    with override_settings(MIDDLEWARE=[f"{__name__}.Own"], CORSAC=None):
        assert ["corsac.E001"] == [identity for identity, _ in found()]


class Own(CORSMiddleware):
    """A project's own."""


def test_the_module_is_an_application_for_the_sake_of_its_checks() -> None:
    """`INSTALLED_APPS` takes its name."""
    with override_settings(INSTALLED_APPS=["corsac.adapters.django"]):
        assert [] == check_settings()
