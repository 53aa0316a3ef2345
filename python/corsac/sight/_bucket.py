"""How often something may be told.

Here: `Bucket`. Not here: what is told, and to whom (`_subscription.py`).
Spec: https://www.rfc-editor.org/rfc/rfc2697 (a bucket of tokens that fills at a steady rate)
"""

from __future__ import annotations

import threading
import time


class Bucket:
    """Lets `burst` at once through, and `per_second` of them in the long run; counts the others.

    `told`, `left_out`: how many so far.
    """

    def __init__(self, per_second: float, burst: int) -> None:
        self.told = 0
        self.left_out = 0
        self._per_second = per_second
        self._burst = burst
        self._tokens = float(burst)
        self._filled = time.monotonic()
        self._left_out_when_told = 0
        self._lock = threading.Lock()

    def take(self, has_room: bool) -> int | None:
        """How many were left out since the last one; None where this one is left out too.

        `has_room`: whether there is a place to put it.
        """
        with self._lock:
            now = time.monotonic()
            grown = (now - self._filled) * self._per_second
            self._tokens = min(self._tokens + grown, self._burst)
            self._filled = now
            if self._tokens < 1 or not has_room:
                self.left_out += 1
                return None
            self._tokens -= 1
            self.told += 1
            since = self.left_out - self._left_out_when_told
            self._left_out_when_told = self.left_out
            return since
