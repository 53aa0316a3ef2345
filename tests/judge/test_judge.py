"""Three real browsers judge the model: every row is asked, and happens as it was predicted.

Here: for each browser and row, what the page got, the requests in their order, and the console.
Not here: the rows (`rows_*.py`), how a run goes (`trial.py`), recorded rows (`../browser_model/`).
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

import json
import re

import pytest
from corsac.browser import Browser
from judge.browsers import missing
from judge.rows_policies import NAMED
from judge.table import TABLE
from judge.trial import KNOWN, Trial, known_differences

ENTRIES = json.loads(KNOWN.read_text())


def browsers():
    """Each browser, left out where this machine lacks it."""
    for browser in Browser:
        lacks = missing(browser)
        reason = f"missing: {', '.join(lacks)}"
        yield pytest.param(
            browser, marks=pytest.mark.skipif(bool(lacks), reason=reason)
        )


@pytest.fixture(scope="module", params=browsers(), ids=str)
def trial(request, tmp_path_factory):
    """One run of a browser over all rows."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def told(text):
        with capture.global_and_fixture_disabled():
            print(f"\n{text}", end="", flush=True)

    return Trial(request.param, TABLE, tmp_path_factory.mktemp("browser"), told)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_row_happens_as_predicted(trial, row):
    """What the page got, the requests in their order, and the console, word for word.

    What is known to differ must differ, or else it is known no longer.
    """
    known = known_differences(trial.browser).get(row.name, set())
    found = trial.differences(row)
    for what, (predicted, happened) in found.items():
        assert what in known or predicted == happened, what
    assert known == set(found)


@pytest.mark.parametrize(
    ("name", "named"),
    [
        (f"{policy}: {name}", named)
        for policy, asked in NAMED.items()
        for name, named in asked.items()
    ],
)
def test_the_console_names_the_check_that_failed(trial, name, named):
    """Under `debug`, a browser that is told what passed says what did not; others say what they
    miss. What is allowed is said nothing about."""
    (row,) = (row for row in TABLE if row.name == name)
    console = "\n".join(trial.happened(row).console)
    assert re.search(named, console) if named else not console


def test_no_console_says_more_than_the_rows(trial):
    """A line that belongs to no row is one that nobody predicted."""
    assert [] == trial.stray


def test_the_table_has_rows_enough():
    """Each has a name, and a path, of its own."""
    assert len(TABLE) >= 300
    assert len(TABLE) == len({row.slug for row in TABLE})


def test_every_known_difference_is_explained():
    """By a sentence, for a row and a browser that there are."""
    names = {row.name for row in TABLE}
    keys = {(entry["browser"], entry["row"]) for entry in ENTRIES}
    assert len(ENTRIES) == len(keys)
    for entry in ENTRIES:
        assert entry["row"] in names
        assert entry["browser"] in set(Browser)
        assert set(entry["differs"]) <= {"outcome", "requests", "console"}
        assert len(entry["why"].split()) > 3
