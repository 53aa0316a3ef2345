"""flask-cors' options: which pages read something else with the drop-in, and what it warns of.

Here: the rows, with the exact words of each warning. Not here: who asks (`test_flask_cors.py`),
which pages ask (`comparing.py`).
Spec: https://corydolphin.github.io/flask-cors/configuration/
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any, NamedTuple

from comparing import ORIGINS

APP = "https://app.example"
EVERYBODY_WITH_CREDENTIALS = {f"{origin} with credentials: lost" for origin in ORIGINS}
WILDCARD = (
    "answered without credentials: every site could act as the user; list the origins, or "
    "leave out supports_credentials"
)
NARROWED = (
    "matched against the whole origin, where the library looks at its begin alone; write "
    "the end too, like (:[0-9]+)?$ for any port"
)
PATTERN = (
    "read as corsac's own pattern, where the library takes it for a regex that matches "
    "other origins"
)
DOT = (
    'a bare dot stands for any character; write "\\." for a dot, "[^.]+" for a label, '
    'and ".*" only directly before "\\."'
)
NULL = (
    "any page can have the origin null, from a sandboxed frame; leave it out, or use corsac.Policy with "
    "dangerously_allow_null_origin=True"
)
HTTP = (
    "anybody on the network can act as an http page; write https://, or use corsac.Policy with "
    "dangerously_allow_insecure_origins=True"
)
LOST_AFTER_THE_END = ["https://app.example:8443", "https://app.example.evil.example"]


class Row(NamedTuple):
    """Options in a call and in the configuration, which pages read something else with the
    drop-in, and what it warns of."""

    name: str
    options: dict[str, Any]
    changed: Collection[str] = ()
    warned: Collection[str] = ()
    config: dict[str, Any] = {}  # noqa: RUF012 - no row changes it


def lost(*origins: str) -> set[str]:
    """With credentials nothing was read before."""
    return {f"{origin}: lost" for origin in origins}


ROWS = [
    Row("nothing", {}),
    Row("one origin", {"origins": APP}),
    Row("origins in a list", {"origins": [APP, "http://localhost:3000"]}),
    Row("origins in a set", {"origins": {APP, "https://evil.example"}}),
    Row("an origin in upper case", {"origins": "HTTPS://App.Example"}),
    Row("origins with credentials", {"origins": [APP], "supports_credentials": True}),
    Row("every origin, said twice", {"origins": ["*", APP]}),
    Row("every origin as a regex", {"origins": ".*"}),
    Row("every origin by the wildcard itself", {"send_wildcard": True}),
    Row("nothing without an Origin", {"origins": [APP], "always_send": False}),
    Row("exceptions left alone", {"origins": [APP], "intercept_exceptions": False}),
    Row(
        "every origin with credentials",
        {"supports_credentials": True},
        changed=EVERYBODY_WITH_CREDENTIALS,
        warned=[f"origins = '*': {WILDCARD}"],
    ),
    Row(
        "an http origin with credentials",
        {"origins": [APP, "http://app.example"], "supports_credentials": True},
        warned=[f"origins = 'http://app.example': kept: {HTTP}"],
    ),
    Row("a regex", {"origins": r"^https?://(.*\.)?app\.example$"}),
    Row("a compiled regex", {"origins": re.compile(r"^https://[a-z.]+(:\d+)?$")}),
    Row("a regex ignores the case", {"origins": [r"^HTTPS://APP\.EXAMPLE$"]}),
    Row(
        "a compiled regex for everything with credentials",
        {"origins": re.compile("^.*"), "supports_credentials": True},
        changed=EVERYBODY_WITH_CREDENTIALS,
        warned=[f"origins = '^.*': {WILDCARD}"],
    ),
    Row(
        "a regex without an end",
        {"origins": r"https?://app\.example"},
        changed=lost(*LOST_AFTER_THE_END),
        warned=[rf"origins = 'https?://app\\.example': {NARROWED}"],
    ),
    Row(
        "regexes of which one branch has no end",
        {"origins": [r"^https://app\.example|^https://a\.app\.example$"]},
        changed=lost(*LOST_AFTER_THE_END),
        warned=[
            rf"origins = '^https://app\\.example|^https://a\\.app\\.example$': {NARROWED}"
        ],
    ),
    Row(
        "a regex with a bare dot",
        {"origins": r"^https://.*app.example$"},
        warned=[f"origins = '^https://.*app.example$': kept: at 9: {DOT}"],
    ),
    Row(
        "a wildcard in a host",
        {"origins": "https://*.app.example"},
        changed=[
            *lost("https://xapp.example", *LOST_AFTER_THE_END),
            "https://a.app.example: won",
        ],
        warned=[
            (
                "origins = 'https://*.app.example': read as corsac's own pattern and the "
                "name itself, where the library takes it for a regex that matches other "
                "origins"
            )
        ],
    ),
    Row(
        "a wildcard for a port",
        {"origins": ["http://localhost:*"]},
        warned=[f"origins = 'http://localhost:*': {PATTERN}"],
    ),
    Row(
        "an IPv6 address",
        {"origins": "http://[::1]:3000"},
        warned=[f"origins = 'http://[::1]:3000': {PATTERN}"],
    ),
    Row(
        "null",
        {"origins": [APP, "null"]},
        warned=[f"origins = 'null': kept: {NULL}"],
    ),
    Row(
        "null with credentials",
        {"origins": [APP, "null"], "supports_credentials": True},
        changed=["null: lost", "null with credentials: lost"],
        warned=[f"origins = 'null': left out: {NULL}"],
    ),
    Row(
        "an origin that no browser sends",
        {"origins": [APP, APP + "/"]},
        warned=[
            (
                "origins = 'https://app.example/': left out: an origin ends after its host "
                'and port: no slash, path, query or fragment; write "https://app.example"'
            )
        ],
    ),
    Row("methods in one str", {"origins": APP, "methods": "GET, head, post, put"}),
    Row("methods in a list", {"origins": APP, "methods": ["GET", "POST", "PATCH"]}),
    Row(
        "a method alone",
        {"origins": APP, "methods": ["PUT"]},
        changed=[f"{APP}: won GET POST"],
        warned=[
            (
                "methods = ['PUT']: preflights for GET, HEAD, POST pass too, since Fetch has "
                "these methods need no leave; list them, and refuse in the application what "
                "it does not serve"
            )
        ],
    ),
    Row(
        "a wildcard among methods",
        {"origins": APP, "methods": ["GET", "POST", "*"]},
        warned=[
            (
                "methods = '*': left out, since it stands for no method in flask_cors; list "
                "the methods"
            )
        ],
    ),
    Row("headers in a list", {"origins": APP, "allow_headers": ["X-TOKEN", "X-A"]}),
    Row("one header", {"origins": APP, "allow_headers": "authorization"}),
    Row(
        "a regex for headers",
        {"origins": APP, "allow_headers": ["X-A", r"^X-T\w+$"]},
        warned=[
            (
                r"allow_headers = '^X-T\\w+$': matched against whole names of a preflight, "
                "each time; list the names"
            )
        ],
    ),
    Row(
        "a header that no browser asks for",
        {"origins": APP, "allow_headers": ["X-Token", "Cookie"]},
        warned=[
            (
                "allow_headers = 'Cookie': left out: browsers set this header themselves, "
                "and no page may; leave it out"
            )
        ],
    ),
    Row("an exposed header", {"origins": APP, "expose_headers": "X-Total, X-Pages"}),
    Row("every exposed header", {"origins": APP, "expose_headers": ["*"]}),
    Row("a duration", {"origins": APP, "max_age": timedelta(minutes=10)}),
    Row(
        "a duration past a day",
        {"origins": APP, "max_age": "172800"},
        warned=[
            (
                "max_age = 172800: read as 86400: write seconds from 0 to 86400; 0 means "
                "that browsers keep nothing, None leaves it to them (5 seconds)"
            )
        ],
    ),
    Row(
        "no Vary",
        {"origins": APP, "vary_header": False},
        warned=[
            (
                "vary_header = False: Vary is sent, since a cache would hand one site's "
                "answer to another"
            )
        ],
    ),
    Row("no Vary where nothing varies", {"vary_header": False}),
    Row(
        "a private network",
        {"origins": APP, "allow_private_network": True},
        warned=[
            (
                "allow_private_network = True: changes nothing, since browsers ask no more; "
                "leave it out"
            )
        ],
    ),
    Row(
        "an option that is none",
        {"origins": APP, "origin": "*"},
        warned=[
            (
                "origin = '*': no option of flask_cors, and ignored as there; look at its "
                "spelling"
            )
        ],
    ),
    Row(
        "the configuration",
        {},
        config={
            "CORS_ORIGINS": [APP],
            "CORS_METHODS": ["GET", "POST"],
            "CORS_ALLOW_HEADERS": ["X-Token"],
            "CORS_EXPOSE_HEADERS": "X-Total",
            "CORS_SUPPORTS_CREDENTIALS": True,
            "CORS_MAX_AGE": 5,
        },
    ),
    Row(
        "a call counts before the configuration",
        {"origins": "https://evil.example"},
        config={"CORS_ORIGINS": [APP], "CORS_METHODS": ["GET", "POST", "PUT"]},
    ),
]

#: What only the extension has.
RESOURCES = [
    Row("a resource", {"origins": APP, "resources": "/api/*"}),
    Row("another resource", {"origins": APP, "resources": "/other"}),
    Row("no resource", {"origins": APP, "resources": []}),
    Row("resources in a list", {"origins": APP, "resources": ["/other", "/a"]}),
    Row("a regex is matched at the begin", {"resources": [re.compile("/a.i")]}),
    Row("every path", {"origins": APP, "resources": "*"}),
    Row("resources in the configuration", {}, config={"CORS_RESOURCES": "/other"}),
    Row(
        "a resource counts before the call, and that before the configuration",
        {
            "methods": ["GET", "POST", "PUT"],
            "resources": {"/api/*": {"origins": APP}, "*": {"origins": "null"}},
        },
        config={"CORS_ORIGINS": "https://evil.example", "CORS_METHODS": "GET"},
        warned=[f"origins = 'null': kept: {NULL}"],
    ),
    Row(
        "a literal path before a regex, a longer regex before a shorter",
        {
            "resources": {
                "/.*": {"origins": "https://evil.example"},
                "/api/.*": {"origins": APP},
                "/other": {"origins": "https://a.app.example"},
            }
        },
    ),
]
