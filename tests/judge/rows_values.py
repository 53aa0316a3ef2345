"""Rows against servers whose headers hold odd values, which each console words in its own way.

Here: `ROWS`: what is no origin, no list, no number, to fetches, XMLHttpRequest and elements.
Not here: the usual mistakes (`rows_answers.py`).
Spec: https://fetch.spec.whatwg.org/#http-new-header-syntax
"""

from judge.row import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    MAX_AGE,
    ORIGIN,
    STAR,
    TRUE,
    Row,
    always,
    element,
    fetch,
    preflighted,
    xhr,
)

PUT = (ALLOW_METHODS, "PUT")
#: What servers put where one origin belongs.
ORIGINS = (
    "{origin},",
    ",{origin}",
    "{origin};",
    "*,",
    "*, *",
    "* *",
    "**",
    "*{origin}",
    "*.localhost",
    "null null",
    "null, {origin}",
    "{origin} null",
    "//app.localhost",
    "://app.localhost",
    "http:/app.localhost",
    "http:app.localhost",
    "http://",
    "http://*",
    "http://user@app.localhost",
    "http://app.localhost:99999",
    "http://app.localhost:port",
    "http://app.localhost:80",
    "http://APP.localhost",
    "http://app.localhost?a",
    "http://app.localhost#a",
    "http://b\xfccher.example",
    "http://app localhost",
    "ftp://app.localhost",
    "file:///",
    "data:text/plain,a",
    "javascript:void",
    "ws://app.localhost",
    "about:blank",
    "localhost:3000",
    "127.0.0.1",
    "<origin>",
    "'*'",
    "[*]",
    "all",
    "undefined",
    "%",
    "/",
    "-",
    "{origin}\xa0",
    "https://a.example,https://b.example",
    "https://a.example https://b.example",
)
#: What servers put where a list of methods belongs that should name PUT.
METHODS = (
    "PUT;q=1",
    "PUT/1",
    "GET|PUT",
    "P UT",
    "P\xdcT",
    "(PUT)",
    "'PUT'",
    "PUT:",
    "GET, PUT; POST",
    "any",
    "PUT@",
    "* PUT",
    "\t",
    "{asked-method}",
)
#: The same for headers, of X-A and X-B.
HEADERS = (
    "x-a|x-b",
    "x-a:, x-b:",
    "x-a, x-b, \xe4",
    "x-a, x-b, (",
    "x-a, x-b, a=b",
    "x-a, x-b, a/b",
    "[x-a, x-b]",
    "'x-a', 'x-b'",
    "any",
    "x_a, x_b",
    "x-a x-b, x-a, x-b",
    "\t",
    "{asked-headers}",
)
AGES = ("1e3", "0x10", "600s", "600;a", "true", "0600", "-0", "9223372036854775808")
#: What makes a preflight fail, each with the lines of its answer.
FAILURES = {
    "no origin": (PUT,),
    "another origin": ((ALLOW_ORIGIN, "http://x.example"), PUT),
    "two origins": ((ALLOW_ORIGIN, "{origin}, *"), PUT),
    "null": ((ALLOW_ORIGIN, "null"), PUT),
    "a star": (STAR, PUT),
    "no credentials": (ORIGIN, PUT),
    "no method": (ORIGIN, TRUE),
    "a bad method": (ORIGIN, TRUE, (ALLOW_METHODS, "P UT")),
    "no header": (ORIGIN, TRUE, PUT),
    "a bad header": (ORIGIN, TRUE, PUT, (ALLOW_HEADERS, "x a")),
}
#: What makes any response fail to one that asks with credentials.
ANSWERS = {
    "no origin": (),
    "another origin": ((ALLOW_ORIGIN, "http://x.example"), TRUE),
    "no origin but a word": ((ALLOW_ORIGIN, "all"), TRUE),
    "two origins": ((ALLOW_ORIGIN, "{origin}, http://x.example"), TRUE),
    "two lines": (ORIGIN, STAR, TRUE),
    "null": ((ALLOW_ORIGIN, "null"), TRUE),
    "a star": (STAR, TRUE),
    "wrong credentials": (ORIGIN, (ALLOW_CREDENTIALS, "yes")),
}
BODIES = {"image": "image", "script": "script", "stylesheet": "stylesheet"}


def _numbered(title, values, ask, server):
    """A row for each value; a name that is a path has no room for the value itself."""
    for number, value in enumerate(values, 1):
        yield Row(f"{title} {number}", (ask,), server(value))


def _values():
    yield from _numbered(
        "odd origin", ORIGINS, fetch(), lambda value: always((ALLOW_ORIGIN, value))
    )
    yield from _numbered(
        "odd origin to the preflight of XMLHttpRequest",
        ORIGINS[::4],
        xhr(method="PUT"),
        lambda value: preflighted((ALLOW_ORIGIN, value), PUT),
    )
    yield from _numbered(
        "odd methods",
        METHODS,
        fetch(method="PUT"),
        lambda value: preflighted(ORIGIN, (ALLOW_METHODS, value)),
    )
    yield from _numbered(
        "odd headers",
        HEADERS,
        fetch(headers=[["X-A", "1"], ["X-B", "2"]]),
        lambda value: preflighted(ORIGIN, (ALLOW_HEADERS, value)),
    )
    put = fetch(method="PUT")
    for number, age in enumerate(AGES, 1):
        server = preflighted(ORIGIN, PUT, (MAX_AGE, age))
        yield Row(f"odd age {number}", (put, put), server)


def _failures():
    headers = [["X-B", "1"], ["X-A", "1"]]
    for how, ask in (("fetch", fetch), ("XMLHttpRequest", xhr)):
        asked = ask(method="PUT", headers=headers, credentials="include")
        for name, lines in FAILURES.items():
            server = preflighted(*lines, actual=(ORIGIN, TRUE))
            yield Row(f"preflight of {how}: {name}", (asked,), server)
        asked = ask(credentials="include")
        for name, lines in ANSWERS.items():
            yield Row(f"answer to {how}: {name}", (asked,), always(*lines))
    for kind, body in BODIES.items():
        asked = element(kind, "use-credentials")
        for name, lines in ANSWERS.items():
            yield Row(f"answer to {kind}: {name}", (asked,), always(*lines, body=body))


ROWS = [*_values(), *_failures()]
