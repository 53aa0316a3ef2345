"""Litestar's own CORS in a Litestar application of one handler.

Here: the application with `cors_config` and without. Litestar keeps what it has read of a
request in the scope, so each call gets a copy of it, as it does from a server.
Not here: Litestar's documentation pages and logging, which are switched off.
Spec: https://docs.litestar.dev/latest/usage/middleware/builtin-middleware.html
"""

from litestar import Litestar, Response, get
from litestar.config.cors import CORSConfig

from .cases import EXPOSED, HEADERS, MAX_AGE, METHODS, WILDCARD
from .doors import ASGI, BODY

door = ASGI


@get("/")
async def view() -> Response[bytes]:
    return Response(BODY, media_type="application/json")


def application(cors_config=None):
    litestar = Litestar(
        [view], cors_config=cors_config, openapi_config=None, logging_config=None
    )

    async def with_a_scope_of_its_own(scope, receive, send):
        await litestar({**scope}, receive, send)

    return with_a_scope_of_its_own


def bare():
    return application()


def guarded(terms):
    wildcards = [WILDCARD] if terms.wildcard else []
    config = CORSConfig(
        allow_origins=[*terms.exact, *wildcards],
        allow_methods=METHODS,
        allow_headers=HEADERS,
        allow_credentials=terms.credentials,
        expose_headers=EXPOSED,
        max_age=MAX_AGE,
    )
    return application(config)
