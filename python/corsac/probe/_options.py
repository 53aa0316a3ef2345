"""What a person asks the probe to do, read and bounded before anything is sent.

Here: `Options`, and every mistake in them as one sentence. Not here: the requests that follow from
them (`_plan.py`), the command line's own words (`command.py`).
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from corsac.browser import Fetch

#: Chosen by us because a probe with one allowed origin needs at most 24.
DEFAULT_MAX_REQUESTS: Final = 25
#: Requests a second. Chosen by us because a page that loads asks for more.
DEFAULT_RATE: Final = 5.0
#: Seconds for one exchange, from the look-up of the name to the last header.
DEFAULT_TIMEOUT: Final = 10.0
_MAX_RATE: Final = 100.0
_MAX_TIMEOUT: Final = 300.0
_MAX_REQUESTS: Final = 1000
#: The value of a header that was named without one: none that a browser sends without asking.
_VALUES: Final = {"content-type": "application/json"}


class OptionError(ValueError):
    """An option that cannot be meant; the text says what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to ask, of whom, and how fast.

    `url`: of http or https, absolute. `origins`: those whose pages should be let in, as
    `self.origin` gives them. `method`: a str that preflights ask for, None for GET; it is never
    sent itself. `headers`: request headers that preflights ask for, `"X-Id"` or `"X-Id: 7"`.
    `credentials`: whether the pages include them. `cookie`, `authorization`: values sent with
    requests to the host of `url`, and to no other; a cookie implies `credentials`. `allow_hosts`: hosts that
    redirects may lead to. `rate`: requests a second, up to 100. `timeout`: seconds for one
    exchange, up to 300. `max_requests`: an int from 1 to 1000.

    Raises `OptionError` for the first that cannot be meant.
    Source: https://fetch.spec.whatwg.org/#concept-request
    """

    url: str
    origins: tuple[str, ...] = ()
    method: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    credentials: bool = False
    cookie: str | None = field(default=None, repr=False)
    authorization: str | None = field(default=None, repr=False)
    allow_hosts: tuple[str, ...] = ()
    rate: float = DEFAULT_RATE
    timeout: float = DEFAULT_TIMEOUT
    max_requests: int = DEFAULT_MAX_REQUESTS

    def __post_init__(self) -> None:
        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        put("url", _read_url(self.url))
        put("origins", tuple(dict.fromkeys(map(_read_origin, self.origins))))
        put("headers", tuple(map(_read_header, self.headers)))
        put("allow_hosts", tuple(_read_host(host) for host in self.allow_hosts))
        put("credentials", self.credentials or self.cookie is not None)
        for name in ("cookie", "authorization"):
            put(name, _read_secret(name, getattr(self, name)))
        _read_number("rate", self.rate, _MAX_RATE, "requests a second")
        _read_number("timeout", self.timeout, _MAX_TIMEOUT, "seconds")
        if not 1 <= self.max_requests <= _MAX_REQUESTS:
            raise OptionError(
                f"max-requests is {self.max_requests}: write a number from 1 to {_MAX_REQUESTS}"
            )
        try:
            fetch = Fetch(
                page_origin="https://app.example",
                url=self.url,
                method=self.method or "GET",
                headers=self.headers,
            )
        except ValueError as error:
            raise OptionError(str(error)) from None
        put("method", None if self.method is None else fetch.method)

    @property
    def host(self) -> str:
        """The host of the URL, in lower case, an IPv6 address without brackets."""
        return host_of(self.url)

    @property
    def deadline(self) -> float:
        """Seconds after which the whole probe ends, whatever the server does."""
        return self.max_requests / self.rate + 6 * self.timeout

    @property
    def asks_for_more(self) -> bool:
        """Whether a method or a header was named, so that a refusal of it means something."""
        return bool(
            self.method not in (None, "GET") or self.headers or self.authorization
        )


def read_headers(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The pairs that `"X-Id"` and `"X-Id: 7"` stand for."""
    pairs = []
    for text in texts:
        name, colon, value = text.partition(":")
        name = name.strip()
        pairs.append((name, value.strip() if colon else _VALUES.get(name.lower(), "1")))
    return tuple(pairs)


def host_of(url: str) -> str:
    """The host of a URL that parsed, in lower case, an IPv6 address without brackets."""
    return urllib.parse.urlsplit(url).hostname or ""


def _read_url(text: str) -> str:
    try:
        fetch = Fetch(page_origin="null", url=text)
    except ValueError:
        fetch = None
    if fetch is None or not fetch.url.startswith(("http://", "https://")):
        hint = ""
        if "://" not in text and text and not text.startswith(("/", "-")):
            hint = f", like https://{text}"
        raise OptionError(
            f"{text!r} is no URL of http or https: write it whole{hint or ', like https://api.example/items'}"
        )
    parts = urllib.parse.urlsplit(fetch.url)
    if "@" in parts.netloc:
        raise OptionError(
            "a URL with a user or a password is none that a page can ask: leave them out, "
            'and write --authorization "Basic ..."'
        )
    return urllib.parse.urlunsplit(parts._replace(fragment=""))


def _read_origin(text: str) -> str:
    try:
        fetch = Fetch(page_origin=text, url="https://api.example/")
    except ValueError:
        raise OptionError(
            f"origin {text!r} is none that a browser sends: write scheme, host and port without a "
            "slash at the end, like https://app.example or http://localhost:3000"
        ) from None
    if text == "null":
        raise OptionError(
            "any page can have the origin null, so it is asked for in any case: leave it out"
        )
    return fetch.page_origin


def _read_header(pair: tuple[str, str]) -> tuple[str, str]:
    name, value = pair
    if name.lower() in ("cookie", "origin", "host"):
        raise OptionError(
            f"a page cannot set the header {name}: leave it out"
            + (", and write --cookie" if name.lower() == "cookie" else "")
        )
    if name.lower() == "authorization":
        return name, "hidden"
    return name, value


def _read_host(text: str) -> str:
    host = text.strip().lower().strip("[]")
    if not host or any(c in host for c in "/@ ") or host.count(":") == 1:
        raise OptionError(
            f"allow-host {text!r} is no host: write its name alone, like login.example"
        )
    return host


def _read_secret(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    value = value.strip()
    if not value or not all(" " <= c <= "~" for c in value):
        example = "session=abc" if name == "cookie" else "Bearer abc"
        raise OptionError(
            f"{name} must be one line of ASCII that is not empty: write it like {example!r}"
        )
    return value


def _read_number(name: str, value: float, most: float, unit: str) -> None:
    if not 0 < value <= most:  # NaN, too, is not between them
        raise OptionError(f"{name} is {value}: write {unit} above 0 and up to {most:g}")
