"""CORS for Flask.

Here: the extension for an application, and how a request's route gets to its response.
Not here: whose policy a request gets (`_views.py`), the request path (`wsgi.py`), CORS rules, header names.
Spec: https://flask.palletsprojects.com/en/stable/api/#flask.Flask.wsgi_app
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask

from .._policy import Policy, PolicyKeywords
from .._requests import Request, actual_method_of_environ
from .._sources import Source, choose_now, read_source
from ._extension import Extension
from ._marks import cors
from ._views import ROUTE, Chooser, Route, Unmarked
from .wsgi import CORSMiddleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication
    from typing_extensions import Unpack

    from .._decision import Decision

__all__ = ["CORS", "cors", "install"]

App = TypeVar("App", bound=Flask)


class CORS(Extension[Flask]):
    """The extension: `CORS(app, policy)`, or `init_app` where a factory makes the application.

    `app`: a `Flask`, changed in place. `policy`: a `Policy`, a `PolicyMap`, an `OriginPolicies`, a
    `PolicyHandle`, or a callable that takes a `Request`, whose `native` is the WSGI environ, since
    nothing of Flask has run, and gives one of these or None for no CORS; or leave it out and give
    the keywords of `Policy`; without all of them, only views and blueprints that `cors` marks have
    CORS. Whatever Flask answers carries the headers, its 404 and 500 too. A preflight is answered
    before anything of the application runs; routing says whose policy that is: for the requested
    method, and outside of a request context, which a converter of the application then cannot use.
    Where views are marked and a policy enforces, every request is routed so beforehand; a
    middleware that changes path, method or host then belongs outside of this.

    Raises `PolicyError` for keywords that make no policy; `TypeError` for a policy and keywords,
    and for what is no application; `RuntimeError` for an application that has CORS already.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    _kind = Flask

    def _wrap(self, app: Flask, policy: Source | None) -> None:
        inner = app.wsgi_app
        outer: WSGIApplication = _Chooser(app, policy, inner, CORSMiddleware)
        if policy is not None:
            outer = _Unmarked(inner, policy).stand_for(outer, _Choosing)
        app.wsgi_app = outer  # type: ignore[assignment, method-assign]  # as Flask documents it


def install(
    app: App, policy: Source | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around a Flask application, and returns that application.

    `app`: the application, changed in place. `policy`: as `CORS` takes it; or leave it out and
    give the keywords of `Policy`.
    Raises what `CORS` raises.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    CORS(app, read_source(policy, keywords))
    return app


class _Unmarked(Unmarked, CORSMiddleware):
    """The `wsgi_app` of an application with a policy."""


class _Choosing(_Unmarked):
    def __call__(
        self, environ: dict[str, Any], start_response: StartResponse, /
    ) -> Iterable[bytes]:
        answer: Iterable[bytes] = self._chooser(environ, start_response)
        return answer


class _Chooser(Chooser[Flask, "WSGIApplication"]):
    """Answers in its place where something is marked, or where there is no policy."""

    def __call__(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        return self.choose()(environ, start_response)

    def prepare(self) -> tuple[WSGIApplication, WSGIApplication]:
        make = self.app.request_context

        def request_context(environ: dict[str, Any]) -> Any:
            context = make(environ)
            if (route := environ.get(ROUTE)) is not None:
                route.request = context.request
            return context

        self.app.request_context = request_context  # type: ignore[method-assign]  # the one place that every request passes
        return self._answer_plain, self._answer_other

    def _answer_plain(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "OPTIONS":
            return self._answer_looked_up(environ, start_response)
        # As it came, since the application may change its own.
        came = dict(environ)
        route = environ[ROUTE] = Route()

        def respond(status: str, headers: Any, *exc_info: Any) -> Any:
            policy = self.source_of(route)
            if isinstance(policy, Policy):
                headers = policy._decide_environ(came).merge(headers)
            return start_response(status, headers, *exc_info)

        return self.inner(environ, respond)

    def _answer_other(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "OPTIONS" or self.looks_first():
            return self._answer_looked_up(environ, start_response)
        came = dict(environ)
        route = environ[ROUTE] = Route()

        @cache  # since a response can begin twice, and is counted once
        def decide() -> Decision | None:
            policy = self.source_of(route)
            if policy is not None and not isinstance(policy, Policy):
                policy = choose_now(policy, Request.of_environ(came))
            return None if policy is None else policy._decide_environ(came)

        def respond(status: str, headers: Any, *exc_info: Any) -> Any:
            decision = decide()
            if decision is not None:
                headers = decision.merge(headers)
            return start_response(status, headers, *exc_info)

        try:
            return self.inner(environ, respond)
        except BaseException:
            decide()
            raise

    def _answer_looked_up(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        method = actual_method_of_environ(environ)
        asked = {**environ, "REQUEST_METHOD": method}
        answer = self.look_up(lambda: self.app.request_class(asked), method)
        return answer(environ, start_response)
