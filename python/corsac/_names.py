"""The methods and header names that a configuration lists.

Here: reading each list with every problem of it. Not here: Fetch's own lists (`_listed.py`), what a request may ask for (the core's name sets), how an answer names them (`_headers.py`).
Spec: https://fetch.spec.whatwg.org/#http-new-header-syntax
"""

from __future__ import annotations

from typing import Final

from ._core import is_token as is_ascii_token
from ._listed import (
    FORBIDDEN_METHODS,
    FORBIDDEN_REQUEST_HEADER_PREFIXES,
    FORBIDDEN_REQUEST_HEADERS,
    FORBIDDEN_RESPONSE_HEADERS,
    NORMALISED_METHODS,
    SAFELISTED_METHODS,
    SAFELISTED_RESPONSE_HEADERS,
)
from ._problems import Problems

#: Registered methods that people write in lower case, and then never meet:
#: https://www.iana.org/assignments/http-methods
_UPPER_CASE_METHODS: Final = frozenset(
    {
        "ACL",
        "BIND",
        "CHECKIN",
        "CHECKOUT",
        "COPY",
        "LINK",
        "LOCK",
        "MERGE",
        "MKCALENDAR",
        "MKCOL",
        "MOVE",
        "PATCH",
        "PROPFIND",
        "PROPPATCH",
        "QUERY",
        "REPORT",
        "SEARCH",
        "UNBIND",
        "UNLINK",
        "UNLOCK",
        "UPDATE",
    }
)


def read_methods(problems: Problems, value: object) -> tuple[str, ...]:
    field = "allow_methods"
    methods: dict[str, None] = {}
    for index, item in enumerate(problems.read_list(field, value)):
        method = str(item).upper() if str(item).upper() in NORMALISED_METHODS else item
        if not isinstance(item, str) or not is_token(item):
            message = 'write a method like "PUT": a str without spaces or separators'
            problems.add("invalid-method", field, index, item, message)
        elif method.upper() in FORBIDDEN_METHODS:
            message = "no browser sends this method; leave it out"
            problems.add("forbidden-method", field, index, item, message)
        elif method not in SAFELISTED_METHODS:
            if method != method.upper() and method.upper() in _UPPER_CASE_METHODS:
                message = f"allow_methods[{index}] = {method!r} is not {method.upper()!r}: methods are case-sensitive"
                problems.warnings.append(message)
            methods[method] = None
    return tuple(methods)


def read_request_headers(problems: Problems, value: object) -> tuple[str, ...]:
    field = "allow_headers"
    names: dict[str, str] = {}
    for index, item in enumerate(problems.read_list(field, value)):
        if not isinstance(item, str) or not is_token(item):
            message = 'write a header name like "X-Token": a str without spaces, colon or value'
            problems.add("invalid-request-header", field, index, item, message)
            continue
        name = item.lower()
        if name in FORBIDDEN_REQUEST_HEADERS or name.startswith(
            FORBIDDEN_REQUEST_HEADER_PREFIXES
        ):
            message = (
                "browsers set this header themselves, and no page may; leave it out"
            )
            problems.add("forbidden-request-header", field, index, item, message)
        elif name.startswith("access-control-"):
            message = "corsac writes this header of the answer itself; leave it out"
            problems.add("prohibited-request-header", field, index, item, message)
        else:
            names.setdefault(name, item)
    return tuple(names.values())


def read_response_headers(
    problems: Problems, value: object, credentials: bool
) -> tuple[str, ...]:
    field = "expose_headers"
    names: dict[str, str] = {}
    for index, item in enumerate(problems.read_list(field, value)):
        if not isinstance(item, str) or not is_token(item):
            message = 'write a header name like "X-Request-Id": a str without spaces, colon or value'
            problems.add("invalid-response-header", field, index, item, message)
            continue
        name = item.lower()
        if name == "*" and credentials:
            message = "with credentials browsers take this for a name; list the names"
            problems.add(
                "prohibited-wildcard-with-credentials", field, index, item, message
            )
        elif name in FORBIDDEN_RESPONSE_HEADERS:
            message = "no page ever reads cookies from a response; leave it out"
            problems.add("forbidden-response-header", field, index, item, message)
        elif name.startswith("access-control-") or name == "origin":
            message = "this header is between browser and server; leave it out"
            problems.add("prohibited-response-header", field, index, item, message)
        elif name not in SAFELISTED_RESPONSE_HEADERS:
            names.setdefault(name, item)
    return tuple(names.values())


def is_token(text: str) -> bool:
    """Whether the text is a token; a lone surrogate is not even text."""
    return text.isascii() and is_ascii_token(text)
