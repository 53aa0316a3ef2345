"""CORS for Starlette, and for FastAPI, which is a Starlette application.

Here: the middleware for `add_middleware`, and `install`, which stands outside of everything.
Not here: the request path (`asgi.py`), CORS rules, header names.
Spec: https://www.starlette.io/middleware/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from starlette.applications import Starlette

from .._policy import PolicyKeywords
from .._sources import Source, read_source
from .asgi import Application, CORSMiddleware

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["CORSMiddleware", "install"]

App = TypeVar("App", bound=Starlette)


def install(
    app: App, policy: Source | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around a Starlette or FastAPI application, and returns that application.

    `app`: the application, changed in place. `policy`: what `CORSMiddleware` takes: a `Policy`, a
    `PolicyMap`, an `OriginPolicies`, a `PolicyHandle`, or a callable that takes a `Request`, whose
    `native` is the scope, and gives one of these or None for no CORS, at once or to be awaited; or
    leave it out and give the keywords of `Policy`. It stands outside of `ServerErrorMiddleware`, so
    that the answers to unhandled errors carry the headers too; what
    `app.add_middleware(CORSMiddleware, policy=policy)` adds stands inside, and misses those
    answers. Mounted applications are part of the application. A policy with `enforce` refuses the
    handshakes of WebSockets, too.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    source = read_source(policy, keywords)
    build = app.build_middleware_stack

    def build_middleware_stack() -> Application:
        return CORSMiddleware(build(), source)

    build_middleware_stack.policy = source  # type: ignore[attr-defined]  # for whoever looks at the application
    # Starlette builds its stack when it is first asked, and keeps it.
    if app.middleware_stack is not None:
        app.middleware_stack = CORSMiddleware(app.middleware_stack, source)
    app.build_middleware_stack = build_middleware_stack  # type: ignore[method-assign]  # the one way to stand outside of all
    return app
