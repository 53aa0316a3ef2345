"""The pure-Python twin of corsac: the same answers, written for clearness.

Here: one plain reading of the standards behind the same `decide`, `merge` and
`matches` as corsac's, with no Rust. It is the oracle of the property tests and
the baseline of the benchmarks, so it computes once what a reasonable person
would compute once, and is clever nowhere.
Not here: the validation of a configuration; corsac.Policy has accepted it.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

# The longest origin: 64 bytes of scheme, "://", 253 of host, ":" and 5 of port.
ORIGIN_BYTES = 326
HOST_BYTES = 253
# The three limits on Access-Control-Request-Headers are chosen by us.
FIELD_BYTES = 16 * 1024
FIELD_NAMES = 1024
FIELD_EMPTY_ELEMENTS = 64
# So is the one on Access-Control-Request-Method.
METHOD_BYTES = 8 * 1024

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
# https://fetch.spec.whatwg.org/#cors-safelisted-method
SAFELISTED_METHODS = ("GET", "HEAD", "POST")
NORMALISED = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}
# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED_RESPONSE_HEADERS = (
    b"cache-control content-language content-length content-type expires"
    b" last-modified pragma"
).split()
CORS_RESPONSE_HEADERS = (
    b"access-control-allow-origin access-control-allow-credentials"
    b" access-control-allow-methods access-control-allow-headers"
    b" access-control-expose-headers access-control-max-age"
).split()

# https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# https://www.rfc-editor.org/rfc/rfc3986#section-3.1
ORIGIN = re.compile(
    r"([a-z][a-z0-9+.-]{0,63})://(\[[0-9a-f:]+\]|[^:]+)(:[1-9][0-9]{0,4})?"
)
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4 = re.compile(rf"({OCTET}\.){{3}}{OCTET}")

Lines = tuple[tuple[str, str], ...]


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


@dataclass(frozen=True)
class Decision:
    """What corsac says about one request, in plain values."""

    outcome: str
    refusal: str | None
    status: int | None
    headers: Lines

    def merge(self, headers: Iterable[tuple]) -> list[tuple]:
        """The application's header lines without its CORS ones, and ours.

        https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
        """
        lines = list(headers)
        in_bytes = bool(lines) and isinstance(lines[0][0], bytes)
        ours = dict(self.headers)
        if "Vary" in ours:
            vary = [as_text(v) for n, v in lines if lower(n) == b"vary"]
            ours["Vary"] = merge_vary([*vary, ours["Vary"]])
        dropped = CORS_RESPONSE_HEADERS + [b"vary"] * ("Vary" in ours)
        merged = [line for line in lines if lower(line[0]) not in dropped]
        if in_bytes:
            ours = {
                n.lower().encode("latin-1"): v.encode("latin-1")
                for n, v in ours.items()
            }
        return merged + list(ours.items())


@dataclass(kw_only=True)
class PurePythonPolicy:
    """What the user allows, and the answer to each request."""

    allow_origins: Iterable[str | re.Pattern[str]]
    allow_methods: Iterable[str] = ()
    allow_headers: Iterable[str] = ()
    expose_headers: Iterable[str] = ()
    allow_credentials: bool = False
    max_age: int | None = 600
    preflight_status: int = 204
    dangerously_allow_null_origin: bool = False
    dangerously_allow_insecure_origins: bool = False
    dangerously_allow_public_suffix_origins: bool = False

    def __post_init__(self) -> None:
        self.origins = PurePythonOriginMatcher(self.allow_origins)
        if self.dangerously_allow_null_origin:
            self.origins.exact.add(b"null")
        self.static = self.origins.everything

        methods = [normalise(method) for method in self.allow_methods]
        self.any_method = "*" in methods
        self.methods = {m.encode("ascii") for m in (*methods, *SAFELISTED_METHODS)}
        named = [m for m in dict.fromkeys(methods) if m not in SAFELISTED_METHODS]
        self.methods_value = "*" if self.any_method else ", ".join(named)

        names = distinct(self.allow_headers)
        self.any_header = "*" in names
        self.header_names = {lower(name) for name in names}
        if self.any_header:
            names = ["*", *(name for name in names if lower(name) == b"authorization")]
        self.headers_value = ", ".join(names)

        exposed = distinct(self.expose_headers)
        exposed = [n for n in exposed if lower(n) not in SAFELISTED_RESPONSE_HEADERS]
        self.expose_value = "*" if "*" in exposed else ", ".join(exposed)
        self.credentials_value = "true" if self.allow_credentials else ""
        self.max_age_value = "" if self.max_age is None else str(self.max_age)
        asked = "Access-Control-Request-Method, Access-Control-Request-Headers"
        self.preflight_vary = asked if self.static else "Origin, " + asked

    def decide(self, method: str, headers: Mapping | Iterable[tuple]) -> Decision:
        """https://fetch.spec.whatwg.org/#http-requests"""
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        lines: dict[bytes, list[bytes]] = {}
        for name, value in pairs:
            lines.setdefault(lower(name), []).append(as_bytes(value))
        origins = lines.get(b"origin", [])
        methods = lines.get(b"access-control-request-method", [])
        names = lines.get(b"access-control-request-headers", [])

        if not origins:
            return Decision("no_origin", None, None, self.actual_headers(None))
        allowed = len(origins) == 1 and self.origins.matches(origins[0])
        origin = origins[0].decode("ascii") if allowed else None
        if method == "OPTIONS" and methods:
            return self.decide_preflight(origin, methods, names)
        outcome = ("actual_allowed", None) if allowed else ("actual_refused", "origin")
        return Decision(*outcome, None, self.actual_headers(origin))

    def decide_preflight(
        self, origin: str | None, methods: list[bytes], lines: list[bytes]
    ) -> Decision:
        """The origin, then the method, then the headers, as a browser asks.

        https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
        """
        if origin is None:
            return self.refuse_preflight("origin")
        if len(methods) != 1 or not self.allows_method(methods[0]):
            return self.refuse_preflight("method")
        names = split_names(lines)
        if names is None or not all(self.allows_header(name) for name in names):
            return self.refuse_preflight("headers")
        answer = self.preflight_headers(origin, methods[0], names)
        return Decision("preflight_allowed", None, self.preflight_status, answer)

    def refuse_preflight(self, refusal: str) -> Decision:
        vary = (("Vary", self.preflight_vary),)
        return Decision("preflight_refused", refusal, 403, vary)

    def allows_method(self, method: bytes) -> bool:
        if len(method) > METHOD_BYTES or method == b"*" or not TOKEN.fullmatch(method):
            return False
        return self.any_method or method in self.methods

    def allows_header(self, name: bytes) -> bool:
        """https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name"""
        covered = self.any_header and name.lower() != b"authorization"
        return name != b"*" and (covered or name.lower() in self.header_names)

    def actual_headers(self, origin: str | None) -> Lines:
        if origin is None and not self.static:
            return (("Vary", "Origin"),)
        return lines_of(
            ("Access-Control-Allow-Origin", "*" if self.static else origin),
            ("Access-Control-Allow-Credentials", self.credentials_value),
            ("Access-Control-Expose-Headers", self.expose_value),
            ("Vary", "" if self.static else "Origin"),
        )

    def preflight_headers(
        self, origin: str, method: bytes, names: list[bytes]
    ) -> Lines:
        """https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"""
        methods_value, headers_value = self.methods_value, self.headers_value
        if self.allow_credentials and self.any_method:
            asked = method.decode("ascii")
            methods_value = "" if asked in SAFELISTED_METHODS else asked
        if self.allow_credentials and self.any_header:
            headers_value = b", ".join(names).decode("ascii")
        return lines_of(
            ("Access-Control-Allow-Origin", "*" if self.static else origin),
            ("Access-Control-Allow-Credentials", self.credentials_value),
            ("Access-Control-Allow-Methods", methods_value),
            ("Access-Control-Allow-Headers", headers_value),
            ("Access-Control-Max-Age", self.max_age_value),
            ("Vary", self.preflight_vary),
        )


def split_names(lines: list[bytes]) -> list[bytes] | None:
    """The names asked for, or None where one is malformed or they are too many.

    https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
    """
    if sum(len(line) + 1 for line in lines) > FIELD_BYTES:
        return None
    elements = [element.strip(b" \t") for line in lines for element in line.split(b",")]
    names = [element for element in elements if element]
    if len(names) > FIELD_NAMES or len(elements) - len(names) > FIELD_EMPTY_ELEMENTS:
        return None
    return names if all(TOKEN.fullmatch(name) for name in names) else None


def merge_vary(values: list[str]) -> str:
    """https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5"""
    members = [member.strip(" \t") for value in values for member in value.split(",")]
    members = distinct(member for member in members if member)
    return "*" if "*" in members else ", ".join(members)


def distinct(names: Iterable[str]) -> list[str]:
    """The names without those that differ in case alone; the first spelling stays."""
    first_spellings: dict[bytes, str] = {}
    for name in names:
        first_spellings.setdefault(lower(name), name)
    return list(first_spellings.values())


def lines_of(*lines: tuple[str, str]) -> Lines:
    """The lines that have a value."""
    return tuple((name, value) for name, value in lines if value)


def normalise(method: str) -> str:
    """https://fetch.spec.whatwg.org/#concept-method-normalize"""
    return method.upper() if method.upper() in NORMALISED else method


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def as_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def lower(text: str | bytes) -> bytes:
    """In lower case as HTTP means it: `bytes.lower` knows ASCII alone."""
    return as_bytes(text).lower()
