"""Metrics as Prometheus reads them.

Here: what a scrape says, by the parsers of prometheus-client. Not here: who serves it.
Spec: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import urllib.request
from typing import Any

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

OPENMETRICS = "application/openmetrics-text; version=1.0.0"
TEXT = "text/plain; version=0.0.4"

#: From labels, without the empty ones, to a value.
Samples = dict[frozenset[str], float]


def scrape(url: str, accept: str = TEXT) -> tuple[str, str]:
    """The format that was answered, and the text."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.headers["Content-Type"], response.read().decode()


def families(text: str, is_openmetrics: bool = False) -> dict[str, Any]:
    """The metrics of a scrape by their names."""
    read = openmetrics_parser if is_openmetrics else parser
    return {family.name: family for family in read.text_string_to_metric_families(text)}


def samples(family: Any, policy: str) -> Samples:
    """What a metric says of a policy, without the zeroes."""
    return {
        frozenset(
            f"{name}={value}"
            for name, value in sample.labels.items()
            if name != "policy" and value
        ): sample.value
        for sample in family.samples
        if sample.labels["policy"] == policy and sample.value
    }
