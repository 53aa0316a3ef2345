"""What can be said of the origins of a policy that is legal.

Here: one function for each rule, which says what to write instead. Not here: the other keywords
(`_policy_rules.py`), which origins no policy takes (`_policy.py`).
Spec: https://fetch.spec.whatwg.org/#origin-header
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from .._origins import OriginMatcher
from .._policy import Policy
from .._problems import PolicyError
from ..subject._examples import example_of
from ._lookalikes import is_local, lookalikes, registrable_domain

#: From this many origins on, a wildcard is shorter to read. Chosen by us.
_MANY: Final = 4
#: Most origins that one sentence lists. Chosen by us because more hide the sentence.
_SHOWN: Final = 4

#: The rule's id, the field of the policy, the place in its list, and the sentence.
Said = tuple[str, str, "int | None", str]


def _wide_regex(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#origin-header"""
    for index, regex in enumerate(policy.allow_origins):
        if not isinstance(regex, re.Pattern):
            continue
        example = example_of(regex)
        if example is None:
            continue
        for origin in lookalikes(example):
            if regex.fullmatch(origin):
                text = (
                    f"{regex.pattern!r} matches {example} and {origin} too, which anybody can "
                    "register; end the part before the name with \\."
                )
                yield "wide-regex", "allow_origins", index, text
                break


def _nobody(policy: Policy) -> Iterator[Said]:
    """https://www.rfc-editor.org/rfc/rfc6761#section-6.4"""
    texts = [one for one in policy.allow_origins if isinstance(one, str)]
    if len(texts) == len(policy.allow_origins) and all(
        one.endswith(".invalid") for one in texts
    ):
        text = "no page of another origin is allowed anything; list the origins of its pages"
        yield "nobody-allowed", "allow_origins", None, text


def _localhost(policy: Policy) -> Iterator[Said]:
    """https://www.w3.org/TR/secure-contexts/#localhost"""
    if not policy.allow_credentials:
        return
    texts = [one for one in policy.allow_origins if isinstance(one, str)]
    local = [one for one in texts if is_local(one)]
    if not local or len(local) == len(policy.allow_origins):
        return
    yield (
        "localhost-beside-production",
        "allow_origins",
        policy.allow_origins.index(local[0]),
        (
            f"{', '.join(local[:_SHOWN])} beside production's origins, with credentials: whatever "
            "listens on that port of a user's machine acts as the user; list it in development alone"
        ),
    )


def _unreachable(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#origin-header"""
    origins = policy.allow_origins
    if "*" in origins:
        for index, one in enumerate(origins):
            if one != "*":
                yield (
                    "unreachable-pattern",
                    "allow_origins",
                    index,
                    f'{_text(one)} is covered by "*"; leave out one of them',
                )
        return
    wide = [(n, one) for n, one in enumerate(origins) if _is_wide(one)]
    matchers = [(n, one, _matcher(one)) for n, one in wide]
    for index, one in enumerate(origins):
        if not isinstance(one, str):
            continue
        samples = _widest(one)
        for other, by, matcher in matchers:
            covered = matcher is not None and all(map(matcher.matches, samples))
            if other != index and covered and "null" != one:
                text = f"{_text(one)} is covered by {_text(by)}; leave it out"
                yield "unreachable-pattern", "allow_origins", index, text
                break


def _is_wide(one: Any) -> bool:
    return isinstance(one, re.Pattern) or "*" in one


def _matcher(one: Any) -> OriginMatcher | None:
    try:
        return OriginMatcher([one])
    except PolicyError:  # a regex that is kept from another library
        return None


def _widest(pattern: str) -> list[str]:
    """Origins that a pattern matches, and that only an as wide one matches, too."""
    scheme, _, rest = pattern.partition("://")
    ports = [""]
    if rest.endswith(":*"):
        rest, ports = rest[:-2], ["", ":1", ":65535"]
    hosts = [rest]
    if rest.startswith("*."):
        hosts = [f"{name}{rest[1:]}" for name in ("a", "0-x", "b.c")]
    return [f"{scheme}://{host}{port}" for host in hosts for port in ports]


def _many_subdomains(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#origin-header"""
    families: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int] = {}
    for index, one in enumerate(policy.allow_origins):
        if not isinstance(one, str) or "*" in one or "://" not in one:
            continue
        scheme, _, rest = one.partition("://")
        host = rest.partition(":")[0]
        parent = host.partition(".")[2]
        name = registrable_domain(host)
        if name is not None and host != name:
            family = (scheme, parent + rest[len(host) :])
            families[family] += 1
            first.setdefault(family, index)
    for (scheme, parent), count in families.items():
        if count >= _MANY:
            text = (
                f"{count} origins under {parent}; if all its subdomains are yours, write "
                f'"{scheme}://*.{parent}"'
            )
            yield "many-subdomains", "allow_origins", first[scheme, parent], text


def _text(one: Any) -> str:
    return repr(one.pattern) if isinstance(one, re.Pattern) else f'"{one}"'


ORIGIN_RULES: Final[tuple[Callable[[Policy], Iterator[Said]], ...]] = (
    _nobody,
    _wide_regex,
    _localhost,
    _unreachable,
    _many_subdomains,
)
