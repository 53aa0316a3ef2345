"""Connections that wait no longer and read no more than one exchange may.

Here: `Bounds`, and httpcore's network with them. Not here: what becomes of a failure (`_network.py`).
httpcore bounds each wait by itself; a server that drips a byte a second outlives any such bound, so
that the streams here hand down what is left of the whole exchange's time.
Spec: https://www.encode.io/httpcore/network-backends/
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any, Final

import httpcore

#: The most of a body that is read, in bytes, as it comes: nothing is decompressed.
MAX_BODY: Final = 64 * 1024
#: The most that is read of one exchange, in bytes: what httpcore's parser takes for one header
#: section, a body beside it, and as much again for chunks' sizes.
_MAX_READ: Final = 100 * 1024 + 2 * MAX_BODY


class Overflow(Exception):
    """More was read than an exchange needs."""


class Bounds:
    """What one exchange may take: time until `end`, of `monotonic`. `first`: its first bytes."""

    def __init__(self, end: float) -> None:
        self.end = end
        self.first = b""
        self._read = 0

    def left(self, error: type[httpcore.TimeoutException]) -> float:
        """The seconds that are left. Raises `error` where there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise error
        return left

    def count(self, data: bytes) -> None:
        """Counts what was read. Raises `Overflow` past the bound."""
        self.first = (self.first + data)[:5] if len(self.first) < 5 else self.first
        self._read += len(data)
        if self._read > _MAX_READ:
            raise Overflow

    @property
    def is_http(self) -> bool:
        """Whether what came begins like HTTP/1.1, as far as it goes."""
        return b"HTTP/".startswith(self.first)


class _Stream(httpcore.NetworkStream):
    """A stream within bounds."""

    def __init__(self, inner: httpcore.NetworkStream, bounds: Bounds) -> None:
        self._inner = inner
        self._bounds = bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._bounds.left(httpcore.ReadTimeout))
        self._bounds.count(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._bounds.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._bounds.left(httpcore.ConnectTimeout)
        inner = self._inner.start_tls(ssl_context, server_hostname, left)
        return _Stream(inner, self._bounds)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Connects to the first of the addresses that accepts."""

    def __init__(self, addresses: list[str], bounds: Bounds) -> None:
        self._addresses = addresses
        self._bounds = bounds
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        refusal: Exception | None = None
        for address in self._addresses:
            left = self._bounds.left(httpcore.ConnectTimeout)
            try:
                inner = self._inner.connect_tcp(address, port, left)
            except httpcore.ConnectError as error:
                refusal = error
            else:
                return _Stream(inner, self._bounds)
        raise refusal or httpcore.ConnectError("no address")
