"""The counts as OpenTelemetry metrics, in memory and exported over a socket.

Here: names, attributes and totals. Not here: what is counted (`test_counts.py`).
Spec: https://opentelemetry.io/docs/specs/otel/metrics/api/#asynchronous-counter
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from corsac import Policy
from corsac.sight.opentelemetry import observe
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    InMemoryMetricReader,
    PeriodicExportingMetricReader,
)
from requesting import EVIL, GOOD, make_policy, preflight

POINTS = {
    "corsac.requests": {
        ("corsac.outcome=no_origin",): 1,
        ("corsac.outcome=actual_refused", "corsac.refusal=origin"): 2,
        ("corsac.outcome=preflight_refused", "corsac.refusal=method"): 1,
    },
    "corsac.shadow.flips": {
        (
            "corsac.outcome=actual_refused",
            "corsac.refusal=origin",
            "corsac.shadow.outcome=actual_allowed",
        ): 2,
        (
            "corsac.outcome=preflight_refused",
            "corsac.refusal=method",
            "corsac.shadow.outcome=preflight_refused",
            "corsac.shadow.refusal=origin",
        ): 1,
    },
}

Points = dict[str, dict[tuple[str, ...], int]]


def asked_policy() -> Policy:
    """A policy that was asked what `POINTS` counts."""
    policy = make_policy(shadow=Policy(allow_origins=[EVIL]))
    for lines in ([], [("Origin", EVIL)], [("Origin", EVIL)]):
        policy.decide("GET", lines)
    policy.decide("OPTIONS", preflight(GOOD, "DELETE"))
    return policy


def points_in(reader: InMemoryMetricReader, name: str | None) -> Points:
    """What a reader has of a policy, without the zeroes."""
    data = reader.get_metrics_data()
    if data is None:
        return {}
    [scope] = data.resource_metrics[0].scope_metrics
    assert "corsac" == scope.scope.name
    found: Points = {}
    for metric in scope.metrics:
        assert "{request}" == metric.unit
        assert metric.data.is_monotonic
        assert AggregationTemporality.CUMULATIVE == metric.data.aggregation_temporality
        found[metric.name] = of_policy(
            name, ((p.attributes, p.value) for p in metric.data.data_points)
        )
    return found


def of_policy(name: str | None, points: Any) -> dict[tuple[str, ...], int]:
    return {
        tuple(
            f"{k}={v}" for k, v in sorted(attributes.items()) if k != "corsac.policy"
        ): (value)
        for attributes, value in points
        if attributes["corsac.policy"] == name and value
    }


def test_a_reader_gets_what_was_counted() -> None:
    """However often it was asked to observe."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    observe(provider)
    observe(provider)
    policy = asked_policy()

    assert POINTS == points_in(reader, policy.name)
    policy.decide("GET", [])
    assert (
        2
        == points_in(reader, policy.name)["corsac.requests"][
            ("corsac.outcome=no_origin",)
        ]
    )
    provider.shutdown()


GLOBAL = """
from corsac import Policy
from corsac.sight.opentelemetry import observe
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

{first}
policy = Policy(allow_origins=["https://a.example"], name="api")
policy.decide("GET", {{}})
{second}
[scope] = reader.get_metrics_data().resource_metrics[0].scope_metrics
print(*(metric.name for metric in scope.metrics))
print(*(point.value for point in scope.metrics[0].data.data_points if point.value))
"""
SETTING = "reader = InMemoryMetricReader(); metrics.set_meter_provider(MeterProvider([reader]))"


@pytest.mark.parametrize(
    ("first", "second"),
    [(SETTING, "observe()"), ("observe()", SETTING)],
    ids=["a provider that is set before", "a provider that is set later"],
)
def test_the_global_provider_is_the_default(first: str, second: str) -> None:
    """Also where it is set when the application starts, behind the imports."""
    code = GLOBAL.format(first=first, second=second)
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert ["corsac.requests", "1"] == run.stdout.split(), run.stderr


class Collector(HTTPServer):
    """Takes what is exported by OTLP over HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[tuple[str, ExportMetricsServiceRequest]] = []


class Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        taken = ExportMetricsServiceRequest.FromString(body)
        self.server.taken.append((self.path, taken))
        answer = ExportMetricsServiceResponse().SerializeToString()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_export_over_a_socket_says_what_was_counted(collector: Collector) -> None:
    """By OTLP, read by the protocol's own messages."""
    url = f"http://127.0.0.1:{collector.server_port}/v1/metrics"
    exporter = OTLPMetricExporter(url, compression=Compression.NoCompression)
    provider = MeterProvider([PeriodicExportingMetricReader(exporter)])
    observe(provider)
    policy = asked_policy()

    assert provider.force_flush()
    provider.shutdown()

    path, taken = collector.taken[0]
    assert "/v1/metrics" == path
    [scope] = taken.resource_metrics[0].scope_metrics
    found = {
        metric.name: of_policy(
            policy.name,
            (
                ({a.key: a.value.string_value for a in p.attributes}, p.as_int)
                for p in metric.sum.data_points
            ),
        )
        for metric in scope.metrics
    }
    assert POINTS == found
