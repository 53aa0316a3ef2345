"""The options of flask-cors, as a policy.

Here: `Resource`, a policy whose header names may be regexes, and how it is made of options.
Not here: reading options (`core.py`), what any library has (`_translate.py`), paths, Flask.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from ..._origins import OriginMatcher
from ..._policy import Policy
from ..._problems import PolicyError, Problem
from ..._requests import requested_names_of_environ
from .._differences import Differences
from .._regexes import is_narrowed, origins_of, read_regex
from .._translate import Settings, translate
from .core import DEFAULT_OPTIONS, Options, as_list, flexible_str, probably_regex

_SETTINGS: Final = Settings(
    allow_origins="origins",
    origin_regexes="origins",
    allow_methods="methods",
    allow_credentials="supports_credentials",
)
_EVERYTHING: Final = ("*", ".*")
#: A repeated group, and what looks around or back: a name can then take time without bound.
_UNSAFE: Final = re.compile(r"\)[*+{]|\(\?(?!:)|\\[0-9]")
_REPEATS: Final = re.compile(r"(?<!\\)(?:[*+]|\{)")
#: Most repeats in a regex for header names. Chosen by us because each multiplies the time that one
#: name can take by the name's length.
_MAX_REPEATS: Final = 2
#: Longest name that is matched, and most names of a preflight. Chosen by us because no
#: application has longer names, or as many.
_MAX_NAME: Final = 64
_MAX_NAMES: Final = 64
#: Most sets of names whose policies are kept. Chosen by us because pages ask for few.
_MAX_POLICIES: Final = 128


class Resource:
    """A policy, and the regexes for the header names that it lists on demand."""

    def __init__(
        self, policy: Policy, header_regexes: Iterable[re.Pattern[str]] = ()
    ) -> None:
        self.policy = policy
        self._matches = [regex.fullmatch for regex in header_regexes]
        self._listing = lru_cache(_MAX_POLICIES)(self._list)

    @property
    def is_fixed(self) -> bool:
        """Whether it has one policy for all requests."""
        return not self._matches

    def policy_for(self, environ: dict[str, Any]) -> Policy:
        """The policy for a request, which lists those names it asks for that a regex matches."""
        if not self._matches:
            return self.policy
        asked = set(requested_names_of_environ(environ)[:_MAX_NAMES])
        names = frozenset(name for name in asked if self._is_listed(name))
        return self._listing(names) if names else self.policy

    def _is_listed(self, name: str) -> bool:
        return len(name) <= _MAX_NAME and any(
            matches(name) for matches in self._matches
        )

    def _list(self, names: frozenset[str]) -> Policy:
        try:
            headers = [*self.policy.allow_headers, *sorted(names)]
            return self.policy.replace(allow_headers=headers)
        except PolicyError:  # no browser asks for such names
            return self.policy


def read_resource(options: Options, differences: Differences) -> Resource:
    """The resource that merged options describe.

    Raises `PolicyError` for what no policy can be made of.
    """
    for name in options.keys() - DEFAULT_OPTIONS.keys():
        message = "no option of flask_cors, and ignored as there; look at its spelling"
        differences.add(name, options[name], message)
    if options["allow_private_network"]:
        message = "changes nothing, since browsers ask no more; leave it out"
        differences.add("allow_private_network", True, message)
    headers, regexes = _read_headers(options["allow_headers"], differences)
    policy = translate(
        differences,
        _SETTINGS,
        allow_origins=_read_origins(options["origins"], differences),
        allow_methods=_read_methods(options["methods"], differences),
        allow_headers=headers,
        expose_headers=_split(options["expose_headers"]),
        allow_credentials=options["supports_credentials"],
        # There 0 is nothing, and browsers take their own few seconds.
        max_age=options["max_age"] or None,
    )
    if not options["vary_header"] and policy.allow_origins != ("*",):
        message = "Vary is sent, since a cache would hand one site's answer to another"
        differences.add("vary_header", options["vary_header"], message)
    return Resource(policy, regexes)


def _read_origins(value: Any, differences: Differences) -> list[Any]:
    origins: list[Any] = []
    for origin in as_list(value):
        if origin in _EVERYTHING:
            origins.append("*")
        elif isinstance(origin, re.Pattern):
            origins += _read_regex(origin, differences)
        elif not isinstance(origin, str) or not probably_regex(origin):
            # The library ignores the case, and browsers send lower case.
            origins.append(origin.lower() if isinstance(origin, str) else origin)
        elif _is_pattern(origin):
            # As a regex it matches the apex too, by its `//*.`.
            apex = [origin.replace("://*.", "://")] if "://*." in origin else []
            message = (
                f"read as corsac's own pattern{' and the name itself' * len(apex)}, where "
                "the library takes it for a regex that matches other origins"
            )
            differences.add("origins", origin, message)
            origins += [origin, *apex]
        else:
            origins += _read_regex(origin, differences)
    return origins


def _read_regex(
    origin: str | re.Pattern[str], differences: Differences
) -> list[str | re.Pattern[str]]:
    regex = read_regex("origins", origin, ignores_case=True)
    if is_narrowed(regex):
        message = (
            "matched against the whole origin, where the library looks at its begin "
            "alone; write the end too, like (:[0-9]+)?$ for any port"
        )
        differences.add("origins", regex, message)
    return origins_of(regex)


def _is_pattern(text: str) -> bool:
    try:
        OriginMatcher([text])
    except PolicyError:
        return False
    return True


def _read_methods(value: Any, differences: Differences) -> list[str]:
    methods = [method.upper() for method in _split(value)]
    if "*" in methods:
        message = (
            "left out, since it stands for no method in flask_cors; list the methods"
        )
        differences.add("methods", "*", message)
    return [method for method in methods if method != "*"]


def _split(value: Any) -> list[str]:
    """The members of a list that may be one str."""
    members = (flexible_str(value) or "").split(",")
    return [member.strip() for member in members if member.strip()]


def _read_headers(
    value: Any, differences: Differences
) -> tuple[list[Any], list[re.Pattern[str]]]:
    names: list[Any] = []
    regexes: list[re.Pattern[str]] = []
    for name in as_list(value):
        if name in _EVERYTHING:
            # The library mirrors whatever was asked for, Authorization too.
            return ["*", "Authorization"], []
        if isinstance(name, (str, re.Pattern)) and probably_regex(name):
            regexes.append(_read_header_regex(name, differences))
        else:
            names.append(name)
    return names, regexes


def _read_header_regex(
    name: str | re.Pattern[str], differences: Differences
) -> re.Pattern[str]:
    regex = read_regex("allow_headers", name, ignores_case=True)
    source = regex.pattern
    if _UNSAFE.search(source) or len(_REPEATS.findall(source)) > _MAX_REPEATS:
        message = "a request could make this regex run without end; list the names"
        problem = Problem(
            "invalid-request-header", "allow_headers", None, name, message
        )
        raise PolicyError((problem,))
    message = "matched against whole names of a preflight, each time; list the names"
    differences.add("allow_headers", regex, message)
    return regex
