"""Times `decide` on requests that are made to be slow. Seconds are bounded here, not ratios.

Here: each attack as bytes and as str. The two lists of long names are as much
as a preflight may ask for, and honest about it: they are timed, and no bound
holds for them.
Not here: the attacks (`hostile.py`), the adapters (`test_hostile_adapters.py`);
whether such requests are refused as they should be beyond the one outcome that
each case asserts (the vectors and `tests/corpus` say that).
Spec: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
"""

import pytest
from hostile import (
    AT_MOST,
    AT_MOST_A_LINE,
    ATTACKS,
    MANY_LINES,
    OUTCOMES,
    REFUSED,
    UNBOUNDED,
    UNICODE,
)
from shared import POLICIES, decide_alike, in_str


@pytest.mark.parametrize("text", ["bytes", "str"])
@pytest.mark.parametrize("case", ATTACKS)
def test_one_attack(measure, case, text):
    """One long value."""
    policies, lines, outcome = ATTACKS[case]
    lines = in_str(lines) if text == "str" else lines
    calls = decide_alike(policies, "OPTIONS", lines, outcome)
    bound = None if case in UNBOUNDED else AT_MOST
    measure(f"hostile/{case}-{text}", calls, "OPTIONS", lines, at_most=bound)


@pytest.mark.parametrize("case", UNICODE)
def test_unicode(measure, case):
    """One long value of str that is not ASCII."""
    policies, lines = UNICODE[case]
    outcome = "actual_refused" if len(lines) == 1 else "actual_allowed"
    calls = decide_alike(policies, "OPTIONS", lines, outcome)
    measure(f"hostile/{case}", calls, "OPTIONS", lines, at_most=AT_MOST)


@pytest.mark.parametrize("text", ["bytes", "str"])
@pytest.mark.parametrize("case", MANY_LINES)
def test_many_lines(measure, case, text):
    """Thousands of header lines."""
    lines = MANY_LINES[case]
    lines = in_str(lines) if text == "str" else lines
    outcome = OUTCOMES.get(case, REFUSED)
    calls = decide_alike(POLICIES, "OPTIONS", lines, outcome)
    bound = {"at_most": AT_MOST_A_LINE, "lines": len(lines)}
    measure(f"hostile/lines-{case}-{text}", calls, "OPTIONS", lines, **bound)
