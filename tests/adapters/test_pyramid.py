"""Asks the Pyramid adapter for what only Pyramid has.

Here: settings and directive, what stands outside of tweens, shared responses, exception views,
execution policies, and Pyramid under servers that people run it on.
Not here: the native middleware that answers (`test_wsgi.py`).
Spec: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/router.html
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from corsac import Policy, PolicyError
from servers import Server, missing
from spoken import FROM, ORIGIN, REFUSED, policy, preflight, speaker

with warnings.catch_warnings():
    # WebOb's import of `cgi` and Pyramid's of `pkg_resources` are deprecated.
    warnings.simplefilter("ignore")
    from corsac.adapters.pyramid import install
    from pyramid.config import Configurator
    from pyramid.events import NewRequest, NewResponse
    from pyramid.exceptions import ConfigurationConflictError, ConfigurationError
    from pyramid.request import Request
    from pyramid.response import Response
    from pyramid.router import default_execution_policy
    from pyramid_site import APP, CHUNKS, INCLUDED, SHARED, add_page, configure, site

OTHER = policy("Other")


def ask(
    app: Any, method: str, path: str, headers: dict[str, str]
) -> tuple[int, str | None, bytes]:
    """The status of the answer, who speaks in it, and its body."""
    status, lines, body = Request.blank(
        path, method=method, headers=headers
    ).call_application(app)
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return int(status.split()[0]), speaker(lines), content


PAGES = [
    pytest.param("/", 200, b"page", id="a page"),
    pytest.param("/shared", 200, b"page", id="a shared response"),
    pytest.param("/put", 404, None, id="a method that no view has"),
    pytest.param("/missing", 404, None, id="no route"),
    pytest.param("/stream", 200, b"".join(CHUNKS), id="a stream"),
    pytest.param("/file", 200, None, id="a file"),
    pytest.param("/empty", 204, b"", id="no content"),
    pytest.param("/moved", 302, None, id="a redirect"),
    pytest.param("/private", 401, None, id="an HTTP exception"),
    pytest.param("/fails", 500, b"own", id="an exception view"),
]


@pytest.mark.parametrize(("path", "status", "body"), PAGES)
def test_an_answer_of_pyramid_carries_the_headers(
    path: str, status: int, body: bytes | None
) -> None:
    """Whatever it is made of, and it arrives as Pyramid made it."""
    answered = ask(site, "GET", path, FROM)

    assert (status, "App") == answered[:2]
    assert body in (None, answered[2])


def test_a_304_carries_the_headers() -> None:
    """WebOb leaves a part of the headers out of it."""
    headers = {**FROM, "If-None-Match": '"tag"'}

    assert (304, "App", b"") == ask(site, "GET", "/conditional", headers)


def test_a_response_that_requests_share_is_not_changed() -> None:
    """One client's origin would be in another's answer."""
    before = list(SHARED.headerlist)

    answered = [ask(site, "GET", "/shared", each)[1] for each in (FROM, REFUSED, FROM)]

    assert before == SHARED.headerlist
    assert ["App", "", "App"] == answered


# Where it stands


def tween_that_answers(handler: Any, registry: Any) -> Any:
    def tween(request: Any) -> Any:
        return Response(b"tween", status=503)

    return tween


def tween_that_fails(handler: Any, registry: Any) -> Any:
    def tween(request: Any) -> Any:
        raise LookupError("raised on purpose")

    return tween


def test_a_tween_that_is_added_later_stands_inside() -> None:
    """Tweens that are added later stand outside of earlier ones, and of exception views."""
    config = configure(corsac=APP)
    config.add_tween(f"{__name__}.{tween_that_answers.__name__}")

    assert (503, "App", b"tween") == ask(config.make_wsgi_app(), "GET", "/", FROM)


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_an_error_without_an_exception_view_leaves_unchanged(method: str) -> None:
    """Pyramid answers nothing then; a preflight does not come so far."""
    config = configure(corsac=APP)
    config.add_tween(f"{__name__}.{tween_that_fails.__name__}")
    app = config.make_wsgi_app()

    assert (204, "App", b"") == ask(app, "OPTIONS", "/", preflight("GET"))
    headers = FROM if method == "GET" else {}
    with pytest.raises(LookupError, match="on purpose"):
        ask(app, method, "/", headers)


def test_a_response_callback_cannot_overrule_the_policy() -> None:
    """It runs behind all tweens."""
    config = configure(corsac=APP)

    def overrule(event: Any) -> None:
        event.response.headers["Access-Control-Allow-Origin"] = "*"

    def add_callback(event: Any) -> None:
        event.request.add_response_callback(
            lambda request, response: response.headers.add("Vary", "Cookie")
        )

    config.add_subscriber(overrule, NewResponse)
    config.add_subscriber(add_callback, NewRequest)
    app = config.make_wsgi_app()

    _, lines, _ = Request.blank("/", headers=FROM).call_application(app)

    assert "App" == speaker(lines)
    assert "Cookie, Origin" == dict(lines)["Vary"]


def test_a_preflight_runs_nothing_of_the_application() -> None:
    """No request is made of it."""
    config, seen = configure(corsac=APP), []
    config.add_subscriber(lambda event: seen.append(event.request.path), NewRequest)
    app = config.make_wsgi_app()

    assert (204, "App", b"") == ask(app, "OPTIONS", "/", preflight("PUT"))
    assert (403, "", b"") == ask(app, "OPTIONS", "/", preflight("PATCH"))
    assert [] == seen
    assert (404, "App") == ask(app, "OPTIONS", "/put", FROM)[:2]
    assert ["/put"] == seen


@pytest.mark.parametrize("included_first", [True, False])
def test_an_execution_policy_of_the_application_runs(included_first: bool) -> None:
    """Wherever it is configured."""
    config, ran = Configurator(settings={"corsac": APP}), []

    def execute(environ: Any, router: Any) -> Any:
        ran.append(environ["PATH_INFO"])
        return default_execution_policy(environ, router)

    steps = [
        lambda: config.include(INCLUDED),
        lambda: config.set_execution_policy(execute),
    ]
    for step in steps if included_first else steps[::-1]:
        step()
        config.commit()

    assert (404, "App") == ask(config.make_wsgi_app(), "GET", "/", FROM)[:2]
    assert ["/"] == ran


@pytest.mark.parametrize("use_tweens", [True, False])
def test_a_subrequest_is_no_request_of_a_page(use_tweens: bool) -> None:
    """Its response is the application's, until that answers."""
    config, inner = configure(corsac=APP), []

    def call(request: Any) -> Any:
        subrequest = Request.blank("/", headers=FROM)
        response = request.invoke_subrequest(subrequest, use_tweens=use_tweens)
        inner.append(speaker(response.headerlist))
        return response

    add_page(config, "outer", call)

    assert (200, "App", b"page") == ask(config.make_wsgi_app(), "GET", "/outer", FROM)
    assert [None] == inner


def test_install_changes_the_router_in_place() -> None:
    """And gives it back; of two, the outermost speaks."""
    app = Configurator().make_wsgi_app()

    assert app is install(app, OTHER)
    assert "Other" == ask(app, "GET", "/", FROM)[1]
    assert app is install(app, **APP._keywords())
    assert "App" == ask(app, "GET", "/", FROM)[1]


# Setting up


FILE_SETTINGS = {
    "corsac.allow_origins": f"{ORIGIN}\n  https://*.example.org",
    "corsac.allow_methods": "PUT DELETE",
    "corsac.allow_headers": "X-App",
    "corsac.expose_headers": "X-App",
    "corsac.allow_credentials": "True",
    "corsac.max_age": " 60 ",
    "corsac.preflight_status": "200",
    "corsac.dangerously_allow_null_origin": "off",
}
FROM_FILE = Policy(
    allow_origins=[ORIGIN, "https://*.example.org"],
    allow_methods=["PUT", "DELETE"],
    allow_headers=["X-App"],
    expose_headers=["X-App"],
    allow_credentials=True,
    max_age=60,
    preflight_status=200,
)


@pytest.mark.parametrize(
    ("settings", "directive", "expected"),
    [
        pytest.param({"corsac": APP}, None, APP, id="a policy"),
        pytest.param({"corsac": APP._keywords()}, None, APP, id="keywords"),
        pytest.param(FILE_SETTINGS, None, FROM_FILE, id="a file"),
        pytest.param(
            {**FILE_SETTINGS, "corsac.max_age": ""},
            None,
            FROM_FILE.replace(max_age=None),
            id="a file that leaves the age to browsers",
        ),
        pytest.param(
            {f"corsac.{name}": value for name, value in APP._keywords().items()},
            None,
            APP,
            id="a setting for each keyword",
        ),
        pytest.param({}, {"policy": APP}, APP, id="the directive"),
        pytest.param({}, APP._keywords(), APP, id="the directive with keywords"),
    ],
)
def test_the_policy_is_what_is_configured(
    settings: Any, directive: Any, expected: Policy
) -> None:
    """In each form, and settings may be added behind the include."""
    config = Configurator()
    config.include(INCLUDED)
    if directive:
        config.set_cors_policy(**directive)
    config.add_settings(settings)

    app = config.make_wsgi_app()

    assert expected == app.execution_policy({}, app).policy


@pytest.mark.parametrize(
    ("settings", "directives", "error", "message"),
    [
        pytest.param({}, [], ConfigurationError, "0 policies", id="nothing"),
        pytest.param(
            {"corsac": APP}, [APP], ConfigurationError, "2 policies", id="two"
        ),
        pytest.param(
            {"corsac": APP, "corsac.max_age": "1"},
            [],
            ConfigurationError,
            "2 policies",
            id="a policy and a keyword",
        ),
        pytest.param(
            {}, [APP, OTHER], ConfigurationConflictError, "corsac", id="two directives"
        ),
        pytest.param(
            {"corsac.allow_origin": ORIGIN},
            [],
            ConfigurationError,
            "corsac.allow_origin$",
            id="a setting that is none",
        ),
        pytest.param(
            {"corsac": 1}, [], ConfigurationError, "it is of type int", id="no policy"
        ),
        pytest.param({"corsac": "x.y"}, [], ConfigurationError, "dotted", id="no name"),
        *(
            pytest.param(
                {**FILE_SETTINGS, f"corsac.{name}": value},
                [],
                PolicyError,
                name,
                id=f"{name} that is {value}",
            )
            for name, value in (
                ("allow_credentials", "ture"),
                ("max_age", "ten"),
                ("max_age", "-1"),
                ("preflight_status", "403"),
                ("allow_origins", "https://example.com/"),
                ("allow_origins", ""),
            )
        ),
    ],
)
def test_a_mistake_is_told_when_the_application_is_made(
    settings: Any, directives: Any, error: type[Exception], message: str
) -> None:
    """No application starts with it."""
    config = Configurator(settings=settings)
    config.include(INCLUDED)
    with pytest.raises(error, match=message):
        for each in directives:
            config.set_cors_policy(each)
        config.make_wsgi_app()


# Servers


@pytest.fixture(scope="module", params=["waitress", "gunicorn"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if reason := missing(request.param):
        pytest.fail(reason)
    running = Server(request.param, "pyramid_site:site")
    yield running
    running.stop()


@pytest.mark.parametrize(("path", "status", "body"), PAGES)
def test_a_server_sends_what_pyramid_answers(
    server: Server, path: str, status: int, body: bytes | None
) -> None:
    """The same as in process, the preflight before it, and a refused one."""
    actual = server.ask("GET", path, FROM.items())
    asked = server.ask("OPTIONS", path, preflight("GET").items())
    refused = server.ask("OPTIONS", path, {**preflight("GET"), **REFUSED}.items())

    assert actual is not None and asked is not None and refused is not None
    assert (status, "App") == (actual.status, speaker(actual.headers))
    assert body in (None, actual.body)
    assert (204, "App", b"") == (asked.status, speaker(asked.headers), asked.body)
    assert (403, "", b"") == (refused.status, speaker(refused.headers), refused.body)
