"""Whose policy a request of Flask or Quart gets: a view's, a blueprint's, or the application's.

Here: every place where a policy can stand, for actual requests and for their preflights alike.
Not here: how an extension is set up (`test_extensions.py`), what one framework alone has.
Spec: https://fetch.spec.whatwg.org/#cors-preflight-request
"""

from __future__ import annotations

import functools
from typing import Any

import pytest
from pallets import FRAMEWORKS, Framework
from spoken import FROM, REFUSED, policy, preflight, speaker

APP, VIEW, OUTER, INNER = map(policy, ("App", "View", "Outer", "Inner"))


@pytest.fixture(params=FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def framework(request: pytest.FixtureRequest) -> Framework:
    chosen: Framework = request.param
    return chosen


def make_site(framework: Framework, own: Any = APP) -> Any:
    """An application with a policy in every place where one can stand."""
    cors, Blueprint = framework.adapter.cors, framework.package.Blueprint
    app = framework.make()
    framework.adapter.CORS(app, own)

    def page() -> str:
        return "page"

    def view(mark: Any = None) -> Any:
        """A function of its own, since a mark stays on its function."""

        @functools.wraps(page)
        def view() -> str:
            return page()

        return mark(view) if mark else view

    app.add_url_rule("/", "index", view())
    app.add_url_rule("/view", "view", view(cors(VIEW)))
    app.add_url_rule("/keywords", "keywords", view(cors(**VIEW._keywords())))
    app.add_url_rule("/off", "off", view(cors(None)))
    app.add_url_rule("/slash/", "slash", view(cors(VIEW)))
    app.add_url_rule("/number/<int:n>", "number", cors(VIEW)(lambda n: str(n)))
    app.add_url_rule("/methods", "reads", view(cors(None)), methods=["GET"])
    app.add_url_rule("/methods", "writes", view(cors(VIEW)), methods=["PUT"])
    app.add_url_rule(
        "/own-options",
        "own_options",
        view(cors(VIEW)),
        methods=["PUT", "OPTIONS"],
        provide_automatic_options=False,
    )

    @cors(VIEW)
    @app.route("/above")
    def above() -> str:
        return "page"

    def logged_in(function: Any) -> Any:
        @functools.wraps(function)
        def wrapper() -> Any:
            return function()

        return wrapper

    app.add_url_rule("/wrapped", "wrapped", logged_in(view(cors(VIEW))))

    class Pages(framework.package.views.MethodView):
        def get(self) -> str:
            return "page"

        @cors(OUTER)
        def put(self) -> str:
            return "page"

    class Read(Pages):
        @cors(OUTER)
        def get(self) -> str:
            return "page"

    class Decorated(Pages):
        decorators = (cors(VIEW),)

    class Marked(Pages):
        pass

    app.add_url_rule("/class", view_func=Pages.as_view("class"))
    app.add_url_rule("/read", view_func=Read.as_view("read"))
    app.add_url_rule("/decorators", view_func=Decorated.as_view("decorators"))
    app.add_url_rule("/marked-class", view_func=cors(VIEW)(Marked).as_view("marked"))

    outer, inner = Blueprint("outer", "site"), Blueprint("inner", "site")
    plain = Blueprint("plain", "site")
    for blueprint in (outer, inner, plain):
        blueprint.add_url_rule("/", "index", view())
        blueprint.add_url_rule("/view", "view", view(cors(VIEW)))
        blueprint.add_url_rule("/off", "off", view(cors(None)))
    cors(OUTER)(outer)
    outer.register_blueprint(cors(INNER)(inner), url_prefix="/inner")
    outer.register_blueprint(plain, url_prefix="/plain")
    app.register_blueprint(outer, url_prefix="/outer")
    app.register_blueprint(inner, name="again", url_prefix="/again")
    app.register_blueprint(plain, url_prefix="/plain")
    return app


ROUTES = [
    ("a view without a policy", "GET", "/", 200, "App"),
    ("a view", "GET", "/view", 200, "View"),
    ("a view's HEAD", "HEAD", "/view", 200, "View"),
    ("a view by keywords", "GET", "/keywords", 200, "View"),
    ("a view that is switched off", "GET", "/off", 200, None),
    ("a view with a converter", "GET", "/number/7", 200, "View"),
    ("what a converter refuses", "GET", "/number/seven", 404, "App"),
    ("a path's view for one method", "GET", "/methods", 200, None),
    ("a path's view for another method", "PUT", "/methods", 200, "View"),
    ("a path's method without a view", "DELETE", "/methods", 405, "App"),
    ("a view that answers OPTIONS", "PUT", "/own-options", 200, "View"),
    ("cors above route", "GET", "/above", 200, "View"),
    ("a decorator above cors", "GET", "/wrapped", 200, "View"),
    ("a class without a policy", "GET", "/class", 200, "App"),
    ("a class's HEAD", "HEAD", "/class", 200, "App"),
    ("a class's method", "PUT", "/class", 200, "Outer"),
    ("a class's HEAD by its GET", "HEAD", "/read", 200, "Outer"),
    ("a class's decorators", "GET", "/decorators", 200, "View"),
    ("a method under decorators", "PUT", "/decorators", 200, "Outer"),
    ("a class that is marked", "GET", "/marked-class", 200, "View"),
    ("a method of a marked class", "PUT", "/marked-class", 200, "Outer"),
    ("a blueprint", "GET", "/outer/", 200, "Outer"),
    ("a view in a blueprint", "GET", "/outer/view", 200, "View"),
    ("a view that is off in a blueprint", "GET", "/outer/off", 200, None),
    ("a blueprint in a blueprint", "GET", "/outer/inner/", 200, "Inner"),
    ("a view two blueprints deep", "GET", "/outer/inner/view", 200, "View"),
    ("a plain blueprint in a blueprint", "GET", "/outer/plain/", 200, "Outer"),
    ("the same blueprint elsewhere", "GET", "/again/", 200, "Inner"),
    ("a plain blueprint", "GET", "/plain/", 200, "App"),
    ("no route", "GET", "/missing", 404, "App"),
    ("no route under a blueprint's prefix", "GET", "/outer/missing", 404, "App"),
    ("a method that no route has", "DELETE", "/view", 405, "App"),
    ("a redirect to a slash", "GET", "/slash", 308, "App"),
    ("what it redirects to", "GET", "/slash/", 200, "View"),
    ("a static file that is missing", "GET", "/static/x", 404, "App"),
]
EVERY_ROUTE = pytest.mark.parametrize(
    ("method", "path", "status", "expected"),
    [pytest.param(*row, id=name) for name, *row in ROUTES],
)


@EVERY_ROUTE
def test_an_actual_request_gets_the_nearest_policy(
    framework: Framework, method: str, path: str, status: int, expected: str | None
) -> None:
    """Method, view, blueprint, the blueprint around it, application."""
    answer = framework.ask(make_site(framework), method, path, FROM)

    assert (status, expected) == (answer.status, speaker(answer.lines))


@EVERY_ROUTE
def test_a_preflight_gets_the_policy_of_its_actual_request(
    framework: Framework, method: str, path: str, status: int, expected: str | None
) -> None:
    """Where CORS is switched off, the framework answers OPTIONS as it does without corsac."""
    answer = framework.ask(make_site(framework), "OPTIONS", path, preflight(method))

    assert (204 if expected else 200, expected) == (
        answer.status,
        speaker(answer.lines),
    )
    assert b"" == answer.body


@EVERY_ROUTE
def test_an_application_without_a_policy_has_cors_where_a_view_says_so(
    framework: Framework, method: str, path: str, status: int, expected: str | None
) -> None:
    """Everything else is as it is without corsac, preflights too."""
    app = make_site(framework, own=None)
    nearest = None if expected == "App" else expected

    actual = framework.ask(app, method, path, FROM)
    asked = framework.ask(app, "OPTIONS", path, preflight(method))

    assert (status, nearest) == (actual.status, speaker(actual.lines))
    assert nearest == speaker(asked.lines)


def test_a_refused_preflight_of_a_view_reaches_nobody(framework: Framework) -> None:
    """It is answered at once, by the policy of the view."""
    headers = {**preflight("GET"), **REFUSED}

    answer = framework.ask(make_site(framework), "OPTIONS", "/view", headers)

    assert (403, "", b"") == (answer.status, speaker(answer.lines), answer.body)


def test_options_that_is_no_preflight_goes_to_the_view(framework: Framework) -> None:
    """It gets the policy of whoever answers OPTIONS there, as an actual request."""
    answer = framework.ask(make_site(framework), "OPTIONS", "/view", FROM)

    assert (200, "View") == (answer.status, speaker(answer.lines))
    assert {"GET", "HEAD", "OPTIONS"} == set(dict(answer.lines)["allow"].split(", "))


def test_nobody_is_told_of_a_policy_without_an_origin(framework: Framework) -> None:
    """A view's policy has its part in caches, though, as everywhere."""
    answer = framework.ask(make_site(framework), "GET", "/view")

    assert "" == speaker(answer.lines)


def test_a_view_cannot_overrule_its_policy(framework: Framework) -> None:
    """What it says of CORS itself is left out; its Vary is merged."""
    app = framework.make()
    framework.adapter.CORS(app, APP)

    @app.get("/")
    @framework.adapter.cors(VIEW)
    def view() -> Any:
        own = {"Access-Control-Allow-Origin": "*", "Vary": "Cookie", "X-Own": "1"}
        return "page", own

    answer = framework.ask(app, "GET", "/", FROM)

    lines = dict(answer.lines)
    assert "View" == speaker(answer.lines)
    assert ("Cookie, Origin", "1") == (lines["vary"], lines["x-own"])


def test_a_view_that_is_off_speaks_for_itself(framework: Framework) -> None:
    """Nothing is added to its answer and nothing left out."""
    app = framework.make()
    framework.adapter.CORS(app, APP)

    @app.get("/")
    @framework.adapter.cors(None)
    def view() -> Any:
        return "page", {"Access-Control-Allow-Origin": "https://own.example"}

    answer = framework.ask(app, "GET", "/", FROM)

    lines = dict(answer.lines)
    assert "https://own.example" == lines["access-control-allow-origin"]
    assert "vary" not in lines


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        pytest.param("api.example.com", "View", id="a subdomain of its own"),
        pytest.param("any.example.com", "Outer", id="a variable subdomain"),
        pytest.param("example.com", "App", id="the server's name"),
    ],
)
@pytest.mark.parametrize("matching", ["host_matching", "subdomain_matching"])
def test_a_route_is_looked_up_under_its_host(
    framework: Framework, matching: str, host: str, expected: str
) -> None:
    """By whole hosts or by subdomains, as the application says."""
    cors = framework.adapter.cors
    app = framework.make(static_folder=None, **{matching: True})
    framework.adapter.CORS(app, APP)
    views = {
        "api": cors(VIEW)(lambda: "page"),
        "<name>": cors(OUTER)(lambda name: "page"),
        "": lambda: "page",
    }
    for place, view in views.items():
        where = {"subdomain": place}
        if matching == "host_matching":
            where = {"host": f"{place}.example.com".lstrip(".")}
        app.add_url_rule("/", f"at {place}", view, **where)
    if matching == "subdomain_matching":
        app.config["SERVER_NAME"] = "example.com"

    for method, headers in (("GET", FROM), ("OPTIONS", preflight("GET"))):
        answer = framework.ask(app, method, "/", {**headers, "Host": host})
        assert expected == speaker(answer.lines)


@pytest.mark.parametrize(("root_path", "expected"), [("", "App"), ("/mounted", "View")])
def test_a_route_is_looked_up_under_the_root_path(
    framework: Framework, root_path: str, expected: str
) -> None:
    """What a server strips, or names, is no part of a rule."""
    app = make_site(framework)
    app.add_url_rule("/mounted/view", "unmarked", lambda: "page")
    path = "/view" if root_path else "/mounted/view"

    for method, headers in (("GET", FROM), ("OPTIONS", preflight("GET"))):
        answer = framework.ask(app, method, path, headers, root_path)
        assert expected == speaker(answer.lines)
