"""What attackers send makes no log, no metric and no memory grow.

Here: 100,000 requests, each with an origin, a method, a header name, a path and a host that no
other one has, under a policy with everything that sees.
Not here: what a single text may do to a line (`test_logging.py`).
Spec: https://cwe.mitre.org/data/definitions/770.html
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corsac import Policy
from corsac.adapters.asgi import CORSMiddleware
from corsac.sight import counts, flips, log_refusals, shadow_report
from corsac.sight.opentelemetry import observe
from corsac.sight.prometheus import CORSCollector
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from prometheus_client import CollectorRegistry, generate_latest
from requesting import GOOD, make_policy, totals

REQUESTS = 100_000
#: The most objects that may be there in the end and not after the first tenth of the requests.
MOST_OBJECTS = 5000
#: The same for the pages of the whole process, of which the core's own memory is a part; they go
#: up and down by themselves. So many are less than a hundred bytes for each request.
MOST_PAGES = 2048
BURST = 10


def hostile(number: int) -> dict[str, Any]:
    """A request as nobody else sends it: of a refused origin, method, or header, in turn."""
    odd = f"{number}-\x1b[2J".encode()
    origin = b"https://%d.example" % number
    lines = [(b"host", b"%d.api.example" % number)]
    method = "GET"
    match number % 4:
        case 0:
            lines.append((b"origin", origin))
        case 1:
            lines.append((b"origin", b"https://" + odd))
        case 2:
            method = "OPTIONS"
            lines.append((b"origin", GOOD.encode()))
            lines.append((b"access-control-request-method", b"M%d" % number))
        case 3:
            method = "OPTIONS"
            lines.append((b"origin", GOOD.encode()))
            lines.append((b"access-control-request-method", b"PUT"))
            lines.append((b"access-control-request-headers", b"x-%d" % number))
    return {
        "type": "http",
        "scheme": "http",
        "method": method,
        "path": f"/{number}\r\n",
        "headers": lines,
    }


class Lines(logging.Handler):
    """Counts what is written, and keeps nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.number = self.longest = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.number += 1
        self.longest = max(self.longest, len(self.format(record)))


def resident_pages() -> int:
    """The pages of this process that are in memory; 0 where the system does not tell."""
    statistics = Path("/proc/self/statm")
    return int(statistics.read_text().split()[1]) if statistics.exists() else 0


async def application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def nothing(*_: Any) -> None:
    pass


def series(registry: CollectorRegistry, reader: InMemoryMetricReader) -> Iterator[int]:
    """How many series each exporter has."""
    yield sum(len(family.samples) for family in registry.collect())
    data = reader.get_metrics_data()
    assert data is not None
    [scope] = data.resource_metrics[0].scope_metrics
    yield sum(len(list(metric.data.data_points)) for metric in scope.metrics)


def test_no_request_makes_a_series_a_line_or_memory() -> None:
    """The totals grow, and nothing else."""
    shadow = Policy(allow_origins=["*"])
    policy = make_policy(shadow=shadow, enforce=True)
    registry, reader = CollectorRegistry(), InMemoryMetricReader()
    CORSCollector(registry)
    provider = MeterProvider([reader])
    observe(provider)
    logger, lines = logging.getLogger("bounds"), Lines()
    logger.propagate = False
    logger.addHandler(lines)
    app = CORSMiddleware(application, policy)

    async def ask(numbers: range) -> None:
        for number in numbers:
            await app(hostile(number), nothing, nothing)

    def look() -> tuple[object, ...]:
        generate_latest(registry)
        gc.collect()
        named = len(counts()), len(flips())
        return named, *series(registry, reader), len(shadow_report(name).origins)

    name = str(policy.name)
    try:
        with log_refusals(logger, per_second=1e-6, burst=BURST) as subscription:
            asyncio.run(ask(range(REQUESTS // 10)))
            before = look()
            objects, pages = sys.getallocatedblocks(), resident_pages()
            asyncio.run(ask(range(REQUESTS // 10, REQUESTS)))
            after = look()
            objects = sys.getallocatedblocks() - objects
            pages = resident_pages() - pages
    finally:
        logger.removeHandler(lines)
    provider.shutdown()

    assert before == after
    assert objects < MOST_OBJECTS, f"{objects:,} objects more"
    assert pages < MOST_PAGES, f"{pages:,} pages more"

    assert BURST == lines.number == subscription.told
    assert REQUESTS - BURST == subscription.suppressed
    assert lines.longest < 1500
    quarter = REQUESTS // 4
    assert {
        ("actual_refused", "origin"): 2 * quarter,
        ("preflight_refused", "method"): quarter,
        ("preflight_refused", "headers"): quarter,
    } == totals(name)
    report = shadow_report(name)
    assert 100 == len(report.origins)
    assert report.flipped == sum(report.origins.values()) + report.other_requests
    assert len(str(report)) < 4000
