"""What people complain of: a server that is wrong in one way, over a real socket, and the answer.

Here: a row for each complaint: exit code, lines to change, the sentence that helps.
Not here: single cases (`test_servers.py`), corsac's own policies (`test_policies.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import pytest
from explain.asking import ask, lines, show
from explain.servers import Server

#: A page of this machine: https pages may not ask the servers of these tests in all browsers.
PAGE = "http://localhost:3000"
ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
ALLOW = (ORIGIN, PAGE)


def to(location, status=301):
    return lambda path, headers: (status, [("Location", location)])


def slashed(path, headers):
    """A router that wants a slash at the end."""
    if path.endswith("/"):
        return 204, [ALLOW, (METHODS, "PUT")]
    return 308, [("Location", path + "/")]


COMPLAINTS = [
    (
        "OPTIONS is answered 403",
        {"OPTIONS": (403, []), "PUT": (200, [ALLOW])},
        ["--method", "PUT", "--send"],
        [
            "preflight status 204",
            f"preflight {ORIGIN}: {PAGE}",
            f"preflight {METHODS}: PUT",
        ],
        "preflights carry no cookies and no Authorization",
    ),
    (
        "the router answers OPTIONS with 405",
        {"GET": (200, [ALLOW])},
        ["--header", "X-Token: 1"],
        [
            "preflight status 204",
            f"preflight {ORIGIN}: {PAGE}",
            f"preflight {HEADERS}: X-Token",
        ],
        "before routing",
    ),
    (
        "* with credentials",
        {"GET": (200, [(ORIGIN, "*")])},
        ["--credentials", "include"],
        [f"response {ORIGIN}: {PAGE}", f"response {CREDENTIALS}: true"],
        "no server should echo whatever asks",
    ),
    (
        "PROPFIND is refused",
        {"OPTIONS": (204, [ALLOW, (METHODS, "GET, POST")]), "PROPFIND": (207, [ALLOW])},
        ["--method", "PROPFIND"],
        [f"preflight {METHODS}: GET, POST, PROPFIND"],
        "The page asks for PROPFIND.",
    ),
    (
        "the preflight is redirected for a slash",
        {"OPTIONS": slashed, "PUT": (200, [ALLOW])},
        ["--method", "PUT", "--send"],
        ['page url: "{url}/items/"'],
        "Preflights follow no redirect",
    ),
    (
        "the preflight is redirected to a login",
        {"OPTIONS": to("/login", 302), "PUT": (200, [ALLOW])},
        ["--method", "PUT", "--send"],
        [
            "preflight status 204",
            f"preflight {ORIGIN}: {PAGE}",
            f"preflight {METHODS}: PUT",
        ],
        "most often to a login",
    ),
    (
        "Access-Control-Allow-Origin comes twice",
        {"GET": (200, [ALLOW, ALLOW])},
        [],
        [f"response {ORIGIN}: {PAGE}"],
        "the application and a proxy",
    ),
    (
        "Access-Control-Allow-Origin is a list",
        {"GET": (200, [(ORIGIN, f"{PAGE}, https://b.example")])},
        [],
        [f"response {ORIGIN}: {PAGE}"],
        "never a list",
    ),
    (
        "a 500 has no headers",
        {"GET": (500, [])},
        [],
        [f"response {ORIGIN}: {PAGE}"],
        "must stand around what makes errors",
    ),
    (
        "a 401 has no headers",
        {"GET": (401, [("WWW-Authenticate", "Bearer")])},
        [],
        [f"response {ORIGIN}: {PAGE}"],
        "The answer 401 is made without the headers",
    ),
    (
        "the origin ends with a slash",
        {"GET": (200, [(ORIGIN, f"{PAGE}/")])},
        [],
        [f"response {ORIGIN}: {PAGE}"],
        "no slash at its end",
    ),
    (
        "the origin has another scheme",
        {"GET": (200, [(ORIGIN, "https://localhost:3000")])},
        [],
        [f"response {ORIGIN}: {PAGE}"],
        "the scheme belongs to the origin",
    ),
    (
        "the origin is a pattern",
        {"GET": (200, [(ORIGIN, "http://*.localhost:3000")])},
        [],
        [f"response {ORIGIN}: {PAGE}"],
        "add Vary: Origin",
    ),
    (
        "True is written like Python",
        {"GET": (200, [ALLOW, (CREDENTIALS, "True")])},
        ["--credentials", "include"],
        [f"response {CREDENTIALS}: true"],
        "'True' is not true",
    ),
    (
        "methods are separated by semicolons",
        {"OPTIONS": (204, [ALLOW, (METHODS, "GET; PUT")]), "PUT": (200, [ALLOW])},
        ["--method", "PUT", "--send"],
        [f"preflight {METHODS}: PUT"],
        "The page asks for PUT.",
    ),
    (
        "* for headers with credentials",
        {
            "OPTIONS": (204, [ALLOW, (CREDENTIALS, "true"), (HEADERS, "*")]),
            "GET": (200, [ALLOW, (CREDENTIALS, "true")]),
        },
        ["--header", "X-Token: 1", "--credentials", "include"],
        [f"preflight {HEADERS}: X-Token"],
        "The page sends X-Token.",
    ),
    (
        "the method is in lower case",
        {"OPTIONS": (204, [ALLOW, (METHODS, "PATCH")]), "PATCH": (200, [ALLOW])},
        ["--method", "patch", "--send"],
        ['page method: "PATCH"'],
        "patch is not PATCH",
    ),
    (
        "the mode is no-cors",
        {"GET": (200, [ALLOW])},
        ["--mode", "no-cors"],
        ['page mode: "cors"'],
        "The mode no-cors never lets a page read anything.",
    ),
    (
        "Cross-Origin-Resource-Policy keeps an image back",
        {"GET": (200, [ALLOW, ("Cross-Origin-Resource-Policy", "same-origin")])},
        ["--kind", "image"],
        [
            "response Cross-Origin-Resource-Policy: cross-origin",
            "page <img crossorigin>",
        ],
        "keeps the resource from pages of other origins",
    ),
]


@pytest.mark.parametrize(
    ("answers", "words", "changes", "sentence"),
    [pytest.param(*row[1:], id=row[0]) for row in COMPLAINTS],
)
def test_a_broken_server_is_explained_and_mended(answers, words, changes, sentence):
    """The lines to change are all that it takes, and no others, proved by the model."""
    with Server(answers) as server:
        asked = [f"{server.url}/items", "--origin", PAGE, *words]
        code, document = ask(*asked)
        text = show(*asked)[1]

    assert 1 == code
    assert not document["readable"]
    assert [change.replace("{url}", server.url) for change in changes] == lines(
        document
    )
    assert document["remedy"]["proven"]
    assert sentence in " ".join(text.split())
