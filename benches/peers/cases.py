"""The requests that every peer is asked, and what each must answer.

Here: the policy in words (`Terms`), the header lines, and which answers the Fetch
standard lets a page read. Not here: how a peer spells a policy (its own module).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from dataclasses import dataclass
from functools import cache

from shared import METHOD, NAMES, NO_ORIGIN

METHODS = ["PUT", "DELETE"]
HEADERS = ["Content-Type", "Authorization"]
EXPOSED = ["X-Request-Id"]
MAX_AGE = 600
WILDCARD = "https://*.example.com"
#: The same for peers that take regexes: one or more whole labels before the apex.
WILDCARD_REGEX = r"https://([a-z0-9_-]+\.)+example\.com"

COUNTS = [3, 1_000, 100_000]


@cache
def exact_origins(count):
    return [f"https://tenant-{number}.example.net" for number in range(count)]


@dataclass(frozen=True)
class Terms:
    """So many exact origins, a wildcard beside them or not, with credentials or not."""

    count: int
    wildcard: bool = False
    credentials: bool = False

    @property
    def exact(self):
        return exact_origins(self.count)

    @property
    def asking(self):
        """One of the exact origins, neither the first nor the last to be compared."""
        return self.exact[self.count // 2]

    @property
    def keywords(self):
        """The terms as corsac and its twin spell them."""
        return {
            "allow_origins": [*self.exact, *([WILDCARD] if self.wildcard else [])],
            "allow_methods": METHODS,
            "allow_headers": HEADERS,
            "expose_headers": EXPOSED,
            "allow_credentials": self.credentials,
            "max_age": MAX_AGE,
        }


@dataclass(frozen=True)
class Case:
    """One request under one policy. `readable`: whether the origin that asks may read on."""

    kind: str
    terms: Terms
    method: str
    lines: list[tuple[bytes, bytes]]
    origin: str | None
    readable: bool

    @property
    def name(self):
        return f"{self.kind}-{self.terms.count}"

    @property
    def preflight(self):
        return self.method == "OPTIONS"


def cases_of(count):
    """The seven requests, under policies with so many exact origins."""
    plain = Terms(count)
    wild = Terms(count, wildcard=True)
    credentialed = Terms(count, credentials=True)
    stranger = "https://tenant-x.example.net"

    def case(kind, terms, origin, readable, *more, method="GET"):
        lines = [*NO_ORIGIN, *more]
        if origin:
            lines.append((b"origin", origin.encode()))
        return Case(kind, terms, method, lines, origin, readable)

    def preflight(kind, origin, readable):
        return case(kind, plain, origin, readable, METHOD, NAMES, method="OPTIONS")

    cookie = (b"cookie", b"session=c2Vzc2lvbg")
    return [
        case("no-cors", plain, None, False),
        case("allowed", plain, plain.asking, True),
        case("refused", plain, stranger, False),
        preflight("preflight-allowed", plain.asking, True),
        preflight("preflight-refused", stranger, False),
        case("credentialed", credentialed, plain.asking, True, cookie),
        case("wildcard", wild, "https://shop.eu.example.com", True),
    ]


CASES = {case.name: case for count in COUNTS for case in cases_of(count)}
