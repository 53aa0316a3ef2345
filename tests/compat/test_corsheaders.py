"""Asks Django with django-cors-headers in its settings, and with the drop-in in its place.

Here: the table of what pages read, the warning, the checks.
Not here: the rows (`corsheaders_rows.py`), what a browser is (`reading.py`), the signal
(`test_corsheaders_signal.py`), the way through Django (`tests/adapters/test_django.py`).
Spec: https://pypi.org/project/django-cors-headers/4.9.0/
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import corsheaders.checks
import corsheaders.defaults
import pytest
from corsac import PolicyError
from corsac.compat import CompatWarning
from corsac.compat.corsheaders import defaults
from corsac.compat.corsheaders.checks import check_settings
from corsac.compat.corsheaders.middleware import CorsMiddleware
from corsac.compat.corsheaders.policies import configuration
from corsheaders_rows import APP, ROWS, Row, listed, matched
from corsheaders_site import ALLOW, ASKED, NEW, OLD, read, site
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings
from reading import BLOCKED, Page, visit


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS])
def test_a_page_reads_what_the_row_says(row: Row) -> None:
    """What it read before, but where the row says so, with one warning of each difference."""
    before = row.reads if row.before == "the same" else row.before

    with site(NEW, row.settings) as ask:
        assert (row.reads, before) == (
            visit(row.page, ask),
            read(OLD, row.settings, row.page),
        )

    assert (1 if row.names else 0) == len(ask.warned)
    named = re.findall(r"(?m)^  (\w+)", "".join(ask.warned))
    assert set(row.names) == set(named)


def test_the_names_of_the_rows_are_their_own() -> None:
    """A row that fails is found by its name."""
    assert len({row.name for row in ROWS}) == len(ROWS) > 90


def test_the_defaults_are_the_same() -> None:
    """Projects add to them."""
    assert corsheaders.defaults.default_headers == defaults.default_headers
    assert corsheaders.defaults.default_methods == defaults.default_methods


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (86400, "86400"),
        (5, "5"),
        ("600", "600"),
        (0, None),
        (None, None),
        (False, None),
    ],
)
def test_browsers_keep_a_preflight_as_long_as_before(value: Any, sent: Any) -> None:
    """No header means what browsers do of themselves."""
    for middleware in (OLD, NEW):
        with site(middleware, listed(CORS_PREFLIGHT_MAX_AGE=value)) as ask:
            _, headers = ask("OPTIONS", "/", ASKED)
            assert sent == headers.get("access-control-max-age"), middleware


@pytest.mark.parametrize(
    ("value", "sent"), [(-1, "0"), (10**6, "86400"), ("soon", None), (True, None)]
)
def test_a_duration_that_no_browser_keeps_is_told(value: Any, sent: Any) -> None:
    """No browser keeps a preflight for longer than a day."""
    with site(NEW, listed(CORS_PREFLIGHT_MAX_AGE=value)) as ask:
        _, headers = ask("OPTIONS", "/", ASKED)

    assert sent == headers.get("access-control-max-age")
    assert f"CORS_PREFLIGHT_MAX_AGE = {value!r}: " in ask.warned[0]


def test_a_preflight_has_the_status_that_it_had() -> None:
    """And no body; a refused one is 403."""
    for middleware in (OLD, NEW):
        with site(middleware, listed()) as ask:
            status, headers = ask("OPTIONS", "/", ASKED)
            assert (200, "0") == (status, headers["content-length"])
    with site(NEW, listed()) as ask:
        assert 403 == ask("OPTIONS", "/", {**ASKED, "Origin": "https://b.example"})[0]


def test_no_header_of_private_networks_is_sent() -> None:
    """Browsers ask no more."""
    asked = {**ASKED, "Access-Control-Request-Private-Network": "true"}
    with site(NEW, listed(CORS_ALLOW_PRIVATE_NETWORK=True)) as ask:
        _, headers = ask("OPTIONS", "/", asked)

    assert not [name for name in headers if "private" in name]


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://b.example"}])
def test_caches_keep_answers_apart(headers: dict[str, str]) -> None:
    """Whatever the origin, where the middleware speaks; nothing changes where it does not."""
    settings = listed(CORS_URLS_REGEX="^/api/")
    with site(NEW, settings) as ask:
        assert "Origin" == ask("GET", "/api/", headers)[1]["vary"]
        assert "vary" not in ask("GET", "/web/", headers)[1]


def test_a_view_speaks_for_itself_where_the_middleware_does_not() -> None:
    """Its own headers stay on a path that is not covered, and are the policy's on any other."""
    for regex, expected in (("^/api/", "*"), ("^/", None)):
        with site(NEW, listed(CORS_URLS_REGEX=regex)) as ask:
            _, headers = ask("GET", "/speaking", {"Origin": "https://b.example"})
        assert expected == headers.get(ALLOW)


# The start


def test_one_warning_names_every_difference() -> None:
    """The setting, the difference, and what to write."""
    settings = listed(
        "http://app.example",
        "https://App.Example",
        CORS_ALLOW_CREDENTIALS=True,
        CORS_ALLOW_METHODS=["put"],
    )
    with site(NEW, settings) as ask:
        [text] = ask.warned

    first, *others = text.splitlines()
    assert "corsac.compat.corsheaders differs from corsheaders here:" == first
    assert 3 == len(others)
    assert "CORS_ALLOWED_ORIGINS = 'http://app.example': kept" in text
    assert 'write "https://app.example"' in text
    assert "CORS_ALLOW_METHODS = 'put': left out: browsers send 'PUT'" in text


def test_the_settings_are_read_once() -> None:
    """The second application of a process warns no more."""
    with site(NEW, listed("app.example")) as ask, warnings.catch_warnings():
        warnings.simplefilter("error")
        WSGIHandler()

    assert 1 == len(ask.warned)


def test_an_overridden_setting_takes_effect_at_once_and_ends() -> None:
    """Also for an application that stands already."""
    page = Page(origin="https://b.example")
    with site(NEW, listed()) as ask:
        assert visit(page, ask) is BLOCKED
        with override_settings(CORS_ALLOWED_ORIGINS=["https://b.example"]):
            assert visit(page, ask) == frozenset()
        with override_settings(CORS_URLS_REGEX="^/web/"):
            assert visit(Page(), ask) is BLOCKED
        assert visit(page, ask) is BLOCKED
        assert visit(Page(), ask) == frozenset()


def test_settings_that_were_changed_by_hand_are_read_at_the_next_start() -> None:
    """Django tells of overridden settings alone."""
    with override_settings(**listed()):
        configuration()
        settings.CORS_ALLOWED_ORIGINS = ["https://b.example"]
        middleware = CorsMiddleware(lambda request: HttpResponse())
        request = RequestFactory().get("/", headers={"Origin": "https://b.example"})

        assert "https://b.example" == middleware(request)[ALLOW]


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (matched(r"https://(?!evil)\w+\.example"), PolicyError, "look-ahead"),
        (matched("https://("), PolicyError, "CORS_ALLOWED_ORIGIN_REGEXES"),
        (listed(CORS_URLS_REGEX="("), ImproperlyConfigured, "CORS_URLS_REGEX"),
        (listed(CORS_URLS_REGEX=5), ImproperlyConfigured, "CORS_URLS_REGEX"),
    ],
)
def test_a_regex_that_cannot_be_kept_stops_the_start(
    settings: Any, error: Any, message: str
) -> None:
    """Whatever it was replaced by would be a guess."""
    with pytest.raises(error, match=message), site(NEW, settings):
        pass


@pytest.mark.parametrize("name", ["is_enabled", "check_signal", "regex_domain_match"])
def test_a_method_that_would_never_be_called_is_an_error(name: str) -> None:
    """It is never passed over."""
    with pytest.raises(TypeError, match=f"Own.{name} would never be called"):
        type("Own", (CorsMiddleware,), {name: lambda self, request: True})
    assert type("Own", (CorsMiddleware,), {"process_view": lambda self: None})


# The checks


@pytest.mark.parametrize(
    "settings",
    [
        {},
        listed(),
        listed("null", "file://", f"{APP}/", f"{APP}?q", f"{APP}#f", "app.example"),
        {"CORS_ORIGIN_WHITELIST": ["app.example"]},
        {name: 5 for name in (f"CORS_{end}" for end in ("ALLOW_HEADERS", "MODEL"))},
        listed(5, CORS_ALLOW_METHODS=[5], CORS_EXPOSE_HEADERS=None),
        matched(5, CORS_ALLOW_CREDENTIALS="no", CORS_ALLOW_ALL_ORIGINS=1),
        listed(CORS_ALLOW_PRIVATE_NETWORK=None, CORS_URLS_REGEX=5),
        *(listed(CORS_PREFLIGHT_MAX_AGE=value) for value in (-1, 0, "5", None)),
        {"CORS_REPLACE_HTTPS_REFERER": True},
    ],
)
def test_the_checks_find_what_they_found(settings: Any) -> None:
    """Under the ids that a project may have silenced."""
    with override_settings(**settings):
        before = sorted(str(each.id) for each in corsheaders.checks.check_settings())
        assert before == sorted(str(each.id) for each in check_settings())


def found() -> list[str]:
    """The ids of what the system checks find of ours."""
    return [str(each.id) for each in run_checks() if str(each.id).startswith("cors")]


def test_the_checks_run_where_the_application_is_installed() -> None:
    """And find a regex that stops the start too."""
    wrong = {
        **matched(r"https://(?!evil)\w+\.example"),
        "INSTALLED_APPS": ["corsac.compat.corsheaders"],
        "MIDDLEWARE": [NEW],
        "CORSAC": None,
    }
    with override_settings(**wrong):
        assert ["corsac.E002"] == found()


def test_the_checks_miss_no_setting_that_the_drop_in_does_not_read() -> None:
    """It has no policy in `CORSAC`, and may stand where the old one stood."""
    apps = ["corsac.compat.corsheaders", "corsac.adapters.django"]
    common = "django.middleware.common.CommonMiddleware"
    with override_settings(INSTALLED_APPS=apps, MIDDLEWARE=[common, NEW], CORSAC=None):
        assert [] == found()


def test_the_checks_do_not_use_up_the_warning() -> None:
    """Django checks a project before it loads the middleware."""
    with override_settings(**listed("https://App.Example")):
        assert [] == check_settings()
        with pytest.warns(CompatWarning, match="App.Example"):
            configuration()
