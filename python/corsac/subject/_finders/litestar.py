"""Litestar's `CORSConfig`.

Here: its options. Not here: how options become a policy (`compat/_translate.py`).
Spec: https://docs.litestar.dev/latest/reference/config.html#litestar.config.cors.CORSConfig
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..._policy import Policy
from .._making import found
from . import Found, Part, is_loaded


def find(part: Part) -> Iterator[Found]:
    if not is_loaded(part.thing, "litestar", "Litestar"):
        return
    config = getattr(part.thing, "cors_config", None)
    if config is not None:
        yield found(
            lambda: _translate(config),
            library="litestar",
            name=f"{part.name}.cors_config",
            sentence=f"the CORSConfig of {part.name}",
            prefix=part.prefix,
        )


def _translate(config: Any) -> Policy:
    from ...compat._differences import Differences
    from ...compat._regexes import origins_of, read_regex
    from ...compat._translate import Settings, translate
    from ...compat.starlette import SAFELISTED_HEADERS

    differences = Differences("litestar")
    origins: list[Any] = []
    for origin in config.allow_origins:
        if "*" in origin and origin != "*":
            # A star stands for any text there.
            regex = re.escape(origin).replace(r"\*", ".*")
            origins += origins_of(read_regex("allow_origins", regex))
        else:
            origins.append(origin)
    if config.allow_origin_regex:
        origins += origins_of(
            read_regex("allow_origin_regex", config.allow_origin_regex)
        )
    methods = list(config.allow_methods)
    headers = list(config.allow_headers)
    policy = translate(
        differences,
        Settings(
            allow_origins="allow_origins",
            origin_regexes="allow_origin_regex",
        ),
        allow_origins=origins,
        allow_methods=["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
        if "*" in methods
        else [str(getattr(method, "value", method)) for method in methods],
        # It repeats whatever was asked for, Authorization too.
        allow_headers=["*", "Authorization"]
        if "*" in headers
        else [*sorted(SAFELISTED_HEADERS), *headers],
        expose_headers=config.expose_headers,
        allow_credentials=config.allow_credentials,
        max_age=config.max_age,
    )
    differences.warn()
    return policy
