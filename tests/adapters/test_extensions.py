"""How the extensions of Flask and Quart are set up.

Here: forms of `CORS`, `cors` and `install`, and what each refuses.
Not here: whose policy a route has (`test_views.py`), when one is looked at (`test_lookup.py`).
Spec: https://flask.palletsprojects.com/en/stable/extensiondev/
"""

from __future__ import annotations

import functools
from typing import Any

import pytest
from corsac import PolicyError
from pallets import FRAMEWORKS, Framework
from spoken import FROM, policy, preflight, speaker

APP, VIEW, OTHER = policy("App"), policy("View"), policy("Other")


@pytest.fixture(params=FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def framework(request: pytest.FixtureRequest) -> Framework:
    chosen: Framework = request.param
    return chosen


def page() -> str:
    return "page"


def make_app(framework: Framework, name: str = "site") -> Any:
    app = framework.make(name)
    app.add_url_rule("/", "index", page)
    return app


def new_view(framework: Framework) -> Any:
    """A marked function of its own."""
    return framework.adapter.cors(VIEW)(lambda: "page")


# Setting up


def by_constructor(adapter: Any, app: Any) -> None:
    adapter.CORS(app, APP)


def by_keywords(adapter: Any, app: Any) -> None:
    adapter.CORS(app, **APP._keywords())


def by_init_app(adapter: Any, app: Any) -> None:
    adapter.CORS(policy=APP).init_app(app)


def by_init_app_s_policy(adapter: Any, app: Any) -> None:
    adapter.CORS(policy=OTHER).init_app(app, APP)


def by_init_app_s_keywords(adapter: Any, app: Any) -> None:
    adapter.CORS().init_app(app, **APP._keywords())


def by_install(adapter: Any, app: Any) -> None:
    assert app is adapter.install(app, APP)


def by_install_s_keywords(adapter: Any, app: Any) -> None:
    assert app is adapter.install(app, **APP._keywords())


@pytest.mark.parametrize(
    "set_up",
    [
        by_constructor,
        by_keywords,
        by_init_app,
        by_init_app_s_policy,
        by_init_app_s_keywords,
        by_install,
        by_install_s_keywords,
    ],
)
def test_an_application_gets_its_policy(framework: Framework, set_up: Any) -> None:
    """In each form, before or behind its routes."""
    app = framework.make()
    set_up(framework.adapter, app)
    app.add_url_rule("/", "index", page)

    for method, headers in (("GET", FROM), ("OPTIONS", preflight("GET"))):
        assert "App" == speaker(framework.ask(app, method, "/", headers).lines)


def test_one_object_serves_the_applications_of_a_factory(framework: Framework) -> None:
    """Each has the object's policy, or one of its own; none has another's views."""
    cors = framework.adapter.CORS(policy=APP)
    first, second = make_app(framework, "first"), make_app(framework, "second")
    cors.init_app(first)
    cors.init_app(second, OTHER)
    first.add_url_rule("/view", "view", new_view(framework))
    second.add_url_rule("/view", "view", lambda: "page")

    spoken = [
        speaker(framework.ask(app, "GET", path, FROM).lines)
        for app in (first, second)
        for path in ("/", "/view")
    ]

    assert ["App", "View", "Other", "Other"] == spoken


def test_an_extension_is_found_where_extensions_are(framework: Framework) -> None:
    """By the name of the package."""
    app = make_app(framework)

    cors = framework.adapter.CORS(app, APP)

    assert cors is app.extensions["corsac"]


def test_without_a_policy_and_marks_nothing_happens(framework: Framework) -> None:
    """Neither to requests nor to preflights."""
    app = make_app(framework)
    framework.adapter.CORS(app)

    assert None is speaker(framework.ask(app, "GET", "/", FROM).lines)
    answer = framework.ask(app, "OPTIONS", "/", preflight("GET"))
    assert (200, None) == (answer.status, speaker(answer.lines))


@pytest.mark.parametrize(
    ("attempt", "error", "message"),
    [
        pytest.param(
            lambda adapter, app, blueprint: adapter.CORS(blueprint, APP),
            TypeError,
            r"cors\(policy\)\(blueprint\)",
            id="a blueprint as an application",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.CORS(APP),
            TypeError,
            "application",
            id="a policy as an application",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.CORS(app, APP, max_age=1),
            TypeError,
            "either",
            id="a policy and keywords",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.CORS(APP).init_app(app, max_age=1),
            TypeError,
            "application",
            id="keywords that are no policy",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.CORS(app, allow_origins=["x"]),
            PolicyError,
            "allow_origins",
            id="keywords with a problem",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.install(app),
            TypeError,
            "allow_origins",
            id="install without a policy",
        ),
        pytest.param(
            lambda adapter, app, blueprint: [adapter.CORS(app), adapter.CORS(app)],
            RuntimeError,
            "already",
            id="two objects on one application",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.cors(),
            TypeError,
            "allow_origins",
            id="cors without a policy",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.cors(page),
            TypeError,
            "either",
            id="cors without parentheses",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.cors(None, max_age=1),
            TypeError,
            "allow_origins",
            id="off, and keywords",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.cors(APP)(app),
            TypeError,
            r"CORS\(app",
            id="an application as a view",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.cors(APP)("index"),
            TypeError,
            "'index'",
            id="an endpoint's name as a view",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.cors(APP)("a view".upper),
            TypeError,
            "function",
            id="a view that takes no attribute",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.cors(APP)(
                adapter.cors(VIEW)(blueprint)
            ),
            ValueError,
            "already",
            id="two policies for a blueprint",
        ),
        pytest.param(
            lambda adapter, app, blueprint: adapter.cors(None)(
                adapter.cors(VIEW)(lambda: "page")
            ),
            ValueError,
            "already",
            id="two policies for a view",
        ),
    ],
)
def test_a_mistake_is_told_at_once(
    framework: Framework, attempt: Any, error: type[Exception], message: str
) -> None:
    """No application starts with it."""
    blueprint = framework.package.Blueprint("blueprint", "site")

    with pytest.raises(error, match=message):
        attempt(framework.adapter, make_app(framework), blueprint)


def test_a_mark_gives_the_same_object_back(framework: Framework) -> None:
    """Nothing is called through it; the same policy again is no mistake."""

    def view() -> str:
        return "page"

    blueprint = framework.package.Blueprint("blueprint", "site")
    for one in (view, blueprint, functools.partial(view)):
        assert one is framework.adapter.cors(VIEW)(one)
        assert one is framework.adapter.cors(policy("View"))(one)


def test_a_subclass_may_have_another_policy(framework: Framework) -> None:
    """It inherits one, until it is marked itself."""
    cors, app = framework.adapter.cors, make_app(framework)
    framework.adapter.CORS(app)

    @cors(VIEW)
    class Base(framework.package.views.MethodView):
        def get(self) -> str:
            return "page"

    class Heir(Base):
        pass

    @cors(OTHER)
    class Rebel(Base):
        pass

    for kind in (Base, Heir, Rebel):
        app.add_url_rule(f"/{kind.__name__}", view_func=kind.as_view(kind.__name__))

    spoken = [
        speaker(framework.ask(app, "GET", path, FROM).lines)
        for path in ("/Base", "/Heir", "/Rebel")
    ]
    assert ["View", "View", "Other"] == spoken
