"""The table of examples: what a policy allows and refuses, each a state of the page's form.

Here: the groups, and the rows that corsac answers by a policy.
Not here: servers that get it wrong (`wrong_servers.py`), running, the policies (`policies.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from typing import Final

from .example import Answered, Example
from .wrong_servers import FETCH, ORIGIN, SAFELISTED_METHOD, WRONG_SERVERS

PREFLIGHT_ALLOWED = Answered("preflight_allowed")
ACTUAL_ALLOWED = Answered("actual_allowed")
ACTUAL_REFUSED = Answered("actual_refused", "origin")
METHOD_REFUSED = Answered("preflight_refused", "method")

CORS_REQUEST = ("CORS request", FETCH + "cors-request")
UNSAFE_HEADERS = (
    "CORS-unsafe request-header names",
    FETCH + "cors-unsafe-request-header-names",
)
CREDENTIALS = ("CORS and credentials", FETCH + "cors-protocol-and-credentials")
CACHES = ("CORS and HTTP caches", FETCH + "cors-protocol-and-http-caches")
SAFE_SETUP = ("Basic safe CORS setup", FETCH + "basic-safe-cors-protocol-setup")
RESPONSE_HEADERS = ("CORS response headers", FETCH + "http-new-header-syntax")
PREFLIGHT_CACHE = ("CORS-preflight cache", FETCH + "concept-cache")
REDIRECTS = ("HTTP-redirect fetch", FETCH + "concept-http-redirect-fetch")
TAINTING = ("response tainting", FETCH + "concept-request-response-tainting")

ALLOWED = "Allowed by the policy"
REFUSED = "Refused by the policy"
ASKED = "Allowed, and asked the wrong way"
GREETING = {"greeting": "Hello from the other origin."}

EXAMPLES: Final[tuple[Example, ...]] = (
    Example(
        name="simple-get",
        group=ALLOWED,
        title="A simple GET",
        shows="The browser sends it at once and names the page's origin. "
        "The page may read the answer because the policy lists that origin.",
        policy="private",
        asks={},
        answered=(ACTUAL_ALLOWED,),
        readable=True,
        depends_on=("allow_origins",),
        sections=(CORS_REQUEST,),
        reads=GREETING,
    ),
    Example(
        name="preflighted-post",
        group=ALLOWED,
        title="A preflighted POST",
        shows="XML and a header of the page's own are more than an HTML form could send, "
        "so the browser asks first. The answer names all that the policy allows.",
        policy="private",
        asks={
            "method": "POST",
            "path": "foxes",
            "headers": ("Content-Type: application/xml", "X-PINGOTHER: pingpong"),
            "body": "text",
        },
        answered=(PREFLIGHT_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("headers", "allow_origins", "allow_headers", "max_age"),
        sections=(UNSAFE_HEADERS,),
        reads={"received": "application/xml", "ping": "pingpong"},
    ),
    Example(
        name="json-body",
        group=ALLOWED,
        title="A JSON body",
        shows="No header but `Content-Type`, and still a preflight: a form can send `text/plain`, "
        "`multipart/form-data` and URL-encoded pairs, never `application/json`.",
        policy="private",
        asks={
            "method": "POST",
            "path": "foxes",
            "headers": ("Content-Type: application/json",),
            "body": "text",
        },
        answered=(PREFLIGHT_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("headers", "allow_origins", "allow_headers", "max_age"),
        sections=(UNSAFE_HEADERS,),
        reads={"received": "application/json", "ping": None},
    ),
    Example(
        name="propfind",
        group=ALLOWED,
        title="PROPFIND",
        shows="A method that is not safelisted is preflighted by its name, and so is its `Depth` header. "
        "Methods are case-sensitive: the policy must say `PROPFIND`.",
        policy="private",
        asks={"method": "PROPFIND", "path": "den", "headers": ("Depth: 1",)},
        answered=(PREFLIGHT_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("method", "allow_methods", "allow_headers"),
        sections=(SAFELISTED_METHOD, UNSAFE_HEADERS),
    ),
    Example(
        name="credentials",
        group=ALLOWED,
        title="Credentials: a cookie counts the visits",
        shows="The cookie belongs to the API, and the page never sees it. "
        "The answer is readable because it names this origin, not a wildcard, and says that credentials may come.",
        policy="private",
        asks={"path": "visits", "credentials": "include", "twice": True},
        answered=(ACTUAL_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("credentials", "allow_origins", "allow_credentials"),
        sections=(CREDENTIALS,),
        reads={"visits": 2},
    ),
    Example(
        name="exposed-header",
        group=ALLOWED,
        title="One header exposed, one not",
        shows="The server sends both. The page reads `X-Total-Count`, which the policy exposes; "
        "`X-Served-By` reaches the browser and goes no further.",
        policy="private",
        asks={"path": "foxes"},
        answered=(ACTUAL_ALLOWED,),
        readable=True,
        depends_on=("expose_headers",),
        sections=(RESPONSE_HEADERS,),
    ),
    Example(
        name="preflight-cache",
        group=ALLOWED,
        title="The same twice: one preflight",
        shows="Browsers keep a preflight's answer per URL for `max_age` seconds, so the second request goes "
        "without. Each run has its own id in the URL, which is why every run begins with a preflight.",
        policy="private",
        asks={
            "method": "POST",
            "path": "foxes",
            "headers": ("Content-Type: application/json",),
            "body": "text",
            "twice": True,
        },
        answered=(PREFLIGHT_ALLOWED, ACTUAL_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("twice", "max_age"),
        sections=(PREFLIGHT_CACHE,),
    ),
    Example(
        name="redirect",
        group=ALLOWED,
        title="A redirect",
        shows="Each answer on the way is checked, the redirect too. corsac guards the whole application, "
        "so the answers that a framework makes by itself carry the headers as well.",
        policy="private",
        asks={"path": "moved"},
        answered=(ACTUAL_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("redirect", "allow_origins"),
        sections=(REDIRECTS,),
        reads=GREETING,
    ),
    Example(
        name="null-public",
        group=ALLOWED,
        title="Origin null, covered by *",
        shows="A sandboxed frame has no name, and its origin is `null`. "
        "A lone wildcard without credentials answers everybody alike, so `null` reads it too.",
        policy="public",
        asks={"sender": "null"},
        answered=(ACTUAL_ALLOWED,),
        readable=True,
        depends_on=("sender", "allow_origins"),
        sections=(SAFE_SETUP,),
        reads=GREETING,
    ),
    Example(
        name="null-refused",
        group=REFUSED,
        title="A page from file://, origin null",
        shows="A file that you open has the origin `null`, and so has a sandboxed frame of anybody: "
        "that one asks here. A policy that lists origins refuses it. Serve the file over http instead.",
        policy="private",
        asks={"sender": "null"},
        answered=(ACTUAL_REFUSED,),
        readable=False,
        failure="allow-origin-missing",
        depends_on=("sender", "allow_origins", "dangerously_allow_null_origin"),
        sections=(ORIGIN,),
    ),
    Example(
        name="refused-origin",
        group=REFUSED,
        title="A refused origin",
        shows="The same server under its other name is another origin, and the policy does not list it. "
        "The request arrives and is answered: CORS keeps the answer from the page, not the request from the server.",
        policy="private",
        asks={"sender": "stranger"},
        answered=(ACTUAL_REFUSED,),
        readable=False,
        failure="allow-origin-missing",
        depends_on=("sender", "allow_origins"),
        sections=(CACHES,),
    ),
    Example(
        name="another-port",
        group=REFUSED,
        title="The right host, another port",
        shows="The policy lists the same host with another port, and the same host and port with `https`. "
        "Scheme, host and port match as one, so neither covers this page.",
        policy="near-miss",
        asks={},
        answered=(ACTUAL_REFUSED,),
        readable=False,
        failure="allow-origin-missing",
        depends_on=("allow_origins",),
        sections=(ORIGIN,),
    ),
    Example(
        name="refused-method",
        group=REFUSED,
        title="A refused preflight",
        shows="The origin is listed, `DELETE` is not. corsac answers the preflight with `403`, "
        "and the browser never sends the `DELETE`: no fox is lost.",
        policy="private",
        asks={"method": "DELETE", "path": "foxes"},
        answered=(METHOD_REFUSED,),
        readable=False,
        failure="preflight-allow-origin-missing",
        depends_on=("method", "allow_methods"),
        sections=(SAFELISTED_METHOD,),
    ),
    Example(
        name="propfind-refused",
        group=REFUSED,
        title="PROPFIND, not listed",
        shows="WebDAV's methods are no safelisted ones, and `*` for origins says nothing about methods. "
        "Add `PROPFIND` to the methods and `Depth` to the headers.",
        policy="public",
        asks={"method": "PROPFIND", "path": "den", "headers": ("Depth: 1",)},
        answered=(METHOD_REFUSED,),
        readable=False,
        failure="preflight-allow-origin-missing",
        depends_on=("method", "headers", "allow_methods", "allow_headers"),
        sections=(SAFELISTED_METHOD, UNSAFE_HEADERS),
    ),
    Example(
        name="hidden-headers",
        group=ASKED,
        title="getAllResponseHeaders() hides most",
        shows="The answer is readable, and of its headers only the safelisted ones are: "
        "`X-Total-Count` is missing until the policy exposes it.",
        policy="public",
        asks={"kind": "xmlhttprequest", "path": "foxes"},
        answered=(ACTUAL_ALLOWED,),
        readable=True,
        depends_on=("expose_headers",),
        sections=(RESPONSE_HEADERS,),
    ),
    Example(
        name="no-cors",
        group=ASKED,
        title="mode: no-cors is no way out",
        shows="It silences the error, and the page gets an opaque response: no status, no header, no body. "
        "Only a header of the server opens it.",
        policy="private",
        asks={"mode": "no-cors"},
        answered=(Answered("no_origin"),),
        readable=False,
        depends_on=("mode",),
        sections=(TAINTING,),
    ),
    Example(
        name="canvas",
        group=ASKED,
        title="An image that taints the canvas",
        shows="It is shown, since `<img>` without `crossorigin` asks without CORS, and a canvas that it was drawn on "
        "cannot be read. The policy would allow it: set the mode to cors.",
        policy="private",
        asks={
            "kind": "image",
            "path": "picture",
            "mode": "no-cors",
            "credentials": "include",
        },
        answered=(Answered("no_origin"),),
        readable=False,
        depends_on=("mode",),
        sections=(TAINTING,),
    ),
    *WRONG_SERVERS,
)
