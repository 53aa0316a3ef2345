"""An explanation as JSON.

Here: `document`, one object for a fetch; its names are a promise. Not here: words (`_words.py`).
Spec: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

from typing import Any

from corsac.browser import Exchange, Fetch, Step, Verdict

from ._changes import Change, Remedy, call
from ._explanation import Explanation
from ._words import differences, outcome


def document(one: Explanation) -> dict[str, Any]:
    """The whole explanation: dicts, lists, str, int, bool and None."""
    return {
        "fetch": _fetch(one.fetch),
        "server": one.name,
        "readable": all(verdict.readable for verdict in one.browsers.values()),
        "undecided": one.is_undecided,
        "outcome": outcome(one),
        "standard": _verdict(one.standard),
        "browsers": {
            browser.value: _verdict(verdict)
            for browser, verdict in one.browsers.items()
        },
        "differences": differences(one),
        "policy_decisions": list(one.decisions),
        "remedy": remedy_document(one.remedy),
        "exposing": None if one.exposing is None else _change(one.exposing),
        "remarks": list(one.remarks),
    }


def step_document(step: Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "passed": step.passed,
        "text": step.text,
        "source": step.source,
    }


def remedy_document(remedy: Remedy | None) -> dict[str, Any] | None:
    if remedy is None:
        return None
    return {
        "changes": [_change(change) for change in remedy.changes],
        "proven": remedy.is_proven,
        "advice": list(remedy.advice),
        "policy": None if remedy.policy is None else call(remedy.policy),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "where": change.where,
        "before": list(change.before),
        "line": change.line,
        "text": change.text,
    }


def _fetch(fetch: Fetch) -> dict[str, Any]:
    return {
        "page_origin": fetch.page_origin,
        "page_url": fetch.page_url,
        "url": fetch.url,
        "method": fetch.method,
        "headers": [list(line) for line in fetch.headers],
        "body_type": fetch.body_type,
        "credentials": fetch.credentials,
        "mode": fetch.mode,
        "redirect": fetch.redirect,
        "kind": fetch.kind.value,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "readable": verdict.readable,
        "response_type": verdict.response_type,
        "status": verdict.status,
        "exposed_headers": [list(line) for line in verdict.exposed_headers],
        "failure": verdict.failure,
        "steps": [step_document(step) for step in verdict.steps],
        "exchanges": [_exchange(exchange) for exchange in verdict.exchanges],
        "console": list(verdict.console),
        "script_error": verdict.script_error,
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [list(line) for line in request.headers],
            "is_preflight": request.is_preflight,
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "headers": [list(line) for line in response.headers],
        },
    }
