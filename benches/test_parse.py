"""Times parsing: of origins, and of the names that a preflight asks for.

Here: every origin of the vectors, and lists of names from one to the most that
pass. Python asks for parsing through a matcher of `*`, which matches whatever
parses, and through preflights; what that costs beside parsing is part of it.
Not here: values made to be slow (`test_hostile.py`), the core alone (`core.rs`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

import json
from pathlib import Path

import pytest
from corsac import OriginMatcher
from pure_python import PurePythonOriginMatcher
from shared import CORSAC, METHOD, ORIGIN, POLICIES, TWIN, decide_alike

VECTORS = Path(__file__).parent.parent / "tests" / "vectors" / "origins.json"
ROWS = [r for r in json.loads(VECTORS.read_text()) if isinstance(r["value"], str)]
NAMES = {"one": 1, "ten": 10, "most": 1024}


@pytest.mark.parametrize("parses", [True, False], ids=["parse", "refuse"])
def test_parse_origins(measure, parses):
    """Every origin of the vectors that parses, and every value that does not."""
    rows = [row for row in ROWS if bool(row["origin"]) is parses]
    values = [row["value"].encode("latin-1") for row in rows]
    matchers = {CORSAC: OriginMatcher(["*"]), TWIN: PurePythonOriginMatcher("*")}
    calls = {side: matcher.match_many for side, matcher in matchers.items()}
    for call in calls.values():
        assert [parses] * len(values) == call(values)
    case = "parse/origins" if parses else "parse/no-origins"
    measure(case, calls, values)


@pytest.mark.parametrize("count", NAMES)
def test_parse_names(measure, count):
    """A preflight that asks for so many names, all of them allowed."""
    names = b", ".join([b"content-type"] * NAMES[count])
    lines = [ORIGIN, METHOD, (b"access-control-request-headers", names)]
    calls = decide_alike(POLICIES, "OPTIONS", lines, "preflight_allowed")
    measure(f"parse/names-{count}", calls, "OPTIONS", lines)
