"""Sources of policies in Pyramid's settings and directive.

Here: each form of them, settings files with every keyword, what is refused when the application is made.
Not here: one policy (`test_pyramid.py`), sources as every adapter takes them (`test_sources.py`).
Spec: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/environment.html
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap, Request
from spoken import FROM, ORIGIN, REFUSED, policy, preflight, speaker

with warnings.catch_warnings():
    # WebOb's import of `cgi` and Pyramid's of `pkg_resources` are deprecated.
    warnings.simplefilter("ignore")
    from corsac.adapters.pyramid import install
    from pyramid.config import Configurator
    from pyramid.events import NewRequest
    from pyramid.exceptions import ConfigurationError
    from pyramid.request import Request as PyramidRequest
    from pyramid.router import default_execution_policy
    from pyramid_site import INCLUDED, configure

API, ALL = policy("Api"), policy("All")
STRICT = API.replace(enforce=True)
HANDLE = PolicyHandle(API)
KEYWORDS = API._keywords()
ROUTES = {"/shared": KEYWORDS, "/": None}


def choose(request: Request) -> Any:
    return API if request.native["PATH_INFO"] == "/shared" else None


async def choose_later(request: Request) -> Any:
    return choose(request)


FORMS: dict[str, Any] = {
    "a policy": API,
    "a map": PolicyMap({"/shared": API}),
    "several": OriginPolicies([ALL.replace(allow_origins=["https://x.example"]), API]),
    "a handle": HANDLE,
    "a function": choose,
    "a dict of keywords": KEYWORDS,
    "a dict of routes": ROUTES,
    "a name of a policy": f"{__name__}.API",
    "a name with a colon": f"{__name__}:API",
    "a name of a function": f"{__name__}:choose",
    "a name of keywords": f"{__name__}:KEYWORDS",
    "routes to names": {"/shared": f"{__name__}:API"},
}


def ask(app: Any, method: str, path: str, headers: Any) -> tuple[int, str | None]:
    request = PyramidRequest.blank(path, method=method, headers=headers)
    status, lines, _ = request.call_application(app)
    return int(status.split()[0]), speaker(lines)


def by_setting(source: Any) -> Any:
    return configure(corsac=source).make_wsgi_app()


def by_directive(source: Any) -> Any:
    config = configure()
    config.set_cors_policy(source)
    return config.make_wsgi_app()


@pytest.mark.parametrize("make", [by_setting, by_directive])
@pytest.mark.parametrize("form", FORMS)
def test_setting_and_directive_take_each_form(make: Any, form: str) -> None:
    """A source, what describes one, or its dotted name."""
    app = make(FORMS[form])

    assert (200, "Api") == ask(app, "GET", "/shared", FROM)
    assert (204, "Api") == ask(app, "OPTIONS", "/shared", preflight("PUT"))


def test_install_takes_sources_themselves() -> None:
    """It is for code."""
    app = install(configure(corsac=ALL).make_wsgi_app(), PolicyMap({"/shared": API}))

    assert (200, "Api") == ask(app, "GET", "/shared", FROM)
    assert (200, "All") == ask(app, "GET", "/stream", FROM)


def test_a_settings_file_has_every_keyword() -> None:
    """Texts, flags, lists, and the name of a shadow."""
    settings = {
        "corsac.allow_origins": ORIGIN,
        "corsac.name": " api ",
        "corsac.enforce": "true",
        "corsac.own_origins": "https://a.example https://b.example",
        "corsac.debug": "false",
        "corsac.shadow": f"{__name__}:ALL",
        "corsac.timing_allow_origin": "yes",
        "corsac.cross_origin_resource_policy": "same-site",
    }
    app = configure(**settings).make_wsgi_app()

    assert app.execution_policy({}, app).policy == Policy(
        allow_origins=[ORIGIN],
        name="api",
        enforce=True,
        own_origins=["https://a.example", "https://b.example"],
        shadow=ALL,
        timing_allow_origin=True,
        cross_origin_resource_policy="same-site",
    )


def test_an_empty_setting_of_a_file_is_none() -> None:
    """Where a keyword can be that."""
    names = ("name", "shadow", "cross_origin_resource_policy")
    settings = {f"corsac.{name}": " " for name in names}
    app = configure(**settings, **{"corsac.allow_origins": ORIGIN}).make_wsgi_app()

    assert app.execution_policy({}, app).policy == Policy(allow_origins=[ORIGIN])


@pytest.mark.parametrize("make", [by_setting, by_directive])
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([API], "it is of type list; give a corsac.Policy"),
        (Policy, "it is the class Policy; give"),
        ("no.such:policy", "cannot be imported: .*; give a corsac.Policy"),
        (f"{__name__}:ORIGIN", "it is of type str; give"),
        ({"/a": {"max_age": 1}}, "'/a': missing 1 required keyword-only"),
        ({"allow_origin": [ORIGIN]}, "unexpected keyword argument 'allow_origin'"),
    ],
)
def test_what_is_no_source_is_refused(make: Any, source: Any, message: str) -> None:
    """When the application is made, with what to write."""
    with pytest.raises(ConfigurationError, match=message):
        make(source)


def test_a_coroutine_function_is_an_error() -> None:
    """Pyramid cannot wait."""
    with pytest.raises(TypeError, match="write a plain function"):
        ask(by_setting(choose_later), "GET", "/shared", FROM)


def test_what_enforcement_refuses_no_part_of_the_application_sees() -> None:
    """No tween, no subscriber, no execution policy of its own."""
    config, ran = Configurator(settings={"corsac": STRICT}), []
    config.include(INCLUDED)
    config.add_subscriber(lambda event: ran.append("request"), NewRequest)
    config.add_tween(f"{__name__}.tween")
    config.set_execution_policy(
        lambda *request: ran.append("policy") or default_execution_policy(*request)
    )  # type: ignore[func-returns-value]  # it appends
    app = config.make_wsgi_app()
    TWEENED.clear()

    assert (403, "") == ask(app, "POST", "/", REFUSED)
    assert ([], []) == (ran, TWEENED)
    for headers in (FROM, {}, {"Origin": "http://localhost"}):
        assert 404 == ask(app, "POST", "/", headers)[0]
    assert ["policy", "request"] * 3 == ran
    assert 3 == len(TWEENED)


TWEENED: list[str] = []


def tween(handler: Any, registry: Any) -> Any:
    def run(request: Any) -> Any:
        TWEENED.append(request.path)
        return handler(request)

    return run
