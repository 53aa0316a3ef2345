"""A drop-in for `starlette.middleware.cors`, and for FastAPI's name of it.

Here: Starlette's keywords and defaults. Not here: how they become a policy (`_translate.py`), the
middleware underneath (`adapters/asgi.py`).
Spec: https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from ..adapters.asgi import Application
from ..adapters.asgi import CORSMiddleware as _Middleware
from ._differences import Differences, leave_out_wildcards, split_text
from ._regexes import origins_of, read_regex
from ._translate import Settings, translate

#: What `"*"` stands for among methods.
ALL_METHODS: Final = (
    "DELETE",
    "GET",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "POST",
    "PUT",
    "QUERY",
)
#: What is always among the headers.
SAFELISTED_HEADERS: Final = {
    "Accept",
    "Accept-Language",
    "Content-Language",
    "Content-Type",
}
#: Methods of Starlette's middleware; nothing here would call them.
_OVERRIDABLE: Final = (
    "is_allowed_origin",
    "preflight_response",
    "simple_response",
    "send",
    "allow_explicit_origin",
)
_SETTINGS: Final = Settings(
    allow_origins="allow_origins",
    origin_regexes="allow_origin_regex",
)


class CORSMiddleware(_Middleware):
    """Starlette's middleware, with corsac's answers.

    `app`: the ASGI application. `allow_origins`, `allow_methods`, `allow_headers` and
    `expose_headers`: collections of str; `"*"` is every origin, Starlette's eight methods, every
    header. `allow_credentials`: a bool. `allow_origin_regex`: a str or a `re.Pattern[str]`,
    matched against the whole origin. `max_age`: an int, in seconds.
    `allow_private_network`: a bool, which changes nothing, since browsers ask no more.

    Where an option means something else than with Starlette, one `CompatWarning` says so. Raises
    `PolicyError` for what no policy can be made of, `TypeError` for a subclass that overrides a
    method of Starlette's.
    Source: https://www.starlette.io/middleware/#corsmiddleware
    """

    def __init__(
        self,
        app: Application,
        allow_origins: Collection[str] = (),
        allow_methods: Collection[str] = ("GET",),
        allow_headers: Collection[str] = (),
        allow_credentials: bool = False,
        allow_origin_regex: str | None = None,
        allow_private_network: bool = False,
        expose_headers: Collection[str] = (),
        max_age: int = 600,
    ) -> None:
        for name in _OVERRIDABLE:
            if hasattr(type(self), name):
                raise TypeError(
                    f"{type(self).__name__}.{name} would never be called; "
                    "write allow_origin_regex, or decide with corsac.Policy"
                )
        differences = Differences("starlette")

        def read(setting: str, value: Collection[str]) -> list[Any]:
            return list(split_text(differences, setting, value))

        origins = read("allow_origins", allow_origins)
        origins = leave_out_wildcards(differences, "allow_origins", origins)
        if allow_origin_regex is not None:
            regex = read_regex("allow_origin_regex", allow_origin_regex)
            origins += origins_of(regex)
        methods = read("allow_methods", allow_methods)
        headers = read("allow_headers", allow_headers)
        headers = [*sorted(SAFELISTED_HEADERS), *headers]
        if "*" in headers:
            # Starlette mirrors whatever was asked for, Authorization too.
            headers = ["*", "Authorization"]
        if allow_private_network:
            message = "changes nothing, since browsers ask no more; leave it out"
            differences.add("allow_private_network", True, message)
        policy = translate(
            differences,
            _SETTINGS,
            allow_origins=origins,
            allow_methods=ALL_METHODS if "*" in methods else methods,
            allow_headers=headers,
            expose_headers=read("expose_headers", expose_headers),
            allow_credentials=allow_credentials,
            max_age=max_age,
        )
        differences.warn(stacklevel=2)
        super().__init__(app, policy)
