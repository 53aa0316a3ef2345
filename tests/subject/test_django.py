"""Policies in the settings of Django projects, each in a process of its own.

Here: settings modules and WSGI applications, corsac's setting, django-cors-headers and its drop-in.
Not here: what the settings mean (`compat/test_corsheaders.py`), other frameworks (`test_find.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/settings/
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

COMMON = """
SECRET_KEY = "x"
ROOT_URLCONF = "mysite.urls"
INSTALLED_APPS = []
"""
CORSHEADERS = """
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware",
              "django.middleware.common.CommonMiddleware",
              "corsheaders.middleware.CorsMiddleware"]
CORS_ALLOWED_ORIGINS = ["https://app.example"]
CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://\\w+\\.app\\.example"]
CORS_URLS_REGEX = r"^/api/.*$"
"""
WSGI = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
SHOW = """
import json, sys
from corsac.subject import SubjectError, read_subject
try:
    for name in sys.argv[1:]:
        subject = read_subject(name)
except SubjectError as error:
    print(json.dumps({"error": str(error)}))
else:
    print(json.dumps({
        "kind": subject.kind,
        "application": type(subject.application).__name__,
        "notes": subject.notes,
        "policies": [
            {
                "library": one.library,
                "name": one.name,
                "origins": one.policy and [str(o) for o in one.policy.allow_origins],
                "problems": [problem.code for problem in one.problems],
                "outside": one.outside,
                "sample": one.sample,
            }
            for one in subject.policies
        ],
    }))
"""


def read(tmp_path, settings, *names):
    """The subject of the last of these names, in a project with these settings."""
    site = tmp_path / "mysite"
    site.mkdir()
    (site / "__init__.py").write_text("")
    (site / "settings.py").write_text(COMMON + settings)
    (site / "other.py").write_text(COMMON)
    (site / "urls.py").write_text("urlpatterns = []")
    (site / "wsgi.py").write_text(WSGI)
    run = subprocess.run(
        [sys.executable, "-c", SHOW, *names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("mysite.settings", "settings"), ("mysite.wsgi:application", "application")],
)
def test_django_cors_headers_is_found(tmp_path, name, kind):
    """By the settings, or by the application that has them."""
    subject = read(tmp_path, CORSHEADERS, name)
    assert (kind, "WSGIHandler") == (subject["kind"], subject["application"])
    assert [
        {
            "library": "django-cors-headers",
            "name": "MIDDLEWARE[2]",
            "origins": [
                "https://app.example",
                "re.compile('^https://\\\\w+\\\\.app\\\\.example')",
            ],
            "problems": [],
            "outside": ["django.middleware.common.CommonMiddleware"],
            "sample": "/api/",
        }
    ] == subject["policies"]


def test_the_drop_in_is_found(tmp_path):
    """With the settings of the library that it stands for."""
    settings = CORSHEADERS.replace('"corsheaders.', '"corsac.compat.corsheaders.')
    [policy] = read(tmp_path, settings, "mysite.settings")["policies"]
    assert "corsac.compat" == policy["library"]
    assert "https://app.example" in policy["origins"]


def test_the_setting_of_corsac_is_found(tmp_path):
    """Where corsac's middleware reads it."""
    settings = (
        'MIDDLEWARE = ["corsac.adapters.django.CORSMiddleware"]\n'
        'CORSAC = {"allow_origins": ["https://app.example"]}'
    )
    subject = read(tmp_path, settings, "mysite.settings")
    [policy] = subject["policies"]
    assert ("corsac", ["https://app.example"]) == (
        policy["library"],
        policy["origins"],
    )


def test_a_wrong_setting_of_corsac_is_a_problem(tmp_path):
    """The project would not start, and that is why."""
    settings = (
        'MIDDLEWARE = ["corsac.adapters.django.CORSMiddleware"]\n'
        'CORSAC = {"allow_origins": ["https://app.example/"]}'
    )
    subject = read(tmp_path, settings, "mysite.settings")
    assert [["invalid-origin-pattern"]] == [p["problems"] for p in subject["policies"]]
    assert [] == subject["notes"]


@pytest.mark.parametrize(
    "settings",
    [
        'CORS_ALLOWED_ORIGINS = ["https://app.example"]',
        'CORSAC = {"allow_origins": ["https://app.example"]}',
    ],
)
def test_settings_that_nothing_reads_are_a_problem(tmp_path, settings):
    """They look as if they did something."""
    subject = read(tmp_path, settings, "mysite.settings")
    assert [["no-middleware"]] == [p["problems"] for p in subject["policies"]]


def test_a_project_that_does_not_start_is_read_all_the_same(tmp_path):
    """Its settings are there; that no request can be tried is a note."""
    settings = CORSHEADERS + 'INSTALLED_APPS = ["no_such_application"]'
    subject = read(tmp_path, settings, "mysite.settings")
    assert 1 == len(subject["policies"])
    [note] = subject["notes"]
    assert "the project does not start" in note
    assert "no_such_application" in note


def test_two_projects_do_not_go_into_one_process(tmp_path):
    """Django has one set of settings."""
    subject = read(tmp_path, CORSHEADERS, "mysite.settings", "mysite.other")
    assert "name mysite.other in a run of its own" in subject["error"]


def test_settings_that_django_refuses_are_one_sentence(tmp_path):
    """Whatever it says of them."""
    settings = 'USE_TZ = True\nTIME_ZONE = "Nowhere/Nothing"'
    subject = read(tmp_path, settings, "mysite.settings")
    assert "Django refuses the settings mysite.settings" in subject["error"]


def test_the_setting_of_corsac_may_hold_several_policies(tmp_path):
    """Each by its route, with the place of the middleware; what it names is looked at, too."""
    settings = """
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "corsac.adapters.django.CORSMiddleware"]
CORSAC = {"/api": {"allow_origins": ["https://a.example"], "allow_methods": ["patch"]}, "/none": None}
"""
    policies = read(tmp_path, settings, "mysite.settings")["policies"]

    assert [
        ('MIDDLEWARE[1], route "/none"', None),
        ('MIDDLEWARE[1], route "/api"', ["https://a.example"]),
    ] == sorted(((one["name"], one["origins"]) for one in policies), reverse=True)
    outside = {tuple(one["outside"]) for one in policies}
    assert {("django.middleware.common.CommonMiddleware",)} == outside


def test_a_callable_in_the_setting_is_named(tmp_path):
    """What it chooses is seen by requests alone."""
    settings = """
MIDDLEWARE = ["corsac.adapters.django.CORSMiddleware"]
def choose(request): ...
CORSAC = choose
"""
    subject = read(tmp_path, settings, "mysite.settings")

    assert [] == subject["policies"]
    assert subject["notes"][0].startswith("choose chooses a policy for each request")
