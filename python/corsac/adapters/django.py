"""CORS for Django, over WSGI and ASGI, sync and async.

Here: the middleware, and `install` for a whole application.
Not here: the setting and its system checks (`_django_setting.py`), CORS rules, header names.
Spec: https://docs.djangoproject.com/en/stable/topics/http/middleware/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from .._headers import assemble_answers
from .._policy import Policy, PolicyKeywords, read_policy
from ._django_setting import SETTING, check_settings, read_setting

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._core import Answers, Exchange

__all__ = ["CORSMiddleware", "check_settings", "install"]

Response = HttpResponseBase | Awaitable[HttpResponseBase]
Application = TypeVar("Application", WSGIHandler, ASGIHandler)


class CORSMiddleware:
    """A middleware for the first place in `MIDDLEWARE`, with its policy in `CORSAC`.

        MIDDLEWARE = ["corsac.adapters.django.CORSMiddleware", ...]
        CORSAC = {"allow_origins": ["https://example.com"], "allow_credentials": True}
        INSTALLED_APPS = ["corsac.adapters.django", ...]

    `CORSAC` is a `Policy`, or a dict of its keywords. The entry in `INSTALLED_APPS` is for the
    system checks alone: Django imports a middleware after it has checked the project. With it,
    `manage.py` reports each problem of the policy, and a middleware that stands too low; without
    it, the server does not start with a wrong policy either.

    Preflights are answered before whatever stands below; every other response that comes back
    gets its header lines, whoever made it. `override_settings(CORSAC=...)` takes effect at once.

    `get_response`: what Django gives. `policy`: a `Policy` in place of the setting.
    Raises `ImproperlyConfigured` without a setting that can be read, `PolicyError` for keywords
    that make no policy; both when Django loads it.
    Source: https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering
    """

    sync_capable = True
    async_capable = True
    #: Whether its policy is that of the setting `CORSAC`.
    reads_setting = True

    def __init__(
        self,
        get_response: Callable[[HttpRequest], Any],
        policy: Policy | None = None,
    ) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)
        #: A policy in place of the setting, or None.
        self.policy = policy
        self._answers: Answers | None = assemble(policy or read_setting())
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

    async def _call(self, request: HttpRequest) -> HttpResponseBase:
        exchange = self._ask(request)
        if (start := exchange.start) is not None:
            return _answer(*start)
        response: HttpResponseBase = await self.get_response(request)
        exchange.place(response.headers._store)
        return response

    def _ask(self, request: HttpRequest) -> Exchange:
        answers = self._answers
        if answers is None:
            answers = self._answers = assemble(read_setting())
        return ask(answers, request)

    def _read_again(self, *, setting: str, **_about: object) -> None:
        # Not before a request asks for it: a test of the checks may set what is no policy.
        if setting == SETTING:
            self._answers = None


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
    app: Application, policy: Policy | None = None, **keywords: Unpack[PolicyKeywords]
) -> Application:
    """Puts a policy around a Django application, outside of all middleware, and returns it.

    `app`: what `get_wsgi_application()` or `get_asgi_application()` gave, changed in place.
    `policy`: a `Policy`; or leave it out and give the keywords of `Policy`. The setting `CORSAC`
    is not read. Django's test clients build an application of their own, without it.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords,
    and for an application that is none of Django's.
    Source: https://docs.djangoproject.com/en/stable/howto/deployment/
    """
    policy = read_policy(policy, keywords)
    if isinstance(app, ASGIHandler):
        app.get_response_async = CORSMiddleware(app.get_response_async, policy)  # type: ignore[assignment, method-assign]  # sync as the handler is
    elif isinstance(app, WSGIHandler):
        app.get_response = CORSMiddleware(app.get_response, policy)  # type: ignore[assignment, method-assign]  # sync as the handler is
    else:
        raise TypeError(
            "give what get_wsgi_application() or get_asgi_application() returned"
        )
    return app
