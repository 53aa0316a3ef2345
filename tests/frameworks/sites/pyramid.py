"""The pages in Pyramid.

Here: the application, and the ways to put a policy on it.
Not here: what the pages say (`pages.py`).
Spec: https://docs.pylonsproject.org/projects/pyramid/
"""

from __future__ import annotations

from typing import Any

from corsac.adapters.pyramid import install
from corsac.adapters.wsgi import CORSMiddleware
from pages import BODY, CHUNKS, ELSEWHERE, ProblemError, fail, lines_of
from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.httpexceptions import HTTPFound, HTTPMethodNotAllowed, HTTPUnauthorized
from pyramid.response import Response


def with_lines(response: Any, request: Any) -> Any:
    for name, value in lines_of(int(request.matchdict["index"])):
        if name.lower() == "content-type":
            response.headers[name] = value
        else:
            response.headers.add(name, value)
    return response


def row(request: Any) -> Any:
    return with_lines(Response(BODY), request)


def stream(request: Any) -> Any:
    return with_lines(Response(app_iter=iter(CHUNKS)), request)


def moved(request: Any) -> Any:
    return with_lines(HTTPFound(ELSEWHERE), request)


def put(request: Any) -> Any:
    """Pyramid has no 405 of its own but this one."""
    if request.method != "PUT":
        raise HTTPMethodNotAllowed
    return Response(BODY)


def refuse(event: Any) -> None:
    if event.request.path == "/private":
        raise HTTPUnauthorized


def answer_error(error: Exception, request: Any) -> Any:
    return Response("failed", 500)


def build() -> Configurator:
    config = Configurator()
    for view, path in (
        (row, "/row/{index}"),
        (stream, "/stream/{index}"),
        (moved, "/moved/{index}"),
        (put, "/put"),
        (put, "/private"),
        (fail, "/error"),
    ):
        config.add_route(path, path)
        config.add_view(view, route_name=path)
    config.add_exception_view(answer_error, context=ProblemError)
    config.add_subscriber(refuse, NewRequest)
    return config


def installed(policy: Any) -> Any:
    return install(build().make_wsgi_app(), policy)


def included(policy: Any) -> Any:
    config = build()
    config.include("corsac.adapters.pyramid")
    config.set_cors_policy(policy)
    return config.make_wsgi_app()


def wrap(policy: Any) -> Any:
    return CORSMiddleware(build().make_wsgi_app(), policy)


WAYS = {"wsgi": {"include": included, "install": installed, "wrap": wrap}}
