"""Reads an answer as a browser does, and says where it is wrong.

Here: what the Fetch standard asks of each answer, and the table of peers that answer
otherwise. The table is exact: a peer that is mended fails its bench until its row goes.
Not here: the requests (`cases.py`).
Spec: https://fetch.spec.whatwg.org/#concept-cors-check
"""

from .cases import HEADERS

INVENTS = "names an origin that did not ask"
NO_VARY = "leaves Vary: Origin out"

KNOWN_FAULTS = {
    ("flask-cors", "no-cors"): {INVENTS},
    ("flask-cors", "refused"): {NO_VARY},
    ("aiohttp-cors", "no-cors"): {NO_VARY},
    ("aiohttp-cors", "allowed"): {NO_VARY},
    ("aiohttp-cors", "refused"): {NO_VARY},
    ("aiohttp-cors", "credentialed"): {NO_VARY},
    ("Litestar", "no-cors"): {NO_VARY},
    ("Litestar", "refused"): {NO_VARY},
}


def faults(case, status, lines):
    """What is wrong with an answer: nothing, for most."""
    fields = {}
    for name, value in lines:
        fields.setdefault(name.lower(), []).append(value)
    allowed = ", ".join(fields.get("access-control-allow-origin", []))
    credentials = fields.get("access-control-allow-credentials") == ["true"]
    if case.origin is None:
        if allowed:
            yield INVENTS
    elif case.readable:
        if allowed != case.origin or credentials != case.terms.credentials:
            yield "hides the answer from an allowed origin"
    elif allowed:
        yield "shows the answer to a refused origin"
    if case.preflight:
        yield from preflight_faults(case, status, fields)
        return
    if status != 200:
        yield "keeps the application's answer back"
    # https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
    if "origin" not in members(fields, "vary"):
        yield NO_VARY


def preflight_faults(case, status, fields):
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    if not case.readable:
        return
    if not 200 <= status <= 299:
        yield "no ok status"
    if "put" not in members(fields, "access-control-allow-methods"):
        yield "leaves the method out"
    names = {name.lower() for name in HEADERS}
    if not names <= members(fields, "access-control-allow-headers"):
        yield "leaves header names out"


def members(fields, name):
    values = ",".join(fields.get(name, [])).lower().split(",")
    return {value.strip() for value in values}


def known_faults(peer, case):
    """What a peer is known to answer wrongly, whatever the number of origins."""
    return KNOWN_FAULTS.get((peer.name, case.kind), set())
