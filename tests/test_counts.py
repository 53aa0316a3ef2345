"""Holds the core to the number of its instructions, which no load on the machine moves.

Here: for each row of `counts.json` that the counts grow as its law has it, and are no more than
it says. Not here: the counting, the laws, the margins (`counts.py`), times (`benches/`).
Spec: https://valgrind.org/docs/manual/cl-manual.html
"""

import platform
import shutil

import counts
import pytest

pytestmark = [
    pytest.mark.skipif(
        shutil.which("cargo") is None, reason="Rust is missing: https://rustup.rs"
    ),
    pytest.mark.skipif(
        shutil.which("valgrind") is None,
        reason="valgrind is missing: apt-get install valgrind",
    ),
]
TABLE = counts.read()
each_row = pytest.mark.parametrize(
    "row", [pytest.param(row, id=row["name"]) for row in TABLE["rows"]]
)


@pytest.fixture(scope="module")
def counted():
    """The counts of one run, for all rows."""
    return counts.count()


def test_every_case_has_its_row(counted):
    """And every row a case, at the same sizes."""
    sizes = {name: [str(size) for size in case] for name, case in counted.items()}
    assert sizes == {row["name"]: list(row["counts"]) for row in TABLE["rows"]}


@each_row
def test_the_count_grows_as_its_law_has_it(row, counted):
    """Flat where only the policy grows, or what is past a limit; linear where the input grows."""
    assert not counts.breaches(row["law"], counted[row["name"]])


@each_row
@pytest.mark.skipif(
    platform.machine() != TABLE["machine"],
    reason=f"the table was counted on {TABLE['machine']}: python tests/counts.py --write",
)
def test_the_count_is_within_its_limit(row, counted):
    """At each size, and for each byte or element."""
    assert not counts.over_limit(row, counted[row["name"]])
