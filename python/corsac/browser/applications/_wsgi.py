"""One exchange with a WSGI application.

Here: `ask_wsgi`. Not here: which requests there are, ASGI (`_asgi.py`).
Spec: https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, Final

from .._wire import Cause, NoResponse, Request, Response
from ._message import (
    MAX_BODY,
    build_response,
    is_endless,
    log_behind,
    malformed,
    raised,
    request_lines,
    takes_body,
    target_of,
)

#: For how many seconds a body is read; see `MAX_BODY`.
_SECONDS: Final = 10.0


def ask_wsgi(
    application: Callable[..., Any], request: Request, body: bytes
) -> Response:
    """Performs one exchange in this thread, and reads the body away.

    # Errors: NoResponse, for an exception of the application, no answer, or one that is no HTTP.
    """
    started = _Started()
    environ = _environ(request, body if takes_body(request) else b"")
    try:
        chunks = application(environ, started)
        try:
            _read(chunks, started)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
    except NoResponse:
        raise
    except Exception as error:
        # An application may raise behind its answer, for the server's log.
        if started.response is None or not started.ended:
            raise raised(error) from error
        log_behind(error)
    if started.response is None:
        raise NoResponse(
            "the application ended without calling start_response", Cause.EMPTY
        )
    return started.response


class _Started:
    """What a server hands over as `start_response`.

    https://peps.python.org/pep-3333/#the-start-response-callable
    """

    def __init__(self) -> None:
        self.response: Response | None = None
        self.ended = False

    def __call__(
        self, status: str, lines: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        if self.response is not None and exc_info is None:
            raise AssertionError("start_response was called twice without exc_info")
        try:
            code, _, reason = status.partition(" ")
            if not (len(code) == 3 and code.isascii() and code.isdecimal()):
                raise malformed(f"the status {status!r}")
            self.response = build_response(int(code), lines, reason)
        except (TypeError, ValueError, AttributeError):
            raise malformed(f"{status!r} and {lines!r}") from None
        return lambda chunk: None


def _read(chunks: Iterable[bytes], started: _Started) -> None:
    """Reads the body, so that the application comes to its end, as far as there is one."""
    size, until = 0, monotonic() + _SECONDS
    for chunk in chunks:
        if not isinstance(chunk, bytes):
            raise malformed(f"a body of {type(chunk).__name__}")
        size += len(chunk)
        is_long = size > MAX_BODY or monotonic() > until
        if started.response and (is_long or is_endless(started.response)):
            break
    started.ended = True


def _environ(request: Request, body: bytes) -> dict[str, Any]:
    """https://peps.python.org/pep-3333/#environ-variables"""
    target = target_of(request)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": target.path.decode("latin-1"),
        "QUERY_STRING": target.query.decode("latin-1"),
        "RAW_URI": request.url.partition(target.authority)[2],
        "SERVER_NAME": target.host,
        "SERVER_PORT": str(target.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": target.scheme.replace("ws", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request_lines(request, target, body):
        key = name.upper().replace("-", "_")
        if "_" in name:
            continue  # as servers do, since a name with "-" would look the same
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        separator = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    return environ
