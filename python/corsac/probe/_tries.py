"""The origins that an attacker, or a careless list, would have let in.

Here: `Try` and the tries that follow from one allowed origin. Not here: asking (`_probe.py`), what
it means that one is let in (`_rules.py`).
Every name ends in `.example`, which nobody can own, unless it is a change of the origin itself.
Spec: https://www.rfc-editor.org/rfc/rfc6761#section-6.5
"""

from __future__ import annotations

import ipaddress
import urllib.parse
from dataclasses import dataclass
from typing import Final

from corsac._core import Pattern, PatternError

#: A page that nobody would allow by name.
STRANGER: Final = "corsac-probe.example"


@dataclass(frozen=True, slots=True)
class Try:
    """`rule`: the id of the finding where the origin is let in. `origin`: what is sent.
    `purpose`: what it is to find out."""

    rule: str
    origin: str
    purpose: str


def stranger(url: str) -> Try:
    """An origin that has nothing in common with any.

    Its scheme is the URL's, since browsers keep https pages from http servers anyway.
    """
    scheme = urllib.parse.urlsplit(url).scheme
    return Try("reflected-origin", f"{scheme}://{STRANGER}", "an arbitrary origin")


NULL: Final = Try("null-origin", "null", "the origin null")


def tries_of(base: str, url: str, allowed: tuple[str, ...]) -> list[Try]:
    """What comes near `base`, an origin; none of `allowed`, and not the URL's own origin.

    The most telling come first, because a bound may cut the rest.
    """
    parts = urllib.parse.urlsplit(base)
    scheme, host = parts.scheme, parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    is_name = not _is_address(host)
    domain = _registrable_domain(host) if is_name else None
    tries = []

    def add(rule: str, origin: str, purpose: str) -> None:
        tries.append(Try(rule, origin, purpose))

    if is_name:
        add(
            "origin-suffix",
            f"{scheme}://{host}.{STRANGER}{port}",
            "more after the host",
        )
    if domain:
        add("origin-prefix", f"{scheme}://corsac{domain}{port}", "more before the host")
    if domain and host != domain:
        dotless = host.replace(".", "x", 1)
        add(
            "unescaped-dot", f"{scheme}://{dotless}{port}", "a letter for the first dot"
        )
    if is_name:
        for mark, name in (("_", "an underscore"), ("`", "a backtick")):
            add(
                "special-character-host",
                f"{scheme}://{host}{mark}.{STRANGER}{port}",
                f"{name} after the host",
            )
    if domain:
        add("any-subdomain", f"{scheme}://corsac-probe.{domain}{port}", "any subdomain")
    if scheme == "https":
        add("insecure-origin", f"http://{host_text(host)}{port}", "http for https")
    other = ":8443" if port != ":8443" else ":9443"
    add("other-port", f"{scheme}://{host_text(host)}{other}", "another port")
    if not _is_loopback(urllib.parse.urlsplit(url).hostname or ""):
        add(
            "localhost-origin",
            "http://localhost:3000",
            "a page on the visitor's machine",
        )
    if base != base.upper():
        add("origin-case", base.upper(), "the origin in upper case")
    own = _origin_of(url)
    return [
        one
        for one in tries
        if one.origin not in allowed and one.origin not in (own, base)
    ]


def base_origin(url: str, allowed: tuple[str, ...]) -> str:
    """The origin to vary: the first that should be allowed, or else the server's own."""
    return allowed[0] if allowed else _origin_of(url)


def host_text(host: str) -> str:
    """A host as a URL has it."""
    return f"[{host}]" if ":" in host else host


def _origin_of(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _registrable_domain(host: str) -> str | None:
    """The shortest name of a host that somebody can own; None for localhost and the like.

    https://github.com/publicsuffix/list/wiki/Format
    """
    labels = host.removesuffix(".").split(".")
    for start in range(len(labels) - 2, -1, -1):
        name = ".".join(labels[start:])
        try:
            if not Pattern(f"https://*.{name}").is_under_public_suffix:
                return name
        except PatternError:
            return None
    return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    if _is_address(host):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")
