"""The client algorithm of the Fetch standard, as a generator that does no I/O.

Here: `exchange`: main fetch, HTTP fetch, and the verdict. Not here: the single checks
(`_start.py`, `_block.py`, `_preflight.py`, `_check.py`, `_redirect.py`, `_response.py`), I/O.
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from ._block import refuse_to_send
from ._cache import PreflightCache
from ._check import check_cors
from ._console import console_lines, script_error
from ._failure import Failure
from ._fetch import Browser, Fetch, Kind
from ._fields import encode_utf8, value_of
from ._flight import Flight, Note
from ._media_type import parse_essence
from ._origin import origin_header
from ._preflight import preflight, why_preflight
from ._redirect import follow, is_redirect, parse_location
from ._response import exposed_headers, refuse_by_resource_policy
from ._site import is_same_site
from ._start import combined, start
from ._url import parse
from ._verdict import Verdict
from ._wire import Request, Response

#: Those under which more than the origin goes to other sites; Firefox ignores them there.
_LAX_POLICIES: Final = (
    "no-referrer-when-downgrade",
    "origin-when-cross-origin",
    "unsafe-url",
)


def exchange(
    fetch: Fetch,
    *,
    browser: Browser | None = None,
    cache: PreflightCache | None = None,
) -> Generator[Request, Response, Verdict]:
    """The core of `predict`: yields requests, is sent their responses, returns the verdict.

    Throw `NoResponse` in where there is no response. Takes the arguments of `predict`.
    Source: https://fetch.spec.whatwg.org/#concept-main-fetch
    """
    url = parse(fetch.url)
    assert url is not None, "a Fetch has a URL that parses"
    flight = Flight(fetch, url, browser, cache or PreflightCache())
    result: Response | Failure | None = start(flight)
    while result is None:
        result = yield from _main_fetch(flight)
    if isinstance(result, Response):
        result = _refuse_content(flight, result) or result
    return _verdict(flight, result)


def _main_fetch(
    flight: Flight,
) -> Generator[Request, Response, Response | Failure | None]:
    """One round of it; None where a redirect leads to another.

    https://fetch.spec.whatwg.org/#concept-main-fetch
    """
    refusal = refuse_to_send(flight) or _choose_tainting(flight)
    if refusal is not None:
        return refusal
    _note_referrer_policy(flight)
    if flight.tainting == "cors":
        reason = why_preflight(flight)
        flight.asks_first = reason is not None
        if reason is None:
            flight.trail.passed("no-preflight", "The request needs no preflight.")
        else:
            flight.trail.passed("preflight", f"The request needs a preflight: {reason}")
            refusal = yield from preflight(flight)
    result = refusal or (yield from _http_fetch(flight))
    if isinstance(result, Failure):
        _forget(flight, result)
    return result


def _note_referrer_policy(flight: Flight) -> None:
    """https://w3c.github.io/webappsec-referrer-policy/#referrer-policies"""
    policy = flight.fetch.referrer_policy
    if policy in _LAX_POLICIES and not is_same_site(
        flight.fetch.page_origin, flight.url
    ):
        flight.notes.append(Note("referrer-policy", flight.url.whole, reason=policy))


def _choose_tainting(flight: Flight) -> Failure | None:
    """https://fetch.spec.whatwg.org/#concept-main-fetch"""
    page, url = flight.fetch.page_origin, flight.url
    if flight.mode in ("navigate", "websocket"):
        return None
    if flight.is_same_origin and flight.tainting == "basic":
        flight.trail.passed("same-origin", f"{url.text} is of the page's own origin.")
        return None
    if flight.mode == "same-origin":
        return Failure(
            "same-origin-mode",
            f"The mode is same-origin, and {url.text} is of another origin than {page}.",
        )
    if flight.mode == "no-cors":
        if flight.fetch.redirect != "follow":
            return Failure(
                "no-cors-redirect", "In the mode no-cors redirects must be followed."
            )
        flight.trail.passed(
            "no-cors-mode",
            "The mode is no-cors: the page gets a response that it cannot read.",
        )
        flight.tainting = "opaque"
        return None
    flight.trail.passed(
        "cross-origin", f"The page is of {page}, and {url.text} of another origin."
    )
    flight.tainting = "cors"
    return None


def _http_fetch(
    flight: Flight,
) -> Generator[Request, Response, Response | Failure | None]:
    """https://fetch.spec.whatwg.org/#concept-http-fetch"""
    fetch = flight.fetch
    if fetch.streams_body and flight.profile.streams == "http2" and flight.has_body:
        return Failure(
            "stream-body",
            "The body is a stream, which this browser sends over HTTP/2 only.",
        )
    lines = (*origin_header(flight), *combined(flight.headers))
    if flight.profile.values_are_utf8:
        lines = tuple((name, encode_utf8(value)) for name, value in lines)
    if fetch.kind is Kind.WEB_SOCKET:
        lines = (*lines, ("Connection", "Upgrade"), ("Upgrade", "websocket"))
    response = yield from flight.send(
        Request(flight.method, flight.url.text, lines), "no-response"
    )
    if isinstance(response, Failure):
        return response
    if fetch.kind is Kind.WEB_SOCKET:
        return _refuse_handshake(flight, response) or response
    refusal = None
    if flight.tainting == "cors":
        refusal = check_cors(
            response, flight.origin, flight.is_credentialed, flight.trail
        )
    refusal = refusal or refuse_by_resource_policy(flight, response)
    if refusal is not None:
        location = parse_location(response, flight.url)[1]
        return refusal._replace(location=location if is_redirect(response) else None)
    if not is_redirect(response):
        return response
    return _http_redirect(flight, response)


def _http_redirect(flight: Flight, response: Response) -> Response | Failure | None:
    """https://fetch.spec.whatwg.org/#concept-http-fetch"""
    if flight.fetch.redirect == "error":
        return Failure(
            "redirect-mode",
            f"The response redirects ({response.status}), and the fetch says redirect: error.",
            status=response.status,
        )
    has_location, location = parse_location(response, flight.url)
    if flight.fetch.redirect == "manual":
        flight.tainting = "opaqueredirect"
        return response
    return follow(flight, response, location) if has_location else response


def _refuse_handshake(flight: Flight, response: Response) -> Failure | None:
    """https://websockets.spec.whatwg.org/#concept-websocket-establish"""
    if response.status == 101:
        flight.trail.passed("websocket-handshake", "The server accepts the WebSocket.")
        return None
    return Failure(
        "websocket-handshake",
        f"The server answers the handshake with {response.status} and not with 101.",
        status=response.status,
    )


def _forget(flight: Flight, failure: Failure) -> None:
    """Takes back what was remembered of a URL that failed.

    Deviation: Firefox does it for every fetch whose response fails the CORS check; Chromium and
    WebKit never.
    https://fetch.spec.whatwg.org/#concept-cache-clear
    """
    in_firefox = flight.browser is Browser.FIREFOX and failure.reason.startswith(
        ("allow-origin", "allow-credentials")
    )
    if (flight.browser is None and flight.asks_first) or in_firefox:
        flight.cache.clear(flight.preflight_origin, flight.url.whole)


def _refuse_content(flight: Flight, response: Response) -> Failure | None:
    """What a kind asks of a response that it could read, and what consoles say of errors."""
    if response.status >= 400 and flight.fetch.kind is not Kind.WEB_SOCKET:
        flight.notes.append(
            Note("http-error", flight.url.text, response.status, response.reason)
        )
    kind = flight.fetch.kind
    if kind in (Kind.SCRIPT, Kind.MODULE, Kind.STYLESHEET, Kind.FONT) or (
        kind is Kind.IMAGE and flight.profile.refuses_error_images
    ):
        return _refuse_status(response)
    if kind is not Kind.EVENT_SOURCE:
        return None
    media_type = value_of(response, "Content-Type") or ""
    if response.status == 200 and parse_essence(media_type) == "text/event-stream":
        return None
    return Failure(
        "event-stream",
        f"An EventSource needs the status 200 and the type text/event-stream, and not "
        f"{response.status} and {media_type!r}.",
        value=parse_essence(media_type) or media_type,
        status=response.status,
    )


def _refuse_status(response: Response) -> Failure | None:
    """https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script"""
    if 200 <= response.status <= 299:
        return None
    return Failure(
        "resource-status",
        f"The status is {response.status}: scripts, stylesheets and fonts need one from 200 to "
        "299.",
        status=response.status,
    )


def _verdict(flight: Flight, result: Response | Failure) -> Verdict:
    """https://fetch.spec.whatwg.org/#concept-filtered-response"""
    kind = flight.fetch.kind
    exposed: tuple[tuple[str, str], ...] = ()
    if isinstance(result, Failure):
        flight.trail.failed(result.code, result.text)
        failure, response_type, status = result, "error", None
    else:
        failure, response_type, status = None, flight.tainting, result.status
        if response_type in ("opaque", "opaqueredirect"):
            status = 0
            flight.trail.passed(
                "opaque-response",
                "The page gets a response without status, headers and body.",
            )
        elif kind is not Kind.WEB_SOCKET:
            exposed = exposed_headers(flight, result)
    shows = kind not in (Kind.BEACON, Kind.PING) and (
        kind is not Kind.NAVIGATION or flight.is_same_origin
    )
    return Verdict(
        readable=shows and response_type in ("basic", "cors"),
        response_type=response_type,
        status=status,
        exposed_headers=exposed,
        failure=None if failure is None else failure.code,
        steps=tuple(flight.trail.steps),
        exchanges=tuple(flight.exchanges),
        console=console_lines(flight, failure),
        script_error=None if failure is None else script_error(flight, failure),
    )
