"""The methods and header names that the Fetch standard itself lists.

Here: its lists, one for the engine and for the browser's side alike.
Not here: what a configuration (`_names.py`), a request or a browser makes of them.
Spec: https://fetch.spec.whatwg.org/#methods
"""

from __future__ import annotations

from typing import Final

#: What Fetch normalises: https://fetch.spec.whatwg.org/#concept-method-normalize
NORMALISED_METHODS: Final = frozenset(
    {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}
)
#: https://fetch.spec.whatwg.org/#forbidden-method
FORBIDDEN_METHODS: Final = frozenset({"CONNECT", "TRACE", "TRACK"})
#: https://fetch.spec.whatwg.org/#cors-safelisted-method
SAFELISTED_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
#: https://fetch.spec.whatwg.org/#forbidden-request-header
FORBIDDEN_REQUEST_HEADERS: Final = frozenset(
    {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)
FORBIDDEN_REQUEST_HEADER_PREFIXES: Final = ("proxy-", "sec-")
#: https://fetch.spec.whatwg.org/#forbidden-response-header-name
FORBIDDEN_RESPONSE_HEADERS: Final = frozenset({"set-cookie", "set-cookie2"})
#: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED_RESPONSE_HEADERS: Final = frozenset(
    {
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    }
)
