"""A fetch under way: what the standard calls a request, with its current URL and the record of it.

Here: `Flight` and the one exchange of it. Not here: which exchanges there are (`_client.py`).
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import NamedTuple

from ._cache import PreflightCache
from ._failure import Failure
from ._fetch import Browser, Fetch, Kind, Mode
from ._fields import decode_utf8, encode_utf8
from ._profile import profile_of
from ._safelist import unsafe_lines
from ._steps import Trail
from ._url import Url
from ._wire import Cause, Exchange, Lines, NoResponse, Request, Response


class Note(NamedTuple):
    """Something that a console may mention, with the URL that it is about."""

    code: str
    url: str
    status: int = 0
    reason: str = ""


class Flight:
    """The state of one fetch. https://fetch.spec.whatwg.org/#concept-request"""

    def __init__(
        self, fetch: Fetch, url: Url, browser: Browser | None, cache: PreflightCache
    ) -> None:
        self.fetch = fetch
        self.browser = browser
        self.profile = profile_of(browser)
        self.cache = cache
        self.trail = Trail()
        self.exchanges: list[Exchange] = []
        #: What a console may say of a response that does not end the fetch.
        self.notes: list[Note] = []
        self.urls = [url]
        self.method = fetch.method
        self.headers: Lines = ()
        #: The headers before any redirect.
        self.first_headers: Lines = ()
        #: Whether the request before the current one needed a preflight, or this one does.
        self.asks_first = False
        self.has_body = fetch.has_body
        #: https://fetch.spec.whatwg.org/#concept-request-response-tainting
        self.tainting = "basic"
        #: https://fetch.spec.whatwg.org/#concept-request-tainted-origin
        self.is_tainted = False
        self.mode: Mode = fetch.mode
        is_track = fetch.kind is Kind.TRACK and fetch.mode == "same-origin"
        if self.profile.loads_without_cors and (is_track or fetch.kind is Kind.FONT):
            self.mode = "no-cors"

    @property
    def url(self) -> Url:
        """https://fetch.spec.whatwg.org/#concept-request-current-url"""
        return self.urls[-1]

    @property
    def was_redirected(self) -> bool:
        return len(self.urls) > 1

    @property
    def origin(self) -> str:
        """https://fetch.spec.whatwg.org/#serializing-a-request-origin"""
        return "null" if self.is_tainted else self.fetch.page_origin

    @property
    def preflight_origin(self) -> str:
        return (
            self.fetch.page_origin if self.profile.preflight_names_page else self.origin
        )

    @property
    def is_same_origin(self) -> bool:
        """Whether the current URL is the page's own."""
        return is_same_origin(self.fetch.page_origin, self.url)

    @property
    def is_credentialed(self) -> bool:
        """https://fetch.spec.whatwg.org/#concept-request-credentials-mode"""
        return self.fetch.credentials == "include"

    def unsafe_lines(self, headers: Lines) -> list[tuple[str, str]]:
        """https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
        return unsafe_lines(
            headers,
            client_hints=self.profile.client_hints,
            ascii_only=self.profile.safelists_ascii,
            bounds_all=self.profile.bounds_all_values,
        )

    def send(
        self, request: Request, code: str
    ) -> Generator[Request, Response, Response | Failure]:
        """One exchange; a `Failure` of this code where there is no response.

        https://fetch.spec.whatwg.org/#concept-http-network-fetch
        """
        try:
            response = yield request
        except NoResponse as error:
            self.exchanges.append(Exchange(request, None))
            if error.cause is Cause.NO_HTTP and self._reads_http_0_9:
                return Response(200)
            return Failure(code, f"There is no response: {error}.", cause=error.cause)
        self.exchanges.append(Exchange(request, response))
        if self.profile.values_are_utf8:
            lines = response.headers
            return replace(
                response,
                headers=tuple((n, encode_utf8(decode_utf8(v))) for n, v in lines),
            )
        return response

    @property
    def _reads_http_0_9(self) -> bool:
        """Deviation: Firefox takes what is no HTTP for the body of a response without headers.

        https://www.rfc-editor.org/rfc/rfc9110#section-2.5
        """
        return (
            self.browser is Browser.FIREFOX and self.fetch.kind is not Kind.WEB_SOCKET
        )


def is_same_origin(origin: str, url: Url) -> bool:
    """https://html.spec.whatwg.org/multipage/browsers.html#same-origin

    A WebSocket's URL is compared as the HTTP URL that it is fetched from.
    """
    return origin == url.http_origin
