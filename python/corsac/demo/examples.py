"""The table of examples: each is a script that the page shows and runs, and what must come of it.

Here: titles, scripts, the requests that a browser makes of them, what policy and browser must say.
Not here: running (`static/page.js` in a browser, `check.py` without one), the policies (`policies.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import json
from typing import Any

from .example import Answered, Example, Readable, Sent

FETCH = "https://fetch.spec.whatwg.org/#"


def _json(answer: Readable) -> Any:
    return json.loads(answer.body)


PREFLIGHT_ALLOWED = Answered("preflight_allowed")
ACTUAL_ALLOWED = Answered("actual_allowed")
ACTUAL_REFUSED = Answered("actual_refused", "origin")

CORS_REQUEST = ("CORS request", FETCH + "cors-request")
ORIGIN = ("Origin header", FETCH + "origin-header")
SAFELISTED_METHOD = ("CORS-safelisted method", FETCH + "cors-safelisted-method")
UNSAFE_HEADERS = (
    "CORS-unsafe request-header names",
    FETCH + "cors-unsafe-request-header-names",
)
CREDENTIALS = ("CORS and credentials", FETCH + "cors-protocol-and-credentials")
CACHES = ("CORS and HTTP caches", FETCH + "cors-protocol-and-http-caches")
SAFE_SETUP = ("Basic safe CORS setup", FETCH + "basic-safe-cors-protocol-setup")
RESPONSE_HEADERS = ("CORS response headers", FETCH + "http-new-header-syntax")
OK_STATUS = ("ok status", FETCH + "ok-status")

READ_JSON = "const response = await fetch(url);\nreturn await response.json();"

EXAMPLES: tuple[Example, ...] = (
    Example(
        name="simple-get",
        title="A simple GET",
        shows="The browser sends it at once and names the page's origin. "
        "The page may read the answer because the policy lists that origin.",
        script=READ_JSON,
        policy="private",
        path="greeting",
        sender="page",
        sent=(Sent(),),
        answered=(ACTUAL_ALLOWED,),
        readable=True,
        depends_on=("allow_origins",),
        sections=(CORS_REQUEST,),
        reads={"greeting": "Hello from the other origin."},
        read=lambda answers: _json(answers[0]),
    ),
    Example(
        name="preflighted-post",
        title="A preflighted POST",
        shows="XML and a header of the page's own are more than an HTML form could send, "
        "so the browser asks first. The answer names all that the policy allows.",
        script="""\
const response = await fetch(url, {
  method: "POST",
  headers: {
    "Content-Type": "application/xml",
    "X-PINGOTHER": "pingpong",
  },
  body: "<fox>Vulpes corsac</fox>",
});
return await response.json();""",
        policy="private",
        path="foxes",
        sender="page",
        sent=(
            Sent(
                "POST",
                (("Content-Type", "application/xml"), ("X-PINGOTHER", "pingpong")),
                b"<fox>Vulpes corsac</fox>",
            ),
        ),
        answered=(PREFLIGHT_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("allow_origins", "allow_headers", "max_age"),
        sections=(UNSAFE_HEADERS,),
        reads={"received": "application/xml", "ping": "pingpong"},
        read=lambda answers: _json(answers[0]),
    ),
    Example(
        name="json-body",
        title="A JSON body",
        shows="No header but `Content-Type`, and still a preflight: a form can send `text/plain`, "
        "`multipart/form-data` and URL-encoded pairs, never `application/json`.",
        script="""\
const response = await fetch(url, {
  method: "POST",
  headers: {
    "Content-Type": "application/json",
  },
  body: JSON.stringify(["corsac"]),
});
return await response.json();""",
        policy="private",
        path="foxes",
        sender="page",
        sent=(
            Sent(
                "POST",
                (("Content-Type", "application/json"),),
                b'["corsac"]',
            ),
        ),
        answered=(PREFLIGHT_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("allow_origins", "allow_headers", "max_age"),
        sections=(UNSAFE_HEADERS,),
        reads={"received": "application/json", "ping": None},
        read=lambda answers: _json(answers[0]),
    ),
    Example(
        name="propfind",
        title="PROPFIND",
        shows="A method that is not safelisted is preflighted by its name, and so is its `Depth` header. "
        "Methods are case-sensitive: the policy must say `PROPFIND`.",
        script="""\
const response = await fetch(url, {
  method: "PROPFIND",
  headers: { Depth: "1" },
});
const body = await response.text();
const { status } = response;
return { status, body };""",
        policy="private",
        path="den",
        sender="page",
        sent=(Sent("PROPFIND", (("Depth", "1"),)),),
        answered=(PREFLIGHT_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("allow_origins", "allow_methods", "allow_headers", "max_age"),
        sections=(SAFELISTED_METHOD, UNSAFE_HEADERS),
        reads={"status": 207},
        read=lambda answers: {"status": answers[0].status},
    ),
    Example(
        name="credentials",
        title="Credentials: a cookie counts the visits",
        shows="The cookie belongs to the API, and the page never sees it. "
        "The answer is readable because it names this origin, not a wildcard, and says that credentials may come.",
        script="""\
const visit = async () => {
  const response = await fetch(url, {
    credentials: "include",
  });
  const answer = await response.json();
  return answer.visits;
};
const before = await visit();
const after = await visit();
const counted = after - before;
return { before, after, counted };""",
        policy="private",
        path="visits",
        sender="page",
        sent=(Sent(credentials=True), Sent(credentials=True)),
        answered=(ACTUAL_ALLOWED, ACTUAL_ALLOWED),
        readable=True,
        depends_on=("allow_origins", "allow_credentials"),
        sections=(CREDENTIALS,),
        reads={"counted": 1},
        read=lambda answers: {
            "counted": _json(answers[1])["visits"] - _json(answers[0])["visits"]
        },
    ),
    Example(
        name="exposed-header",
        title="One header exposed, one not",
        shows="The server sends both. The page reads `X-Total-Count`, which the policy exposes; "
        "`X-Served-By` reaches the browser and goes no further.",
        script="""\
const { headers } = await fetch(url);
return {
  total: headers.get("X-Total-Count"),
  servedBy: headers.get("X-Served-By"),
};""",
        policy="private",
        path="foxes",
        sender="page",
        sent=(Sent(),),
        answered=(ACTUAL_ALLOWED,),
        readable=True,
        depends_on=("allow_origins", "expose_headers"),
        sections=(RESPONSE_HEADERS,),
        reads={"total": "3", "servedBy": None},
        read=lambda answers: {
            "total": answers[0].header("X-Total-Count"),
            "servedBy": answers[0].header("X-Served-By"),
        },
    ),
    Example(
        name="null-refused",
        title="Origin null, refused",
        shows="A sandboxed frame has an opaque origin and sends `null`, as any sandboxed frame of anybody would. "
        "A policy that lists origins refuses it.",
        script=READ_JSON,
        policy="private",
        path="greeting",
        sender="null",
        sent=(Sent(),),
        answered=(ACTUAL_REFUSED,),
        readable=False,
        depends_on=("allow_origins",),
        sections=(ORIGIN,),
    ),
    Example(
        name="null-public",
        title="Origin null, covered by *",
        shows="The same frame asks a path that is open to all. "
        "A lone wildcard without credentials answers everybody alike, so `null` reads it too.",
        script=READ_JSON,
        policy="public",
        path="greeting",
        sender="null",
        sent=(Sent(),),
        answered=(ACTUAL_ALLOWED,),
        readable=True,
        depends_on=("allow_origins",),
        sections=(SAFE_SETUP,),
        reads={"greeting": "Hello from the other origin."},
        read=lambda answers: _json(answers[0]),
    ),
    Example(
        name="refused-origin",
        title="A refused origin",
        shows="The same server under its other name is another origin, and the policy does not list it. "
        "The request arrives and is answered: CORS keeps the answer from the page, not the request from the server.",
        script=READ_JSON,
        policy="private",
        path="greeting",
        sender="stranger",
        sent=(Sent(),),
        answered=(ACTUAL_REFUSED,),
        readable=False,
        depends_on=("allow_origins",),
        sections=(CACHES,),
    ),
    Example(
        name="another-port",
        title="http, against another port",
        shows="The policy of this path lists the same host with another port, and the same host and port with `https`. "
        "Scheme, host and port match as one, so neither covers this page.",
        script=READ_JSON,
        policy="near-miss",
        path="greeting",
        sender="page",
        sent=(Sent(),),
        answered=(ACTUAL_REFUSED,),
        readable=False,
        depends_on=("allow_origins",),
        sections=(ORIGIN,),
    ),
    Example(
        name="refused-method",
        title="A refused preflight",
        shows="The origin is listed, `DELETE` is not. corsac answers the preflight with `403`, "
        "and the browser never sends the `DELETE`: no fox is lost.",
        script="""\
const response = await fetch(url, {
  method: "DELETE",
});
return { status: response.status };""",
        policy="private",
        path="foxes",
        sender="page",
        sent=(Sent("DELETE"),),
        answered=(Answered("preflight_refused", "method"),),
        readable=False,
        depends_on=("allow_methods",),
        sections=(OK_STATUS, SAFELISTED_METHOD),
    ),
)
