"""What blocks a request before it goes out: the page's policy, insecure URLs, ports.

Here: `refuse_to_send`, asked before each request of a fetch. Not here: anything that a server says.
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

from __future__ import annotations

from typing import Final

from ._failure import Failure
from ._fetch import Kind
from ._flight import Flight, Note
from ._url import Url, parse

#: https://fetch.spec.whatwg.org/#bad-port
_BAD_PORTS: Final = frozenset(
    (
        0,
        1,
        7,
        9,
        11,
        13,
        15,
        17,
        19,
        20,
        21,
        22,
        23,
        25,
        37,
        42,
        43,
        53,
        69,
        77,
        79,
        87,
        95,
        101,
        102,
        103,
        104,
        109,
        110,
        111,
        113,
        115,
        117,
        119,
        123,
        135,
        137,
        139,
        143,
        161,
        179,
        389,
        427,
        465,
        512,
        513,
        514,
        515,
        526,
        530,
        531,
        532,
        540,
        548,
        554,
        556,
        563,
        587,
        601,
        636,
        989,
        990,
        993,
        995,
        1719,
        1720,
        1723,
        2049,
        3659,
        4045,
        4190,
        5060,
        5061,
        6000,
        6566,
        6665,
        6666,
        6667,
        6668,
        6669,
        6679,
        6697,
        10080,
    )
)


def refuse_to_send(flight: Flight) -> Failure | None:
    """https://fetch.spec.whatwg.org/#concept-main-fetch"""
    directive = flight.fetch.blocked_by_policy
    if directive is not None:
        return Failure(
            "content-security-policy",
            f"The page's Content-Security-Policy forbids it: {directive}.",
            value=directive,
        )
    if flight.url.port in _BAD_PORTS:
        return Failure("bad-port", f"Browsers send nothing to port {flight.url.port}.")
    if not _is_mixed(flight):
        return None
    if flight.fetch.kind in (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO):
        # https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
        flight.notes.append(Note("mixed-content-upgrade", flight.url.whole))
        flight.urls[-1] = _upgraded(flight.url)
        return None
    return Failure(
        "mixed-content",
        f"The page came over https, and {flight.url.text} does not: use https.",
        value=flight.url.text,
    )


def _is_mixed(flight: Flight) -> bool:
    """https://w3c.github.io/webappsec-mixed-content/#should-block-fetch"""
    page = flight.fetch.page_origin
    if page == "null":
        page = flight.fetch.page_url
    if not page.startswith("https://") or flight.mode == "navigate":
        return False
    url = flight.url
    is_loopback = is_trustworthy(url) and url.scheme in ("http", "ws")
    return not is_trustworthy(url) or (
        is_loopback and not flight.profile.trusts_loopback
    )


def is_trustworthy(url: Url) -> bool:
    """https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy"""
    if url.scheme in ("https", "wss"):
        return True
    host = url.host.removesuffix(".")
    return (
        host == "localhost"
        or host.endswith(".localhost")
        or host == "[::1]"
        or (host.startswith("127.") and host[-1].isdecimal())
    )


def _upgraded(url: Url) -> Url:
    """The same URL over https; one with an address as its host stays insecure and is sent so."""
    if url.host[-1].isdecimal() or url.host.startswith("["):
        return url
    return parse("https" + url.whole.removeprefix("http")) or url
