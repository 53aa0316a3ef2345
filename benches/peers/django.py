"""django-cors-headers in a Django application of one view.

Here: Django's WSGI handler with that one middleware, with corsac's, or with none. Their settings
are those of the process, so that of the applications with CORS only the last terms hold.
Not here: Django's usual other middleware, which would stand on both sides.
Spec: https://github.com/adamchainz/django-cors-headers
"""

import re

from django import setup
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

from .cases import EXPOSED, HEADERS, MAX_AGE, METHODS, WILDCARD_REGEX
from .doors import BODY, WSGI

door = WSGI


def view(request):
    return HttpResponse(BODY, content_type="application/json")


urlpatterns = [path("", view)]


def handler(*middleware):
    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
        setup()
    settings.MIDDLEWARE = middleware
    return WSGIHandler()


def bare():
    return handler()


def adapted(policy):
    bare()  # which makes the settings, where nobody has
    settings.CORSAC = policy
    return handler("corsac.adapters.django.CORSMiddleware")


def passing():
    return handler(f"{__name__}.do_nothing")


def do_nothing(get_response):
    """A middleware that hands everything on."""

    def middleware(request):
        return get_response(request)

    return middleware


def guarded(terms):
    configure(terms)
    return handler("corsheaders.middleware.CorsMiddleware")


def swapped(terms):
    configure(terms)
    return handler("corsac.compat.corsheaders.middleware.CorsMiddleware")


def configure(terms):
    bare()  # which makes the settings, where nobody has
    regexes = [re.compile(f"{WILDCARD_REGEX}$")] if terms.wildcard else []
    settings.CORS_ALLOWED_ORIGINS = terms.exact
    settings.CORS_ALLOWED_ORIGIN_REGEXES = regexes
    settings.CORS_ALLOW_METHODS = METHODS
    settings.CORS_ALLOW_HEADERS = HEADERS
    settings.CORS_ALLOW_CREDENTIALS = terms.credentials
    settings.CORS_EXPOSE_HEADERS = EXPOSED
    settings.CORS_PREFLIGHT_MAX_AGE = MAX_AGE
