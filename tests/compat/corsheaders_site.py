"""A Django site with django-cors-headers in its settings, or with the drop-in in its place.

Here: its views, how it is asked, what its start warned of.
Not here: its other settings (`corsheaders_rows.py`), what a page reads of it (`reading.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/http/middleware/
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django_settings  # noqa: F401  # before anything asks for a setting
from corsac.compat import CompatWarning
from corsheaders_rows import APP
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import re_path
from reading import HEADERS, Page, Reading, visit

OLD = "corsheaders.middleware.CorsMiddleware"
NEW = "corsac.compat.corsheaders.middleware.CorsMiddleware"
ALLOW = "access-control-allow-origin"
ASKED = {"Origin": APP, "Access-Control-Request-Method": "PUT"}


def view(request: Any) -> HttpResponse:
    return HttpResponse("the view", headers=HEADERS)


def speaking(request: Any) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*", "Vary": "Cookie"}
    return HttpResponse("the view", headers=headers)


URLS = (re_path("^speaking$", speaking), re_path("", view))


@contextmanager
def site(middleware: str, settings: dict[str, Any]) -> Iterator[Any]:
    """A function that asks a site with these settings; it has what the start warned of."""
    with (
        override_settings(ROOT_URLCONF=URLS, MIDDLEWARE=[middleware], **settings),
        warnings.catch_warnings(record=True) as given,
    ):
        warnings.simplefilter("always")
        handler = WSGIHandler()
        warned = [str(w.message) for w in given if w.category is CompatWarning]

        def ask(method: str, path: str, headers: dict[str, str]) -> Any:
            request = RequestFactory().generic(method, path, headers=headers)
            response = handler.get_response(request)
            lines = {name.lower(): value for name, value in response.headers.items()}
            return response.status_code, lines

        ask.warned = warned  # type: ignore[attr-defined]  # beside the answers
        yield ask


def read(middleware: str, settings: dict[str, Any], page: Page) -> Reading:
    with site(middleware, settings) as ask:
        return visit(page, ask)
