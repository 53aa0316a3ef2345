"""A browser's requests over real sockets, for the check that has no browser.

Here: `Wire`, a `send` for `corsac.browser.predict` that connects to the demo's API, with a cookie jar.
Not here: any step of the protocol; the model takes them.
Spec: https://fetch.spec.whatwg.org/#concept-http-network-fetch
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from corsac.browser import NoResponse, Request, Response

_SECONDS: Final = 10  # ends a check of a server that hangs


@dataclass
class Wire:
    """One page's connections. `address` and `port`: where to connect; the URL's host is only named.

    `sends_cookies`: whether the page's requests bring credentials. `bodies`: of the answers to
    requests that were no preflights, in order.
    """

    address: str
    port: int
    body: bytes = b""
    sends_cookies: bool = False
    bodies: list[bytes] = field(default_factory=list)
    _cookies: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: Request) -> Response:
        """One exchange.

        # Errors: NoResponse, for example where nothing listens.
        """
        url = urlsplit(request.url)
        path = f"{url.path}?{url.query}" if url.query else url.path
        headers = {"Host": url.netloc, **dict(request.headers)}
        takes_body = not request.is_preflight and request.method not in ("GET", "HEAD")
        if self.sends_cookies and self._cookies and not request.is_preflight:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self._cookies.items())
        connection = HTTPConnection(self.address, self.port, timeout=_SECONDS)
        try:
            body = self.body if takes_body else None
            connection.request(request.method, path, body, headers)
            response = connection.getresponse()
            read = response.read()
        except (OSError, HTTPException) as error:
            raise NoResponse(str(error)) from error
        finally:
            connection.close()
        if not request.is_preflight:
            self.bodies.append(read)
            self._keep_cookies(response.headers.get_all("Set-Cookie", []))
        lines = tuple(response.headers.items())
        return Response(response.status, lines, response.reason)

    def _keep_cookies(self, lines: list[str]) -> None:
        if self.sends_cookies:
            for line in lines:
                for name, morsel in SimpleCookie(line).items():
                    self._cookies[name] = morsel.value
