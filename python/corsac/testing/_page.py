"""A page in one or more browsers, whose scripts ask a site.

Here: `Page`: what a script can ask, and what a test says of it.
Not here: one fetch in several browsers (`_asking.py`), what came of it (`_answer.py`).
Spec: https://fetch.spec.whatwg.org/#fetch-method
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from ..browser import (
    Browser,
    Fetch,
    Kind,
    PreflightCache,
    Request,
    Response,
)
from ..browser._predict import drive, drive_async
from ..browser._steps import CODES
from ..browser._url import is_origin, parse
from ._asking import ask_browsers
from ._blocked import CORSBlocked, NotBlocked
from ._body import Body, read_body

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._answer import Answer
    from ._site import Site

BrowserName = Literal["chromium", "firefox", "webkit"]
Browsers = Browser | BrowserName | Iterable[Browser | BrowserName] | None
#: A request as the site sees it, with the body that goes with it.
AsSent = Callable[[Request], tuple[Request, bytes]]


class FetchKeywords(TypedDict, total=False):
    """What a fetch can say besides method and URL.

    `headers`: what the script sets. One of `json` (any value that JSON has, with the Content-Type
    that scripts set for it), `data` (the fields of a form) and `content` (str or bytes) is the
    body. `credentials`, `mode`, `redirect`: as of JavaScript's fetch. `kind`: a `Kind` or its
    value, `"xmlhttprequest"`, `"image"`, `"font"` and so on. `browser`: as of `Site`.
    """

    headers: Mapping[str, str] | Iterable[tuple[str, str]]
    json: object
    data: Mapping[str, str] | Iterable[tuple[str, str]]
    content: str | bytes
    credentials: Literal["omit", "same-origin", "include"]
    mode: Literal["cors", "no-cors", "same-origin"]
    redirect: Literal["follow", "manual", "error"]
    kind: Kind | str
    browser: Browsers


class Page:
    """A page of one origin, in fresh browsers; made by `Site.page`.

    `cookies`: a dict of what the browsers have for the site; change it as logging in does.
    Source: https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object
    """

    def __init__(
        self,
        site: Site,
        origin: str,
        url: str,
        cookies: dict[str, str],
        browsers: tuple[Browser, ...],
    ) -> None:
        if not is_origin(origin):
            raise ValueError(
                f"{origin!r} is no origin: write a scheme, a host and a port other than the "
                'scheme\'s own, without a slash at the end, like "https://app.example", or "null"'
            )
        self.origin = origin
        self.cookies = cookies
        self._site = site
        self._url = url
        self._browsers = browsers
        self._caches: dict[Browser | None, PreflightCache] = {
            browser: PreflightCache() for browser in (None, *Browser)
        }

    def fetch(self, method: str, url: str, **keywords: Unpack[FetchKeywords]) -> Answer:
        """Asks, and returns the `Answer` that the page can read, in each browser.

        `method`: a str. `url`: a str, absolute or relative to the site's base URL. `keywords`: see
        `FetchKeywords`. The application gets the requests that the browsers send, each once.
        Raises `CORSBlocked`, an `AssertionError` with the explanation, where a browser does not
        let the page read it; `ValueError` and `TypeError` for what no page can ask;
        `RuntimeError` from within a coroutine.
        Source: https://fetch.spec.whatwg.org/#fetch-method
        """
        __tracebackhide__ = True
        return _readable(self.predict(method, url, **keywords))

    async def fetch_async(
        self, method: str, url: str, **keywords: Unpack[FetchKeywords]
    ) -> Answer:
        """`fetch` for coroutines; the application runs in the loop of this one.

        Source: https://fetch.spec.whatwg.org/#fetch-method
        """
        __tracebackhide__ = True
        return _readable(await self.predict_async(method, url, **keywords))

    def blocked(
        self,
        method: str,
        url: str,
        *,
        failure: str | None = None,
        **keywords: Unpack[FetchKeywords],
    ) -> Answer:
        """Asks, and returns the `Answer` that no browser lets the page read.

        Takes what `fetch` takes, and `failure`: the code of the check that must be the one to
        fail (`"allow-methods"`), or None for any. Raises `NotBlocked`, an `AssertionError`, where
        a browser lets the page read it or another check failed, and `ValueError` for an unknown
        code.
        Source: https://fetch.spec.whatwg.org/#fetch-method
        """
        __tracebackhide__ = True
        _look_up(failure)
        return _unreadable(self.predict(method, url, **keywords), failure)

    async def blocked_async(
        self,
        method: str,
        url: str,
        *,
        failure: str | None = None,
        **keywords: Unpack[FetchKeywords],
    ) -> Answer:
        """`blocked` for coroutines. Source: https://fetch.spec.whatwg.org/#fetch-method"""
        __tracebackhide__ = True
        _look_up(failure)
        return _unreadable(await self.predict_async(method, url, **keywords), failure)

    def predict(
        self, method: str, url: str, **keywords: Unpack[FetchKeywords]
    ) -> Answer:
        """Asks, and returns the `Answer` whatever it is; takes what `fetch` takes.

        Source: https://fetch.spec.whatwg.org/#fetch-method
        """
        asking, as_sent = self._ask(method, url, keywords)
        return self._record(drive(asking, lambda r: self._site.send(*as_sent(r))))

    async def predict_async(
        self, method: str, url: str, **keywords: Unpack[FetchKeywords]
    ) -> Answer:
        """`predict` for coroutines. Source: https://fetch.spec.whatwg.org/#fetch-method"""
        asking, as_sent = self._ask(method, url, keywords)
        return self._record(
            await drive_async(asking, lambda r: self._site.send_async(*as_sent(r)))
        )

    def _record(self, answer: Answer) -> Answer:
        self._site.answers.append(answer)
        return answer

    def _ask(
        self, method: str, url: str, keywords: FetchKeywords
    ) -> tuple[Generator[Request, Response, Answer], AsSent]:
        unknown = keywords.keys() - FetchKeywords.__annotations__.keys()
        if unknown:
            known = ", ".join(FetchKeywords.__annotations__)
            raise TypeError(
                f"a fetch has no {', '.join(sorted(unknown))}: write {known}"
            )
        keywords = keywords.copy()
        browsers = keywords.pop("browser", None)
        body = read_body(keywords)
        fetch = self._fetch(method, url, keywords, body)
        asking = ask_browsers(
            fetch,
            self._browsers if browsers is None else read_browsers(browsers),
            self._caches,
            self._site.application,
        )
        content = body.content or b""
        return asking, lambda request: (self._with_cookies(request, fetch), content)

    def _fetch(
        self, method: str, url: str, keywords: FetchKeywords, body: Body
    ) -> Fetch:
        headers = keywords.get("headers", ())
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        absolute = parse(url, self._site.base_url)
        return Fetch(
            page_origin=self.origin,
            page_url=self._url,
            url=url if absolute is None else absolute.whole,
            method=method,
            headers=body.with_own_header(tuple(pairs)),
            body_type=body.media_type,
            has_body=body.content is not None,
            credentials=keywords.get("credentials"),  # type: ignore[arg-type]  # None: the kind's own
            mode=keywords.get("mode"),  # type: ignore[arg-type]  # None: the kind's own
            redirect=keywords.get("redirect", "follow"),
            kind=keywords.get("kind", Kind.FETCH),  # type: ignore[arg-type]  # a str becomes one
        )

    def _with_cookies(self, request: Request, fetch: Fetch) -> Request:
        """https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch"""
        url = parse(request.url)
        assert url is not None, "a browser asks for URLs that it has parsed"
        is_own = url.http_origin == self._site.base_url.http_origin
        is_included = fetch.credentials == "include" or (
            fetch.credentials == "same-origin" and url.http_origin == self.origin
        )
        if request.is_preflight or not (self.cookies and is_own and is_included):
            return request
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return replace(request, headers=(*request.headers, ("Cookie", pairs)))


def read_browsers(browsers: Browsers) -> tuple[Browser, ...]:
    """The browsers that are meant, each once.

    # Errors: ValueError, for `"safari"` and for none at all.
    """
    if browsers is None:
        return tuple(Browser)
    names = [browsers] if isinstance(browsers, str) else list(browsers)
    known: Final = [browser.value for browser in Browser]
    for name in names:
        if name not in known:
            raise ValueError(f"{name!r} is no browser: write {', '.join(known)}")
    if not names:
        raise ValueError(f"no browser is named: write {', '.join(known)}")
    return tuple(dict.fromkeys(map(Browser, names)))


def _look_up(failure: str | None) -> None:
    if failure is None or failure in CODES:
        return
    close = get_close_matches(failure, CODES, n=3, cutoff=0)
    raise ValueError(f"{failure!r} is no check: write a code, like {', '.join(close)}")


def _readable(answer: Answer) -> Answer:
    __tracebackhide__ = True
    if not answer.readable:
        raise CORSBlocked(answer) from answer.error
    return answer


def _unreadable(answer: Answer, failure: str | None) -> Answer:
    __tracebackhide__ = True
    if any(verdict.readable for verdict in answer.verdicts.values()):
        raise NotBlocked(answer, failure)
    if failure is not None and failure != answer.failure:
        raise NotBlocked(answer, failure) from answer.error
    return answer
