"""Counts as the series of a monitoring system.

Here: `request_series`, `flip_series`, which every exporter reads. Not here: any exporter; origins,
which are never among the labels, since anybody can make new ones. The number of series is bounded
by the policies that are told apart (`_watch.py`): seven for each, and at most fourteen for its shadow.
Spec: https://prometheus.io/docs/practices/naming/#labels
"""

from __future__ import annotations

from typing import Final

from ._counts import counts, flips

REQUEST_LABELS: Final = ("policy", "outcome", "refusal")
FLIP_LABELS: Final = (*REQUEST_LABELS, "shadow_outcome", "shadow_refusal")

REQUESTS_TEXT: Final = "Requests decided by a named CORS policy."
FLIPS_TEXT: Final = (
    "Requests that the shadow of a named CORS policy would have decided otherwise."
)

#: From the values of the labels, "" for no refusal, to the total.
Series = dict[tuple[str, ...], int]


def request_series() -> Series:
    """The requests, by `REQUEST_LABELS`."""
    return {
        (count.policy, count.outcome.value, count.refusal or ""): count.total
        for count in counts()
    }


def flip_series() -> Series:
    """The requests that another policy would decide otherwise, by `FLIP_LABELS`."""
    return {
        (
            flip.policy,
            flip.outcome.value,
            flip.refusal or "",
            flip.shadow_outcome.value,
            flip.shadow_refusal or "",
        ): flip.total
        for flip in flips()
    }
