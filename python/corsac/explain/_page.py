"""What the page itself has to change.

Here: `change_page`. Not here: what a server must answer (`_server.py`, `_policy.py`).
Spec: https://fetch.spec.whatwg.org/#fetch-method
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from corsac.browser import Fetch, Kind, Request, Verdict
from corsac.browser._url import Url, parse

from ._changes import Attempt, Change, NoChange, quoted

#: Where a page from a file is served instead, as `python -m http.server` does.
SERVED: Final = "http://localhost:8000"
_KINDS_WITH_ATTRIBUTE: Final = {
    Kind.IMAGE: "img",
    Kind.SCRIPT: "script",
    Kind.STYLESHEET: "link",
    Kind.VIDEO: "video",
    Kind.AUDIO: "audio",
    Kind.TRACK: "video",
    Kind.PRELOAD: "link",
}
#: What no line changes.
_HOPELESS: Final = {
    "forbidden-method": "No page may send this method, whatever a server says: use another.",
    "bad-port": "Browsers block this port for good: let the server listen on another.",
    "content-security-policy": "The page's own Content-Security-Policy forbids it, before any "
    "server is asked: add the server's origin to that directive.",
    "body-method": "A GET or HEAD has no body: put the data into the URL, or use POST.",
    "stream-body": "A stream as the body needs HTTP/2, or a browser that knows it: read it into "
    "a Blob first.",
    "redirect-limit": "The redirects go round in a circle: that is the server's own mistake.",
    "redirect-location": "The redirect leads nowhere that a browser follows: correct its Location.",
    "redirect-stream": "A stream cannot be sent twice: fetch the URL that the redirect leads to.",
    "resource-status": "The server itself answers with an error: see why before looking at CORS.",
    "event-stream": "This is not about CORS: an EventSource needs the status 200 and "
    "Content-Type: text/event-stream.",
    "websocket-handshake": "This is not about CORS, which WebSockets do not know: the server "
    "itself refuses the handshake, perhaps by its list of origins, its path or its proxy.",
}


def change_page(attempt: Attempt, verdict: Verdict) -> tuple[Change, Attempt] | None:
    """The page's next change; None where the server has to change. Raises `NoChange`."""
    fetch, code = attempt.fetch, verdict.failure
    if code in _HOPELESS:
        raise NoChange(_HOPELESS[code])
    if code == "mixed-content":
        return _with_url(
            attempt,
            "https" + fetch.url.removeprefix("http")
            if fetch.url.startswith("http")
            else "wss" + fetch.url.removeprefix("ws"),
            "A page that came over https can ask https only.",
        )
    if code == "url-credentials":
        url = parse(fetch.url)
        assert url is not None, "a Fetch has a URL that parses"
        return _with_url(
            attempt,
            url.text,
            "A URL in a script has no user and password: send them in an Authorization header.",
        )
    if code == "redirect-mode":
        text = "The response redirects, and the page says that this is an error."
        return _with(attempt, "redirect", "follow", text)
    if code in ("same-origin-mode", "no-cors-method", "no-cors-redirect"):
        text = "This mode is not for other origins."
        return _with(attempt, "mode", "cors", text)
    if code is None and verdict.response_type == "opaque":
        return _without_opacity(attempt)
    if code is None and verdict.response_type == "opaqueredirect":
        text = "The page asked not to follow redirects, and cannot see where they lead."
        return _with(attempt, "redirect", "follow", text)
    return _after_redirect(attempt, verdict) or _without_stray_headers(attempt, verdict)


def serve_page(attempt: Attempt) -> tuple[Change, Attempt]:
    """A page from a file gets an origin."""
    fetch = attempt.fetch
    is_file = fetch.page_url.startswith("file:")
    change = Change(
        "page",
        f"python -m http.server 8000, and open {SERVED}/",
        ("a page from file://",) if is_file else ("a page with the origin null",),
        "A page from a file has no origin of its own: serve it. (A sandboxed frame gets its "
        'origin by sandbox="allow-same-origin".)',
    )
    served = replace(fetch, page_origin=SERVED, page_url=f"{SERVED}/")
    return change, attempt._replace(fetch=served)


def secure_page(attempt: Attempt) -> tuple[Change, Attempt]:
    """A page over http gets https."""
    origin = attempt.fetch.page_origin
    secure = "https://" + origin.removeprefix("http://")
    change = Change(
        "page",
        f"serve the page from {secure}",
        (origin,),
        "Anybody on the network can act as an http page, so it gets no credentials.",
    )
    fetch = replace(attempt.fetch, page_origin=secure, page_url=f"{secure}/")
    return change, attempt._replace(fetch=fetch)


def upper_method(attempt: Attempt) -> tuple[Change, Attempt] | None:
    """Methods are case-sensitive, and only the oldest are put right by browsers."""
    method = attempt.fetch.method
    if method == method.upper():
        return None
    text = f"Methods are case-sensitive: {method} is not {method.upper()}."
    return _with(attempt, "method", method.upper(), text)


def _after_redirect(
    attempt: Attempt, verdict: Verdict
) -> tuple[Change, Attempt] | None:
    """A redirect across origins makes the origin `null`, and a preflight follows none at all."""
    fetch = attempt.fetch
    request = verdict.exchanges[-1].request if verdict.exchanges else None
    if request is None:
        return None
    target = redirect_target(verdict)
    if request.is_preflight and target is not None and _is_same_place(request, target):
        text = "Preflights follow no redirect: ask where it leads at once."
        return _with_url(attempt, target.text, text)
    origins = [value for name, value in request.headers if name == "Origin"]
    if origins == ["null"] and fetch.page_origin != "null":
        text = (
            "After a redirect to another origin the Origin is null, which no server should "
            "allow: ask where it leads at once."
        )
        return _with_url(attempt, request.url, text)
    if verdict.failure == "redirect-credentials":
        raise NoChange(
            "The server redirects to a URL with user and password: that Location must go."
        )
    return None


def redirect_target(verdict: Verdict) -> Url | None:
    """Where the last response leads, or None where it is no redirect."""
    last = verdict.exchanges[-1] if verdict.exchanges else None
    if last is None or last.response is None or not 300 <= last.response.status <= 399:
        return None
    lines = last.response.headers
    location = [value for name, value in lines if name.lower() == "location"]
    return parse(location[0], parse(last.request.url)) if location else None


def _is_same_place(request: Request, target: Url) -> bool:
    """Whether a redirect only puts a URL right: https, a slash at the end, the `www.` of a host."""
    asked = parse(request.url)
    return (
        asked is not None
        and asked.text != target.text
        and (
            asked.host.removeprefix("www.") == target.host.removeprefix("www.")
            and asked.path.rstrip("/") == target.path.rstrip("/")
        )
    )


def _without_stray_headers(
    attempt: Attempt, verdict: Verdict
) -> tuple[Change, Attempt] | None:
    """Response headers of the protocol in a request, which only make it need a preflight."""
    stray = [
        name
        for name, _ in attempt.fetch.headers
        if name.lower().startswith("access-control-allow-")
    ]
    if not stray or verdict.readable:
        return None
    kept = tuple(line for line in attempt.fetch.headers if line[0] not in stray)
    change = Change(
        "page",
        f"headers without {', '.join(stray)}",
        tuple(f"{name}: ..." for name in stray),
        "Servers answer with this header; a page that sends it only needs a preflight for it.",
    )
    return change, attempt._replace(fetch=replace(attempt.fetch, headers=kept))


def _without_opacity(attempt: Attempt) -> tuple[Change, Attempt]:
    kind = attempt.fetch.kind
    element = _KINDS_WITH_ATTRIBUTE.get(kind)
    if element is None:
        text = "The mode no-cors never lets a page read anything."
        return _with(attempt, "mode", "cors", text)
    change = Change(
        "page",
        f"<{element} crossorigin>",
        (f"<{element}>",),
        "Without crossorigin it loads, and scripts cannot look into it.",
    )
    fetch = replace(attempt.fetch, mode="cors", credentials="same-origin")
    return change, attempt._replace(fetch=fetch)


def _with(
    attempt: Attempt, field: str, value: str, text: str
) -> tuple[Change, Attempt]:
    before = getattr(attempt.fetch, field)
    change = Change(
        "page", f"{field}: {quoted(value)}", (f"{field}: {quoted(before)}",), text
    )
    changes: dict[str, str] = {field: value}
    return change, attempt._replace(fetch=_replaced(attempt.fetch, changes))


def _with_url(attempt: Attempt, url: str, text: str) -> tuple[Change, Attempt]:
    change = Change(
        "page", f"url: {quoted(url)}", (f"url: {quoted(attempt.fetch.url)}",), text
    )
    return change, attempt._replace(fetch=_replaced(attempt.fetch, {"url": url}))


def _replaced(fetch: Fetch, changes: dict[str, str]) -> Fetch:
    return replace(fetch, **changes)  # type: ignore[arg-type]  # the names are those of Fetch
