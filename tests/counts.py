"""Counts the instructions of the core at growing sizes, by callgrind.

Here: the run (`benches/counts/` under valgrind), the table `counts.json`, and the laws of growth.
`python tests/counts.py` prints what it counts, and `--write` keeps it as the new table.
Not here: the cases (`benches/counts/`), the asserting (`test_counts.py`).
Spec: https://valgrind.org/docs/manual/cl-manual.html
"""

import json
import math
import platform
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = Path(__file__).parent / "counts.json"
#: The one function whose calls are counted: each call is a part of callgrind's file.
COUNTED = "counts::counted"

#: What another compiler, C library or key of a hash may add to a count. Chosen by us because a
#: compiler that adds more should be looked at.
MARGIN, MARGIN_INSTRUCTIONS = 1.1, 16
#: What is no growth: other keys, which were seen to add twenty to one look-up.
FLAT_INSTRUCTIONS = 32
#: What a step may cost over its line, since long values are read in strides.
STRIDE_INSTRUCTIONS = 100

#: For each law what the count is a straight line over, and how much steeper than the last a step
#: may be. A search among more names compares longer beginnings, so that its steps do get steeper.
#: A count that only the policy or the refused rest of a value could move is flat: no line.
LAWS = {
    "flat": (None, None),
    "logarithmic": (math.log2, 1.5),
    "linear": (float, 1.1),
    "quadratic": (lambda size: float(size * size), 1.1),
}


def read():
    """The table: the machine that it was counted on, and its rows."""
    return json.loads(TABLE.read_text())


def steps(law, counts):
    """For each size after the first: the size, and how far the line and the count rise."""
    line, _ = LAWS[law]
    for (size, count), (larger, more) in pairwise(counts.items()):
        yield larger, line(larger) - line(size), more - count


def steepest(law, counts):
    """Instructions for each byte or element, or each doubling: where they are most."""
    return max(rise / run for _, run, rise in steps(law, counts))


def breaches(law, counts):
    """Where the counts grow faster than the law has it: nowhere, if all is well.

    A step may cost less than the one before it: long runs are read in strides.
    """
    if law == "flat":
        first = next(iter(counts.values()))
        grown = {size: count - first for size, count in counts.items()}
        return {size: n for size, n in grown.items() if n > FLAT_INSTRUCTIONS}
    found = {}
    _, steeper = LAWS[law]
    for (_, run, rise), (size, next_run, next_rise) in pairwise(steps(law, counts)):
        allowed = rise / run * next_run * steeper + STRIDE_INSTRUCTIONS
        if next_rise > allowed:
            found[size] = f"{next_rise:.0f} more, {allowed:.0f} at most"
    return found


def over_limit(row, counts):
    """The counts past those of the row and the margin, with that limit."""
    limits = {
        size: count * MARGIN + MARGIN_INSTRUCTIONS
        for size, count in row["counts"].items()
    }
    found = {
        size: (round(count), math.floor(limits[str(size)]))
        for size, count in counts.items()
        if count > limits[str(size)]
    }
    if row["law"] != "flat" and steepest(row["law"], counts) > row["each"] * MARGIN:
        found["each"] = steepest(row["law"], counts), row["each"] * MARGIN
    return found


def binary():
    """The path of the bench, built as it is released."""
    command = ["cargo", "bench", "--locked", "--bench", "counts", "--no-run"]
    built = run([*command, "--message-format=json"]).splitlines()
    artifacts = [json.loads(line) for line in built]
    return next(
        artifact["executable"]
        for artifact in artifacts
        if artifact.get("target", {}).get("name") == "counts"
    )


def count():
    """For each case its sizes with the instructions that one answer takes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        printed = run(
            [
                "valgrind",
                "--tool=callgrind",
                "--collect-atstart=no",
                f"--toggle-collect={COUNTED}",
                f"--dump-after={COUNTED}",
                "--combine-dumps=yes",
                f"--callgrind-out-file={out}",
                binary(),
            ]
        ).splitlines()
        lines = out.read_text().splitlines()
    # The last part is what comes after the last call: nothing.
    totals = [int(line.split()[1]) for line in lines if line.startswith("totals:")]
    if len(totals) != len(printed) + 1 or 0 in totals[:-1] or totals[-1] != 0:
        raise RuntimeError(f"{len(printed)} cases, but parts of {totals} instructions")
    cases = {}
    for line, total in zip(printed, totals[:-1], strict=True):
        name, size, questions = line.split()
        cases.setdefault(name, {})[int(size)] = total / int(questions)
    return cases


def run(command):
    """What a command prints; its complaints are shown where it fails."""
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def write(cases):
    """Keeps the counts as the new table. A row's law stands; a case without a row is flat."""
    laws = {row["name"]: row["law"] for row in read()["rows"]} if TABLE.exists() else {}
    rows = []
    for name, counts in cases.items():
        row = {"name": name, "law": laws.get(name, "flat")}
        if row["law"] != "flat":
            row["each"] = round(steepest(row["law"], counts), 2)
        row["counts"] = {str(size): round(count) for size, count in counts.items()}
        rows.append(json.dumps(row))
    head = f'{{"machine": "{platform.machine()}", "rows": ['
    TABLE.write_text(head + "\n" + ",\n".join(rows) + "\n]}\n")


def main():
    cases = count()
    if "--write" in sys.argv[1:]:
        write(cases)
    laws = {row["name"]: row["law"] for row in read()["rows"]}
    print("| case | law | sizes | instructions | each |\n|---|---|--:|--:|--:|")
    for name, counts in cases.items():
        law = laws.get(name, "flat")
        sizes, values = list(counts), list(counts.values())
        each = f"{steepest(law, counts):,.1f}" if law != "flat" else ""
        print(
            f"| `{name}` | {law} | {sizes[0]:,} to {sizes[-1]:,} "
            f"| {values[0]:,.0f} to {values[-1]:,.0f} | {each} |"
        )


if __name__ == "__main__":
    main()
