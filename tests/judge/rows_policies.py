"""Rows against the servers that corsac guards: each policy, asked in each way.

Here: `ROWS`. Not here: the policies (`policies.py`), wrong servers (`rows_answers.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from judge.row import Row, element, fetch, xhr

POLICIES = (
    "one origin",
    "any origin",
    "any of all",
    "any and authorization",
    "credentials",
    "credentials and wildcards",
    "regex",
    "null",
    "somebody else",
)
TOKEN = [["X-Token", "1"]]
BEARER = [["Authorization", "Bearer 1"]]
JSON = [["Content-Type", "application/json"]]

#: The ways of asking, from their names.
ASKED = {
    "GET": [fetch()],
    "GET with credentials": [fetch(credentials="include")],
    "HEAD": [fetch(method="HEAD")],
    "POST of text": [fetch(method="POST", body="text")],
    "POST of JSON": [fetch(method="POST", body="json", headers=JSON)],
    "PUT with a token": [fetch(method="PUT", headers=TOKEN)],
    "PUT with credentials": [fetch(method="PUT", credentials="include")],
    "PATCH": [fetch(method="PATCH")],
    "a method of one's own": [fetch(method="patch-it")],
    "Authorization": [fetch(headers=BEARER)],
    "Authorization with credentials": [fetch(headers=BEARER, credentials="include")],
    "DELETE twice": [fetch(method="DELETE"), fetch(method="DELETE")],
    "XMLHttpRequest of PUT": [xhr(method="PUT", headers=TOKEN)],
    "XMLHttpRequest with credentials": [xhr(credentials="include")],
}
#: Only under one policy, since they ask nothing else of others.
FEW = {
    "a 204": [fetch("/empty")],
    "a 401": [fetch("/login")],
    "a 404": [fetch("/nothing")],
    "a 500": [fetch("/broken")],
    "a 503 to XMLHttpRequest": [xhr("/busy")],
    "a redirect to itself": [fetch("/moved")],
    "a preflight of a redirect": [fetch("/moved", method="PUT")],
    "a preflight of a 401": [fetch("/login", method="PUT", headers=TOKEN)],
    "an EventSource of text": [element("eventsource")],
}

#: How each policy is asked that says why it refuses, or speaks of more than CORS: what each
#: browser's console must name, in the words of all three.
NAMED = {
    "debug": {
        "PUT with a token": None,
        "PATCH": "PATCH|Allow-Methods",
        "Authorization": "(?i)authorization",
        "POST of JSON": "(?i)content-type",
    },
    "debug of any": {
        "PUT with a token": None,
        "Authorization": "(?i)authorization",
        "a token and Authorization": "(?i)authorization",
    },
    "debug with credentials": {
        "PUT with credentials": None,
        "Authorization with credentials": "(?i)authorization",
        "a token and Authorization": "(?i)authorization",
    },
    "debug of somebody else": {
        "PUT with a token": "Access-Control-Allow-Origin",
        "PATCH": "Access-Control-Allow-Origin",
    },
    "enforced": {
        "GET": "Access-Control-Allow-Origin",
        "POST of text": "Access-Control-Allow-Origin",
        # WebKit looks at the status first, which only `debug` makes an ok one.
        "PUT with a token": "Access-Control-Allow-Origin|403",
    },
    "timing and resources": {"GET": None, "POST of text": None},
}
ASKED_BESIDE = {"a token and Authorization": [fetch(headers=[*TOKEN, *BEARER])]}

ROWS = [
    *(
        Row(f"{policy}: {name}", tuple(asks), policy)
        for policy in POLICIES
        for name, asks in ASKED.items()
    ),
    *(Row(f"corsac: {name}", tuple(asks), "one origin") for name, asks in FEW.items()),
    *(
        Row(f"{policy}, null page: {name}", tuple(ASKED[name]), policy, "null")
        for policy in ("any of all", "credentials", "null")
        for name in ("GET", "PUT with a token", "GET with credentials")
    ),
    *(
        Row(f"{policy}, secure page: {name}", tuple(ASKED[name]), policy, "secure")
        for policy in ("one origin", "credentials")
        for name in ("GET", "PUT with a token", "PUT with credentials")
    ),
    *(
        Row(f"{policy}: {name}", tuple({**ASKED, **ASKED_BESIDE}[name]), policy)
        for policy, named in NAMED.items()
        for name in named
    ),
]
