"""The projects: how each is served, what of its imports changes, what pages may read of it.

Here: `PROJECTS`, and by name the outcomes that are not what the old library gave.
Not here: what pages ask for and how a browser runs (`visits.py`).
Spec: the documentation that each project's files name
"""

from __future__ import annotations

from typing import Any, NamedTuple

from visits import FETCHES, NULL_PAGE

ALL = frozenset(FETCHES)
#: Pages that no list of the projects names, and that only `*` lets in.
STRANGERS = (
    "http://localhost:8081",
    "http://example.com",
    "https://example.com.evil.test",
    NULL_PAGE,
)


class Swap(NamedTuple):
    """One line of a project, with the old import and with corsac's."""

    file: str
    old: str
    new: str


class Difference(NamedTuple):
    """Outcomes that differ, since the old library was unsafe or stood in a request's way."""

    fetches: frozenset[str]
    pages: frozenset[str]
    #: Whether the page reads corsac's answer.
    is_readable: bool
    reason: str


class Project(NamedTuple):
    """`readable`: what the allowed pages read with the old library; the others read nothing."""

    folder: str
    #: The old library's modules, which the project does without after the swap.
    library: str
    server: str
    #: The module and the name that the server imports.
    application: str
    swaps: tuple[Swap, ...]
    allowed: tuple[str, ...]
    refused: tuple[str, ...]
    readable: frozenset[str]
    #: The text of each `CompatWarning` at the start.
    warnings: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    settings: str = ""


PURGE = frozenset({"a PURGE"})
CREDENTIALS = frozenset({"a GET with credentials", "a PUT with credentials"})
UNROUTED = frozenset({"a 404 for DELETE"})
#: Pages of different kinds, where every page is allowed.
EVERYBODY = ("http://localhost:8080", "https://example.com", NULL_PAGE)

_HTTP_WITH_CREDENTIALS = """\
corsac.compat.starlette differs from starlette here:
  allow_origins = 'http://localhost.tiangolo.com': kept: anybody on the network can act as an http \
page; write https://, or use corsac.Policy with dangerously_allow_insecure_origins=True"""
_WILDCARD_WITH_CREDENTIALS = """\
corsac.compat.flask_cors differs from flask_cors here:
  origins = '*': answered without credentials: every site could act as the user; list the origins, \
or leave out supports_credentials"""

_FASTAPI = Project(
    folder="with_fastapi",
    library="fastapi.middleware.cors starlette.middleware.cors",
    server="uvicorn",
    application="main:app",
    swaps=(
        Swap(
            "main.py",
            "from fastapi.middleware.cors import CORSMiddleware",
            "from corsac.compat.starlette import CORSMiddleware",
        ),
    ),
    allowed=(
        "http://localhost:8080",
        "http://localhost",
        "http://localhost.tiangolo.com",
        "https://localhost.tiangolo.com",
    ),
    refused=STRANGERS,
    # Starlette answers what nothing else answers outside of all middleware.
    readable=ALL - PURGE - {"an unhandled 500"},
    warnings=(_HTTP_WITH_CREDENTIALS,),
)


def _django(settings: str, server: str, **more: Any) -> Project:
    swaps = [
        Swap("settings.py", '    "corsheaders",', '    "corsac.compat.corsheaders",'),
        Swap(
            "settings.py",
            '    "corsheaders.middleware.CorsMiddleware",',
            '    "corsac.compat.corsheaders.middleware.CorsMiddleware",',
        ),
        Swap(
            "settings_everybody.py",
            "from corsheaders.defaults import default_headers",
            "from corsac.compat.corsheaders.defaults import default_headers",
        ),
    ]
    return Project(
        folder="with_django",
        library="corsheaders",
        server=server,
        application="mysite.wsgi:application",
        settings=f"mysite.{settings}",
        swaps=tuple(swap._replace(file=f"mysite/{swap.file}") for swap in swaps),
        **more,
    )


def _flask(module: str, name: str, server: str, **more: Any) -> Project:
    old = f"from flask_cors import {name}"
    return Project(
        folder="with_flask",
        library="flask_cors",
        server=server,
        application=f"{module}:app",
        swaps=(
            Swap(
                f"{module}.py", old, f"from corsac.compat.{old.removeprefix('from ')}"
            ),
        ),
        **more,
    )


#: Fetch wants an ok status: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
_PREFLIGHT_OF_NOWHERE = Difference(
    fetches=UNROUTED,
    pages=frozenset(EVERYBODY),
    is_readable=True,
    reason="flask-cors lets the router answer the preflight of an unrouted path with 404, and "
    "browsers take no such answer for leave, whatever headers it has.",
)
_EVERYBODY_WITH_CREDENTIALS = Difference(
    fetches=CREDENTIALS,
    pages=frozenset(EVERYBODY),
    is_readable=False,
    reason="flask-cors echoes every origin with credentials, so that every site could act as the "
    "user.",
)
#: A POST that the view answers with 415, which Flask raises.
_ERROR_OF_A_VIEW = Difference(
    fetches=frozenset({"a POST of JSON as plain text"}),
    pages=frozenset(EVERYBODY),
    is_readable=True,
    reason="flask-cors' decorator sees no error that its view raises, so that the page cannot read "
    "why its request failed, though the policy allows the request.",
)

PROJECTS = {
    "fastapi": _FASTAPI,
    "django": _django(
        "settings",
        "gunicorn",
        allowed=(
            "https://example.com",
            "https://sub.example.com",
            "http://localhost:8080",
            "http://127.0.0.1:9000",
        ),
        refused=STRANGERS,
        readable=ALL - PURGE - CREDENTIALS - {"a PUT with X-Unlisted"},
    ),
    "django, regexes": _django(
        "settings_regexes",
        "runserver",
        allowed=("https://sub.example.com", "https://www.example.com"),
        refused=("https://example.com", "http://localhost:8080", *STRANGERS),
        readable=ALL - PURGE - {"the root", "a PUT with X-Unlisted"},
    ),
    "django, everybody": _django(
        "settings_everybody",
        "waitress",
        allowed=EVERYBODY,
        refused=(),
        readable=ALL - PURGE - CREDENTIALS,
    ),
    "flask": _flask(
        "all_routes",
        "CORS",
        "gunicorn",
        allowed=EVERYBODY,
        refused=(),
        readable=ALL - PURGE - CREDENTIALS - UNROUTED,
        differences=(_PREFLIGHT_OF_NOWHERE,),
    ),
    "flask, resources": _flask(
        "resources",
        "CORS",
        "werkzeug",
        allowed=EVERYBODY,
        refused=(),
        readable=ALL - PURGE - CREDENTIALS - UNROUTED - {"the root"},
        differences=(_PREFLIGHT_OF_NOWHERE,),
    ),
    "flask, one view": _flask(
        "one_view",
        "cross_origin",
        "werkzeug",
        allowed=EVERYBODY,
        refused=(),
        readable=frozenset(
            {
                "the root",
                "a list",
                "a list in a language",
                "a HEAD",
                "a POST of JSON",
            }
        ),
        differences=(_ERROR_OF_A_VIEW,),
    ),
    "flask, cookies": _flask(
        "cookies",
        "CORS",
        "werkzeug",
        allowed=EVERYBODY,
        refused=(),
        readable=ALL - PURGE - UNROUTED,
        warnings=(_WILDCARD_WITH_CREDENTIALS,),
        differences=(_PREFLIGHT_OF_NOWHERE, _EVERYBODY_WITH_CREDENTIALS),
    ),
}
