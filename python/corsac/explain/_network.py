"""Asks a live server.

Here: `network_sender`, one exchange at a time over httpx, which comes with the extra `cli`.
Not here: what the answer means. No redirect is followed, since that is the model's part, and no
body is read, since no rule looks at one.
Spec: https://fetch.spec.whatwg.org/#concept-http-network-fetch
"""

from __future__ import annotations

import threading
from typing import Any, Final

from corsac.browser import Cause, NoResponse, Request, Response

from ._source import Send

#: The most seconds for one exchange, and for each step of it. Chosen by us because a person waits.
_DEADLINE: Final = 30.0
_STEP: Final = 10.0
_DEFAULTS: Final = (("Accept", "*/*"), ("User-Agent", "corsac-explain"))
#: https://fetch.spec.whatwg.org/#credentials
_CREDENTIALS: Final = ("cookie", "authorization")
_CAUSES: Final = {
    "refused": Cause.REFUSED,
    "reset by peer": Cause.RESET,
    "without sending": Cause.EMPTY,
    "name or service": Cause.NO_SUCH_HOST,
    "nodename nor": Cause.NO_SUCH_HOST,
    "name resolution": Cause.NO_SUCH_HOST,
    "no address": Cause.NO_SUCH_HOST,
    "certificate": Cause.CERTIFICATE,
    "ssl": Cause.TLS,
    "tls": Cause.TLS,
    "unreachable": Cause.UNREACHABLE,
}


def network_sender(headers: tuple[tuple[str, str], ...], body: bytes) -> Send:
    """A `send` for live servers. `headers`: what a browser would add; `body`: what the page sends.

    # Errors: ModuleNotFoundError, without httpx.
    """
    import httpx

    client = httpx.Client(
        http2=False, follow_redirects=False, timeout=_STEP, trust_env=True
    )
    client.headers.clear()

    def send(request: Request) -> Response:
        lines = list(request.headers)
        # A preflight has no cookies.
        for line in (*_without_cookies(headers, request), *_DEFAULTS):
            if not any(line[0].lower() == name.lower() for name, _ in lines):
                lines.append(line)
        url = request.url
        if url.startswith("ws"):
            url = "http" + url.removeprefix("ws")
            lines += [
                ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "Y29yc2FjLWV4cGxhaW5zIQ=="),
            ]
        content = None if request.is_preflight or request.method == "GET" else body
        return _in_time(
            lambda: _exchange(client, request.method, url, lines, content or None)
        )

    def _exchange(
        client: httpx.Client,
        method: str,
        url: str,
        lines: list[tuple[str, str]],
        content: bytes | None,
    ) -> Response:
        try:
            with client.stream(method, url, headers=lines, content=content) as answer:
                pairs = tuple(
                    (name.decode("latin-1"), value.decode("latin-1"))
                    for name, value in answer.headers.raw
                )
                return Response(answer.status_code, pairs, answer.reason_phrase)
        except httpx.TimeoutException:
            raise NoResponse(f"no answer within {_STEP:.0f} s", Cause.TIMEOUT) from None
        except httpx.RemoteProtocolError as error:
            cause = _cause(str(error))
            cause = Cause.NO_HTTP if cause is Cause.OTHER else cause
            raise NoResponse(_said(error), cause) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise NoResponse(_said(error), _cause(str(error))) from None

    return send


def _without_cookies(
    headers: tuple[tuple[str, str], ...], request: Request
) -> list[tuple[str, str]]:
    return [
        line
        for line in headers
        if not (request.is_preflight and line[0].lower() in _CREDENTIALS)
    ]


def _said(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__


def _cause(text: str) -> Cause:
    text = text.lower()
    return next((cause for said, cause in _CAUSES.items() if said in text), Cause.OTHER)


def _in_time(exchange: Any) -> Response:
    """The answer, or `NoResponse` for a server that drips and never ends."""
    results: list[Response | BaseException] = []

    def run() -> None:
        try:
            results.append(exchange())
        except BaseException as error:  # noqa: BLE001 raised again where it is waited for
            results.append(error)

    # A daemon, so that what still waits does not keep the process.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(_DEADLINE)
    if not results:
        raise NoResponse(f"no whole answer within {_DEADLINE:.0f} s", Cause.TIMEOUT)
    if isinstance(results[0], BaseException):
        raise results[0]
    return results[0]
