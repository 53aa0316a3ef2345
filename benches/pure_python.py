"""The pure-Python twin of corsac: the same answers, written for clearness.

Here: one plain reading of the standards behind the same `decide` and `merge` as
corsac's, with no Rust. It is the oracle of the property tests and the baseline
of the benchmarks, so it computes once what a reasonable person would compute
once, and is clever nowhere.
Not here: origins (`pure_python_origins.py`), several policies
(`pure_python_choices.py`), the validation of a configuration; corsac.Policy has
accepted it.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pure_python_origins import PurePythonOriginMatcher, as_bytes

# The three limits on Access-Control-Request-Headers are chosen by us.
FIELD_BYTES = 16 * 1024
FIELD_NAMES = 1024
FIELD_EMPTY_ELEMENTS = 64
# So is the one on Access-Control-Request-Method.
METHOD_BYTES = 8 * 1024

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

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Decision:
    """What corsac says about one request, in plain values."""

    outcome: str
    refusal: str | None
    status: int | None
    headers: Lines
    # The header names that are the policy's alone, in lower case.
    spoken: frozenset[bytes] = frozenset(CORS_RESPONSE_HEADERS)

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
        dropped = self.spoken | ({b"vary"} if "Vary" in ours else set())
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
    # Nobody watches the twin.
    name: str | None = None
    shadow: object = None
    enforce: bool = False
    own_origins: Iterable[str] = ()
    debug: bool = False
    timing_allow_origin: bool = False
    cross_origin_resource_policy: str | None = None
    # Whether another policy may answer the next request, by its origin.
    shared: bool = False

    def __post_init__(self) -> None:
        self.origins = PurePythonOriginMatcher(self.allow_origins)
        if self.dangerously_allow_null_origin:
            self.origins.exact.add(b"null")
        self.static = self.origins.everything and not self.shared
        self.own = {origin.encode("ascii") for origin in self.own_origins}

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
        spoken = [b"timing-allow-origin"] * self.timing_allow_origin
        if self.cross_origin_resource_policy:
            spoken.append(b"cross-origin-resource-policy")
        self.spoken = frozenset(CORS_RESPONSE_HEADERS + spoken)

    def decide(
        self, method: str, headers: Mapping | Iterable[tuple], scheme: str = ""
    ) -> Decision:
        """The decision, at a server of this scheme; of none, where nobody knows it.

        https://fetch.spec.whatwg.org/#http-requests
        """
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        lines: dict[bytes, list[bytes]] = {}
        for name, value in pairs:
            lines.setdefault(lower(name), []).append(as_bytes(value))
        origins = lines.get(b"origin", [])
        methods = lines.get(b"access-control-request-method", [])
        names = lines.get(b"access-control-request-headers", [])

        if not origins:
            return self.decide_actual("no_origin", None, None)
        allowed = len(origins) == 1 and self.origins.matches(origins[0])
        origin = origins[0].decode("ascii") if allowed else None
        if method == "OPTIONS" and methods:
            return self.decide_preflight(origin, methods, names)
        if allowed:
            return self.decide_actual("actual_allowed", None, origin)
        if self.enforce and self.is_own(origins, lines.get(b"host", []), scheme):
            return self.decide_actual("no_origin", None, None)
        status = 403 if self.enforce else None
        return self.decide_actual("actual_refused", "origin", None, status)

    def is_own(self, origins: list[bytes], hosts: list[bytes], scheme: str) -> bool:
        """Whether the one origin is the server's own."""
        if len(origins) != 1 or self.own:
            return len(origins) == 1 and origins[0] in self.own
        if len(hosts) != 1 or not hosts[0] or not scheme:
            return False
        address = scheme.encode("ascii") + b"://" + hosts[0].lower()
        default = {"http": b":80", "https": b":443"}[scheme]
        return origins[0] == address.removesuffix(default)

    def decide_actual(
        self,
        outcome: str,
        refusal: str | None,
        origin: str | None,
        status: int | None = None,
    ) -> Decision:
        headers = self.actual_headers(origin)
        return Decision(outcome, refusal, status, headers, self.spoken)

    def decide_preflight(
        self, origin: str | None, methods: list[bytes], lines: list[bytes]
    ) -> Decision:
        """The origin, then the method, then the headers, as a browser asks.

        https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
        """
        if origin is None:
            return self.refuse_preflight("origin")
        passed = [
            ("Access-Control-Allow-Origin", "*" if self.static else origin),
            ("Access-Control-Allow-Credentials", self.credentials_value),
        ]
        if len(methods) != 1 or not self.allows_method(methods[0]):
            listed = "" if self.any_method else self.methods_value
            passed.append(("Access-Control-Allow-Methods", listed))
            return self.refuse_preflight("method", passed)
        names = split_names(lines)
        if names is None or not all(self.allows_header(name) for name in names):
            asked = methods[0].decode("ascii")
            passing = filter(self.allows_header, names_that_count(lines, self))
            passed += [
                ("Access-Control-Allow-Methods", unless_safelisted(asked)),
                ("Access-Control-Allow-Headers", b", ".join(passing).decode("ascii")),
            ]
            return self.refuse_preflight("headers", passed)
        answer = self.preflight_headers(origin, methods[0], names)
        return Decision("preflight_allowed", None, self.preflight_status, answer)

    def refuse_preflight(
        self, refusal: str, passed: Iterable[tuple[str, str]] = ()
    ) -> Decision:
        """In debug mode what passed is said, so that a browser names what did not.

        https://fetch.spec.whatwg.org/#ok-status
        """
        vary = ("Vary", self.preflight_vary)
        if not self.debug:
            return Decision("preflight_refused", refusal, 403, (vary,))
        age = [("Access-Control-Max-Age", "0")] if passed else []
        answer = lines_of(*passed, *age, vary)
        return Decision("preflight_refused", refusal, self.preflight_status, answer)

    def allows_method(self, method: bytes) -> bool:
        if len(method) > METHOD_BYTES or method == b"*" or not TOKEN.fullmatch(method):
            return False
        return self.any_method or method in self.methods

    def allows_header(self, name: bytes) -> bool:
        """https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name"""
        covered = self.any_header and name.lower() != b"authorization"
        return name != b"*" and (covered or name.lower() in self.header_names)

    def actual_headers(self, origin: str | None) -> Lines:
        resource = self.cross_origin_resource_policy or ""
        if origin is None and not self.static:
            resource_policy = ("Cross-Origin-Resource-Policy", resource)
            return lines_of(resource_policy, ("Vary", "Origin"))
        origin = "*" if self.static else origin
        return lines_of(
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", self.credentials_value),
            ("Access-Control-Expose-Headers", self.expose_value),
            ("Timing-Allow-Origin", origin if self.timing_allow_origin else ""),
            ("Cross-Origin-Resource-Policy", "cross-origin" if resource else ""),
            ("Vary", "" if self.static else "Origin"),
        )

    def preflight_headers(
        self, origin: str, method: bytes, names: list[bytes]
    ) -> Lines:
        """https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"""
        methods_value, headers_value = self.methods_value, self.headers_value
        if self.allow_credentials and self.any_method:
            methods_value = unless_safelisted(method.decode("ascii"))
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


def names_that_count(lines: list[bytes], policy: PurePythonPolicy) -> list[bytes]:
    """The names up to the first that is malformed, or too much; of no line behind a refused one."""
    names: list[bytes] = []
    spent = empty = 0
    for line in lines:
        spent += len(line) + 1
        if spent > FIELD_BYTES:
            return names
        before = len(names)
        for element in line.split(b","):
            element = element.strip(b" \t")
            token = TOKEN.match(element)
            if token is None:
                empty += 1
                if element or empty > FIELD_EMPTY_ELEMENTS:
                    return names
            elif len(names) == FIELD_NAMES:
                return names
            else:
                names.append(token[0])
                if token[0] != element:
                    return names
        if not all(policy.allows_header(name) for name in names[before:]):
            return names
    return names


def unless_safelisted(method: str) -> str:
    """What always passes is not named: https://fetch.spec.whatwg.org/#cors-safelisted-method"""
    return "" if method in SAFELISTED_METHODS else method


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


def as_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def lower(text: str | bytes) -> bytes:
    """In lower case as HTTP means it: `bytes.lower` knows ASCII alone."""
    return as_bytes(text).lower()
