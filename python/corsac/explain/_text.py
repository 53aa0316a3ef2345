"""An explanation as a text, for whoever already has a verdict.

Here: `explain_text`. Not here: the command (`command.py`), the sections (`_render.py`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corsac import Policy
from corsac.browser import (
    Browser,
    Exchange,
    Fetch,
    NoResponse,
    Request,
    Response,
    Verdict,
)

from ._canvas import Canvas
from ._explanation import explain
from ._render import draw
from ._source import Source, policy_answer


def explain_text(
    verdict: Verdict,
    policy: Policy | None = None,
    *,
    fetch: Fetch | None = None,
    browsers: Sequence[Browser] = tuple(Browser),
    name: str = "",
    width: int = 0,
) -> str:
    """The explanation of a verdict, as lines of text without colours.

    `verdict`: a `Verdict`; its exchanges answer again, and nothing is sent. `policy`: the `Policy`
    that decided, whose line to change is shown; None: the server's headers are. `fetch`: the
    `Fetch` that it is about; None: as the exchanges show it. `browsers`: whose consoles. `name`:
    who answered, for people. `width`: the columns, 0 for no bound.
    Raises `ValueError` where there is neither a `fetch` nor an exchange.
    Source: https://fetch.spec.whatwg.org/#concept-fetch
    """
    asked = fetch or _fetch_of(verdict)
    source = Source(
        name or ("the policy" if policy else "the application"),
        _replay(verdict.exchanges, policy),
        policy=policy,
    )
    canvas = Canvas(width, colours=False, is_unicode=True)
    draw(canvas, explain(asked, source, browsers))
    return canvas.text()


def _replay(exchanges: Sequence[Exchange], policy: Policy | None) -> Any:
    """A server that answers as it did; what it was not asked, the policy answers."""
    answers = {
        (
            exchange.request.method,
            exchange.request.url,
            exchange.request.is_preflight,
        ): (exchange.response)
        for exchange in exchanges
    }

    def send(request: Request) -> Response:
        key = (request.method, request.url, request.is_preflight)
        answer = answers.get(key)
        if answer is not None:
            return answer
        if key in answers:
            raise NoResponse("there was none")
        if policy is not None:
            return policy_answer(policy, request, Response(200))
        return Response(204 if request.is_preflight else 200)

    return send


def _fetch_of(verdict: Verdict) -> Fetch:
    """The fetch that the exchanges are of."""
    if not verdict.exchanges:
        raise ValueError(
            "nothing was sent: give the fetch, explain_text(..., fetch=...)"
        )
    last = verdict.exchanges[0].request
    lines = dict(last.headers)
    origin = lines.pop("Origin", "null")
    headers = tuple(lines.items())
    method = last.method
    if last.is_preflight:
        method = lines["Access-Control-Request-Method"]
        names = lines.get("Access-Control-Request-Headers", "")
        headers = tuple((name, "...") for name in names.split(",") if name)
    is_credentialed = any("credentials" in step.code for step in verdict.steps)
    return Fetch(
        page_origin=origin,
        url=last.url,
        method=method,
        headers=headers,
        credentials="include" if is_credentialed else "same-origin",
    )
