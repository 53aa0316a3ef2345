"""The rules of header lines that browsers do not understand, or understand otherwise than meant.

Here: `LINE_RULES`. Not here: when each is found (`_judge_lines.py`, `_judge_vary.py`).
Spec: https://fetch.spec.whatwg.org/#http-new-header-syntax
"""

from __future__ import annotations

from typing import Final

from ._rule import LIST, Rule

_FETCH: Final = "https://fetch.spec.whatwg.org/#"
_CREDENTIALS: Final = f"{_FETCH}cors-protocol-and-credentials"
_PREFLIGHT: Final = f"{_FETCH}cors-preflight-fetch-0"
_SYNTAX: Final = f"{_FETCH}http-new-header-syntax"
_CACHES: Final = f"{_FETCH}cors-protocol-and-http-caches"

LINE_RULES: Final = (
    Rule(
        "missing-vary",
        "Responses differ by Origin, and do not say so",
        "A cache may give one origin's response, or the one without headers, to another: a page "
        "is shut out, and who asks first decides for all.",
        _CACHES,
        "Send Vary: Origin with every response of such a URL, also where there is no Origin.",
        "vary",
    ),
    Rule(
        "several-origins",
        "Access-Control-Allow-Origin has several values",
        "Browsers take one origin, or *; a list, or two lines, match nothing.",
        _SYNTAX,
        "Let one place set the header, to the one origin that asked.",
        "one-value",
    ),
    Rule(
        "invalid-allow-origin",
        "Access-Control-Allow-Origin holds what no origin equals",
        "It is compared with the Origin byte by byte; slashes, paths, capitals and patterns never "
        "match.",
        _SYNTAX,
        LIST,
        "list",
    ),
    Rule(
        "wildcard-with-credentials",
        "* is sent together with Access-Control-Allow-Credentials",
        "Browsers refuse the pair where credentials are included: it lets nobody in who needs it.",
        _CREDENTIALS,
        "Where cookies count, send back the one origin from a list; where they do not, leave "
        "Access-Control-Allow-Credentials out.",
        "credentials",
    ),
    Rule(
        "allow-credentials-value",
        "Access-Control-Allow-Credentials is something else than true",
        "Only the four letters true, in lower case and once, count.",
        f"{_FETCH}http-access-control-allow-credentials",
        "Send true, or leave the header out.",
        "credentials",
    ),
    Rule(
        "literal-wildcard",
        "* stands in a list, beside credentials",
        "With credentials browsers read it as a method or header of that name.",
        _CREDENTIALS,
        "Name the methods and headers.",
        "names",
    ),
    Rule(
        "duplicated-header",
        "A header of one value is sent twice",
        "Browsers join the lines with a comma, and the whole is then no value they know.",
        f"{_FETCH}concept-header-list-get",
        "Let one place set the header: the application, or the server before it.",
        "one-value",
    ),
    Rule(
        "any-method-and-header",
        "Any method and any header are allowed",
        "A method and a header that nobody needs were granted, so that the lists hold nothing back.",
        _PREFLIGHT,
        "Name the methods and headers that pages need.",
        "names",
    ),
    Rule(
        "names-for-strangers",
        "Methods and headers are named to origins that are not let in",
        "It helps nobody but who looks for a way in.",
        _PREFLIGHT,
        "Answer preflights of other origins without these headers.",
    ),
    Rule(
        "max-age",
        "Access-Control-Max-Age is longer than browsers keep it",
        "Chromium keeps a preflight for 2 hours, Firefox for 24, WebKit for 10 minutes.",
        f"{_FETCH}http-access-control-max-age",
        "Send 7200 or less.",
        "max-age",
    ),
    Rule(
        "invalid-max-age",
        "Access-Control-Max-Age is no number of seconds",
        "Browsers then ask again after 5 seconds.",
        f"{_FETCH}http-access-control-max-age",
        "Send a whole number of seconds, in digits alone.",
        "max-age",
    ),
    Rule(
        "private-network",
        "Access-Control-Allow-Private-Network is sent",
        "Browsers have dropped it: it lets nobody in.",
        "https://wicg.github.io/private-network-access/",
        "Leave it out.",
    ),
)
