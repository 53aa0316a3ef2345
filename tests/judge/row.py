"""A row of the judge's table: what a page asks, and what a server answers.

Here: `Row`, `Ask`, `Answer`, and the words that the table is written in.
Not here: any row (`rows_*.py`), who answers (`site.py`), who asks (`page.js`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re
from dataclasses import dataclass, field

ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"
EXPOSE_HEADERS = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"

#: Lines that grant what they are named for. `{origin}` is the request's Origin.
ORIGIN = (ALLOW_ORIGIN, "{origin}")
STAR = (ALLOW_ORIGIN, "*")
TRUE = (ALLOW_CREDENTIALS, "true")

#: What pages are on: plain http, https, a page whose policy lets it connect to itself only,
#: and a sandboxed frame, whose origin is `null`.
PAGES = ("app", "secure", "policy", "null")


@dataclass(frozen=True)
class Answer:
    """What a server answers. `body`: a key of `bodies.BODIES`. `silence`: how it answers nothing."""

    status: int = 200
    lines: tuple[tuple[str, str], ...] = ()
    body: str = "text"
    silence: str = ""


#: From a method, a path, or both with a space between (`"GET /end"`), or `"*"`, to what is
#: answered; several answers are used up in turn, and the last one stays.
Answers = dict[str, Answer | list[Answer]]


@dataclass(frozen=True)
class Ask:
    """One thing that a page asks.

    `kind`: a value of `corsac.browser.Kind`. `url`: a path of the row's server, or a whole URL.
    `init`: what a script says of it, by the names of `RequestInit`; `headers` are pairs, `body` is
    a key of the page's bodies, `upload` listens to the upload of an XMLHttpRequest, `crossorigin`
    is the attribute. `wait`: milliseconds before it.
    """

    kind: str = "fetch"
    url: str = "/x"
    init: dict[str, object] = field(default_factory=dict)
    wait: int = 0


@dataclass(frozen=True)
class Row:
    """Some things asked one after the other. `server`: `Answers`, or the name of a policy."""

    name: str
    asks: tuple[Ask, ...]
    server: Answers | str
    page: str = "app"

    @property
    def slug(self) -> str:
        """The name as a part of a path, by which requests and console lines are told apart."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def fetch(url="/x", *, wait=0, **init):
    """`fetch()`."""
    return Ask("fetch", url, init, wait)


def xhr(url="/x", **init):
    """`XMLHttpRequest`; `credentials="include"` is `withCredentials`."""
    return Ask("xmlhttprequest", url, init)


def element(kind, crossorigin=None, url="/x"):
    """An element, or whatever else has no options but the attribute `crossorigin`."""
    return Ask(kind, url, {} if crossorigin is None else {"crossorigin": crossorigin})


def always(*lines, status=200, body="text"):
    """Every request gets the same lines."""
    return {"*": Answer(status, lines, body)}


def preflighted(*lines, actual=(ORIGIN,), status=204, actual_status=200):
    """Preflights get these lines, and the requests after them the lines `actual`."""
    return {
        "OPTIONS": Answer(status, lines, "text" if status == 200 else "nothing"),
        "*": Answer(actual_status, tuple(actual)),
    }


#: Grants whatever is asked, to whoever asks, and remembers nothing.
GRANTS = {
    "OPTIONS": Answer(
        204,
        (
            ORIGIN,
            TRUE,
            (ALLOW_METHODS, "{asked-method}"),
            (ALLOW_HEADERS, "{asked-headers}"),
            (MAX_AGE, "0"),
        ),
    ),
    "*": Answer(200, (ORIGIN, TRUE)),
}
