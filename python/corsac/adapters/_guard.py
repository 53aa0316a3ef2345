"""What stands where a library checks origins by itself, and refuses whom it does not know.

Here: `read_guard` and `judge`, under which a refused origin never passes, whether or not its policy
has `enforce`: whoever takes away a library's own check must put another one in its place.
Not here: how a library is asked and answers (`channels.py`, `socketio.py`), CORS rules.
Spec: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from .._core import Exchange
from .._headers import assemble_answers
from .._policy import Policy, PolicyKeywords
from .._requests import Request
from .._sources import Source, read_source

#: How an answer begins, and its header lines.
Begin = tuple[Any, list[Any]]


def read_guard(source: Source | None, keywords: PolicyKeywords) -> Source:
    """What `read_source` gives, enforcing where it is one policy, so that own pages count as such."""
    source = read_source(source, keywords)
    if isinstance(source, Policy) and not source.enforce:
        return source.replace(enforce=True)
    return source


def judge(
    policy: Policy | None,
    request: Request,
    text: type[str | bytes],
    start: Callable[[int], Begin],
) -> tuple[Exchange | None, Begin | None]:
    """What was decided of a request, and how the answer begins where it ends here.

    Where there is no policy, an origin passes that is the server's own, and no other.
    """
    if policy is None:
        is_refused = "origin" in request.headers and not request.is_of(())
        return None, start(HTTPStatus.FORBIDDEN) if is_refused else None
    answers = assemble_answers(policy, text, start)
    exchange = answers.ask_watched(request.own_method, request.lines, request)
    if exchange.start is not None:
        return exchange, exchange.start
    if exchange.refuses_origin and not request.is_of(policy.own_origins):
        begin, lines = start(HTTPStatus.FORBIDDEN)
        return exchange, (begin, exchange.merge(lines))
    return exchange, None
