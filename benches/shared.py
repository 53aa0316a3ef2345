"""The policy and the requests that the benches share.

Here: one policy on both sides, the header lines that a browser sends, and the
proof that both sides decide them alike. Not here: hostile ones (`test_hostile.py`).
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from corsac import Policy
from pure_python import PurePythonPolicy

# The sides of a case. Bare: the application without any middleware.
CORSAC, TWIN, BARE = "corsac", "pure Python", "bare"

OPTIONS = {
    "allow_origins": [
        "https://example.com",
        "https://*.example.com",
        "http://localhost:*",
    ],
    "allow_methods": ["PUT", "DELETE"],
    "allow_headers": ["Content-Type", "Authorization", "X-Request-Id", "a"],
    "expose_headers": ["X-Request-Id"],
    "allow_credentials": True,
    "max_age": 600,
    "dangerously_allow_insecure_origins": True,
}
EVERYTHING = {
    "allow_origins": ["*"],
    "allow_methods": ["*"],
    "allow_headers": ["*", "Authorization"],
}

ORIGIN = (b"origin", b"https://example.com")
METHOD = (b"access-control-request-method", b"PUT")
NAMES = (b"access-control-request-headers", b"authorization,content-type")
# Eight lines, so that a request with an origin has nine.
NO_ORIGIN = [
    (b"host", b"api.example.com"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"),
    (b"accept", b"*/*"),
    (b"accept-language", b"en-US,en;q=0.5"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"referer", b"https://example.com/"),
    (b"connection", b"keep-alive"),
    (b"sec-fetch-mode", b"cors"),
]
ACTUAL = [*NO_ORIGIN, ORIGIN]
PREFLIGHT = [*NO_ORIGIN[:5], METHOD, NAMES, *NO_ORIGIN[5:], ORIGIN]


def both(options):
    """The same policy on both sides."""
    return {CORSAC: Policy(**options), TWIN: PurePythonPolicy(**options)}


POLICIES = both(OPTIONS)


def in_str(lines):
    """The same lines in the other type that servers hand over."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in lines]


def decide_alike(policies, method, lines, outcome):
    """Asserts that both sides give the one right decision, and hands out both `decide`."""
    ours, twin = (policy.decide(method, lines) for policy in policies.values())
    assert outcome == ours.outcome == twin.outcome
    assert (twin.refusal, twin.status) == (ours.refusal, ours.status)
    assert sorted(twin.headers) == sorted(ours.headers)
    return {side: policy.decide for side, policy in policies.items()}
