"""HTTP messages between a browser that is not there and an application that knows no network.

Here: the parts of a request's URL, the header lines that a browser adds to its own, and the check
of what an application answers. Not here: how either interface carries them.
Spec: https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from ..._names import is_token
from .._url import DEFAULT_PORTS, parse
from .._wire import Cause, Lines, NoResponse, Request, Response

#: The most of a body that is read, in bytes. Chosen by us because no check looks at a body, and
#: one without an end must not keep anybody.
MAX_BODY: Final = 16 * 1024 * 1024
#: The type of a response that does not end by itself.
#: https://html.spec.whatwg.org/multipage/server-sent-events.html#text/event-stream
EVENT_STREAM: Final = "text/event-stream"
#: Where servers put the exceptions that an application raises behind its answer; tests show it.
_LOGGER: Final = logging.getLogger("corsac.browser.applications")
_LOGGER.addHandler(logging.NullHandler())


class Target(NamedTuple):
    """Where a request goes. `path` is decoded, `raw_path` as it is sent, `query` without its `?`."""

    scheme: str
    host: str
    port: int
    authority: str
    path: bytes
    raw_path: bytes
    query: bytes


def target_of(request: Request) -> Target:
    url = parse(request.url)
    assert url is not None, "a browser asks for URLs that it has parsed"
    raw_path, _, query = url.path.partition("?")
    return Target(
        url.scheme,
        url.host.strip("[]"),
        url.port or DEFAULT_PORTS[url.scheme],
        url.origin.partition("://")[2],
        unquote_to_bytes(raw_path),
        raw_path.encode("ascii"),
        query.encode("ascii"),
    )


def takes_body(request: Request) -> bool:
    """Whether the page's body goes out with this request.

    https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    """
    return not request.is_preflight and request.method not in ("GET", "HEAD")


def request_lines(request: Request, target: Target, body: bytes) -> Lines:
    """The request's header lines, with those that a browser adds and an application may need.

    https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
    """
    names = {name.lower() for name, _ in request.headers}
    lines = [("Host", target.authority)]
    if "accept" not in names:
        lines.append(("Accept", "*/*"))
    if body:
        lines.append(("Content-Length", str(len(body))))
    return (*lines, *request.headers)


def build_response(
    status: object, lines: Iterable[tuple[str, str]], reason: str | None = None
) -> Response:
    """What an application answered.

    `reason`: None for the phrase that servers write beside this status.
    # Errors: NoResponse, for what no server can write, like a status of 20 or a name with a space.
    """
    if not isinstance(status, int) or not 100 <= status <= 999:
        raise malformed(f"the status {status!r}")
    checked = []
    for name, value in lines:
        if not is_token(name):
            raise malformed(f"the header name {name!r}")
        if any(c in "\0\r\n" for c in value):
            raise malformed(f"the value {value!r} of the header {name}")
        checked.append((name, value.strip(" \t")))
    return Response(
        int(status), tuple(checked), _phrase(status) if reason is None else reason
    )


def malformed(what: str) -> NoResponse:
    return NoResponse(
        f"the application answered with {what}, which is no HTTP", Cause.NO_HTTP
    )


def raised(error: BaseException) -> NoResponse:
    return NoResponse(
        f"the application raised {type(error).__name__}: {error}", Cause.EMPTY
    )


def log_behind(error: Exception) -> None:
    """Keeps an exception that came too late to change the answer."""
    _LOGGER.error("the application raised behind its answer", exc_info=error)


def is_endless(response: Response) -> bool:
    return any(
        name.lower() == "content-type" and value.lower().startswith(EVENT_STREAM)
        for name, value in response.headers
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
