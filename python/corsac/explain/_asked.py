"""From options to what the page asks.

Here: `read_page`, `read_line`, `fetch_of`, with one sentence for each thing that cannot be.
Not here: the options' names and help (`_options.py`), what a `Fetch` takes (`corsac.browser`).
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from corsac.browser import Fetch, Kind, Response
from corsac.browser._url import is_origin, parse

from ._subjects import SERVER, Extras, WrongUse, is_url


def read_page(text: str) -> tuple[str, str]:
    """The origin and the URL of a page, from either. Raises `WrongUse`.

    https://html.spec.whatwg.org/multipage/browsers.html#concept-origin
    """
    text = text.strip()
    if text == "null":
        return "null", ""
    if text.lower().startswith("file:"):
        return "null", text
    url = parse(text)
    if url is None and is_origin(text):
        return text, ""
    if url is None:
        meant = f"https://{text}" if parse(f"https://{text}") else "https://app.example"
        raise WrongUse(
            f'--origin {text!r} is no origin and no URL: write it with its scheme, like "{meant}", '
            'or "null"'
        )
    return url.http_origin, "" if url.path == "/" else url.text


def read_line(text: str, option: str) -> tuple[str, str]:
    """A header line as a pair. Raises `WrongUse`."""
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise WrongUse(f'{option} {text!r} is no header line: write "Name: value"')
    return name.strip(), value.strip()


def fetch_of(options: Namespace, origin: str, page_url: str) -> Fetch:
    """The fetch that the options say. Raises `WrongUse`."""
    keywords: dict[str, Any] = {
        name: value
        for name in ("credentials", "mode", "redirect", "kind", "body_type")
        if (value := getattr(options, name)) is not None
    }
    headers = [read_line(line, "--header") for line in options.header]
    try:
        return Fetch(
            page_origin=origin,
            page_url=page_url,
            url=url_of(options),
            method=options.method,
            headers=tuple(headers),
            **keywords,
        )
    except ValueError as error:
        raise WrongUse(str(error)) from None


def url_of(options: Namespace) -> str:
    """What is asked for: the subject, or a place on the server that is named or stands for one."""
    subject = options.subject or ""
    server = subject if is_url(subject) else SERVER
    if options.kind == Kind.WEB_SOCKET.value and not options.url:
        return server.replace("http", "ws", 1) if server.startswith("http") else server
    if not options.url:
        return server
    url = parse(options.url, parse(server))
    # What does not parse is said by `Fetch`.
    return url.whole if url is not None else str(options.url)


def extras_of(options: Namespace) -> Extras:
    """What the options say about the server. Raises `WrongUse`."""
    if not 200 <= options.status <= 599:
        raise WrongUse(f"--status {options.status} is none: write one from 200 to 599")
    lines = [read_line(line, "--response-header") for line in options.response_header]
    return Extras(
        sends_unsafe=options.send, answer=Response(options.status, tuple(lines))
    )
