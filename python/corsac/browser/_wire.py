"""What goes over the wire: requests as they leave the browser, responses as they come back.

Here: `Request`, `Response`, `Exchange`, and `NoResponse` with its `Cause` for when nothing comes.
Not here: what they mean (`_client.py`), how header values are read (`_fields.py`).
Spec: https://fetch.spec.whatwg.org/#requests
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

#: Header lines, as pairs of name and value, in order and with repeats.
Lines = tuple[tuple[str, str], ...]


class Cause(str, Enum):
    """Why there is no response; Chromium's console names it."""

    REFUSED = "refused"
    RESET = "reset"
    NO_SUCH_HOST = "no-such-host"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    EMPTY = "empty"
    TLS = "tls"
    CERTIFICATE = "certificate"
    NO_HTTP = "no-http"
    OTHER = "other"

    __str__ = str.__str__


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request that the browser sends.

    `method`: the request line's. `url`: absolute, without a fragment and without user and
    password. `headers`: pairs (name, value) of what matters here: `Origin`,
    `Access-Control-Request-*`, what the script set, and `Content-Type`; a browser adds
    `Host`, `User-Agent` and the like. `is_preflight`: whether it asks for leave first.
    Source: https://fetch.spec.whatwg.org/#concept-request
    """

    method: str
    url: str
    headers: Lines = ()
    is_preflight: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response as the server sent it.

    `status`: the int of its status line. `headers`: pairs (name, value), a pair for each line,
    in order, with repeats; bytes above 127 are the characters of Latin-1. `reason`: the rest of
    the status line, which Chromium's console shows with errors.
    Source: https://fetch.spec.whatwg.org/#concept-response
    """

    status: int
    headers: Lines = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came back; `response` is None where there was no HTTP response."""

    request: Request
    response: Response | None


class NoResponse(Exception):
    """There is no HTTP response; the text of the error says why.

    A `send` raises it: connection refused or reset, no such host, TLS failed, no HTTP.
    `cause`: a `Cause`, for the consoles that name it.
    Source: https://fetch.spec.whatwg.org/#concept-network-error
    """

    def __init__(self, text: str = "", cause: Cause = Cause.OTHER) -> None:
        super().__init__(text or f"no response ({cause.value})")
        self.cause = cause
