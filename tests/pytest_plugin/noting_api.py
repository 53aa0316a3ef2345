"""An API that notes what it is asked, and a policy around it.

Here: `Api`, `guarded`, the policy. Not here: pages that ask it.
"""

from __future__ import annotations

from typing import Any

from corsac import Policy
from corsac.adapters.wsgi import CORSMiddleware
from corsac.testing import Site

PAGE = "https://app.example"
POLICY = Policy(
    allow_origins=[PAGE],
    allow_methods=["PUT"],
    allow_headers=["Content-Type"],
    allow_credentials=True,
)
MISSING = "preflight-allow-origin-missing"


class Api:
    """A WSGI application that notes what it was asked. `lines`: what it answers besides."""

    def __init__(self, status: str = "200 OK", *lines: tuple[str, str]) -> None:
        self.status = status
        self.lines = lines
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read()
        self.asked.append({**environ, "body": body})
        start_response(self.status, list(self.lines))
        return [b""]

    def saw(self, name: str) -> list[Any]:
        return [environ.get(name) for environ in self.asked]


def guarded(api: Any) -> Site:
    return Site(CORSMiddleware(api, POLICY))
