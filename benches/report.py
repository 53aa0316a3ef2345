"""Makes tables of ratios, and of bounds, from what pytest-benchmark measured.

Here: how a figure, a ratio and its spread come out of the turns of a case, and
which bounds hold. Not here: what is measured, and how.
Spec: https://pytest-benchmark.readthedocs.io/en/stable/hooks.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from shared import BARE, CORSAC, TWIN

Row = tuple[str, ...]


@dataclass
class Case:
    """The seconds of each side, one figure a turn: the median of that turn's rounds."""

    name: str
    turns: dict[str, list[float]]
    info: dict

    @cached_property
    def added(self) -> dict[str, list[float]]:
        """The seconds that a side adds to the bare application; where there is none, all."""
        sides = {side: self.turns[side] for side in (CORSAC, TWIN)}
        if BARE not in self.turns:
            return sides
        bare = self.turns[BARE]
        return {
            side: [max(whole - none, 1e-9) for whole, none in zip(turns, bare)]
            for side, turns in sides.items()
        }

    @cached_property
    def ratios(self) -> list[float]:
        """How many times longer the twin takes, turn by turn, in order of size."""
        return sorted(twin / ours for ours, twin in zip(*self.added.values()))


@dataclass
class Bound:
    """What must hold, what was measured, and whether it holds."""

    case: str
    bound: str
    figure: str
    holds: bool


def cases_of(benchmarks: Iterable[dict]) -> list[Case]:
    """The cases that every side finished, in the order in which they ran."""
    cases: dict[str, Case] = {}
    for benchmark in benchmarks:
        name, info = benchmark["group"], benchmark["extra_info"]
        case = cases.setdefault(name, Case(name, {}, info))
        case.turns.setdefault(info["side"], []).append(benchmark["median"])
    return [case for case in cases.values() if {CORSAC, TWIN} <= case.turns.keys()]


def bounds_of(cases: Iterable[Case]) -> Iterator[Bound]:
    """A ratio is judged by the median of the turns. Seconds are judged by the fastest turn,
    since whatever else a machine does can only add to them."""
    for case in cases:
        at_least, at_most = case.info["at_least"], case.info["at_most"]
        if at_least:
            ratio = median(case.ratios)
            bound = f"at least {at_least} times faster"
            yield Bound(case.name, bound, f"{ratio:.1f}", ratio >= at_least)
        if at_most:
            lines = case.info["lines"]
            unit = "" if lines == 1 else " a line"
            fastest = min(case.turns[CORSAC]) / lines
            bound = f"at most {spell(at_most)}{unit}"
            figure = spell(fastest) + unit
            yield Bound(case.name, bound, figure, fastest <= at_most)


def tables_of(cases: list[Case]) -> Iterator[tuple[str, list[Row]]]:
    """Each table with its title; none that would be empty."""
    plain = [case for case in cases if BARE not in case.turns]
    around = [case for case in cases if BARE in case.turns]
    if plain:
        yield "one call", [ratio_titles(), *map(ratio_row, plain)]
    if around:
        rows = [(*ratio_row(case), middle(case.turns[BARE])) for case in around]
        yield "added to a bare application", [(*ratio_titles(), "bare"), *rows]


def bound_tables_of(bounds: Iterable[Bound]) -> Iterator[tuple[str, list[Row]]]:
    """What must hold, with its title; nothing where nothing must."""
    rows = [(b.case, b.bound, b.figure, "ok" if b.holds else "MISSED") for b in bounds]
    if rows:
        yield "must hold", [("case", "bound", "figure", ""), *rows]


def ratio_titles() -> Row:
    return "case", CORSAC, TWIN, "ratio", "min", "max"


def ratio_row(case: Case) -> Row:
    ratios = median(case.ratios), case.ratios[0], case.ratios[-1]
    sides = (middle(case.added[side]) for side in (CORSAC, TWIN))
    return case.name, *sides, *(f"{ratio:.1f}" for ratio in ratios)


def middle(seconds: list[float]) -> str:
    return spell(median(seconds))


def spell(seconds: float) -> str:
    """Three digits and a unit."""
    for unit, size in [("s", 1), ("ms", 1e-3), ("us", 1e-6)]:
        if seconds >= size:
            return f"{seconds / size:#.3g} {unit}".replace(". ", " ")
    return f"{seconds / 1e-9:.1f} ns"


def align(rows: list[Row]) -> Iterator[str]:
    """Names to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for name, *cells in rows:
        cells = [cell.rjust(width) for cell, width in zip(cells, widths[1:])]
        yield "  ".join([name.ljust(widths[0]), *cells]).rstrip()
