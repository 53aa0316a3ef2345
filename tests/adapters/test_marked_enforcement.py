"""Enforcement in Flask and Quart where views and blueprints have policies of their own.

Here: whose policy refuses a request, and that nothing of the application runs for it.
Not here: whose policy speaks (`test_views.py`, `test_marked_sources.py`), WebSockets
(`test_quart_sockets.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from typing import Any

import pytest
import werkzeug.routing
from corsac import OriginPolicies, PolicyHandle, PolicyMap
from corsac._watch import read_counts
from pallets import FRAMEWORKS, Framework
from spoken import FROM, REFUSED, policy, preflight, speaker

APP, VIEW, OUTER = policy("App"), policy("View"), policy("Outer")
STRICT_APP, STRICT = APP.replace(enforce=True), VIEW.replace(enforce=True)
PROXIED = STRICT.replace(own_origins=["https://public.example"])
PUBLIC = {"Origin": "https://public.example"}


@pytest.fixture(params=FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def framework(request: pytest.FixtureRequest) -> Framework:
    chosen: Framework = request.param
    return chosen


class Recording:
    """A middleware of the application, of either protocol."""

    def __init__(self, app: Any, ran: list[str]) -> None:
        self.app, self.ran = app, ran

    def __call__(self, *request: Any) -> Any:
        self.ran.append("middleware")
        return self.app(*request)


def make(framework: Framework, own: Any, **marks: Any) -> tuple[Any, list[str]]:
    """An application whose every part says when it runs, with a view for each mark."""
    app, ran = framework.make(), []
    inner = Recording(getattr(app, framework.protocol), ran)
    setattr(app, framework.protocol, inner)
    framework.adapter.CORS(app, own)
    cors, Blueprint = framework.adapter.cors, framework.package.Blueprint

    def view(mark: Any = "none") -> Any:
        def view(**values: Any) -> str:
            ran.append("view")
            return "page"

        return view if mark == "none" else cors(mark)(view)

    options: dict[str, Any] = {"methods": ["GET", "POST", "OPTIONS"]}
    app.add_url_rule("/", "index", view(), **options)
    for name, mark in marks.items():
        app.add_url_rule(f"/{name}", name, view(mark), **options)
    blueprint = Blueprint("blueprint", "site")
    blueprint.add_url_rule("/", "index", view(), **options)
    blueprint.add_url_rule("/off", "off", view(None), **options)
    app.register_blueprint(
        cors(OUTER.replace(enforce=True))(blueprint), url_prefix="/blueprint"
    )
    app.before_request(lambda: ran.append("before"))
    app.teardown_appcontext(lambda error: ran.append("context"))
    app.url_value_preprocessor(lambda endpoint, values: ran.append("values"))

    def signalled(sender: Any, **about: Any) -> None:
        ran.append("signal")

    for signal in ("appcontext_pushed", "request_started", "got_request_exception"):
        connected = getattr(framework.package.signals, signal)
        connected.connect(signalled, app)
    app.recorder = signalled  # signals hold it weakly
    return app, ran


def ask(framework: Framework, app: Any, *request: Any) -> tuple[int, str | None]:
    answer = framework.ask(app, *request)
    if answer.status == 403:
        assert b"" == answer.body
    return answer.status, speaker(answer.lines)


MARKS: dict[str, Any] = {
    "strict": STRICT,
    "open": VIEW,
    "off": None,
    "handle": PolicyHandle(STRICT),
    "several": OriginPolicies([OUTER.replace(allow_origins=["https://x.example"]), STRICT]),
    "proxied": PROXIED,
}  # fmt: skip

#: Under an application's policy that enforces, and under one that does not: what a request of a
#: refused origin gets, and who speaks to an allowed one.
ROUTES = [
    ("/", 403, 200, "App"),
    ("/missing", 403, 404, "App"),
    ("/strict", 403, 403, "View"),
    ("/open", 200, 200, "View"),
    ("/off", 200, 200, None),
    ("/handle", 403, 403, "View"),
    ("/several", 403, 403, "View"),
    ("/proxied", 403, 403, "View"),
    ("/blueprint/", 403, 403, "Outer"),
    ("/blueprint/off", 200, 200, None),
    ("/blueprint/missing", 403, 404, "App"),
]


@pytest.mark.parametrize(
    ("own", "is_strict"),
    [
        pytest.param(STRICT_APP, True, id="a policy"),
        pytest.param(PolicyMap({"/": STRICT_APP}), True, id="a map"),
        pytest.param(PolicyHandle(STRICT_APP), True, id="a handle"),
        pytest.param(lambda request: STRICT_APP, True, id="a function"),
        pytest.param(APP, False, id="a policy that does not"),
        pytest.param(PolicyHandle(APP), False, id="a handle that does not"),
        pytest.param(lambda request: APP, False, id="a function that does not"),
    ],
)
@pytest.mark.parametrize("route", ROUTES, ids=[path for path, *_ in ROUTES])
def test_the_nearest_policy_refuses_before_anything_runs(
    framework: Framework, own: Any, is_strict: bool, route: Any
) -> None:
    """Whatever the method; a policy that does not enforce lets its view answer."""
    path, strictly, openly, name = route
    refused = strictly if is_strict else openly
    app, ran = make(framework, own, **MARKS)

    for method in ("GET", "POST", "HEAD", "OPTIONS"):
        if path.endswith("missing") and method == "OPTIONS":
            continue  # there is no rule whose options they could be
        ran.clear()
        expected = None if name is None else ""
        assert (refused, expected) == ask(framework, app, method, path, REFUSED)
        assert (refused == 403) == (ran == []), ran
    assert name == ask(framework, app, "GET", path, FROM)[1]
    assert {"middleware", "before"} <= set(ran)


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/strict", {}, 200),
        ("/strict", {"Origin": "http://localhost"}, 200),
        ("/strict", {"Origin": "https://localhost"}, 403),
        ("/strict", {"Origin": "null"}, 403),
        ("/strict", PUBLIC, 403),
        ("/proxied", PUBLIC, 200),
        ("/proxied", {"Origin": "http://localhost"}, 403),
    ],
)
def test_who_asks_nobody_passes(
    framework: Framework, path: str, headers: dict[str, str], expected: int
) -> None:
    """No origin, and the server's own."""
    app, ran = make(framework, APP, **MARKS)

    assert (expected, "") == ask(framework, app, "POST", path, headers)
    assert ("view" in ran) == (expected == 200)


def test_a_preflight_is_answered_as_ever(framework: Framework) -> None:
    """By the policy of its route."""
    app, ran = make(framework, APP, **MARKS)

    assert (204, "View") == ask(framework, app, "OPTIONS", "/strict", preflight("POST"))
    assert (403, "") == ask(
        framework, app, "OPTIONS", "/strict", {**preflight("POST"), **REFUSED}
    )
    assert [] == ran


def bare(framework: Framework, own: Any, mark: Any) -> Any:
    """An application with nothing beside a view with a mark and one without."""
    app = framework.make()
    framework.adapter.CORS(app, own)
    app.add_url_rule("/", "index", lambda: "page")
    app.add_url_rule("/view", "view", framework.adapter.cors(mark)(lambda: "page"))
    return app


@pytest.mark.parametrize("is_mark", [True, False], ids=["a mark", "the application's"])
def test_a_handle_begins_to_enforce_while_serving(
    framework: Framework, is_mark: bool
) -> None:
    """And ends; nothing else enforces there."""
    handle = PolicyHandle(VIEW)
    app = bare(framework, *((APP, handle) if is_mark else (handle, APP)))
    seen = []
    for choice in (VIEW, STRICT, None, PolicyMap({"/": STRICT}), VIEW):
        handle.replace(choice)
        path = "/view" if is_mark else "/"
        seen.append(ask(framework, app, "GET", path, REFUSED)[0])

    assert [200, 403, 200, 403, 200] == seen


def test_a_callable_may_enforce_at_any_time(framework: Framework) -> None:
    """Though nothing else does, and nobody sees it before a request."""
    app = bare(framework, lambda request: STRICT_APP, VIEW)

    assert (403, "") == ask(framework, app, "GET", "/", REFUSED)
    assert (200, "") == ask(framework, app, "GET", "/view", REFUSED)


def test_a_view_that_is_marked_late_enforces_at_once(framework: Framework) -> None:
    """It has answered everybody before."""
    app = framework.make()
    framework.adapter.CORS(app, APP)
    view = app.get("/")(lambda: "page")
    assert (200, "") == ask(framework, app, "GET", "/", REFUSED)

    framework.adapter.cors(STRICT)(view)

    assert (403, "") == ask(framework, app, "GET", "/", REFUSED)


def test_refused_requests_are_counted_once(framework: Framework) -> None:
    """Under the policy that refused them."""
    name = f"enforced.{framework.protocol}"
    app, _ = make(framework, STRICT_APP, view=STRICT.replace(name=name))

    for headers in (REFUSED, FROM, {}):
        ask(framework, app, "GET", "/view", headers)

    totals = {
        (str(outcome), refusal): total
        for named, outcome, refusal, total in read_counts()
        if named == name and total
    }
    assert {
        ("actual_refused", "origin"): 1,
        ("actual_allowed", None): 1,
        ("no_origin", None): 1,
    } == totals


# Routes that cannot be looked up


def with_converter(framework: Framework, own: Any, mark: Any) -> Any:
    """An application with a view whose converter works in a request alone."""
    app, package = framework.make(), framework.package
    framework.adapter.CORS(app, own)

    class OfTheApplication(werkzeug.routing.BaseConverter):
        def to_python(self, value: str) -> str:
            return f"{value} of {package.current_app.name}"

    app.url_map.converters["own"] = OfTheApplication
    view = framework.adapter.cors(mark)(lambda value: value)
    app.add_url_rule("/<own:value>", "view", view, methods=["POST"])
    return app


@pytest.mark.parametrize(
    ("own", "mark", "refused", "allowed"),
    [
        pytest.param(APP, STRICT, (403, ""), (403, ""), id="a view enforces"),
        pytest.param(None, STRICT, (403, ""), (403, ""), id="it alone has a policy"),
        pytest.param(APP, PolicyHandle(STRICT), (403, ""), (403, ""), id="a handle"),
        pytest.param(STRICT_APP, VIEW, (403, ""), (200, "App"), id="the application"),
        pytest.param(APP, PolicyHandle(VIEW), (200, ""), (200, "View"), id="nobody"),
    ],
)
def test_where_no_route_can_be_looked_up_no_other_page_passes(
    framework: Framework, own: Any, mark: Any, refused: Any, allowed: Any
) -> None:
    """If a view enforces, it could be this one; own pages and other clients pass."""
    app = with_converter(framework, own, mark)

    assert refused == ask(framework, app, "POST", "/x", REFUSED)
    assert allowed == ask(framework, app, "POST", "/x", FROM)
    for headers in ({}, {"Origin": "http://localhost"}):
        assert (200, b"x of site") == framework.ask(app, "POST", "/x", headers)[::2]


def test_named_own_pages_pass_where_no_route_can_be_looked_up(
    framework: Framework,
) -> None:
    """Behind a proxy the server's address is nobody's origin."""
    app = with_converter(framework, APP, PROXIED)

    assert 200 == ask(framework, app, "POST", "/x", PUBLIC)[0]
    assert 403 == ask(framework, app, "POST", "/x", {"Origin": "http://localhost"})[0]
