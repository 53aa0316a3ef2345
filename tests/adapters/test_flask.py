"""Asks the Flask adapter for what only Flask has.

Here: WSGI middlewares on both sides of the adapter, errors that leave, streams, `flask.g` and
converters, and Flask under servers that people run it on.
Not here: whose policy a route has (`test_views.py`), setting up (`test_extensions.py`).
Spec: https://flask.palletsprojects.com/en/stable/api/#flask.Flask.wsgi_app
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flask
import pytest
import werkzeug.routing
import werkzeug.test
from corsac.adapters.flask import CORS, cors
from flask_site import APP, CHUNKS, VIEW, site
from servers import Server, missing
from spoken import FROM, REFUSED, policy, preflight, speaker
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import FileWrapper


def ask(
    app: flask.Flask, method: str, path: str, headers: dict[str, str]
) -> tuple[int, str | None, bytes]:
    """The status of the answer, who speaks in it, and its body."""
    response = app.test_client().open(path, method=method, headers=headers)
    answered = response.status_code, speaker(response.headers), response.data
    response.close()
    return answered


PAGES = [
    pytest.param("/", 200, "App", b"page", id="a page"),
    pytest.param("/missing", 404, "App", None, id="a 404"),
    pytest.param("/stream", 200, "View", b"".join(CHUNKS), id="a stream"),
    pytest.param("/file", 200, "View", None, id="a file"),
    pytest.param("/error", 500, "View", None, id="an unhandled error"),
    pytest.param("/off", 200, None, b"page", id="a view that is off"),
]


@pytest.mark.parametrize(("path", "status", "expected", "body"), PAGES)
def test_an_answer_of_flask_carries_the_headers(
    path: str, status: int, expected: str | None, body: bytes | None
) -> None:
    """Whatever it is made of, and it arrives as Flask made it."""
    answered = ask(site, "GET", path, FROM)

    assert (status, expected) == answered[:2]
    assert body in (None, answered[2])


# Errors that leave


@pytest.mark.parametrize("path", ["/", "/view"])
def test_an_error_that_flask_hands_on_leaves_unchanged(path: str) -> None:
    """As in tests and under a debugger, with the application's policy or a view's."""
    app = flask.Flask("site")
    CORS(app, APP)
    app.testing = True
    error = LookupError("raised on purpose")

    def fail() -> str:
        raise error

    app.add_url_rule("/", "index", lambda: fail())
    app.add_url_rule("/view", "view", cors(VIEW)(lambda: fail()))

    with pytest.raises(LookupError) as raised:
        ask(app, "GET", path, FROM)

    assert error is raised.value


# Streams


def test_chunks_pass_one_by_one() -> None:
    """The view makes a chunk when the server asks for it, and hears when the server ends."""
    app, seen = flask.Flask("site"), []
    CORS(app, APP)

    @app.get("/")
    @cors(VIEW)
    def stream() -> Any:
        def chunks() -> Iterator[str]:
            try:
                for chunk in ("one", "two"):
                    seen.append(chunk)
                    yield chunk
            finally:
                seen.append("closed")

        return flask.stream_with_context(chunks())

    environ = werkzeug.test.create_environ("/", headers=FROM)
    returned: Any = app(environ, lambda *_arguments: lambda chunk: None)

    assert [] == seen
    assert b"one" == next(iter(returned))
    assert ["one"] == seen
    returned.close()
    assert ["one", "closed"] == seen


def test_a_file_stays_the_server_s_to_send() -> None:
    """The wrapper that the server gave reaches it unwrapped."""
    environ = werkzeug.test.create_environ("/file", headers=FROM)
    environ["wsgi.file_wrapper"] = FileWrapper

    returned: Any = site(environ, lambda *_arguments: lambda chunk: None)

    response = getattr(returned, "iterable", returned)
    assert FileWrapper is type(response)
    returned.close()


# Middlewares inside


class Copying:
    """Calls an application with an environ of its own."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(dict(environ), start_response)


class Late(Copying):
    """Calls an application when the server asks for the first chunk."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        yield from self.app(environ, start_response)


class Buffering(Copying):
    """Starts its answer when the application has ended."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        started: list[Any] = []
        body = b"".join(self.app(environ, lambda *arguments: started.append(arguments)))
        start_response(*started[0])
        return [body]


class Renaming(Copying):
    """Changes what the request says of itself."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        environ["HTTP_ORIGIN"] = "https://mallory.test"
        environ["REQUEST_METHOD"] = "GET"
        return self.app(environ, start_response)


@pytest.mark.parametrize("middleware", [Copying, Late, Buffering, Renaming, ProxyFix])
@pytest.mark.parametrize("inside", [True, False], ids=["inside", "outside"])
def test_a_middleware_of_the_application_takes_no_policy_away(
    middleware: Any, inside: bool
) -> None:
    """Neither one that stands between Flask and the adapter, nor one around both."""
    if middleware is Renaming and not inside:
        return  # what stands outside says what the request is
    app = flask.Flask("site")
    app.add_url_rule("/", "index", lambda: "page", methods=["GET", "POST"])
    view = cors(VIEW)(lambda: "page")
    app.add_url_rule("/view", "view", view, methods=["GET", "POST"])
    if inside:
        app.wsgi_app = middleware(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents it
    CORS(app, APP)
    if not inside:
        app.wsgi_app = middleware(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents it

    for path, expected in (("/", "App"), ("/view", "View"), ("/missing", "App")):
        assert expected == ask(app, "POST", path, FROM)[1]
        assert (204, expected) == ask(app, "OPTIONS", path, preflight("POST"))[:2]


def test_an_application_that_is_mounted_inside_has_the_outer_policy() -> None:
    """Its routes are none of the outer application's, though they have the same names."""
    outer, inner = flask.Flask("outer"), flask.Flask("inner")
    outer.add_url_rule("/", "index", cors(VIEW)(lambda: "page"))
    inner.add_url_rule("/", "index", lambda: "page")
    outer.wsgi_app = DispatcherMiddleware(outer.wsgi_app, {"/inner": inner})  # type: ignore[method-assign]  # as Flask documents it
    CORS(outer, APP)

    spoken = [ask(outer, "GET", path, FROM)[1] for path in ("/", "/inner/")]

    assert ["View", "App"] == spoken


def test_the_outermost_of_two_applications_speaks() -> None:
    """One that is mounted with a policy of its own is overruled, and no header comes twice."""
    outer, inner = flask.Flask("outer"), flask.Flask("inner")
    outer.add_url_rule("/", "index", cors(VIEW)(lambda: "page"))
    inner.add_url_rule("/", "index", cors(policy("Inner"))(lambda: "page"))
    CORS(inner, policy("Other"))
    outer.wsgi_app = DispatcherMiddleware(outer.wsgi_app, {"/inner": inner})  # type: ignore[method-assign]  # as Flask documents it
    CORS(outer, APP)

    assert (200, "App", b"page") == ask(outer, "GET", "/inner/", FROM)
    assert "Inner" == ask(inner, "GET", "/", FROM)[1]


# Routing


class OfTheSession(werkzeug.routing.BaseConverter):
    """Asks for the session, which Flask has opened when it routes; fails for one value."""

    def to_python(self, value: str) -> str:
        if value == "fails":
            raise LookupError("raised on purpose")
        return f"{value} {len(flask.session)}" if value == "session" else value


def test_a_converter_that_fails_leaves_a_preflight_without_a_policy() -> None:
    """Whose it is, nobody knows; Flask answers as it does without corsac."""
    app = flask.Flask("site")
    CORS(app, APP)
    app.url_map.converters["of_the_session"] = OfTheSession
    app.add_url_rule("/<of_the_session:value>", "view", cors(VIEW)(lambda value: value))

    assert (204, "View") == ask(app, "OPTIONS", "/works", preflight("GET"))[:2]
    assert (500, None) == ask(app, "OPTIONS", "/fails", preflight("GET"))[:2]
    assert (500, "App") == ask(app, "GET", "/fails", FROM)[:2]
    # A preflight has no session.
    assert (200, None) == ask(app, "OPTIONS", "/session", preflight("GET"))[:2]
    assert (200, "View") == ask(app, "GET", "/session", FROM)[:2]


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_host_that_is_not_trusted_gets_the_application_s_policy(method: str) -> None:
    """Flask routes nothing of it."""
    app = flask.Flask("site")
    CORS(app, APP)
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    app.add_url_rule("/", "index", cors(VIEW)(lambda: "page"))
    headers = preflight("GET") if method == "OPTIONS" else FROM

    trusted = ask(app, method, "/", {**headers, "Host": "example.com"})
    other = ask(app, method, "/", {**headers, "Host": "mallory.test"})

    assert ("View", "App") == (trusted[1], other[1])


def test_a_request_context_for_tests_stays_flask_s_own() -> None:
    """It is no request that has an answer."""
    ask(site, "GET", "/stream", FROM)

    with site.test_request_context("/stream", headers=FROM):
        assert "stream" == flask.request.endpoint
        assert site.url_for("file") == "/file"


# Servers


@pytest.fixture(scope="module", params=["gunicorn", "waitress", "werkzeug"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if reason := missing(request.param):
        pytest.fail(reason)
    running = Server(request.param, "flask_site:site")
    yield running
    running.stop()


@pytest.mark.parametrize(("path", "status", "expected", "body"), PAGES)
def test_a_server_sends_what_flask_answers(
    server: Server, path: str, status: int, expected: str | None, body: bytes | None
) -> None:
    """The same as in process, the preflight before it, and a refused one."""
    actual = server.ask("GET", path, FROM.items())
    asked = server.ask("OPTIONS", path, preflight("GET").items())
    refused = server.ask("OPTIONS", path, {**preflight("GET"), **REFUSED}.items())

    assert actual is not None and asked is not None and refused is not None
    assert (status, expected) == (actual.status, speaker(actual.headers))
    assert body in (None, actual.body)
    assert (204 if expected else 200, expected) == (
        asked.status,
        speaker(asked.headers),
    )
    assert ((403, "") if expected else (200, None)) == (
        refused.status,
        speaker(refused.headers),
    )
    assert b"" == refused.body
