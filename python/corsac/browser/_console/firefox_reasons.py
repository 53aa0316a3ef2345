"""Firefox's words for the CORS protocol.

Here: `blocked`, the lines that begin with "Cross-Origin Request Blocked". Not here: other rules
(`firefox.py`). Taken from Firefox 153.
"""

from __future__ import annotations

from typing import Final

from .._failure import Failure
from .._fields import decode_utf8, value_of
from .._flight import Flight
from .._redirect import is_redirect

_BLOCKED: Final = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource "
    "at {url}. (Reason: {reason})."
)
_MISMATCH: Final = "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’"
_MULTIPLE: Final = "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed"
_STATUS: Final = "CORS preflight response did not succeed"
_REASONS: Final = {
    "allow-origin-missing": "CORS header ‘Access-Control-Allow-Origin’ missing",
    "allow-origin-wildcard": "Credential is not supported if the CORS header "
    "‘Access-Control-Allow-Origin’ is ‘*’",
    "allow-origin-mismatch": _MISMATCH,
    "allow-credentials": "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
    "status": _STATUS,
    "allow-methods": "Did not find method in CORS header ‘Access-Control-Allow-Methods’",
    "allow-methods-syntax": "invalid token ‘{value}’ in CORS header "
    "‘Access-Control-Allow-Methods’",
    "allow-headers": "header ‘{name}’ is not allowed according to header "
    "‘Access-Control-Allow-Headers’ from CORS preflight response",
    "allow-headers-syntax": "invalid token ‘{value}’ in CORS header "
    "‘Access-Control-Allow-Headers’",
}
#: Failures that Firefox only knows to have happened.
_UNNAMED: Final = (
    "no-response",
    "preflight-no-response",
    "redirect-credentials",
    "redirect-limit",
    "redirect-location",
)


def did_not_succeed(url: str) -> str:
    """What it says of a request that ended for a reason told elsewhere, or not at all."""
    reason = "CORS request did not succeed"
    return _BLOCKED.format(url=url, reason=reason) + " Status code: (null)."


def blocked(flight: Flight, failure: Failure) -> list[str]:
    """The reason where it is one of the protocol's, and its consequences."""
    if flight.tainting != "cors":
        return []
    url = flight.url.whole
    if failure.code == "preflight-redirect":
        found = _of_preflight_redirect(flight, failure)
    else:
        found = _named(url, failure)
    return found + [did_not_succeed(url)] * _consequences(flight, failure)


def _named(url: str, failure: Failure) -> list[str]:
    """The lines that tell the reason."""
    status = f" Status code: {failure.status}."
    value = decode_utf8(failure.value)
    if failure.code == "redirect-location":
        return _of_location(value)
    if failure.reason == "allow-origin-multiple":
        # Several lines are several headers to it; several values on one line are another origin.
        reason = _MULTIPLE if failure.whole else _MISMATCH.format(value=value)
        return [_BLOCKED.format(url=url, reason=reason)]
    if failure.reason not in _REASONS:
        return []
    quoted = f"‘{url}’" if failure.reason == "allow-origin-wildcard" else url
    reason = _REASONS[failure.reason].format(value=value, name=failure.name)
    tells_status = failure.reason in ("allow-origin-missing", "status")
    return [
        _BLOCKED.format(url=quoted, reason=reason) + (status if tells_status else "")
    ]


def _of_preflight_redirect(flight: Flight, failure: Failure) -> list[str]:
    """The same where a preflight was answered with a redirect."""
    url, location = flight.url.whole, failure.location
    if location is None or location.userinfo:
        # It does not get as far as to the preflight's own rule.
        is_data = failure.value.lower().startswith("data:")
        return (_of_location(failure.value) if is_data else []) + [did_not_succeed(url)]
    not_allowed = "CORS request external redirect not allowed"
    response = flight.exchanges[-1].response
    allowed = response and value_of(response, "Access-Control-Allow-Origin")
    if location.origin == flight.url.origin or allowed in ("*", "null"):
        why = (
            f"{_BLOCKED.format(url=url, reason=_STATUS)} Status code: {failure.status}."
        )
    else:
        # It looks at the header once more, for the origin that the redirect leaves: `null`.
        why = _BLOCKED.format(url=url, reason=_MISMATCH.format(value=allowed))
    return [_BLOCKED.format(url=url, reason=not_allowed), why]


def _of_location(location: str) -> list[str]:
    """Where a redirect leads that no browser follows."""
    scheme = location.partition(":")[0].lower()
    if scheme == "data":
        return [
            f"Redirecting to data: URI not allowed (Blocked loading of: “{location}”)"
        ]
    if scheme in ("http", "https"):
        return []
    return [_BLOCKED.format(url=location, reason="CORS request not http")]


def _consequences(flight: Flight, failure: Failure) -> int:
    """How often it says besides that the request did not succeed."""
    count = int(failure.is_preflight) + int(failure.code in _UNNAMED)
    if not failure.reason.startswith(("allow-origin", "allow-credentials")):
        return count
    response = flight.exchanges[-1].response
    follows = failure.is_preflight or flight.fetch.redirect == "follow"
    redirected = (
        response is not None
        and is_redirect(response)
        and value_of(response, "Location") is not None
    )
    return count + int(redirected and follows)
