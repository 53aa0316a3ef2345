"""Asks Django, through its own handlers and test clients, with the middleware in its settings.

Here: who answers, where the headers stand, threads, `install`.
Not here: what a policy says (`test_table.py`), the setting and its checks
(`test_django_setting.py`), servers (`tests/frameworks`).
Spec: https://docs.djangoproject.com/en/stable/topics/http/middleware/
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from corsac.adapters.django import install
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings
from django_site import (
    ALLOWED,
    ASKED,
    COMMON,
    FAILING,
    HERE,
    ORIGIN,
    POLICY,
    PREFLIGHT,
    REFUSING,
    SESSIONS,
    THREAD,
    Ask,
    ThreadMiddleware,
    ask_asgi,
    ask_async_client,
    ask_client,
    ask_wsgi,
    cors,
    startproject,
)

every_way = pytest.mark.parametrize(
    "ask",
    [
        pytest.param(ask_client, id="client"),
        pytest.param(ask_async_client, id="async-client"),
        pytest.param(ask_wsgi, id="wsgi"),
        pytest.param(ask_asgi, id="asgi"),
    ],
)


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    """Every test begins with the same settings."""
    with startproject():
        yield


# Actual requests


@every_way
@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        pytest.param("GET", "/plain", 200, id="a view"),
        pytest.param("GET", "/async", 200, id="an async view"),
        pytest.param("HEAD", "/plain", 200, id="no body"),
        pytest.param("OPTIONS", "/plain", 200, id="OPTIONS that is no preflight"),
        pytest.param("GET", "/stream", 200, id="a stream"),
        pytest.param("GET", "/file", 200, id="a file"),
        pytest.param("GET", "/nowhere", 404, id="no route"),
        pytest.param("GET", "/missing", 404, id="Http404"),
        pytest.param("GET", "/denied", 403, id="PermissionDenied"),
        pytest.param("GET", "/post", 405, id="another method"),
        pytest.param("GET", "/moved", 302, id="a redirect"),
        pytest.param("GET", "/slashed", 301, id="APPEND_SLASH"),
        pytest.param("GET", "/failing", 500, id="an exception"),
    ],
)
def test_every_response_carries_the_headers(
    ask: Ask, method: str, url: str, status: int
) -> None:
    """Whoever made it: a view, the router, a middleware, or Django for an exception."""
    actual, headers, _ = ask(method, url, {"Origin": ORIGIN})

    assert (status, ALLOWED) == (actual, cors(headers))


@every_way
@pytest.mark.parametrize(
    ("url", "body"),
    [("/plain", b"plain"), ("/stream", b"a stream"), ("/speaking", b"speaking")],
)
def test_the_body_is_the_views(ask: Ask, url: str, body: bytes) -> None:
    """No adapter reads or changes it."""
    assert body == ask("GET", url, {"Origin": ORIGIN})[2]


@every_way
@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}])
def test_whoever_is_not_allowed_reads_nothing(
    ask: Ask, headers: dict[str, str]
) -> None:
    """The view answers, and a cache learns what its answer depends on."""
    status, lines, body = ask("GET", "/plain", headers)

    assert (200, {"vary": "Origin"}, b"plain") == (status, cors(lines), body)


@every_way
def test_the_policy_alone_speaks(ask: Ask) -> None:
    """What a view sets of these headers is replaced or left out, in any case; `Vary` is merged."""
    _, headers, _ = ask("GET", "/speaking", {"Origin": ORIGIN})

    assert {**ALLOWED, "vary": "Cookie, origin"} == cors(headers)


@every_way
def test_what_a_view_says_to_nobody_is_left_out(ask: Ask) -> None:
    """A refused origin learns nothing from the view either."""
    _, headers, _ = ask("GET", "/speaking", {"Origin": "https://evil.example"})

    assert {"vary": "Cookie, origin"} == cors(headers)


@every_way
def test_a_host_that_is_not_allowed_is_answered_with_headers(ask: Ask) -> None:
    """Django answers 400, and the page can read that."""
    with override_settings(ALLOWED_HOSTS=["other.example"]):
        status, headers, _ = ask("GET", "/plain", {"Origin": ORIGIN})

    assert (400, ALLOWED) == (status, cors(headers))


@every_way
def test_a_failing_middleware_is_answered_with_headers(ask: Ask) -> None:
    """Django makes a response of every exception, at every middleware."""
    with override_settings(MIDDLEWARE=[HERE, FAILING]):
        status, headers, _ = ask("GET", "/plain", {"Origin": ORIGIN})

    assert (500, ALLOWED) == (status, cors(headers))


@every_way
def test_a_static_policy_says_the_same_to_all(ask: Ask) -> None:
    """Nothing varies, and a view's `Vary` stays as it is."""
    with override_settings(CORSAC={"allow_origins": ["*"]}):
        _, headers, _ = ask("GET", "/speaking", {})

    expected = {"access-control-allow-origin": "*", "vary": "Cookie, origin"}
    assert expected == cors(headers)


# Preflights


@every_way
@pytest.mark.parametrize("url", ["/plain", "/nowhere", "/failing", "/post", "/slashed"])
@pytest.mark.parametrize("below", [COMMON, SESSIONS, REFUSING, FAILING])
def test_a_preflight_is_answered_before_anything_else(
    ask: Ask, url: str, below: str
) -> None:
    """Neither middleware nor routing nor a view sees it, and it has no body."""
    with override_settings(MIDDLEWARE=[HERE, below]):
        status, headers, body = ask("OPTIONS", url, ASKED)

    assert (204, PREFLIGHT, b"") == (status, headers, body)


@every_way
def test_a_preflight_with_status_200_has_a_length(ask: Ask) -> None:
    """Else the connection would have to end, or the answer to be chunked."""
    with override_settings(CORSAC=POLICY.replace(preflight_status=200)):
        status, headers, body = ask("OPTIONS", "/plain", ASKED)

    assert (200, {**PREFLIGHT, "content-length": "0"}, b"") == (status, headers, body)


@every_way
@pytest.mark.parametrize(
    "changed",
    [
        {"Origin": "https://evil.example"},
        {"Access-Control-Request-Method": "DELETE"},
        {"Access-Control-Request-Headers": "x-secret"},
    ],
)
def test_a_refused_preflight_says_nothing(ask: Ask, changed: dict[str, str]) -> None:
    """Nor which check failed."""
    status, headers, body = ask("OPTIONS", "/plain", {**ASKED, **changed})

    expected = {"vary": PREFLIGHT["vary"], "content-length": "0"}
    assert (403, expected, b"") == (status, headers, body)


@every_way
def test_a_refused_preflight_is_no_event_of_a_log(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    """Which strangers could fill; a page that is not there is one."""
    refused, *_ = ask("OPTIONS", "/plain", {**ASKED, "Origin": "https://evil.example"})
    quiet = list(caplog.messages)
    absent, *_ = ask("GET", "/nowhere", {})

    assert (403, []) == (refused, quiet)
    assert (404, ["Not Found: /nowhere"]) == (absent, caplog.messages)


@pytest.mark.parametrize("ask", [ask_wsgi, ask_asgi])
def test_a_method_counts_as_it_came(ask: Ask) -> None:
    """Django makes upper case of it, and views take `options` for OPTIONS; Fetch does not."""
    status, headers, body = ask("options", "/plain", ASKED)

    assert (200, ALLOWED, b"plain") == (status, cors(headers), body)


# Sync and async


@pytest.mark.parametrize("ask", [ask_wsgi, ask_asgi])
@pytest.mark.parametrize("below", [[], [COMMON], [HERE]])
def test_no_thread_is_needed_in_either_kind(ask: Ask, below: list[str]) -> None:
    """The middleware is sync among sync and async among async ones."""
    ThreadMiddleware.seen.clear()
    with override_settings(MIDDLEWARE=[THREAD, *below], CORSAC=POLICY):
        assert b"plain" == ask("GET", "/async", {"Origin": ORIGIN})[2]

    assert {threading.get_ident()} == set(ThreadMiddleware.seen)


# install


def both(install_policy: Any) -> Iterator[tuple[Any, Any, Ask]]:
    for app, ask in ((WSGIHandler(), ask_wsgi), (ASGIHandler(), ask_asgi)):
        yield app, install_policy(app), ask


def test_install_puts_a_policy_around_an_application() -> None:
    """Outside of all its middleware, and returns the same application."""
    with override_settings(MIDDLEWARE=[REFUSING], CORSAC=None):
        for app, installed, ask in both(lambda app: install(app, POLICY)):
            status, headers, body = ask("GET", "/plain", {"Origin": ORIGIN}, installed)

            assert app is installed
            assert (401, ALLOWED, b"who are you?") == (status, cors(headers), body)
            assert (204, PREFLIGHT, b"") == ask("OPTIONS", "/plain", ASKED, installed)


def test_install_takes_keywords_too() -> None:
    """As every adapter."""
    for _, installed, ask in both(lambda app: install(app, allow_origins=["*"])):
        _, headers, _ = ask("GET", "/failing", {}, installed)

        assert "*" == headers["access-control-allow-origin"]


def test_install_keeps_its_policy_when_the_setting_changes() -> None:
    """It was given one, and reads no setting."""
    app = install(WSGIHandler(), POLICY)
    with override_settings(CORSAC={"allow_origins": ["https://other.example"]}):
        _, headers, _ = ask_wsgi("GET", "/plain", {"Origin": ORIGIN}, app)

    assert ALLOWED == cors(headers)


def test_install_wants_an_application_of_djangos() -> None:
    """Anything else has an adapter of its own."""
    with pytest.raises(TypeError, match="get_wsgi_application"):
        install(lambda environ, start_response: [], POLICY)  # type: ignore[type-var]  # wrong on purpose


def test_install_takes_either_a_policy_or_keywords() -> None:
    """Nobody could tell which of them speaks."""
    with pytest.raises(TypeError, match="either a Policy or its keywords"):
        install(WSGIHandler(), POLICY, max_age=5)
