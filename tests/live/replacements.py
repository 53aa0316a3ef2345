"""Policies that are replaced as fast as they can be made, under load.

Here: a run of so many replacements, with its figures; `python replacements.py --count 100000` needs
nothing but corsac. Not here: the policies and what answers may be (`numbered.py`), what the figures
must be (`test_replacements.py`).
Spec: https://docs.python.org/3/howto/free-threading-python.html
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from corsac import OriginPolicies, Policy, PolicyHandle
from corsac.adapters import asgi, wsgi
from numbered import Asked, make_policy

THREADS = 4
LOOP = "event loop, ASGI"
TASKS = 4
#: The most requests of each thread, and of the event loop, for each replacement; the fewest are one.
PACE = 2
#: Of the replacements, before what memory holds is measured first: allocators fill their pools.
WARM_UP = 0.3


@dataclass
class Run:
    """What happened, and the figures of it."""

    count: int
    handle: PolicyHandle = field(
        default_factory=lambda: PolicyHandle(make_policy(0, None))
    )
    #: The last policy that is certainly in its place, and the last that may be.
    finished: int = 0
    started: int = 0
    is_over: bool = False
    answers: dict[str, int] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    memory: list[int] = field(default_factory=list)
    policies_left: int = 0

    def is_ahead(self, turn: int) -> bool:
        """Whether somebody has asked so often that it is the turn of whoever replaces."""
        return turn > PACE * (self.finished + 1)

    @property
    def growth(self) -> int:
        """Bytes of memory more at the end than after the warm-up."""
        return self.memory[-1] - self.memory[0]


def make_decide(run: Run) -> Callable[[int], None]:
    def ask(turn: int) -> None:
        asked = Asked(run, turn)
        decision = run.handle.decide(asked.method, asked.lines)
        lines = decision.merge([("Vary", "Accept")])
        asked.judge(200 if decision.status is None else decision.status, lines)

    return ask


def make_wsgi(run: Run) -> Callable[[int], None]:
    def serve(environ: object, start_response: Callable[..., object]) -> list[bytes]:
        start_response("200 OK", [("Vary", "Accept")])
        return [b"x"]

    app = wsgi.CORSMiddleware(serve, run.handle)

    def ask(turn: int) -> None:
        asked = Asked(run, turn)
        environ = {"REQUEST_METHOD": asked.method, "PATH_INFO": "/"}
        for name, value in asked.lines:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        begun: list[Any] = []
        list(app(environ, lambda *start: begun.extend(start)))
        asked.judge(int(begun[0][:3]), begun[1])

    return ask


def make_asgi(run: Run) -> Callable[[int], Awaitable[None]]:
    async def serve(scope: object, receive: object, send: Any) -> None:
        await asyncio.sleep(0)  # others have their turns in the middle of a request
        lines = [(b"vary", b"Accept")]
        await send({"type": "http.response.start", "status": 200, "headers": lines})
        await send({"type": "http.response.body", "body": b"x"})

    app = asgi.CORSMiddleware(serve, run.handle)

    async def ask(turn: int) -> None:
        asked = Asked(run, turn)
        sent: list[Any] = []

        async def send(message: object) -> None:
            sent.append(message)

        lines = [(name.encode(), value.encode()) for name, value in asked.lines]
        scope = {"type": "http", "method": asked.method, "path": "/", "headers": lines}
        await app(scope, None, send)
        lines = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
        asked.judge(sent[0]["status"], lines)

    return ask


def repeat(run: Run, name: str, ask: Callable[[int], None]) -> None:
    """Ask until the run is over."""
    try:
        while not run.is_over:
            turn = run.answers[name]
            if run.is_ahead(turn):
                time.sleep(0.001)
            else:
                ask(turn)
                run.answers[name] = turn + 1
    except BaseException as error:  # noqa: BLE001 a panic of the core is no Exception
        run.mistakes.append(repr(error))


async def repeat_all(run: Run) -> None:
    """The same on an event loop, with several requests under way."""
    ask = make_asgi(run)

    async def repeat_one() -> None:
        while not run.is_over:
            turn = run.answers[LOOP]
            if run.is_ahead(turn):
                await asyncio.sleep(0.001)
            else:
                run.answers[LOOP] = turn + 1
                await ask(turn)

    try:
        await asyncio.gather(*(repeat_one() for _ in range(TASKS)))
    except BaseException as error:  # noqa: BLE001 a panic of the core is no Exception
        run.mistakes.append(repr(error))


def replace_all(run: Run, tell: Callable[[int], None]) -> None:
    policy = placed = run.handle.policy
    told = time.monotonic()
    for number in range(1, run.count + 1):
        policy = make_policy(number, policy)
        before, placed = placed, policy
        if number % 10 == 9:
            placed = OriginPolicies([policy])
        run.started = number
        replaced = run.handle.replace(placed)
        run.finished = number
        if replaced is not before:
            run.mistakes.append(f"{number} replaced {replaced!r}")
        if number == int(run.count * WARM_UP):
            run.memory.append(measure_memory())
        while min(run.answers.values()) < number and not run.mistakes:
            time.sleep(0.001)
        if run.mistakes[10:]:
            break
        if time.monotonic() > told + 1:
            told = time.monotonic()
            tell(number)
    run.is_over = True


def measure_memory() -> int:
    """The bytes of memory that this process holds."""
    gc.collect()
    try:
        with open("/proc/self/statm") as facts:
            return int(facts.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (
        OSError
    ):  # another system tells only the most that it ever was, which is flat too
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def count_policies() -> int:
    """All of this process, by their types: what only pretends to be something may have to be set up
    for that."""
    return sum(issubclass(type(held), Policy) for held in gc.get_objects())


def replace_under_load(count: int, tell: Callable[[int], None]) -> Run:
    """Replace so many policies, while four threads and an event loop ask.

    `tell`: called about once a second with the number of replacements so far.
    """
    before = count_policies()
    run = Run(count)
    makers = [("decide", make_decide), ("WSGI", make_wsgi)] * (THREADS // 2)
    asks = {f"thread {n}, {kind}": make(run) for n, (kind, make) in enumerate(makers)}
    run.answers = dict.fromkeys([*asks, LOOP], 0)
    jobs = [
        threading.Thread(target=repeat, args=(run, name, ask))
        for name, ask in asks.items()
    ]
    jobs.append(threading.Thread(target=lambda: asyncio.run(repeat_all(run))))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)  # in turns that are shorter than most requests
    began = time.monotonic()
    for job in jobs:
        job.start()
    try:
        replace_all(run, tell)
    finally:
        run.is_over = True
        for job in jobs:
            job.join()
        sys.setswitchinterval(interval)
    run.seconds = time.monotonic() - began
    run.memory.append(measure_memory())
    run.policies_left = count_policies() - before
    return run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    count = parser.parse_args().count

    def tell(number: int) -> None:
        print(f"\r{number:,} of {count:,} replacements", end="", file=sys.stderr)

    is_locked = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(
        f"CPython {sys.version.split()[0]}, {'with' if is_locked else 'without'} the GIL"
    )
    run = replace_under_load(count, tell)
    print(file=sys.stderr)
    print(f"{run.finished:,} replacements in {run.seconds:.1f} s")
    for name, answers in sorted(run.answers.items()):
        print(f"{answers:,} answers: {name}")
    print(f"{len(run.mistakes):,} errors", *run.mistakes[:10], sep="\n  ")
    mebibytes = [f"{size / 2**20:.1f} MiB" for size in run.memory]
    print(f"memory after {WARM_UP:.0%} and at the end: {' and '.join(mebibytes)}")
    print(f"{run.policies_left} more policies at the end")
    return bool(run.mistakes)


if __name__ == "__main__":
    sys.exit(main())
