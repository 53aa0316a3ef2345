"""Takes a source of policies apart: each policy in it, with where it speaks.

Here: maps by route, policies by origin, what a handle holds; and what nobody can look into.
Not here: where sources are in an application (`_finders/`), which policy a request gets
(`corsac._sources`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from .._handle import PolicyHandle
from .._origin_policies import OriginPolicies
from .._policy import Policy
from .._policy_map import PolicyMap
from ._subject import FoundPolicy

#: What is a source and no callable of an application.
HELD: Final = (Policy, PolicyMap, OriginPolicies, PolicyHandle)


def take_apart(source: Any, about: FoundPolicy) -> Iterator[FoundPolicy | str]:
    """The policies, and sentences about what was not looked at.

    `source`: what an adapter takes, or None for no CORS. `about`: what is known of all of them.
    """
    if source is None and about.route is None:
        yield f"there is no CORS at this moment: {about.sentence}"
    elif source is None or isinstance(source, Policy):
        yield replace(about, policy=source)
    elif isinstance(source, PolicyHandle):
        yield (
            f"the policy of this moment was looked at, and another can take its place: "
            f"{about.sentence}"
        )
        yield from take_apart(source.policy, about)
    elif isinstance(source, OriginPolicies):
        for index, policy in enumerate(source.policies):
            part = _part(about, f"policies[{index}]")
            yield replace(part, policy=policy, by_origin=True)
    elif isinstance(source, PolicyMap):
        for key, host, path, sample in _routes(source):
            if about.path is not None:
                path = f"(?={about.path}){path}"
            part = _part(about, f'route "{key}"')
            part = replace(
                part, route=key, host=host or about.host, path=path, sample=sample
            )
            yield from take_apart(source.routes[key], part)
    else:
        name = getattr(source, "__qualname__", type(source).__name__)
        yield (
            f"{name} chooses a policy for each request, which shows only when it is asked: "
            f"{about.sentence}"
        )


def _part(about: FoundPolicy, what: str) -> FoundPolicy:
    return replace(
        about, name=f"{about.name}, {what}", sentence=f"{about.sentence}, {what}"
    )


def _routes(source: PolicyMap) -> list[tuple[str, str, str, str]]:
    """Of each route its key, its host, a regex for its paths and one of them, as they are asked."""
    paths: dict[str, dict[str, str]] = {}
    for key in source.routes:
        host, slash, rest = key.partition("/")
        paths.setdefault(host, {})[slash + rest if rest else ""] = key
    return [
        (key, host, _regex(path, paths[host]), path or "/")
        for host in sorted(paths, key=_exactness)
        for path, key in sorted(paths[host].items(), key=lambda item: -len(item[0]))
    ]


def _exactness(host: str) -> tuple[bool, bool, int]:
    return not host, host.startswith("*"), -len(host)


def _regex(path: str, paths: dict[str, str]) -> str:
    """A route's paths, without those of longer routes."""
    longer = [other for other in paths if other.startswith(f"{path}/")]
    without = "".join(f"(?!{re.escape(other)}(?:/|$))" for other in longer)
    return f"{without}{re.escape(path)}(?:/|$)"
