"""A fetch under way: what the standard calls a request, with its current URL and the record of it.

Here: `Flight` and the one exchange of it. Not here: which exchanges there are (`_client.py`).
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from ._cache import PreflightCache
from ._failure import Failure
from ._fetch import Browser, Fetch, Kind, Mode
from ._profile import profile_of
from ._safelist import unsafe_names
from ._steps import Trail
from ._url import Url
from ._wire import Exchange, Lines, NoResponse, Request, Response


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

    def unsafe_names(self) -> dict[str, tuple[str, str]]:
        """https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
        return unsafe_names(self.headers, client_hints=self.profile.client_hints)

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
            return Failure(code, f"There is no response: {error}.", cause=error.cause)
        self.exchanges.append(Exchange(request, response))
        return response


def is_same_origin(origin: str, url: Url) -> bool:
    """https://html.spec.whatwg.org/multipage/browsers.html#same-origin

    A WebSocket's URL is compared as the HTTP URL that it is fetched from.
    """
    return origin == url.http_origin
