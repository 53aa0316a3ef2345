"""Policies by the host and the path of a request.

Here: `PolicyMap`, and what its routes are. Not here: which of them a request takes (`src/routes.rs`),
policies (`_policy.py`), choosing by anything else (`_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, NoReturn

from ._core import RoutedAnswers, Routes
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
#: The dot behind a host, which leads to the same server.
_DOT: Final = re.compile(r"\.(?=:|\Z)")
#: Segments that lead elsewhere, which some applications follow.
_DOTS: Final = frozenset({".", ".."})
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
#: Of a path that is one route's as it stands, and another's with its dots followed: frameworks route
#: the one, and find files by the other. Browsers follow dots before they ask, so that nobody honest
#: asks so. Nobody has this origin: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
_REFUSING: Final = Policy(allow_origins=["https://nobody.invalid"], enforce=True)


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
    wildcard, then routes without a host; each with the request's port before all ports), and under
    it the longest path of whole segments. Where nothing is under one host, the next is asked; where
    nothing is at all, there is no CORS. Paths are compared as applications see them, decoded and
    case-sensitively, but without empty segments. A path that is another route's once its `.` and
    `..` are followed is refused to every origin. The dot behind a host does not count. A preflight
    has the path of the request that it asks for.

    It cannot be changed, is equal by value, and can be pickled if what it holds can.
    Raises `PolicyError` with every problem of its keys and values.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    __slots__ = ("_answers", "_native", "routes")

    #: The routes as they were given, read-only.
    routes: Mapping[str, Choice]
    #: The same for the core.
    _native: Routes
    #: What adapters answer with, by what they begin answers with.
    _answers: dict[object, Any]
    #: What reads maps from elsewhere; it sets itself here.
    _read_toml: ClassVar[Callable[[str | PathLike[str]], PolicyMap]]
    _read_environment: ClassVar[Callable[[str, Mapping[str, str] | None], PolicyMap]]

    def __init__(self, routes: Mapping[str, Choice]) -> None:
        if hasattr(self, "routes"):
            raise AttributeError("a PolicyMap cannot be changed; make another one")
        problems = Problems()
        read: dict[_Route, Choice] = {}
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
                if route in read:
                    message = "this is the same route as another one; leave one out"
                    problems.add("invalid-route", "routes", index, key, message)
                read[route] = choice
        problems.raise_found()
        object.__setattr__(self, "routes", MappingProxyType(dict(routes)))
        object.__setattr__(self, "_native", _make_native(read))
        object.__setattr__(self, "_answers", {})

    def _assemble(self, assemble: Callable[[Any], Any]) -> RoutedAnswers:
        """The answers at its routes for the core; `assemble` gives those of a choice."""
        return RoutedAnswers(self._native, assemble)

    def choose(self, request: Request) -> Choice:
        """What stands at the route of a request; None for no CORS.

        `request`: a `Request`.
        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        native = self._native
        # The headers are looked at only where a host matters.
        host = request.host if native.is_by_host else ""
        choice: Choice = native.choose(host, request.path)
        return choice

    @classmethod
    def from_toml(cls, path: str | PathLike[str]) -> PolicyMap:
        """The map of a TOML file: its table `[routes]`, whose values name its policies.

        `path`: of the file; in `pyproject.toml` the table `[tool.corsac]` is read.

        Raises `ConfigurationError`, a `PolicyError` whose problems have line and column, also for
        a file that cannot be read.
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
        return type(self), (dict(self.routes),)

    def __repr__(self) -> str:
        return f"PolicyMap({dict(self.routes)!r})"


_CHOICES: Final = (Policy, PolicyMap, OriginPolicies, PolicyHandle)


def _make_native(routes: Mapping[_Route, Choice]) -> Routes:
    choices: list[Choice] = [_REFUSING]
    rows: list[tuple[bytes, bytes, int | None]] = []
    for route, choice in routes.items():
        number = None if choice is None else len(choices)
        rows.append((_encode(route.host), _encode(route.path), number))
        if choice is not None:
            choices.append(choice)
    return Routes(rows, choices)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


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
    elif _ENCODED.search(path):
        from urllib.parse import unquote  # slow to import, and seldom wanted

        refuse(f"paths are compared decoded; write {host + unquote(path)!r}")
    else:
        return _Route(_DOT.sub("", host), "" if path == "/" else path)
    return None


PolicyHandle._map = PolicyMap
