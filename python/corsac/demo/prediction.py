"""What browsers will do with the fetch on the page: the model's verdicts, one for each browser.

Here: the answer to the page's question, as data; the model against the setup, with no socket between.
Not here: the model (`corsac.browser`), what to change (`corsac.explain`), reading the form (`asked.py`, `setups.py`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from wsgiref.simple_server import software_version

from corsac.browser import (
    Browser,
    Cause,
    Fetch,
    NoResponse,
    PreflightCache,
    Request,
    Response,
    Verdict,
    predict,
)
from corsac.browser.applications import wsgi_sender
from corsac.explain import Change, Source, explain
from corsac.subject.policy_text import python_call, toml_table

from .api import api
from .asked import read_fetch
from .policies import Origins
from .recorder import judged
from .setups import Setup, Setups
from .state import Problem, State

if TYPE_CHECKING:
    from corsac import Policy

Send = Callable[[Request], Response]

#: None: the standard itself.
BROWSERS: Final[dict[str, Browser | None]] = {
    "standard": None,
    **{browser.value: browser for browser in Browser},
}


class Predictions:
    """Answers what the page asks while somebody edits."""

    def __init__(self, origins: Origins, setups: Setups) -> None:
        self._origins = origins
        self._setups = setups
        self._send = _bounded_sender(origins, wsgi_sender(api(setups, None)))

    def of(self, state: State, page: str, run: str) -> dict[str, Any]:
        """Problems, or the setup's id with the verdicts. `page`: the asking page's origin; `run`: of the URL."""
        setup, problems = self._setups.keep(state)
        id = setup.id if setup else "setup"
        url = f"{self._origins.api_of(page)}/{id}/{state.path}?run={run}"
        fetch, more = read_fetch(state, self._origins, page, url)
        said: dict[str, Any] = {
            "problems": [asdict(problem) for problem in (*problems, *more)],
            **_policy_texts(setup),
        }
        if setup is None or fetch is None:
            return said
        verdicts = {
            name: self._verdicts(fetch, browser, state.twice)
            for name, browser in BROWSERS.items()
        }
        return {
            **said,
            "setup": setup.id,
            "url": fetch.url,
            "origin": fetch.page_origin,
            **self._explanation(fetch, setup),
            "verdicts": {
                name: [_as_data(verdict, setup.policy) for verdict in found]
                for name, found in verdicts.items()
            },
        }

    def _explanation(self, fetch: Fetch, setup: Setup) -> dict[str, Any]:
        """What to change, and what else is worth knowing."""
        source = Source("the demo", self._send, policy=setup.policy)
        said = explain(fetch, source)
        remedy = said.remedy
        changes: list[Change] = list(remedy.changes) if remedy else []
        if said.exposing:
            changes.append(said.exposing)
        return {
            "changes": [
                {
                    "where": change.where,
                    "line": change.line,
                    "before": change.before,
                    "text": change.text,
                }
                for change in changes
            ],
            "remarks": [*(remedy.advice if remedy else ()), *said.remarks],
        }

    def _verdicts(
        self, fetch: Fetch, browser: Browser | None, twice: bool
    ) -> list[Verdict]:
        cache = PreflightCache()
        return [
            predict(fetch, self._send, browser=browser, cache=cache)
            for _ in range(2 if twice else 1)
        ]


def _bounded_sender(origins: Origins, send: Send) -> Send:
    """Asks the API in this process and nobody else; adds what the server in front of it adds."""

    def ask(request: Request) -> Response:
        url = urlsplit(request.url)
        if f"{url.scheme}://{url.netloc}" not in (*origins.api, origins.api_stranger):
            raise NoResponse(
                "the demo's page may ask the demo's API only", Cause.REFUSED
            )
        answer = send(request)
        lines = list(answer.headers)
        named = {name.lower() for name, _ in lines}
        if "content-length" not in named:
            lines.append(("Content-Length", "0"))  # the API says any other
        for name, value in (
            ("Server", software_version),
            ("Date", formatdate(usegmt=True)),
        ):
            if name.lower() not in named:
                lines.insert(0, (name, value))
        return Response(answer.status, tuple(lines), answer.reason)

    return ask


def _policy_texts(setup: Setup | None) -> dict[str, Any]:
    if setup is None or setup.policy is None:
        return {}
    return {
        "warnings": list(setup.warnings),
        "python": python_call(setup.policy),
        "toml": toml_table(setup.policy),
    }


def _as_data(verdict: Verdict, policy: Policy | None) -> dict[str, Any]:
    return {
        "readable": verdict.readable,
        "response_type": verdict.response_type,
        "status": verdict.status,
        "exposed_headers": verdict.exposed_headers,
        "failure": verdict.failure,
        "steps": [
            {
                "code": step.code,
                "passed": step.passed,
                "text": step.text,
                "source": step.source,
            }
            for step in verdict.steps
        ],
        "exchanges": [
            asdict(
                judged(
                    policy,
                    exchange.request.method,
                    exchange.request.url,
                    exchange.request.headers,
                    _status_line(exchange.response),
                    exchange.response.headers if exchange.response else (),
                )
            )
            for exchange in verdict.exchanges
        ],
        "console": verdict.console,
        "script_error": verdict.script_error,
    }


def _status_line(response: Response | None) -> str | None:
    return None if response is None else f"{response.status} {response.reason}".strip()


def problem_of(error: ValueError) -> dict[str, Any]:
    """A mistake of the whole request, in the shape of the answer."""
    return {"problems": [asdict(Problem("", None, str(error)))]}
