"""CORS for Django, over WSGI and ASGI, sync and async.

Here: the middleware, and `install` for a whole application.
Not here: the setting and its system checks (`_django_setting.py`), requests for whoever looks at
them (`_django_request.py`), CORS rules, header names.
Spec: https://docs.djangoproject.com/en/stable/topics/http/middleware/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from .._headers import assemble_answers
from .._policy import Policy, PolicyKeywords
from .._sources import Source, choose_later, choose_now, read_source
from ._django_request import DjangoRequest, ask_watched
from ._django_setting import SETTING, check_settings, read_setting

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._core import Answers, Exchange

__all__ = ["CORSMiddleware", "check_settings", "install"]

Response = HttpResponseBase | Awaitable[HttpResponseBase]
Application = TypeVar("Application", WSGIHandler, ASGIHandler)


class CORSMiddleware:
    """A middleware for the first place in `MIDDLEWARE`, with its policies in `CORSAC`.

        MIDDLEWARE = ["corsac.adapters.django.CORSMiddleware", ...]
        CORSAC = {"allow_origins": ["https://example.com"], "allow_credentials": True}
        INSTALLED_APPS = ["corsac.adapters.django", ...]

    `CORSAC` is a `Policy`, a `PolicyMap`, an `OriginPolicies`, a `PolicyHandle`, or a callable that
    takes a `Request`, whose `native` is the `HttpRequest`, and gives one of these or None for no
    CORS; a dict of the keywords of `Policy`; a dict of routes, like `"/api"`, to such dicts, to any
    of these but callables, or to None; or the dotted path of any of them. An async callable needs
    Django to call the middleware asynchronously. The entry in `INSTALLED_APPS` is for the system
    checks alone: Django imports a middleware after it has checked the project. With it,
    `manage.py` reports each problem of the policies, and a middleware that stands too low; without
    it, the server does not start with a wrong policy either.

    Preflights are answered before whatever stands below, and so is, with 403, what a policy with
    `enforce` refuses; every other response that comes back gets its header lines, whoever made it.
    Scheme and host of a request are those that Django sees, by `SECURE_PROXY_SSL_HEADER` and
    `USE_X_FORWARDED_HOST` too. `request_started` is sent before any middleware, so before this one.
    `override_settings(CORSAC=...)` takes effect at once.

    `get_response`: what Django gives. `policy`: a source in place of the setting.
    Raises `ImproperlyConfigured` without a setting that can be read, and for an async callable
    where Django calls synchronously, `PolicyError` for keywords that make no policy; all of them
    when Django loads it.
    Source: https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering
    """

    sync_capable = True
    async_capable = True
    #: Whether its policies are those of the setting `CORSAC`.
    reads_setting = True

    def __init__(
        self,
        get_response: Callable[[HttpRequest], Any],
        policy: Source | None = None,
    ) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)
        #: A source in place of the setting, or None.
        self.policy = policy
        self._take(read_setting() if policy is None else policy)
        if policy is None:
            setting_changed.connect(self._read_again)

    def __call__(self, request: HttpRequest) -> Response:
        if self._is_async:
            return self._call(request)
        exchange = self._ask(request)
        if (start := exchange.start) is not None:
            return _answer(*start)
        response: HttpResponseBase = self.get_response(request)
        # To set a header there checks its text twice, which costs more than all of the engine;
        # these lines are ASCII without line ends.
        exchange.place(response.headers._store)
        return response

    async def _call_plain(self, request: HttpRequest) -> HttpResponseBase:
        exchange = self._ask(request)
        if (start := exchange.start) is not None:
            return _answer(*start)
        response: HttpResponseBase = await self.get_response(request)
        exchange.place(response.headers._store)
        return response

    async def _call_other(self, request: HttpRequest) -> HttpResponseBase:
        asked = DjangoRequest(request)
        policy = await choose_later(self._read_source(), asked)
        exchange = _ask_chosen(policy, asked)
        if (start := exchange.start) is not None:
            return _answer(*start)
        response: HttpResponseBase = await self.get_response(request)
        exchange.place(response.headers._store)
        return response

    def _ask(self, request: HttpRequest) -> Exchange:
        answers = self._answers
        if answers is None:
            return self._ask_now(request)
        return ask(answers, request)

    def _take(self, source: Source | None) -> None:
        """What requests ask from now on: one plain policy the short way, all else the other one.

        None: the setting, which is read when a request comes; a test of the checks may set what
        is no policy.
        """
        if not self._is_async and iscoroutinefunction(source):
            raise ImproperlyConfigured(
                f"{source!r} is asynchronous, and Django calls this middleware synchronously: over "
                "WSGI, and where one below it is synchronous; write a plain function"
            )
        answers = assemble(source) if isinstance(source, Policy) else None
        is_plain = answers is not None and not answers.is_watched
        self._source = source
        self._answers: Answers | None = answers if is_plain else None
        #: What is called where Django awaits the answer.
        self._call = self._call_plain if is_plain else self._call_other

    def _ask_now(self, request: HttpRequest) -> Exchange:
        source, asked = self._read_source(), DjangoRequest(request)
        if isinstance(source, Policy):
            return _ask_chosen(source, asked)
        return _ask_chosen(choose_now(source, asked), asked)

    def _read_source(self) -> Source:
        if self._source is None:
            self._take(read_setting())
        assert self._source is not None
        return self._source

    def _read_again(self, *, setting: str, **_about: object) -> None:
        if setting == SETTING:
            self._take(None)


def _ask_chosen(policy: Policy | None, request: DjangoRequest) -> Exchange:
    if policy is None:
        return _NOTHING
    return ask_watched(assemble(policy), request)


class _Nothing:
    """An exchange of which nothing is decided, so that the request is left alone."""

    start = None

    def place(self, lines: object) -> None: ...


_NOTHING: Final = cast("Exchange", _Nothing())


def assemble(policy: Policy) -> Answers:
    return assemble_answers(policy, str, _start)


def ask(answers: Answers, request: HttpRequest) -> Exchange:
    if isinstance(request, ASGIRequest):
        # What Django makes of the scope has the method in upper case.
        scope = request.scope
        return answers.ask(scope["method"], scope.get("headers", ()))
    return answers.ask_environ(request.META)


def _start(status: int) -> tuple[int, list[tuple[str, str]]]:
    # RFC 9110, section 8.6: a 204 has no Content-Length.
    return status, [] if status == 204 else [("Content-Length", "0")]


def _answer(status: int, lines: list[tuple[str, str]]) -> HttpResponse:
    response = HttpResponse(content_type="", status=status)
    headers = response.headers
    del headers["Content-Type"]
    for name, value in lines:
        headers[name] = value
    # A refused preflight is an answer, and nothing that a stranger may fill a log with.
    vars(response)["_has_been_logged"] = True
    return response


def install(
    app: Application, policy: Source | None = None, **keywords: Unpack[PolicyKeywords]
) -> Application:
    """Puts a policy around a Django application, outside of all middleware, and returns it.

    `app`: what `get_wsgi_application()` or `get_asgi_application()` gave, changed in place.
    `policy`: a source as the middleware takes it; or leave it out and give the keywords of
    `Policy`. The setting `CORSAC` is not read. Django's test clients build an application of their
    own, without it.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords,
    and for an application that is none of Django's; `ImproperlyConfigured` for an async callable
    over WSGI.
    Source: https://docs.djangoproject.com/en/stable/howto/deployment/
    """
    source = read_source(policy, keywords)
    if isinstance(app, ASGIHandler):
        app.get_response_async = _around(app.get_response_async, source)  # type: ignore[method-assign]  # sync as the handler is
    elif isinstance(app, WSGIHandler):
        app.get_response = _around(app.get_response, source)  # type: ignore[method-assign]  # sync as the handler is
    else:
        raise TypeError(
            "give what get_wsgi_application() or get_asgi_application() returned"
        )
    return app


def _around(get_response: Callable[[HttpRequest], Any], source: Source) -> Any:
    middleware = CORSMiddleware(get_response, source)
    if isinstance(source, Policy):
        return middleware
    # As Django does around each of its own, since whoever chooses may fail.
    return convert_exception_to_response(middleware)
