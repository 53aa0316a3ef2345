"""A server without corsac: it answers by fixed header lines, as people's broken servers do.

Here: `FixedAnswers`, the WSGI application around the API that adds them, and which lines may stand there.
Not here: the API itself (`api.py`), policies (`setups.py`).
Spec: https://www.rfc-editor.org/rfc/rfc9110#section-5
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from .state import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Line = tuple[str, str]

#: In a value: the request's own Origin, as servers say that echo it.
ECHO: Final = "{origin}"
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# A link can bring these lines to somebody's browser, so none is here that would outlive the answer
# or reach beyond it: no cookie, nothing that clears or forbids, no question for a password.
_NAMES: Final = frozenset(
    {
        "age",
        "allow",
        "cache-control",
        "content-language",
        "content-type",
        "cross-origin-resource-policy",
        "date",
        "etag",
        "expires",
        "last-modified",
        "location",
        "pragma",
        "retry-after",
        "server",
        "timing-allow-origin",
        "vary",
        "via",
    }
)
_PREFIXES: Final = ("access-control-", "x-")
# They have no body, and wsgiref would give one a length.
_BODYLESS: Final = (204, 205, 304)


@dataclass(frozen=True)
class FixedAnswers:
    """What is said to OPTIONS, which the API then does not see, and what is added to the API's answers.

    `status` None: the API's own.
    """

    options_status: int
    options_lines: tuple[Line, ...]
    status: int | None
    lines: tuple[Line, ...]


def read_status(field: str, text: str, problems: list[Problem]) -> int | None:
    """A status from 200 to 599; None for an empty field."""
    if not text:
        return None
    if text.isascii() and text.isdecimal() and 200 <= int(text[:4]) <= 599:
        return int(text)
    problems.append(Problem(field, None, "write a status from 200 to 599, like 403"))
    return None


def read_lines(
    field: str, lines: Iterable[str], problems: list[Problem]
) -> tuple[Line, ...]:
    """Header lines as people write them, `Name: value`; what cannot be sent is a problem at its line."""
    read = []
    for index, line in enumerate(lines):
        name, colon, value = line.partition(":")
        value = value.strip(" \t")
        lowered = name.lower()
        if not colon or not _TOKEN.fullmatch(name):
            message = "write a name, a colon and a value, like Vary: Origin"
        elif not value.isascii() or any(not " " <= c <= "~" for c in value):
            message = f"write the value of {name} in printable ASCII"
        elif lowered not in _NAMES and not lowered.startswith(_PREFIXES):
            message = (
                f"the demo does not send {name}; write Access-Control-..., X-..., "
                f"or one of {', '.join(sorted(_NAMES))}"
            )
        else:
            read.append((name, value))
            continue
        problems.append(Problem(field, index, message))
    return tuple(read)


def answering(app: WSGIApplication, answers: FixedAnswers) -> WSGIApplication:
    """`app` behind fixed answers."""

    def application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN", "")
        if environ["REQUEST_METHOD"] == "OPTIONS":
            status = answers.options_status
            length = [] if status in _BODYLESS else [("Content-Length", "0")]
            start_response(
                _spell(status), [*length, *_filled(answers.options_lines, origin)]
            )
            return []
        ours = {name.lower() for name, _ in answers.lines}
        bodyless = answers.status in _BODYLESS
        if bodyless:
            ours.add("content-length")

        def start(status: str, headers: list[Line], exc_info: Any = None, /) -> Any:
            theirs = [line for line in headers if line[0].lower() not in ours]
            said = status if answers.status is None else _spell(answers.status)
            lines = [*theirs, *_filled(answers.lines, origin)]
            return start_response(said, lines, exc_info)

        body = app(environ, start)
        return [] if bodyless else body

    return application


def _filled(lines: Iterable[Line], origin: str) -> list[Line]:
    return [(name, value.replace(ECHO, origin)) for name, value in lines]


def _spell(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"
