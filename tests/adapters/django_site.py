"""A Django site, and the ways to ask it: its test clients, and its handlers as servers call them.

Here: views and middleware that know of no policy, settings, requests, answers.
Not here: any expectation but that of an allowed origin.
Spec: https://docs.djangoproject.com/en/stable/topics/testing/tools/
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar

import django_settings  # noqa: F401  # before anything asks for a setting
from corsac import Policy
from corsac.adapters.django import CORSMiddleware
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.test import AsyncClient, Client
from django.test.utils import override_settings
from django.urls import path
from django.views.decorators.http import require_http_methods
from protocols import WSGIServer, environ

ORIGIN = "https://example.com"
POLICY = Policy(
    allow_origins=[ORIGIN],
    allow_methods=["PUT"],
    allow_credentials=True,
    expose_headers=["X-Total"],
)
HERE = "corsac.adapters.django.CORSMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"

ALLOWED = {
    "access-control-allow-origin": ORIGIN,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "X-Total",
    "vary": "Origin",
}
PREFLIGHT = {
    "access-control-allow-origin": ORIGIN,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "PUT",
    "access-control-max-age": "600",
    "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
}
ASKED = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}


# The views, of which none knows of any policy.


def plain(request: Any) -> HttpResponse:
    return HttpResponse("plain")


async def plain_async(request: Any) -> HttpResponse:
    return HttpResponse("plain")


def speaking(request: Any) -> HttpResponse:
    response = HttpResponse("speaking", headers={"VARY": "Cookie, origin"})
    response["access-control-allow-origin"] = "https://evil.example"
    response["Access-Control-Max-Age"] = "5"
    response.set_cookie("kept", "yes")
    return response


async def chunks() -> AsyncIterator[bytes]:
    for chunk in (b"a ", b"stream"):
        yield chunk


def stream(request: Any) -> StreamingHttpResponse:
    if hasattr(request, "scope"):
        return StreamingHttpResponse(chunks())
    return StreamingHttpResponse(iter([b"a ", b"stream"]))


def file(request: Any) -> FileResponse:
    response = FileResponse(io.BytesIO(b"a file"), filename="a.txt")
    if hasattr(request, "scope"):
        # Django warns of a file over ASGI, since it reads all of it at once.
        response.streaming_content = chunks()
    return response


def missing(request: Any) -> HttpResponse:
    raise Http404


def denied(request: Any) -> HttpResponse:
    raise PermissionDenied


def failing(request: Any) -> HttpResponse:
    raise RuntimeError("of this test")


def moved(request: Any) -> HttpResponse:
    return HttpResponseRedirect("/plain")


@require_http_methods(["POST"])
def post_only(request: Any) -> HttpResponse:
    return HttpResponse("posted")


URLS = (
    path("plain", plain),
    path("async", plain_async),
    path("slashed/", plain),
    path("speaking", speaking),
    path("stream", stream),
    path("file", file),
    path("missing", missing),
    path("denied", denied),
    path("failing", failing),
    path("moved", moved),
    path("post", post_only),
)


class Refusing:
    """A middleware that lets nobody in."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        return HttpResponse("who are you?", status=401)


class ThreadMiddleware(CORSMiddleware):
    """The middleware, which remembers in which threads it decides."""

    seen: ClassVar[list[int]] = []

    def _ask(self, request: Any) -> Any:
        self.seen.append(threading.get_ident())
        return super()._ask(request)


class FailingMiddleware:
    """A middleware that fails."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        raise RuntimeError("of this middleware")


THREAD = f"{__name__}.ThreadMiddleware"
REFUSING = f"{__name__}.Refusing"
FAILING = f"{__name__}.FailingMiddleware"


# The ways to ask, which give status, headers by their names in lower case, and body.

Answer = tuple[int, dict[str, str], bytes]


def ask_client(method: str, url: str, headers: dict[str, str]) -> Answer:
    client = Client(raise_request_exception=False)
    return read(client.generic(method, url, headers=headers))


def ask_async_client(method: str, url: str, headers: dict[str, str]) -> Answer:
    client = AsyncClient(raise_request_exception=False)

    async def ask() -> Answer:
        response = await client.generic(method, url, headers=headers)
        if response.streaming:
            response.streaming_content = [part async for part in response]
        return read(response)

    return asyncio.run(ask())


def read(response: Any) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = response.getvalue() if response.streaming else response.content
    return response.status_code, headers, body


def ask_wsgi(method: str, url: str, headers: dict[str, str], app: Any = None) -> Answer:
    server = WSGIServer()
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    request = environ(method, **named)
    request["PATH_INFO"] = url
    if "Origin" not in headers:
        del request["HTTP_ORIGIN"]
    response = (app or WSGIHandler())(request, server.start_response)
    body = b"".join(response)
    response.close()
    [(status, lines)] = server.started
    return int(status.split()[0]), {n.lower(): v for n, v in lines}, body


def ask_asgi(method: str, url: str, headers: dict[str, str], app: Any = None) -> Answer:
    scope = {
        "type": "http",
        "method": method,
        "path": url,
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in {"Host": "testserver", **headers}.items()
        ],
    }
    sent: list[Any] = []
    asked: list[None] = []

    async def receive() -> Any:
        asked.append(None)
        if len(asked) > 1:  # Django waits for a disconnect beside its own work
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run((app or ASGIHandler())(scope, receive, send))
    lines = {name.decode().lower(): v.decode() for name, v in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], lines, body


Ask = Callable[..., Answer]


def cors(headers: dict[str, str]) -> dict[str, str]:
    """The headers that are the policy's."""
    return {n: v for n, v in headers.items() if n == "vary" or "access-control" in n}


def startproject() -> Any:
    """Django's settings after `startproject`, but for the middleware and its policy."""
    return override_settings(
        CORSAC=POLICY, MIDDLEWARE=[HERE, COMMON], ROOT_URLCONF=URLS
    )
