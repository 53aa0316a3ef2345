"""The pure-Python twin of `PolicyMap` and `OriginPolicies`, written for clearness.

Here: which route a request takes, found by looking at every one of them, and which of several
policies decides an origin.
Not here: what a policy decides (`pure_python.py`), the validation of routes.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pure_python import Decision, PurePythonPolicy, as_bytes, lower

#: What a route's path is followed by where the route ends in it.
END_OF_SEGMENT = ("", "/")


class PurePythonOriginPolicies:
    """The first policy that allows the one origin decides, or the last."""

    def __init__(self, policies: Iterable[Mapping[str, Any]]) -> None:
        self.policies = [PurePythonPolicy(**each, shared=True) for each in policies]

    def decide(self, method: str, headers: Any, scheme: str = "") -> Decision:
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        origins = [as_bytes(value) for name, value in pairs if lower(name) == b"origin"]
        for policy in self.policies:
            if len(origins) == 1 and policy.origins.matches(origins[0]):
                return policy.decide(method, headers, scheme)
        return self.policies[-1].decide(method, headers, scheme)


class PurePythonPolicyMap:
    """Every route is asked whether it covers the request, and how exactly."""

    def __init__(self, routes: Mapping[str, Any]) -> None:
        self.routes = [(*split_route(key), choice) for key, choice in routes.items()]

    def choose(self, host: str, path: str) -> Any:
        """The choice of the most exact route; None where none covers the request.

        A path that takes another route once its dots are followed is `"refused"`.
        """
        plain = join(segment for segment in path.split("/") if segment)
        followed: list[str] = []
        for segment in plain.split("/")[1:]:
            if segment == "..":
                followed = followed[:-1]
            elif segment != ".":
                followed.append(segment)
        choices = [self.choose_plain(host, each) for each in (plain, join(followed))]
        return choices[0] if choices[0] is choices[1] else "refused"

    def choose_plain(self, host: str, path: str) -> Any:
        covering = []
        for route_host, route_path, choice in self.routes:
            exactness = covers_host(route_host, host)
            rest = path.removeprefix(route_path)
            covers_path = path.startswith(route_path) and rest[:1] in END_OF_SEGMENT
            if exactness is not None and covers_path:
                covering.append((exactness, len(route_path), choice))
        return max(covering, key=lambda each: each[:2], default=((), 0, None))[2]


def join(segments: Iterable[str]) -> str:
    return "".join(f"/{segment}" for segment in segments)


def split_route(key: str) -> tuple[str, str]:
    host, slash, path = key.partition("/")
    return host, (slash + path).rstrip("/")


def covers_host(route: str, host: str) -> tuple[int, int, int] | None:
    """How exactly a route's host is the request's, a name before its port; None where it is not."""
    if not route:
        return 0, 0, 0
    name, port = split_host(host.lower())
    route_name, route_port = split_host(route)
    has_two_ports = ":" in name and not name.endswith("]")
    if has_two_ports or route_port not in ("", port):
        return None
    exactness = len(route_name), len(route_port)
    if not route.startswith("*"):
        return (2, *exactness) if route_name == name else None
    suffix = route_name[1:]
    is_below = name.endswith(suffix) and name != suffix
    return (1, *exactness) if is_below else None


def split_host(host: str) -> tuple[str, str]:
    """The host without a dot behind it, and its port with the colon."""
    name, port = re.fullmatch(r"(.*?)(:[0-9]*)?", host, re.DOTALL).groups(default="")
    return name.removesuffix("."), port
