"""Makes the tables of the peers: one for each, an overview, and their faults.

Here: what a case added, turn by turn, and how that compares with corsac.
Not here: how it was timed (`paired.py`), the tables of the twin (`report.py`).
Spec: https://docs.python.org/3/library/statistics.html#statistics.median
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from statistics import median

from paired import Pair
from peers import Peer
from peers.cases import Case
from report import Bound, Row, spell

NOTHING = "-"
#: What a library with only its import changed may add, of what the adapter adds.
SWAPPED_AT_MOST = 1.2


@dataclass
class Result:
    """One case of one peer. The pairs: `alone`, corsac around a small application;
    `around`, corsac around the framework's, where it can be; `adapter`, corsac's own for the
    framework, and `swapped`, the peer's with its import changed, where there are such; `nothing`,
    the least that a middleware can take there; `peer`, where it can. Within the framework, as
    those three are, it is `peer within`, where a preflight counts for what it takes beyond the
    framework's own answer."""

    peer: Peer
    case: Case
    faults: set[str]
    pairs: dict[str, Pair]

    @property
    def timed(self) -> bool:
        return bool(self.pairs["alone"].added)

    def added(self, pair: str) -> float | None:
        return median(self.pairs[pair].added) if pair in self.pairs else None

    @property
    def bare(self) -> str:
        """The time of the framework's application without CORS; a preflight has none."""
        if self.case.preflight or "peer" not in self.pairs:
            return NOTHING
        return spell(median(self.pairs["peer"].bare))

    def ratios_to(self, pair: str, of: str = "peer") -> list[float]:
        """How many times what one pair adds another adds, turn by turn, in order of size.

        Infinitely many where ours adds nothing, since it answers before the framework would.
        """
        if not {of, pair} <= self.pairs.keys():
            return []
        turns = zip(self.pairs[of].added, self.pairs[pair].added)
        return sorted(
            max(theirs, 0.0) / ours if ours > 0 else inf for theirs, ours in turns
        )

    def ratios_within(self, pair: str) -> list[float]:
        """The same, in the framework's own application."""
        return self.ratios_to(pair, of="peer within")

    @property
    def ratios(self) -> list[float]:
        """The ratios that are judged: to corsac around the small application. Around a
        framework that takes a hundred times as long, corsac's figure is not as steady."""
        return self.ratios_to("alone")

    @property
    def spread(self) -> list[float]:
        """The middle ratio, the least, and the most."""
        ratios = self.ratios
        return [median(ratios), ratios[0], ratios[-1]] if ratios else []


def bounds_of(results: Iterable[Result]) -> Iterator[Bound]:
    """A ratio is judged by the median of the turns."""
    for result in results:
        if not result.timed:
            continue
        name = f"{result.peer.name}/{result.case.name}"
        judged = (
            (name, result.peer.at_least, result.ratios),
            (
                f"{name} adapter",
                result.peer.adapter_at_least,
                result.ratios_within("adapter"),
            ),
        )
        for what, at_least, ratios in judged:
            if at_least and ratios:
                ratio = median(ratios)
                bound = f"at least {at_least} times faster"
                yield Bound(what, bound, times(ratio), ratio >= at_least)
        if ratios := result.ratios_to("swapped", of="adapter"):
            ratio = median(ratios)
            bound = f"at most {SWAPPED_AT_MOST} times the adapter"
            figure = f"{1 / ratio:.2f}" if ratio else "the adapter adds nothing"
            holds = ratio * SWAPPED_AT_MOST >= 1
            yield Bound(f"{name} swapped", bound, figure, holds)


def tables_of(results: list[Result]) -> Iterator[tuple[str, list[Row]]]:
    """Each table with its title; none that would be empty."""
    timed = [result for result in results if result.timed]
    peers = list(dict.fromkeys(result.peer for result in timed))
    for peer in peers:
        yield peer_table(peer, [result for result in timed if result.peer == peer])
    if peers:
        cases = dict.fromkeys(result.case.name for result in timed)
        cells = {(r.case.name, r.peer): overview_cell(r) for r in timed}
        rows = [
            (case, *(cells.get((case, p), NOTHING) for p in peers)) for case in cases
        ]
        titles = "case", *(peer.name for peer in peers)
        yield "added by each, and how many times what corsac adds", [titles, *rows]
    wrong = {
        (result.peer.name, result.case.kind, fault): None
        for result in results
        for fault in sorted(result.faults)
    }
    if wrong:
        yield "wrong by the Fetch standard", [("peer", "case", "fault"), *wrong]


def peer_table(peer: Peer, results: list[Result]) -> tuple[str, list[Row]]:
    """The cases of one peer, with two columns for each further way in which corsac stands there."""
    titles = ["case", "bare", peer.name, "corsac", "ratio", "min", "max"]
    rows = []
    for result in results:
        added = [spell_added(result.added(pair)) for pair in ("peer", "alone")]
        ratios = [times(ratio) for ratio in result.spread] or [NOTHING] * 3
        rows.append([result.case.name, result.bare, *added, *ratios])
    more = {
        "around": f"corsac around {peer.framework}",
        "adapter": "the adapter",
        "swapped": "import changed",
        "nothing": "a middleware that does nothing",
    }
    for pair, title in more.items():
        if any(pair in result.pairs for result in results):
            titles += [title, "ratio"]
            for row, result in zip(rows, results):
                within = pair != "around"
                ratios = (result.ratios_within if within else result.ratios_to)(pair)
                ratio = times(median(ratios)) if ratios else NOTHING
                row += [spell_added(result.added(pair)), ratio]
    rows = [tuple(row) for row in rows]
    return f"{peer.name}: added to {peer.around}", [tuple(titles), *rows]


def overview_cell(result: Result) -> str:
    """The time, the ratio, and its spread."""
    if not result.ratios:
        return NOTHING
    middle, least, most = map(times, result.spread)
    return f"{spell_added(result.added('peer'))} {middle}x ({least}-{most})"


def spell_added(seconds: float | None) -> str:
    """Less than nothing is what an answer before the framework's own spares."""
    if seconds is None:
        return NOTHING
    return spell(seconds) if seconds >= 0 else f"-{spell(-seconds)}"


def times(ratio: float) -> str:
    if ratio == inf:
        return "all"
    return f"{ratio:.1f}" if ratio < 100 else f"{ratio:,.0f}"
