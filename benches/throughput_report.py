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


class Sample(NamedTuple):
    """What one side did in one round."""

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def throughput(self) -> float:
        return self.requests / self.seconds

    @property
    def per_cpu_second(self) -> float:
        """The throughput of a machine that does nothing else."""
        return self.requests / self.cpu_seconds


class Ratio(NamedTuple):
    """A side's figure over another's, round by round: the median, and the middle half."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.3f} ({self.low:.2f}-{self.high:.2f})"


Figure = Callable[[Sample], float]
FIGURES: list[Figure] = [lambda s: s.throughput, lambda s: s.per_cpu_second]


class Case(NamedTuple):
    """One request to one server: the samples of each side, one a round."""

    server: str
    request: str
    sides: dict[str, list[Sample]]

    def ratio(self, side: str, to: str, figure: Figure) -> Ratio:
        pairs = zip(self.sides[side], self.sides[to])
        ratios = [figure(ours) / figure(theirs) for ours, theirs in pairs]
        low, _, high = quantiles(ratios, n=4, method="inclusive")
        return Ratio(median(ratios), low, high)


class Bound(NamedTuple):
    """What must hold, what was measured, and whether it holds."""

    case: Case
    at_least: float
    by: str
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
    """Judged by throughput on a quiet machine, else by CPU time a request."""
    for case in cases:
        if not KINDS[case.server].is_judged or case.request not in AT_LEAST:
            continue
        by_throughput, by_cpu = (case.ratio(CORSAC, HAND, f) for f in FIGURES)
        is_quiet = by_throughput.high - by_throughput.low <= QUIET
        by, ratio = ("requests/s", by_throughput) if is_quiet else ("CPU", by_cpu)
        yield Bound(case, AT_LEAST[case.request], by, ratio)


def table_of(server: str, cases: list[Case]) -> Table:
    """Every side of every request to one server."""
    table = Table(title=KINDS[server].about, title_justify="left", box=MARKDOWN)
    table.add_column("request", no_wrap=True)
    table.add_column("side", no_wrap=True)
    titles = ["of by hand", "of no CORS"]
    for title in ["requests/s", *titles, "CPU us/request", *titles]:
        table.add_column(title, justify="right", no_wrap=True)
    for case in cases:
        for side, samples in case.sides.items():
            cells = []
            for unit, figure in zip(("{:,.0f}", "{:.1f}"), FIGURES):
                middle = median(map(figure, samples))
                cells.append(unit.format(middle if not cells else 1e6 / middle))
                for other in (HAND, BARE):
                    ratio = case.ratio(side, other, figure)
                    cells.append("" if side == other else str(ratio))
            name = KINDS[server].peer if side == PEER else side
            table.add_row(case.request, name, *cells)
    return table


def bounds_table(bounds: list[Bound]) -> Table:
    table = Table(title="must hold", title_justify="left", box=MARKDOWN)
    for title in ["server", "request", "at least, of by hand", "judged by"]:
        table.add_column(title, no_wrap=True)
    table.add_column("figure", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for bound in bounds:
        case, at_least = bound.case, str(bound.at_least)
        names = case.server, case.request, at_least, bound.by
        table.add_row(*names, str(bound.ratio), bound.verdict)
    return table
