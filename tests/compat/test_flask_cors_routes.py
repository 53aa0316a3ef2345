"""The drop-in for flask-cors: paths, routes, views, errors, and what cannot be.

Here: which policy a request gets, who answers, when it is an error or warned of.
Not here: what options mean (`test_flask_cors.py`).
Spec: https://corydolphin.github.io/flask-cors/
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import corsac.compat.flask_cors as drop_in
import flask_cors as library
import pytest
from corsac import PolicyError
from corsac.adapters.wsgi import CORSMiddleware
from corsac.compat import CompatWarning
from flask import Blueprint, Flask, abort
from flask.views import MethodView
from flask_cors_site import asking, things

APP = "https://app.example"


@pytest.mark.parametrize(
    ("resources", "path", "is_under"),
    [
        (r"/api/*", "/api", True),
        (r"/api/*", "/api/things", True),
        (r"/api/*", "/apiary", True),
        (r"/api/*", "/v1/api", False),
        (r"/api/.*", "/api", False),
        ("/api", "/api", True),
        ("/api", "/api/things", False),
        ("/api", "/API", False),
        (re.compile("/API", re.IGNORECASE), "/api/things", True),
        (r"/a\+b", "/a+b", True),
        (r"/a\+b", "/a%2Bb", True),
        (r"/a b", "/a+b", False),
        (r"/a b", "/a%20b", True),
        (r"/\xe9t\xe9$", "/%C3%A9t%C3%A9", True),
        # One reading of the path, which is the router's: `/%61pi` here is no `/api`.
        ("/api", "/%2561pi", False),
    ],
)
def test_a_resource_is_matched_with_the_path_that_flask_routes(
    resources: Any, path: str, is_under: bool
) -> None:
    """From its begin, as there."""
    app = Flask(__name__)
    drop_in.CORS(app, resources=resources)
    _, headers = asking(app)("GET", path, {"Origin": APP})
    assert is_under is ("access-control-allow-origin" in headers)


def two_policies() -> Flask:
    """An application with a policy, and views and blueprints with theirs."""
    app = Flask(__name__)
    drop_in.CORS(app, origins="https://all.test")

    @app.before_request
    def refuse() -> None:
        abort(401)

    app.get("/plain")(things)
    app.get("/view", endpoint="get")(
        drop_in.cross_origin(origins="https://get.test")(things)
    )
    app.post("/view", endpoint="post")(
        drop_in.cross_origin(origins="https://post.test")(lambda: "made")
    )
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    drop_in.CORS(outer, origins="https://outer.test")
    drop_in.CORS(inner, origins="https://inner.test", resources="/deep/own")
    outer.get("/own")(things)
    inner.get("/own")(things)
    inner.get("/other", endpoint="other")(things)
    outer.register_blueprint(inner, url_prefix="/deep")
    app.register_blueprint(outer)
    return app


@pytest.mark.parametrize(
    ("method", "path", "origin"),
    [
        ("GET", "/plain", "https://all.test"),
        ("PUT", "/nowhere", "https://all.test"),
        ("GET", "/view", "https://get.test"),
        ("POST", "/view", "https://post.test"),
        ("GET", "/own", "https://outer.test"),
        ("GET", "/deep/own", "https://inner.test"),
        ("GET", "/deep/other", "https://outer.test"),
    ],
)
def test_a_preflight_gets_the_policy_of_its_route_before_anything_runs(
    method: str, path: str, origin: str
) -> None:
    """The nearest one for the requested method; nothing of the application sees it."""
    ask = asking(two_policies())
    for asked in ("https://all.test", origin, "https://evil.test"):
        lines = {"Origin": asked, "Access-Control-Request-Method": method}
        status, headers = ask("OPTIONS", path, lines)
        assert (200 if asked == origin else 403) == status
        assert (asked if asked == origin else None) == headers.get(
            "access-control-allow-origin"
        )


@pytest.mark.parametrize("path", ["/fails", "/missing", "/view"])
@pytest.mark.parametrize("has_extension", [True, False])
def test_answers_to_errors_carry_the_headers(path: str, has_extension: bool) -> None:
    """Flask's 404 and 500 too; without the extension those of the view alone."""
    app = Flask(__name__)
    if has_extension:
        drop_in.CORS(app)

    def fail() -> None:
        raise ZeroDivisionError

    app.get("/fails")(fail)
    app.get("/view", endpoint="view")(drop_in.cross_origin(origins=APP)(fail))
    app.logger.disabled = True
    status, headers = asking(app)("GET", path, {"Origin": APP})
    expected = APP if path == "/view" else "*" if has_extension else None
    assert expected == headers.get("access-control-allow-origin")
    assert (404 if path == "/missing" else 500) == status


def test_a_view_answers_where_nothing_stands_around_the_application() -> None:
    """Its preflight, a plain OPTIONS, and an OPTIONS that the view answers itself."""
    app = Flask(__name__)
    app.get("/")(drop_in.cross_origin(origins=APP)(things))
    own = drop_in.cross_origin(origins=APP, automatic_options=False)(things)
    app.route("/own", endpoint="own", methods=["GET", "OPTIONS"])(own)
    ask = asking(app)
    preflight = {"Origin": APP, "Access-Control-Request-Method": "PUT"}

    status, headers = ask("OPTIONS", "/", preflight)
    assert (200, APP) == (status, headers["access-control-allow-origin"])
    assert "PUT" in headers["access-control-allow-methods"]
    assert 403 == ask("OPTIONS", "/", {**preflight, "Origin": "https://evil.test"})[0]
    _, headers = ask("OPTIONS", "/", {"Origin": APP})
    assert "OPTIONS" in headers["allow"]
    assert APP == headers["access-control-allow-origin"]
    _, headers = ask("OPTIONS", "/own", preflight)
    assert ("5", APP) == (headers["x-total"], headers["access-control-allow-origin"])
    assert "PUT" in headers["access-control-allow-methods"]


def test_views_of_all_kinds() -> None:
    """Coroutines, classes, and one method of a class."""
    app = Flask(__name__)
    decorate = drop_in.cross_origin(origins=APP)

    async def later() -> str:
        return "later"

    class Things(MethodView):
        @decorate
        def get(self) -> str:
            return "things"

        def post(self) -> str:
            return "made"

    class All(MethodView):
        decorators = [decorate]  # noqa: RUF012 - as Flask has it

        def get(self) -> str:
            return "all"

    app.add_url_rule("/class", view_func=Things.as_view("things"))
    app.add_url_rule("/all", view_func=All.as_view("all"))
    app.get("/later")(decorate(later))
    ask = asking(app)

    for path in ("/class", "/all", "/later"):
        status, headers = ask("GET", path, {"Origin": APP})
        assert (200, APP) == (status, headers["access-control-allow-origin"]), path
    _, headers = ask("POST", "/class", {"Origin": APP})
    assert "access-control-allow-origin" not in headers


def test_the_policy_of_a_view_is_read_for_each_application() -> None:
    """Its configuration counts where the decorator says nothing."""
    view = drop_in.cross_origin()(things)
    for origin in ("https://a.test", "https://b.test"):
        app = Flask(__name__)
        app.config["CORS_ORIGINS"] = origin
        app.get("/")(view)
        _, headers = asking(app)("GET", "/", {"Origin": origin})
        assert origin == headers["access-control-allow-origin"]


def test_an_application_with_one_policy_is_under_the_native_adapter() -> None:
    """Nothing of the drop-in runs with a request."""
    app = Flask(__name__)
    drop_in.CORS(app, origins=APP)
    ask = asking(app)
    ask("GET", "/", {})
    assert type(app.wsgi_app) is CORSMiddleware
    assert APP == ask("GET", "/", {"Origin": APP})[1]["access-control-allow-origin"]


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("X-Company-Id", "X-A, X-Company-Id"),
        ("x-company-id, x-company-name", "X-A, x-company-id, x-company-name"),
        ("X-A", "X-A"),
        ("X-Company-Id, X-Other", None),
        ("X-Company-<script>", None),
        ("X-Company-" + "a" * 55, None),
        (",".join(f"X-Company-{n}" for n in range(65)), None),
    ],
)
def test_a_regex_for_headers_lists_what_is_asked_for(
    asked: str, allowed: str | None
) -> None:
    """As whole names, few and short ones, beside what is listed anyway."""
    app = Flask(__name__)
    with pytest.warns(CompatWarning):
        drop_in.CORS(app, origins=APP, allow_headers=["X-A", "X-Company-.*"])
    lines = {"Origin": APP, "Access-Control-Request-Method": "PUT"}
    answered = asking(app)(
        "OPTIONS", "/", lines | {"Access-Control-Request-Headers": asked}
    )
    assert allowed == answered[1].get("access-control-allow-headers")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"origins": "https?://("}, "unterminated"),
        ({"origins": re.compile(r"https://(?!evil).*$")}, "look-around"),
        ({"allow_headers": r"(X-\w+)*"}, "without end"),
        ({"allow_headers": [r"X-.*-.*-.*"]}, "without end"),
        ({"allow_headers": [re.compile(r"(?=X)X-\w+")]}, "without end"),
        ({"allow_headers": ["X-["]}, "unterminated"),
    ],
)
def test_what_no_policy_can_be_made_of_is_an_error(
    options: dict[str, Any], says: str
) -> None:
    """With the extension at once, and with a decorator that has origins too."""
    with pytest.raises(PolicyError, match=says):
        drop_in.CORS(Flask(__name__), **options)
    with pytest.raises(PolicyError, match=says):
        drop_in.cross_origin(**{"origins": APP, **options})


@pytest.mark.parametrize("resources", [5, "(", ["["]])
def test_resources_that_are_none_are_an_error(resources: Any) -> None:
    """As there."""
    for library_or_drop_in in (library, drop_in):
        with pytest.raises(ValueError, match="resources|regular expression"):
            library_or_drop_in.CORS(Flask(__name__), resources=resources)


def test_the_warning_points_to_the_call() -> None:
    """One for all resources, and one for a decorator."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        drop_in.CORS(
            Flask(__name__),
            supports_credentials=True,
            resources={"/a": {}, "/b": {"origins": r"https://b\.test"}},
        )
        drop_in.CORS(allow_private_network=True).init_app(Flask(__name__))
        drop_in.cross_origin(origins="null")
    assert [__file__] * 3 == [warning.filename for warning in caught]
    assert 3 == len(str(caught[0].message).splitlines())


def test_a_view_warns_once_and_at_its_decorator() -> None:
    """Without origins with the first request, since a configuration could have them."""
    app = Flask(__name__)
    app.get("/")(drop_in.cross_origin(supports_credentials=True)(things))
    with pytest.warns(CompatWarning, match="answered without credentials") as warned:
        asking(app)("GET", "/", {})
    asking(app)("GET", "/", {})
    assert [__file__] == [warning.filename for warning in warned]
