"""Servers whose header lines are wrong, one mistake each, and what a report says in short.

Here: functions that answer a request, for `serve`. Not here: what the probe finds in them
(`test_findings.py`, `test_header_lines.py`). Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corsac.probe import Options, Report, probe
from wrong_servers import Answer, Got, Lines, serve

ALLOWED = "https://app.example.com"
VARY = ("Vary", "Origin")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def allow(origin: str) -> tuple[str, str]:
    return "Access-Control-Allow-Origin", origin


def policy(
    is_allowed: Callable[[str], object],
    *more: tuple[str, str],
    vary: bool = True,
) -> Callable[[Got], Answer]:
    """A server with a list of its own; `more`: lines for who is on it."""

    def answer(got: Got) -> Answer:
        lines: Lines = [VARY] if vary else []
        if got.origin is not None and is_allowed(got.origin):
            lines += [allow(got.origin), *more]
        if got.is_preflight:
            return 204, lines
        return (404 if got.path.endswith("no-such-page") else 200), lines

    return answer


def lines(*sent: tuple[str, str]) -> Callable[[Got], Answer]:
    """A server that sends the same lines with everything."""
    return lambda got: (204 if got.is_preflight else 200, list(sent))


def preflight(status: int, *sent: tuple[str, str]) -> Callable[[Got], Answer]:
    """A right server but for its preflights."""

    def answer(got: Got) -> Answer:
        if got.is_preflight:
            return status, [VARY, *sent]
        return policy(ALLOWED.__eq__)(got)

    return answer


def redirecting(location: str, *sent: tuple[str, str]) -> Callable[[Got], Answer]:
    def answer(got: Got) -> Answer:
        if got.path == "/items" and not got.is_preflight:
            return 302, [("Location", location), VARY, *sent]
        return policy(ALLOWED.__eq__)(got)

    return answer


def only_actual(got: Got) -> Answer:
    """A strict list for requests, and none for preflights."""
    if got.is_preflight and got.origin:
        return 204, [VARY, allow(got.origin), CREDENTIALS]
    return policy(ALLOWED.__eq__)(got)


def no_cookies_in_preflights(got: Got) -> Answer:
    if got.is_preflight:
        return policy(ALLOWED.__eq__)(got)
    return policy(ALLOWED.__eq__, CREDENTIALS)(got)


def silent_errors(got: Got) -> Answer:
    status, sent = policy(ALLOWED.__eq__)(got)
    return status, [VARY] if status == 404 else sent


def silent_401(got: Got) -> Answer:
    if got.is_preflight:
        return policy(ALLOWED.__eq__)(got)
    return 401, [VARY]


def granting(got: Got) -> Answer:
    """Grants whatever an allowed page asks for."""
    status, sent = policy(ALLOWED.__eq__)(got)
    if got.is_preflight and got.origin == ALLOWED:
        asked = got.headers
        sent += [
            (
                "Access-Control-Allow-Methods",
                asked["access-control-request-method"],
            ),
            (
                "Access-Control-Allow-Headers",
                asked.get("access-control-request-headers", ""),
            ),
        ]
    return status, sent


def cached(*more: tuple[str, str]) -> Callable[[Got], Answer]:
    return lambda got: (
        policy(ALLOWED.__eq__, vary=False)(got)[0],
        [*policy(ALLOWED.__eq__, vary=False)(got)[1], *more],
    )


def found(report: Report) -> set[str]:
    return {f"{finding.severity} {finding.rule.id}" for finding in report.findings}


def ask(answer: Callable[[Got], Answer], options: dict[str, Any]) -> Report:
    """What the probe makes of such a server, for the page of `ALLOWED`."""
    with serve(answer) as server:
        return probe(
            Options(
                url=f"{server}/items", **{"origins": (ALLOWED,), "rate": 100, **options}
            )
        )
