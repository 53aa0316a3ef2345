"""What a request is about, for whoever chooses a policy by it.

Here: `Request`, out of each shape in which servers hand over requests; the method for which a route
is looked up, and the header names that a preflight asks for.
Not here: what is allowed (the core), who chooses (`_sources.py`, `adapters/`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-request
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType
from typing import Any, Final

from ._core import value_of

_ORIGIN = b"origin"
_REQUEST_METHOD = b"access-control-request-method"
#: The schemes of a WebSocket's address, and of the page's that may be its own.
#: https://websockets.spec.whatwg.org/#concept-websocket-establish
_OF_WEB_SOCKETS: Final = {"ws": "http", "wss": "https"}
_PLAIN: Final = {"http": "http", "websocket": "ws"}
_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}

Lines = Iterable[tuple[str | bytes, str | bytes]]


class Request:
    """What a policy may be chosen by; it is read when asked, and cannot be changed.

    `method`: a str; of a preflight the method that it asks for. `own_method`: a str, as it came.
    `is_preflight`: a bool.
    `scheme`: a str, `http` or `https`, as the server sees it, of a WebSocket too; empty where
    nobody knows. `host`: a str, the `Host` header in lower case, empty without one. `path`: a str,
    decoded, without the prefix under which a server mounts the application. `origin`: a str, the
    one `Origin` line; None for none, and for several. `headers`: a mapping of names in lower case
    to str, where several lines of a name are joined with `, `. `lines`: the same as they came, pairs
    of str or bytes. `native`: what the framework has:
    an ASGI scope, a WSGI environ, or its own request.
    Source: https://fetch.spec.whatwg.org/#http-requests
    """

    __slots__ = ("_headers", "_lines", "_native", "_own_method", "_path", "_scheme")

    def __init__(
        self, method: str, lines: Lines | None, *, scheme: str, path: str, native: Any
    ) -> None:
        """`lines`: None for those of a WSGI environ, which is `native` then."""
        self._own_method = method
        self._lines = lines
        self._headers: Mapping[str, str] | None = None
        self._scheme = _OF_WEB_SOCKETS.get(scheme, scheme)
        self._path = path or "/"
        self._native = native

    @classmethod
    def of_scope(cls, scope: Mapping[str, Any]) -> Request:
        """The request of an ASGI scope, of HTTP or of a WebSocket.

        Source: https://asgi.readthedocs.io/en/latest/specs/www.html
        """
        scope = read_twice(scope)
        path, prefix = scope.get("path", ""), scope.get("root_path", "").rstrip("/")
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            path = path[len(prefix) :]
        return cls(
            scope.get("method", "GET"),
            scope.get("headers", ()),
            # ASGI lets servers leave it out where it is the plain one.
            scheme=scope.get("scheme") or _PLAIN.get(scope.get("type", ""), ""),
            path=path,
            native=scope,
        )

    @classmethod
    def of_environ(cls, environ: Mapping[str, Any]) -> Request:
        """The request of a WSGI environ.

        Source: https://peps.python.org/pep-3333/#environ-variables
        """
        path: str = environ.get("PATH_INFO", "")
        return cls(
            environ.get("REQUEST_METHOD", ""),
            None,
            scheme=environ.get("wsgi.url_scheme", ""),
            # PEP 3333 hands over bytes as Latin-1.
            path=path.encode("latin-1", "replace").decode("utf-8", "replace"),
            native=environ,
        )

    @classmethod
    def of(cls, source: Any) -> Request:
        """The request of a scope, an environ, or a pair of method and headers; or itself."""
        if isinstance(source, Request):
            return source
        if isinstance(source, tuple):
            method, headers = source
            lines = headers.items() if isinstance(headers, Mapping) else headers
            return cls(method, lines, scheme="", path="", native=source)
        # An environ may hold whatever the process's own environment does, a "type" too.
        is_environ = "REQUEST_METHOD" in source or "type" not in source
        return cls.of_environ(source) if is_environ else cls.of_scope(source)

    @property
    def own_method(self) -> str:
        """Its own method, of a preflight too."""
        return self._own_method

    @property
    def scheme(self) -> str:
        return self._scheme

    @property
    def path(self) -> str:
        return self._path

    @property
    def lines(self) -> Lines:
        if self._lines is None:
            self._lines = _lines_of_environ(self._native)
        return self._lines

    @property
    def native(self) -> Any:
        return self._native

    @property
    def headers(self) -> Mapping[str, str]:
        if self._headers is None:
            read: dict[str, list[str]] = {}
            for name, value in self.lines:
                read.setdefault(_text(name).lower(), []).append(_text(value))
            joined = {name: ", ".join(values) for name, values in read.items()}
            self._headers = MappingProxyType(joined)
        return self._headers

    @property
    def method(self) -> str:
        if self.is_preflight:
            return self.headers["access-control-request-method"]
        return self.own_method

    @property
    def is_preflight(self) -> bool:
        return (
            self.own_method == "OPTIONS"
            and "origin" in self.headers
            and "access-control-request-method" in self.headers
        )

    @property
    def origin(self) -> str | None:
        # Several lines, or a comma: which one counts would be a guess.
        origin = self._value("origin", "HTTP_ORIGIN")
        return None if origin is None or "," in origin else origin

    @property
    def host(self) -> str:
        return lower(self._value("host", "HTTP_HOST") or "")

    def _value(self, name: str, key: str) -> str | None:
        """What `headers` has under a name, without reading the others; `key` is that of environs."""
        if self._headers is None:
            if self._lines is None:
                value = self._native.get(key)
                return value if isinstance(value, str) else None
            if type(self._lines) is list:
                return value_of(self._lines, name)
        return self.headers.get(name)

    def is_of(self, own_origins: tuple[str, ...]) -> bool:
        """Whether its origin is the server's own: one of these, or, without any, that of its address."""
        origin = self.origin
        if origin is None:
            return False
        if own_origins:
            return origin in own_origins
        host = self.host.removesuffix(_DEFAULT_PORTS.get(self.scheme, ":"))
        return bool(self.scheme and host) and origin == f"{self.scheme}://{host}"

    def __repr__(self) -> str:
        return (
            f"<Request {self.method} {self.path!r} host={self.host!r} "
            f"origin={self.origin!r}>"
        )


def read_twice(scope: Mapping[str, Any]) -> Mapping[str, Any]:
    """The scope; a copy where its header lines can be read once only, since the application reads
    them too.

    Source: https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope
    """
    lines = scope.get("headers", ())
    if type(lines) is list or not isinstance(lines, Iterator):
        return scope
    return {**scope, "headers": list(lines)}


def lower(host: str) -> str:
    """A host in lower case; no letter outside of ASCII is another's other case.

    Source: https://www.rfc-editor.org/rfc/rfc4343#section-3
    """
    return host.lower() if host.isascii() else host.translate(_LOWER)


def _text(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    # What no server hands over may stand in a line that matters to nobody.
    return value if isinstance(value, str) else str(value)


def _lines_of_environ(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    lines = [
        (key[5:].replace("_", "-"), value)
        for key, value in environ.items()
        if key.startswith("HTTP_") and isinstance(value, str)
    ]
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            lines.append((key.replace("_", "-"), environ[key]))
    return lines


def actual_method(method: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The method of a preflight's actual request; of any other request its own.

    `method`: a str, as it came. `headers`: an iterable of pairs (name, value) of bytes, names in
    any case. A preflight with several such lines, which every policy refuses, keeps its own.
    Source: https://fetch.spec.whatwg.org/#cors-preflight-request
    """
    if method != "OPTIONS":
        return method
    names = [(name.lower(), value) for name, value in headers]
    asked = [value for name, value in names if name == _REQUEST_METHOD]
    if len(asked) != 1 or all(name != _ORIGIN for name, _ in names):
        return method
    return asked[0].decode("latin-1")


def actual_method_of_environ(environ: dict[str, Any]) -> str:
    """The same for a WSGI environ."""
    method: str = environ["REQUEST_METHOD"]
    if method != "OPTIONS" or "HTTP_ORIGIN" not in environ:
        return method
    asked: str = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD", method)
    return asked


def requested_names_of_environ(environ: dict[str, Any]) -> list[str]:
    """The header names that a preflight asks for, as they came, whether or not they are names.

    `environ`: a WSGI environ. Of any other request none.
    Source: https://fetch.spec.whatwg.org/#http-access-control-request-headers
    """
    if environ["REQUEST_METHOD"] != "OPTIONS" or "HTTP_ORIGIN" not in environ:
        return []
    asked: str = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
    names = (name.strip(" \t") for name in asked.split(","))
    return [name for name in names if name]
