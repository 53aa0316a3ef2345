"""Rows of different ways to ask, mostly of a server that grants whatever is asked.

Here: `ROWS`: safelists at their limits, methods, bodies, modes, other pages than a plain one.
Not here: odd answers (`rows_answers.py`), redirects, caches and elements (`rows_courses.py`).
Spec: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
"""

from judge.row import (
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    GRANTS,
    ORIGIN,
    STAR,
    TRUE,
    Ask,
    Row,
    always,
    element,
    fetch,
    preflighted,
    xhr,
)

#: Headers that are safelisted for some values only, each just inside and just outside.
VALUES = {
    "Accept of 128 bytes": ("Accept", "a" * 128),
    "Accept of 129 bytes": ("Accept", "a" * 129),
    "Accept with a colon": ("Accept", "a:b"),
    "Accept with a tab": ("Accept", "a\tb"),
    "Accept with a quote": ("Accept", 'a="b"'),
    "Accept with brackets": ("Accept", "(a)"),
    "Accept of Latin-1": ("Accept", "\xe9"),
    "Accept-Language of a list": ("Accept-Language", "de-AT, en;q=0.5, *"),
    "Accept-Language with a slash": ("Accept-Language", "de/at"),
    "Accept-Language with an underscore": ("Accept-Language", "de_AT"),
    "Content-Language": ("Content-Language", "de"),
    "Content-Language with a quote": ("Content-Language", '"de"'),
    "Range from a start": ("Range", "bytes=5-"),
    "Range between": ("Range", "bytes=0-5"),
    "Range of the end": ("Range", "bytes=-5"),
    "Range backwards": ("Range", "bytes=5-0"),
    "two Ranges": ("Range", "bytes=0-1,3-4"),
    "Range of items": ("Range", "items=0-5"),
    "DPR": ("DPR", "2"),
    "Save-Data": ("Save-Data", "on"),
    "Viewport-Width": ("Viewport-Width", "100"),
    "Sec-CH-UA-Model, which is forbidden": ("Sec-CH-UA-Model", "x"),
    "Cookie, which is forbidden": ("Cookie", "a=b"),
    "X-HTTP-Method-Override": ("X-HTTP-Method-Override", "PUT"),
    "X-HTTP-Method-Override of TRACE": ("X-HTTP-Method-Override", "TRACE"),
    "Cache-Control": ("Cache-Control", "no-cache"),
    "If-None-Match": ("If-None-Match", '"1"'),
    "a header without a value": ("X-Empty", ""),
}
#: Content-Types that a script sets.
TYPES = {
    "text/plain": "text/plain",
    "text/plain with a charset": "text/plain;charset=utf-8",
    "text/plain in upper case": "TEXT/PLAIN",
    "text/plain with a comma": "text/plain, application/json",
    "text/plain and junk": "text/plain; a=(b)",
    "urlencoded": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data; boundary=a",
    "JSON": "application/json",
    "JSON as a parameter": "text/plain; type=application/json",
    "XML": "text/xml",
    "nothing": "",
    "a word": "text",
    "128 bytes": "text/plain;" + "a" * 117,
    "129 bytes": "text/plain;" + "a" * 118,
}
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "patch",
    "put",
    "PROPFIND",
    "M-SEARCH",
    "TRACE",
    "CONNECT",
    "track",
)
BODIES = (
    "text",
    "search",
    "form",
    "bytes",
    "blob",
    "text-blob",
    "json-blob",
    "stream",
)
SHORT = "a" * 120
CONNECT_KINDS = ("eventsource", "websocket")


def _headers():
    for name, (header, value) in VALUES.items():
        yield Row(f"asks with {name}", (fetch(headers=[[header, value]]),), GRANTS)
    for name, value in TYPES.items():
        ask = fetch(method="POST", body="bytes", headers=[["Content-Type", value]])
        yield Row(f"asks with Content-Type: {name}", (ask,), GRANTS)
    long = [["Accept", SHORT], ["Accept-Language", SHORT], ["Content-Language", SHORT]]
    yield Row("asks with long safelisted values", (fetch(headers=long),), GRANTS)
    twice = [["X-B", "1"], ["x-a", "1"], ["X-B", "2"]]
    yield Row("asks with a name twice", (fetch(headers=twice),), GRANTS)
    yield Row(
        "asks with XMLHttpRequest and a name twice", (xhr(headers=twice),), GRANTS
    )
    json = [["Content-Type", "application/json"]]
    ask = fetch(method="POST", body="json", headers=json)
    refused = preflighted(ORIGIN)
    yield Row("asks with JSON, which is not allowed", (ask,), refused)
    ask = xhr(method="POST", body="json", headers=json)
    yield Row("asks with JSON by XMLHttpRequest, which is not allowed", (ask,), refused)
    ask = fetch(headers=[["Range", "bytes=-5"]])
    yield Row("asks with a Range that is not allowed", (ask,), refused)


def _spelled(method):
    """A path has no case: put and PUT are told apart by words."""
    return f"lower-case {method}" if method.islower() else method


def _methods():
    for method in METHODS:
        yield Row(f"asks {_spelled(method)}", (fetch(method=method),), GRANTS)
    for method in ("PUT", "patch", "PROPFIND", "TRACE"):
        name = f"asks by XMLHttpRequest {_spelled(method)}"
        yield Row(name, (xhr(method=method),), GRANTS)
    granted = preflighted(ORIGIN, (ALLOW_METHODS, "GET, PATCH"))
    for method in ("PUT", "patch", "PROPFIND"):
        name = f"asks {_spelled(method)}, refused"
        yield Row(name, (fetch(method=method),), granted)
        name = f"asks by XMLHttpRequest {_spelled(method)}, refused"
        yield Row(name, (xhr(method=method),), granted)


def _bodies():
    for body in BODIES:
        yield Row(f"sends {body}", (fetch(method="POST", body=body),), GRANTS)
    for body in ("text", "form", "json-blob"):
        ask = xhr(method="POST", body=body)
        yield Row(f"sends {body} by XMLHttpRequest", (ask,), GRANTS)
    ask = xhr(method="POST", body="text", upload=True)
    yield Row("listens to the upload", (ask,), GRANTS)
    yield Row("listens to the upload, refused", (ask,), always(status=405))
    yield Row("sends text with GET", (fetch(body="text"),), GRANTS)


def _modes():
    corp = "Cross-Origin-Resource-Policy"
    plain = always()
    yield Row("no-cors GET", (fetch(mode="no-cors"),), plain)
    ask = fetch(mode="no-cors", method="POST", body="text")
    yield Row("no-cors POST", (ask,), plain)
    ask = fetch(mode="no-cors", method="POST", body="json-blob")
    yield Row("no-cors POST of JSON", (ask,), plain)
    yield Row("no-cors PUT", (fetch(mode="no-cors", method="PUT"),), plain)
    ask = fetch(mode="no-cors", headers=[["X-A", "1"], ["Accept", "a/b"]])
    yield Row("no-cors with headers", (ask,), plain)
    yield Row("no-cors 404", (fetch(mode="no-cors"),), always(status=404))
    yield Row("same-origin mode", (fetch(mode="same-origin"),), always(STAR))
    yield Row(
        "same-origin mode at home", (fetch("{page}/x", mode="same-origin"),), plain
    )
    for value in ("same-origin", "same-site", "cross-origin"):
        ask = fetch(mode="no-cors")
        yield Row(f"no-cors, {corp}: {value}", (ask,), always((corp, value)))
        yield Row(f"cors, {corp}: {value}", (fetch(),), always(ORIGIN, (corp, value)))
    yield Row(
        "user and password in the URL",
        (fetch("http://a:b@api.localhost:1/c/{row}/x"),),
        plain,
    )
    for credentials in ("omit", "same-origin", "include"):
        ask = fetch(credentials=credentials)
        yield Row(f"credentials: {credentials}", (ask,), always(STAR, TRUE))
    for policy in ("no-referrer", "unsafe-url", "same-origin"):
        ask = fetch(method="POST", body="text", referrerPolicy=policy)
        yield Row(f"referrer policy {policy}", (ask,), always(ORIGIN))
        ask = fetch("{page}/x", method="POST", referrerPolicy=policy)
        yield Row(f"referrer policy {policy} at home", (ask,), plain)


def _at_home():
    """The page's own server needs to grant nothing."""
    yield Row("at home GET", (fetch("{page}/x"),), always())
    ask = fetch("{page}/x", method="PUT", headers=[["X-A", "1"]])
    yield Row("at home PUT", (ask,), always(("X-Own", "1")))
    yield Row(
        "at home POST by XMLHttpRequest",
        (xhr("{page}/x", method="POST", body="text"),),
        always(),
    )
    yield Row("at home 404", (fetch("{page}/x"),), always(status=404))


def _null():
    """A sandboxed frame: its origin is `null`, and no server is its own."""
    for name, value in {
        "null": "null",
        "a star": "*",
        "the page around it": "http://app.localhost",
        "NULL in capitals": "NULL",
        "what was asked": "{origin}",
    }.items():
        line = (ALLOW_ORIGIN, value)
        yield Row(f"null page, granted {name}", (fetch(),), always(line), "null")
        ask = fetch(credentials="include")
        name = f"null page with credentials, granted {name}"
        yield Row(name, (ask,), always(line, TRUE), "null")
    yield Row("null page, granted nothing", (fetch(),), always(), "null")
    yield Row("null page, its own server", (fetch("{page}/x"),), always(), "null")
    put = fetch(method="PUT", headers=[["X-A", "1"]])
    server = preflighted(
        ORIGIN, (ALLOW_METHODS, "PUT"), (ALLOW_HEADERS, "x-a"), actual=(ORIGIN,)
    )
    yield Row("null page, PUT", (put,), server, "null")
    yield Row("null page, PUT refused", (put,), preflighted(ORIGIN), "null")
    ask = fetch(method="POST", body="text", mode="no-cors")
    yield Row("null page, no-cors POST", (ask,), always(), "null")
    yield Row("null page, XMLHttpRequest", (xhr(),), always(), "null")
    yield Row("null page, image", (element("image", ""),), always(body="image"), "null")
    yield Row("null page, WebSocket", (element("websocket"),), always(), "null")


def _secure():
    """A page over https."""
    yield Row("https page, https server", (fetch(),), always(ORIGIN), "secure")
    yield Row("https page, nothing granted", (fetch(),), always(), "secure")
    # Without a port: nobody listens there, and nothing is sent.
    mixed = "http://api.example/c/{row}/x"
    yield Row("https page, http server", (fetch(mixed),), always(STAR), "secure")
    yield Row(
        "https page, http server, XMLHttpRequest", (xhr(mixed),), always(STAR), "secure"
    )
    yield Row(
        "https page, http server, PUT",
        (fetch(mixed, method="PUT"),),
        always(STAR),
        "secure",
    )
    yield Row("https page, WebSocket", (element("websocket"),), always(), "secure")
    for kind in ("eventsource", "websocket", "script", "stylesheet", "module"):
        asks = (element(kind, url=mixed),)
        yield Row(f"https page, http server, {kind}", asks, always(STAR), "secure")
    server = {"/x": always(ORIGIN, ("Location", mixed), status=302)["*"]}
    yield Row("https page, redirect to http", (fetch(),), server, "secure")
    ask = fetch(method="PUT", credentials="include")
    yield Row("https page, PUT with credentials", (ask,), GRANTS, "secure")


def _policy():
    """A page whose Content-Security-Policy lets it connect to its own server only."""
    yield Row("policy page, fetch", (fetch(),), always(STAR), "policy")
    yield Row("policy page, PUT", (fetch(method="PUT"),), GRANTS, "policy")
    yield Row("policy page, XMLHttpRequest", (xhr(),), always(STAR), "policy")
    for kind in CONNECT_KINDS:
        yield Row(f"policy page, {kind}", (element(kind),), always(STAR), "policy")
    yield Row("policy page, at home", (fetch("{page}/x"),), always(), "policy")
    yield Row("policy page, image", (element("image"),), always(body="image"), "policy")


def _unheard():
    """What a page sends without hearing of it."""
    text, json = ({"body": body} for body in ("text", "json-blob"))
    yield Row("beacon of text", (Ask("beacon", "/x", text),), always())
    yield Row("beacon of JSON", (Ask("beacon", "/x", json),), GRANTS)
    yield Row("beacon of JSON, refused", (Ask("beacon", "/x", json),), always())
    yield Row("ping", (element("ping"),), always())
    yield Row("frame", (element("navigation"),), always())
    yield Row("form", (Ask("navigation", "/x", {"method": "POST"}),), always())


ROWS = [
    *_headers(),
    *_methods(),
    *_bodies(),
    *_modes(),
    *_at_home(),
    *_null(),
    *_secure(),
    *_policy(),
    *_unheard(),
]
