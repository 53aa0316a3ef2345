"""Requests of tenants through the middlewares, and what enforcement makes of them.

Here: a source of tenants in ASGI and WSGI. Not here: frameworks, which all take the same sources
(`../adapters`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import asyncio

import pytest
from corsac.adapters.asgi import CORSMiddleware as ASGIMiddleware
from corsac.adapters.wsgi import CORSMiddleware as WSGIMiddleware
from corsac.tenants import TenantPolicies, by_host
from databases import CONSOLE, TEMPLATE

A = "https://a.example"
ASKED = ("access-control-request-method", "PUT")

#: Name, tenant, origin, whether it is a preflight, whether tenants enforce; then the status, the
#: origin that is allowed, and Vary.
ROWS = [
    ("an allowed origin", "acme", A, False, False, 200, A),
    ("an allowed origin's preflight", "acme", A, True, False, 204, A),
    ("an origin of all tenants", "acme", CONSOLE, True, False, 204, CONSOLE),
    ("another tenant's origin", "other", A, False, False, 200, None),
    ("another tenant's origin's preflight", "other", A, True, False, 403, None),
    ("an unknown tenant", "nobody", A, False, False, 200, None),
    ("an unknown tenant's preflight", "nobody", A, True, False, 403, None),
    (
        "an origin of all tenants, and an unknown one",
        "nobody",
        CONSOLE,
        True,
        False,
        204,
        CONSOLE,
    ),
    ("enforced: an allowed origin", "acme", A, False, True, 200, A),
    ("enforced: another tenant's origin", "other", A, False, True, 403, None),
    ("enforced: an unknown tenant", "nobody", A, False, True, 403, None),
]


def serve_asgi(policies, method, lines):
    """Status and header lines of an application around which the middleware stands."""
    messages = []

    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        messages.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": "/",
        "scheme": "https",
        "headers": [(name.encode(), value.encode()) for name, value in lines],
    }
    asyncio.run(ASGIMiddleware(application, policies)(scope, None, send))
    headers = messages[0]["headers"]
    return messages[0]["status"], [(n.decode(), v.decode()) for n, v in headers]


def serve_wsgi(policies, method, lines):
    """The same in WSGI."""
    started = []

    def application(environ, start_response):
        start_response("200 OK", [])
        return []

    environ = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in lines}
    environ |= {"REQUEST_METHOD": method, "PATH_INFO": "/", "wsgi.url_scheme": "https"}
    app = WSGIMiddleware(application, policies)
    list(app(environ, lambda *start: started.append(start)))
    return int(started[0][0].split()[0]), [(n.lower(), v) for n, v in started[0][1]]


@pytest.mark.parametrize("serve", [serve_asgi, serve_wsgi])
@pytest.mark.parametrize(
    "tenant, origin, is_preflight, enforce, status, allowed",
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_a_request_gets_its_tenants_policy(
    sqlite, serve, tenant, origin, is_preflight, enforce, status, allowed
):
    """And Vary in every case, so that no cache hands it to another origin."""
    store = sqlite.open(TEMPLATE.replace(enforce=enforce))
    store.add("acme", A)
    store.add("other", "https://other.example")
    with TenantPolicies(store, by_host("{tenant}.example.com")) as policies:
        lines = [("host", f"{tenant}.example.com"), ("origin", origin)]
        lines += [ASKED] if is_preflight else []
        answer = serve(policies, "OPTIONS" if is_preflight else "GET", lines)
    assert status == answer[0]
    headers = dict(answer[1])
    assert allowed == headers.get("access-control-allow-origin")
    assert "Origin" in headers["vary"]
