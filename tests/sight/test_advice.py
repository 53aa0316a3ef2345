"""Why a request was refused, and the line that would allow it.

Here: the sentence and the line for each kind of refusal; a line is put into the policy, and then
the same request passes. Not here: how often it is told (`test_subscription.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

import ast
from typing import Any

import pytest
from corsac import Policy
from corsac.sight import on_refused
from requesting import EVIL, GOOD, Heard, ask_decide, ask_wsgi, make_policy, preflight

LONG = f"https://{'a.' * 100}example"
CREDENTIALS = {"allow_credentials": True}

#: The policy's keywords, method and lines of a request, the end of the reason, and the line.
ROWS: dict[str, tuple[dict[str, Any], str, list[Any], str, str | None]] = {
    "an origin that is not listed": (
        {},
        "GET",
        [("Origin", EVIL)],
        f"allow_origins has nothing that matches {EVIL}",
        f'allow_origins=["{EVIL}"]',
    ),
    "an origin that is not listed, in a preflight": (
        {},
        "OPTIONS",
        preflight("http://localhost:3000"),
        "allow_origins has nothing that matches http://localhost:3000",
        'allow_origins=["http://localhost:3000"]',
    ),
    "an extension's origin": (
        {},
        "GET",
        [("Origin", "chrome-extension://abcdefghijklmnop")],
        "matches chrome-extension://abcdefghijklmnop",
        'allow_origins=["chrome-extension://abcdefghijklmnop"]',
    ),
    "an origin too long to show": (
        {},
        "GET",
        [("Origin", LONG)],
        "...",
        None,
    ),
    "null": ({}, "GET", [("Origin", "null")], "in a sandboxed frame", None),
    "several origins": (
        {},
        "GET",
        [("Origin", GOOD), ("Origin", EVIL)],
        "the request has several origins; no browser sends that",
        None,
    ),
    "an empty origin": (
        {},
        "GET",
        [("Origin", "")],
        "no browser sends such an Origin",
        None,
    ),
    "an origin with a path": (
        {"allow_origins": ["*"]},
        "GET",
        [("Origin", f"{GOOD}/")],
        "no browser sends such an Origin",
        None,
    ),
    "an insecure origin with credentials": (
        CREDENTIALS,
        "GET",
        [("Origin", "http://good.example")],
        "write https://, or set dangerously_allow_insecure_origins=True",
        None,
    ),
    "an insecure origin with credentials that are meant": (
        {**CREDENTIALS, "dangerously_allow_insecure_origins": True},
        "GET",
        [("Origin", "http://good.example")],
        "matches http://good.example",
        'allow_origins=["http://good.example"]',
    ),
    "a method that is not listed": (
        {},
        "OPTIONS",
        preflight(GOOD, "DELETE"),
        "allow_methods does not name DELETE",
        'allow_methods=["DELETE"]',
    ),
    "a listed method in lower case": (
        {"allow_methods": ["PATCH"]},
        "OPTIONS",
        preflight(GOOD, "patch"),
        "methods are case-sensitive: the page must write PATCH",
        None,
    ),
    "a method of one's own": (
        {},
        "OPTIONS",
        preflight(GOOD, "x-find"),
        "allow_methods does not name x-find",
        'allow_methods=["x-find"]',
    ),
    "a forbidden method": (
        {},
        "OPTIONS",
        preflight(GOOD, "TRACE"),
        "TRACE: no browser sends this method; leave it out",
        None,
    ),
    "a method that is *": (
        {"allow_methods": ["*"]},
        "OPTIONS",
        preflight(GOOD, "*"),
        "no browser asks for '*'",
        None,
    ),
    "two methods": (
        {},
        "OPTIONS",
        [*preflight(GOOD), ("Access-Control-Request-Method", "PUT")],
        "no browser asks for 'PUT, PUT'",
        None,
    ),
    "an empty method": (
        {},
        "OPTIONS",
        preflight(GOOD, ""),
        "the preflight asks for no method; no browser does so",
        None,
    ),
    "a header that is not listed": (
        {},
        "OPTIONS",
        preflight(GOOD, "PUT", "x-id,x-other"),
        "allow_headers does not name x-other",
        'allow_headers=["x-other"]',
    ),
    "several headers that are not listed": (
        {},
        "OPTIONS",
        preflight(GOOD, "PUT", "x-a, X-B ,x-id,x-b"),
        "allow_headers does not name x-a, X-B",
        'allow_headers=["x-a", "X-B"]',
    ),
    "headers in several lines": (
        {},
        "OPTIONS",
        [*preflight(GOOD, "PUT", "x-a"), ("Access-Control-Request-Headers", "x-b")],
        "allow_headers does not name x-a, x-b",
        'allow_headers=["x-a", "x-b"]',
    ),
    "Authorization under *": (
        {"allow_headers": ["*"]},
        "OPTIONS",
        preflight(GOOD, "PUT", "authorization,x-a"),
        "allow_headers does not name authorization",
        'allow_headers=["authorization"]',
    ),
    "a header that is *": (
        {"allow_headers": ["*"]},
        "OPTIONS",
        preflight(GOOD, "PUT", "*"),
        "no browser asks for '*'",
        None,
    ),
    "a forbidden header": (
        {},
        "OPTIONS",
        preflight(GOOD, "PUT", "cookie"),
        "cookie: browsers set this header themselves, and no page may; leave it out",
        None,
    ),
    "what is no header name": (
        {},
        "OPTIONS",
        preflight(GOOD, "PUT", "x-id,x other"),
        "no browser asks for 'x other'",
        None,
    ),
    "more commas than a browser sends": (
        {},
        "OPTIONS",
        preflight(GOOD, "PUT", "," * 70),
        "the preflight lists more names, commas or spaces than any browser",
        None,
    ),
    "more names than a browser sends": (
        {},
        "OPTIONS",
        preflight(GOOD, "PUT", "x-other," + "x-id," * 4000),
        "the preflight lists more names, commas or spaces than any browser",
        None,
    ),
    "more names than a line shows": (
        {},
        "OPTIONS",
        preflight(GOOD, "PUT", ",".join(f"x-{n}" for n in range(100))),
        "...",
        None,
    ),
}


@pytest.mark.parametrize(
    ("keywords", "method", "lines", "reason", "allow"), ROWS.values(), ids=ROWS
)
def test_a_refusal_has_its_reason_and_the_line_that_would_allow_it(
    keywords: dict[str, Any],
    method: str,
    lines: list[Any],
    reason: str,
    allow: str | None,
) -> None:
    """With that line in it the policy allows the same request."""
    policy, heard = make_policy(**keywords), Heard()
    with on_refused(heard):
        ask_decide(policy, method, lines)
        [refused] = heard.wait_for(1)

    assert refused.reason.endswith(reason)
    assert allow == refused.allow
    if allow is not None:
        field, _, values = allow.partition("=")
        more = [*getattr(policy, field), *ast.literal_eval(values)]
        changed: Policy = policy.replace(**{field: more})
        assert changed.decide(method, lines).refusal is None


def test_a_refused_request_is_told_whole() -> None:
    """Who decided what of whom, and what would allow it."""
    policy, heard = make_policy(), Heard()
    with on_refused(heard):
        ask_wsgi(policy, "OPTIONS", preflight(GOOD, "DELETE"), "/items/7")
        [refused] = heard.wait_for(1)

    assert refused._asdict() == {
        "policy": policy.name,
        "outcome": "preflight_refused",
        "refusal": "method",
        "origin": GOOD,
        "method": "DELETE",
        "path": "/items/7",
        "reason": "allow_methods does not name DELETE",
        "allow": 'allow_methods=["DELETE"]',
        "suppressed": 0,
    }


def test_what_is_allowed_is_not_told() -> None:
    """Nor what has no origin, nor what a policy without a name refuses."""
    policy, heard = make_policy(), Heard()
    with on_refused(heard):
        ask_decide(policy, "GET", [("Origin", GOOD)])
        ask_decide(policy, "GET", [])
        ask_decide(policy, "OPTIONS", preflight(GOOD))
        ask_decide(Policy(allow_origins=[GOOD]), "GET", [("Origin", EVIL)])

    assert [] == heard.requests
