"""The rules of pages that are shut out and should not be.

Here: `PAGE_RULES`. Not here: when each is found, and how severe it is (`_judge_pages.py`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

from __future__ import annotations

from typing import Final

from ._rule import LIST, Rule

_FETCH: Final = "https://fetch.spec.whatwg.org/#"
_CHECK: Final = f"{_FETCH}concept-cors-check"
_PREFLIGHT: Final = f"{_FETCH}cors-preflight-fetch-0"
_FIRST: Final = (
    "Answer OPTIONS with an Access-Control-Request-Method before authentication, routing and "
    "redirects."
)

PAGE_RULES: Final = (
    Rule(
        "allowed-origin-refused",
        "A page that should be let in is shut out",
        "Its browser keeps the response from it, whatever the response holds.",
        _CHECK,
        LIST,
        "list",
    ),
    Rule(
        "preflight-authentication",
        "The preflight is asked for authentication",
        "Browsers send preflights without cookies and without Authorization, always.",
        f"{_FETCH}cors-protocol-and-credentials",
        _FIRST,
        "preflight",
    ),
    Rule(
        "preflight-routing",
        "The preflight does not get past the router",
        "A preflight passes with a status from 200 to 299 only, whatever its headers say.",
        f"{_FETCH}ok-status",
        _FIRST,
        "preflight",
    ),
    Rule(
        "preflight-redirect",
        "The preflight is redirected",
        "A redirected preflight fails: its status is not from 200 to 299.",
        f"{_FETCH}ok-status",
        f"{_FIRST} Let pages ask for the URL that the redirect names.",
        "preflight",
    ),
    Rule(
        "preflight-status",
        "The preflight is answered with an error",
        "A preflight passes with a status from 200 to 299 only, whatever its headers say.",
        f"{_FETCH}ok-status",
        _FIRST,
        "preflight",
    ),
    Rule(
        "credentials-refused",
        "The page is let in without cookies, and not with them",
        "With credentials the response must name the origin, not *, and have "
        "Access-Control-Allow-Credentials: true; the preflight's response, too.",
        f"{_FETCH}cors-protocol-and-credentials",
        "Send back the one origin from a list, and Access-Control-Allow-Credentials: true.",
        "credentials",
    ),
    Rule(
        "preflight-without-cors",
        "OPTIONS is answered, and not as a preflight",
        "Something answers before the CORS policy does, and its answer does not name the origin.",
        _PREFLIGHT,
        _FIRST,
        "preflight",
    ),
    Rule(
        "preflight-refused",
        "The preflight does not allow the method or a header",
        "The page asks for more than the lists hold.",
        _PREFLIGHT,
        "Name the method and each header that the page sets.",
        "names",
    ),
    Rule(
        "redirect-without-cors",
        "A redirect does not let the page through",
        "Every response on the way is checked, the redirect too, and after a redirect to another "
        "origin the Origin may be null.",
        f"{_FETCH}concept-http-redirect-fetch",
        "Send the headers with redirects, too, or let pages ask for the last URL at once.",
        "every-response",
    ),
    Rule(
        "error-without-cors",
        "Errors lack the headers that other responses have",
        "The page sees a failed fetch in place of the status and the message.",
        _CHECK,
        "Send the headers with every response, errors included.",
        "every-response",
    ),
)
