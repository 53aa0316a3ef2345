"""Several processes that serve one address, as people run them, and what a scrape says then.

Here: gunicorn and uvicorn with three workers, each started as its users start it; sums over
workers, over workers that ended, over processes that were forked. Not here: one process.
Spec: https://prometheus.github.io/client_python/multiprocess/
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from requesting import DEADLINE, EVIL, GOOD, preflight
from scraping import families, samples, scrape
from servers import Server, missing

HERE = Path(__file__).parent
WORKERS = 3
REFUSED = frozenset({"outcome=actual_refused", "refusal=origin"})
#: By a name: the kind of server, what it serves, its environment.
SERVERS = {
    "gunicorn": ("gunicorn", "wsgi", {}),
    "gunicorn --preload": ("gunicorn", "wsgi", {"GUNICORN_CMD_ARGS": "--preload"}),
    "gunicorn's ASGI worker": ("gunicorn-asgi", "asgi", {}),
    "uvicorn": ("uvicorn", "asgi", {}),
}

Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server with three workers, and stops it behind the test."""
    with ExitStack() as stack:

        def start(name: str, has_files: bool = True) -> Server:
            kind, interface, environment = SERVERS[name]
            if reason := missing(kind):
                pytest.skip(reason)
            if has_files:
                environment = {**environment, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
            target = f"sight_applications:{interface}_application"
            server = Server(
                kind, target, HERE, WEB_CONCURRENCY=str(WORKERS), **environment
            )
            stack.callback(server.stop)
            return server

        yield start


def ask_all(server: Server, least: int) -> tuple[set[int], int]:
    """Asks with a refused origin until so many workers have answered so often in all."""
    asked, seen = 0, set[int]()
    end = time.monotonic() + DEADLINE
    while len(seen) < WORKERS or asked < least:
        assert time.monotonic() < end, f"only {len(seen)} workers answer"
        response = server.ask("GET", "/", [("Origin", EVIL)])
        assert response is not None
        seen.add(int(response.body))
        asked += 1
    return seen, asked


def scraped(
    server: Server, name: str = "corsac_requests"
) -> dict[frozenset[str], float]:
    text = scrape(f"http://127.0.0.1:{server.port}/metrics")[1]
    return samples(families(text)[name], "served")


def wait_for(server: Server, total: int) -> None:
    """Until the scrape says so; each process writes once a second."""
    end = time.monotonic() + DEADLINE
    while (found := scraped(server).get(REFUSED)) != total:
        assert time.monotonic() < end, f"{found} of {total}: {server.output()}"
        time.sleep(0.05)


@pytest.mark.parametrize("name", SERVERS)
def test_a_scrape_is_the_sum_of_all_workers(name: str, start: Start) -> None:
    """Whichever of them answers it."""
    server = start(name)
    _, asked = ask_all(server, 30)
    server.ask("OPTIONS", "/", preflight(GOOD, "DELETE"))

    wait_for(server, asked)

    server.ask("GET", "/", [("Origin", EVIL)])
    wait_for(server, asked + 1)  # and only what is new was added
    assert {asked + 1} == {scraped(server)[REFUSED] for _ in range(10)}
    while frozenset({"outcome=preflight_refused", "refusal=method"}) not in scraped(
        server
    ):
        time.sleep(0.05)
    flips = scraped(server, "corsac_shadow_flips")
    assert asked + 1 == flips[REFUSED | {"shadow_outcome=actual_allowed"}]


@pytest.mark.parametrize("name", ["gunicorn", "gunicorn --preload"])
def test_a_worker_that_ends_takes_no_count_with_it(name: str, start: Start) -> None:
    """It writes what it has before it ends; another takes its place, and counts on."""
    server = start(name)
    workers, asked = ask_all(server, 30)

    os.kill(min(workers), signal.SIGTERM)
    end = time.monotonic() + DEADLINE
    while min(workers) in (now := ask_all(server, 0))[0]:
        assert time.monotonic() < end
        asked += now[1]
    asked += now[1]

    wait_for(server, asked)


def test_without_files_a_scrape_shows_one_worker(start: Start) -> None:
    """As for every metric of prometheus-client; counts are those of the process."""
    server = start("gunicorn", has_files=False)
    workers, asked = ask_all(server, 30)

    mine: dict[int, int] = {}
    end = time.monotonic() + DEADLINE
    while len(mine) < WORKERS:
        assert time.monotonic() < end
        response = server.ask("GET", "/counts")
        assert response is not None
        pid, counted = json.loads(response.body)
        mine[pid] = counted.get("actual_refused origin", 0)
    assert workers == set(mine)
    assert asked == sum(mine.values())
    assert scraped(server)[REFUSED] in mine.values()


@pytest.mark.parametrize("name", SERVERS)
def test_each_worker_tells_of_refusals_by_itself(name: str, start: Start) -> None:
    """Also where the subscription is older than the worker; none tells more than its burst."""
    server = start(name)
    ask_all(server, 100)

    end = time.monotonic() + DEADLINE
    while (told := server.output().count("cors_refused policy=served")) < 5 * WORKERS:
        assert time.monotonic() < end, f"{told} told"
        ask_all(server, 0)
    assert 5 * WORKERS == told
