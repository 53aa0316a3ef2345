"""What a page asks of its browser.

Here: `Browser`, `Kind` and `Fetch`, with what a kind asks by default.
Not here: what becomes of it (`_client.py`), URLs (`_url.py`), safelists (`_safelist.py`).
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from .._names import is_token
from ._safelist import is_safelisted, normalize_method, normalize_value
from ._url import is_origin, parse

Mode = Literal["cors", "no-cors", "same-origin", "websocket", "navigate"]
Credentials = Literal["omit", "same-origin", "include"]
Redirect = Literal["follow", "manual", "error"]
CacheMode = Literal[
    "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"
]


class Browser(str, Enum):
    """The engines whose departures from the standard and whose consoles are known."""

    CHROMIUM = "chromium"
    FIREFOX = "firefox"
    WEBKIT = "webkit"

    __str__ = str.__str__


class Kind(str, Enum):
    """What of a page asks; a browser words its messages by it.

    https://fetch.spec.whatwg.org/#request-destination-script-like
    """

    FETCH = "fetch"
    XML_HTTP_REQUEST = "xmlhttprequest"
    IMAGE = "image"
    SCRIPT = "script"
    MODULE = "module"
    STYLESHEET = "stylesheet"
    FONT = "font"
    VIDEO = "video"
    AUDIO = "audio"
    TRACK = "track"
    MANIFEST = "manifest"
    PRELOAD = "preload"
    BEACON = "beacon"
    PING = "ping"
    NAVIGATION = "navigation"
    EVENT_SOURCE = "eventsource"
    WEB_SOCKET = "websocket"

    __str__ = str.__str__


#: The mode and the credentials of each kind where the page says nothing else.
#: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request
_DEFAULTS: Final[dict[Kind, tuple[Mode, Credentials]]] = {
    Kind.FETCH: ("cors", "same-origin"),
    Kind.XML_HTTP_REQUEST: ("cors", "same-origin"),
    Kind.IMAGE: ("no-cors", "include"),
    Kind.SCRIPT: ("no-cors", "include"),
    Kind.MODULE: ("cors", "same-origin"),
    Kind.STYLESHEET: ("no-cors", "include"),
    Kind.FONT: ("cors", "same-origin"),
    Kind.VIDEO: ("no-cors", "include"),
    Kind.AUDIO: ("no-cors", "include"),
    Kind.TRACK: ("same-origin", "same-origin"),
    Kind.MANIFEST: ("cors", "same-origin"),
    Kind.PRELOAD: ("no-cors", "include"),
    Kind.BEACON: ("no-cors", "include"),
    Kind.PING: ("no-cors", "include"),
    Kind.NAVIGATION: ("navigate", "include"),
    Kind.EVENT_SOURCE: ("cors", "same-origin"),
    Kind.WEB_SOCKET: ("websocket", "include"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What a page asks.

    `page_origin`: as `self.origin` gives it, `"null"` for file:// and sandboxed frames.
    `url`: absolute, http, https, ws or wss. `method`: normalised as browsers do. `headers`: what
    the script sets; pairs, or a mapping. `body_type`: the Content-Type that the body brings, None
    for none. `has_body`: whether there is a body. `credentials`, `mode`: the kind's own where left
    out. `redirect`: what becomes of redirects. `kind`: a `Kind`. `page_url`: where the page is,
    for consoles that name it; left out: the origin and a slash. `streams_body`: the body is a
    `ReadableStream`. `has_upload_listener`: an XMLHttpRequest that watches its upload.
    `referrer_policy`: of the fetch or its page. `blocked_by_policy`: the directive of the page's
    Content-Security-Policy that forbids it (`"connect-src 'self'"`), or None. `cache_mode`: of the
    HTTP cache. `font_family`: the name that a font gets, which Firefox's console says.

    Raises `ValueError` for what no page can ask. What a script can write and a browser refuses
    (TRACE, user and password in the URL) is no error here: the verdict says it.
    Source: https://fetch.spec.whatwg.org/#concept-request
    """

    page_origin: str
    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body_type: str | None = None
    has_body: bool = False
    credentials: Credentials = None  # type: ignore[assignment]  # set below
    mode: Mode = None  # type: ignore[assignment]  # set below
    redirect: Redirect = "follow"
    kind: Kind = Kind.FETCH
    page_url: str = ""
    streams_body: bool = False
    has_upload_listener: bool = False
    referrer_policy: str = ""
    blocked_by_policy: str | None = None
    cache_mode: CacheMode = "default"
    font_family: str = ""

    def __post_init__(self) -> None:
        def put(field: str, value: object) -> None:
            object.__setattr__(self, field, value)

        if not is_origin(self.page_origin):
            raise ValueError(
                f"page_origin {self.page_origin!r} is no origin: write a scheme, a host in "
                "lower case and a port other than the scheme's own, without a slash at the end "
                '("https://app.example", "http://localhost:3000"), or "null"'
            )
        url = parse(self.url)
        if url is None:
            raise ValueError(
                f"url {self.url!r} is no absolute URL of http, https, ws or wss: write it whole, "
                'like "https://api.example/items"'
            )
        put("url", url.whole)
        put("kind", _one_of("kind", Kind, self.kind))
        mode, credentials = _DEFAULTS[self.kind]
        if self.kind in (Kind.BEACON, Kind.PING):
            # https://html.spec.whatwg.org/multipage/links.html#hyperlink-auditing
            put("method", "POST")
            put("body_type", "text/ping" if self.kind is Kind.PING else self.body_type)
        if self.kind is Kind.BEACON and not is_safelisted(
            "Content-Type", self.body_type or "text/plain"
        ):
            # https://w3c.github.io/beacon/#sendbeacon-method
            mode = "cors"
        put("mode", self.mode or mode)
        put("credentials", self.credentials or credentials)
        for field, known in _CHOICES.items():
            if getattr(self, field) not in known:
                raise ValueError(
                    f"{field} is {getattr(self, field)!r}: write one of {', '.join(known)}"
                )
        if not is_token(self.method):
            raise ValueError(
                f"method {self.method!r} is no token: write a name like GET or PUT"
            )
        put("method", normalize_method(self.method))
        put("headers", _parse_headers(self.headers))
        if self.body_type is not None:
            put("has_body", True)
            put("body_type", _parse_value("Content-Type", self.body_type))
        if self.streams_body:
            put("has_body", True)
        if not self.page_url:
            put(
                "page_url",
                "about:srcdoc"
                if self.page_origin == "null"
                else self.page_origin + "/",
            )


_CHOICES: Final = {
    "mode": ("cors", "no-cors", "same-origin", "websocket", "navigate"),
    "credentials": ("omit", "same-origin", "include"),
    "redirect": ("follow", "manual", "error"),
    "cache_mode": (
        "default",
        "no-store",
        "reload",
        "no-cache",
        "force-cache",
        "only-if-cached",
    ),
    "referrer_policy": (
        "",
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    ),
}


def _one_of(field: str, kinds: type[Kind], value: str) -> Kind:
    try:
        return kinds(value)
    except ValueError:
        known = ", ".join(kind.value for kind in kinds)
        raise ValueError(f"{field} is {value!r}: write one of {known}") from None


def _parse_headers(
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
) -> tuple[tuple[str, str], ...]:
    """The pairs, their values without the whitespace around them.

    https://fetch.spec.whatwg.org/#concept-headers-append
    """
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if any(isinstance(pair, str) or len(pair) != 2 for pair in pairs):
        raise ValueError(
            f"headers is {headers!r}: write a dict, or pairs of name and value"
        )
    return tuple(
        (_parse_name(name), _parse_value(name, value)) for name, value in pairs
    )


def _parse_name(name: str) -> str:
    if not is_token(name):
        raise ValueError(
            f"header name {name!r} is no token: write a name like X-Request-Id"
        )
    return name


def _parse_value(name: str, value: str) -> str:
    """https://fetch.spec.whatwg.org/#header-value"""
    value = normalize_value(value)
    if any(c in "\0\r\n" or c > "\xff" for c in value):
        raise ValueError(
            f"the value of header {name} is {value!r}: write it without line breaks, NUL "
            "and characters above U+00FF"
        )
    return value
