"""What happens before anything is sent: what a script may not ask, and the headers that go out.

Here: `start`, which makes the request of what the page asks. Not here: what blocks a request that
is well made (`_block.py`), safelists (`_safelist.py`).
Spec: https://fetch.spec.whatwg.org/#dom-request
"""

from __future__ import annotations

from typing import Final

from .._listed import SAFELISTED_METHODS
from ._failure import Failure
from ._fetch import Kind
from ._flight import Flight
from ._safelist import (
    is_forbidden_header,
    is_forbidden_method,
    is_no_cors_safelisted,
)
from ._wire import Lines

#: The kinds whose method and headers a script sets.
_SCRIPTED: Final = (Kind.FETCH, Kind.XML_HTTP_REQUEST)


def start(flight: Flight) -> Failure | None:
    """https://fetch.spec.whatwg.org/#dom-request"""
    refusal = _refuse(flight)
    if refusal is not None:
        return refusal
    if flight.fetch.kind is Kind.XML_HTTP_REQUEST and flight.method in ("GET", "HEAD"):
        # https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send
        flight.has_body = False
    flight.headers = flight.first_headers = _headers(flight)
    return None


def _refuse(flight: Flight) -> Failure | None:
    """https://fetch.spec.whatwg.org/#dom-request"""
    fetch, method = flight.fetch, flight.method
    if fetch.kind in _SCRIPTED and is_forbidden_method(method):
        return Failure(
            "forbidden-method",
            f"{method} is a method that no page may use.",
            value=method,
        )
    if fetch.kind is not Kind.FETCH:
        return None
    if flight.url.userinfo:
        return Failure(
            "url-credentials",
            "The URL has a user or a password: send an Authorization header instead.",
            value=flight.url.whole,
        )
    if flight.mode == "no-cors" and method not in SAFELISTED_METHODS:
        return Failure(
            "no-cors-method",
            f"In the mode no-cors the method must be GET, HEAD or POST, and not {method}.",
            value=method,
        )
    if flight.has_body and method in ("GET", "HEAD"):
        return Failure("body-method", f"A {method} has no body.", value=method)
    if fetch.streams_body and (
        flight.profile.streams == "refused" or flight.mode == "no-cors"
    ):
        return Failure("stream-body", "A stream cannot be the body here.")
    return None


def _headers(flight: Flight) -> Lines:
    """What the script set and the browser lets out, and the body's type.

    https://fetch.spec.whatwg.org/#headers-validate
    """
    fetch = flight.fetch
    lines = []
    for name, value in fetch.headers:
        if is_forbidden_header(name, value):
            flight.trail.passed(
                "forbidden-header",
                f"The browser leaves {name} out: pages may not set it.",
            )
        elif flight.mode == "no-cors" and not is_no_cors_safelisted(name, value):
            flight.trail.passed(
                "no-cors-header",
                f"The browser leaves {name} out: the mode no-cors has no such header.",
            )
        elif name.lower() not in flight.profile.dropped_headers:
            lines.append((name, value))
    if flight.profile.combines_headers or fetch.kind is Kind.XML_HTTP_REQUEST:
        lines = list(combined(tuple(lines)))
    body_type = fetch.body_type
    if fetch.streams_body:
        body_type = (
            "text/plain;charset=UTF-8" if flight.profile.streams == "text" else None
        )
    if body_type is not None and flight.has_body:
        named = any(name.lower() == "content-type" for name, _ in lines)
        scripted = fetch.kind is Kind.FETCH and flight.mode == "no-cors"
        if not named and not (
            scripted and not is_no_cors_safelisted("content-type", body_type)
        ):
            lines.append(("Content-Type", body_type))
    return tuple(lines)


def combined(lines: Lines) -> Lines:
    """One line for each name, spelled as it came first.

    https://fetch.spec.whatwg.org/#concept-header-list-combine
    """
    values: dict[str, tuple[str, str]] = {}
    for name, value in lines:
        spelling, before = values.get(name.lower(), (name, None))
        joined = value if before is None else f"{before}, {value}"
        values[name.lower()] = (spelling, joined)
    return tuple(values.values())
