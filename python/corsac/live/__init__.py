"""Policies that are kept current while the service runs.

Here: the public names. Not here: what holds the current policy (`corsac.PolicyHandle`), the origins
of tenants (`corsac.tenants`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from ._change import Change, Difference
from ._facts import Failure, Success
from ._file import from_file
from ._reload import reload
from ._reloader import Reloader
from ._rows import from_query, from_rows

__all__ = [
    "Change",
    "Difference",
    "Failure",
    "Reloader",
    "Success",
    "from_file",
    "from_query",
    "from_rows",
    "reload",
]
