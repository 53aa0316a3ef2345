"""A curl command, as browsers copy it, read back as the fetch that it was.

Here: curl's options, which of its headers a browser sets and which the script, the page.
Not here: how shells quote (`_shell.py`). Spec: https://curl.se/docs/manpage.html
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from corsac.browser import Fetch, Kind
from corsac.browser._safelist import is_safelisted
from corsac.browser._url import parse

from ._asked import read_line, read_page
from ._shell import split_words
from ._subjects import WrongUse

_MEANINGS: Final = {
    "method": "-X --request",
    "header": "-H --header",
    "cookie": "-b --cookie",
    "data": "-d --data --data-raw --data-ascii --data-binary --data-urlencode",
    "json": "--json",
    "form": "-F --form --form-string",
    "user": "-u --user",
    "bearer": "--oauth2-bearer",
    "agent": "-A --user-agent",
    "referer": "-e --referer",
    "url": "--url",
    "range": "-r --range",
    "upload": "-T --upload-file",
    # Passed over.
    "": "-o --output -x --proxy -m --max-time --connect-timeout --retry --retry-delay "
    "--retry-max-time --cacert --capath -E --cert --cert-type --key --key-type --pass -w "
    "--write-out -c --cookie-jar --resolve --connect-to --interface --limit-rate -C "
    "--continue-at -K --config -D --dump-header -U --proxy-user -y --speed-time -Y "
    "--speed-limit -z --time-cond -t --telnet-option -Q --quote -P --ftp-port --ciphers "
    "--tls-max --tls13-ciphers --max-redirs --max-filesize --noproxy --unix-socket "
    "--dns-servers --doh-url --aws-sigv4 --trace --trace-ascii --stderr --proto "
    "--proto-redir --proto-default --local-port --curves --output-dir --rate",
}
#: Options that take a value, by what they mean here.
_WITH_VALUE: Final = {
    option: meaning
    for meaning, options in _MEANINGS.items()
    for option in options.split()
}
_FLAGS: Final = {"-G": "get", "--get": "get", "-I": "head", "--head": "head"}
#: Headers that browsers set by themselves; what the script set is the rest.
_NAMES: Final = """accept-encoding accept-language alt-used connection content-length cookie dnt host
    if-modified-since if-none-match keep-alive origin priority proxy-connection purpose referer
    te transfer-encoding upgrade upgrade-insecure-requests user-agent
    x-client-data"""
_OF_BROWSERS: Final = frozenset(_NAMES.split())
_MODES: Final = ("cors", "no-cors", "same-origin", "navigate", "websocket")
#: https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-dest-header
KINDS: Final = {
    "audio": Kind.AUDIO,
    "document": Kind.NAVIGATION,
    "font": Kind.FONT,
    "iframe": Kind.NAVIGATION,
    "image": Kind.IMAGE,
    "manifest": Kind.MANIFEST,
    "script": Kind.SCRIPT,
    "style": Kind.STYLESHEET,
    "track": Kind.TRACK,
    "video": Kind.VIDEO,
    "websocket": Kind.WEB_SOCKET,
}


@dataclass
class Command:
    """What a curl command says."""

    url: str = ""
    method: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    has_form: bool = False
    flags: set[str] = field(default_factory=set)

    def header(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name), None)


@dataclass(frozen=True)
class Pasted:
    """The fetch, what a browser added to it, and its body."""

    fetch: Fetch
    added: tuple[tuple[str, str], ...]
    body: bytes


def read_curl(text: str, origin: str | None = None) -> Pasted:
    """The fetch behind a curl command.

    `origin`: of the page, where the command does not say it. Raises `WrongUse`.
    """
    command = _parse(text)
    page = origin or command.header("origin") or command.header("referer")
    if page is None:
        raise WrongUse(
            "the curl command has no Origin and no Referer header, so nothing says which page asks: "
            "add --origin https://app.example"
        )
    page_origin, page_url = read_page(page)
    method = _method(command)
    return pasted_fetch(
        page_origin,
        page_url,
        command.url,
        method,
        command.headers,
        "\n".join(command.data).encode("utf-8", "replace"),
        has_body=bool(command.data) or command.has_form or "upload" in command.flags,
    )


def pasted_fetch(
    page_origin: str,
    page_url: str,
    url: str,
    method: str,
    headers: list[tuple[str, str]],
    body: bytes,
    *,
    has_body: bool,
) -> Pasted:
    """The fetch behind a request as it stood on the wire. Raises `WrongUse`.

    https://w3c.github.io/webappsec-fetch-metadata/
    """
    sent = {name.lower(): value for name, value in headers}
    keywords: dict[str, Any] = {}
    if sent.get("sec-fetch-mode") in _MODES:
        keywords["mode"] = sent["sec-fetch-mode"]
    if sent.get("sec-fetch-dest") in KINDS:
        keywords["kind"] = KINDS[sent["sec-fetch-dest"]]
    elif url.startswith("ws"):
        keywords["kind"] = Kind.WEB_SOCKET
    elif sent.get("accept") == "text/event-stream":
        keywords["kind"] = Kind.EVENT_SOURCE
    if "cookie" in sent:
        keywords["credentials"] = "include"
    uncached = sent.get("cache-control") == sent.get("pragma") == "no-cache"
    own = [
        (name, value)
        for name, value in headers
        if name.lower() not in _OF_BROWSERS
        and not name.startswith(":")
        and not name.lower().startswith("sec-")
        # Developer tools that keep the cache off add both.
        and not (uncached and name.lower() in ("cache-control", "pragma"))
        and not (name.lower() == "accept" and is_safelisted(name, value))
    ]
    try:
        fetch = Fetch(
            page_origin=page_origin,
            page_url=page_url,
            url=url,
            method=method,
            headers=tuple(own),
            has_body=has_body,
            **keywords,
        )
    except ValueError as error:
        raise WrongUse(str(error)) from None
    mine = {name.lower() for name, _ in own}
    left_out = ("origin", "host", "connection", "content-length", "accept-encoding")
    added = tuple(
        (name, value)
        for name, value in headers
        if name.lower() not in mine and name.lower() not in left_out
    )
    return Pasted(fetch, added, body)


def _parse(text: str) -> Command:
    try:
        words = split_words(text)
    except ValueError as error:
        raise WrongUse(f"the curl command cannot be read: {error}") from None
    if not words or words[0].rpartition("/")[2] not in ("curl", "curl.exe"):
        raise WrongUse(
            "that is no curl command: copy it in the browser's network panel, as cURL, and paste "
            "the whole of it"
        )
    command = Command()
    rest = iter(words[1:])
    for word in rest:
        if not word.startswith("-") or word == "-":
            if word in ("|", "&&", ";", ">", "&"):
                break
            command.url = command.url or word
            continue
        for option, value in _options(word, rest):
            _note(command, option, value)
    if not command.url:
        raise WrongUse("the curl command has no URL: paste the whole of it")
    if parse(command.url) is None and "://" not in command.url:
        command.url = f"http://{command.url}"  # as curl does
    return command


def _options(word: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
    """The options of a word, each with its value."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        if name in _WITH_VALUE:
            yield name, value if equals else next(rest, "")
        else:
            yield word, ""
        return
    for place in range(1, len(word)):
        option = f"-{word[place]}"
        if option in _WITH_VALUE:
            yield option, word[place + 1 :] or next(rest, "")
            return
        yield option, ""


def _note(command: Command, option: str, value: str) -> None:
    match _WITH_VALUE.get(option, ""):
        case "url":
            command.url = value
        case "method":
            command.method = value
        case "header" if value.rstrip().endswith(";") and ":" not in value:
            command.headers.append((value.rstrip(" ;"), ""))
        case "header":
            name, line = read_line(value, "-H")
            if line:  # curl leaves a header without a value out
                command.headers.append((name, line))
        case "cookie":
            command.headers.append(("Cookie", value))
        case "data":
            command.data.append(value)
        case "json":
            command.data.append(value)
            command.headers += [("Content-Type", "application/json")]
        case "form":
            command.has_form = True
        case "upload":
            command.flags.add("upload")
        case "user":
            encoded = b2a_base64(value.encode(), newline=False).decode()
            command.headers.append(("Authorization", f"Basic {encoded}"))
        case "bearer":
            command.headers.append(("Authorization", f"Bearer {value}"))
        case "agent":
            command.headers.append(("User-Agent", value))
        case "referer":
            command.headers.append(("Referer", value.partition(";")[0]))
        case "range":
            command.headers.append(("Range", f"bytes={value}"))
        case _:
            command.flags.add(_FLAGS.get(option, ""))


def _method(command: Command) -> str:
    """The method; the body's type goes into the headers, and with -G the data into the URL.

    https://curl.se/docs/manpage.html#-G
    """
    method = command.method
    if "get" in command.flags:
        if command.data:
            joint = "&" if "?" in command.url else "?"
            command.url += joint + "&".join(command.data)
            command.data.clear()
        return method or "GET"
    if "head" in command.flags:
        return method or "HEAD"
    if "upload" in command.flags:
        return method or "PUT"
    if not (command.data or command.has_form):
        return method or "GET"
    if command.header("content-type") is None:
        parts = "multipart/form-data"
        type_ = parts if command.has_form else "application/x-www-form-urlencoded"
        command.headers.append(("Content-Type", type_))
    return method or "POST"
