"""Times `decide`, alone and together with reading the header lines it leads to.

Here: the requests that a server gets all day. Not here: hostile ones.
The twin spells its header lines while it decides, and corsac when they are
read; so `headers/` is the comparison of equal work, and the bounds hold for both.
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

import pytest
from shared import (
    ACTUAL,
    NO_ORIGIN,
    OPTIONS,
    POLICIES,
    PREFLIGHT,
    both,
    decide_alike,
    in_str,
)

WILD = (b"origin", b"https://shop.eu.example.com")
STRANGER = (b"origin", b"https://example.org")
ECHOING = both({**OPTIONS, "allow_methods": ["*"], "allow_headers": ["*"]})
ECHOED = [
    *NO_ORIGIN,
    (b"access-control-request-method", b"PUT"),
    (b"access-control-request-headers", b"content-type,x-request-id"),
    (b"origin", b"https://example.com"),
]

# Policies, method, header lines, outcome, and how many times faster corsac must be.
CASES = {
    "no-origin": (POLICIES, "GET", NO_ORIGIN, "no_origin", None),
    "actual": (POLICIES, "GET", ACTUAL, "actual_allowed", 5),
    "actual-str": (POLICIES, "GET", in_str(ACTUAL), "actual_allowed", 5),
    "actual-mapping": (POLICIES, "GET", dict(in_str(ACTUAL)), "actual_allowed", None),
    "actual-wildcard": (POLICIES, "GET", [*NO_ORIGIN, WILD], "actual_allowed", None),
    "actual-refused": (POLICIES, "GET", [*NO_ORIGIN, STRANGER], "actual_refused", None),
    "preflight": (POLICIES, "OPTIONS", PREFLIGHT, "preflight_allowed", 8),
    "preflight-str": (POLICIES, "OPTIONS", in_str(PREFLIGHT), "preflight_allowed", 8),
    "preflight-echoed": (ECHOING, "OPTIONS", ECHOED, "preflight_allowed", None),
    "preflight-refused": (
        POLICIES,
        "OPTIONS",
        [*PREFLIGHT[:-1], STRANGER],
        "preflight_refused",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_decide(measure, case):
    """A decision."""
    policies, method, lines, outcome, bound = CASES[case]
    calls = decide_alike(policies, method, lines, outcome)
    measure(f"decide/{case}", calls, method, lines, at_least=bound)


@pytest.mark.parametrize("case", CASES)
def test_headers(measure, case):
    """A decision, and its header lines."""
    policies, method, lines, outcome, bound = CASES[case]
    decides = decide_alike(policies, method, lines, outcome)
    calls = {
        side: lambda decide=decide: decide(method, lines).headers
        for side, decide in decides.items()
    }
    measure(f"headers/{case}", calls, at_least=bound)
