"""The counts of this process in the files of prometheus-client's multiprocess mode.

Here: `keep_files`, and what the two counters are called. Not here: who reads the files, which is
prometheus-client, and which series there are (`_series.py`). Its mode knows no collectors like
ours: what another process has counted can only be read if that process writes it down itself.
Spec: https://prometheus.github.io/client_python/multiprocess/
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from typing import Final

from prometheus_client import Counter

from ._series import (
    FLIP_LABELS,
    FLIPS_TEXT,
    REQUEST_LABELS,
    REQUESTS_TEXT,
    flip_series,
    request_series,
)

#: The counters without `_total`, which prometheus-client adds, and what they mean.
REQUESTS: Final = ("corsac_requests", REQUESTS_TEXT)
FLIPS: Final = ("corsac_shadow_flips", FLIPS_TEXT)
#: The seconds between two writings. Chosen by us because Prometheus scrapes every 15 or more.
_EVERY: Final = 1.0

_files: _Files | None = None


class _Files:
    """Adds what was counted since the last time, in a thread of its own."""

    def __init__(self) -> None:
        # Of no registry: the collector shows the same of this process, and would clash with it.
        self._requests = Counter(*REQUESTS, REQUEST_LABELS, registry=None)
        self._flips = Counter(*FLIPS, FLIP_LABELS, registry=None)
        self._has_failed = False
        self.begin()

    def begin(self) -> None:
        """As new, for a process that has counted nothing yet."""
        self._written: dict[tuple[str, ...], int] = {}
        self.resume()

    def resume(self) -> None:
        self._paused = threading.Event()
        self._thread = threading.Thread(
            target=self._keep, args=(self._paused,), name="corsac-counts", daemon=True
        )
        self._thread.start()

    def pause(self) -> None:
        """Ends the thread, so that no lock is held behind a fork by one that is not there."""
        self._paused.set()
        self._thread.join()

    def end(self) -> None:
        self.pause()
        self._write()

    def _keep(self, paused: threading.Event) -> None:
        self._write()
        while not paused.wait(_EVERY):
            self._write()

    def _write(self) -> None:
        try:
            for counter, series in (
                (self._requests, request_series()),
                (self._flips, flip_series()),
            ):
                for labels, total in series.items():
                    # Also for zero, since a rate needs a series before its first request.
                    child = counter.labels(*labels)
                    if more := total - self._written.get(labels, 0):
                        child.inc(more)
                        self._written[labels] = total
        except Exception as error:  # a full disk, a folder that is gone
            if not self._has_failed:
                self._has_failed = True
                logging.getLogger("corsac").error(
                    "counts cannot be written to PROMETHEUS_MULTIPROC_DIR",
                    exc_info=error,
                )


def keep_files() -> None:
    """Writes the counts of this process, and of those that are forked from it, until they end."""
    global _files
    if _files is not None:
        return
    files = _files = _Files()
    atexit.register(files.end)
    if hasattr(os, "register_at_fork"):  # Windows has no fork
        os.register_at_fork(
            before=files.pause,
            after_in_parent=files.resume,
            after_in_child=files.begin,
        )
