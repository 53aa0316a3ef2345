"""Times `merge`: a decision's header lines put among the application's.

Here: what an ASGI application sends (bytes) and a WSGI one (str), with and
without a `Vary` of its own. Not here: decisions themselves.
Spec: https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
"""

import pytest
from shared import ACTUAL, POLICIES, PREFLIGHT, in_str

LINES = [(b"content-type", b"application/json"), (b"content-length", b"17")]
VARIED = [*LINES, (b"vary", b"Accept-Encoding")]
SPOKEN = [*VARIED, (b"access-control-allow-origin", b"*")]

# Method and header lines of the request, and the application's lines.
CASES = {
    "actual-bytes": ("GET", ACTUAL, LINES),
    "actual-str": ("GET", ACTUAL, in_str(LINES)),
    "actual-vary": ("GET", ACTUAL, VARIED),
    "actual-spoken": ("GET", ACTUAL, SPOKEN),
    "preflight-str": ("OPTIONS", PREFLIGHT, []),
}


@pytest.mark.parametrize("case", CASES)
def test_merge(measure, case):
    """The application's lines go in, and come out with the policy's among them."""
    method, request, lines = CASES[case]
    decisions = {side: p.decide(method, request) for side, p in POLICIES.items()}
    ours, twin = (sorted(d.merge(lines)) for d in decisions.values())
    assert len(ours) > len(LINES)
    assert [(n, lower(v)) for n, v in twin] == [(n, lower(v)) for n, v in ours]
    measure(f"merge/{case}", {s: d.merge for s, d in decisions.items()}, lines)


def lower(value):
    """Values alike but for case, which a list of names does not mind."""
    return value.lower()
