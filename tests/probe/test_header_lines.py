"""Servers whose header lines no browser understands, or understands otherwise than meant.

Here: a row for each mistake, over real sockets; all findings of a row, and no others. Redirects,
too. Not here: who is let in (`test_findings.py`).
Spec: https://fetch.spec.whatwg.org/#http-new-header-syntax
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wrong_policies import (
    ALLOWED,
    CREDENTIALS,
    allow,
    ask,
    cached,
    found,
    granting,
    lines,
    policy,
    preflight,
    redirecting,
)
from wrong_servers import Answer, Got

Row = tuple[str, Callable[[Got], Answer], dict[str, Any], set[str]]

ROWS: list[Row] = [
    (
        "Vary is missing",
        cached(),
        {},
        {"warning missing-vary"},
    ),
    (
        "Vary is missing, and a cache has kept the response",
        cached(("Age", "12")),
        {},
        {"error missing-vary"},
    ),
    (
        "Vary is missing, and caches are invited",
        cached(("Cache-Control", "public, max-age=60")),
        {},
        {"error missing-vary"},
    ),
    (
        "Vary is missing where nothing is cached",
        cached(("Cache-Control", "no-store")),
        {},
        set(),
    ),
    (
        "a list of origins stands in one line",
        lines(allow(f"{ALLOWED}, https://other.example")),
        {},
        {"error several-origins", "error allowed-origin-refused"},
    ),
    (
        "the header is sent twice",
        lines(allow(ALLOWED), allow(ALLOWED)),
        {},
        {"error several-origins", "error allowed-origin-refused"},
    ),
    (
        "the origin has a slash at its end",
        lines(allow(f"{ALLOWED}/")),
        {},
        {"error invalid-allow-origin", "error allowed-origin-refused"},
    ),
    (
        "the origin is a pattern",
        lines(allow("https://*.example.com")),
        {},
        {"error invalid-allow-origin", "error allowed-origin-refused"},
    ),
    (
        "* is sent with credentials",
        lines(allow("*"), CREDENTIALS),
        {},
        {"warning wildcard-with-credentials"},
    ),
    (
        "* is sent with credentials, which the page includes",
        lines(allow("*"), CREDENTIALS),
        {"credentials": True},
        {"warning wildcard-with-credentials", "error credentials-refused"},
    ),
    (
        "credentials are allowed in capitals",
        policy(ALLOWED.__eq__, ("Access-Control-Allow-Credentials", "True")),
        {},
        {"warning allow-credentials-value"},
    ),
    (
        "credentials are denied in a word",
        policy(ALLOWED.__eq__, ("Access-Control-Allow-Credentials", "false")),
        {},
        {"note allow-credentials-value"},
    ),
    (
        "all headers are exposed by *, with credentials",
        policy(ALLOWED.__eq__, CREDENTIALS, ("Access-Control-Expose-Headers", "*")),
        {},
        {"warning literal-wildcard"},
    ),
    (
        "credentials are allowed twice",
        policy(ALLOWED.__eq__, CREDENTIALS, CREDENTIALS),
        {},
        {"warning duplicated-header"},
    ),
    (
        "whatever is asked for is granted",
        granting,
        {},
        {"note any-method-and-header"},
    ),
    (
        "strangers are told the methods",
        preflight(204, ("Access-Control-Allow-Methods", "PUT")),
        {"origins": ()},
        {"note names-for-strangers"},
    ),
    (
        "preflights are kept longer than browsers do",
        policy(ALLOWED.__eq__, ("Access-Control-Max-Age", "31536000")),
        {},
        {"note max-age"},
    ),
    (
        "the age of preflights is no number",
        policy(ALLOWED.__eq__, ("Access-Control-Max-Age", "1 day")),
        {},
        {"note invalid-max-age"},
    ),
    (
        "private networks are mentioned",
        policy(ALLOWED.__eq__, ("Access-Control-Allow-Private-Network", "true")),
        {},
        {"note private-network"},
    ),
    # Redirects
    (
        "a redirect leads to another host",
        redirecting("https://elsewhere.example/items", allow(ALLOWED)),
        {},
        {"note redirect-elsewhere"},
    ),
    (
        "redirects never end",
        redirecting("/items", allow(ALLOWED)),
        {},
        {"warning redirect-chain"},
    ),
]


@pytest.mark.parametrize(
    ("answer", "options", "expected"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_a_wrong_line_is_found_out(
    answer: Callable[[Got], Answer], options: dict[str, Any], expected: set[str]
) -> None:
    """Every finding of the row, with its severity, and no other."""
    report = ask(answer, options)

    assert expected == found(report)
    assert report.stopped is None
