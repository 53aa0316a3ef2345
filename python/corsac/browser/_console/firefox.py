"""Firefox's words.

Here: `notes`, `lines`, `error`. Not here: what went wrong (`_failure.py`), the reasons of the CORS
protocol (`firefox_reasons.py`). The category of a message, which people do not see, is left out.
Taken from Firefox 153.
"""

from __future__ import annotations

from typing import Final

from .._failure import Failure
from .._fetch import Kind
from .._flight import Flight
from .firefox_reasons import blocked, did_not_succeed

_NETWORK_ERROR: Final = "TypeError: NetworkError when attempting to fetch resource."
_TYPE_ERRORS: Final = {
    "forbidden-method": "TypeError: Window.fetch: Invalid request method {}.",
    "no-cors-method": "TypeError: Window.fetch: Invalid request method {}.",
    "body-method": "TypeError: Window.fetch: HEAD or GET Request cannot have a body.",
    "url-credentials": "TypeError: Window.fetch: {} is an url with embedded credentials.",
}
#: How it numbers a response that is an error.
_HTTP_ERROR: Final = "status=2147746065"
#: The directive that each kind looks for.
_DIRECTIVES: Final = {
    Kind.IMAGE: "img-src",
    Kind.SCRIPT: "script-src-elem",
    Kind.MODULE: "script-src-elem",
    Kind.STYLESHEET: "style-src-elem",
    Kind.FONT: "font-src",
    Kind.VIDEO: "media-src",
    Kind.AUDIO: "media-src",
}
_SCRIPTS: Final = {
    Kind.SCRIPT: ("<script>", "<script>"),
    Kind.MODULE: ("Module", "module"),
}


def notes(flight: Flight) -> list[str]:
    found = []
    for note in flight.notes:
        if note.code == "allow-headers-authorization":
            found.append(
                "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the "
                f"remote resource at {note.url} soon. (Reason: When the "
                "`Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. "
                "To include the `Authorization` header, it must be explicitly listed in CORS "
                "header `Access-Control-Allow-Headers`)."
            )
        if note.code == "referrer-policy":
            found.append(
                f"Referrer Policy: Ignoring the less restricted referrer policy “{note.reason}” "
                f"for the cross-site request: {note.url}"
            )
        if note.code == "mixed-content-upgrade":
            found.append(
                f"Mixed Content: Upgrading insecure display request ‘{note.url}’ to use ‘https’"
            )
    return found


def error(flight: Flight, failure: Failure) -> str:
    """What a script catches."""
    match flight.fetch.kind:
        case Kind.FONT:
            return "NetworkError: A network error occurred."
        case Kind.MODULE:
            url = flight.urls[0].whole
            return f"TypeError: error loading dynamically imported module: {url}"
        case Kind.WEB_SOCKET if failure.code == "content-security-policy":
            return "NS_ERROR_CONTENT_BLOCKED"
        case Kind.XML_HTTP_REQUEST | Kind.WEB_SOCKET:
            return "SecurityError: The operation is insecure."
    return _TYPE_ERRORS.get(failure.code, _NETWORK_ERROR).format(failure.value)


def lines(flight: Flight, failure: Failure) -> list[str]:
    """The reason, its consequences, and what the kind of request says of its own."""
    kind = flight.fetch.kind
    if failure.code in _TYPE_ERRORS:
        return []
    if kind is Kind.WEB_SOCKET and failure.code == "mixed-content":
        return []
    own = _of_kind(flight, failure)
    if failure.code == "content-security-policy":
        return own + _of_policy(flight, failure.value)
    return blocked(flight, failure) + _of_other_rules(flight, failure) + own


def _of_other_rules(flight: Flight, failure: Failure) -> list[str]:
    url = flight.url.whole
    match failure.code:
        case "same-origin-mode":
            page = flight.fetch.page_url
            return [f"Security Error: Content at {page} may not load data from {url}."]
        case "mixed-content":
            found = [f"Blocked loading mixed active content “{url}”"]
            if flight.was_redirected and flight.tainting == "cors":
                found.append(did_not_succeed(flight.urls[-2].whole))
            return found
        case "resource-policy":
            policy = "Cross-Origin-Resource-Policy header (or lack thereof)"
            link = (
                "https://developer.mozilla.org/docs/Web/HTTP/"
                "Cross-Origin_Resource_Policy_(CORP)#"
            )
            return [
                f"The resource at “{url}” was blocked due to its {policy}. See {link}"
            ]
    return []


def _of_policy(flight: Flight, directive: str) -> list[str]:
    """The page's own Content-Security-Policy."""
    url, wanted = flight.url.whole, _DIRECTIVES.get(flight.fetch.kind, "connect-src")
    what = f"the loading of a resource ({wanted}) at {url}"
    if flight.fetch.kind in _SCRIPTS:
        what = f"a script ({wanted}) at {url} from being executed"
    return [
        (
            f"Content-Security-Policy: The page’s settings blocked {what} because it violates the "
            f"following directive: “{directive}”"
        )
    ]


def _of_kind(flight: Flight, failure: Failure) -> list[str]:
    """What the element or object says that asked for the resource, by its first URL."""
    url, kind = flight.urls[0].whole, flight.fetch.kind
    is_cors = failure.reason.startswith(("allow-", "redirect-")) or (
        failure.code == "no-response" and flight.tainting == "cors"
    )
    match kind:
        case Kind.WEB_SOCKET if failure.code == "content-security-policy":
            return []
        case Kind.EVENT_SOURCE | Kind.WEB_SOCKET:
            # A response that is ok and no stream of events is told twice.
            ended = (
                failure.code == "event-stream" and 200 <= (failure.status or 0) <= 299
            )
            line = f"Firefox can’t establish a connection to the server at {url}."
            return [line] * (2 if ended else 1)
        case Kind.SCRIPT | Kind.MODULE if is_cors:
            return [
                f"{_SCRIPTS[kind][0]} source URI is not allowed in this document: “{url}”."
            ]
        case Kind.SCRIPT | Kind.MODULE:
            return [f"Loading failed for the {_SCRIPTS[kind][1]} with source “{url}”."]
        case Kind.FONT if is_cors or failure.code == "resource-status":
            family = f'font-family: "{flight.fetch.font_family}"'
            style = "style:normal weight:400 stretch:100 src index:0"
            why = "bad URI or cross-site access not allowed" if is_cors else _HTTP_ERROR
            failed = f"downloadable font: download failed ({family} {style})"
            return [f"{failed}: {why} source: {url}"]
    return []
