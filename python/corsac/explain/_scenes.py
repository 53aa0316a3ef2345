"""One small fetch for each thing that consoles say of CORS.

Here: `SCENES`, each a fetch and a server that make a browser say it. Not here: the words: they
come from the model, so that what it says and what is understood are one (`_message.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from corsac.browser import Cause, Fetch, Kind, NoResponse, Request, Response


@dataclass(frozen=True)
class Words:
    """What a message names: the page, the URL, a method, a header, a header's value, a status."""

    origin: str
    url: str
    method: str = "PUT"
    name: str = "x-name"
    value: str = ""
    status: int = 0
    target: str = ""
    page_url: str = ""


Answer = Callable[[Request], Response]


@dataclass(frozen=True)
class Scene:
    """`code`: the check that fails in it. `make`: the fetch and the server for these words."""

    code: str
    make: Callable[[Words], tuple[Fetch, Answer]]


_ALLOWED: Final = 204
#: The name of a font that no page has.
FAMILY: Final = "the-family"
#: The kinds that have words of their own.
_KINDS: Final = (
    Kind.XML_HTTP_REQUEST,
    Kind.IMAGE,
    Kind.SCRIPT,
    Kind.MODULE,
    Kind.FONT,
    Kind.EVENT_SOURCE,
)


def _good(words: Words, request: Request) -> dict[str, str]:
    """The header lines of a server that does everything right."""
    asked = dict(request.headers)
    lines = {
        "Access-Control-Allow-Origin": asked.get("Origin", words.origin),
        "Access-Control-Allow-Credentials": "true",
    }
    if request.is_preflight:
        lines["Access-Control-Allow-Methods"] = asked["Access-Control-Request-Method"]
        names = asked.get("Access-Control-Request-Headers")
        if names:
            lines["Access-Control-Allow-Headers"] = names
    return lines


def _scene(
    code: str,
    change: Callable[[Words], dict[str, str | list[str] | None]],
    *,
    status: Callable[[Words], int] | None = None,
    only: str = "any",
    **asked: Any,
) -> Scene:
    """A scene where a good server's headers are changed: None takes one away, a list repeats it.

    `only`: whether it is the preflight that is changed, or any response.
    """

    def make(words: Words) -> tuple[Fetch, Answer]:
        keywords = {
            key: value(words) if callable(value) else value
            for key, value in asked.items()
        }
        fetch = _fetch(words, keywords)

        def answer(request: Request) -> Response:
            lines: dict[str, Any] = dict(_good(words, request))
            is_changed = only == "any" or request.is_preflight
            if is_changed:
                lines.update(change(words))
            usual = _ALLOWED if request.is_preflight else 200
            chosen = status(words) if status and is_changed else 0
            return Response(chosen or usual, tuple(_flat(lines)))

        return fetch, answer

    return Scene(code, make)


def _fetch(words: Words, keywords: dict[str, Any]) -> Fetch:
    return Fetch(
        **{
            "page_origin": words.origin,
            "page_url": words.page_url,
            "url": words.url,
            **keywords,
        }
    )


def _flat(lines: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in lines.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield name, one


def _silent(cause: Cause) -> Scene:
    def make(words: Words) -> tuple[Fetch, Answer]:
        def answer(request: Request) -> Response:
            raise NoResponse(cause.value.replace("-", " "), cause)

        return _fetch(words, {}), answer

    return Scene("no-response", make)


_ORIGIN: Final = "Access-Control-Allow-Origin"
_CREDENTIALS: Final = "Access-Control-Allow-Credentials"
_METHODS: Final = "Access-Control-Allow-Methods"
_HEADERS: Final = "Access-Control-Allow-Headers"
_INCLUDE: Final[dict[str, Any]] = {"credentials": "include"}
#: A preflight of which the message says neither method nor header.
_ASKS: Final[dict[str, Any]] = {"only": "preflight", "has_upload_listener": True}


def _origin_scenes(prefix: str, **asked: Any) -> Iterator[Scene]:
    """The reasons of the CORS check, which the preflight's response has as well."""
    yield _scene(
        f"{prefix}allow-origin-missing",
        lambda words: {_ORIGIN: None},
        status=lambda words: words.status,
        **asked,
    )
    yield _scene(
        f"{prefix}allow-origin-wildcard",
        lambda words: {_ORIGIN: "*"},
        **_INCLUDE,
        **asked,
    )
    yield _scene(
        f"{prefix}allow-origin-multiple",
        lambda words: {_ORIGIN: _several(words.value)},
        **asked,
    )
    yield _scene(
        f"{prefix}allow-origin-mismatch", lambda words: {_ORIGIN: words.value}, **asked
    )
    # Several values on one line are another matter to Firefox.
    for code in ("allow-origin-multiple", "allow-origin-mismatch"):
        yield _scene(
            f"{prefix}{code}",
            lambda words: {_ORIGIN: " ".join(_several(words.value))},
            **asked,
        )
    # A value that Chromium does not read as a URL has words of its own.
    yield _scene(
        f"{prefix}allow-origin-mismatch",
        lambda words: {_ORIGIN: words.value.replace("://", "//")},
        **asked,
    )
    yield _scene(
        f"{prefix}allow-credentials",
        lambda words: {_CREDENTIALS: words.value or None},
        **_INCLUDE,
        **asked,
    )


def _several(value: str) -> list[str]:
    """The values of a message that names several of them, or one of them twice."""
    values = value.split(", ") if "," in value else value.split()
    return values if len(values) > 1 else [value, value]


def _scenes() -> Iterator[Scene]:
    method: dict[str, Any] = {"only": "preflight", "method": lambda words: words.method}
    header: dict[str, Any] = {
        "only": "preflight",
        "headers": lambda words: ((words.name, "1"),),
    }
    yield from _origin_scenes("")
    yield from _origin_scenes("preflight-", **_ASKS)
    yield Scene("preflight-redirect", _redirected_preflight)
    yield _scene(
        "preflight-status",
        lambda words: {},
        status=lambda words: words.status or 403,
        **_ASKS,
    )
    yield _scene(
        "allow-methods-syntax", lambda words: {_METHODS: words.value}, **method
    )
    yield _scene("allow-methods", lambda words: {_METHODS: None}, **method)
    yield _scene(
        "allow-headers-syntax", lambda words: {_HEADERS: words.value}, **header
    )
    yield _scene("allow-headers", lambda words: {_HEADERS: None}, **header)
    yield _scene(
        "allow-headers-authorization",
        lambda words: {_HEADERS: "*"},
        only="preflight",
        headers=(("Authorization", "Bearer 1"),),
    )
    # Chromium says of any other cause what it says after every reason.
    yield from (_silent(cause) for cause in Cause if cause is not Cause.OTHER)
    yield Scene("redirect-credentials", _to_url_with_user)
    yield Scene("allow-origin-missing", _to_other_origin)
    yield _scene(
        "mixed-content",
        lambda words: {},
        url=lambda words: "http://" + words.url.partition("://")[2],
    )
    yield _scene(
        "content-security-policy",
        lambda words: {},
        blocked_by_policy=lambda words: words.value or "connect-src 'self'",
    )
    yield _scene("same-origin-mode", lambda words: {}, mode="same-origin")
    yield _scene(
        "resource-policy",
        lambda words: {"Cross-Origin-Resource-Policy": "same-origin"},
        mode="no-cors",
    )
    yield _scene(
        "websocket-handshake",
        lambda words: {},
        status=lambda words: words.status or 403,
        kind=Kind.WEB_SOCKET,
        url=lambda words: words.url.replace("http", "ws", 1),
    )
    yield Scene("redirect-mode", _not_followed)
    for kind in _KINDS:
        yield _scene(
            "allow-origin-missing",
            lambda words: {_ORIGIN: None},
            status=lambda words: words.status,
            kind=kind,
            mode="cors",
            font_family=FAMILY,
        )
    yield _scene("forbidden-method", lambda words: {}, method="TRACE")


def _redirected_preflight(words: Words) -> tuple[Fetch, Answer]:
    def answer(request: Request) -> Response:
        location = words.target or "/login"
        lines = {**_good(words, request), "Location": location}
        status = words.status if 300 <= words.status <= 399 else 301
        return Response(status, tuple(lines.items()))

    return _fetch(words, {"has_upload_listener": True}), answer


def _not_followed(words: Words) -> tuple[Fetch, Answer]:
    def answer(request: Request) -> Response:
        return Response(302, (*_good(words, request).items(), ("Location", "/other")))

    return _fetch(words, {"redirect": "error"}), answer


def _to_url_with_user(words: Words) -> tuple[Fetch, Answer]:
    def answer(request: Request) -> Response:
        target = words.target or words.url
        location = target.replace("://", "://user:password@", 1)
        return Response(302, (*_good(words, request).items(), ("Location", location)))

    return _fetch(words, {}), answer


def _to_other_origin(words: Words) -> tuple[Fetch, Answer]:
    """A redirect whose target has no headers; the message names the target first."""
    first = words.target or "https://first.invalid/"

    def answer(request: Request) -> Response:
        if request.url == words.url:
            return Response(200)
        return Response(302, (*_good(words, request).items(), ("Location", words.url)))

    return _fetch(words, {"url": first}), answer


SCENES: Final[tuple[Scene, ...]] = tuple(_scenes())
