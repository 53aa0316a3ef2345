"""The options of flask-cors: names, defaults, and how they are read.

Here: what its documentation says of options and resources, and its guess of what is a regex.
Not here: what becomes of them (`_resource.py`), requests, CORS rules.
Spec: https://corydolphin.github.io/flask-cors/configuration/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final, TypedDict

from flask import Blueprint, Flask

from ..._headers import (
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
)

# Names of flask-cors for what the protocol calls otherwise.
ACL_ORIGIN: Final = ACCESS_CONTROL_ALLOW_ORIGIN
ACL_METHODS: Final = ACCESS_CONTROL_ALLOW_METHODS
ACL_ALLOW_HEADERS: Final = ACCESS_CONTROL_ALLOW_HEADERS
ACL_EXPOSE_HEADERS: Final = ACCESS_CONTROL_EXPOSE_HEADERS
ACL_CREDENTIALS: Final = ACCESS_CONTROL_ALLOW_CREDENTIALS
ACL_MAX_AGE: Final = ACCESS_CONTROL_MAX_AGE
ACL_REQUEST_METHOD: Final = "Access-Control-Request-Method"
ACL_REQUEST_HEADERS: Final = "Access-Control-Request-Headers"
ACL_REQUEST_HEADER_PRIVATE_NETWORK: Final = "Access-Control-Request-Private-Network"
ACL_RESPONSE_PRIVATE_NETWORK: Final = "Access-Control-Allow-Private-Network"

ResourcePattern = str | re.Pattern[str]
#: The options of one resource, of a call or of a configuration, by their names.
Options = Mapping[str, Any]


class CrossOriginOptionsInput(TypedDict, total=False):
    """The keywords of `cross_origin`."""

    origins: ResourcePattern | Iterable[ResourcePattern]
    methods: str | Iterable[str]
    expose_headers: str | Iterable[str] | None
    allow_headers: ResourcePattern | Iterable[ResourcePattern]
    supports_credentials: bool
    max_age: timedelta | int | str | None
    send_wildcard: bool
    vary_header: bool
    automatic_options: bool
    always_send: bool
    allow_private_network: bool


class CorsOptionsInput(CrossOriginOptionsInput, total=False):
    """The keywords of `CORS`."""

    resources: (
        ResourcePattern
        | Iterable[ResourcePattern]
        | Mapping[ResourcePattern, dict[str, Any]]
    )
    intercept_exceptions: bool


ALL_METHODS: Final = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]
DEFAULT_OPTIONS: Final[CorsOptionsInput] = {
    "origins": "*",
    "methods": ALL_METHODS,
    "allow_headers": "*",
    "expose_headers": None,
    "supports_credentials": False,
    "max_age": None,
    "send_wildcard": False,
    "automatic_options": True,
    "vary_header": True,
    "resources": r"/*",
    "intercept_exceptions": True,
    "always_send": True,
    "allow_private_network": False,
}
#: The keys of an application's configuration.
CONFIG_OPTIONS: Final = [f"CORS_{name.upper()}" for name in DEFAULT_OPTIONS]
#: What makes a str a regex.
_REGEX_TRAITS: Final = frozenset("*\\]?$^[]()")


def merge_options(app: Flask | Blueprint | None, *more: Options) -> dict[str, Any]:
    """The defaults, over them the application's configuration, over it what else there is."""
    merged: dict[str, Any] = dict(DEFAULT_OPTIONS)
    # A blueprint has no configuration.
    merged.update(get_app_kwarg_dict(app))
    for options in more:
        merged.update(options)
    return merged


def get_app_kwarg_dict(app: Flask | Blueprint | None) -> dict[str, Any]:
    """The options that an application's configuration gives."""
    config = getattr(app, "config", {})
    return {
        key.lower().removeprefix("cors_"): config[key]
        for key in CONFIG_OPTIONS
        if config.get(key) is not None
    }


def parse_resources(resources: Any) -> list[tuple[ResourcePattern, dict[str, Any]]]:
    """Patterns of paths, in the order in which they are tried, each with its own options.

    Of a mapping, literal paths stand first, then compiled regexes, then regexes in a str; among
    each the one with more slashes, then the longer one. Raises `ValueError` for what is no
    resource, and for a text that is no regex.
    """
    if isinstance(resources, Mapping):
        pairs = [(_mend_wildcard(path), options) for path, options in resources.items()]
        pairs.sort(key=lambda pair: _rank(pair[0]))
    elif isinstance(resources, (str, re.Pattern)):
        pairs = [(_mend_wildcard(resources), {})]
    elif isinstance(resources, Iterable):
        pairs = [(_mend_wildcard(path), {}) for path in resources]
    else:
        message = f"resources = {resources!r}: write a path, a list or a dict"
        raise ValueError(message)  # noqa: TRY004 - what flask-cors raises, and people catch
    return [(_compile_path(path), options) for path, options in pairs]


def _rank(path: ResourcePattern) -> tuple[int, int, int]:
    text = path.pattern if isinstance(path, re.Pattern) else path
    kind = 1 if isinstance(path, re.Pattern) else 2 if probably_regex(path) else 0
    return kind, -text.count("/"), -len(text)


def _compile_path(path: ResourcePattern) -> ResourcePattern:
    if isinstance(path, str) and probably_regex(path):
        try:
            return re.compile(path)
        except re.error as error:
            raise ValueError(f"resources: {path!r} is no regex: {error}") from error
    return path


def _mend_wildcard(path: ResourcePattern) -> ResourcePattern:
    return ".*" if path == "*" else path


def probably_regex(maybe_regex: ResourcePattern) -> bool:
    """Whether flask-cors takes a pattern for a regex, by the characters that it holds."""
    return isinstance(maybe_regex, re.Pattern) or not _REGEX_TRAITS.isdisjoint(
        maybe_regex
    )


def try_match_pattern(
    value: str, pattern: ResourcePattern, caseSensitive: bool = True
) -> bool:
    """Whether a regex matches at the begin of a value, or a text equals it."""
    if isinstance(pattern, re.Pattern):
        return pattern.match(value) is not None
    if caseSensitive:
        return value == pattern
    return value.casefold() == pattern.casefold()


def flexible_str(value: Any) -> str | None:
    """A list as the value of a header line, sorted; a str as it is."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(str(item) for item in sorted(value))
    return str(value)


def as_list(value: Any) -> list[Any]:
    """One value, or an iterable of them, as a list; a set in one order for every process."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value]
    return list(value)
