"""What there is to say besides the verdict: headers left out, headers hidden, caches, errors.

Here: `remarks_on`, `exposing`. Not here: what makes a fetch fail (`_remedy.py`).
Spec: https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from corsac.browser import Fetch, Response, Verdict
from corsac.browser._fields import elements_of, value_of

from ._changes import Change, keyword
from ._remedy import is_good
from ._server import ALLOW_ORIGIN
from ._source import Source

_EXPOSE_HEADERS: Final = "Access-Control-Expose-Headers"
#: What to do instead of setting a header that only browsers set.
_INSTEAD: Final = {
    "cookie": 'Cookies go along with credentials: "include".',
    "cookie2": 'Cookies go along with credentials: "include".',
    "host": "It comes from the URL.",
    "origin": "It is the page's own, and nobody else's.",
    "referer": "It follows referrerPolicy.",
    "content-length": "It comes from the body.",
}
_NAMES: Final = """access-control-allow-credentials access-control-allow-headers
    access-control-allow-methods access-control-allow-origin access-control-expose-headers
    access-control-max-age accept-ranges age allow alt-svc cache-control cf-cache-status cf-ray
    connection content-encoding content-language content-length content-security-policy
    content-type cross-origin-embedder-policy cross-origin-opener-policy
    cross-origin-resource-policy date expect-ct expires feature-policy keep-alive last-modified
    nel origin-agent-cluster p3p permissions-policy pragma referrer-policy report-to
    reporting-endpoints server set-cookie set-cookie2 strict-transport-security
    timing-allow-origin trailer transfer-encoding upgrade vary via x-cache
    x-content-type-options x-dns-prefetch-control x-download-options x-frame-options
    x-permitted-cross-domain-policies x-powered-by x-xss-protection"""
#: Response headers that are shown anyway, or that hardly any script asks for.
_PLUMBING: Final = frozenset(_NAMES.split())


def remarks_on(fetch: Fetch, source: Source, verdict: Verdict) -> tuple[str, ...]:
    """Sentences, the most important first."""
    return tuple(
        dict.fromkeys(
            [
                *_on_sending(source),
                *_on_headers(fetch, verdict),
                *_on_response(fetch, verdict),
            ]
        )
    )


def _on_sending(source: Source) -> Iterator[str]:
    for request in source.withheld:
        yield (
            f"The {request.method} itself was not sent, because it may change data; --send sends it."
        )


def _on_headers(fetch: Fetch, verdict: Verdict) -> Iterator[str]:
    for step in verdict.steps:
        if step.code in ("forbidden-header", "no-cors-header"):
            name = next((n for n, _ in fetch.headers if f" {n} " in step.text), "")
            yield f"{step.text} {_INSTEAD.get(name.lower(), '')}".strip()
        if step.code == "allow-headers-authorization":
            yield step.text
    for name, _ in fetch.headers if is_good(fetch, verdict) else ():
        if name.lower().startswith("access-control-allow-"):
            yield (
                f"{name} is a header of responses: servers answer with it. In a request it does "
                "nothing but make a preflight necessary; take it out of the page."
            )


def _on_response(fetch: Fetch, verdict: Verdict) -> Iterator[str]:
    response = last_response(verdict)
    if response is None or verdict.response_type != "cors":
        return
    if response.status in (401, 403) and fetch.credentials != "include":
        yield (
            f"The server answers {response.status}, and the request carried no cookies: the page "
            f'asks with credentials: "{fetch.credentials}".'
        )
    elif response.status >= 400 and is_good(fetch, verdict):
        yield f"The server answers {response.status}: that is its own matter, and not CORS."
    allowed = value_of(response, ALLOW_ORIGIN)
    varies = {name.lower() for name in elements_of(response, "Vary")}
    if allowed not in (None, "*") and not varies & {"origin", "*"}:
        yield (
            "The response names one origin and has no Vary: Origin: a cache may hand it to a page "
            "of another origin, which then is blocked."
        )


def last_response(verdict: Verdict) -> Response | None:
    """The response that is no preflight's, and that the page gets or would have got."""
    for exchange in reversed(verdict.exchanges):
        if not exchange.request.is_preflight:
            return exchange.response
    return None


def exposing(fetch: Fetch, source: Source, verdict: Verdict) -> Change | None:
    """What lets the page read the response headers that it cannot see, or None."""
    response = last_response(verdict)
    if response is None or verdict.response_type != "cors":
        return None
    seen = {name for name, _ in verdict.exposed_headers}
    hidden: dict[str, str] = {}
    for name, _ in response.headers:
        if name.lower() not in seen | _PLUMBING:
            hidden.setdefault(name.lower(), name)
    if not hidden:
        return None
    names = list(hidden.values())
    listed = [name for name in elements_of(response, _EXPOSE_HEADERS) if name != "*"]
    text = f"The response has {', '.join(names)}, which the page cannot read."
    if "*" in elements_of(response, _EXPOSE_HEADERS):
        text += " With credentials * is no wildcard here: list the names."
    if source.policy is not None:
        field = "expose_headers"
        policy_names = [n for n in source.policy.expose_headers if n != "*"]
        old = source.policy.expose_headers
        line = keyword(field, [*policy_names, *names], is_toml=source.is_toml)
        before = (keyword(field, old, is_toml=source.is_toml),) if old else ()
        return Change("policy", line, before, text)
    value = value_of(response, _EXPOSE_HEADERS)
    line = f"{_EXPOSE_HEADERS}: {', '.join([*listed, *names])}"
    before = () if value is None else (f"{_EXPOSE_HEADERS}: {value}",)
    return Change("response", line, before, text)
