"""The browser's part of the CORS protocol, over a real socket: preflight, CORS check, what the page may read.

Here: the steps of the Fetch standard that the demo's examples take, in its order and its words.
Not here: redirects, caches, and the policy; this side only reads what the server sent.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie

from .example import Sent

SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})
SAFELISTED_CONTENT_TYPES = frozenset(
    {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}
)
SAFELISTED_RESPONSE_HEADERS = frozenset(
    {
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    }
)


class NetworkError(Exception):
    """All that a script learns of a refusal: a TypeError without a reason. The reason here is for our table."""


@dataclass(frozen=True)
class Response:
    """A response as the page may read it."""

    status: int
    body: bytes
    headers: dict[str, str]

    def header(self, name: str) -> str | None:
        return self.headers.get(name.lower())


@dataclass
class Browser:
    """One page with one cookie jar. `address` is where to connect; `host` is what the URL says."""

    origin: str
    address: str
    port: int
    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def fetch(self, path: str, sent: Sent) -> Response:
        """One `fetch` of a script.

        # Errors: NetworkError where the page would see a TypeError.

        Spec: <https://fetch.spec.whatwg.org/#concept-http-fetch>
        """
        unsafe = unsafe_header_names(sent)
        if sent.method not in SAFELISTED_METHODS or unsafe:
            self._preflight(path, sent, unsafe)
        headers = {"Origin": self.origin, **dict(sent.headers)}
        if sent.credentials and self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        response, body = self._send(sent.method, path, headers, sent.body)
        if sent.credentials:
            for line in response.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
        self._cors_check(response, sent.credentials)
        return Response(response.status, body, _readable(response, sent.credentials))

    def _preflight(self, path: str, sent: Sent, unsafe: list[str]) -> None:
        """Spec: <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>"""
        headers = {
            "Accept": "*/*",
            "Origin": self.origin,
            "Access-Control-Request-Method": sent.method,
        }
        if unsafe:
            headers["Access-Control-Request-Headers"] = ",".join(unsafe)
        response, _ = self._send("OPTIONS", path, headers, b"")
        self._cors_check(response, sent.credentials)
        if not 200 <= response.status <= 299:
            raise NetworkError(f"the preflight was answered {response.status}")
        wildcard = set() if sent.credentials else {"*"}
        methods = _members(response, "Access-Control-Allow-Methods")
        if sent.method not in SAFELISTED_METHODS | methods and not wildcard & methods:
            raise NetworkError(f"the preflight's answer does not name {sent.method}")
        names = {
            name.lower() for name in _members(response, "Access-Control-Allow-Headers")
        }
        for name in unsafe:
            # A wildcard never stands for Authorization.
            covered = wildcard & names and name != "authorization"
            if name not in names and not covered:
                raise NetworkError(f"the preflight's answer does not name {name}")

    def _cors_check(self, response: HTTPResponse, credentials: bool) -> None:
        """Spec: <https://fetch.spec.whatwg.org/#concept-cors-check>"""
        allowed = response.getheader("Access-Control-Allow-Origin")
        if allowed is None:
            raise NetworkError("the answer names no origin")
        if allowed == "*" and not credentials:
            return
        if allowed != self.origin:
            raise NetworkError(f"the answer names {allowed}")
        allows_credentials = response.getheader("Access-Control-Allow-Credentials")
        if credentials and allows_credentials != "true":
            raise NetworkError("the answer allows no credentials")

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection(self.address, self.port, timeout=10)
        try:
            connection.request(
                method, path, body or None, {"Host": self.host, **headers}
            )
            response = connection.getresponse()
            return response, response.read()
        except (OSError, HTTPException) as error:
            raise NetworkError(f"no answer: {error}") from error
        finally:
            connection.close()


def unsafe_header_names(sent: Sent) -> list[str]:
    """The names that a preflight must ask for, lower-cased and sorted.

    Deviation: only Content-Type is looked into, and by its essence alone; no example sends another safelisted name.

    Spec: <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
    """
    names = set()
    for name, value in sent.headers:
        essence = value.partition(";")[0].strip().lower()
        if name.lower() != "content-type" or essence not in SAFELISTED_CONTENT_TYPES:
            names.add(name.lower())
    return sorted(names)


def _members(response: HTTPResponse, name: str) -> set[str]:
    values = ",".join(response.headers.get_all(name, []))
    return {member.strip() for member in values.split(",")} - {""}


def _readable(response: HTTPResponse, credentials: bool) -> dict[str, str]:
    """The headers that a page sees: the safelisted ones and those that the server exposes."""
    exposed = {
        name.lower() for name in _members(response, "Access-Control-Expose-Headers")
    }
    every = "*" in exposed and not credentials
    return {
        name.lower(): value
        for name, value in response.getheaders()
        if every or name.lower() in exposed | SAFELISTED_RESPONSE_HEADERS
    }
