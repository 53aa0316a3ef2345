"""The pages in Django, with views of both kinds, over WSGI and over ASGI.

Here: the settings, the applications, and the ways to put a policy on them.
Not here: what the pages say (`pages.py`).
Spec: https://docs.djangoproject.com/
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import django
from asgiref.sync import iscoroutinefunction
from corsac.adapters import asgi, wsgi
from corsac.adapters.django import install
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test.utils import override_settings
from django.urls import path
from django.utils.decorators import sync_and_async_middleware
from django.views.decorators.http import require_http_methods
from pages import BODY, CHUNKS, ELSEWHERE, fail, lines_of

MIDDLEWARE = "corsac.adapters.django.CORSMiddleware"

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of these tests",
    MIDDLEWARE=[],
)
django.setup()


def with_lines(response: Any, index: int) -> Any:
    """Django keeps one line of a name; it keeps cookies apart by another way."""
    for name, value in lines_of(index):
        if name.lower() == "set-cookie":
            response.set_cookie(*value.split("="))
            response.cookies[value[0]]["path"] = ""
        elif name in response and name.lower() != "content-type":
            response[name] += f", {value}"
        else:
            response[name] = value
    return response


def row(request: Any, index: int) -> Any:
    return with_lines(HttpResponse(BODY), index)


def stream(request: Any, index: int) -> Any:
    return with_lines(StreamingHttpResponse(iter(CHUNKS)), index)


def moved(request: Any, index: int) -> Any:
    return with_lines(HttpResponseRedirect(ELSEWHERE), index)


@require_http_methods(["PUT"])
def put(request: Any) -> Any:
    return HttpResponse(BODY)


async def row_async(request: Any, index: int) -> Any:
    return row(request, index)


async def chunks() -> AsyncIterator[bytes]:
    for chunk in CHUNKS:
        yield chunk


async def stream_async(request: Any, index: int) -> Any:
    return with_lines(StreamingHttpResponse(chunks()), index)


async def moved_async(request: Any, index: int) -> Any:
    return moved(request, index)


@require_http_methods(["PUT"])
async def put_async(request: Any) -> Any:
    return HttpResponse(BODY)


async def error_async(request: Any) -> Any:
    fail()


def patterns(*views: Any) -> tuple[Any, ...]:
    row, stream, moved, put, error = views
    return (
        path("row/<int:index>", row),
        path("stream/<int:index>", stream),
        path("moved/<int:index>", moved),
        path("put", put),
        path("error", error),
    )


SYNC = patterns(row, stream, moved, put, fail)
ASYNC = patterns(row_async, stream_async, moved_async, put_async, error_async)
urlpatterns: list[Any] = []


def refusing(views: tuple[Any, ...]) -> Any:
    """Middleware that authenticates, in front of these views."""

    def refuse(request: Any) -> Any:
        request.urlconf = views
        return HttpResponse(status=401) if request.path == "/private" else None

    @sync_and_async_middleware
    def middleware(get_response: Any) -> Any:
        async def call_async(request: Any) -> Any:
            return refuse(request) or await get_response(request)

        def call(request: Any) -> Any:
            return refuse(request) or get_response(request)

        return call_async if iscoroutinefunction(get_response) else call

    return middleware


before_sync = refusing(SYNC)
before_async = refusing(ASYNC)


def build(handler: Any, views: str, *outside: str) -> Any:
    """An application with these middlewares, which it loads at once."""
    with override_settings(MIDDLEWARE=[*outside, f"{__name__}.{views}"]):
        return handler()


class Configured:
    """An application while the setting holds its policy, which all of a process share."""

    current: Any = None

    def __init__(self, policy: Any, handler: Any, views: str) -> None:
        self.setting = override_settings(CORSAC=policy)
        self.set()
        self.handler = build(handler, views, MIDDLEWARE)

    def set(self) -> None:
        if Configured.current is not self.setting:
            if Configured.current is not None:
                Configured.current.disable()
            self.setting.enable()
            Configured.current = self.setting

    def __call__(self, *request: Any) -> Any:
        self.set()
        return self.handler(*request)


def ways(handler: Any, middleware: Any, views: str, other_views: str) -> dict[str, Any]:
    """`views` are of the kind that the protocol is made for."""
    return {
        "MIDDLEWARE": lambda policy: Configured(policy, handler, views),
        "other-views": lambda policy: Configured(policy, handler, other_views),
        "install": lambda policy: install(build(handler, views), policy),
        "wrap": lambda policy: middleware(build(handler, views), policy),
    }


WAYS = {
    "wsgi": ways(WSGIHandler, wsgi.CORSMiddleware, "before_sync", "before_async"),
    "asgi": ways(ASGIHandler, asgi.CORSMiddleware, "before_async", "before_sync"),
}
