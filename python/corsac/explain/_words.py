"""Sentences about a fetch and its verdict, the same on a terminal and in JSON.

Here: what was asked, the outcome in one line, where browsers differ. Not here: layout.
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

from __future__ import annotations

from typing import Final

from corsac.browser import Browser, Fetch, Kind, Verdict

from ._explanation import Explanation
from ._remedy import is_good

NAMES: Final = {
    Browser.CHROMIUM: "Chromium",
    Browser.FIREFOX: "Firefox",
    Browser.WEBKIT: "WebKit",
}
_KINDS: Final = {
    Kind.FETCH: "fetch()",
    Kind.XML_HTTP_REQUEST: "XMLHttpRequest",
    Kind.IMAGE: "<img>",
    Kind.SCRIPT: "<script>",
    Kind.MODULE: '<script type="module">',
    Kind.STYLESHEET: '<link rel="stylesheet">',
    Kind.FONT: "a font",
    Kind.VIDEO: "<video>",
    Kind.AUDIO: "<audio>",
    Kind.TRACK: "<track>",
    Kind.MANIFEST: '<link rel="manifest">',
    Kind.PRELOAD: '<link rel="preload">',
    Kind.BEACON: "sendBeacon()",
    Kind.PING: "<a ping>",
    Kind.NAVIGATION: "a link",
    Kind.EVENT_SOURCE: "EventSource",
    Kind.WEB_SOCKET: "WebSocket",
}


def asked(fetch: Fetch) -> str:
    """What the page asks, in one sentence."""
    page = "null" if fetch.page_origin == "null" else fetch.page_origin
    if fetch.page_url.startswith("file:"):
        page = f"{fetch.page_url} (origin null)"
    return f"A page of {page} asks {fetch.method} {fetch.url} by {_KINDS[fetch.kind]}."


def details(fetch: Fetch) -> str:
    """How it asks."""
    parts = [f"mode {fetch.mode}", f"credentials {fetch.credentials}"]
    if fetch.redirect != "follow":
        parts.append(f"redirect {fetch.redirect}")
    if fetch.body_type is not None:
        parts.append(f"a body of {fetch.body_type}")
    return ", ".join(parts)


def outcome(one: Explanation) -> str:
    """The verdict in one sentence."""
    if one.is_undecided:
        return "Allowed so far: the server lets the page ask; the request itself was not sent."
    good = [b for b, verdict in one.browsers.items() if is_good(one.fetch, verdict)]
    bad = [browser for browser in one.browsers if browser not in good]
    if not bad:
        return _good(one.fetch, one.shown)
    if good:
        return f"Readable in {listed(good)}, not in {listed(bad)}: the browsers differ here."
    if one.shown.response_type in ("opaque", "opaqueredirect"):
        return (
            "Opaque: the response arrives, and no script of the page can look into it."
        )
    if one.fetch.kind is Kind.WEB_SOCKET:
        return "Not opened: the page gets no connection."
    return "Blocked: the page cannot read the response."


def _good(fetch: Fetch, verdict: Verdict) -> str:
    if not verdict.readable:
        return "Sent. Nobody reads the answer of such a request."
    if fetch.kind is Kind.WEB_SOCKET:
        return "Opened: the page gets its connection."
    names = [name for name, _ in verdict.exposed_headers]
    many = "the header" if len(names) == 1 else "the headers"
    shown = f"{many} {', '.join(names)}" if names else "no header"
    return f"Readable: the page sees the status {verdict.status}, the body and {shown}."


def listed(browsers: list[Browser]) -> str:
    """Names with "and" before the last."""
    names = [NAMES[browser] for browser in browsers]
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def differences(one: Explanation) -> list[str]:
    """Where a browser comes to its verdict in another way than the one that is shown."""
    shown = one.shown
    found = []
    for browser, verdict in one.browsers.items():
        if verdict.failure == shown.failure and verdict.readable == shown.readable:
            continue
        last = verdict.steps[-1]
        if verdict.readable:
            found.append(f"{NAMES[browser]} lets the page read it all the same.")
        else:
            found.append(f"{NAMES[browser]} says first: {last.text}")
    if shown is not one.standard and one.standard.readable != shown.readable:
        last = one.standard.steps[-1]
        verb = "allows" if one.standard.readable else "refuses"
        found.append(f"The standard {verb} this: {last.text}")
    return found
