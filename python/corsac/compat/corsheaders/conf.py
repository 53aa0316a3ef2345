"""The `CORS_*` settings, each as `Policy` has it.

Here: their names, aliases and defaults, and what each of them means by the library's own code.
Not here: the policy that they make together (`policies.py`), requests (`middleware.py`).
Spec: https://pypi.org/project/django-cors-headers/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .._differences import Differences, leave_out_wildcards
from .._regexes import is_narrowed, origins_of, read_regex
from .._translate import Settings
from .defaults import default_headers, default_methods

DEFAULTS: Final[Mapping[str, Any]] = {
    "CORS_ALLOW_ALL_ORIGINS": False,
    "CORS_ALLOW_CREDENTIALS": False,
    "CORS_ALLOW_HEADERS": default_headers,
    "CORS_ALLOW_METHODS": default_methods,
    "CORS_ALLOW_PRIVATE_NETWORK": False,
    "CORS_ALLOWED_ORIGIN_REGEXES": (),
    "CORS_ALLOWED_ORIGINS": (),
    "CORS_EXPOSE_HEADERS": (),
    "CORS_PREFLIGHT_MAX_AGE": 86400,
    "CORS_URLS_REGEX": r"^.*$",
}
#: Older names, which count where the new one is not set.
_ALIASES: Final = {
    "CORS_ALLOW_ALL_ORIGINS": "CORS_ORIGIN_ALLOW_ALL",
    "CORS_ALLOWED_ORIGIN_REGEXES": "CORS_ORIGIN_REGEX_WHITELIST",
    "CORS_ALLOWED_ORIGINS": "CORS_ORIGIN_WHITELIST",
}
#: Methods that browsers send in upper case, whatever a page writes, and that need leave.
#: https://fetch.spec.whatwg.org/#concept-method-normalize
_UPPER_CASE_METHODS: Final = frozenset({"DELETE", "OPTIONS", "PUT"})
#: Regexes that begin to match in every path.
_EVERY_PATH: Final = frozenset({"", ".*", "^.*", "^.*$"})


def name_of(setting: str) -> str:
    """The name under which the project has set it; the new one if it has not."""
    alias = _ALIASES.get(setting, setting)
    return (
        alias
        if hasattr(settings, alias) and not hasattr(settings, setting)
        else setting
    )


def value_of(setting: str) -> Any:
    return getattr(settings, name_of(setting), DEFAULTS[setting])


def read_values() -> dict[str, Any]:
    return {name_of(setting): value_of(setting) for setting in DEFAULTS}


class NamedDifferences(Differences):
    """Differences under the names that the project uses."""

    def __init__(self) -> None:
        super().__init__("corsheaders")
        self.names = Settings(
            allow_origins=name_of("CORS_ALLOWED_ORIGINS"),
            origin_regexes=name_of("CORS_ALLOWED_ORIGIN_REGEXES"),
            allow_methods="CORS_ALLOW_METHODS",
            allow_headers="CORS_ALLOW_HEADERS",
            expose_headers="CORS_EXPOSE_HEADERS",
            allow_credentials="CORS_ALLOW_CREDENTIALS",
            max_age="CORS_PREFLIGHT_MAX_AGE",
        )
        #: The setting that became `*`, and its value.
        self.wildcard: tuple[str, object] = (name_of("CORS_ALLOW_ALL_ORIGINS"), True)

    def add(self, setting: str, value: object, difference: str) -> None:
        if (setting, value) == (self.names.allow_origins, "*"):
            setting, value = self.wildcard
        super().add(setting, value, difference)


def read_urls() -> re.Pattern[str] | None:
    value = value_of("CORS_URLS_REGEX")
    try:
        regex = re.compile(value)
        regex.match("/")
    except (re.error, TypeError) as error:
        raise ImproperlyConfigured(
            f'CORS_URLS_REGEX = {value!r}: {error}; write a regex like r"^/api/"'
        ) from None
    return None if regex.pattern in _EVERY_PATH else regex


def _read_list(differences: Differences, setting: str) -> list[Any]:
    """The values of a list, and none for what is no list."""
    name, value = name_of(setting), value_of(setting)
    # Of one str the library takes each character, which is right for this one alone.
    if value == "*" or (isinstance(value, Iterable) and not isinstance(value, str)):
        return list(value)
    parts = _split(value) if isinstance(value, str) else []
    meant = repr(parts) if parts else "a list"
    message = f"left out: no list, so that browsers send nothing of it; write {meant}"
    differences.add(name, value, message)
    return []


def read_names(differences: Differences, setting: str) -> list[Any]:
    """The same where the values are sent as one text, in which browsers read names."""
    names: list[Any] = []
    for value in _read_list(differences, setting):
        names += _split(value) if isinstance(value, str) else [value]
    return names


def _split(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(",")) if part]


def read_origins(differences: NamedDifferences) -> list[Any]:
    if value_of("CORS_ALLOW_ALL_ORIGINS"):
        return ["*"]
    listed = leave_out_wildcards(
        differences,
        differences.names.allow_origins,
        _read_listed_origins(differences),
    )
    return [*listed, *_read_regexes(differences)]


def _read_listed_origins(differences: NamedDifferences) -> Iterator[str]:
    """What is compared with a request: scheme and host, whatever stands around them."""
    name = differences.names.allow_origins
    for origin in _read_list(differences, "CORS_ALLOWED_ORIGINS"):
        if origin == "*":
            message = (
                f"no wildcard there; write {name_of('CORS_ALLOW_ALL_ORIGINS')} = True"
            )
            differences.add_sentence(f"{name} = {origin!r}: left out: {message}")
            continue
        try:
            scheme, host, *_ = urlsplit(origin)
        except (ValueError, AttributeError, TypeError):
            differences.add(
                name,
                origin,
                'left out: no origin; write a str like "https://example.com"',
            )
        else:
            yield f"{scheme}://{host}" if scheme and host else origin


def _read_regexes(differences: NamedDifferences) -> Iterator[str | re.Pattern[str]]:
    setting = "CORS_ALLOWED_ORIGIN_REGEXES"
    name, value = name_of(setting), value_of(setting)
    if isinstance(value, str):
        message = f"one str, of which each character was a regex; read as {[value]!r}"
        differences.add(name, value, message)
        value = [value]
    for text in value or ():
        if not isinstance(getattr(text, "pattern", text), str):
            message = (
                'left out: no regex; write a str like r"https://\\w+\\.example\\.com"'
            )
            differences.add(name, text, message)
            continue
        regex = read_regex(name, text)
        if is_narrowed(regex):
            message = "matched against the whole origin, not its begin; end it with $"
            differences.add(name, text, message)
        origins = origins_of(regex)
        if origins == ["*"]:
            differences.wildcard = (name, text)
        yield from origins


def read_methods(differences: Differences) -> Iterator[Any]:
    """What is sent, and what browsers compare with a request's method in its own case."""
    name = "CORS_ALLOW_METHODS"
    for method in read_names(differences, name):
        upper = method.upper() if isinstance(method, str) else method
        if method != upper and upper in _UPPER_CASE_METHODS:
            message = f"left out: browsers send {upper!r}, in upper case; write that"
            differences.add(name, method, message)
        else:
            yield method


def read_headers(differences: Differences) -> list[Any]:
    names = read_names(differences, "CORS_ALLOW_HEADERS")
    # Browsers let the wildcard cover this one too, against the standard.
    return ["*", "Authorization"] if "*" in names else names
