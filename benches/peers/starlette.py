"""Starlette's middleware, which FastAPI hands on under its own name.

Here: the middleware around the small application. Its origins are a set, where its
documentation shows a list: then a look-up takes one probe, its best.
Not here: Starlette's routing, which is no part of CORS.
Spec: https://www.starlette.io/middleware/#corsmiddleware
"""

from corsac.adapters.starlette import CORSMiddleware as Adapter
from corsac.compat.starlette import CORSMiddleware as Swapped
from starlette.middleware.cors import CORSMiddleware

from .cases import EXPOSED, HEADERS, MAX_AGE, METHODS, WILDCARD_REGEX
from .doors import ASGI as door
from .doors import passing_asgi


def bare():
    return door.small


def adapted(policy):
    return Adapter(bare(), policy)


def passing():
    return passing_asgi(bare())


def guarded(terms):
    return extended(terms, CORSMiddleware)


def swapped(terms):
    return extended(terms, Swapped)


def extended(terms, middleware):
    return middleware(
        bare(),
        allow_origins=frozenset(terms.exact),
        allow_origin_regex=WILDCARD_REGEX if terms.wildcard else None,
        allow_methods=METHODS,
        allow_headers=HEADERS,
        allow_credentials=terms.credentials,
        expose_headers=EXPOSED,
        max_age=MAX_AGE,
    )
