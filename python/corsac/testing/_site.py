"""A site under test: applications in this process, each at an origin of its own.

Here: `Site`. Not here: pages that ask it (`_page.py`), how an application is asked
(`corsac.browser.applications`).
Spec: https://fetch.spec.whatwg.org/#concept-http-network-fetch
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from ..browser import Cause, NoResponse, Request, Response
from ..browser._url import Url, parse
from ..browser.applications import Interface, Server
from ._page import Browsers, Page, read_browsers

if TYPE_CHECKING:
    from typing_extensions import Self

    from .._policy import Policy
    from ._answer import Answer

BASE_URL: Final = "https://api.example"


class Site:
    """What pages of other origins ask: an application, as a server would run it.

    `application`: a corsac `Policy`, or any WSGI or ASGI application. `base_url`: where it is, as
    pages know it. `browser`: the name of one, or an iterable of names, of chromium, firefox and
    webkit; None: all three. `others`: applications at other origins, where redirects lead.
    `interface`: `"asgi"` or `"wsgi"`, where the application does not show it.

    Close it, or use it in a `with` or an `async with`: an ASGI application's lifespan ends then.
    `answers` are all that its pages got, in order.

    Raises `TypeError` for what is no application, `ValueError` for what is no URL or browser.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(
        self,
        application: Policy | Callable[..., Any],
        *,
        base_url: str = BASE_URL,
        browser: Browsers = None,
        others: Mapping[str, Policy | Callable[..., Any]] | None = None,
        interface: Interface | str | None = None,
    ) -> None:
        self.application = application
        self.base_url = _parse_base(base_url)
        self.browsers = read_browsers(browser)
        self.answers: list[Answer] = []
        self._servers = {
            self.base_url.http_origin: Server(application, interface=interface)
        }
        for origin, other in (others or {}).items():
            self._servers[_parse_base(origin).http_origin] = Server(other)

    def page(
        self,
        origin: str,
        *,
        url: str = "",
        cookies: Mapping[str, str] | None = None,
        browser: Browsers = None,
    ) -> Page:
        """A page that was opened in a fresh browser; its fetches share a preflight cache.

        `origin`: the page's, `"null"` for a page from a file. `url`: where it is, for consoles
        that say so. `cookies`: what the browser has for the site, sent where a fetch includes
        credentials, as if their SameSite were None. `browser`: as of `Site`, instead of the site's.
        Raises `ValueError` for what is no origin or browser.
        Source: https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object
        """
        browsers = self.browsers if browser is None else read_browsers(browser)
        return Page(self, origin, url, dict(cookies or {}), browsers)

    def send(self, request: Request, body: bytes = b"") -> Response:
        """One exchange with the application at the request's origin.

        Raises `NoResponse` where it raises, or where there is none.
        Source: https://fetch.spec.whatwg.org/#concept-http-network-fetch
        """
        return self._server_of(request).send(request, body)

    async def send_async(self, request: Request, body: bytes = b"") -> Response:
        """The same, awaited. Source: https://fetch.spec.whatwg.org/#concept-http-network-fetch"""
        return await self._server_of(request).send_async(request, body)

    def _server_of(self, request: Request) -> Server:
        url = parse(request.url)
        assert url is not None, "a browser asks for URLs that it has parsed"
        server = self._servers.get(url.http_origin)
        if server is None:
            raise NoResponse(
                f"no application is at {url.http_origin} in this test; put one there: "
                f'others={{"{url.http_origin}": app}}',
                Cause.NO_SUCH_HOST,
            )
        return server

    def close(self) -> None:
        """Ends the lifespans. Raises `RuntimeError` where an application says that this failed.

        Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
        """
        with ExitStack() as stack:
            for server in self._servers.values():
                stack.callback(server.close)

    def leave_loop(self) -> None:
        """The same for lifespans in a test's own loop, before that is closed; see `close`.

        Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
        """
        with ExitStack() as stack:
            for server in self._servers.values():
                stack.callback(server.leave_loop)

    async def close_async(self) -> None:
        """The same within the loop that asked the applications.

        Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
        """
        for server in self._servers.values():
            await server.close_async()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        for server in self._servers.values():
            await server.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close_async()


def _parse_base(text: str) -> Url:
    url = parse(text)
    if url is None:
        raise ValueError(
            f"{text!r} is no absolute URL: write where the application is, like {BASE_URL!r}"
        )
    return url
