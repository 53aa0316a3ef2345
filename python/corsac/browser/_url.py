"""URLs and origins as browsers read them, for the schemes that fetches across origins know.

Here: `Url` and `parse` (http, https, ws, wss), hosts, ports, paths, and `is_origin`.
Not here: what an origin may do. Hand-written because `urllib.parse` keeps to another standard,
and costs more to import than everything else here.
Spec: https://url.spec.whatwg.org/#concept-basic-url-parser
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from ._host import parse_host

#: The schemes, with the port that each leaves out. https://url.spec.whatwg.org/#special-scheme
DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
#: Percent-encoded in paths besides controls and non-ASCII. https://url.spec.whatwg.org/#path-percent-encode-set
_PATH_SET: Final = frozenset(' "#<>?^`{}')
#: The same for queries of these schemes. https://url.spec.whatwg.org/#special-query-percent-encode-set
_QUERY_SET: Final = frozenset(" \"#<>'")
#: The same for users and passwords. https://url.spec.whatwg.org/#userinfo-percent-encode-set
_USERINFO_SET: Final = frozenset(' "#<>?^`{}/:;=@[\\]|')
_DOTS: Final = frozenset({".", "%2e"})
_DOUBLE_DOTS: Final = frozenset({"..", ".%2e", "%2e.", "%2e%2e"})


class Url(NamedTuple):
    """A parsed URL. `port` is None where it is the scheme's own; `path` holds the query too.

    https://url.spec.whatwg.org/#concept-url
    """

    scheme: str
    host: str
    port: int | None
    path: str
    userinfo: str = ""
    fragment: str | None = None

    @property
    def origin(self) -> str:
        """https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin"""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def http_origin(self) -> str:
        """The same for a WebSocket as for the HTTP request that opens it."""
        return (
            ("http" + self.origin[2:]) if self.scheme in ("ws", "wss") else self.origin
        )

    @property
    def text(self) -> str:
        """The URL as it is requested: without user, password and fragment."""
        return self.origin + self.path

    @property
    def without_userinfo(self) -> str:
        """The URL as WebKit shows it: with its fragment only."""
        return self.text + ("" if self.fragment is None else f"#{self.fragment}")

    @property
    def whole(self) -> str:
        """https://url.spec.whatwg.org/#concept-url-serializer"""
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        userinfo = f"{self.userinfo}@" if self.userinfo else ""
        rest = self.text.removeprefix(f"{self.scheme}://")
        return f"{self.scheme}://{userinfo}{rest}{fragment}"


# A fetch's checks read the same few URLs again and again.
@lru_cache(maxsize=64)
def parse(text: str, base: Url | None = None) -> Url | None:
    """The URL that a text stands for, relative to `base`; None where it is none, or of another scheme.

    https://url.spec.whatwg.org/#concept-basic-url-parser
    """
    text = text.strip(_CONTROLS_AND_SPACE).translate(_TABS_AND_NEWLINES)
    rest, hash_sign, fragment_text = text.partition("#")
    fragment = _encode(fragment_text, frozenset(' "<>`')) if hash_sign else None
    scheme, colon, after = rest.partition(":")
    if colon and _is_scheme(scheme):
        scheme = scheme.lower()
        if scheme not in DEFAULT_PORTS:
            return None
        slashes = after[:2].replace("\\", "/")
        if base is None or base.scheme != scheme or slashes == "//":
            return _parse_authority(scheme, after.lstrip("/\\"), fragment)
        rest = after
    if base is None:
        return None
    if rest[:2].replace("\\", "/") == "//":
        return _parse_authority(base.scheme, rest.lstrip("/\\"), fragment)
    return _parse_relative(rest, base, fragment)


def is_origin(text: str) -> bool:
    """Whether a text is an origin exactly as browsers write it.

    https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
    """
    if text == "null":
        return True
    url = parse(text)
    if url is not None:
        return url.origin == text
    scheme, separator, host = text.partition("://")
    # Extensions and applications have origins of their own schemes.
    return bool(
        separator
        and _is_scheme(scheme)
        and scheme == scheme.lower()
        and scheme not in DEFAULT_PORTS
        and host
        and host.isascii()
        and all(c.isalnum() or c in "-._:" for c in host)
    )


_CONTROLS_AND_SPACE: Final = "".join(map(chr, range(0x21)))
#: What is taken out wherever it stands. https://infra.spec.whatwg.org/#ascii-tab-or-newline
_TABS_AND_NEWLINES: Final = dict.fromkeys(map(ord, "\t\n\r"))


def _is_scheme(text: str) -> bool:
    """https://url.spec.whatwg.org/#scheme-start-state"""
    return (
        text.isascii()
        and text[:1].isalpha()
        and all(c.isalnum() or c in "+-." for c in text)
    )


def _parse_authority(scheme: str, rest: str, fragment: str | None) -> Url | None:
    """https://url.spec.whatwg.org/#authority-state"""
    end = next((i for i, c in enumerate(rest) if c in "/\\?"), len(rest))
    authority, path = rest[:end], rest[end:]
    userinfo, at_sign, address = authority.rpartition("@")
    if address.startswith("["):
        bracketed, closing, port_text = address.partition("]")
        host_text = bracketed + closing
        if port_text[:1] not in ("", ":"):
            return None
        port_text = port_text[1:]
    else:
        host_text, _, port_text = address.partition(":")
    host = parse_host(host_text)
    if host is None:
        return None
    port: int | None = None
    if port_text:
        if not (port_text.isascii() and port_text.isdecimal()):
            return None
        digits = port_text.lstrip("0") or "0"
        if len(digits) > 5 or int(digits) > 0xFFFF:
            return None
        port = int(digits)
    if port == DEFAULT_PORTS[scheme]:
        port = None
    return Url(
        scheme,
        host,
        port,
        _parse_path(path, []),
        _parse_userinfo(userinfo) if at_sign else "",
        fragment,
    )


def _parse_userinfo(text: str) -> str:
    """https://url.spec.whatwg.org/#authority-state"""
    user, _, password = text.partition(":")
    user, password = _encode(user, _USERINFO_SET), _encode(password, _USERINFO_SET)
    return f"{user}:{password}" if password else user


def _parse_relative(rest: str, base: Url, fragment: str | None) -> Url:
    """https://url.spec.whatwg.org/#relative-state"""
    base_path = base.path.partition("?")[0]
    folders = base_path.split("/")[1:-1]
    if not rest:
        path = base.path
    elif rest.startswith("?"):
        path = base_path + _parse_query(rest)
    elif rest[0] in "/\\":
        path = _parse_path(rest, [])
    else:
        path = _parse_path("/" + rest, folders)
    return Url(base.scheme, base.host, base.port, path, base.userinfo, fragment)


def _parse_path(text: str, folders: list[str]) -> str:
    """A path with its query: dots taken away, encoded. https://url.spec.whatwg.org/#path-state"""
    path_text, question, query = text.partition("?")
    segments = list(folders)
    parts = path_text.replace("\\", "/").split("/")[1:] or [""]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part.lower() in _DOUBLE_DOTS:
            del segments[-1:]
            if last:
                segments.append("")
        elif part.lower() in _DOTS:
            if last:
                segments.append("")
        else:
            segments.append(_encode(part, _PATH_SET))
    return "/" + "/".join(segments) + (_parse_query(question + query))


def _parse_query(text: str) -> str:
    """`text` is empty or begins with `?`. https://url.spec.whatwg.org/#query-state"""
    return text[:1] + _encode(text[1:], _QUERY_SET)


def _encode(text: str, also: frozenset[str]) -> str:
    """https://url.spec.whatwg.org/#utf-8-percent-encode"""
    if text.isascii() and text.isprintable() and also.isdisjoint(text):
        return text
    encoded = []
    for character in text:
        if "\x20" <= character <= "\x7e" and character not in also:
            encoded.append(character)
        else:
            # A lone surrogate is no scalar value, and becomes U+FFFD.
            raw = character.encode("utf-8", "surrogatepass")
            raw = b"\xef\xbf\xbd" if "\ud800" <= character <= "\udfff" else raw
            encoded.extend(f"%{byte:02X}" for byte in raw)
    return "".join(encoded)
