"""What a running service did with CORS: counts, refused requests, another policy on trial.

Here: the public names. Not here: what counts and listens (`_watch.py`); the exporters, which need
a package each (`corsac.sight.prometheus`, `corsac.sight.opentelemetry`). It sees policies that
have a name: `Policy(name="api", ...)`. `import corsac` does not import it.
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from ._counts import Count, Flip, counts, flips
from ._logging import log_refusals
from ._refused import RefusedRequest
from ._report import ShadowReport, shadow_report
from ._subscription import Subscription, on_refused

__all__ = [
    "Count",
    "Flip",
    "RefusedRequest",
    "ShadowReport",
    "Subscription",
    "counts",
    "flips",
    "log_refusals",
    "on_refused",
    "shadow_report",
]
