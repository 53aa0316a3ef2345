"""What the servers of these tests serve: one API with a named policy, in both protocols.

Here: the policy, pages that tell of this process and of all, and the metrics, which are one
application of prometheus-client. Imported once by each server, as people's modules are.
Not here: any test.
Spec: https://prometheus.github.io/client_python/multiprocess/
"""

from __future__ import annotations

import json
import os
from typing import Any

from corsac import Policy
from corsac.adapters import asgi, wsgi
from corsac.sight import counts, log_refusals
from corsac.sight.prometheus import CORSCollector
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    make_asgi_app,
    make_wsgi_app,
)
from prometheus_client.multiprocess import MultiProcessCollector

POLICY = Policy(
    allow_origins=["https://good.example"],
    allow_methods=["PUT"],
    name="served",
    shadow=Policy(allow_origins=["https://evil.example"]),
)
#: What everybody has who counts with this library: it tells that the mode works at all.
OWN = Counter("own", "A counter of the application's.")
CORSCollector()
log_refusals(burst=5, per_second=0.001)


def registry() -> CollectorRegistry:
    """Of all processes where they write files, of this one where they do not."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    made = CollectorRegistry()
    MultiProcessCollector(made)
    return made


def page(path: str) -> bytes:
    if path == "/token":
        return os.environ.get("CORSAC_TEST_TOKEN", "").encode()
    if path == "/counts":
        mine = {
            f"{count.outcome.value} {count.refusal and count.refusal.value}": count.total
            for count in counts()
            if count.total
        }
        return json.dumps([os.getpid(), mine]).encode()
    OWN.inc()
    return str(os.getpid()).encode()


_asgi_metrics = make_asgi_app(registry())
_wsgi_metrics = make_wsgi_app(registry())


async def _asgi(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    if scope["path"] == "/metrics":
        return await _asgi_metrics(scope, receive, send)
    start = {"type": "http.response.start", "status": 200, "headers": []}
    await send(start)
    await send({"type": "http.response.body", "body": page(scope["path"])})
    return None


def _wsgi(environ: Any, start_response: Any) -> Any:
    if environ["PATH_INFO"] == "/metrics":
        return _wsgi_metrics(environ, start_response)
    start_response("200 OK", [])
    return [page(environ["PATH_INFO"])]


asgi_application = asgi.CORSMiddleware(_asgi, POLICY)
wsgi_application = wsgi.CORSMiddleware(_wsgi, POLICY)
