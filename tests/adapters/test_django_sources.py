"""Sources of policies in Django's settings, and what Django alone knows of a request.

Here: each form of the setting, schemes and hosts of proxies, callables of both kinds. Not here: one
policy in the setting (`test_django_setting.py`), what the checks find (`test_django_checks.py`),
sources as every adapter takes them (`test_sources.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/settings/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from corsac import (
    OriginPolicies,
    Policy,
    PolicyError,
    PolicyHandle,
    PolicyMap,
    Request,
)
from corsac._watch import Refused, set_refused_hook
from corsac.adapters._django_setting import read_setting
from corsac.adapters.django import CORSMiddleware, install
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings
from django_site import (
    FAILING,
    HERE,
    ORIGIN,
    REFUSING,
    Ask,
    ask_asgi,
    ask_async_client,
    ask_client,
    ask_wsgi,
    startproject,
)
from spoken import FROM, policy, preflight, speaker

API, ALL = policy("Api"), policy("All")
STRICT = API.replace(enforce=True)
HANDLE = PolicyHandle(API)


def choose(request: Request) -> Any:
    return API if request.native.path_info == "/plain" else None


async def choose_later(request: Request) -> Any:
    return choose(request)


#: For dotted paths.
KEYWORDS = {**API._keywords()}
ROUTES = {"/plain": KEYWORDS, "/": None}


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    """Every test begins with the same settings."""
    with startproject():
        yield


every_way = pytest.mark.parametrize(
    "ask",
    [
        pytest.param(ask_client, id="client"),
        pytest.param(ask_async_client, id="async-client"),
        pytest.param(ask_wsgi, id="wsgi"),
        pytest.param(ask_asgi, id="asgi"),
    ],
)


def spoken(ask: Ask, method: str, url: str, headers: Any) -> tuple[int, str | None]:
    status, lines, _ = ask(method, url, headers)
    return status, speaker(lines.items())


# Forms of the setting

FORMS = {
    "a policy": API,
    "a map": PolicyMap({"/plain": API}),
    "several": OriginPolicies([ALL.replace(allow_origins=["https://x.example"]), API]),
    "a handle": HANDLE,
    "a function": choose,
    "a dict of keywords": KEYWORDS,
    "a dict of routes": ROUTES,
    "routes of routes": {"/": {"/plain": KEYWORDS, "/stream": None}},
    "routes of anything": {"/plain": HANDLE, "/": ALL, "a.example": OriginPolicies([ALL])},
    "a host's route": {"testserver/plain": KEYWORDS, "127.0.0.1/plain": KEYWORDS},
    "a path to a policy": f"{__name__}.API",
    "a path to a handle": f"{__name__}.HANDLE",
    "a path to a function": f"{__name__}.choose",
    "a path to keywords": f"{__name__}.KEYWORDS",
    "a path to routes": f"{__name__}.ROUTES",
    "routes to paths": {"/plain": f"{__name__}.KEYWORDS"},
}  # fmt: skip


@every_way
@pytest.mark.parametrize("form", FORMS)
def test_the_setting_is_a_source_describes_one_or_names_one(
    ask: Ask, form: str
) -> None:
    """Everything that the middleware takes, in dicts, behind routes, by its dotted path."""
    with override_settings(CORSAC=FORMS[form]):
        assert (200, "Api") == spoken(ask, "GET", "/plain", FROM)
        assert (204, "Api") == spoken(ask, "OPTIONS", "/plain", preflight("PUT"))


@every_way
def test_a_route_without_cors_is_left_alone(ask: Ask) -> None:
    """Whatever a view there says of CORS."""
    with override_settings(CORSAC={"/plain": KEYWORDS, "/speaking": None}):
        _, headers, _ = ask("GET", "/speaking", FROM)

    assert "https://evil.example" == headers["access-control-allow-origin"]
    assert "Cookie, origin" == headers["vary"]


@pytest.mark.parametrize("ask", [ask_wsgi, ask_asgi])
def test_an_overridden_source_takes_effect_at_once_and_ends(ask: Ask) -> None:
    """Each kind of source after each other, in an application that stands already."""
    app: Any = WSGIHandler() if ask is ask_wsgi else ASGIHandler()

    def speaks() -> str | None:
        return speaker(ask("GET", "/plain", FROM, app)[1].items())

    for setting, name in ((API, "Api"), ({"/plain": ALL}, "All"), (PolicyHandle(None), None)):  # fmt: skip
        with override_settings(CORSAC=setting):
            assert [name, name] == [speaks(), speaks()]
    with override_settings(CORSAC=API), override_settings(CORSAC=choose):
        assert "Api" == speaks()


def test_every_problem_of_every_route_is_told_at_once() -> None:
    """With the route that it stands behind."""
    wrong = {
        "/a": {"allow_origins": ["example.com"], "max_age": -1},
        "/b/": {"allow_origins": ["*"]},
        "/c": {"/d": {"allow_origins": []}},
        "/e": {"allow_origins": ["*"], "name": "e", "shadow": {"allow_origins": []}},
    }
    with override_settings(CORSAC=wrong), pytest.raises(PolicyError) as raised:
        WSGIHandler()

    fields = [problem.field for problem in raised.value.problems]
    assert [
        "/a: allow_origins",
        "/a: max_age",
        "/c: /d: allow_origins",
        "/e: allow_origins",
        "routes",
    ] == fields


@pytest.mark.parametrize("shadow", [KEYWORDS, f"{__name__}.API", API])
def test_a_shadow_is_described_or_named_as_well(shadow: Any) -> None:
    """In keywords that are data, it is data too."""
    setting = {"allow_origins": [ORIGIN], "name": "shadowed", "shadow": shadow}
    with override_settings(CORSAC=setting):
        made = read_setting()

    assert isinstance(made, Policy)
    assert API == made.shadow


# Callables


@pytest.mark.parametrize("ask", [ask_async_client, ask_asgi])
def test_an_async_callable_is_awaited(ask: Ask) -> None:
    """Where Django calls the middleware asynchronously."""
    with override_settings(CORSAC=choose_later):
        assert (200, "Api") == spoken(ask, "GET", "/plain", FROM)
        assert (204, "Api") == spoken(ask, "OPTIONS", "/plain", preflight("PUT"))
        assert (200, None) == spoken(ask, "GET", "/async", FROM)


@pytest.mark.parametrize(
    ("handler", "middleware"),
    [(WSGIHandler, [HERE]), (ASGIHandler, [HERE, REFUSING])],
    ids=["WSGI", "a synchronous one below"],
)
def test_an_async_callable_that_nobody_can_await_stops_the_start(
    handler: Any, middleware: list[str]
) -> None:
    """The error says why, and what to write."""
    with (
        override_settings(CORSAC=choose_later, MIDDLEWARE=middleware),
        pytest.raises(ImproperlyConfigured, match="choose_later.* a plain function"),
    ):
        handler()


def test_install_refuses_an_async_callable_over_wsgi() -> None:
    """And takes it over ASGI."""
    with pytest.raises(ImproperlyConfigured, match="write a plain function"):
        install(WSGIHandler(), choose_later)
    app = install(ASGIHandler(), choose_later)
    with override_settings(CORSAC=ALL):
        _, lines, _ = ask_asgi("GET", "/plain", FROM, app)

    assert "Api" == speaker(lines.items())


# What Django knows of a request

PROXIED = {
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "USE_X_FORWARDED_HOST": True,
}
FORWARDED = {
    "Host": "inside.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "Public.example",
}


@pytest.mark.parametrize("ask", [ask_wsgi, ask_asgi])
@pytest.mark.parametrize(
    ("settings", "origin", "status"),
    [
        (PROXIED, "https://public.example", 200),
        (PROXIED, "http://public.example", 403),
        (PROXIED, "http://inside.example", 403),
        ({}, "https://public.example", 403),
        ({}, "http://inside.example", 200),
    ],
)
def test_an_own_origin_is_what_django_takes_for_its_own(
    ask: Ask, settings: dict[str, Any], origin: str, status: int
) -> None:
    """By the settings for proxies, as its protection against CSRF does."""
    with override_settings(CORSAC=STRICT, **settings):
        answered = ask("POST", "/plain", {**FORWARDED, "Origin": origin})

    assert status == answered[0]


@pytest.mark.parametrize("ask", [ask_wsgi, ask_asgi])
def test_a_host_s_route_is_that_of_the_proxy(ask: Ask) -> None:
    """Where the settings say so."""
    routes = {"public.example": API, "inside.example": ALL}
    for settings, name in ((PROXIED, "Api"), ({}, "All")):
        with override_settings(CORSAC=routes, **settings):
            assert name == spoken(ask, "GET", "/plain", {**FORWARDED, **FROM})[1]


@pytest.mark.parametrize("ask", [ask_wsgi, ask_asgi])
def test_who_listens_gets_django_s_request(ask: Ask) -> None:
    """Of a policy that enforces; and its method as it came."""
    heard: list[Refused] = []
    set_refused_hook(heard.append)
    try:
        with override_settings(CORSAC=STRICT.replace(name="django.heard")):
            ask("get", "/plain", {"Origin": "https://mallory.test"})
    finally:
        set_refused_hook(None)

    [refused] = heard
    assert "/plain" == refused.request.native.path_info
    assert ("get", "GET") == (refused.request.method, refused.request.native.method)


@every_way
@pytest.mark.parametrize("below", [REFUSING, FAILING])
def test_what_enforcement_refuses_no_middleware_below_sees(
    ask: Ask, below: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor any view, and no log, which strangers could fill."""
    with override_settings(CORSAC=STRICT, MIDDLEWARE=[HERE, below]):
        status, lines, body = ask("POST", "/plain", {"Origin": "https://mallory.test"})

    assert (403, {"vary": "Origin", "content-length": "0"}, b"") == (status, lines, body)  # fmt: skip
    assert [] == caplog.messages


# Which way a request goes


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("source", "is_plain"),
    [
        (API, True),
        (API.replace(name="x"), False),
        (STRICT, False),
        (HANDLE, False),
        (choose, False),
    ],
)
def test_a_plain_policy_goes_the_plain_way(
    source: Any, is_plain: bool, is_async: bool
) -> None:
    """Nothing is asked of its requests that only others need."""

    async def get_response(request: Any) -> Any: ...

    middleware = CORSMiddleware(
        get_response if is_async else lambda request: None, source
    )

    assert is_plain == (middleware._answers is not None)
    assert is_plain == (middleware._call == middleware._call_plain)
