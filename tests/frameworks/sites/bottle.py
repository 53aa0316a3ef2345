"""The pages in Bottle.

Here: the application, and the way to put a policy on it.
Not here: what the pages say (`pages.py`).
Spec: https://bottlepy.org/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bottle import Bottle, HTTPResponse, abort, request, response
from corsac.adapters.wsgi import CORSMiddleware
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of


def set_lines(answer: Any, index: int) -> None:
    for name, value in lines_of(index):
        if name.lower() == "content-type":
            answer.content_type = value
        else:
            answer.add_header(name, value)


def row(index: int) -> bytes:
    set_lines(response, index)
    return BODY


def stream(index: int) -> Iterable[bytes]:
    set_lines(response, index)
    yield from CHUNKS


def moved(index: int) -> None:
    answer = HTTPResponse("", 302, Location=ELSEWHERE)
    set_lines(answer, index)
    raise answer


def refuse() -> None:
    if request.path == "/private":
        abort(401)


def build() -> Bottle:
    app = Bottle()
    app.route("/row/<index:int>", "ANY", row)
    app.route("/stream/<index:int>", "GET", stream)
    app.route("/moved/<index:int>", ["GET", "POST"], moved)
    app.route("/put", "PUT", lambda: "")
    app.route("/private", "GET", lambda: "")
    app.route("/error", ["GET", "POST"], fail)
    app.add_hook("before_request", refuse)
    return app


def wrap(policy: Any) -> Any:
    return CORSMiddleware(build(), policy)


WAYS = {"wsgi": {"wrap": wrap}}
