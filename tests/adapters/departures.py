"""Where a server stands between what was sent and what an application sees.

Here: every row of the table that does not come out over a socket as it stands, by server, with
the reason; and what a server cannot do of its own protocol.
Not here: anything that corsac decides; a row that is not named here must come out as it stands.
Spec: https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

from typing import NamedTuple

from servers import KINDS, OWN_KINDS

ALL = frozenset({*KINDS, *OWN_KINDS})
GUNICORN = frozenset({"gunicorn", "gunicorn-asgi"})
#: What Python's `http.server` reads for.
STANDARD_LIBRARY = frozenset({"wsgiref", "werkzeug", "runserver"})
#: These leave the white space behind a value where it is.
KEPT = frozenset({"werkzeug", "sanic"})


class Seen(NamedTuple):
    """A request as the application sees it, and the outcome that it then has."""

    method: str
    headers: list[tuple[str, str]]
    outcome: str


class Departure(NamedTuple):
    row: str
    servers: frozenset[str]
    reason: str
    #: None: the server refuses the request by itself, and no application sees it.
    seen: Seen | None


_NO_METHOD = "a request line that begins with a space has no method"
_TWO_SPACES = "a request line has one space between its parts"
_TRIMMED = "white space around a value is no part of it, and servers take it off"
_UPPER_CASE = "hypercorn hands every method on in upper case"
_OLD_METHODS = "gunicorn and waitress take no method with lower-case letters"
_KNOWN_METHODS = "aiohttp's parser takes only methods that it knows"
_ENDED = "CRLF ends a line, so that what follows is a line of its own"
_BARE_LF = "most servers let a bare LF end a line"
_STRICT_LF = "gunicorn, waitress and aiohttp take no bare LF"
_LONG_LINE = "gunicorn and Sanic take no line of this length"

_EXAMPLE = ("Origin", "https://example.com")
_PUT = ("Access-Control-Request-Method", "PUT")
_GET = ("Access-Control-Request-Method", "GET")


def _seen(outcome: str, method: str, *headers: tuple[str, str]) -> Seen:
    return Seen(method, list(headers), outcome)


DEPARTURES = [
    Departure(
        "OPTIONS in lower case is no preflight",
        frozenset({"hypercorn"}),
        _UPPER_CASE,
        _seen("preflight_allowed", "OPTIONS", _EXAMPLE, _PUT),
    ),
    Departure(
        "OPTIONS in lower case is no preflight",
        GUNICORN | {"waitress"},
        _OLD_METHODS,
        None,
    ),
    Departure(
        "OPTIONS in lower case is no preflight",
        frozenset({"aiohttp"}),
        _KNOWN_METHODS,
        None,
    ),
    Departure(
        "OPTIONS in mixed case is no preflight",
        frozenset({"hypercorn"}),
        _UPPER_CASE,
        _seen("preflight_refused", "OPTIONS", _EXAMPLE, _PUT),
    ),
    Departure(
        "OPTIONS in mixed case is no preflight",
        GUNICORN | {"waitress"},
        _OLD_METHODS,
        None,
    ),
    Departure(
        "OPTIONS in mixed case is no preflight",
        frozenset({"aiohttp"}),
        _KNOWN_METHODS,
        None,
    ),
    Departure(
        "an empty method is an actual request",
        # Sanic's server takes the empty text for a method.
        ALL - {"sanic"},
        _NO_METHOD,
        None,
    ),
    Departure(
        "a method with a space behind it is no OPTIONS",
        ALL - STANDARD_LIBRARY - {"aiohttp"},
        _TWO_SPACES,
        None,
    ),
    Departure(
        "a method with a space behind it is no OPTIONS",
        STANDARD_LIBRARY | {"aiohttp"},
        "some take any number of spaces between the parts of a request line",
        _seen("preflight_refused", "OPTIONS", _EXAMPLE, _PUT),
    ),
    Departure(
        "a space before an allowed origin is not stripped",
        ALL,
        _TRIMMED,
        _seen("actual_allowed", "GET", _EXAMPLE),
    ),
    Departure(
        "null with a space is refused where null is allowed",
        ALL - KEPT,
        _TRIMMED,
        _seen("actual_allowed", "GET", ("Origin", "null")),
    ),
    Departure(
        "a requested method with a space behind it is refused",
        ALL - KEPT,
        _TRIMMED,
        _seen("preflight_allowed", "OPTIONS", _EXAMPLE, _PUT),
    ),
    Departure(
        "a name after 16 KiB of spaces refuses the preflight",
        ALL - GUNICORN - {"sanic"},
        _TRIMMED,
        _seen(
            "preflight_allowed",
            "OPTIONS",
            _EXAMPLE,
            _PUT,
            ("Access-Control-Request-Headers", "content-type"),
        ),
    ),
    Departure(
        "a name after 16 KiB of spaces refuses the preflight",
        GUNICORN | {"sanic"},
        _LONG_LINE,
        None,
    ),
    Departure(
        "an Origin with a line feed in it is refused and not echoed",
        ALL,
        _ENDED,
        _seen(
            "actual_allowed",
            "GET",
            ("Origin", "https://a.example.com"),
            ("X-Injected", "1"),
        ),
    ),
    Departure(
        "a regex never sees a line feed at the end",
        # Sanic's server lets no bare LF end a line, and hands it on.
        ALL - GUNICORN - {"waitress", "aiohttp", "sanic"},
        _BARE_LF,
        _seen("actual_allowed", "GET", ("Origin", "https://a.example.com")),
    ),
    Departure(
        "a regex never sees a line feed at the end",
        GUNICORN | {"waitress", "aiohttp"},
        _STRICT_LF,
        None,
    ),
    Departure(
        "a wildcard for methods does not cover what is no token",
        ALL,
        _ENDED,
        _seen("preflight_allowed", "OPTIONS", _EXAMPLE, _PUT, ("Set-Cookie", "a=b")),
    ),
    Departure(
        "a wildcard for headers with credentials never copies a line feed",
        ALL,
        _ENDED,
        _seen(
            "preflight_allowed",
            "OPTIONS",
            _EXAMPLE,
            _GET,
            ("Access-Control-Request-Headers", "x"),
            ("set-cookie", "a=b"),
        ),
    ),
]

#: What a server does not do of its own protocol: by server and path of the site, with the reason.
#: https://peps.python.org/pep-3333/
UNABLE = {
    ("gunicorn", "/restarted"): (
        "gunicorn sends the header lines of both calls of start_response"
    ),
    ("granian-wsgi", "/late"): (
        "granian reads the header lines before it asks for the first chunk"
    ),
    ("granian-wsgi", "/write"): "granian's start_response returns no write",
    ("granian-wsgi", "/file"): "granian's environ has no wsgi.file_wrapper",
    ("wsgiref", "keep-alive"): "wsgiref closes a connection after each answer",
    ("werkzeug", "keep-alive"): "Werkzeug closes a connection after each answer",
    ("werkzeug", "/file"): "Werkzeug's environ has no wsgi.file_wrapper",
    ("waitress", "keep-alive"): (
        "waitress closes a connection after an answer without a Content-Length"
    ),
}
