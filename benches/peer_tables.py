"""Makes the tables of the peers: one for each, an overview, and their faults.

Here: what a case added, turn by turn, and how that compares with corsac.
Not here: how it was timed (`paired.py`), the tables of the twin (`report.py`).
Spec: https://docs.python.org/3/library/statistics.html#statistics.median
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from paired import Pair
from peers import Peer
from peers.cases import Case
from report import Bound, Row, spell

NOTHING = "-"


@dataclass
class Result:
    """One case of one peer. The pairs: `alone`, corsac around a small application;
    `around`, corsac around the framework's, where it can be; `peer`, where it can."""

    peer: Peer
    case: Case
    faults: set[str]
    pairs: dict[str, Pair]

    @property
    def timed(self) -> bool:
        return bool(self.pairs["alone"].added)

    def added(self, pair: str) -> float | None:
        return median(self.pairs[pair].added) if pair in self.pairs else None

    @cached_property
    def ratios(self) -> list[float]:
        """How many times what corsac adds the peer adds, turn by turn, in order of size.
        corsac's figure is the one around the small application: around a framework that
        takes a hundred times as long, the difference is lost in what surrounds it."""
        if "peer" not in self.pairs:
            return []
        turns = zip(self.pairs["peer"].added, self.pairs["alone"].added)
        return sorted(max(peer, 0.0) / max(ours, 1e-9) for peer, ours in turns)


def bounds_of(results: Iterable[Result]) -> Iterator[Bound]:
    """A ratio is judged by the median of the turns."""
    for result in results:
        at_least = result.peer.at_least
        if at_least and result.timed and result.ratios:
            ratio = median(result.ratios)
            name = f"{result.peer.name}/{result.case.name}"
            bound = f"at least {at_least} times faster"
            yield Bound(name, bound, f"{ratio:.1f}", ratio >= at_least)


def tables_of(results: list[Result]) -> Iterator[tuple[str, list[Row]]]:
    """Each table with its title; none that would be empty."""
    timed = [result for result in results if result.timed]
    peers = list(dict.fromkeys(result.peer for result in timed))
    for peer in peers:
        rows = [table_row(result) for result in timed if result.peer == peer]
        titles = "case", "bare", peer.name, "corsac around it", "corsac alone"
        title = f"added to {peer.framework} by {peer.name}"
        yield title, [(*titles, "ratio", "min", "max"), *rows]
    if peers:
        cases = dict.fromkeys(result.case.name for result in timed)
        cells = {(r.case.name, r.peer): overview_cell(r) for r in timed}
        rows = [(case, *(cells.get((case, p), NOTHING) for p in peers)) for case in cases]
        titles = "case", *(peer.name for peer in peers)
        yield "added by each, and how many times corsac's", [titles, *rows]
    wrong = [
        (f"{result.peer.name}/{result.case.name}", fault)
        for result in results
        for fault in sorted(result.faults)
    ]
    if wrong:
        yield "wrong by the Fetch standard", [("case", "fault"), *wrong]


def table_row(result: Result) -> Row:
    pair = result.pairs.get("peer", result.pairs["alone"])
    bare = NOTHING if result.case.preflight else spell(median(pair.bare))
    figures = (result.added(pair) for pair in ("peer", "around", "alone"))
    ratios = result.ratios and (
        median(result.ratios),
        result.ratios[0],
        result.ratios[-1],
    )
    return (
        result.case.name,
        bare,
        *(NOTHING if seconds is None else spell(max(seconds, 0.0)) for seconds in figures),
        *([f"{ratio:.1f}" for ratio in ratios] or [NOTHING] * 3),
    )


def overview_cell(result: Result) -> str:
    """The time, the ratio, and its spread."""
    if not result.ratios:
        return NOTHING
    middle, least, most = median(result.ratios), result.ratios[0], result.ratios[-1]
    added = spell(max(result.added("peer"), 0.0))
    return f"{added} {middle:.1f}x ({least:.1f}-{most:.1f})"
