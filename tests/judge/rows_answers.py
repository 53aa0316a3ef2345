"""Rows against servers that answer wrongly, or oddly: one fetch, many answers.

Here: `ROWS`: response headers, preflights' answers, statuses, what is exposed.
Not here: ways of asking (`rows_asks.py`), corsac's servers (`rows_policies.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from judge.row import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
    ORIGIN,
    STAR,
    TRUE,
    Row,
    always,
    fetch,
    preflighted,
    xhr,
)

PUT = (ALLOW_METHODS, "PUT")
XAB = [["X-A", "1"], ["X-B", "2"]]

#: Values of Access-Control-Allow-Origin, a tuple for several lines.
ALLOW_ORIGINS = {
    "no line": (),
    "a star": ("*",),
    "the origin": ("{origin}",),
    "another origin": ("http://other.example",),
    "a slash at the end": ("{origin}/",),
    "a path": ("{origin}/app",),
    "no port": ("http://app.localhost",),
    "another scheme": ("https://app.localhost:1",),
    "no scheme": ("app.localhost",),
    "upper case": ("HTTP://APP.LOCALHOST",),
    "a glob": ("http://*.localhost",),
    "a list with a comma": ("{origin}, http://x.example",),
    "a list with a space": ("http://x.example {origin}",),
    "two equal lines": ("{origin}", "{origin}"),
    "two different lines": ("http://x.example", "{origin}"),
    "two stars": ("*", "*"),
    "null": ("null",),
    "an empty line": ("",),
    "quotes": ('"{origin}"',),
    "padding": ("  {origin}\t",),
    "a word": ("yes",),
    "a domain with a dot": (".localhost",),
}
CREDENTIALED = (
    "no line",
    "a star",
    "another origin",
    "two equal lines",
    "null",
    "an empty line",
)
ALLOW_CREDENTIALSES = {
    "no line": (),
    "true": ("true",),
    "True with a capital": ("True",),
    "1": ("1",),
    "false": ("false",),
    "padding": (" true ",),
    "two lines": ("true", "true"),
    "an empty line": ("",),
}
#: Values of Access-Control-Allow-Methods to a PUT.
METHODS = {
    "no line": (),
    "lower case": ("put",),
    "a star": ("*",),
    "a list": ("GET, PUT",),
    "a list without spaces": ("GET,PUT",),
    "a list of spaces": ("GET PUT",),
    "semicolons": ("GET; PUT",),
    "empty elements": (",, PUT,",),
    "tabs": ("GET\t,\tPUT",),
    "two lines": ("GET", "PUT"),
    "others": ("GET, POST, DELETE",),
    "a bad token": ("PUT, b@d(",),
    "quotes": ('"PUT"',),
    "an empty line": ("",),
    "brackets": ("[PUT]",),
}
#: Values of Access-Control-Allow-Headers to X-A and X-B.
HEADERS = {
    "no line": (),
    "both": ("x-a, x-b",),
    "one": ("x-a",),
    "the other": ("X-B",),
    "upper case": ("X-A,X-B",),
    "a star": ("*",),
    "a star and one": ("*, x-a",),
    "spaces": ("x-a x-b",),
    "semicolons": ("x-a; x-b",),
    "two lines": ("x-a", "x-b"),
    "a glob": ("x-*",),
    "a bad token": ("x-a, x-b, b d",),
    "quotes": ('"x-a", "x-b"',),
    "an empty line": ("",),
    "empty elements": (",x-a,,x-b,",),
}
EXPOSED = {
    "no line": (),
    "some": ("X-One, etag",),
    "a star": ("*",),
    "two lines": ("X-One", "X-Two"),
    "a bad token": ("X-One, b d, X-Two",),
    "empty elements": (",, x-one,,",),
    "cookies": ("Set-Cookie, X-One",),
    "quotes": ('"X-One"',),
}
OWN_LINES = (
    ("X-One", "1"),
    ("X-Two", "2"),
    ("X-Two", "again"),
    ("ETag", '"1"'),
    ("Cache-Control", "no-store"),
    ("Content-Language", "de"),
    ("Expires", "0"),
    ("Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ("Pragma", "no-cache"),
    ("X-Empty", ""),
)


def lines(name, values):
    return tuple((name, value) for value in values)


def family(title, values, ask, server):
    """A row for each value."""
    for name, value in values.items():
        yield Row(f"{title}: {name}", (ask,), server(value))


def _allow_origin():
    name = ALLOW_ORIGIN
    some = {key: ALLOW_ORIGINS[key] for key in CREDENTIALED}

    def server(values):
        return always(*lines(name, values), TRUE)

    yield from family(name, ALLOW_ORIGINS, fetch(), lambda v: always(*lines(name, v)))
    yield from family(f"{name}, XMLHttpRequest", some, xhr(), server)
    included = fetch(credentials="include")
    yield from family(f"{name}, credentials", some, included, server)
    included = xhr(credentials="include")
    yield from family(f"{name}, XMLHttpRequest, credentials", some, included, server)
    yield from family(
        f"{name}, preflight",
        some,
        fetch(method="PUT"),
        lambda v: preflighted(*lines(name, v), PUT),
    )
    yield from family(
        f"{name}, after the preflight",
        some,
        fetch(method="PUT"),
        lambda v: preflighted(ORIGIN, PUT, actual=lines(name, v)),
    )


def _allow_credentials():
    name = ALLOW_CREDENTIALS
    yield from family(
        name,
        ALLOW_CREDENTIALSES,
        fetch(credentials="include"),
        lambda v: always(ORIGIN, *lines(name, v)),
    )
    yield from family(
        f"{name}, preflight",
        ALLOW_CREDENTIALSES,
        fetch(method="PUT", credentials="include"),
        lambda v: preflighted(ORIGIN, PUT, *lines(name, v), actual=(ORIGIN, TRUE)),
    )
    yield from family(
        f"{name}, XMLHttpRequest",
        {
            key: ALLOW_CREDENTIALSES[key]
            for key in ("no line", "True with a capital", "true")
        },
        xhr(credentials="include"),
        lambda v: always(ORIGIN, *lines(name, v)),
    )


def _lists():
    yield from family(
        ALLOW_METHODS,
        METHODS,
        fetch(method="PUT"),
        lambda v: preflighted(ORIGIN, *lines(ALLOW_METHODS, v)),
    )
    yield from family(
        ALLOW_HEADERS,
        HEADERS,
        fetch(headers=XAB),
        lambda v: preflighted(ORIGIN, *lines(ALLOW_HEADERS, v)),
    )
    some = {"a star": ("*",), "a star and both": ("*, PUT, x-a, x-b",)}
    yield from family(
        "stars, credentials",
        some,
        fetch(method="PUT", headers=XAB, credentials="include"),
        lambda v: preflighted(
            ORIGIN,
            TRUE,
            *lines(ALLOW_METHODS, v),
            *lines(ALLOW_HEADERS, v),
            actual=(ORIGIN, TRUE),
        ),
    )
    bearer = fetch(headers=[["Authorization", "Bearer 1"]])
    yield from family(
        "Authorization",
        {"a star": ("*",), "named": ("*, Authorization",), "no line": ()},
        bearer,
        lambda v: preflighted(STAR, *lines(ALLOW_HEADERS, v), actual=(STAR,)),
    )
    cookie = ("Set-Cookie", "a=b")
    yield from family(
        EXPOSE_HEADERS,
        EXPOSED,
        fetch(),
        lambda v: always(ORIGIN, *lines(EXPOSE_HEADERS, v), *OWN_LINES, cookie),
    )
    yield from family(
        f"{EXPOSE_HEADERS}, XMLHttpRequest with credentials",
        {"a star": ("*",), "some": ("X-One, etag",)},
        xhr(credentials="include"),
        lambda v: always(ORIGIN, TRUE, *lines(EXPOSE_HEADERS, v), *OWN_LINES),
    )


ROWS = [*_allow_origin(), *_allow_credentials(), *_lists()]
