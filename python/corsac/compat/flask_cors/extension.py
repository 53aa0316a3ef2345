"""`CORS`, for an application or a blueprint.

Here: the extension, and what stands around an application.
Not here: what options mean (`_resource.py`), who chooses (`_choice.py`), the request path
(`adapters/wsgi.py`).
Spec: https://corydolphin.github.io/flask-cors/extension/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Flask, Response, current_app, request

from ...adapters.wsgi import CORSMiddleware
from .._differences import Differences
from ._choice import Paths, has_marks, make_choice, mark, open_choice, resource_of_route
from ._resource import Resource, read_resource
from .core import CorsOptionsInput, ResourcePattern, merge_options, parse_resources
from .decorator import merge

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication
    from typing_extensions import Unpack

#: Match every path, which begins with a slash.
_EVERYWHERE: Final = ("/*", ".*", "/.*")
#: Most policies whose middleware is kept. Chosen by us because applications have few.
_MAX_POLICIES: Final = 128


class CORS:
    """The extension: `CORS(app, ...)`, or `init_app` where a factory makes the application.

    `app`: a `Flask` or a `Blueprint`, changed in place. The keywords are those of flask-cors; what
    is left out comes from the application's `CORS_*` configuration, as it is then, and after it
    from flask-cors' defaults. A preflight is answered before anything of the application runs.

    Where an option means something else than with flask-cors, one `CompatWarning` says so. Raises
    `PolicyError` for what no policy can be made of, `ValueError` for resources that are none.
    Source: https://corydolphin.github.io/flask-cors/extension/
    """

    def __init__(
        self, app: Flask | Blueprint | None = None, **kwargs: Unpack[CorsOptionsInput]
    ) -> None:
        self._options = kwargs
        if app is not None:
            self._init_app(app, {}, stacklevel=3)

    def init_app(
        self, app: Flask | Blueprint, **kwargs: Unpack[CorsOptionsInput]
    ) -> None:
        """Puts CORS around an application or a blueprint, in place.

        `app`: a `Flask` or a `Blueprint`. The keywords are those of `CORS`, and count before them.
        Raises and warns as `CORS` does.
        Source: https://corydolphin.github.io/flask-cors/extension/
        """
        self._init_app(app, dict(kwargs), stacklevel=3)

    def _init_app(
        self, app: Flask | Blueprint, options: dict[str, Any], stacklevel: int
    ) -> None:
        differences = Differences("flask_cors")
        resources = merge_options(app, self._options, options)["resources"]
        rows = [
            (
                path,
                read_resource(
                    merge_options(app, self._options, options, own), differences
                ),
            )
            for path, own in parse_resources(resources)
        ]
        differences.warn(stacklevel)
        paths = Paths(rows)
        if isinstance(app, Blueprint):
            mark(app, paths)
            app.after_request(lambda response: _answer_for_blueprint(paths, response))
        else:
            app.wsgi_app = _Around(app, app.wsgi_app, paths)  # type: ignore[method-assign]  # as Flask documents it


def _answer_for_blueprint(paths: Paths, response: Response) -> Response:
    """Writes into a blueprint's response, or tells who stands around the application."""
    environ = request.environ
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # of the proxy
    resource = paths.resource_for(app, environ)
    if resource is None:
        return response
    policy = resource.policy_for(environ)
    if make_choice(environ, policy):
        return response
    decision = policy._decide_environ(environ)
    if decision.status is None:
        return merge(decision, response)
    return Response(status=decision.status, headers=decision.headers)


def _is_everywhere(path: ResourcePattern | None) -> bool:
    return (path.pattern if isinstance(path, re.Pattern) else path) in _EVERYWHERE


class _Around:
    """The `wsgi_app` of an application, with CORS for some of its paths."""

    def __init__(self, app: Flask, inner: WSGIApplication, paths: Paths) -> None:
        self._app = app
        self._inner = inner
        self._paths = paths
        self._answer: WSGIApplication | None = None
        #: A policy's middleware, and that of each resource of the table with a single policy.
        self._wrap = lru_cache(_MAX_POLICIES)(partial(CORSMiddleware, inner))
        self._wrapped = {
            resource: self._wrap(resource.policy)
            for _, resource in paths.rows
            if resource.is_fixed
        }

    def __call__(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        if self._answer is None:
            self._answer = self._choose_way()
        return self._answer(environ, start_response)

    def _choose_way(self) -> WSGIApplication:
        """The shortest way; an application has its views when the first request comes."""
        if has_marks(self._app):
            return self._answer_by_route
        path, resource = next(iter(self._paths.rows), (None, None))
        way = None if resource is None else self._wrapped.get(resource)
        if way is None or not _is_everywhere(path):
            return self._answer_by_path
        if self._app.wsgi_app is self:
            self._app.wsgi_app = way  # type: ignore[method-assign,assignment]  # as Flask documents it
        return way

    def _answer_by_path(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        resource = self._paths.resource_for(self._app, environ)
        return self._under(resource, environ)(environ, start_response)

    def _under(
        self, resource: Resource | None, environ: dict[str, Any]
    ) -> WSGIApplication:
        """The application under the policy of a request."""
        if resource is None:
            return self._inner
        wrapped = self._wrapped.get(resource)
        return wrapped or self._wrap(resource.policy_for(environ))

    def _answer_by_route(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "OPTIONS":
            resource = resource_of_route(self._app, environ)
            resource = resource or self._paths.resource_for(self._app, environ)
            return self._under(resource, environ)(environ, start_response)
        resource = self._paths.resource_for(self._app, environ)
        policy = None if resource is None else resource.policy
        # As it came, since the application may change its own.
        came = dict(environ)
        choice = open_choice(environ)

        def respond(status: str, headers: Any, *exc_info: Any) -> Any:
            chosen = choice.policy or policy
            if chosen is not None:
                headers = chosen._decide_environ(came).merge(headers)
            return start_response(status, headers, *exc_info)

        return self._inner(environ, respond)
