"""Chromium's words for the CORS protocol.

Here: `blocked`, the line that begins with "Access to". Not here: other rules (`chromium.py`).
Taken from Chromium 156.
"""

from __future__ import annotations

from typing import Final

from .._failure import Failure
from .._fetch import Kind
from .._fields import decode_utf8
from .._flight import Flight
from .._url import DEFAULT_PORTS, parse

_KINDS: Final = {
    Kind.FETCH: "fetch",
    Kind.XML_HTTP_REQUEST: "XMLHttpRequest",
    Kind.IMAGE: "image",
    Kind.SCRIPT: "script",
    Kind.MODULE: "script",
    Kind.STYLESHEET: "CSS stylesheet",
    Kind.FONT: "font",
    Kind.VIDEO: "video",
    Kind.AUDIO: "audio",
    Kind.TRACK: "text track",
    Kind.MANIFEST: "manifest",
    Kind.PRELOAD: "link element resource",
}
#: Schemes of redirects that are followed, one without a scheme among them.
_HTTP: Final = ("", "http", "https")
_PREFLIGHT: Final = "Response to preflight request doesn't pass access control check: "
_OF_FETCH: Final = " Have the server send the header with a valid value."
_OF_XML_HTTP_REQUEST: Final = (
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the "
    "withCredentials attribute."
)
_SCHEMES: Final = (
    "chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, "
    "http, https, isolated-app"
)
#: The reasons; `{fetch}` and `{xhr}` are endings that only those have.
_REASONS: Final = {
    "allow-origin-missing": "No 'Access-Control-Allow-Origin' header is present on the requested "
    "resource.",
    "allow-origin-wildcard": "The value of the 'Access-Control-Allow-Origin' header in the "
    "response must not be the wildcard '*' when the request's credentials mode is 'include'.{xhr}",
    "allow-origin-multiple": "The 'Access-Control-Allow-Origin' header contains multiple values "
    "'{value}', but only one is allowed.{fetch}",
    "allow-origin-mismatch": "The 'Access-Control-Allow-Origin' header has a value '{value}' that "
    "is not equal to the supplied origin.{fetch}",
    "allow-origin-invalid": "The 'Access-Control-Allow-Origin' header contains the invalid value "
    "'{value}'.{fetch}",
    "allow-credentials": "The value of the 'Access-Control-Allow-Credentials' header in the "
    "response is '{value}' which must be 'true' when the request's credentials mode is "
    "'include'.{xhr}",
    "preflight-redirect": "Redirect is not allowed for a preflight request.",
    "status": "It does not have HTTP ok status.",
    "allow-methods-syntax": "Cannot parse Access-Control-Allow-Methods response header field in "
    "preflight response.",
    "allow-headers-syntax": "Cannot parse Access-Control-Allow-Headers response header field in "
    "preflight response.",
    "allow-methods": "Method {method} is not allowed by Access-Control-Allow-Methods in preflight "
    "response.",
    "allow-headers": "Request header field {name} is not allowed by Access-Control-Allow-Headers "
    "in preflight response.",
    "redirect-credentials": "Redirect location '' contains a username and password, which is "
    "disallowed for cross-origin requests.",
    "redirect-scheme": "Cross origin requests are only supported for protocol schemes: "
    f"{_SCHEMES}.",
}


def blocked(flight: Flight, failure: Failure) -> str | None:
    """The line, or None where Chromium sees no matter of CORS."""
    reason = _reason(failure)
    if reason is None:
        return None
    kind = flight.fetch.kind
    first = flight.urls[0].whole
    last = failure.value if reason == "redirect-scheme" else flight.url.whole
    redirected = f"(redirected from '{first}') " if first != last else ""
    preflight = _PREFLIGHT if failure.code.startswith("preflight-") else ""
    text = _REASONS[reason].format(
        value=_shown(failure.value),
        name=failure.name,
        method=flight.method,
        fetch=_OF_FETCH if kind is Kind.FETCH else "",
        xhr=_OF_XML_HTTP_REQUEST if kind is Kind.XML_HTTP_REQUEST else "",
    )
    return (
        f"Access to {_KINDS.get(kind, 'resource')} at '{last}' {redirected}from origin "
        f"'{flight.fetch.page_origin}' has been blocked by CORS policy: {preflight}{text}"
    )


def _reason(failure: Failure) -> str | None:
    """The key of the reason."""
    value = failure.value
    match failure.code:
        case "preflight-redirect" if failure.location or _scheme_of(value) not in _HTTP:
            return failure.code
        case "redirect-location" if _has_other_scheme(value):
            return "redirect-scheme"
        case "preflight-allow-origin-mismatch" | "allow-origin-mismatch":
            shown = value == "null" or _is_url(value)
            return "allow-origin-mismatch" if shown else "allow-origin-invalid"
    return failure.reason if failure.reason in _REASONS else None


def _shown(value: str) -> str:
    """A header's value, with escapes for bytes above 0x7F."""
    return "".join(c if c.isascii() else f"\\u{ord(c):04X}" for c in value)


def _scheme_of(text: str) -> str:
    """The scheme that a text begins with, in lower case, or nothing."""
    scheme, colon, _ = text.partition(":")
    well_formed = scheme[:1].isalpha() and all(
        c.isalnum() or c in "+-." for c in scheme
    )
    return scheme.lower() if colon and well_formed and scheme.isascii() else ""


def _has_other_scheme(location: str) -> bool:
    return _scheme_of(location) not in (*_HTTP, "data")


def _is_url(value: str) -> bool:
    """Whether Chromium reads a URL where an origin belongs, of whatever scheme."""
    value = decode_utf8(value)
    scheme = _scheme_of(value)
    if scheme == "ftp":
        return parse(f"http{value[3:]}") is not None
    return parse(value) is not None if scheme in DEFAULT_PORTS else bool(scheme)
