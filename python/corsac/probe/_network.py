"""One HTTP exchange with a server that may do anything, within a bounded time and a bounded size.

Here: `Network`, the look-up of names, and the cause of a failure. Not here: the bounds themselves
(`_bounds.py`), which requests may be sent and how often (`_asker.py`), what an answer means.
Spec: https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
import urllib.parse
from dataclasses import dataclass
from typing import Final

import httpcore

from corsac.browser import Cause, NoResponse, Request, Response

from ._bounds import MAX_BODY, BoundedBackend, Bounds, Overflow
from ._failures import TooLarge

#: How many addresses of a name are tried, in the resolver's order.
_MAX_ADDRESSES: Final = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body`: what is known of the body: "whole", "large" (more than is read),
    "slow" (not there in time), "broken", or "unread" where nobody asked for it."""

    response: Response
    body: str = "unread"


class Network:
    """Performs exchanges, each over a connection of its own.

    A kept connection may be half closed, or hold what a broken answer left behind; then the next
    answer would be judged by the last one's fault.
    """

    def __init__(
        self, timeout: float, user_agent: str, context: ssl.SSLContext | None
    ) -> None:
        self._timeout = timeout
        self._user_agent = user_agent
        self._context = context
        self._addresses: dict[tuple[str, int], list[str]] = {}

    def exchange(
        self, request: Request, secrets: dict[str, str], reads_body: bool, until: float
    ) -> Answer:
        """`secrets`: header lines beside the request's. `until`: the end of all, of `monotonic`.

        Raises `NoResponse` with its cause.
        """
        bounds = Bounds(min(time.monotonic() + self._timeout, until))
        try:
            return self._perform(request, secrets, reads_body, bounds)
        except Overflow:
            raise _too_large() from None
        except (httpcore.TimeoutException, TimeoutError):
            if not bounds.is_http:
                raise _of_protocol_error(
                    "it does not begin with HTTP/", bounds
                ) from None
            raise NoResponse(
                f"no answer within {self._timeout:g} seconds", Cause.TIMEOUT
            ) from None
        except httpcore.RemoteProtocolError as error:
            raise _of_protocol_error(str(error), bounds) from None
        except (httpcore.NetworkError, OSError) as error:
            raise _of_network_error(error) from None
        except (httpcore.ProtocolError, ValueError) as error:
            raise NoResponse(f"no HTTP: {error}", Cause.NO_HTTP) from None

    def _perform(
        self,
        request: Request,
        secrets: dict[str, str],
        reads_body: bool,
        bounds: Bounds,
    ) -> Answer:
        url = urllib.parse.urlsplit(request.url)
        port = url.port or (443 if url.scheme == "https" else 80)
        host = url.hostname or ""
        replaced = {name.lower() for name in secrets}
        lines = [
            ("Host", url.netloc),
            ("User-Agent", self._user_agent),
            ("Accept", "*/*"),
            ("Connection", "close"),
            *(line for line in request.headers if line[0].lower() not in replaced),
            *secrets.items(),
        ]
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        address = httpcore.URL(
            scheme=url.scheme.encode(),
            host=host.encode(),
            port=port,
            target=target.encode("latin-1"),
        )
        headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in lines]
        backend = BoundedBackend(self._resolve(host, port, bounds.end), bounds)
        with (
            httpcore.ConnectionPool(
                ssl_context=self._context,
                max_keepalive_connections=0,
                network_backend=backend,
            ) as pool,
            pool.stream(request.method, address, headers=headers) as response,
        ):
            answer = _read_response(response)
            body = _read_body(response) if reads_body else "unread"
        return Answer(answer, body)

    def _resolve(self, host: str, port: int, end: float) -> list[str]:
        """The addresses of a name, asked for once.

        In a thread of its own, since a resolver has no timeout and takes no interruption.
        """
        if (host, port) in self._addresses:
            return self._addresses[host, port]
        found: list[str] = []
        done = threading.Event()

        def resolve() -> None:
            # A name that the DNS cannot hold is a UnicodeError.
            with contextlib.suppress(OSError, UnicodeError):
                infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                found.extend(dict.fromkeys(str(info[4][0]) for info in infos))
            done.set()

        threading.Thread(target=resolve, daemon=True).start()
        if not done.wait(max(0.0, end - time.monotonic())):
            raise NoResponse(
                f"no answer to the look-up of {host} within {self._timeout:g} seconds",
                Cause.TIMEOUT,
            )
        if not found:
            raise NoResponse(f"there is no host {host}", Cause.NO_SUCH_HOST)
        self._addresses[host, port] = found[:_MAX_ADDRESSES]
        return self._addresses[host, port]


def _read_response(response: httpcore.Response) -> Response:
    lines = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in response.headers
    )
    reason = response.extensions.get("reason_phrase", b"")
    return Response(response.status, lines, reason.decode("latin-1"))


def _read_body(response: httpcore.Response) -> str:
    """Reads the body up to the bound, and says how it ended."""
    size = 0
    try:
        for chunk in response.iter_stream():
            size += len(chunk)
            if size > MAX_BODY:
                return "large"
    except Overflow:
        return "large"
    except httpcore.TimeoutException:
        return "slow"
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
        return "broken"
    return "whole"


def _too_large() -> TooLarge:
    return TooLarge("the answer's header lines are longer than 100 KiB", Cause.NO_HTTP)


def _of_protocol_error(text: str, bounds: Bounds) -> NoResponse:
    if "too long" in text:
        return _too_large()
    if "disconnected without sending" in text and bounds.is_http:
        how = (
            "in the middle of its header lines" if bounds.first else "without an answer"
        )
        return NoResponse(f"the server closed the connection {how}", Cause.EMPTY)
    if not bounds.is_http:
        text = "it does not begin with HTTP/"
    return NoResponse(f"the answer is no HTTP: {text}", Cause.NO_HTTP)


def _of_network_error(error: BaseException) -> NoResponse:
    """The cause behind httpcore's own errors, which carry the operating system's."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return NoResponse(
                f"the certificate does not hold: {inner.verify_message}",
                Cause.CERTIFICATE,
            )
        if isinstance(inner, ssl.SSLError):
            reason = (inner.reason or str(inner)).replace("_", " ").lower()
            return NoResponse(f"TLS failed: {reason}", Cause.TLS)
        if isinstance(inner, ConnectionRefusedError):
            return NoResponse("the connection was refused", Cause.REFUSED)
        if isinstance(inner, (ConnectionResetError, BrokenPipeError)):
            return NoResponse("the connection was reset", Cause.RESET)
        inner = inner.__cause__ or inner.__context__
    return NoResponse(f"no connection: {error}", Cause.UNREACHABLE)
