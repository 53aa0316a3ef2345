"""The origins of tenants, in a database, followed while the service runs.

Here: the public names. Not here: one policy that is loaded as a whole (`corsac.live`), requests
(`corsac.adapters`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from ._policies import TenantPolicies
from ._postgresql import PostgreSQLOriginStore
from ._sqlite import SQLiteOriginStore
from ._store import OriginStore
from ._tenant_of import by_header, by_host, by_path

__all__ = [
    "OriginStore",
    "PostgreSQLOriginStore",
    "SQLiteOriginStore",
    "TenantPolicies",
    "by_header",
    "by_host",
    "by_path",
]
