"""The table of examples, continued: servers without corsac, and what people complain of.

Here: the rows that fixed header lines answer.
Not here: policies and what they refuse (`examples.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from typing import Any, Final

from .example import Example
from .state import PAGE

FETCH: Final = "https://fetch.spec.whatwg.org/#"
ORIGIN = ("Origin header", FETCH + "origin-header")
SAFELISTED_METHOD = ("CORS-safelisted method", FETCH + "cors-safelisted-method")
OK_STATUS = ("ok status", FETCH + "ok-status")
CORS_CHECK = ("CORS check", FETCH + "concept-cors-check")
CREDENTIALS = ("CORS and credentials", FETCH + "cors-protocol-and-credentials")
PREFLIGHT = ("CORS-preflight fetch", FETCH + "cors-preflight-fetch-0")
CACHES = ("CORS and HTTP caches", FETCH + "cors-protocol-and-http-caches")
REDIRECTS = ("HTTP-redirect fetch", FETCH + "concept-http-redirect-fetch")

WRONG: Final = "Servers that get it wrong"
_ALLOW_PAGE: Final = f"Access-Control-Allow-Origin: {PAGE}"
_JSON: Final[dict[str, Any]] = {
    "method": "POST",
    "path": "foxes",
    "headers": ("Content-Type: application/json",),
    "body": "text",
}

WRONG_SERVERS: Final[tuple[Example, ...]] = (
    Example(
        name="options-403",
        group=WRONG,
        title="OPTIONS answered with 403",
        shows="A login or a firewall before the application refuses what brings no credentials, and a preflight "
        "never brings any. Answer preflights before authentication.",
        policy=None,
        asks={**_JSON, "options_status": "403", "options_lines": ()},
        readable=False,
        failure="preflight-allow-origin-missing",
        depends_on=("options_status", "options_lines"),
        sections=(OK_STATUS, PREFLIGHT),
    ),
    Example(
        name="options-405",
        group=WRONG,
        title="OPTIONS answered with 405",
        shows="A router that knows `POST` only. The headers are all there, and still the status must be one "
        "from `200` to `299`.",
        policy=None,
        asks={
            **_JSON,
            "options_status": "405",
            "options_lines": (
                "Allow: GET, POST",
                _ALLOW_PAGE,
                "Access-Control-Allow-Headers: Content-Type",
            ),
        },
        readable=False,
        failure="preflight-status",
        depends_on=("options_status",),
        sections=(OK_STATUS, PREFLIGHT),
    ),
    Example(
        name="options-redirect",
        group=WRONG,
        title="OPTIONS answered with a redirect",
        shows="To a path with a slash, or to a login page: a preflight follows no redirect. "
        "Ask for the last URL at once.",
        policy=None,
        asks={
            **_JSON,
            "options_status": "307",
            "options_lines": ("Location: /login", _ALLOW_PAGE),
        },
        readable=False,
        failure="preflight-status",
        depends_on=("options_status", "options_lines"),
        sections=(OK_STATUS, PREFLIGHT),
    ),
    Example(
        name="wildcard-credentials",
        group=WRONG,
        title="* with credentials",
        shows="Where the page includes credentials, `*` is no wildcard any more, and "
        "`Access-Control-Allow-Credentials` does not change that: the answer must name the origin.",
        policy=None,
        asks={
            "path": "visits",
            "credentials": "include",
            "lines": (
                "Access-Control-Allow-Origin: *",
                "Access-Control-Allow-Credentials: true",
            ),
        },
        readable=False,
        failure="allow-origin-wildcard",
        depends_on=("credentials", "lines"),
        sections=(CREDENTIALS,),
    ),
    Example(
        name="header-twice",
        group=WRONG,
        title="The header twice",
        shows="Once from the application and once from the proxy before it. Either alone would be right; "
        "together they are `*, *`, and no origin is called that.",
        policy=None,
        asks={
            "lines": (
                "Access-Control-Allow-Origin: *",
                "Access-Control-Allow-Origin: *",
            )
        },
        readable=False,
        failure="allow-origin-multiple",
        depends_on=("lines",),
        sections=(CORS_CHECK,),
    ),
    Example(
        name="trailing-slash",
        group=WRONG,
        title="An origin with a slash",
        shows="An origin has no path, not even `/`. The browser compares byte by byte.",
        policy=None,
        asks={"lines": (f"{_ALLOW_PAGE}/", "Vary: Origin")},
        readable=False,
        failure="allow-origin-mismatch",
        depends_on=("lines",),
        sections=(ORIGIN, CORS_CHECK),
    ),
    Example(
        name="error-without-headers",
        group=WRONG,
        title="A 500 that looks like CORS",
        shows="The application crashed, and its error page went around what adds the headers. "
        "The console complains of CORS; the fault is in the server's log.",
        policy=None,
        asks={"status": "500", "lines": ()},
        readable=False,
        failure="allow-origin-missing",
        depends_on=("status", "lines"),
        sections=(CORS_CHECK,),
    ),
    Example(
        name="missing-vary",
        group=WRONG,
        title="Vary is missing",
        shows="It works, today and for this page. A cache that keeps the answer hands the same line to the next "
        "origin, which is then refused, now and then and never on your machine.",
        policy=None,
        asks={"lines": (_ALLOW_PAGE, "Cache-Control: max-age=60")},
        readable=True,
        depends_on=("lines",),
        sections=(CACHES,),
        reads={"greeting": "Hello from the other origin."},
    ),
    Example(
        name="redirect-away",
        group=WRONG,
        title="A redirect to another origin",
        shows="On the way from one foreign origin to another the browser sends `Origin: null`, so an answer "
        "that names the page is wrong there.",
        policy=None,
        asks={"path": "away"},
        readable=False,
        failure="allow-origin-mismatch",
        depends_on=("path", "lines"),
        sections=(REDIRECTS, ORIGIN),
    ),
)
