"""Judges rows on the command line: `python tests/judge --browser firefox --only "at home GET"`.

Here: the arguments, and prediction beside reality. Not here: the tests (`test_judge.py`).
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent)

from corsac.browser import Browser
from judge.browsers import missing
from judge.prediction import predict_row
from judge.table import TABLE
from judge.trial import Trial, known_differences


def main():
    parser = argparse.ArgumentParser(
        prog="python tests/judge",
        description="Asks rows of real browsers, and prints where they differ from the model.",
    )
    parser.add_argument("--browser", choices=[*map(str, Browser)], action="append")
    parser.add_argument("--only", help="rows whose names contain this")
    parser.add_argument(
        "--all", action="store_true", help="also what is as predicted or known"
    )
    arguments = parser.parse_args()
    rows = [row for row in TABLE if not arguments.only or arguments.only in row.name]
    if not rows:
        parser.error(
            f"no row's name contains {arguments.only!r}; they are in rows_*.py"
        )
    surprises = 0
    for name in map(Browser, arguments.browser or Browser):
        lacks = missing(name)
        if lacks:
            parser.error(f"missing for {name}: {', '.join(lacks)}")
        with tempfile.TemporaryDirectory() as scratch:
            trial = Trial(name, rows, Path(scratch), print)
        surprises += show(trial, arguments.all)
    return min(surprises, 1)


def show(trial, everything):
    """Prints each row that differs, and counts those of which nobody knew."""
    known = known_differences(trial.browser)
    surprises = 0
    for row in trial.rows:
        found = trial.differences(row)
        surprise = set(found) != known.get(row.name, set())
        surprises += surprise
        if surprise or everything:
            print(f"\n{trial.browser}: {row.name}")
        if everything:
            predicted = predict_row(row, trial.places, trial.browser)
            happened = trial.happened(row)
            for what in ("outcomes", "requests", "console"):
                print_pair(what, getattr(predicted, what), getattr(happened, what))
        elif surprise:
            for what, (said, so) in found.items():
                print_pair(what, said, so)
            for what in known.get(row.name, set()) - set(found):
                print(f"  {what}: known to differ, and does not")
    for line in trial.stray:
        print(f"\n{trial.browser}: of no row: {line}")
    print(f"\n{trial.browser}: {surprises} of {len(trial.rows)} rows are a surprise")
    return surprises + len(trial.stray)


def print_pair(what, said, so):
    print(f"  {what}")
    for title, values in (("predicted", said), ("happened", so)):
        print(f"    {title}:")
        for value in values:
            print(f"      {value}")


if __name__ == "__main__":
    sys.exit(main())
