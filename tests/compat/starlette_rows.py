"""Starlette's options: which pages read something else with the drop-in, and what it warns of.

Here: the rows, with the exact words of each warning. Not here: who asks (`test_starlette.py`),
which pages ask (`comparing.py`).
Spec: https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from comparing import ORIGINS

APP = "https://app.example"
#: What FastAPI's tutorial writes beside the origins.
ALL: dict[str, Any] = {"allow_methods": ["*"], "allow_headers": ["*"]}
WITH: dict[str, Any] = {**ALL, "allow_credentials": True}
DOT = (
    'a bare dot stands for any character; write "\\." for a dot, "[^.]+" for a label, '
    'and ".*" only directly before "\\."'
)
HTTP = (
    "kept: anybody on the network can act as an http page; write https://, or use corsac.Policy with "
    "dangerously_allow_insecure_origins=True"
)
WILDCARD = (
    "answered without credentials: every site could act as the user; list the origins, or "
    "leave out allow_credentials"
)
NULL = (
    "any page can have the origin null, from a sandboxed frame; leave it out, or use corsac.Policy with "
    "dangerously_allow_null_origin=True"
)
EVERYBODY_WITH_CREDENTIALS = {f"{origin} with credentials: lost" for origin in ORIGINS}


class Row(NamedTuple):
    """Options, which pages read something else with the drop-in, and what it warns of."""

    name: str
    options: dict[str, Any]
    changed: Collection[str] = ()
    warned: Collection[str] = ()


ROWS = [
    Row("listed origins", {**ALL, "allow_origins": [APP, "https://evil.example"]}),
    Row("a tuple", {**ALL, "allow_origins": (APP,)}),
    Row("listed origins with credentials", {**WITH, "allow_origins": [APP]}),
    Row(
        "listed methods and headers",
        {
            "allow_origins": [APP],
            "allow_methods": ["GET", "POST", "PUT"],
            "allow_headers": ["X-Token"],
            "expose_headers": ["X-Total"],
        },
    ),
    Row("every origin", {**ALL, "allow_origins": ["*"]}),
    Row("every origin among others", {**ALL, "allow_origins": [APP, "*"]}),
    Row(
        "every exposed header",
        {**ALL, "allow_origins": [APP], "expose_headers": ["*"]},
    ),
    Row(
        "nothing",
        {},
        warned=[
            (
                "allow_methods = ['GET']: preflights for POST pass too, since Fetch has these "
                "methods need no leave; list them, and refuse in the application what it does "
                "not serve"
            )
        ],
    ),
    Row(
        "the default methods",
        {"allow_origins": [APP], "allow_headers": ["*"]},
        changed=[f"{APP}: won POST"],
        warned=[
            (
                "allow_methods = ['GET']: preflights for POST pass too, since Fetch has these "
                "methods need no leave; list them, and refuse in the application what it does "
                "not serve"
            )
        ],
    ),
    Row(
        "a method alone",
        {"allow_origins": [APP], "allow_methods": ["PUT"], "allow_headers": ["*"]},
        changed=[f"{APP}: won GET POST"],
        warned=[
            (
                "allow_methods = ['PUT']: preflights for GET, HEAD, POST pass too, since Fetch "
                "has these methods need no leave; list them, and refuse in the application what "
                "it does not serve"
            )
        ],
    ),
    Row(
        "every origin with credentials",
        {**WITH, "allow_origins": ["*"]},
        changed=EVERYBODY_WITH_CREDENTIALS,
        warned=[f"allow_origins = '*': {WILDCARD}"],
    ),
    Row(
        "FastAPI's tutorial",
        {
            **WITH,
            "allow_origins": [
                "http://app.example",
                APP,
                "http://localhost",
                "http://localhost:3000",
            ],
        },
        warned=[f"allow_origins = 'http://app.example': {HTTP}"],
    ),
    Row(
        "origins in one str",
        {**ALL, "allow_origins": f"{APP},https://evil.example"},
        warned=[
            (
                "allow_origins = 'https://app.example,https://evil.example': one str, read as a "
                "list; write ['https://app.example', 'https://evil.example']"
            )
        ],
    ),
    Row("the wildcards in one str each", {k: "*" for k in ("allow_origins", *ALL)}),
    Row(
        "wildcards in a host and for a port",
        {**ALL, "allow_origins": ["https://*.app.example", "http://localhost:*"]},
        warned=[
            (
                "allow_origins = 'https://*.app.example': left out: starlette compares it as "
                "plain text, which no browser's origin equals; for a wildcard write "
                "corsac.Policy(allow_origins=['https://*.app.example'])"
            ),
            (
                "allow_origins = 'http://localhost:*': left out: starlette compares it as "
                "plain text, which no browser's origin equals; for a wildcard write "
                "corsac.Policy(allow_origins=['http://localhost:*'])"
            ),
        ],
    ),
    Row(
        "origins that no browser sends",
        {**ALL, "allow_origins": [APP + "/", "APP.example", "", None]},
        warned=[
            (
                "allow_origins = 'https://app.example/': left out: an origin ends after its "
                "host and port: no slash, path, query or fragment; write "
                '"https://app.example"'
            ),
            (
                "allow_origins = 'APP.example': left out: an origin begins with its scheme, "
                'like "https://"; write "https://app.example"'
            ),
            (
                "allow_origins = '': left out: an empty text is no origin; write one like "
                '"https://example.com"'
            ),
            (
                'allow_origins = None: left out: write a str like "https://example.com", or '
                "re.compile(...)"
            ),
        ],
    ),
    Row(
        "null",
        {**ALL, "allow_origins": [APP, "null"]},
        warned=[f"allow_origins = 'null': kept: {NULL}"],
    ),
    Row(
        "null with credentials",
        {**WITH, "allow_origins": [APP, "null"]},
        changed=["null: lost", "null with credentials: lost"],
        warned=[f"allow_origins = 'null': left out: {NULL}"],
    ),
    Row(
        "a regex",
        {**WITH, "allow_origin_regex": r"https://(.*\.)?app\.example"},
    ),
    Row(
        "a regex with both anchors and escaped slashes",
        {**ALL, "allow_origin_regex": r"^https:\/\/(?:[a-z]+\.)?app\.example\Z"},
    ),
    Row(
        "a compiled regex",
        {**ALL, "allow_origin_regex": re.compile(r"https://app\.example", re.DOTALL)},
    ),
    Row(
        "a regex with flags inside",
        {**ALL, "allow_origin_regex": r"(?is)https://[A-Z]+\.EXAMPLE"},
    ),
    Row(
        "a regex with a bare dot and one anchor",
        {**ALL, "allow_origin_regex": r"^https://.*app.example"},
        warned=[f"allow_origin_regex = '^https://.*app.example': kept: at 9: {DOT}"],
    ),
    Row(
        "a regex for every https site",
        {**ALL, "allow_origin_regex": "https://.*"},
        warned=[f"allow_origin_regex = 'https://.*': kept: at 8: {DOT}"],
    ),
    Row("a regex for everything", {**ALL, "allow_origin_regex": ".*"}),
    Row(
        "a regex for everything with credentials",
        {**WITH, "allow_origin_regex": "^.*$"},
        changed=EVERYBODY_WITH_CREDENTIALS,
        warned=[f"allow_origin_regex = '^.*$': {WILDCARD}"],
    ),
    Row(
        "a regex for every https site with credentials",
        {**WITH, "allow_origin_regex": "https://.*"},
        changed={
            f"{origin} with credentials: lost"
            for origin in ORIGINS
            if origin.startswith("https:")
        },
        warned=[
            f"allow_origin_regex = 'https://.*': kept: at 8: {DOT}",
            f"allow_origin_regex = 'https://.*': {WILDCARD}",
        ],
    ),
    Row(
        "a regex with null in it",
        {**ALL, "allow_origin_regex": r"null|https://app\.example"},
        warned=[rf"allow_origin_regex = 'null|https://app\\.example': kept: {NULL}"],
    ),
    Row(
        "a regex that leaves the scheme open, with credentials",
        {**WITH, "allow_origin_regex": r".*\.example"},
        warned=[
            (
                r"allow_origin_regex = '.*\\.example': read as '(?:https|http)://.*\\.example': "
                'begin the regex with a whole scheme, like "https://", so that it cannot match '
                "another"
            ),
            rf"allow_origin_regex = '(?:https|http)://.*\\.example': {HTTP}",
        ],
    ),
    Row(
        "a regex with any scheme, with credentials",
        {**WITH, "allow_origin_regex": r"\w+://app\.example"},
        warned=[
            (
                r"allow_origin_regex = '\\w+://app\\.example': read as "
                r"'(?:https|http)://app\\.example': begin the regex with a whole scheme, like "
                '"https://", so that it cannot match another'
            ),
            rf"allow_origin_regex = '(?:https|http)://app\\.example': {HTTP}",
        ],
    ),
    Row(
        "a regex that leaves the scheme open in another way, with credentials",
        {**WITH, "allow_origin_regex": r"(.*\.)?app\.example"},
        changed=[
            "https://a.app.example: lost",
            "https://a.app.example with credentials: lost",
        ],
        warned=[
            (
                r"allow_origin_regex = '(.*\\.)?app\\.example': left out: begin the regex with "
                'a whole scheme, like "https://", so that it cannot match another'
            )
        ],
    ),
    Row(
        "a regex under a public suffix with credentials",
        {**WITH, "allow_origin_regex": r"https://app-[a-z]+\.vercel\.app"},
        warned=[
            (
                r"allow_origin_regex = 'https://app-[a-z]+\\.vercel\\.app': kept: anybody can "
                "register a name that this matches; write your own name with a dot before it, "
                "or use corsac.Policy with dangerously_allow_public_suffix_origins=True"
            )
        ],
    ),
    Row(
        "methods and headers that no browser asks for",
        {
            "allow_origins": [APP],
            "allow_methods": ["GET", "POST", "patch", "TRACE", "A B"],
            "allow_headers": ["X-Token", "Cookie", "X Token", "Access-Control-Max-Age"],
            "expose_headers": ["X-Total", "Set-Cookie", "a:b", "Origin"],
        },
        warned=[
            "allow_methods = 'TRACE': left out: no browser sends this method; leave it out",
            (
                "allow_methods = 'A B': left out: write a method like \"PUT\": a str without "
                "spaces or separators"
            ),
            (
                "allow_headers = 'Cookie': left out: browsers set this header themselves, and "
                "no page may; leave it out"
            ),
            (
                "allow_headers = 'X Token': left out: write a header name like \"X-Token\": a "
                "str without spaces, colon or value"
            ),
            (
                "allow_headers = 'Access-Control-Max-Age': left out: corsac writes this header "
                "of the answer itself; leave it out"
            ),
            (
                "expose_headers = 'Set-Cookie': left out: no page ever reads cookies from a "
                "response; leave it out"
            ),
            (
                "expose_headers = 'a:b': left out: write a header name like \"X-Request-Id\": a "
                "str without spaces, colon or value"
            ),
            (
                "expose_headers = 'Origin': left out: this header is between browser and "
                "server; leave it out"
            ),
            "allow_methods[2] = 'patch' is not 'PATCH': methods are case-sensitive",
        ],
    ),
    Row(
        "every exposed header with credentials",
        {**WITH, "allow_origins": [APP], "expose_headers": ["*", "X-Total"]},
        changed=[f"{APP}: lost"],
        warned=[
            (
                "expose_headers = '*': left out: with credentials browsers take this for a "
                "name; list the names"
            )
        ],
    ),
    Row(
        "a private network",
        {**ALL, "allow_origins": [APP], "allow_private_network": True},
        warned=[
            (
                "allow_private_network = True: changes nothing, since browsers ask no more; "
                "leave it out"
            )
        ],
    ),
]
