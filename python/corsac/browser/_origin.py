"""The `Origin` header of a request.

Here: `origin_header`. Not here: what makes the origin `null` (`_flight.py`, `_redirect.py`).
Spec: https://fetch.spec.whatwg.org/#append-a-request-origin-header
"""

from __future__ import annotations

from ._flight import Flight
from ._wire import Lines


def origin_header(flight: Flight) -> Lines:
    """The line, or none. https://fetch.spec.whatwg.org/#append-a-request-origin-header"""
    if flight.tainting == "cors" or flight.mode == "websocket":
        return (("Origin", flight.origin),)
    if flight.method in ("GET", "HEAD"):
        return ()
    hidden = flight.mode != "cors" and _hides_origin(flight)
    return (("Origin", "null" if hidden else flight.origin),)


def _hides_origin(flight: Flight) -> bool:
    """https://fetch.spec.whatwg.org/#append-a-request-origin-header"""
    policy = flight.fetch.referrer_policy or "strict-origin-when-cross-origin"
    if policy == "no-referrer":
        return True
    if policy == "same-origin":
        return not flight.is_same_origin
    downgrades = flight.origin.startswith("https:") and flight.url.scheme != "https"
    return downgrades and policy in (
        "no-referrer-when-downgrade",
        "strict-origin",
        "strict-origin-when-cross-origin",
    )
