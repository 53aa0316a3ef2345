"""The pages in Flask.

Here: the application, and the ways to put a policy on it.
Not here: what the pages say (`pages.py`).
Spec: https://flask.palletsprojects.com/
"""

from __future__ import annotations

from typing import Any

from corsac.adapters.flask import CORS, install
from corsac.adapters.wsgi import CORSMiddleware
from flask import Flask, Response, abort, redirect, request
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of
from werkzeug.routing import Rule


def with_lines(response: Any, index: int) -> Response:
    for name, value in lines_of(index):
        if name.lower() == "content-type":
            response.headers[name] = value
        else:
            response.headers.add(name, value)
    return response


def row(index: int) -> Response:
    return with_lines(Response(BODY), index)


def stream(index: int) -> Response:
    return with_lines(Response(iter(CHUNKS)), index)


def moved(index: int) -> Response:
    return with_lines(redirect(ELSEWHERE), index)


def put() -> str:
    return ""


def refuse() -> None:
    if request.path == "/private":
        abort(401)


def build() -> Flask:
    app = Flask("site")
    # A rule without methods takes them all.
    app.url_map.add(Rule("/row/<int:index>", endpoint="row"))
    app.endpoint("row")(row)
    app.add_url_rule("/stream/<int:index>", view_func=stream)
    app.add_url_rule("/moved/<int:index>", view_func=moved, methods=["GET", "POST"])
    app.add_url_rule("/put", view_func=put, methods=["PUT"])
    app.add_url_rule("/private", "private", put)
    app.add_url_rule("/error", view_func=fail, methods=["GET", "POST"])
    app.before_request(refuse)
    return app


def extended(policy: Any) -> Any:
    app = build()
    CORS(app, policy)
    return app


def installed(policy: Any) -> Any:
    return install(build(), policy)


def wrap(policy: Any) -> Any:
    return CORSMiddleware(build(), policy)


WAYS = {"wsgi": {"CORS": extended, "install": installed, "wrap": wrap}}
