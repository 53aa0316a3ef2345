"""The pure-Python twin's reading of origins: text in, yes or no out.

Here: what an origin is, and the patterns that are asked for one.
Not here: policies and requests (`pure_python.py`), the validation of patterns.
Spec: https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
"""

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv6Address

# The longest origin: 64 bytes of scheme, "://", 253 of host, ":" and 5 of port.
ORIGIN_BYTES = 326
HOST_BYTES = 253

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
# https://www.rfc-editor.org/rfc/rfc3986#section-3.1
ORIGIN = re.compile(
    r"([a-z][a-z0-9+.-]{0,63})://(\[[0-9a-f:]+\]|[^:]+)(:[1-9][0-9]{0,4})?"
)
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4 = re.compile(rf"({OCTET}\.){{3}}{OCTET}")


def parse_origin(value: bytes) -> tuple[str, str, int | None] | str | None:
    """A scheme, a host and a port; or "null"; or None where it is no origin.

    https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
    """
    if len(value) > ORIGIN_BYTES or not value.isascii():
        return None
    if value == b"null":
        return "null"
    parts = ORIGIN.fullmatch(value.decode("ascii"))
    if parts is None:
        return None
    scheme, host, port = parts[1], parts[2], int(parts[3][1:]) if parts[3] else None
    if scheme == "file" or not is_host(scheme, host):
        return None
    if port and (port > 65535 or port == DEFAULT_PORTS.get(scheme)):
        return None
    return scheme, host, port


def is_host(scheme: str, host: str) -> bool:
    """Whether the host is spelled as the URL Standard serialises it.

    https://url.spec.whatwg.org/#concept-host-serializer
    """
    if host.startswith("["):
        return serialise_ipv6(host[1:-1]) == host[1:-1]
    labels = host.split(".")
    if labels[-1] == "" and len(labels) > 1:
        labels.pop()
    if len(host) > HOST_BYTES or not all(LABEL.fullmatch(label) for label in labels):
        return False
    if scheme in DEFAULT_PORTS and NUMBER.fullmatch(labels[-1]):
        return IPV4.fullmatch(host) is not None
    return True


def serialise_ipv6(text: str) -> str | None:
    """The one spelling of the address, or None where the text is no address.

    `str(IPv6Address)` would be shorter; it writes a mapped address with dots
    in newer versions of Python.
    https://url.spec.whatwg.org/#concept-ipv6-serializer
    """
    try:
        packed = IPv6Address(text).packed
    except AddressValueError:
        return None
    pieces = [f"{packed[i] << 8 | packed[i + 1]:x}" for i in range(0, 16, 2)]
    for length in range(8, 1, -1):
        for start in range(9 - length):
            if pieces[start : start + length] == ["0"] * length:
                before, after = pieces[:start], pieces[start + length :]
                return ":".join(before) + "::" + ":".join(after)
    return ":".join(pieces)


class PurePythonOriginMatcher:
    """Configured patterns, asked whether an origin is one of them."""

    def __init__(self, patterns: Iterable[str | re.Pattern[str]]) -> None:
        self.everything = False
        self.exact: set[bytes] = set()
        # Scheme; host or "*.host"; port or "" or "*".
        self.wildcards: set[tuple[str, str, str]] = set()
        self.regexes: list[re.Pattern[str]] = []
        for pattern in patterns:
            if isinstance(pattern, re.Pattern):
                self.regexes.append(pattern)
            elif pattern == "*":
                self.everything = True
            elif "*" in pattern:
                parts = re.fullmatch(r"(.*?)://(.*?)(?::([0-9]+|\*))?", pattern)
                self.wildcards.add(parts.groups(default=""))
            else:
                self.exact.add(pattern.encode("ascii"))

    def matches(self, origin: str | bytes | None) -> bool:
        if origin is None:
            return False
        value = as_bytes(origin)
        if value in self.exact:
            return True
        parsed = parse_origin(value)
        if parsed is None or self.everything:
            return parsed is not None
        if parsed == "null":
            return False
        scheme, host, port = parsed
        dots = [index for index, char in enumerate(host) if char == "."]
        hosts = [host, *("*" + host[dot:] for dot in dots)]
        ports = ["" if port is None else str(port), "*"]
        if any((scheme, h, p) in self.wildcards for h in hosts for p in ports):
            return True
        return any(regex.fullmatch(value.decode("ascii")) for regex in self.regexes)

    def match_many(self, origins: Iterable[str | bytes | None]) -> list[bool]:
        return [self.matches(origin) for origin in origins]


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
