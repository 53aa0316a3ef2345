"""Makes a table of what an option adds to the plain policy, in nanoseconds, and of its bounds.

Here: `Difference`, its row and its bound. Not here: how a pair is timed (`paired.py`), what is asked
(`test_watching.py`).
Spec: https://docs.python.org/3/library/statistics.html#statistics.median
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from paired import Pair
from report import Bound, Row, spell


@dataclass
class Difference:
    """A plain policy and another, around the same application; `at_most` seconds may be added."""

    case: str
    pair: Pair
    at_most: float | None

    @property
    def added(self) -> float:
        return median(self.pair.added)

    @property
    def fastest(self) -> float:
        """What is added in the turn in which the plain policy took least."""
        return min(zip(self.pair.bare, self.pair.added, strict=True))[1]


def bounds_of(differences: Iterable[Difference]) -> Iterator[Bound]:
    """Judged by the turn in which the machine was fastest, since nanoseconds are of a machine that
    does nothing else."""
    for difference in differences:
        if difference.pair.added and difference.at_most is not None:
            bound = f"at most {spell(difference.at_most)} more"
            added = difference.fastest
            figure = spell_signed(added)
            yield Bound(difference.case, bound, figure, added <= difference.at_most)


def tables_of(differences: Iterable[Difference]) -> Iterator[tuple[str, list[Row]]]:
    """One table; none where nothing was timed."""
    timed = [difference for difference in differences if difference.pair.added]
    rows = [
        (
            d.case,
            spell(median(d.pair.bare)),
            *map(spell_signed, (d.added, d.fastest, max(d.pair.added))),
        )
        for d in timed
    ]
    if rows:
        titles = "case", "plain policy", "more", "in the fastest turn", "at most"
        yield "more than a plain policy, the application included", [titles, *rows]


def spell_signed(seconds: float) -> str:
    return spell(seconds) if seconds >= 0 else f"-{spell(-seconds)}"
