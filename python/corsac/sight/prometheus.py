"""The counts of named policies for Prometheus, by its client library.

Here: `CORSCollector`. Not here: which series there are (`_series.py`), processes that are scraped
together (`_files.py`). Importing it needs `prometheus-client`.
Spec: https://prometheus.github.io/client_python/collector/custom/
"""

from __future__ import annotations

import os
from collections.abc import Iterable

try:
    from prometheus_client import REGISTRY, CollectorRegistry
    from prometheus_client.core import CounterMetricFamily
except ImportError as error:
    raise ImportError(
        "corsac.sight.prometheus needs prometheus-client: pip install 'corsac[prometheus]'"
    ) from error

from ._files import FLIPS, REQUESTS, keep_files
from ._series import FLIP_LABELS, REQUEST_LABELS, flip_series, request_series

__all__ = ["CORSCollector"]


class CORSCollector:
    """Two counters, read when Prometheus asks; nothing is done for them while requests go on.

    `registry`: a `CollectorRegistry` of prometheus-client that it registers with, which `unregister`
    undoes; None: with none.

    - `corsac_requests_total{policy, outcome, refusal}`: the requests, as `corsac.sight.counts` has
      them, with `refusal=""` where nothing was refused.
    - `corsac_shadow_flips_total{policy, outcome, refusal, shadow_outcome, shadow_refusal}`: those
      that the policy's shadow would have decided otherwise.

    No label holds anything that a request says, so that nobody can make new series.

    With several processes that one address serves, like gunicorn's workers, set
    `PROMETHEUS_MULTIPROC_DIR` and scrape a `MultiProcessCollector`, as prometheus-client wants it
    for all metrics: each process then writes its counts into its file there once a second and when
    it ends, and what is scraped is the sum. A process that is killed loses its last second. Without
    that variable each scrape shows the process that happened to answer.

    Raises `ValueError` where the registry has one already.
    Source: https://prometheus.io/docs/instrumenting/writing_clientlibs/
    """

    def __init__(self, registry: CollectorRegistry | None = REGISTRY) -> None:
        if registry is not None:
            registry.register(self)
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            keep_files()

    def describe(self) -> Iterable[CounterMetricFamily]:
        """The two counters without a series, for the registry."""
        yield CounterMetricFamily(*REQUESTS, labels=REQUEST_LABELS)
        yield CounterMetricFamily(*FLIPS, labels=FLIP_LABELS)

    def collect(self) -> Iterable[CounterMetricFamily]:
        """The two counters with what this process has counted, for the registry."""
        requests, flips = self.describe()
        for labels, total in request_series().items():
            requests.add_metric(labels, total)
        for labels, total in flip_series().items():
            flips.add_metric(labels, total)
        yield requests
        yield flips
