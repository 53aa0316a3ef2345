"""Times what is added to an application, where that is little beside the application.

Here: a batch of the bare application and a batch of the whole one, each of some tens of
microseconds, alternate; the figure of a turn is the median of the differences of
neighbours. A machine that slows down or wakes up meets both of a pair alike.
Not here: what is asked (`peers/`), ratios and tables (`peer_tables.py`).
Spec: https://docs.python.org/3/library/statistics.html#statistics.median
"""

import gc
from statistics import median
from time import perf_counter

#: Long beside reading the clock, and short beside what else a machine does.
BATCH_SECONDS = 30e-6
TURN_SECONDS = 20e-3
#: So many of a pair before the next pair has its own; odd, since the first does not count.
BLOCKS = 9
TURNS = 7
#: A call that takes so long gets fewer turns: its figure is not in doubt.
SLOW_SECONDS, SLOW_TURNS = 10e-3, 3


class Pair:
    """What gives the seconds of so many calls: of the bare application (None: nothing
    is taken off) and of the whole one."""

    def __init__(self, bare, whole):
        self.timers = [timer for timer in (bare, whole) if timer]
        self.sizes = []
        self.added, self.bare = [], []

    async def settle(self):
        """Warms up, and finds how many calls make a batch. Gives the seconds of a call."""
        calls = []
        for timer in self.timers:
            call = await timer(1)
            if call < SLOW_SECONDS:
                call = min([await timer(1) for _ in range(20)])
            calls.append(call)
        self.sizes = [max(1, round(BATCH_SECONDS / call)) for call in calls]
        return calls[-1]

    def start_turn(self):
        self.differences, self.bares, self.spent = [], [], 0.0

    async def visit(self):
        """Some blocks, of which the first only fetches back what others have driven out of
        the caches; unless it takes as long as a turn, which caches do not."""
        for number in range(BLOCKS):
            bare, whole = await self.block(forth=number % 2 == 0)
            late = self.spent >= TURN_SECONDS
            if number or late:
                self.differences.append(whole - bare)
                self.bares.append(bare)
            if late:
                return

    async def block(self, forth):
        """One batch of each, in one order or the other: the seconds of a call."""
        both = list(zip(self.timers, self.sizes))
        started = perf_counter()
        calls = [
            await timer(size) / size for timer, size in both[:: 1 if forth else -1]
        ]
        self.spent += perf_counter() - started
        *bare, whole = calls if forth else calls[::-1]
        return sum(bare), whole

    def end_turn(self):
        self.added.append(median(self.differences))
        self.bare.append(median(self.bares))


async def time_pairs(pairs):
    """Turn by turn, all pairs block by block. Garbage is collected between turns."""
    slowest = max([await pair.settle() for pair in pairs])
    for _ in range(TURNS if slowest < SLOW_SECONDS else SLOW_TURNS):
        for pair in pairs:
            pair.start_turn()
        running = list(pairs)
        gc.collect()
        gc.disable()
        try:
            while running:
                for pair in running:
                    await pair.visit()
                running = [pair for pair in running if pair.spent < TURN_SECONDS]
        finally:
            gc.enable()
        for pair in pairs:
            pair.end_turn()
