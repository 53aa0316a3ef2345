"""The counts of named policies as OpenTelemetry metrics.

Here: `observe`. Not here: which series there are (`_series.py`), the SDK and its exporters, which
are the application's. Importing it needs `opentelemetry-api`.
Spec: https://opentelemetry.io/docs/specs/otel/metrics/api/#asynchronous-counter
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

try:
    from opentelemetry.metrics import (
        CallbackOptions,
        MeterProvider,
        Observation,
        get_meter_provider,
    )
except ImportError as error:
    raise ImportError(
        "corsac.sight.opentelemetry needs opentelemetry-api: pip install 'corsac[opentelemetry]'"
    ) from error

from ._series import (
    FLIPS_TEXT,
    REQUESTS_TEXT,
    Series,
    flip_series,
    request_series,
)

__all__ = ["observe"]

_REQUEST_ATTRIBUTES: Final = ("corsac.policy", "corsac.outcome", "corsac.refusal")
_FLIP_ATTRIBUTES: Final = (
    *_REQUEST_ATTRIBUTES,
    "corsac.shadow.outcome",
    "corsac.shadow.refusal",
)
_UNIT: Final = "{request}"


def observe(meter_provider: MeterProvider | None = None) -> None:
    """Makes two observable counters, read when the SDK asks; requests do nothing for them.

    `meter_provider`: a `MeterProvider`; None: the global one, also where it is set later. Once is
    enough; the SDK takes a second time for the first.

    - `corsac.requests`, with `corsac.policy`, `corsac.outcome` and, where something was refused,
      `corsac.refusal`: the requests, as `corsac.sight.counts` has them.
    - `corsac.shadow.flips`, with `corsac.shadow.outcome` and `corsac.shadow.refusal` too: those that
      the policy's shadow would have decided otherwise.

    No attribute holds anything that a request says, so that nobody can make new series. Each process
    reports its own counts: where several serve together, give each its own `service.instance.id`
    in the SDK's resource, as all cumulative metrics need it, and add them up where they are stored.
    Source: https://opentelemetry.io/docs/specs/semconv/general/metrics/
    """
    meter = (meter_provider or get_meter_provider()).get_meter("corsac")
    for name, text, names, read in (
        ("corsac.requests", REQUESTS_TEXT, _REQUEST_ATTRIBUTES, request_series),
        ("corsac.shadow.flips", FLIPS_TEXT, _FLIP_ATTRIBUTES, flip_series),
    ):
        callback = _callback(names, read)
        meter.create_observable_counter(name, [callback], _UNIT, text)


def _callback(
    names: Sequence[str], read: Callable[[], Series]
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observed(_: CallbackOptions) -> Iterable[Observation]:
        for labels, total in read().items():
            pairs = zip(names, labels, strict=True)
            yield Observation(total, {name: value for name, value in pairs if value})

    return observed
