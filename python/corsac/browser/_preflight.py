"""Preflights: when one is needed, how it asks, and what its response must say.

Here: `why_preflight` and `preflight`. Not here: the checks of its response
(`_preflight_checks.py`), the cache's rules (`_cache.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

from collections.abc import Generator

from .._listed import SAFELISTED_METHODS
from ._cache import DEFAULT_AGE, parse_age
from ._failure import Failure
from ._fetch import Browser
from ._fields import elements_of, value_of
from ._flight import Flight
from ._preflight_checks import ALLOW_HEADERS, ALLOW_METHODS, CHECKS
from ._profile import PreflightCheck
from ._wire import Request, Response


def why_preflight(flight: Flight) -> str | None:
    """What makes the browser ask first, as a sentence; None: nothing does.

    https://fetch.spec.whatwg.org/#concept-main-fetch
    """
    fetch = flight.fetch
    if flight.method not in SAFELISTED_METHODS:
        return f"{flight.method} is no safelisted method (GET, HEAD, POST)."
    stays = flight.profile.preflight_stays
    headers = flight.first_headers if stays else flight.headers
    for name, reason in flight.unsafe_lines(headers):
        return f"The header {name} {reason}."
    if stays and flight.asks_first:
        return "The request before the redirect needed one."
    if fetch.has_upload_listener:
        return "The script listens to the upload."
    if fetch.streams_body and flight.has_body and flight.profile.streams != "text":
        return "The body is a stream."
    return None


def preflight(flight: Flight) -> Generator[Request, Response, Failure | None]:
    """Asks first, unless an answer is remembered; None where the request may go out.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """
    names = _asked_names(flight)
    url = flight.url.whole
    remembered = (
        flight.fetch.cache_mode not in flight.profile.uncached_modes
        and flight.cache.allows(
            flight.preflight_origin,
            url,
            flight.is_credentialed,
            flight.method,
            names,
            flight.browser,
        )
    )
    if remembered:
        flight.trail.passed(
            "preflight-cache",
            "An earlier preflight allowed this; it is not asked again.",
        )
        return None
    lines = [
        ("Origin", flight.preflight_origin),
        ("Access-Control-Request-Method", flight.method),
    ]
    if names:
        lines.append(("Access-Control-Request-Headers", ",".join(names)))
    response = yield from flight.send(
        Request("OPTIONS", flight.url.text, tuple(lines), is_preflight=True),
        "preflight-no-response",
    )
    if isinstance(response, Failure):
        return response
    if flight.browser is Browser.WEBKIT:
        # Deviation: an answer is remembered before it is compared with the request.
        refusal = _first_refusal(flight, response, names, until="method")
        if refusal is None:
            _remember(flight, response)
        return refusal or _first_refusal(flight, response, names, since="method")
    refusal = _first_refusal(flight, response, names)
    if refusal is None:
        _remember(flight, response)
    return refusal


def _asked_names(flight: Flight) -> list[str]:
    """The names that the preflight asks for, in lower case, sorted.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    keeps, repeats = (
        flight.profile.preflight_keeps_names,
        flight.profile.preflight_repeats_names,
    )
    lines = flight.unsafe_lines(flight.first_headers if keeps else flight.headers)
    names = [name.lower() for name, _ in lines]
    return names if repeats else list(dict.fromkeys(names))


def _first_refusal(
    flight: Flight,
    response: Response,
    names: list[str],
    *,
    since: PreflightCheck | None = None,
    until: PreflightCheck | None = None,
) -> Failure | None:
    """The first check that fails, in the browser's order.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    """
    order = flight.profile.preflight_order
    begin = order.index(since) if since else 0
    end = order.index(until) if until else len(order)
    for check in order[begin:end]:
        refusal = CHECKS[check](flight, response, names)
        if refusal is not None:
            return refusal
    return None


def _remember(flight: Flight, response: Response) -> None:
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    if flight.browser is Browser.CHROMIUM and flight.fetch.cache_mode == "no-store":
        # Deviation: nothing of a fetch with `no-store` is stored, this neither.
        return
    age = parse_age(value_of(response, "Access-Control-Max-Age"), flight.browser)
    seconds = DEFAULT_AGE if age is None else age
    longest = flight.profile.longest_age
    if longest is not None:
        seconds = min(seconds, longest)
    flight.trail.passed(
        "max-age",
        f"The answer is remembered for {seconds} s."
        if age is not None
        else f"The answer has no duration, and is remembered for {seconds} s.",
    )
    methods = set(elements_of(response, ALLOW_METHODS))
    if flight.browser is None and value_of(response, ALLOW_METHODS) is None:
        # A forced preflight without the header allows the method that was asked for.
        methods.add(flight.method)
    flight.cache.store(
        flight.preflight_origin,
        flight.url.whole,
        flight.is_credentialed,
        methods,
        elements_of(response, ALLOW_HEADERS),
        seconds,
        flight.browser,
    )
