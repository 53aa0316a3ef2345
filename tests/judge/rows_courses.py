"""Rows in which more than one thing happens, or none of a script's making.

Here: `ROWS`: redirects, the cache of preflights, elements and sockets.
Not here: odd answers (`rows_answers.py`), safelists and modes (`rows_asks.py`).
Spec: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
"""

from judge.row import (
    ALLOW_HEADERS,
    ALLOW_METHODS,
    GRANTS,
    MAX_AGE,
    ORIGIN,
    STAR,
    TRUE,
    Answer,
    Ask,
    Row,
    always,
    element,
    fetch,
    preflighted,
    xhr,
)

NULL = ("Access-Control-Allow-Origin", "null")
PAGE = ("Access-Control-Allow-Origin", "{page-origin}")
BEARER = [["Authorization", "Bearer 1"]]
#: What each kind of element, or what is like one, takes for a file.
ELEMENTS = {
    "image": "image",
    "script": "script",
    "stylesheet": "stylesheet",
    "font": "font",
    "module": "script",
    "eventsource": "events",
}
XA = [["X-A", "1"]]


def led(to, *lines, status=302, end=(ORIGIN,), body="text"):
    """`/x` leads on with these lines, and all else gets the lines `end`."""
    return {
        "OPTIONS /x": GRANTS["OPTIONS"],
        "OPTIONS /y": GRANTS["OPTIONS"],
        "/x": Answer(status, (*lines, ("Location", to))),
        "*": Answer(200, tuple(end), body),
    }


#: What a plain fetch of a page is led by.
LED = {
    "to the same server": led("{api}/y", ORIGIN),
    "relative": led("y?a#b", STAR, end=[STAR]),
    "to a third": led("{third}/y", ORIGIN),
    "to a third, stars": led("{third}/y", STAR, end=[STAR]),
    "the first grants nothing": led("{third}/y", end=[STAR]),
    "the second grants nothing": led("{third}/y", STAR, end=[]),
    "the second grants the page": led("{third}/y", STAR, end=[PAGE]),
    "the second grants null": led("{third}/y", STAR, end=[NULL]),
    "back home": led("{page}/y", ORIGIN),
    "back home, nothing granted": led("{page}/y", ORIGIN, end=[]),
    "user and password": led("http://a:b@third.localhost:1/c/{row}/y", STAR),
    "no place": {"*": Answer(302, (ORIGIN,))},
    "another scheme": led("ftp://api.localhost/c/{row}/", STAR),
    "data": led("data:text/plain,a", STAR),
    "nonsense": led("http://[/c/{row}/", STAR),
    "without end": {"*": Answer(302, (ORIGIN, ("Location", "y")))},
}


def _redirects():
    for name, server in LED.items():
        yield Row(f"redirect: {name}", (fetch(),), server)
        if name in ("to a third", "the first grants nothing", "user and password"):
            yield Row(f"redirect of XMLHttpRequest: {name}", (xhr(),), server)
    home, away = fetch("{page}/x"), led("{api}/y")
    yield Row("redirect: from home", (home,), away)
    yield Row("redirect: from home, nothing granted", (home,), led("{api}/y", end=[]))
    yield Row("redirect: no-cors", (fetch(mode="no-cors"),), away)
    yield Row(
        "redirect: same-origin mode", (fetch("{page}/x", mode="same-origin"),), away
    )
    for status in (302, 307):
        server = led("{third}/y", status=status)
        asks = (fetch(mode="no-cors", method="POST", body="text"),)
        yield Row(f"redirect: {status} to a no-cors POST", asks, server)
        asks = (fetch("{page}/x", method="POST", body="text"),)
        server = led("{api}/y", status=status)
        yield Row(f"redirect: {status} from home to a POST", asks, server)
    for kind in ("eventsource", "websocket", "font", "module"):
        asks = (element(kind),)
        server = led("{third}/y", STAR, end=[], body=ELEMENTS.get(kind, "text"))
        yield Row(f"redirect: {kind}", asks, server)
    for mode in ("manual", "error"):
        asks = (fetch(redirect=mode),)
        yield Row(f"redirect: {mode}", asks, led("y", STAR))
        yield Row(f"redirect: {mode}, nothing granted", asks, led("y"))
    asks = (fetch(credentials="include"),)
    server = led("{third}/y", ORIGIN, TRUE, end=[ORIGIN, TRUE])
    yield Row("redirect: with credentials", asks, server)
    asks = (element("image", ""),)
    yield Row("redirect: an image", asks, led("{third}/y", STAR, end=[]))
    for status in (301, 302, 303, 307, 308):
        for method in ("POST", "PUT"):
            ask = fetch(method=method, body="text", headers=XA)
            server = led("{third}/y", ORIGIN, status=status)
            yield Row(f"redirect: {status} to {method}", (ask,), server)
        ask = fetch(method="POST", body="text")
        server = led("{api}/y", ORIGIN, status=status)
        yield Row(f"redirect: {status} to a simple POST", (ask,), server)
    for place in ("{api}/y", "{third}/y"):
        ask = fetch(headers=BEARER)
        name = f"redirect: Authorization to {place[1:-3]}"
        yield Row(name, (ask,), led(place, ORIGIN))
    ask = fetch(method="PUT")
    server = {
        "OPTIONS /x": GRANTS["OPTIONS"],
        "OPTIONS": Answer(403, ()),
        "/x": Answer(307, (ORIGIN, ("Location", "{third}/y"))),
        "*": Answer(200, (ORIGIN,)),
    }
    yield Row("redirect: the second preflight refused", (ask,), server)


def remembering(age, *, methods="PUT, DELETE", headers="x-a, x-b"):
    """Allows this much, to be remembered for so long; None: the header is missing."""
    ages = () if age is None else ((MAX_AGE, age),)
    return preflighted(
        ORIGIN,
        TRUE,
        (ALLOW_METHODS, methods),
        (ALLOW_HEADERS, headers),
        *ages,
        actual=(ORIGIN, TRUE),
    )


def _caches():
    put = fetch(method="PUT")
    for age in (
        "600",
        "0",
        "-1",
        "+600",
        "600.5",
        '"600"',
        "600, 700",
        "abc",
        "",
        " 600 ",
        "99999999999999999999",
    ):
        name = {
            "": "nothing",
            "-1": "minus 1",
            "+600": "plus 600",
            '"600"': "quoted",
            " 600 ": "padded",
        }.get(age, age)
        yield Row(f"cache: remembered for {name}", (put, put), remembering(age))
    yield Row("cache: no duration", (put, put), remembering(None))
    later = fetch(method="PUT", wait=6000)
    yield Row("cache: no duration, six seconds later", (put, later), remembering(None))
    later = fetch(method="PUT", wait=1500)
    yield Row("cache: remembered for 1, later", (put, later), remembering("1"))
    pairs = {
        "another method that was named": (put, fetch(method="DELETE")),
        "another method that was not": (put, fetch(method="PATCH")),
        "a header that was named": (put, fetch(method="PUT", headers=XA)),
        "a header that was not": (put, fetch(method="PUT", headers=[["X-C", "1"]])),
        "credentials later": (put, fetch(method="PUT", credentials="include")),
        "credentials before": (fetch(method="PUT", credentials="include"), put),
        "another path": (put, fetch("/y", method="PUT")),
        "another query": (put, fetch("/x?a", method="PUT")),
        "another fragment": (put, fetch("/x#a", method="PUT")),
        "no-store": (put, fetch(method="PUT", cache="no-store")),
        "no-store before": (fetch(method="PUT", cache="no-store"), put),
        "no-cache": (put, fetch(method="PUT", cache="no-cache")),
        "reload": (put, fetch(method="PUT", cache="reload")),
        "XMLHttpRequest": (put, xhr(method="PUT")),
        "a safelisted method": (fetch(headers=XA), fetch(method="POST", headers=XA)),
        "HEAD": (fetch(headers=XA), fetch(method="HEAD", headers=XA)),
        "three times": (put, put, fetch(method="DELETE")),
    }
    for name, asks in pairs.items():
        yield Row(f"cache: {name}", asks, remembering("600"))
    stars = remembering("600", methods="*", headers="*")
    yield Row("cache: a star and another method", (put, fetch(method="DELETE")), stars)
    yield Row(
        "cache: a star and another header",
        (fetch(headers=XA), fetch(headers=[["X-B", "1"]])),
        stars,
    )
    grants = remembering("600")
    server = {"OPTIONS": [Answer(403, ()), grants["OPTIONS"]], "*": grants["*"]}
    yield Row("cache: refused before", (put, put), server)
    server = {"OPTIONS": grants["OPTIONS"], "*": [Answer(200, ()), grants["*"]]}
    yield Row("cache: the request refused before", (put, put), server)
    server = {"OPTIONS": [grants["OPTIONS"], Answer(403, ())], "*": grants["*"]}
    yield Row("cache: refused later", (put, fetch(method="PATCH"), put), server)


TAGS = ("image", "script", "stylesheet")


def _elements():
    for kind, body in ELEMENTS.items():
        anonymous = element(kind, "" if kind in TAGS else None)
        granted = {"nothing": (), "a star": (STAR,), "the origin": (ORIGIN,)}
        granted["another origin"] = (
            ("Access-Control-Allow-Origin", "http://x.example"),
        )
        for name, lines in granted.items():
            yield Row(
                f"{kind}: granted {name}", (anonymous,), always(*lines, body=body)
            )
        yield Row(f"{kind}: 404", (anonymous,), always(STAR, body=body, status=404))
        yield Row(
            f"{kind}: redirected",
            (anonymous,),
            {"/x": led("{third}/y", STAR)["/x"], "*": Answer(200, (STAR,), body)},
        )
    for kind in TAGS:
        body = ELEMENTS[kind]
        included = element(kind, "use-credentials")
        yield Row(f"{kind}: without crossorigin", (element(kind),), always(body=body))
        yield Row(
            f"{kind}: credentials, granted a star", (included,), always(STAR, body=body)
        )
        yield Row(
            f"{kind}: credentials, not granted", (included,), always(ORIGIN, body=body)
        )
        yield Row(
            f"{kind}: credentials, granted",
            (included,),
            always(ORIGIN, TRUE, body=body),
        )
        corp = ("Cross-Origin-Resource-Policy", "same-origin")
        yield Row(
            f"{kind}: kept to its origin", (element(kind),), always(corp, body=body)
        )
    included = Ask("eventsource", "/x", {"credentials": "include"})
    yield Row(
        "eventsource: credentials, granted a star",
        (included,),
        always(STAR, body="events"),
    )
    yield Row(
        "eventsource: credentials, granted",
        (included,),
        always(ORIGIN, TRUE, body="events"),
    )
    yield Row("eventsource: text", (element("eventsource"),), always(STAR))
    yield Row("eventsource: 500", (element("eventsource"),), always(STAR, status=500))


def _media():
    """Refused, since a file that is no film has consequences of its own."""
    for kind in ("video", "audio", "track", "preload"):
        body = "track" if kind == "track" else "text"
        for crossorigin in ("", "use-credentials"):
            name = f"{kind} {crossorigin or 'anonymous'}, granted nothing"
            yield Row(name, (element(kind, crossorigin),), always(body=body))
        asks = (element(kind, "use-credentials"),)
        yield Row(
            f"{kind} use-credentials, granted a star", asks, always(STAR, body=body)
        )
    for kind in ("track", "preload"):
        body = "track" if kind == "track" else "text"
        asks = (element(kind, ""),)
        yield Row(f"{kind} anonymous, granted a star", asks, always(STAR, body=body))


def _sockets():
    yield Row("websocket: opened", (element("websocket"),), always())
    for status in (403, 404, 302):
        away = (("Location", "/y"),) if status == 302 else ()
        yield Row(
            f"websocket: {status}",
            (element("websocket"),),
            always(*away, status=status),
        )


ROWS = [*_redirects(), *_caches(), *_elements(), *_media(), *_sockets()]
