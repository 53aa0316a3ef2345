"""Policies by the host and the path of a request.

Here: `PolicyMap`, what its routes are, and which of them a request takes.
Not here: policies (`_policy.py`), choosing by anything else (`_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, NoReturn

from ._handle import PolicyHandle
from ._origin_policies import OriginPolicies
from ._policy import Policy
from ._problems import Problems
from ._requests import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._handle import Choice

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(
    rf"(?:\*\.)?(?:{_LABEL}\.)*{_LABEL}\.?(?::[1-9][0-9]{{0,4}})?"
    r"|\[[0-9a-f:.]+\](?::[1-9][0-9]{0,4})?"
)
#: A host with its port, as a request has it.
_PORT: Final = re.compile(r":[0-9]*\Z")
#: Segments that lead elsewhere, which some applications follow.
_DOTS: Final = frozenset({".", ".."})


class _Route(NamedTuple):
    """A key, read: a host in lower case, empty for all, and a path, empty for all."""

    host: str
    path: str


class PolicyMap:
    """Policies by where a request goes.

        PolicyMap({
            "/api": public,                   # /api, /api/items, and not /apis
            "/api/internal": None,            # no CORS there
            "partners.example.com": partners, # a whole host
            "*.example.com/v1": first,        # a path of any subdomain
        })

    `routes`: a mapping of str to a `Policy`, a `PolicyMap`, an `OriginPolicies`, a `PolicyHandle`,
    or None for no CORS. A key is a path, a host, or both; a host may be `*.` with a name, for any
    subdomain, and may have a port. The more exact host counts first (itself, then the longest
    wildcard, then routes without a host), and under it the longest path of whole segments. Where
    nothing is under one host, the next is asked; where nothing is at all, there is no CORS. Paths
    are compared as applications see them, decoded, case-sensitively, and with `.` and `..`
    followed. A preflight has the path of the request that it asks for.

    It cannot be changed, is equal by value, and can be pickled if what it holds can.
    Raises `PolicyError` with every problem of its keys and values.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    __slots__ = ("_hosts", "_wildcards", "routes")

    #: The routes as they were given, read-only.
    routes: Mapping[str, Choice]
    #: For each exact host, and "" for all, the choices by path.
    _hosts: dict[str, dict[str, Choice]]
    #: The same for hosts that begin with a wildcard, without it; the longest one first.
    _wildcards: tuple[tuple[str, dict[str, Choice]], ...]
    #: What reads maps from elsewhere; it sets itself here.
    _read_toml: ClassVar[Callable[[str | PathLike[str]], PolicyMap]]
    _read_environment: ClassVar[Callable[[str, Mapping[str, str] | None], PolicyMap]]

    def __init__(self, routes: Mapping[str, Choice]) -> None:
        if hasattr(self, "routes"):
            raise AttributeError("a PolicyMap cannot be changed; make another one")
        problems = Problems()
        hosts: dict[str, dict[str, Choice]] = {}
        if not isinstance(routes, Mapping):
            message = 'write a mapping, like {"/api": policy}'
            problems.add("invalid-route", "routes", None, routes, message)
            routes = {}
        elif not routes:
            message = 'name a route, like {"/api": policy}'
            problems.add("prohibited-empty-policies", "routes", None, routes, message)
        for index, (key, choice) in enumerate(routes.items()):
            route = _read_route(problems, index, key)
            if choice is not None and not isinstance(choice, _CHOICES):
                message = (
                    f"the value of {key!r} is no policy; write a Policy, a PolicyMap, "
                    "an OriginPolicies, a PolicyHandle, or None for no CORS"
                )
                problems.add("invalid-choice", "routes", index, choice, message)
            elif route is not None:
                paths = hosts.setdefault(route.host, {})
                if route.path in paths:
                    message = "this is the same route as another one; leave one out"
                    problems.add("invalid-route", "routes", index, key, message)
                paths[route.path] = choice
        problems.raise_found()
        wildcards = [(h[1:], p) for h, p in hosts.items() if h.startswith("*")]
        wildcards.sort(key=lambda wildcard: -len(wildcard[0]))
        object.__setattr__(self, "routes", MappingProxyType(dict(routes)))
        object.__setattr__(self, "_hosts", hosts)
        object.__setattr__(self, "_wildcards", tuple(wildcards))

    def choose(self, request: Request) -> Choice:
        """What stands at the route of a request; None for no CORS.

        `request`: a `Request`.
        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        path = request.path
        if "/." in path:
            path = _follow_dots(path)
        if len(self._hosts) > 1 or "" not in self._hosts:
            for paths in self._of_host(request.host):
                if (found := _longest(paths, path)) is not None:
                    return paths[found]
        paths = self._hosts.get("", {})
        found = _longest(paths, path)
        return None if found is None else paths[found]

    def _of_host(self, host: str) -> list[dict[str, Choice]]:
        """What stands under a host, the most exact first."""
        bare = _PORT.sub("", host)
        found = [
            self._hosts[name]
            for name in dict.fromkeys((host, bare))
            if name and name in self._hosts
        ]
        for suffix, paths in self._wildcards:
            named = host if _PORT.search(suffix) else bare
            if named.endswith(suffix) and len(named) > len(suffix):
                found.append(paths)
        return found

    @classmethod
    def from_toml(cls, path: str | PathLike[str]) -> PolicyMap:
        """The map of a TOML file: its table `[routes]`, whose values name its policies.

        `path`: of the file; in `pyproject.toml` the table `[tool.corsac]` is read.

        Raises `ConfigurationError`, a `PolicyError` whose problems have line and column, and
        `OSError` for a file that cannot be read.
        Source: https://toml.io/en/v1.0.0
        """
        return cls._read_toml(path)

    @classmethod
    def from_env(
        cls, prefix: str = "CORSAC_", environ: Mapping[str, str] | None = None
    ) -> PolicyMap:
        """The map of the environment variable `CORSAC_ROUTES`, whose values name policies.

        `prefix`: a str with which the names of variables begin. `environ`: a mapping in place of
        `os.environ`.

        Raises `ConfigurationError`, a `PolicyError` whose problems name their variables.
        Source: https://12factor.net/config
        """
        return cls._read_environment(prefix, environ)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a PolicyMap cannot be changed; make another one")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a PolicyMap cannot be changed; make another one")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PolicyMap):
            return NotImplemented
        return self.routes == other.routes

    def __hash__(self) -> int:
        return hash(frozenset(self.routes))

    def __reduce__(self) -> tuple[Any, ...]:
        return PolicyMap, (dict(self.routes),)

    def __repr__(self) -> str:
        return f"PolicyMap({dict(self.routes)!r})"


_CHOICES: Final = (Policy, PolicyMap, OriginPolicies, PolicyHandle)


def _longest(paths: Mapping[str, Choice], path: str) -> str | None:
    """The longest of the paths that begins this one, in whole segments."""
    while path:
        if path in paths:
            return path
        path = path[: path.rfind("/")] if "/" in path else ""
    return "" if "" in paths else None


def _follow_dots(path: str) -> str:
    """https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4"""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


def _read_route(problems: Problems, index: int, key: object) -> _Route | None:
    def refuse(message: str) -> None:
        problems.add("invalid-route", "routes", index, key, message)

    if not isinstance(key, str) or not key:
        refuse('write a path like "/api", a host like "api.example.com", or both')
        return None
    if "://" in key:
        refuse(f"leave out the scheme: {key.partition('://')[2]!r}")
        return None
    host, slash, rest = key.partition("/")
    path = slash + rest
    if host and not _HOST.fullmatch(host):
        if _HOST.fullmatch(host.lower()):
            refuse(f"hosts are compared in lower case: {host.lower() + path!r}")
        else:
            refuse('write a host like "api.example.com" or "*.example.com"')
    elif path != "/" and path.endswith("/"):
        refuse(f"a path covers what is below it; write {key.rstrip('/') or '/'!r}")
    elif "?" in path or "#" in path:
        refuse("leave out the query and the fragment; routes are paths")
    elif "*" in path:
        refuse("a path covers what is below it; leave out the wildcard")
    elif _DOTS & set(path.split("/")) or "//" in path:
        refuse("write the path without dots and empty segments")
    else:
        return _Route(host, "" if path == "/" else path)
    return None
