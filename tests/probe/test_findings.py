"""Servers that let the wrong pages in, or shut the right ones out, and what the probe finds.

Here: a row for each mistake, over real sockets; all findings of a row, and no others.
Not here: header lines by themselves (`test_header_lines.py`), servers that do not speak HTTP
(`test_failures.py`), right ones (`test_right_servers.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from corsac.probe import RULES, Options, probe
from corsac.probe._tries import tries_of
from test_failures import ROWS as FAILURES
from test_header_lines import ROWS as LINES
from wrong_policies import (
    ALLOWED,
    CREDENTIALS,
    allow,
    ask,
    found,
    no_cookies_in_preflights,
    only_actual,
    policy,
    preflight,
    redirecting,
    silent_401,
    silent_errors,
)
from wrong_servers import Answer, Got, serve

Row = tuple[str, Callable[[Got], Answer], dict[str, Any], set[str]]

ROWS: list[Row] = [
    # Who is let in
    (
        "any origin is reflected, with credentials",
        policy(lambda origin: True, CREDENTIALS),
        {},
        {"error reflected-origin"},
    ),
    (
        "any origin is reflected, without credentials",
        policy(lambda origin: True),
        {},
        {"warning reflected-origin"},
    ),
    (
        "null is on the list",
        policy(lambda origin: origin in (ALLOWED, "null"), CREDENTIALS),
        {},
        {"error null-origin"},
    ),
    (
        "an origin need only begin like the allowed one",
        policy(lambda origin: origin.startswith(ALLOWED), CREDENTIALS),
        {},
        {
            "error origin-suffix",
            "error special-character-host",
            "warning other-port",
        },
    ),
    (
        "an origin need only end like the domain",
        policy(lambda origin: origin.endswith("example.com"), CREDENTIALS),
        {},
        {
            "error origin-prefix",
            "error unescaped-dot",
            "warning any-subdomain",
            "error insecure-origin",
        },
    ),
    (
        "a regex leaves its dots unescaped",
        policy(re.compile(r"https://app.example.com").fullmatch, CREDENTIALS),
        {},
        {"error unescaped-dot"},
    ),
    (
        "a regex takes an underscore for the end of a name",
        policy(re.compile(r"https://app\.example\.com(?![a-z.])").match, CREDENTIALS),
        {},
        {"error special-character-host", "warning other-port"},
    ),
    (
        "any subdomain is let in",
        policy(re.compile(r"https://[a-z-]+\.example\.com").fullmatch, CREDENTIALS),
        {},
        {"warning any-subdomain"},
    ),
    (
        "any subdomain is let in, without credentials",
        policy(re.compile(r"https://[a-z-]+\.example\.com").fullmatch),
        {},
        {"note any-subdomain"},
    ),
    (
        "http will do for https",
        policy(re.compile(r"https?://app\.example\.com").fullmatch, CREDENTIALS),
        {},
        {"error insecure-origin"},
    ),
    (
        "any port will do",
        policy(re.compile(r"https://app\.example\.com(:\d+)?").fullmatch, CREDENTIALS),
        {},
        {"warning other-port"},
    ),
    (
        "case does not matter",
        policy(lambda origin: origin.lower() == ALLOWED, CREDENTIALS),
        {},
        {"note origin-case"},
    ),
    (
        "preflights know no list",
        only_actual,
        {},
        {"error preflight-open"},
    ),
    # Who is shut out
    (
        "the page is not on the list",
        policy("https://other.example".__eq__),
        {},
        {"error allowed-origin-refused"},
    ),
    (
        "the page wants cookies, and gets no leave for them",
        policy(ALLOWED.__eq__),
        {"credentials": True},
        {"error credentials-refused"},
    ),
    (
        "the preflight needs a login",
        preflight(401, ("WWW-Authenticate", "Bearer")),
        {"method": "PUT"},
        {"error preflight-authentication"},
    ),
    (
        "something before the application forbids OPTIONS",
        preflight(403),
        {},
        {"warning preflight-authentication"},
    ),
    (
        "the router knows no OPTIONS",
        preflight(405, ("Allow", "GET")),
        {},
        {"warning preflight-routing"},
    ),
    (
        "the router knows no such path for OPTIONS",
        preflight(404, allow(ALLOWED)),
        {"headers": (("X-Id", "7"),)},
        {"error preflight-routing"},
    ),
    (
        "the preflight is redirected",
        preflight(307, ("Location", "/items/"), allow(ALLOWED)),
        {},
        {"warning preflight-redirect"},
    ),
    (
        "the preflight breaks the server",
        preflight(500),
        {},
        {"warning preflight-status"},
    ),
    (
        "the preflight does not name the method",
        preflight(204, allow(ALLOWED)),
        {"method": "DELETE"},
        {"error preflight-refused"},
    ),
    (
        "OPTIONS is answered as the framework answers it",
        preflight(200, ("Allow", "GET, HEAD, OPTIONS")),
        {},
        {"warning preflight-without-cors"},
    ),
    (
        "the preflight gives no leave for cookies",
        no_cookies_in_preflights,
        {"credentials": True},
        {"warning credentials-refused"},
    ),
    (
        "PROPFIND is refused",
        preflight(403),
        {"method": "PROPFIND"},
        {"error preflight-refused"},
    ),
    (
        "a redirect lacks the headers",
        redirecting("/other"),
        {},
        {"error redirect-without-cors"},
    ),
    (
        "errors of the router lack the headers",
        silent_errors,
        {},
        {"warning error-without-cors"},
    ),
    (
        "the login's refusal lacks the headers",
        silent_401,
        {},
        {"error error-without-cors"},
    ),
]


@pytest.mark.parametrize(
    ("answer", "options", "expected"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_who_is_let_in_and_who_is_shut_out(
    answer: Callable[[Got], Answer], options: dict[str, Any], expected: set[str]
) -> None:
    """Every finding of the row, with its severity, and no other."""
    report = ask(answer, options)

    assert expected == found(report)
    assert report.stopped is None


def test_a_finding_rests_on_its_exchange() -> None:
    """The request that was sent and the response that came, header lines as they were."""
    with serve(policy(lambda origin: True, CREDENTIALS)) as server:
        report = probe(Options(url=f"{server}/items", rate=100))
    (finding,) = report.findings
    (asked,) = finding.evidence

    assert asked.request.headers == (("Origin", "http://corsac-probe.example"),)
    assert asked.response is not None
    assert ("Access-Control-Allow-Credentials", "true") in asked.response.headers


def test_localhost_is_no_page_of_production() -> None:
    """Only where the server is not on the machine itself: its name says so."""

    def rules(url: str) -> set[str]:
        return {one.rule for one in tries_of(ALLOWED, url, (ALLOWED,))}

    assert "localhost-origin" in rules("https://api.example.com/")
    assert "localhost-origin" not in rules("http://localhost:8000/")
    assert "localhost-origin" not in rules("http://[::1]:8000/")


def test_every_rule_has_a_row() -> None:
    """Here or in the two other tables, but for those that take more than one answer."""
    rows = {
        expected.split()[1]
        for row in (*ROWS, *LINES, *FAILURES)
        for expected in row[-1]
    }
    tested_by_name = {
        "certificate",
        "localhost-origin",
        "no-connection",
        "no-such-host",
        "tls",
        "unfinished",
    }
    assert set(RULES) - rows == tested_by_name
