"""flask-cors beside the drop-in, in one application each.

Here: the table of options asked, through the extension, a blueprint and a view.
Not here: the rows (`flask_cors_rows.py`), what a browser is (`reading.py`), which pages ask
(`comparing.py`), routes and errors (`test_flask_cors_routes.py`), flask-cors' own suite
(`test_peer_suites.py`).
Spec: https://corydolphin.github.io/flask-cors/
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import corsac.compat.flask_cors as drop_in
import flask_cors as library
import pytest
from comparing import changed
from corsac.compat import CompatWarning
from flask import Blueprint, Flask
from flask_cors_rows import RESOURCES, ROWS, Row
from flask_cors_site import asking, things

METHODS = ["GET", "POST", "PUT", "PATCH"]
PATH = "/api/things"


def under_extension(cors: Any, row: Row) -> Flask:
    app = Flask(__name__)
    app.config.update(row.config)
    cors.CORS(app, **row.options)
    app.route(PATH, methods=METHODS)(things)
    return app


def under_factory(cors: Any, row: Row) -> Flask:
    extension = cors.CORS(**row.options)
    app = Flask(__name__)
    app.config.update(row.config)
    extension.init_app(app)
    app.route(PATH, methods=METHODS)(things)
    return app


def under_blueprint(cors: Any, row: Row) -> Flask:
    blueprint = Blueprint("api", __name__, url_prefix="/api")
    # A blueprint knows no configuration.
    named = {key.removeprefix("CORS_").lower(): v for key, v in row.config.items()}
    cors.CORS(blueprint, **{**named, **row.options})
    blueprint.route("/things", methods=METHODS)(things)
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    return app


def under_view(cors: Any, row: Row) -> Flask:
    app = Flask(__name__)
    app.config.update(row.config)
    options = {k: v for k, v in row.options.items() if k != "intercept_exceptions"}
    app.route(PATH, methods=METHODS)(cors.cross_origin(**options)(things))
    return app


def under_view_and_extension(cors: Any, row: Row) -> Flask:
    app = under_view(cors, row)
    cors.CORS(app, origins="https://nothing.test")
    return app


Way = Callable[[Any, Row], Flask]
#: Every row; and these rows in all other ways to get there.
WAYS: list[Way] = [under_extension, under_view]
OTHER_WAYS: list[Way] = [under_factory, under_blueprint, under_view_and_extension]
IN_ALL_WAYS = {
    "nothing",
    "origins in a list",
    "origins with credentials",
    "every origin with credentials",
    "a regex without an end",
    "a regex for headers",
    "an exposed header",
    "the configuration",
}
CASES = [
    *((way, row) for row in ROWS for way in WAYS),
    *((way, row) for row in ROWS for way in OTHER_WAYS if row.name in IN_ALL_WAYS),
    *((under_extension, row) for row in RESOURCES),
]


@pytest.mark.parametrize(
    ("way", "row"),
    [pytest.param(way, row, id=f"{row.name}, {way.__name__}") for way, row in CASES],
)
def test_pages_read_what_they_read_before(way: Way, row: Row) -> None:
    """But where the row says so, and one warning names each difference."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app = way(drop_in, row)
        new = asking(app)
        new("GET", PATH, {})

    assert set(row.changed) == changed(asking(way(library, row)), new, PATH)
    begin = "corsac.compat.flask_cors differs from flask_cors here:"
    expected = ["\n".join([begin, *(f"  {text}" for text in row.warned)])]
    assert (expected if row.warned else []) == [str(w.message) for w in caught]
    assert all(w.category is CompatWarning for w in caught)


def test_the_names_of_the_rows_are_their_own() -> None:
    """A row that fails is found by its name."""
    names = [row.name for row in (*ROWS, *RESOURCES)]
    assert len(set(names)) == len(names) > 50
