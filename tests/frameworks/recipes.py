"""Every framework, how a policy is put on it, and who serves it: the table that all is run from.

Here: what the README says of each, and which passes there are.
Not here: the applications (`sites/`), the servers (`servers.py`).
"""

from __future__ import annotations

from typing import NamedTuple

ASGI = ("uvicorn", "hypercorn", "granian-asgi", "gunicorn-asgi")
WSGI = ("gunicorn", "granian-wsgi", "waitress", "wsgiref")
#: Around the whole application, which is possible wherever there is one of a protocol.
WRAP = "wrap"
#: What stands for a server where there is none.
IN_PROCESS = "in process"


class Recipe(NamedTuple):
    """One framework over one protocol."""

    framework: str
    #: Its package; none for a protocol by itself.
    package: str
    site: str
    protocol: str
    #: The first is the one to use.
    ways: tuple[str, ...]
    servers: tuple[str, ...]


RECIPES = [
    Recipe("any ASGI application", "", "asgi", "asgi", (WRAP,), ASGI),
    Recipe("any WSGI application", "", "wsgi", "wsgi", (WRAP,), WSGI),
    Recipe(
        "Starlette",
        "starlette",
        "starlette",
        "asgi",
        ("install", "add_middleware", WRAP),
        ASGI,
    ),
    Recipe(
        "FastAPI",
        "fastapi",
        "fastapi",
        "asgi",
        ("install", "add_middleware", WRAP),
        ASGI,
    ),
    Recipe(
        "Django",
        "django",
        "django",
        "wsgi",
        ("MIDDLEWARE", "other-views", "install", WRAP),
        (*WSGI, "runserver"),
    ),
    Recipe(
        "Django",
        "django",
        "django",
        "asgi",
        ("MIDDLEWARE", "other-views", "install", WRAP),
        ASGI,
    ),
    Recipe(
        "Flask",
        "flask",
        "flask",
        "wsgi",
        ("CORS", "install", WRAP),
        (*WSGI, "werkzeug"),
    ),
    Recipe("Quart", "quart", "quart", "asgi", ("CORS", "install", WRAP), ASGI),
    Recipe("aiohttp", "aiohttp", "aiohttp", "own", ("install",), ("aiohttp",)),
    Recipe("Falcon", "falcon", "falcon", "wsgi", (WRAP,), WSGI),
    Recipe("Falcon", "falcon", "falcon", "asgi", (WRAP,), ASGI),
    Recipe("Litestar", "litestar", "litestar", "asgi", (WRAP,), ASGI),
    Recipe("Sanic", "sanic", "sanic", "own", ("install",), ("sanic",)),
    Recipe("Sanic", "sanic", "sanic", "asgi", ("install", WRAP), ASGI),
    Recipe("Tornado", "tornado", "tornado", "own", ("install",), ("tornado",)),
    Recipe("Pyramid", "pyramid", "pyramid", "wsgi", ("include", "install", WRAP), WSGI),
    Recipe("Bottle", "bottle", "bottle", "wsgi", (WRAP,), WSGI),
]

_ASGI = "`from corsac.adapters.asgi import CORSMiddleware`"
_WSGI = "`from corsac.adapters.wsgi import CORSMiddleware`"
_WRAP = "`app = CORSMiddleware(app, policy)`"
_INSTALL = "`install(app, policy)`"
#: For the README: what to import, and what to write.
USES = {
    "any ASGI application": (_ASGI, _WRAP),
    "any WSGI application": (_WSGI, _WRAP),
    "Starlette": ("`from corsac.adapters.starlette import install`", _INSTALL),
    "FastAPI": ("`from corsac.adapters.starlette import install`", _INSTALL),
    "Django": (
        '`"corsac.adapters.django.CORSMiddleware"` first in `MIDDLEWARE`',
        "`CORSAC = policy`",
    ),
    "Flask": ("`from corsac.adapters.flask import CORS`", "`CORS(app, policy)`"),
    "Quart": ("`from corsac.adapters.quart import CORS`", "`CORS(app, policy)`"),
    "aiohttp": ("`from corsac.adapters.aiohttp import install`", _INSTALL),
    "Falcon": (f"{_WSGI} (`asgi` for `falcon.asgi.App`)", _WRAP),
    "Litestar": (_ASGI, _WRAP),
    "Sanic": ("`from corsac.adapters.sanic import install`", _INSTALL),
    "Tornado": ("`from corsac.adapters.tornado import install`", _INSTALL),
    "Pyramid": (
        '`config.include("corsac.adapters.pyramid")`',
        "`config.set_cors_policy(policy)`",
    ),
    "Bottle": (_WSGI, _WRAP),
}


def ways_over(recipe: Recipe, server: str) -> list[str]:
    """The way to use over every server; over the first and the last the wrapper too."""
    ways = recipe.ways[:1]
    ends = (recipe.servers[0], recipe.servers[-1])
    if server in ends and WRAP in recipe.ways[1:]:
        ways = (*ways, WRAP)
    return list(ways)


def passes(recipe: Recipe) -> list[tuple[str, str]]:
    """Each way in process, if there is an application that can be called, and over servers.

    A pair has the way, and the server or "in process".
    """
    called = [] if recipe.protocol == "own" else [(w, IN_PROCESS) for w in recipe.ways]
    served = [(w, s) for s in recipe.servers for w in ways_over(recipe, s)]
    return called + served
