"""WebKit's words.

Here: `notes`, `lines`, `error`. Not here: what went wrong (`_failure.py`), the reasons of the CORS
protocol (`webkit_reasons.py`). The source and the level of a message are left out.
Taken from WebKitGTK 2.50.
"""

from __future__ import annotations

from typing import Final

from .._failure import Failure
from .._fetch import Kind
from .._flight import Flight
from .._url import Url
from .._wire import Cause
from .webkit_reasons import access_control

_SCRIPT_DENIED: Final = (
    "Cross-origin script load denied by Cross-Origin Resource Sharing policy."
)
_TRACK_DENIED: Final = (
    "Cross-origin text track load denied by Cross-Origin Resource Sharing policy."
)
_LOADERS: Final = {
    Kind.FETCH: "Fetch API",
    Kind.XML_HTTP_REQUEST: "XMLHttpRequest",
    Kind.EVENT_SOURCE: "EventSource",
}
_TYPE_ERRORS: Final = {
    "forbidden-method": "TypeError: Method is forbidden.",
    "no-cors-method": "TypeError: Method must be GET, POST or HEAD in no-cors mode.",
    "body-method": "TypeError: Request has method '{}' and cannot have a body",
    "url-credentials": "TypeError: URL is not valid or contains user credentials.",
    "stream-body": "NotSupportedError: ReadableStream uploading is not supported",
}
_NOT_ALLOWED: Final = "Not allowed to request resource"
#: What it names of a preflight without a response.
_CAUSES: Final = {
    Cause.REFUSED: "Could not connect to {host}: Connection refused",
    Cause.EMPTY: "Connection terminated unexpectedly",
    Cause.RESET: "Error receiving data: Connection reset by peer",
    Cause.NO_HTTP: "Could not parse HTTP response",
    Cause.TLS: "Error performing TLS handshake: An unexpected TLS packet was received.",
}


def notes(flight: Flight) -> list[str]:
    return [
        f"The page at {flight.fetch.page_url} requested insecure content from {note.url}. This "
        "content was automatically upgraded and should be served over HTTPS."
        for note in flight.notes
        if note.code == "mixed-content-upgrade"
    ]


def error(flight: Flight, failure: Failure) -> str:
    """What a script catches."""
    match flight.fetch.kind:
        case Kind.FONT:
            return "NetworkError:  A network error occurred."
        case Kind.MODULE if failure.reason.startswith(("allow-", "redirect-")):
            return f"TypeError: {_SCRIPT_DENIED}"
        case Kind.MODULE:
            return "TypeError: Importing a module script failed."
        case Kind.XML_HTTP_REQUEST | Kind.EVENT_SOURCE | Kind.WEB_SOCKET:
            return "SecurityError: The operation is insecure."
    return _TYPE_ERRORS.get(failure.code, "TypeError: Load failed").format(
        failure.value
    )


def lines(flight: Flight, failure: Failure) -> list[str]:
    """The reason, and then the load that failed for it."""
    if failure.code in _TYPE_ERRORS:
        return []
    if flight.fetch.kind is Kind.WEB_SOCKET:
        return _of_web_socket(flight, failure)
    own = _of_other_rules(flight, failure)
    if own is not None:
        return own
    reason = _reason(flight, failure)
    return [] if reason is None else [reason, *_consequence(flight, flight.url, reason)]


def _consequence(flight: Flight, url: Url, reason: str = "") -> list[str]:
    """The load that failed; an image is named by its first URL."""
    kind = flight.fetch.kind
    match kind:
        case Kind.FETCH | Kind.XML_HTTP_REQUEST | Kind.EVENT_SOURCE:
            return [
                f"{_LOADERS[kind]} cannot load {url.without_userinfo} due to access control checks."
            ]
        case Kind.IMAGE:
            first = flight.urls[0].without_userinfo
            return [f"Cannot load image {first} due to access control checks."]
        case Kind.SCRIPT:
            return [_SCRIPT_DENIED]
        case Kind.TRACK:
            return [_TRACK_DENIED]
        case Kind.BEACON:
            return [f"Beacon API cannot load {url.without_userinfo}. {reason}"]
    return []


def _of_other_rules(flight: Flight, failure: Failure) -> list[str] | None:
    """What rules beside CORS say in lines of their own, or None."""
    url, page = flight.url.without_userinfo, flight.fetch
    match failure.code:
        case "same-origin-mode" if not flight.was_redirected:
            return [f"Fetch API cannot load {url}."]
        case "same-origin-mode":
            unsafe = f"Unsafe attempt to load URL {url} from origin {page.page_origin}."
            return [
                f"{unsafe} Domains, protocols and ports must match.",
                *_consequence(flight, flight.url),
            ]
        case "no-cors-redirect":
            mode = "No-Cors mode requires follow redirect mode"
            return [mode, _NOT_ALLOWED, *_consequence(flight, flight.url)]
        case "bad-port":
            return [
                f"Not allowed to use restricted network port {flight.url.port}: {url}"
            ]
        case "content-security-policy":
            return [_of_policy(flight, failure.value)]
        case "mixed-content":
            return _of_mixed_content(flight)
        case "event-stream" if failure.status == 200:
            media_type = f'EventSource\'s response has a MIME type ("{failure.value}")'
            return [
                f'{media_type} that is not "text/event-stream". Aborting the connection.'
            ]
        case "event-stream":
            return []
    return None


def _of_mixed_content(flight: Flight) -> list[str]:
    url = flight.url
    is_upgradable = not url.host.endswith("localhost") and not url.host[-1].isdecimal()
    found = (
        f"[blocked] The page at {flight.fetch.page_url} requested insecure content from "
        f"{url.without_userinfo}. This content was blocked and must"
    )
    # The sentence ends there for hosts that it would not upgrade either.
    found += " be served over HTTPS." if is_upgradable else ""
    if flight.was_redirected:
        return [found, *_consequence(flight, flight.urls[-2])]
    if flight.fetch.kind not in _LOADERS:
        return [found]
    return [found, _NOT_ALLOWED, *_consequence(flight, url)]


def _of_policy(flight: Flight, directive: str) -> str:
    """The page's own Content-Security-Policy."""
    url, name = flight.url.without_userinfo, directive.partition(" ")[0]
    connects = flight.fetch.kind in (*_LOADERS, Kind.WEB_SOCKET, Kind.BEACON)
    verb = "connect to" if connects else "load"
    where = f"it does not appear in the {name} directive"
    if name == "default-src" and connects:
        where = "it appears in neither the connect-src directive nor the default-src directive"
    return f"Refused to {verb} {url} because {where} of the Content Security Policy."


def _of_web_socket(flight: Flight, failure: Failure) -> list[str]:
    url = flight.url
    match failure.code:
        case "mixed-content":
            return _of_mixed_content(flight)
        case "content-security-policy":
            return [_of_policy(flight, failure.value)]
        case "bad-port":
            return [f"WebSocket port {url.port} blocked"]
    why = "The server did not accept the WebSocket handshake."
    if failure.cause is not None:
        why = _CAUSES.get(failure.cause, "").format(host=url.host)
    return (
        [f"WebSocket connection to '{url.without_userinfo}' failed: {why}"]
        if why
        else []
    )


def _reason(flight: Flight, failure: Failure) -> str | None:
    reason = access_control(flight, failure)
    url, value = flight.url.without_userinfo, failure.value
    denied = "Cross-origin redirection to {} denied by Cross-Origin Resource Sharing policy: {}"
    match failure.code:
        case "preflight-no-response":
            cause = _CAUSES.get(failure.cause or Cause.OTHER)
            return None if cause is None else cause.format(host=flight.url.host)
        case "resource-policy":
            policy = "Cross-Origin-Resource-Policy response header"
            return (
                f"Cancelled load to {url} because it violates the resource's {policy}."
            )
        case "redirect-mode":
            return f"Not allowed to follow a redirection while loading {url}"
        case "redirect-limit":
            return "Load cannot follow more than 20 redirections"
        case "redirect-location" if value.lower().startswith("ftp:"):
            return "FTP URLs are disabled"
        case "redirect-location":
            scheme = "cross-origin CORS redirection with non CORS scheme"
            return denied.format(value, f"not allowed to follow a {scheme}")
    if reason is None or failure.location is None:
        return reason
    return denied.format(failure.location.text, reason)
