"""Makes tables of ratios, and of bounds, from the rounds of the throughput bench.

Here: how a figure, a ratio and its spread come out of the rounds, and which bounds hold.
Not here: what is measured, and how (`throughput.py`).
Spec: https://rich.readthedocs.io/en/stable/tables.html
"""

from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import NamedTuple

from rich.box import MARKDOWN
from rich.table import Table
from throughput_apps import ALLOWED, BARE, CORSAC, HAND, PEER, PREFLIGHTS
from throughput_servers import KINDS

# Of the same answer written by hand, on the servers that are judged.
AT_LEAST = {ALLOWED.name: 0.94, PREFLIGHTS.name: 0.96}
STRETCH = {ALLOWED.name: 0.96}
# Chosen by us because it is about what the bounds leave: where the middle half of the rounds'
# ratios is wider, throughput says more about the machine than about a side.
QUIET = 0.05
# Of a core, chosen by us: a server that takes less of it waits, and all sides wait alike.
BUSY = 0.9


class Sample(NamedTuple):
    """What one side did in one turn."""

    requests: int
    seconds: float
    cpu_seconds: float


class Figure(NamedTuple):
    """What a sample says; more is better."""

    title: str
    of: Callable[[Sample], float]
    spell: Callable[[float], str]


THROUGHPUT = Figure("requests/s", lambda s: s.requests / s.seconds, "{:,.0f}".format)
# Compared as requests for a second of CPU time, read as time for a request.
CPU = Figure(
    "us of CPU",
    lambda s: s.requests / s.cpu_seconds,
    lambda figure: f"{1e6 / figure:.1f}",
)


class Ratio(NamedTuple):
    """A side's figure over another's, round by round: the median, and the middle half."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.3f} ({self.low:.2f}-{self.high:.2f})"


class Case(NamedTuple):
    """One request to one server: the samples of each side, one a round."""

    server: str
    request: str
    sides: dict[str, list[Sample]]

    def ratio(self, side: str, to: str, figure: Figure) -> Ratio:
        pairs = zip(self.sides[side], self.sides[to])
        ratios = [figure.of(ours) / figure.of(theirs) for ours, theirs in pairs]
        low, _, high = quantiles(ratios, n=4, method="inclusive")
        return Ratio(median(ratios), low, high)

    def share_of_core(self, side: str) -> float:
        return median(s.cpu_seconds / s.seconds for s in self.sides[side])


class Bound(NamedTuple):
    """What must hold, what was measured, and whether it holds."""

    case: Case
    at_least: float
    figure: Figure
    ratio: Ratio

    @property
    def holds(self) -> bool:
        return self.ratio.middle >= self.at_least

    @property
    def verdict(self) -> str:
        stretch = STRETCH.get(self.case.request)
        if not self.holds:
            return "[bold red]MISSED"
        if stretch is not None and self.ratio.middle >= stretch:
            return f"[green]ok, and {stretch}"
        return "[green]ok"


def bounds_of(cases: list[Case]) -> Iterator[Bound]:
    """Judged by throughput where that says something about a side, else by CPU time a request."""
    for case in cases:
        if not KINDS[case.server].is_judged or case.request not in AT_LEAST:
            continue
        ratio = case.ratio(CORSAC, HAND, THROUGHPUT)
        is_quiet = ratio.high - ratio.low <= QUIET
        is_busy = min(case.share_of_core(CORSAC), case.share_of_core(HAND)) >= BUSY
        figure = THROUGHPUT if is_quiet and is_busy else CPU
        ratio = case.ratio(CORSAC, HAND, figure)
        yield Bound(case, AT_LEAST[case.request], figure, ratio)


def tables_of(server: str, cases: list[Case]) -> Iterator[Table]:
    """Every side of every request to one server, once by each figure."""
    for figure in (THROUGHPUT, CPU):
        title = f"{KINDS[server].about}: {figure.title}"
        table = Table(title=title, title_justify="left", box=MARKDOWN)
        for name in ("request", "side"):
            table.add_column(name, no_wrap=True)
        for name in (figure.title, f"of {HAND}", f"of {BARE}"):
            table.add_column(name, justify="right", no_wrap=True)
        for case in cases:
            for side in case.sides:
                name = KINDS[server].peer if side == PEER else side
                table.add_row(case.request, name, *cells_of(case, side, figure))
        yield table


def cells_of(case: Case, side: str, figure: Figure) -> Iterator[str]:
    """A side's figure, and its ratios to the two sides that all are compared with."""
    yield figure.spell(median(map(figure.of, case.sides[side])))
    for other in (HAND, BARE):
        yield "" if side == other else str(case.ratio(side, other, figure))


def bounds_table(bounds: list[Bound]) -> Table:
    title = f"must hold: {CORSAC} of {HAND}"
    table = Table(title=title, title_justify="left", box=MARKDOWN)
    for name in ("server", "request", "at least", "judged by", "ratio"):
        table.add_column(name, no_wrap=True)
    table.add_column("")
    for bound in bounds:
        names = bound.case.server, bound.case.request, str(bound.at_least)
        table.add_row(*names, bound.figure.title, str(bound.ratio), bound.verdict)
    return table
