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
#: Which browsers throw when an object is made that must not connect; the standard fires events.
_THROWN: Final = {
    (Kind.WEB_SOCKET, "mixed-content"): (Browser.CHROMIUM, Browser.FIREFOX),
    (Kind.WEB_SOCKET, "content-security-policy"): (Browser.FIREFOX, Browser.WEBKIT),
    (Kind.EVENT_SOURCE, "content-security-policy"): (Browser.WEBKIT,),
}
#: Where no `close` event follows a WebSocket's `error` event, which by the standard it does.
_LEFT_OPEN: Final = (
    (Browser.CHROMIUM, "content-security-policy"),
    (Browser.WEBKIT, "mixed-content"),
    (Browser.WEBKIT, "bad-port"),
)


def console_lines(flight: Flight, failure: Failure | None) -> tuple[str, ...]:
    """The lines in their order, without the tags of log sources; none where no browser is named."""
    if flight.browser is None:
        return ()
    words = _WORDS[flight.browser]
    lines = words.notes(flight)
    if failure is not None:
        lines += words.lines(flight, failure)
    return tuple(lines)


def script_error(flight: Flight, failure: Failure) -> str | None:
    """What the script catches, or the event that it gets."""
    kind, browser, code = flight.fetch.kind, flight.browser, failure.code
    # Deviation: some throw where the standard fires events.
    is_thrown = browser in _THROWN.get((kind, code), ())
    if kind in _PROMISES or code == "forbidden-method" or is_thrown:
        if browser is None:
            return _STANDARD_ERRORS.get(kind, "TypeError")
        return _WORDS[browser].error(flight, failure)
    # Deviation: some leave the second event out.
    if kind is Kind.WEB_SOCKET and (browser, code) not in _LEFT_OPEN:
        return "close event, code 1006"
    if (
        kind is Kind.PRELOAD
        and browser is Browser.FIREFOX
        and code.startswith("allow-")
    ):
        # Deviation: it fires `load` for what it keeps back.
        return None
    return "error event, status 0" if kind is Kind.XML_HTTP_REQUEST else "error event"


_STANDARD_ERRORS: Final = {
    Kind.FONT: "NetworkError",
    Kind.XML_HTTP_REQUEST: "SecurityError",
}
