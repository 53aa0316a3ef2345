"""The origins that a policy allows, with what `null` and credentials rule out.

Here: their reading, and what must not go together with credentials. Not here: how patterns and
regexes are spelled (`_origins.py`, the core), every other option (`_options.py`, `_names.py`).
Spec: https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from ._core import Pattern, Regex
from ._origins import OriginPattern, Origins
from ._problems import Problems


class Flags(Protocol):
    """What decides which origins a policy may list."""

    allow_credentials: bool
    dangerously_allow_null_origin: bool
    dangerously_allow_insecure_origins: bool
    dangerously_allow_public_suffix_origins: bool


def read_allowed_origins(
    problems: Problems, value: object, flags: Flags, leniently: bool
) -> tuple[tuple[OriginPattern, ...], Origins]:
    """The distinct origins as they are listed, and what the core made of them."""
    values = _list_origins(problems, value, flags.dangerously_allow_null_origin)
    distinct = dict.fromkeys(v for v in values if isinstance(v, (str, re.Pattern)))
    origins = Origins(problems, "allow_origins", values, "null", leniently=leniently)
    if flags.allow_credentials:
        for index, origin, parsed in origins.dangerous():
            for code, message in _dangers(origin, parsed, flags):
                problems.add(code, "allow_origins", index, origin, message)
    return tuple(distinct), origins


def _list_origins(problems: Problems, value: object, null: bool) -> list[Any]:
    """The listed origins; `null` says whether that one may be among them."""
    field = "allow_origins"
    before = len(problems.found)
    values = problems.read_list(field, value)
    if not values and len(problems.found) == before:
        message = (
            'write ["null"]'
            if null
            else 'list the origins, like ["https://example.com"]'
        )
        problems.add("prohibited-empty-origins", field, None, values, message)
    for index, origin in enumerate(values):
        if origin == "null" and not null:
            message = (
                "any page can have the origin null, from a sandboxed frame; "
                "leave it out, or set dangerously_allow_null_origin=True"
            )
            problems.add("prohibited-null-origin", field, index, origin, message)
    return values


def _dangers(
    origin: OriginPattern, parsed: Pattern | Regex, flags: Flags
) -> Iterator[tuple[str, str]]:
    """What this origin must not have together with credentials, as codes and messages.

    https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    """
    if origin == "*" or (isinstance(parsed, Regex) and parsed.matches_everything):
        yield (
            "prohibited-wildcard-with-credentials",
            "every site could act as the user; list the origins, or leave out allow_credentials",
        )
    is_insecure = (
        parsed.lets_http_through if isinstance(parsed, Regex) else parsed.is_insecure
    )
    if isinstance(parsed, Regex) and not parsed.begins_with_scheme:
        yield (
            "prohibited-open-regex-with-credentials",
            'begin the regex with a whole scheme, like "https://", so that it cannot match another',
        )
    if is_insecure and not flags.dangerously_allow_insecure_origins:
        yield (
            "prohibited-insecure-origin-with-credentials",
            "anybody on the network can act as an http page; write https://, or set dangerously_allow_insecure_origins=True",
        )
    if (
        parsed.is_under_public_suffix
        and not flags.dangerously_allow_public_suffix_origins
    ):
        yield (
            "prohibited-public-suffix-origin-with-credentials",
            "anybody can register a name that this matches; write your own name with a dot before it, or set dangerously_allow_public_suffix_origins=True",
        )
