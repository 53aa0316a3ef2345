"""Redirects: where they lead, and what of the request survives them.

Here: `is_redirect` and `follow`. Not here: the checks of the response that redirects (`_client.py`).
Spec: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
"""

from __future__ import annotations

from typing import Final

from ._failure import Failure
from ._fields import decode_utf8, lines_of, value_of
from ._flight import Flight, is_same_origin
from ._url import Url, parse
from ._wire import Response

#: https://fetch.spec.whatwg.org/#redirect-status
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
#: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
_MOST_REDIRECTS: Final = 20
#: https://fetch.spec.whatwg.org/#request-body-header-name
_BODY_HEADERS: Final = frozenset(
    {"content-encoding", "content-language", "content-location", "content-type"}
)


def is_redirect(response: Response) -> bool:
    """https://fetch.spec.whatwg.org/#redirect-status"""
    return response.status in _REDIRECTS


def parse_location(response: Response, base: Url) -> tuple[bool, Url | None]:
    """Whether there is a Location, and the URL that it gives.

    https://fetch.spec.whatwg.org/#concept-response-location-url
    """
    lines = lines_of(response, "Location")
    if not lines:
        return False, None
    url = parse(decode_utf8(lines[0]), base) if len(set(lines)) == 1 else None
    return True, url if url is None or url.scheme in ("http", "https") else None


def follow(flight: Flight, response: Response, location: Url | None) -> Failure | None:
    """Turns the request to where the redirect leads; None where it may go there.

    https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    """
    status = response.status
    if location is None:
        return Failure(
            "redirect-location",
            "The redirect's Location is no URL of http or https.",
            value=value_of(response, "Location") or "",
            status=status,
        )
    if len(flight.urls) > _MOST_REDIRECTS:
        return Failure(
            "redirect-limit",
            f"There are more than {_MOST_REDIRECTS} redirects.",
            status=status,
        )
    leaves_page = not is_same_origin(flight.fetch.page_origin, location)
    if location.userinfo and (
        flight.tainting == "cors" or (flight.mode == "cors" and leaves_page)
    ):
        return Failure(
            "redirect-credentials",
            "The redirect's Location has a user or a password, which a redirect across origins "
            "must not.",
            status=status,
            location=location,
        )
    streams = flight.fetch.streams_body and flight.profile.streams != "text"
    if streams and flight.has_body and status != 303:
        return Failure(
            "redirect-stream",
            "The body is a stream, and cannot be sent a second time.",
            status=status,
        )
    _change_method(flight, status)
    changes_origin = flight.url.origin != location.origin
    if changes_origin:
        flight.headers = tuple(
            line for line in flight.headers if line[0].lower() != "authorization"
        )
        if not flight.is_same_origin:
            flight.is_tainted = True
    flight.trail.passed(
        "redirect",
        f"The response redirects ({status}) to {location.text}"
        + (", and the Origin is null from here on." if flight.is_tainted else "."),
    )
    if location.fragment is None:
        location = location._replace(fragment=flight.url.fragment)
    flight.urls.append(location)
    return None


def _change_method(flight: Flight, status: int) -> None:
    """https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    method = flight.method
    if (status in (301, 302) and method == "POST") or (
        status == 303 and method not in ("GET", "HEAD")
    ):
        flight.method = "GET"
        flight.has_body = False
        flight.headers = tuple(
            line for line in flight.headers if line[0].lower() not in _BODY_HEADERS
        )
