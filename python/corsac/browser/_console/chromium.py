"""Chromium's words.

Here: `notes`, `lines`, `error`. Not here: what went wrong (`_failure.py`), the reasons of the CORS
protocol (`chromium_reasons.py`). The address of the line in the page, and the log's source, are
left out. Taken from Chromium 156.
"""

from __future__ import annotations

from typing import Final

from .._failure import Failure
from .._fetch import Kind
from .._flight import Flight
from .._wire import Cause
from .chromium_reasons import blocked

_NET_ERRORS: Final = {
    Cause.REFUSED: "ERR_CONNECTION_REFUSED",
    Cause.RESET: "ERR_CONNECTION_RESET",
    Cause.NO_SUCH_HOST: "ERR_NAME_NOT_RESOLVED",
    Cause.UNREACHABLE: "ERR_ADDRESS_UNREACHABLE",
    Cause.TIMEOUT: "ERR_CONNECTION_TIMED_OUT",
    Cause.EMPTY: "ERR_EMPTY_RESPONSE",
    Cause.TLS: "ERR_SSL_PROTOCOL_ERROR",
    Cause.CERTIFICATE: "ERR_CERT_AUTHORITY_INVALID",
    Cause.NO_HTTP: "ERR_INVALID_HTTP_RESPONSE",
    Cause.OTHER: "ERR_FAILED",
}
_FAILED: Final = "Failed to load resource: net::{}"
_FETCH_ERROR: Final = "TypeError: Failed to execute 'fetch' on 'Window': "
_TYPE_ERRORS: Final = {
    "forbidden-method": f"{_FETCH_ERROR}'{{}}' HTTP method is unsupported.",
    "no-cors-method": f"{_FETCH_ERROR}'{{}}' is unsupported in no-cors mode.",
    "body-method": f"{_FETCH_ERROR}Request with GET/HEAD method cannot have body.",
    "url-credentials": f"{_FETCH_ERROR}Request cannot be constructed from a URL that includes "
    "credentials: {}",
}
#: What a policy calls each kind, and the directives that it looks for, the first being missed.
_LOADS: Final = {
    Kind.IMAGE: ("Loading the image", ("img-src",)),
    Kind.SCRIPT: ("Loading the script", ("script-src-elem", "script-src")),
    Kind.MODULE: ("Loading the script", ("script-src-elem", "script-src")),
    Kind.STYLESHEET: ("Loading the stylesheet", ("style-src-elem", "style-src")),
    Kind.FONT: ("Loading the font", ("font-src",)),
    Kind.VIDEO: ("Loading media from", ("media-src",)),
    Kind.AUDIO: ("Loading media from", ("media-src",)),
}
_MIXED: Final = {
    Kind.XML_HTTP_REQUEST: "XMLHttpRequest endpoint",
    Kind.EVENT_SOURCE: "EventSource endpoint",
    Kind.SCRIPT: "script",
    Kind.MODULE: "script",
    Kind.STYLESHEET: "stylesheet",
    Kind.FONT: "font",
}


def notes(flight: Flight) -> list[str]:
    found = []
    for note in flight.notes:
        if note.code == "http-error":
            found.append(
                "Failed to load resource: the server responded with a status of "
                f"{note.status} ({note.reason})"
            )
        if note.code == "mixed-content-upgrade":
            found.append(
                f"Mixed Content: The page at '{flight.fetch.page_url}' was loaded over HTTPS, but "
                f"requested an insecure element '{note.url}'. This request was automatically "
                "upgraded to HTTPS, For more information see https://blog.chromium.org/2019/10/"
                "no-more-mixed-messages-about-https.html"
            )
    return found


def error(flight: Flight, failure: Failure) -> str:
    """What a script catches."""
    match flight.fetch.kind:
        case Kind.FONT:
            return "NetworkError: A network error occurred."
        case Kind.MODULE:
            url = flight.urls[0].whole
            return f"TypeError: Failed to fetch dynamically imported module: {url}"
        case Kind.XML_HTTP_REQUEST:
            return (
                "SecurityError: Failed to execute 'open' on 'XMLHttpRequest': "
                f"'{failure.value}' HTTP method is unsupported."
            )
        case Kind.WEB_SOCKET:
            return (
                "SecurityError: Failed to construct 'WebSocket': An insecure WebSocket connection "
                "may not be initiated from a page loaded over HTTPS."
            )
    return _TYPE_ERRORS.get(failure.code, "TypeError: Failed to fetch").format(
        failure.value
    )


def lines(flight: Flight, failure: Failure) -> list[str]:
    """The reason, and then the resource that failed for it."""
    if failure.code in (*_TYPE_ERRORS, "resource-status"):
        return []
    own = _of_other_rules(flight, failure)
    if own is not None:
        return own
    if flight.fetch.kind is Kind.WEB_SOCKET:
        return [_of_handshake(flight, failure)]
    reason = blocked(flight, failure)
    if reason is not None:
        return [reason, _FAILED.format("ERR_FAILED")]
    return [_FAILED.format(_net_error(flight, failure))]


def _net_error(flight: Flight, failure: Failure) -> str:
    match failure.code:
        case "resource-policy":
            site = failure.value.removeprefix("same-").title()
            return f"ERR_BLOCKED_BY_RESPONSE.NotSame{site}"
        case "redirect-limit":
            return "ERR_TOO_MANY_REDIRECTS"
        case "redirect-location" if failure.value.lower().startswith("data:"):
            return "ERR_UNSAFE_REDIRECT"
        case "redirect-location" | "preflight-redirect":
            return "ERR_INVALID_REDIRECT"
        case "bad-port":
            return "ERR_UNSAFE_PORT"
        case "stream-body" if flight.url.scheme == "https":
            return "ERR_H2_OR_QUIC_REQUIRED"
        case "stream-body":
            return "ERR_ALPN_NEGOTIATION_FAILED"
    return _NET_ERRORS[failure.cause or Cause.OTHER]


def _of_handshake(flight: Flight, failure: Failure) -> str:
    during, net_error = "Error during WebSocket handshake", _net_error(flight, failure)
    if failure.code == "websocket-handshake":
        why = f"{during}: Unexpected response code: {failure.status}"
    elif failure.cause is Cause.EMPTY:
        why = "Connection closed before receiving a handshake response"
    elif failure.cause in (Cause.RESET, Cause.NO_HTTP):
        why = f"{during}: net::{net_error}"
    else:
        why = f"Error in connection establishment: net::{net_error}"
    return f"WebSocket connection to '{flight.url.whole}' failed: {why}"


def _of_other_rules(flight: Flight, failure: Failure) -> list[str] | None:
    """What rules beside CORS say in lines of their own, or None."""
    url = flight.url.whole
    match failure.code:
        case "same-origin-mode":
            return [_of_same_origin_mode(flight)]
        case "no-cors-redirect":
            mode = 'Request mode is "no-cors" but the redirect mode is not "follow".'
            return [f"Fetch API cannot load {url}. {mode}"]
        case "mixed-content":
            return [_of_mixed_content(flight)]
        case "content-security-policy":
            return _of_policy(flight, failure.value)
        case "event-stream" if failure.status == 200:
            media_type = f'EventSource\'s response has a MIME type ("{failure.value}")'
            wanted = 'that is not "text/event-stream". Aborting the connection.'
            return [f"{media_type} {wanted}"]
        case "event-stream":
            return []
    return None


def _of_same_origin_mode(flight: Flight) -> str:
    url, page = flight.url.whole, flight.fetch
    if page.kind is Kind.FETCH and not flight.was_redirected:
        return (
            f'Fetch API cannot load {url}. Request mode is "same-origin" but the URL\'s origin '
            f"is not same as the request origin {page.page_origin}."
        )
    return (
        f"Unsafe attempt to load URL {url} from frame with URL {page.page_url}. Domains, "
        "protocols and ports must match.\n"
    )


def _of_mixed_content(flight: Flight) -> str:
    url, kind = flight.url.whole, flight.fetch.kind
    page = f"Mixed Content: The page at '{flight.fetch.page_url}' was loaded over HTTPS, but "
    if kind is Kind.WEB_SOCKET:
        return (
            f"{page}attempted to connect to the insecure WebSocket endpoint '{url}'. This request "
            "has been blocked; this endpoint must be available over WSS."
        )
    return (
        f"{page}requested an insecure {_MIXED.get(kind, 'resource')} '{url}'. This request has "
        "been blocked; the content must be served over HTTPS."
    )


def _of_policy(flight: Flight, directive: str) -> list[str]:
    """The page's own Content-Security-Policy."""
    url, kind = flight.url.whole, flight.fetch.kind
    loading, wanted = _LOADS.get(kind, ("Connecting to", ("connect-src",)))
    name = directive.partition(" ")[0]
    fallback = ""
    if name != wanted[0]:
        fallback = f"Note that '{wanted[0]}' was not explicitly set, so '{name}' is used as a fallback. "
    found = [
        (
            f"{loading} '{url}' violates the following Content Security Policy directive: "
            f'"{directive}". {fallback}The action has been blocked.'
        )
    ]
    if kind is Kind.FETCH:
        found.append(
            f"Fetch API cannot load {url}. Refused to connect because it violates the "
            "document's Content Security Policy."
        )
    return found
