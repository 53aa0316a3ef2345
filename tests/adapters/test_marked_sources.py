"""Marks of Flask and Quart beside sources of every kind.

Here: what a mark takes, whose policy a route has where not all are plain policies, what is counted.
Not here: places of marks (`test_views.py`), enforcement (`test_marked_enforcement.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-request
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from corsac._watch import Refused, set_refused_hook
from pallets import FRAMEWORKS, Framework
from spoken import FROM, REFUSED, counts, policy, preflight, speaker
from test_views import APP, EVERY_ROUTE, make_site
from werkzeug.test import create_environ

VIEW, OTHER = policy("View"), policy("Other")
PARTNER = {"Origin": "https://partner.example"}
PARTNERS = OriginPolicies([OTHER.replace(allow_origins=[PARTNER["Origin"]]), VIEW])


@pytest.fixture(params=FRAMEWORKS.values(), ids=FRAMEWORKS.keys())
def framework(request: pytest.FixtureRequest) -> Framework:
    chosen: Framework = request.param
    return chosen


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A policy's name that only this test has."""
    return "".join(each if each.isalnum() else "." for each in request.node.name)[-90:]


def make(framework: Framework, own: Any, **views: Any) -> Any:
    """An application with a view for each mark, and one without."""
    app = framework.make()
    framework.adapter.CORS(app, own)
    app.add_url_rule("/", "index", lambda: "page", methods=["GET", "PUT"])
    for path, mark in views.items():
        view = framework.adapter.cors(mark)(lambda: "page")
        app.add_url_rule(f"/{path}", path, view, methods=["GET", "PUT"])
    return app


def spoken(framework: Framework, app: Any, *request: Any) -> tuple[int, str | None]:
    answer = framework.ask(app, *request)
    return answer.status, speaker(answer.lines)


# Whose policy it is

SOURCES: dict[str, Any] = {
    "a map": PolicyMap({"/": APP}),
    "several": OriginPolicies([VIEW.replace(allow_origins=["https://x.example"]), APP]),
    "a handle": PolicyHandle(APP),
    "a function": lambda request: APP,
    "a named policy": APP.replace(name="marked.sources"),
    "a shadowed one": APP.replace(name="marked.shadowed", shadow=VIEW),
    "an enforcing one": APP.replace(enforce=True),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
@EVERY_ROUTE
def test_the_nearest_policy_speaks_beside_any_source(
    framework: Framework,
    source: Any,
    method: str,
    path: str,
    status: int,
    expected: str | None,
) -> None:
    """Of the same requests as beside a plain policy, and of their preflights."""
    app = make_site(framework, source)

    actual = spoken(framework, app, method, path, FROM)
    asked = spoken(framework, app, "OPTIONS", path, preflight(method))

    assert (status, expected) == actual
    assert (204 if expected else 200, expected) == asked


def test_a_map_knows_places_and_a_mark_is_nearer(framework: Framework) -> None:
    """An application's map is asked for what no mark covers."""
    places = PolicyMap({"/none": None, "/view": OTHER, "/": APP})
    app = make(framework, places, view=VIEW)
    app.add_url_rule("/none", "none", lambda: "page")

    expected = {"/": "App", "/none": None, "/view": "View", "/missing": "App"}
    for path, name in expected.items():
        assert name == spoken(framework, app, "GET", path, FROM)[1]
        assert name == spoken(framework, app, "OPTIONS", path, preflight("GET"))[1]


# What a mark takes


def test_a_mark_of_several_policies_tells_origins_apart(framework: Framework) -> None:
    """Actual requests and preflights alike."""
    app = make(framework, APP, view=PARTNERS)
    spoke = "access-control-allow-origin"

    for method, headers in (("GET", {}), ("OPTIONS", preflight("PUT"))):
        assert "View" == spoken(framework, app, method, "/view", {**FROM, **headers})[1]
        partner = framework.ask(app, method, "/view", {**headers, **PARTNER})
        assert PARTNER["Origin"] == dict(partner.lines)[spoke]
        refused = framework.ask(app, method, "/view", {**headers, **REFUSED})
        assert "" == speaker(refused.lines)


def test_a_mark_is_replaced_by_its_handle(framework: Framework) -> None:
    """By another policy, by several, by none, and back."""
    handle = PolicyHandle(VIEW)
    app = make(framework, APP, view=handle)
    seen = []
    for choice in (VIEW, OTHER, PARTNERS, None, VIEW):
        handle.replace(choice)
        actual = spoken(framework, app, "GET", "/view", FROM)
        asked = spoken(framework, app, "OPTIONS", "/view", preflight("GET"))
        seen.append((actual[1], asked[1]))

    assert ["View", "Other", "View", None, "View"] == [actual for actual, _ in seen]
    assert all(actual == asked for actual, asked in seen)


@pytest.mark.parametrize(
    "wrong",
    [PolicyMap({"/": APP}), lambda request: APP, {"/": APP}, "*"],
    ids=["a map", "a function", "a dict", "a str"],
)
def test_what_chooses_by_the_place_is_no_mark(framework: Framework, wrong: Any) -> None:
    """A view has a place; and a function is most often the view of a `cors` without parentheses."""
    with pytest.raises(TypeError, match=r"@cors\(Policy\(\.\.\.\)\).*CORS\(app"):
        framework.adapter.cors(wrong)


def test_keywords_of_a_mark_may_be_watched(framework: Framework, name: str) -> None:
    """As those of any policy."""
    app = framework.make()
    framework.adapter.CORS(app)
    mark = framework.adapter.cors(**{**VIEW._keywords(), "name": name})
    app.add_url_rule("/", "index", mark(lambda: "page"))

    assert (200, "View") == spoken(framework, app, "GET", "/", FROM)
    assert {"actual_allowed": 1} == counts(name)


# Which way a request goes


@pytest.mark.parametrize(
    ("own", "mark", "way"),
    [
        (APP, VIEW, "_answer_plain"),
        (APP, None, "_answer_plain"),
        (None, VIEW, "_answer_plain"),
        (APP, VIEW.replace(name="x"), "_answer_other"),
        (APP.replace(enforce=True), VIEW, "_answer_other"),
        (APP, PolicyHandle(VIEW), "_answer_other"),
        (PolicyMap({"/": APP}), VIEW, "_answer_other"),
    ],
)
def test_plain_policies_go_the_plain_way(
    framework: Framework, own: Any, mark: Any, way: str
) -> None:
    """Nothing is asked of their requests that only others need."""
    app = make(framework, own, view=mark)
    outer = getattr(app, framework.protocol)

    chooser = getattr(outer, "_chooser", outer)

    assert way == chooser.choose().__name__


# Watching


REQUESTS: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "/view", FROM),
    ("HEAD", "/view", FROM),
    ("GET", "/view", REFUSED),
    ("OPTIONS", "/view", FROM),
    ("GET", "/view", {}),
    ("GET", "/", FROM),
    ("OPTIONS", "/view", preflight("PUT")),
    ("OPTIONS", "/view", {**preflight("GET"), **REFUSED}),
    ("OPTIONS", "/", preflight("PATCH")),
]
WATCHED: dict[str, Callable[[Policy], Any]] = {
    "itself": lambda policy: policy,
    "a handle": PolicyHandle,
    "several": lambda policy: OriginPolicies([policy]),
}


@pytest.mark.parametrize("form", WATCHED)
@pytest.mark.parametrize("enforce", [False, True], ids=["open", "enforced"])
def test_each_request_is_counted_once_under_its_policy(
    framework: Framework, form: str, enforce: bool, name: str
) -> None:
    """Those of a view under the view's, others under the application's."""
    own = APP.replace(name=f"{name}.own", enforce=enforce)
    mark = WATCHED[form](VIEW.replace(name=name, enforce=enforce))
    app = make(framework, own, view=mark)

    for request in REQUESTS:
        framework.ask(app, *request)

    assert {
        "no_origin": 1,
        "actual_allowed": 3,
        "actual_refused origin": 1,
        "preflight_allowed": 1,
        "preflight_refused origin": 1,
    } == counts(name)
    assert {"actual_allowed": 1, "preflight_refused method": 1} == counts(f"{name}.own")


def test_a_request_that_fails_is_counted_once(framework: Framework, name: str) -> None:
    """Also where the error leaves the application, which then answers nothing."""
    app = make(framework, APP)

    def fail() -> str:
        raise LookupError("raised on purpose")

    mark = framework.adapter.cors(VIEW.replace(name=name))
    app.add_url_rule("/fails", "fails", mark(fail))

    assert (500, "View") == spoken(framework, app, "GET", "/fails", FROM)
    assert {"actual_allowed": 1} == counts(name)

    app.config["PROPAGATE_EXCEPTIONS"] = True
    # Quart 0.20, the newest for Python 3.10, answers it all the same.
    with contextlib.suppress(LookupError):
        framework.ask(app, "GET", "/fails", FROM)
    assert {"actual_allowed": 2} == counts(name)


def test_who_listens_is_told_of_a_refused_request_of_a_view(
    framework: Framework, name: str
) -> None:
    """With its place, which the framework has found."""
    heard: list[Refused] = []
    app = make(framework, APP, view=VIEW.replace(name=name))
    set_refused_hook(heard.append)
    try:
        framework.ask(app, "GET", "/view", REFUSED)
        framework.ask(app, "GET", "/view", FROM)
        framework.ask(app, "OPTIONS", "/view", preflight("PATCH"))
    finally:
        set_refused_hook(None)

    assert ["origin"] == [refused.refusal for refused in heard]
    [refused] = heard
    assert (name, "/view") == (refused.policy.name, refused.request.path)
    assert REFUSED["Origin"] == refused.request.origin
    assert "" != refused.request.host


def test_a_response_that_begins_twice_is_counted_once(name: str) -> None:
    """WSGI lets an error replace what nobody was sent yet."""
    app = make(FRAMEWORKS["flask"], APP, view=VIEW.replace(name=name))
    chooser = app.wsgi_app._chooser
    inner, started = chooser.inner, []

    def twice(environ: Any, start_response: Any) -> Any:
        def respond(status: str, headers: Any) -> Any:
            start_response(status, headers)
            error = LookupError("raised on purpose")
            return start_response(status, headers, (LookupError, error, None))

        return inner(environ, respond)

    chooser.inner = twice
    environ = create_environ("/view", headers=FROM)

    app(environ, lambda status, lines, *error: started.append(speaker(lines))).close()

    assert ["View", "View"] == started
    assert {"actual_allowed": 1} == counts(name)
