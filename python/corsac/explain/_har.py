"""A HAR file, saved from a browser's developer tools: its fetches across origins.

Here: reading entries, and the responses in them as a server that answers again.
Not here: which of them fail (the model says that), what to change. Nothing is sent anywhere.
Spec: http://www.softwareishard.com/blog/har-12-spec/
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from corsac.browser import Cause, Fetch, Kind, NoResponse, Request, Response
from corsac.browser._url import parse

from ._asked import read_page
from ._curl import pasted_fetch
from ._source import Source
from ._subjects import WrongUse

#: The largest file. Chosen by us because one with every body in it has some hundred megabytes.
_MOST_BYTES: Final = 1 << 30
#: What Chromium writes beside an entry, and why there was no response.
_ERRORS: Final = {
    "net::ERR_CONNECTION_REFUSED": Cause.REFUSED,
    "net::ERR_CONNECTION_RESET": Cause.RESET,
    "net::ERR_NAME_NOT_RESOLVED": Cause.NO_SUCH_HOST,
    "net::ERR_ADDRESS_UNREACHABLE": Cause.UNREACHABLE,
    "net::ERR_CONNECTION_TIMED_OUT": Cause.TIMEOUT,
    "net::ERR_EMPTY_RESPONSE": Cause.EMPTY,
    "net::ERR_SSL_PROTOCOL_ERROR": Cause.TLS,
    "net::ERR_CERT_AUTHORITY_INVALID": Cause.CERTIFICATE,
}
_XML_HTTP_REQUEST: Final = "xhr"


@dataclass(frozen=True)
class _Entry:
    method: str
    url: str
    headers: list[tuple[str, str]]
    response: Response | None
    error: str
    kind: str
    page: str
    has_body: bool

    def header(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name), None)

    @property
    def is_preflight(self) -> bool:
        return (
            self.method == "OPTIONS"
            and self.header("access-control-request-method") is not None
        )


@dataclass(frozen=True)
class Recorded:
    """A fetch of a HAR file, and what answers it: the responses in the file.

    `was_blocked`: whether the file itself has no response for it.
    """

    fetch: Fetch
    source: Source
    was_blocked: bool


def read_har(path: str, text: str | None = None) -> list[Recorded]:
    """The fetches across origins in a file, or in its text. Raises `WrongUse`."""
    entries = list(_read_entries(_read_document(path, text), path))
    found = []
    for place, entry in enumerate(entries):
        if entry.is_preflight:
            continue
        recorded = _recorded(entry, entries[: place + 2], path)
        if recorded is not None:
            found.append(recorded)
    return found


def _read_document(path: str, text: str | None) -> Any:
    try:
        if text is not None:
            return json.loads(text)
        if os.path.getsize(path) > _MOST_BYTES:
            raise WrongUse(f"{path} is too large: save it without the contents")
        with open(path, "rb") as file:
            return json.loads(file.read().decode("utf-8-sig"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WrongUse(
            f"{path} cannot be read: {reason}; name a HAR file that the network panel has saved"
        ) from None
    except (ValueError, RecursionError):
        raise WrongUse(
            f"{path} is no JSON: save the network panel as HAR, and name that file"
        ) from None


def _read_entries(document: Any, path: str) -> Iterator[_Entry]:
    try:
        log = document["log"]
        pages = {
            str(page.get("id")): str(page.get("title") or "")
            for page in log.get("pages", [])
        }
        for entry in log["entries"]:
            yield _read_entry(entry, pages)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise WrongUse(
            f"{path} is JSON and no HAR file ({type(error).__name__}: {error}): save the network "
            "panel as HAR, and name that file"
        ) from None


def _read_entry(entry: dict[str, Any], pages: dict[str, str]) -> _Entry:
    request, response = entry["request"], entry.get("response") or {}
    status = int(response.get("status") or 0)
    error = str(entry.get("_error") or response.get("_error") or "")
    lines = tuple(_lines(response.get("headers")))
    # Chromium keeps what came, and tells by the error that the page did not get it.
    answered = Response(status, lines, str(response.get("statusText") or ""))
    return _Entry(
        str(request["method"]),
        str(request["url"]),
        list(_lines(request.get("headers"))),
        answered if 100 <= status <= 999 else None,
        error,
        str(entry.get("_resourceType") or ""),
        str(pages.get(str(entry.get("pageref"))) or ""),
        bool(request.get("postData")),
    )


def _lines(headers: Any) -> Iterator[tuple[str, str]]:
    """Header lines; Chromium joins those of one name with line ends."""
    for header in headers or []:
        name = str(header["name"])
        if not name.startswith(":"):
            for value in str(header["value"]).split("\n"):
                yield name, value


def _recorded(entry: _Entry, before: list[_Entry], path: str) -> Recorded | None:
    """The fetch of an entry, or None where it is none across origins."""
    page = entry.header("origin") or entry.header("referer") or entry.page
    url = parse(entry.url)
    if url is None or not page:
        return None
    try:
        origin, page_url = read_page(page)
        headers = [
            (name, value) for name, value in entry.headers if value.isprintable()
        ]
        fetch = pasted_fetch(
            origin,
            page_url,
            entry.url,
            entry.method,
            headers,
            b"",
            has_body=entry.has_body,
        ).fetch
    except WrongUse:
        return None
    mode = entry.header("sec-fetch-mode")
    is_silent = fetch.mode in ("no-cors", "navigate") or (
        mode is None and entry.header("origin") is None and entry.response is not None
    )
    if url.http_origin == origin or is_silent:
        return None
    if entry.kind == _XML_HTTP_REQUEST and fetch.kind is Kind.FETCH:
        fetch = _with_kind(fetch, Kind.XML_HTTP_REQUEST)
    source = Source(path, _replay(entry, before))
    return Recorded(fetch, source, entry.response is None)


def _with_kind(fetch: Fetch, kind: Kind) -> Fetch:
    from dataclasses import replace

    return replace(fetch, kind=kind)


def _replay(entry: _Entry, before: list[_Entry]) -> Any:
    """A server that answers as the file says."""

    def send(request: Request) -> Response:
        for one in reversed(before):
            if (
                one.is_preflight == request.is_preflight
                and one.method == request.method
                and _same(one.url, request.url)
            ):
                if one.response is not None:
                    return one.response
                raise NoResponse(
                    f"the file has none for it ({one.error or 'it was blocked'})",
                    _ERRORS.get(one.error, Cause.OTHER),
                )
        what = "preflight" if request.is_preflight else request.method
        raise NoResponse(f"the file has no {what} to {request.url}")

    return send


def _same(first: str, second: str) -> bool:
    one, other = parse(first), parse(second)
    return one is not None and other is not None and one.text == other.text
