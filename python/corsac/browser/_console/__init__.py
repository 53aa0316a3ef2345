"""What browsers print on their consoles, and what scripts catch.

Here: `console_lines` and `script_error`, which choose the browser's file. Not here: any word.
Spec: none; taken from the browsers themselves (Chromium 156, Firefox 153, WebKitGTK 2.50).
"""

from __future__ import annotations

from typing import Final, Protocol

from .._failure import Failure
from .._fetch import Browser, Kind
from .._flight import Flight
from . import chromium, firefox, webkit


class _Words(Protocol):
    """What each browser's file has."""

    def notes(self, flight: Flight, /) -> list[str]: ...
    def lines(self, flight: Flight, failure: Failure, /) -> list[str]: ...
    def error(self, flight: Flight, failure: Failure, /) -> str: ...


_WORDS: Final[dict[Browser, _Words]] = {
    Browser.CHROMIUM: chromium,
    Browser.FIREFOX: firefox,
    Browser.WEBKIT: webkit,
}
#: The kinds of which a script holds a promise that is rejected.
_PROMISES: Final = (Kind.FETCH, Kind.FONT, Kind.MODULE)


def console_lines(flight: Flight, failure: Failure | None) -> tuple[str, ...]:
    """The lines in their order, without the tags of log sources; none where no browser is named."""
    if flight.browser is None:
        return ()
    words = _WORDS[flight.browser]
    lines = words.notes(flight)
    if failure is not None:
        lines += words.lines(flight, failure)
    return tuple(lines)


def script_error(flight: Flight, failure: Failure) -> str:
    """What the script catches, or the event that it gets."""
    kind = flight.fetch.kind
    throws = kind in _PROMISES or failure.code == "forbidden-method"
    if kind is Kind.WEB_SOCKET:
        # Deviation: the standard fires an event; these two throw when the object is made.
        at_once = (Browser.CHROMIUM, Browser.FIREFOX)
        throws = failure.code == "mixed-content" and flight.browser in at_once
    if throws:
        if flight.browser is None:
            return _STANDARD_ERRORS.get(kind, "TypeError")
        return _WORDS[flight.browser].error(flight, failure)
    if kind is Kind.WEB_SOCKET:
        return "close event, code 1006"
    return "error event, status 0" if kind is Kind.XML_HTTP_REQUEST else "error event"


_STANDARD_ERRORS: Final = {
    Kind.FONT: "NetworkError",
    Kind.XML_HTTP_REQUEST: "SecurityError",
}
