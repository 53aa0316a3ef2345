"""Uses of the public API that must type-check; read by mypy, never run.

Here: one use of each public name, with the types that come out.
"""

import re
from collections.abc import Iterable
from typing import Any

from corsac import (
    Decision,
    OriginMatcher,
    OriginPolicies,
    Outcome,
    Policy,
    PolicyError,
    PolicyHandle,
    PolicyMap,
    PolicyWarning,
    Problem,
    Refusal,
)
from corsac import Request as CORSRequest
from corsac.adapters.asgi import CORSMiddleware as ASGIMiddleware
from corsac.adapters.asgi import Receive, Scope, Send
from corsac.adapters.wsgi import CORSMiddleware as WSGIMiddleware
from corsac.browser import Browser, Fetch, Request, Response, Verdict, predict
from corsac.pytest_plugin import CORS
from corsac.testing import Answer, Page, Site
from typing_extensions import assert_type

policy = Policy(
    allow_origins=["https://example.com", re.compile(r"https://a\.example")],
    allow_methods=("PUT",),
    allow_headers={"X-A"},
    max_age=None,
)
assert_type(policy.replace(max_age=5), Policy)
assert_type(policy.allow_origins, tuple[str | re.Pattern[str], ...])
assert_type(policy.max_age, int | None)

decision = policy.decide("GET", [(b"origin", b"https://example.com")])
assert_type(decision, Decision)
assert_type(policy.decide("GET", {"Origin": "https://example.com"}), Decision)
assert_type(policy.decide("GET", [("Origin", "https://example.com")]), Decision)
assert_type(decision.outcome, Outcome)
assert_type(decision.refusal, Refusal | None)
assert_type(decision.status, int | None)
assert_type(decision.headers, tuple[tuple[str, str], ...])
assert_type(decision.merge([("Vary", "Accept")]), list[tuple[str, str]])
assert_type(decision.merge([(b"vary", b"accept")]), list[tuple[bytes, bytes]])

matcher = OriginMatcher(["https://*.example.com", re.compile(r"https://a\.example")])
assert_type(matcher.matches(None), bool)
assert_type("https://example.com" in matcher, bool)
assert_type(matcher.match_many(["https://example.com", b"null", None]), list[bool])
assert_type(len(matcher), int)


def first_problem(error: PolicyError) -> Problem:
    problem = error.problems[0]
    assert_type(problem.code, str)
    assert_type(problem.index, int | None)
    return problem


warning: type[UserWarning] = PolicyWarning


async def asgi(scope: Scope, receive: Receive, send: Send) -> None: ...


def wsgi(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return []


ASGIMiddleware(asgi, policy)
ASGIMiddleware(asgi, allow_origins=["*"], max_age=5)
WSGIMiddleware(wsgi, policy)
WSGIMiddleware(wsgi, allow_origins=["*"], allow_credentials=False)


watched = policy.replace(
    name="public",
    enforce=True,
    own_origins=("https://www.example.com",),
    debug=False,
    shadow=policy,
    timing_allow_origin=True,
    cross_origin_resource_policy="same-site",
)
assert_type(watched.name, str | None)
assert_type(watched.shadow, Policy | None)
assert_type(watched.own_origins, tuple[str, ...])

policies = OriginPolicies([policy, watched])
assert_type(policies.policies, tuple[Policy, ...])
assert_type(policies.decide("GET", {}), Decision)

handle = PolicyHandle(policy)
assert_type(handle.policy, Policy | PolicyMap | OriginPolicies | None)
assert_type(handle.replace(None), Policy | PolicyMap | OriginPolicies | None)
assert_type(handle.decide("GET", {}), Decision)

routes = PolicyMap({"/api": policy, "/files": None, "api.example.com": handle})
PolicyMap({"/": policies, "/nested": routes})
PolicyHandle(routes)


def choose(request: CORSRequest) -> Policy | None:
    assert_type(request.method, str)
    assert_type(request.is_preflight, bool)
    assert_type(request.origin, str | None)
    return policy if request.headers.get("x-tenant") else None


async def choose_later(request: CORSRequest) -> PolicyMap | PolicyHandle | None:
    return routes if request.host == "a.example" or request.scheme else handle


for source in (routes, policies, handle, choose, choose_later):
    ASGIMiddleware(asgi, source)
WSGIMiddleware(wsgi, routes)
WSGIMiddleware(wsgi, policies)
WSGIMiddleware(wsgi, handle)
WSGIMiddleware(wsgi, choose)


def test_items(cors: CORS) -> None:
    site = cors(policy, browser="firefox", others={"https://login.example": policy})
    assert_type(site, Site)
    page = site.page("https://app.example", cookies={"session": "x"})
    assert_type(page, Page)
    assert_type(page.fetch("PUT", "/items", json={}, credentials="include"), Answer)
    assert_type(page.blocked("PUT", "/", failure="allow-methods"), Answer)


def send(request: Request) -> Response:
    return Response(200 if request.method == "GET" else 405)


fetch = Fetch(page_origin="https://app.example", url="https://api.example/")
verdict = predict(fetch, send, browser=Browser.FIREFOX)
assert_type(verdict, Verdict)
assert_type(verdict.readable, bool)
assert_type(verdict.failure, str | None)
assert_type(verdict.console, tuple[str, ...])
