"""Rows against servers that answer with odd statuses, with several mistakes, or not at all.

Here: `ROWS`. Not here: header values (`rows_answers.py`, `rows_values.py`), redirects
of requests (`rows_courses.py`).
Spec: https://fetch.spec.whatwg.org/#ok-status
"""

from judge.row import (
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    ORIGIN,
    STAR,
    Answer,
    Row,
    always,
    element,
    fetch,
    preflighted,
    xhr,
)

OTHER = (ALLOW_ORIGIN, "http://other.example")
PUT = (ALLOW_METHODS, "PUT")
STATUSES = (200, 201, 204, 206, 299, 300, 304, 400, 401, 403, 404, 405, 429, 500, 503)
REDIRECTS = (301, 302, 303, 307, 308)


def _statuses():
    ask = fetch(method="PUT")
    for status in STATUSES:
        server = preflighted(ORIGIN, PUT, status=status)
        yield Row(f"preflight: {status} that grants", (ask,), server)
    for status in (204, 302, 401, 403, 405, 500):
        away = (("Location", "{api}/y"),) if status == 302 else ()
        server = preflighted(*away, status=status)
        yield Row(f"preflight: {status} that grants nothing", (ask,), server)
        server = preflighted(*away, status=status)
        yield Row(
            f"preflight: {status} to XMLHttpRequest", (xhr(method="PUT"),), server
        )
    for status in REDIRECTS:
        server = preflighted(ORIGIN, PUT, ("Location", "{api}/y"), status=status)
        yield Row(f"preflight: {status} that leads elsewhere", (ask,), server)
        server = preflighted(ORIGIN, PUT, ("Location", "{third}/y"), status=status)
        yield Row(f"preflight: {status} that leads to a third", (ask,), server)
    for status in (200, 204, 206, 304, 401, 403, 404, 405, 418, 500, 503):
        yield Row(f"{status} that grants", (fetch(),), always(ORIGIN, status=status))
        yield Row(f"{status} that grants nothing", (fetch(),), always(status=status))
    for status in (404, 500):
        name = f"{status} after a good preflight"
        server = preflighted(ORIGIN, PUT, actual=(), actual_status=status)
        yield Row(name, (ask,), server)
        yield Row(
            f"{status} to XMLHttpRequest", (xhr(),), always(ORIGIN, status=status)
        )


#: Several mistakes at once, of which each browser names one.
SEVERAL = {
    "method and headers": preflighted(ORIGIN),
    "methods' syntax and headers": preflighted(ORIGIN, (ALLOW_METHODS, "a b")),
    "method and headers' syntax": preflighted(ORIGIN, (ALLOW_HEADERS, "a b")),
    "both syntaxes": preflighted(
        ORIGIN, (ALLOW_METHODS, "a b"), (ALLOW_HEADERS, "a b")
    ),
    "origin and method": preflighted(OTHER),
    "status and method": preflighted(ORIGIN, status=403),
    "redirect and origin": preflighted(OTHER, ("Location", "/y"), status=302),
}
CREDENTIALED = {
    "star and no credentials": preflighted(STAR),
    "origin and no credentials": preflighted(OTHER),
    "credentials and method": preflighted(ORIGIN),
}


def _several():
    ask = fetch(method="PUT", headers=[["X-B", "1"], ["X-A", "1"]])
    for name, server in SEVERAL.items():
        yield Row(f"mistakes: {name}", (ask,), server)
    ask = fetch(method="PUT", credentials="include")
    for name, server in CREDENTIALED.items():
        yield Row(f"mistakes, credentials: {name}", (ask,), server)


def _silences():
    for how in ("empty", "reset", "garbage"):
        server = {"*": Answer(silence=how)}
        ask = fetch("{third}/x")
        yield Row(f"no response: {how}", (ask,), server)
        ask = fetch("{third}/x", method="PUT")
        yield Row(f"no response to the preflight: {how}", (ask,), server)
    ask = fetch("{closed}/x")
    yield Row("no response: refused", (ask,), always())
    yield Row(
        "no response to the preflight: refused",
        (fetch("{closed}/x", method="PUT"),),
        always(),
    )
    yield Row("no response to XMLHttpRequest: refused", (xhr("{closed}/x"),), always())
    # Nothing is sent to a port that other protocols use.
    port = "http://api.localhost:6667/c/{row}/x"
    for name, url in {"TLS": "{confused}/x", "a bad port": port}.items():
        yield Row(f"no response: {name}", (fetch(url),), always())
        asks = (fetch(url, method="PUT"),)
        yield Row(f"no response to the preflight: {name}", asks, always())
        yield Row(f"no response to XMLHttpRequest: {name}", (xhr(url),), always())
    for kind in ("image", "eventsource", "websocket"):
        for name, url in {"refused": "{closed}/x", "a bad port": port}.items():
            asks = (element(kind, url=url),)
            yield Row(f"no response to {kind}: {name}", asks, always())
    # On a connection of its own: on one that was used before, browsers would try again.
    last = ("Connection", "close")
    server = {
        "OPTIONS": Answer(204, (ORIGIN, PUT, last)),
        "*": Answer(silence="empty"),
    }
    yield Row(
        "no response after a good preflight",
        (fetch("{third}/x", method="PUT"),),
        server,
    )


ROWS = [*_statuses(), *_several(), *_silences()]
