"""What a browser does with a fetch across origins: `corsac.browser`.

Here: the public names. Not here: any rule, any I/O; `import corsac` does not import it.
Spec: https://fetch.spec.whatwg.org/#fetching
"""

from ._cache import PreflightCache
from ._client import exchange
from ._fetch import Browser, Fetch, Kind
from ._predict import predict, predict_async
from ._steps import CODES
from ._verdict import Step, Verdict
from ._wire import Cause, Exchange, NoResponse, Request, Response

__all__ = [
    "CODES",
    "Browser",
    "Cause",
    "Exchange",
    "Fetch",
    "Kind",
    "NoResponse",
    "PreflightCache",
    "Request",
    "Response",
    "Step",
    "Verdict",
    "exchange",
    "predict",
    "predict_async",
]
