"""What the response to a preflight must say.

Here: `CHECKS`, each by its name in a browser's order. Not here: the order (`_profile.py`), the CORS
check that every response shares (`_check.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .._listed import SAFELISTED_METHODS
from ._check import check_cors
from ._failure import Failure
from ._fetch import Browser
from ._fields import elements_of, first_bad_token, value_of
from ._flight import Flight, Note
from ._profile import PreflightCheck
from ._redirect import is_redirect, parse_location
from ._spelling import spelled_by_webkit
from ._wire import Response

ALLOW_METHODS: Final = "Access-Control-Allow-Methods"
ALLOW_HEADERS: Final = "Access-Control-Allow-Headers"
#: Covered by no `*`. https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
NON_WILDCARD: Final = "authorization"


def _refuse_redirect(
    flight: Flight, response: Response, _names: list[str]
) -> Failure | None:
    has_location, location = parse_location(response, flight.url)
    if not is_redirect(response) or not has_location:
        return None
    return Failure(
        "preflight-redirect",
        f"The preflight is answered with a redirect ({response.status}), which browsers do not "
        "follow there.",
        value=value_of(response, "Location") or "",
        status=response.status,
        location=location,
    )


def _refuse_origin(
    flight: Flight, response: Response, _names: list[str]
) -> Failure | None:
    return check_cors(
        response,
        flight.preflight_origin,
        flight.is_credentialed,
        flight.trail,
        "preflight-",
    )


def _refuse_status(
    flight: Flight, response: Response, _names: list[str]
) -> Failure | None:
    """https://fetch.spec.whatwg.org/#ok-status"""
    if 200 <= response.status <= 299:
        flight.trail.passed(
            "preflight-status", f"The preflight's status is {response.status}."
        )
        return None
    return Failure(
        "preflight-status",
        f"The preflight's status is {response.status}: it must be one from 200 to 299.",
        status=response.status,
    )


def _refuse_syntax(response: Response, name: str, code: str) -> Failure | None:
    """https://fetch.spec.whatwg.org/#extract-header-list-values"""
    bad = first_bad_token(response, name)
    if bad is None:
        return None
    return Failure(
        code,
        f"{name} has {bad!r}, which is no token: it must be a list with commas.",
        value=bad,
        whole=value_of(response, name) or "",
    )


def _refuse_methods_syntax(
    _flight: Flight, response: Response, _names: list[str]
) -> Failure | None:
    return _refuse_syntax(response, ALLOW_METHODS, "allow-methods-syntax")


def _refuse_headers_syntax(
    _flight: Flight, response: Response, _names: list[str]
) -> Failure | None:
    return _refuse_syntax(response, ALLOW_HEADERS, "allow-headers-syntax")


def _refuse_method(
    flight: Flight, response: Response, _names: list[str]
) -> Failure | None:
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    method = flight.method
    value = value_of(response, ALLOW_METHODS)
    allowed = set(elements_of(response, ALLOW_METHODS))
    if method in allowed:
        text = f"{ALLOW_METHODS} names {method}."
    elif method in SAFELISTED_METHODS:
        text = f"{method} is a safelisted method and need not be named."
    elif "*" in allowed and not flight.is_credentialed:
        text = f"{ALLOW_METHODS} is *, which covers {method}."
    else:
        said = "is missing" if value is None else f"is {value!r}"
        literal = "*" in allowed and "; with credentials, * is no wildcard" or ""
        return Failure(
            "allow-methods",
            f"{ALLOW_METHODS} {said}: it must name {method}, in this case of letters{literal}.",
            value=value or "",
        )
    flight.trail.passed("allow-methods", text)
    return None


def _refuse_headers(
    flight: Flight, response: Response, names: list[str]
) -> Failure | None:
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    value = value_of(response, ALLOW_HEADERS)
    allowed = {element.lower() for element in elements_of(response, ALLOW_HEADERS)}
    wildcard = "*" in allowed and not flight.is_credentialed
    covered = flight.profile.wildcard_covers_authorization
    refused = [
        name
        for name in names
        if name not in allowed and not (wildcard and (name != NON_WILDCARD or covered))
    ]
    if refused:
        said = "is missing" if value is None else f"is {value!r}"
        spelling = spelled_by_webkit(refused, flight.fetch.headers)
        name = spelling.lower() if flight.browser is Browser.WEBKIT else refused[0]
        literal = ""
        if "*" in allowed:
            literal = (
                "; * does not cover it"
                if wildcard
                else "; with credentials, * is no wildcard"
            )
        return Failure(
            "allow-headers",
            f"{ALLOW_HEADERS} {said}: it must name {name}{literal}.",
            value=value or "",
            name=name,
            spelled=spelling,
        )
    if NON_WILDCARD in names and NON_WILDCARD not in allowed:
        flight.trail.passed(
            "allow-headers-authorization",
            f"{ALLOW_HEADERS} is *, which still covers Authorization in browsers, against the "
            "standard: name it.",
        )
        flight.notes.append(Note("allow-headers-authorization", flight.url.text))
    if names:
        flight.trail.passed(
            "allow-headers", f"{ALLOW_HEADERS} covers {', '.join(names)}."
        )
    return None


CHECKS: Final[
    dict[PreflightCheck, Callable[[Flight, Response, list[str]], Failure | None]]
] = {
    "redirect": _refuse_redirect,
    "origin": _refuse_origin,
    "status": _refuse_status,
    "methods-syntax": _refuse_methods_syntax,
    "headers-syntax": _refuse_headers_syntax,
    "method": _refuse_method,
    "headers": _refuse_headers,
}
