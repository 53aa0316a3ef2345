"""Measures what CORS costs a whole server: `python benches/throughput.py`.

Here: the command and the rounds. A machine that is busy is so for seconds: the rounds are short
and many, and within each the sides follow each other at once, so that it slows all of them alike.
Not here: applications (`throughput_apps.py`), servers (`throughput_servers.py`), answers and load
(`throughput_load.py`), tables and bounds (`throughput_report.py`).
Spec: https://github.com/wg/wrk
"""

import argparse
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import closing

try:
    from rich.console import Console
    from rich.progress import Progress
    from throughput_apps import PEER, REQUESTS, SIDES
    from throughput_load import LoadError, check_answers, load
    from throughput_report import Case, bounds_of, bounds_table, tables_of
    from throughput_servers import (
        KINDS,
        LOAD_CORE,
        Server,
        ServerError,
        missing,
        on_core,
    )
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed: pip install '.[bench]'")

WARM_UP = 0.3  # seconds, before the first round
SERVERS = ["uvicorn", "granian", "gunicorn", "gunicorn-flask"]
WIDE = 100  # columns, so that no line of a table is broken in a file


def main() -> int:
    arguments = read_arguments()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt install wrk")
    if packages := missing(arguments.servers):
        sys.exit(f"not installed: {', '.join(packages)}: pip install '.[bench]'")
    # So that these ends, too, stop the servers.
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda number, _: sys.exit(128 + number))
    try:
        with on_core(LOAD_CORE):
            return run(arguments)
    except (LoadError, ServerError) as error:
        sys.exit(f"throughput: {error}")
    except KeyboardInterrupt:
        return 130  # what a shell reports for a program that SIGINT ended


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python benches/throughput.py",
        description="What CORS costs whole servers: no CORS, the same headers written by hand, "
        "corsac, and its peer. Exits with 1 where a bound is missed.",
    )
    parser.add_argument(
        "--servers",
        nargs="+",
        choices=KINDS,
        default=SERVERS,
        metavar="NAME",
        help=f"some of {', '.join(KINDS)} (default: {' '.join(SERVERS)})",
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=25,
        help="turns of each side (default: %(default)s)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=0.25,
        help="length of a turn (default: %(default)s)",
    )
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="each side for a moment, for its answer and for errors alone; nothing is judged",
    )
    arguments = parser.parse_args()
    if arguments.rounds < 2 or arguments.seconds < 0.1:
        parser.error("at least 2 rounds of 0.1 seconds")
    if arguments.smoke:
        arguments.rounds = 0
    return arguments


def run(arguments: argparse.Namespace) -> int:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    turns = len(REQUESTS) * (1 + arguments.rounds)
    total = sum(turns * len(sides_of(server)) for server in arguments.servers)
    cases: list[Case] = []
    # Drawn seldom, since drawing takes time from wrk's core.
    with Progress(console=console, refresh_per_second=2, transient=True) as progress:
        task = progress.add_task("", total=total)

        def show(step: str) -> None:
            progress.update(task, description=step, advance=1)

        for server in arguments.servers:
            measured = measure(server, arguments.rounds, arguments.seconds, show)
            if arguments.smoke:
                console.print(f"{server}: every answer is right, and no error met")
            else:
                console.print(*tables_of(server, measured))
            cases += measured
    bounds = [] if arguments.smoke else list(bounds_of(cases))
    if bounds:
        console.print(bounds_table(bounds))
    return int(not all(bound.holds for bound in bounds))


def measure(
    name: str, rounds: int, seconds: float, show: Callable[[str], None]
) -> list[Case]:
    """All requests to all sides on one server, which is one process for all."""
    sides = sides_of(name)
    cases = [
        Case(name, request.name, {side: [] for side in sides}) for request in REQUESTS
    ]
    with closing(Server(name)) as server:
        for request in REQUESTS:
            check_answers(request, sides, server)
            for side in sides:
                load(server, side, request, WARM_UP)
                show(f"{name}: {request.name}, {side}: warm-up")
        for turn in range(rounds):
            first = turn % len(sides)
            for request, case in zip(REQUESTS, cases):
                for side in sides[first:] + sides[:first]:
                    case.sides[side].append(load(server, side, request, seconds))
                    show(
                        f"{name}: {request.name}, {side}: round {turn + 1} of {rounds}"
                    )
    return cases


def sides_of(name: str) -> list[str]:
    """All sides; not every interface has a peer."""
    return [side for side in SIDES if side != PEER or KINDS[name].peer]


if __name__ == "__main__":
    sys.exit(main())
