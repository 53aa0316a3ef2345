"""WebKit's words for the CORS protocol.

Here: `access_control`, the reason of each refusal. Not here: other rules (`webkit.py`).
Taken from WebKitGTK 2.50.
"""

from __future__ import annotations

from typing import Final

from .._failure import Failure
from .._flight import Flight

_MISMATCH: Final = "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"
_REASONS: Final = {
    "allow-origin-wildcard": "Cannot use wildcard in Access-Control-Allow-Origin when credentials "
    "flag is true.",
    "allow-origin-several": "Access-Control-Allow-Origin cannot contain more than one origin.",
    "allow-origin-missing": _MISMATCH,
    "allow-origin-multiple": _MISMATCH,
    "allow-origin-mismatch": _MISMATCH,
    "allow-credentials": "Credentials flag is true, but Access-Control-Allow-Credentials is not "
    '"true".',
    "status": "Preflight response is not successful. Status code: {status}",
    "allow-methods-syntax": "Header Access-Control-Allow-Methods has an invalid value: {whole}",
    "allow-headers-syntax": "Header Access-Control-Allow-Headers has an invalid value: {whole}",
    "allow-methods": "Method {method} is not allowed by Access-Control-Allow-Methods.",
    "allow-headers": "Request header field {name} is not allowed by Access-Control-Allow-Headers.",
    "redirect-credentials": "redirection URL {location} has credentials",
}


def access_control(flight: Flight, failure: Failure) -> str | None:
    """The reason, or None where WebKit sees no matter of CORS."""
    key = failure.reason
    if key == "allow-origin-multiple" and "," in failure.value:
        key = "allow-origin-several"
    if key not in _REASONS:
        return None
    return _REASONS[key].format(
        origin=flight.origin,
        status=failure.status,
        whole=failure.whole,
        method=flight.method,
        name=failure.spelled,
        location=failure.location and failure.location.whole,
    )
