"""The rules of origins that are let in and should not be.

Here: `ORIGIN_RULES`. Not here: when each is found, and how severe it is (`_judge_origins.py`).
Spec: https://fetch.spec.whatwg.org/#concept-cors-check
"""

from __future__ import annotations

from typing import Final

from ._rule import LIST, Rule

_FETCH: Final = "https://fetch.spec.whatwg.org/#"
_CHECK: Final = f"{_FETCH}concept-cors-check"
_PREFLIGHT: Final = f"{_FETCH}cors-preflight-fetch-0"

ORIGIN_RULES: Final = (
    Rule(
        "reflected-origin",
        "Any origin is let in",
        "The server sends back whatever Origin it gets, so that every site can read what the "
        "visitor's browser can.",
        f"{_FETCH}basic-safe-cors-protocol-setup",
        f"{LIST} Where everybody may read and nothing depends on cookies, send * instead.",
        "list",
    ),
    Rule(
        "null-origin",
        "The origin null is let in",
        "Any site can make a page with the origin null: a sandboxed frame is enough.",
        "https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin",
        f"Take null off the list. {LIST}",
        "list",
    ),
    Rule(
        "origin-suffix",
        "An origin that only begins like an allowed one is let in",
        "Anybody can own a name that begins so: https://app.example.evil.example.",
        _CHECK,
        f"{LIST} A regex needs its end: $.",
        "list",
    ),
    Rule(
        "origin-prefix",
        "An origin that only ends like an allowed one is let in",
        "Anybody can register a name that ends so: https://evilapp.example.",
        _CHECK,
        f"{LIST} Where subdomains are meant, compare with the dot before the name.",
        "list",
    ),
    Rule(
        "unescaped-dot",
        "A dot of the allowed origin stands for any letter",
        "In a regex an unescaped dot matches every character, and a name with another one there "
        "can be registered.",
        _CHECK,
        f"{LIST} A regex needs a backslash before each dot.",
        "list",
    ),
    Rule(
        "special-character-host",
        "A host with a special character after the allowed name is let in",
        "Browsers send hosts with characters that regexes for hosts do not expect, and take them "
        "for the end of the name.",
        "https://url.spec.whatwg.org/#forbidden-domain-code-point",
        f"{LIST} A regex needs its end: $.",
        "list",
    ),
    Rule(
        "any-subdomain",
        "Every subdomain is let in",
        "One subdomain that is given away, forgotten, or open to script injection reads all.",
        _CHECK,
        f"Name the subdomains that need it. {LIST}",
        "list",
    ),
    Rule(
        "insecure-origin",
        "The http page of an allowed https origin is let in",
        "Anybody on the visitor's network can put a script into an http page.",
        "https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy",
        f"Take the http origin off the list. {LIST}",
        "list",
    ),
    Rule(
        "other-port",
        "Another port of an allowed host is let in",
        "Another port is another origin, and often another program with other owners.",
        "https://html.spec.whatwg.org/multipage/browsers.html#same-origin",
        f"{LIST} The port is a part of it.",
        "list",
    ),
    Rule(
        "localhost-origin",
        "Pages on the visitor's own machine are let in",
        "Any program on the visitor's machine can serve such a page; a list for development is in "
        "use where the public is served.",
        "https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy",
        "Keep localhost in the configuration for development only.",
        "list",
    ),
    Rule(
        "origin-case",
        "Origins are compared without regard to case",
        "A browser sends origins in lower case; what is echoed in another case comes from a "
        "comparison that is looser than the browser's, which compares bytes.",
        _CHECK,
        LIST,
        "list",
    ),
    Rule(
        "preflight-open",
        "Preflights of any origin are granted",
        "Granted preflights let any site send requests that change things, even where it cannot "
        "read the answers.",
        _PREFLIGHT,
        f"Judge preflights by the same list as other requests. {LIST}",
        "list",
    ),
)
