"""The old library's system checks, under their ids.

Here: what each setting has to be. Not here: what a setting means (`conf.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/checks/
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from ..._problems import PolicyError
from .conf import name_of, value_of
from .policies import Configuration

_TEXTS: Final = (str,)
_REGEXES: Final = (str, re.Pattern)
#: A setting, its id, and the types of a list's values.
_LISTS: Final = (
    ("CORS_ALLOW_HEADERS", "E001", _TEXTS),
    ("CORS_ALLOW_METHODS", "E002", _TEXTS),
    ("CORS_ALLOWED_ORIGINS", "E006", _TEXTS),
    ("CORS_ALLOWED_ORIGIN_REGEXES", "E007", _REGEXES),
    ("CORS_EXPOSE_HEADERS", "E008", _TEXTS),
)
_FLAGS: Final = (
    ("CORS_ALLOW_CREDENTIALS", "E003"),
    ("CORS_ALLOW_ALL_ORIGINS", "E005"),
    ("CORS_ALLOW_PRIVATE_NETWORK", "E015"),
)
#: What the library has dropped.
_DROPPED: Final = (("CORS_MODEL", "E012"), ("CORS_REPLACE_HTTPS_REFERER", "E013"))
#: What is listed like an origin, and does not look like one.
_SPECIAL: Final = frozenset({"null", "file://"})


def check_settings(**_about: object) -> list[CheckMessage]:
    """What is wrong with the `CORS_*` settings: `corsheaders.E001` to `E015`.

    `corsac.E002` is a problem of the policy that they make, which stops the server's start.
    Source: https://docs.djangoproject.com/en/stable/topics/checks/
    """
    found = [Error(text, id=f"corsheaders.{code}") for text, code in _find()]
    return [*found, *([] if found else _check_policy())]


def _find() -> Iterator[tuple[str, str]]:
    for setting, code, types in _LISTS:
        if not _is_list(value_of(setting), types):
            kinds = " or ".join(kind.__name__ for kind in types)
            yield f"{name_of(setting)} has to be a list of {kinds}.", code
    for setting, code in _FLAGS:
        if not isinstance(value_of(setting), bool):
            yield f"{name_of(setting)} has to be True or False.", code
    max_age = value_of("CORS_PREFLIGHT_MAX_AGE")
    if not isinstance(max_age, int) or max_age < 0:
        yield "CORS_PREFLIGHT_MAX_AGE has to be a number of seconds, 0 or more.", "E004"
    if not isinstance(value_of("CORS_URLS_REGEX"), _REGEXES):
        yield "CORS_URLS_REGEX has to be a regex.", "E009"
    for setting, code in _DROPPED:
        if hasattr(settings, setting):
            yield f"{setting} does nothing any more; leave it out.", code
    if _is_list(value_of("CORS_ALLOWED_ORIGINS"), _TEXTS):
        for origin in value_of("CORS_ALLOWED_ORIGINS"):
            yield from _find_in_origin(name_of("CORS_ALLOWED_ORIGINS"), origin)


def _find_in_origin(setting: str, origin: str) -> Iterator[tuple[str, str]]:
    if origin in _SPECIAL:
        return
    try:
        scheme, host, *others = urlsplit(origin)
    except ValueError:
        scheme, host, others = "", "", []
    if not scheme or not host:
        yield (
            f'{origin!r} in {setting} lacks a scheme or a host; write it like "https://example.com".',
            "E013",
        )
    elif any(others):
        yield (
            f'{origin!r} in {setting} has to end after its host; write "{scheme}://{host}".',
            "E014",
        )


def _is_list(value: Any, types: tuple[type, ...]) -> bool:
    return isinstance(value, Sequence) and all(isinstance(v, types) for v in value)


def _check_policy() -> Iterator[CheckMessage]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Configuration()
    except ImproperlyConfigured as error:
        yield Error(str(error), id="corsheaders.E009")
    except PolicyError as error:
        for problem in error.problems:
            yield Error(str(problem), id="corsac.E002")
