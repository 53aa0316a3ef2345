"""What can be said of a policy that is legal.

Here: one function for each rule, which says what to write instead. Not here: its origins
(`_origin_rules.py`), what no policy can be (`_policy.py`), where a policy was found (`_lint.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Final

from .._policy import Policy
from .._problems import PolicyError
from ._origin_rules import ORIGIN_RULES, Said

#: The longest that Chromium and WebKit keep a preflight's answer, in seconds.
#: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age
_CHROMIUM_CAP: Final = 7200
_WEBKIT_CAP: Final = 600
#: Most names that one sentence lists. Chosen by us because more hide the sentence.
_SHOWN: Final = 4


def judge(policy: Policy) -> Iterator[Said]:
    """Everything that is to be said of a policy."""
    for rule in _RULES:
        yield from rule(policy)


def _flags(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"""
    for field, danger in _DANGERS.items():
        if not getattr(policy, field):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                policy.replace(**{field: False})  # type: ignore[arg-type]  # a flag of the policy
        except PolicyError as error:
            names = ", ".join(
                repr(problem.value) for problem in error.problems[:_SHOWN]
            )
            yield (
                "dangerous-flag",
                field,
                None,
                f"{field} lets in {names}: {danger}",
            )
        else:
            if field != "dangerously_allow_null_origin":
                text = f"{field} changes nothing here; leave it out"
                yield "idle-flag", field, None, text
            else:
                text = f"{field} lets in null: {danger}"
                yield "dangerous-flag", field, None, text


_DANGERS: Final = {
    "dangerously_allow_null_origin": (
        "any page can have that origin, from a sandboxed frame; give the page a server, and list "
        "its origin"
    ),
    "dangerously_allow_insecure_origins": (
        "anybody on the network can act as a page of http; serve it over https"
    ),
    "dangerously_allow_public_suffix_origins": (
        "anybody can register a name that it matches; list the names"
    ),
}


def _wildcards_with_credentials(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"""
    if not policy.allow_credentials:
        return
    if "*" in policy.allow_methods:
        yield (
            "wildcard-methods-with-credentials",
            "allow_methods",
            policy.allow_methods.index("*"),
            (
                "every method is allowed, with the user's cookies; list the methods that the "
                "application serves"
            ),
        )
    if "*" in policy.allow_headers:
        yield (
            "wildcard-headers-with-credentials",
            "allow_headers",
            policy.allow_headers.index("*"),
            (
                "every request header is allowed, with the user's cookies, those too that a proxy or "
                "the framework takes orders from; list the names"
            ),
        )


def _authorization(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name"""
    names = {name.lower() for name in policy.allow_headers}
    if "*" in names and "authorization" not in names:
        yield (
            "authorization-not-covered",
            "allow_headers",
            policy.allow_headers.index("*"),
            (
                '"*" does not cover Authorization, and a fetch that sends it is refused; write '
                '["*", "Authorization"] if pages send it'
            ),
        )


def _exposed_wildcard(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#http-access-control-expose-headers"""
    if "*" in policy.expose_headers:
        yield (
            "wildcard-exposes-less-with-credentials",
            "expose_headers",
            policy.expose_headers.index("*"),
            (
                '"*" exposes every header, with whatever a proxy adds to them, and only to fetches '
                "without credentials; list the names that pages read"
            ),
        )


def _max_age(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#http-access-control-max-age"""
    if policy.max_age is not None and policy.max_age > _CHROMIUM_CAP:
        yield (
            "max-age-above-cap",
            "max_age",
            None,
            (
                f"{policy.max_age} seconds: Chromium keeps a preflight for {_CHROMIUM_CAP} at most, "
                f"WebKit for {_WEBKIT_CAP}, and Firefox that long, so that a stricter policy takes "
                f"longest there; write {_CHROMIUM_CAP} or less"
            ),
        )


def _redundant(policy: Policy) -> Iterator[Said]:
    """https://fetch.spec.whatwg.org/#http-new-header-syntax"""
    for field in ("allow_methods", "allow_headers", "expose_headers"):
        names = getattr(policy, field)
        if "*" not in names:
            continue
        others = [one for one in names if one != "*" and one.lower() != "authorization"]
        if others:
            text = f'{", ".join(others[:_SHOWN])} beside "*", which covers them; leave out one or the other'
            yield "redundant-name", field, names.index(others[0]), text


_RULES: Final[tuple[Callable[[Policy], Iterator[Said]], ...]] = (
    *ORIGIN_RULES,
    _flags,
    _wildcards_with_credentials,
    _authorization,
    _exposed_wildcard,
    _max_age,
    _redundant,
)
