"""What a request is about, for whoever chooses a policy by it.

Here: the method for which a route is looked up, in each shape in which servers hand over requests,
and the header names that a preflight asks for.
Not here: what is allowed (the core), who chooses (`adapters/`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-request
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_ORIGIN = b"origin"
_REQUEST_METHOD = b"access-control-request-method"


def actual_method(method: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The method of a preflight's actual request; of any other request its own.

    `method`: a str, as it came. `headers`: an iterable of pairs (name, value) of bytes, names in
    any case. A preflight with several such lines, which every policy refuses, keeps its own.
    Source: https://fetch.spec.whatwg.org/#cors-preflight-request
    """
    if method != "OPTIONS":
        return method
    names = [(name.lower(), value) for name, value in headers]
    asked = [value for name, value in names if name == _REQUEST_METHOD]
    if len(asked) != 1 or all(name != _ORIGIN for name, _ in names):
        return method
    return asked[0].decode("latin-1")


def actual_method_of_environ(environ: dict[str, Any]) -> str:
    """The same for a WSGI environ."""
    method: str = environ["REQUEST_METHOD"]
    if method != "OPTIONS" or "HTTP_ORIGIN" not in environ:
        return method
    asked: str = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD", method)
    return asked


def requested_names_of_environ(environ: dict[str, Any]) -> list[str]:
    """The header names that a preflight asks for, as they came, whether or not they are names.

    `environ`: a WSGI environ. Of any other request none.
    Source: https://fetch.spec.whatwg.org/#http-access-control-request-headers
    """
    if environ["REQUEST_METHOD"] != "OPTIONS" or "HTTP_ORIGIN" not in environ:
        return []
    asked: str = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
    names = (name.strip(" \t") for name in asked.split(","))
    return [name for name in names if name]
