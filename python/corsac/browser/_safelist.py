"""The lists of methods and headers that decide what a page may set, and whether it asks first.

Here: normalisation, forbidden names, safelisted methods and headers with the rules for their values.
Not here: MIME types (`_media_type.py`), what a response may show (`_response.py`).
Spec: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
"""

from __future__ import annotations

from typing import Final

from .._listed import (
    FORBIDDEN_METHODS,
    FORBIDDEN_REQUEST_HEADER_PREFIXES,
    FORBIDDEN_REQUEST_HEADERS,
    NORMALISED_METHODS,
)
from ._media_type import parse_essence
from ._wire import Lines

_METHOD_OVERRIDES: Final = frozenset(
    {"x-http-method", "x-http-method-override", "x-method-override"}
)
#: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
_UNSAFE: Final = frozenset(map(chr, range(0x20))) - {"\t"} | frozenset(
    '"():<>?@[\\]{}\x7f'
)
#: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
_LANGUAGE: Final = frozenset(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz *,-.;="
)
_SAFELISTED_TYPES: Final = frozenset(
    {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}
)
#: https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name
_NO_CORS_NAMES: Final = frozenset(
    {"accept", "accept-language", "content-language", "content-type"}
)
#: The most bytes of one safelisted value, and of all together.
#: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
_LONGEST_VALUE: Final = 128
_LONGEST_VALUES: Final = 1024


def normalize_method(method: str) -> str:
    """https://fetch.spec.whatwg.org/#concept-method-normalize"""
    upper = method.upper()
    return upper if upper in NORMALISED_METHODS else method


def normalize_value(value: str) -> str:
    """https://fetch.spec.whatwg.org/#concept-header-value-normalize"""
    return value.strip("\t\n\r ")


def is_forbidden_method(method: str) -> bool:
    """https://fetch.spec.whatwg.org/#forbidden-method"""
    return method.upper() in FORBIDDEN_METHODS


def is_forbidden_header(name: str, value: str) -> bool:
    """https://fetch.spec.whatwg.org/#forbidden-request-header"""
    name = name.lower()
    if name in FORBIDDEN_REQUEST_HEADERS or name.startswith(
        FORBIDDEN_REQUEST_HEADER_PREFIXES
    ):
        return True
    methods = value.split(",") if name in _METHOD_OVERRIDES else []
    return any(is_forbidden_method(method.strip("\t ")) for method in methods)


def is_safelisted(name: str, value: str) -> bool:
    """Whether a header may go out without asking.

    https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    """
    return _why_unsafe(name, value) is None


def _why_unsafe(
    name: str, value: str, *, client_hints: bool = False, ascii_only: bool = False
) -> str | None:
    """What takes a header off the safelist, as the end of a sentence; None: nothing.

    https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    """
    name = name.lower()
    rule = _RULES.get(name) or (_CLIENT_HINTS.get(name) if client_hints else None)
    if rule is None:
        return "is no safelisted name"
    if len(value) > _LONGEST_VALUE:
        return f"has a value of {len(value)} bytes, more than {_LONGEST_VALUE}"
    if ascii_only and not value.isascii():
        return "has a byte above 0x7F in its value"
    return rule(value)


def unsafe_lines(
    headers: Lines,
    *,
    client_hints: bool = False,
    ascii_only: bool = False,
    bounds_all: bool = True,
) -> list[tuple[str, str]]:
    """The header lines that must be asked for: name and why, sorted by the name in lower case.

    `client_hints`: whether those are safelisted, too. `ascii_only`: whether safelisted values must
    be ASCII. `bounds_all`: whether there is a bound for all safelisted values together.
    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    unsafe: list[tuple[str, str]] = []
    safelisted: list[tuple[str, str]] = []
    size = 0
    for name, value in headers:
        reason = _why_unsafe(
            name, value, client_hints=client_hints, ascii_only=ascii_only
        )
        if reason is not None:
            unsafe.append((name, reason))
        else:
            size += len(value)
            many = f"is one of safelisted values of more than {_LONGEST_VALUES} bytes"
            safelisted.append((name, many))
    if bounds_all and size > _LONGEST_VALUES:
        unsafe += safelisted
    return sorted(unsafe, key=lambda line: line[0].lower())


def is_no_cors_safelisted(name: str, value: str) -> bool:
    """https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header"""
    return name.lower() in _NO_CORS_NAMES and is_safelisted(name, value)


def _why_unsafe_accept(value: str) -> str | None:
    unsafe = next((c for c in value if c in _UNSAFE), None)
    return None if unsafe is None else f"has {unsafe!r} in its value"


def _why_unsafe_language(value: str) -> str | None:
    unsafe = next((c for c in value if c not in _LANGUAGE), None)
    return None if unsafe is None else f"has {unsafe!r} in its value"


def _why_unsafe_type(value: str) -> str | None:
    reason = _why_unsafe_accept(value)
    if reason is not None:
        return reason
    essence = parse_essence(value)
    if essence in _SAFELISTED_TYPES:
        return None
    return f"says {essence or value!r}, and not one of the three types of forms"


def _why_unsafe_range(value: str) -> str | None:
    """https://fetch.spec.whatwg.org/#simple-range-header-value"""
    unit, _, range_text = value.partition("=")
    first, hyphen, last = range_text.partition("-")
    digits = all(part.isascii() and part.isdecimal() for part in (first, last or "0"))
    if unit != "bytes" or not hyphen or not digits:
        return 'is no single range like "bytes=0-99" or "bytes=100-"'
    return None if not last or int(first) <= int(last) else "ends before it starts"


def _why_unsafe_number(value: str) -> str | None:
    return None if value.isascii() and value.isdecimal() else "is no whole number"


def _why_unsafe_fraction(value: str) -> str | None:
    whole, point, part = value.partition(".")
    parts = (whole, part) if point else (whole,)
    return None if all(map(str.isdecimal, parts)) else "is no number"


def _why_unsafe_save_data(value: str) -> str | None:
    return None if value.lower() == "on" else 'is not "on"'


def _why_unsafe_connection(value: str) -> str | None:
    known = ("slow-2g", "2g", "3g", "4g")
    return None if value in known else f"is none of {', '.join(known)}"


_RULES: Final = {
    "accept": _why_unsafe_accept,
    "accept-language": _why_unsafe_language,
    "content-language": _why_unsafe_language,
    "content-type": _why_unsafe_type,
    "range": _why_unsafe_range,
}
#: What Chromium lets pass besides. https://wicg.github.io/responsive-image-client-hints/
_CLIENT_HINTS: Final = {
    "device-memory": _why_unsafe_fraction,
    "downlink": _why_unsafe_fraction,
    "dpr": _why_unsafe_fraction,
    "ect": _why_unsafe_connection,
    "rtt": _why_unsafe_number,
    "save-data": _why_unsafe_save_data,
    "viewport-width": _why_unsafe_number,
    "width": _why_unsafe_number,
}
