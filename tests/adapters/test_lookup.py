"""When the extensions of Flask and Quart look at routes, and what runs then.

Here: views that come later, what a preflight runs, errors.
Not here: whose policy a route has (`test_views.py`), forms of setting up (`test_extensions.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-request
"""

from __future__ import annotations

from typing import Any

import pytest
from corsac.adapters import _marks, asgi, wsgi
from pallets import FRAMEWORKS, Framework
from spoken import FROM, policy, preflight, speaker

#: What runs for a call where no code in Python does.
NATIVE = [asgi.CORSMiddleware.__call__, wsgi.CORSMiddleware.__call__]
APP, VIEW, OTHER = policy("App"), policy("View"), policy("Other")


@pytest.fixture(params=FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def framework(request: pytest.FixtureRequest) -> Framework:
    chosen: Framework = request.param
    return chosen


def page() -> str:
    return "page"


def make_app(framework: Framework) -> Any:
    app = framework.make()
    app.add_url_rule("/", "index", page)
    framework.adapter.CORS(app, APP)
    return app


def new_view(framework: Framework) -> Any:
    """A marked function of its own."""
    return framework.adapter.cors(VIEW)(lambda: "page")


def test_as_long_as_nothing_is_marked_the_native_middleware_answers(
    framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alone before the first mark of the process; and chosen when marks elsewhere exist."""
    monkeypatch.setattr(_marks, "_made", 0)
    app = make_app(framework)
    outer = getattr(app, framework.protocol)
    before = framework.ask(app, "GET", "/", FROM)
    was_native = type(outer).__call__ in NATIVE
    new_view(framework)

    after = framework.ask(app, "GET", "/", FROM)

    assert ["App", "App"] == [speaker(before.lines), speaker(after.lines)]
    assert was_native
    assert type(outer).__call__ not in NATIVE
    assert type(outer._chooser.choose()).__call__ in NATIVE
    assert "request_context" not in vars(app)


def test_a_mark_counts_for_an_application_that_others_have_wrapped(
    framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold what was there when they came."""
    monkeypatch.setattr(_marks, "_made", 0)
    app = make_app(framework)
    inner = getattr(app, framework.protocol)

    def wrapper(*arguments: Any) -> Any:
        return inner(*arguments)

    setattr(app, framework.protocol, wrapper)
    app.add_url_rule("/page", "page", new_view(framework))

    answers = [framework.ask(app, "GET", path, FROM) for path in ("/", "/page")]

    assert ["App", "View"] == [speaker(answer.lines) for answer in answers]


@pytest.mark.parametrize("place", ["view", "class", "method", "blueprint"])
def test_a_single_mark_is_found(framework: Framework, place: str) -> None:
    """In each place where one can be."""
    app, mark = make_app(framework), framework.adapter.cors(VIEW)

    class Page(framework.package.views.MethodView):
        def get(self) -> str:
            return "page"

    if place == "method":
        mark(Page.get)
    if place == "class":
        mark(Page)
    view = Page.as_view("page")
    if place == "view":
        mark(view)
    blueprint = framework.package.Blueprint("blueprint", "site")
    blueprint.add_url_rule("/page", view_func=view)
    app.register_blueprint(mark(blueprint) if place == "blueprint" else blueprint)

    assert "View" == speaker(framework.ask(app, "GET", "/page", FROM).lines)


def test_what_is_registered_behind_a_preflight_counts(framework: Framework) -> None:
    """The framework has not seen that request, so that it still takes views and blueprints."""
    app = make_app(framework)
    blueprint = framework.package.Blueprint("blueprint", "site")
    blueprint.add_url_rule("/blueprint", "index", page)
    view = new_view(framework)
    framework.adapter.cors(OTHER)(blueprint)

    def ask(path: str) -> str | None:
        return speaker(framework.ask(app, "OPTIONS", path, preflight("GET")).lines)

    assert "App" == ask("/view")
    app.add_url_rule("/view", "view", view)
    assert "View" == ask("/view")
    app.register_blueprint(blueprint)
    assert "Other" == ask("/blueprint")


@pytest.mark.parametrize("others", [False, True], ids=["the first", "another"])
def test_a_mark_behind_a_request_counts(framework: Framework, others: bool) -> None:
    """Though the view has answered under the application's policy already."""
    app = framework.make()
    framework.adapter.CORS(app, APP)
    view = app.get("/")(lambda: "page")
    if others:
        app.add_url_rule("/other", "other", new_view(framework))
    assert "App" == speaker(framework.ask(app, "GET", "/", FROM).lines)

    framework.adapter.cors(VIEW)(view)

    assert "View" == speaker(framework.ask(app, "GET", "/", FROM).lines)


@pytest.mark.parametrize("marked", [False, True], ids=["an application", "a view"])
def test_a_preflight_runs_nothing_of_the_application(
    framework: Framework, marked: bool
) -> None:
    """No hook, no session, no teardown, and not the view."""
    app, ran = framework.make(), []
    framework.adapter.CORS(app, APP)

    def view() -> str:
        ran.append("view")
        return "page"

    app.add_url_rule(
        "/", "index", framework.adapter.cors(VIEW)(view) if marked else view
    )
    app.before_request(lambda: ran.append("before"))
    app.teardown_request(lambda error: ran.append("teardown"))
    app.teardown_appcontext(lambda error: ran.append("context"))
    app.url_value_preprocessor(lambda endpoint, values: ran.append("values"))

    framework.ask(app, "OPTIONS", "/", preflight("GET"))
    assert [] == ran
    framework.ask(app, "GET", "/", FROM)
    assert ["values", "before", "view", "teardown", "context"] == ran


@pytest.mark.parametrize("guard", ["before_request", "url_value_preprocessor"])
def test_whoever_turns_a_request_away_speaks_under_the_view_s_policy(
    framework: Framework, guard: str
) -> None:
    """The page may read why, and its preflight was allowed."""
    app = framework.make()
    framework.adapter.CORS(app, APP)
    app.add_url_rule("/", "index", new_view(framework))
    getattr(app, guard)(lambda *_arguments: framework.package.abort(401))

    actual = framework.ask(app, "GET", "/", FROM)
    asked = framework.ask(app, "OPTIONS", "/", preflight("GET"))

    assert (401, "View") == (actual.status, speaker(actual.lines))
    assert (204, "View") == (asked.status, speaker(asked.lines))


@pytest.mark.parametrize(
    ("path", "status"), [("/", 500), ("/missing", 404)], ids=["a view", "no route"]
)
def test_an_unhandled_error_is_answered_under_the_policy(
    framework: Framework, path: str, status: int
) -> None:
    """By the framework's own page, or by the application's."""
    for handles in (False, True):
        app = framework.make()
        framework.adapter.CORS(app, APP)

        @app.get("/")
        @framework.adapter.cors(VIEW)
        def view() -> str:
            raise LookupError("raised on purpose")

        if handles:
            app.register_error_handler(status, lambda error: ("own", error.code))
        app.testing, app.config["PROPAGATE_EXCEPTIONS"] = True, False

        answer = framework.ask(app, "GET", path, FROM)

        expected = "View" if status == 500 else "App"
        assert (status, expected) == (answer.status, speaker(answer.lines))
        assert handles is (b"own" == answer.body)
