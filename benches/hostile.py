"""Requests that are made to be slow.

Here: endless commas, endless white space, one allowed name repeated, long
values, thousands of lines, each with its policies and its outcome; the bounds.
Not here: timing (`test_hostile.py`, `test_hostile_adapters.py`).
Spec: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
"""

from shared import EVERYTHING, METHOD, OPTIONS, ORIGIN, POLICIES, both

AT_MOST = 10e-6
AT_MOST_A_LINE = 25e-9
LINES = 5_000
REFUSED, ALLOWED = "preflight_refused", "preflight_allowed"
LISTED = POLICIES
ECHOING = both({**OPTIONS, "allow_methods": ["*"], "allow_headers": ["*"]})
ANY = both(EVERYTHING)


def names(value):
    return [ORIGIN, METHOD, (b"access-control-request-headers", value)]


def origin(value):
    return [(b"origin", value), METHOD]


def method(value):
    return [ORIGIN, (b"access-control-request-method", value)]


# Policies, header lines, outcome.
ATTACKS = {
    "commas-1-MiB": (LISTED, names(b"," * 2**20), REFUSED),
    "commas-16-KiB": (LISTED, names(b"," * 16_383), REFUSED),
    "origin-64-KiB": (LISTED, origin(b"https://" + b"a" * 2**16), REFUSED),
    "origin-326-bytes": (
        LISTED,
        origin(b"https://" + b"a." * 125 + b"a:65535"),
        REFUSED,
    ),
    "spaces-64-KiB": (LISTED, names(b" " * 2**16), REFUSED),
    "spaces-16-KiB": (LISTED, names(b" " * 16_383), ALLOWED),
    "name-8191-times": (LISTED, names(b",".join([b"a"] * 8_191)), REFUSED),
    "name-1024-times": (LISTED, names(b",".join([b"a"] * 1_024)), ALLOWED),
    "long-name-1024-times": (
        LISTED,
        names(b",".join([b"authorization  "] * 1_023)),
        ALLOWED,
    ),
    "long-name-echoed": (
        ECHOING,
        names(b",".join([b"x-long-names-23"] * 1_023)),
        ALLOWED,
    ),
    "name-16-KiB": (ANY, names(b"a" * 16_383), ALLOWED),
    "method-8-KiB": (ANY, method(b"a" * 2**13), ALLOWED),
    "method-64-KiB": (ANY, method(b"a" * 2**16), REFUSED),
}
UNICODE = {
    "origin-64-KiB-unicode": (LISTED, [("origin", "https://" + "\xe9" * 2**16)]),
    "origin-64-KiB-wide": (LISTED, [("origin", "https://" + "\U0001f600" * 2**16)]),
    "spaces-64-KiB-unicode": (
        LISTED,
        [("Origin", ORIGIN[1]), ("access-control-request-headers", "\xa0" * 2**16)],
    ),
}
UNBOUNDED = {"long-name-1024-times", "long-name-echoed"}
MANY_LINES = {
    "strangers": [(b"x-%d" % n, b"v") for n in range(LINES)],
    "29-bytes": [(b"x-%027d" % n, b"v") for n in range(LINES)],
    "origins": [(b"origin", b"https://%d.example.com" % n) for n in range(LINES)],
    "methods": [ORIGIN, *[METHOD] * LINES],
    "names": [ORIGIN, METHOD, *[(b"access-control-request-headers", b"a")] * LINES],
    "no-names": [ORIGIN, METHOD, *[(b"access-control-request-headers", b"")] * LINES],
}
OUTCOMES = {
    "strangers": "no_origin",
    "29-bytes": "no_origin",
    "origins": "actual_refused",
}
