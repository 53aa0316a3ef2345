"""The origins of the demo, and the policies of its examples.

Here: which origins the page has, which one is a stranger, the named policies.
Not here: the examples (`examples.py`), the sockets behind the origins (`server.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from corsac import Policy

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origins:
    """Every origin that a request of the demo can come from or go to.

    `stranger` is the page's server under its other name: the same bytes, another origin;
    `api_stranger` is the API's. `neighbours` differ from the page in one part each: the port, or the scheme.
    """

    page: tuple[str, ...]
    api: tuple[str, ...]
    stranger: str
    api_stranger: str
    neighbours: tuple[str, ...]
    insecure: bool

    def api_of(self, page: str) -> str:
        """The API under the name by which a visitor reached the page."""
        return self.api[self.page.index(page)]


def serialize(scheme: str, host: str, port: int) -> str:
    """The origin of a tuple; the scheme's default port is left out, as browsers leave it out."""
    bracketed = f"[{host}]" if ":" in host else host
    suffix = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{bracketed}{suffix}"


def is_loopback(host: str) -> bool:
    """Whether a host never leaves this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origins_of(hosts: tuple[str, ...], port: int, api_port: int) -> Origins:
    """The origins of a demo whose page is reached by each of `hosts`; the first is the one to open."""
    stranger = "127.0.0.1" if "localhost" in hosts else "localhost"
    return Origins(
        page=tuple(serialize("http", host, port) for host in hosts),
        api=tuple(serialize("http", host, api_port) for host in hosts),
        stranger=serialize("http", stranger, port),
        api_stranger=serialize("http", stranger, api_port),
        neighbours=tuple(
            neighbour
            for host in hosts
            for neighbour in (
                serialize("http", host, api_port),
                serialize("https", host, port),
            )
        ),
        insecure=not all(is_loopback(host) for host in hosts),
    )


def policies_for(origins: Origins) -> dict[str, Policy]:
    """The policies of the examples, by name."""
    return {
        "private": Policy(
            allow_origins=origins.page,
            allow_methods=["PUT", "PROPFIND"],
            allow_headers=["Content-Type", "Depth", "X-PINGOTHER"],
            expose_headers=["X-Total-Count"],
            allow_credentials=True,
            max_age=3600,
            # Plain http beyond this machine, with credentials: whoever sits on the network can be the page.
            dangerously_allow_insecure_origins=origins.insecure,
        ),
        "public": Policy(allow_origins=["*"]),
        "near-miss": Policy(allow_origins=origins.neighbours),
    }
