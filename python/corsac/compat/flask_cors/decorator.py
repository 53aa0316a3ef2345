"""`cross_origin`, for one view.

Here: the decorator, which answers within Flask where nothing stands around the application.
Not here: what options mean (`_resource.py`), whole applications (`extension.py`).
Spec: https://corydolphin.github.io/flask-cors/decorator/
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from flask import Flask, Response, after_this_request, current_app, request

from ..._decision import Decision
from .._differences import Differences
from ._choice import make_choice, mark
from ._resource import Resource, read_resource
from .core import CrossOriginOptionsInput, get_app_kwarg_dict, merge_options

if TYPE_CHECKING:
    from typing_extensions import Unpack

View = TypeVar("View", bound=Callable[..., Any])


def cross_origin(
    *args: Any, **kwargs: Unpack[CrossOriginOptionsInput]
) -> Callable[[View], View]:
    """A decorator that gives a view its own CORS; it stands below `route`.

    The keywords are those of flask-cors; what is left out comes from the application's
    configuration, as the first request finds it, and then from flask-cors' defaults.

    Where an option means something else than with flask-cors, one `CompatWarning` says so, at the
    decorator's line: at once where `origins` is given, else with the first request. Raises `PolicyError` for what no
    policy can be made of.
    Source: https://corydolphin.github.io/flask-cors/decorator/
    """
    [caller, _] = traceback.extract_stack(limit=2)
    options = _ViewOptions(dict(kwargs), (caller.filename, caller.lineno or 0))
    if "origins" in kwargs:
        options.read({})
    answers_options = bool(kwargs.get("automatic_options", True))

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Any:
            app = current_app._get_current_object()  # type: ignore[attr-defined]  # of the proxy
            environ = request.environ
            policy = options.resource_for(app, environ).policy_for(environ)
            if not make_choice(environ, policy):
                decision = policy._decide_environ(environ)
                if answers_options and decision.status is not None:
                    return Response(status=decision.status, headers=decision.headers)
                after_this_request(lambda response: merge(decision, response))
            if answers_options and request.method == "OPTIONS":
                return app.make_default_options_response()
            return app.ensure_sync(view)(*args, **kwargs)

        if answers_options:
            required = getattr(view, "required_methods", ())
            answer.required_methods = {*required, "OPTIONS"}  # type: ignore[attr-defined]  # as Flask looks for it
            answer.provide_automatic_options = False  # type: ignore[attr-defined]  # as Flask looks for it
        mark(answer, options)
        return cast(View, answer)

    return decorate


def merge(decision: Decision, response: Response) -> Response:
    """Writes a decision into a response."""
    response.headers[:] = decision.merge(list(response.headers))
    return response


class _ViewOptions:
    """The options of one view, read once for each configuration of an application."""

    def __init__(self, options: dict[str, Any], place: tuple[str, int]) -> None:
        self._options = options
        self._place = place
        self._differences = Differences("flask_cors")
        self._resources: WeakKeyDictionary[Flask, Resource] = WeakKeyDictionary()

    def resource_for(self, app: Flask, environ: dict[str, Any]) -> Resource:
        resource = self._resources.get(app)
        if resource is None:
            resource = self.read(get_app_kwarg_dict(app))
            self._resources[app] = resource
        return resource

    def read(self, configuration: dict[str, Any]) -> Resource:
        options = merge_options(None, configuration, self._options)
        resource = read_resource(options, self._differences)
        self._differences.warn_at(*self._place)
        return resource
