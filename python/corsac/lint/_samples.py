"""The fetches that are tried for a policy: its own origins, strangers, and what looks alike.

Here: `fetches_for`, a fixed small set. Not here: who answers them (`_compare.py`), what becomes
of them (`corsac.browser`).
Spec: https://fetch.spec.whatwg.org/#cors-request
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal

from .._policy import Policy
from ..browser import Fetch
from ..browser._url import is_origin
from ..subject._examples import example_of
from ._lookalikes import lookalikes

#: Why an origin asks.
Reason = Literal[
    "listed",
    "everybody",
    "stranger",
    "lookalike",
    "bare name",
    "http",
    "other port",
    "null",
]
#: Most origins of a policy that ask, and of those that look like one of them. Chosen by us: the
#: kinds of pattern that people mix are fewer, and each origin costs some ten requests.
_LISTED: Final = 5
_LOOKALIKES: Final = 4
#: Most methods and most headers of a policy that are asked for. Chosen by us for the same reason.
_NAMES: Final = 5
#: The end of names that nobody has.
_NOBODY: Final = ".invalid"
_STRANGER: Final = "https://stranger.example"
#: A header that no policy lists by name.
_ANY_HEADER: Final = "X-Stranger"
#: What people forget, and what `*` does not cover.
_USUAL_HEADERS: Final = ("Authorization", "X-Requested-With")
#: What needs no leave, mostly, and the wildcard.
#: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
_SAFE: Final = frozenset({"*", "accept", "accept-language", "content-language"})
_USUAL_METHODS: Final = ("PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Sample:
    """A fetch, and why its origin asks."""

    fetch: Fetch
    reason: Reason

    @property
    def is_meant(self) -> bool:
        """Whether the configuration allows its origin by what it says."""
        return self.reason in ("listed", "everybody")


def fetches_for(policy: Policy, url: str) -> Iterator[Sample]:
    """The fetches that are tried.

    `policy`: what the configuration means. `url`: what the pages ask for, absolute.
    """
    origins = dict(reversed(list(_origins(policy))))
    listed = [origin for origin, reason in _origins(policy) if reason == "listed"]
    everybody = "*" in policy.allow_origins
    first = listed[0] if listed else _STRANGER
    for origin, reason in reversed(list(origins.items())):
        for shape in _many(policy) if origin == first else _few():
            fetch = Fetch(page_origin=origin, url=url, **shape)
            # The wildcard is meant for fetches without credentials.
            is_meant = everybody and fetch.credentials == "omit"
            yield Sample(fetch, "everybody" if is_meant else reason)


def _origins(policy: Policy) -> Iterator[tuple[str, Reason]]:
    examples = [one for one in map(_example, policy.allow_origins) if one]
    kept = examples[:_LISTED]
    for origin in kept:
        yield origin, "listed"
    yield _STRANGER, "stranger"
    yield "null", "null"
    for origin in kept:
        for one in islice(lookalikes(origin), _LOOKALIKES):
            yield one, "lookalike"
        scheme, _, rest = origin.partition("://")
        if scheme == "https":
            yield f"http://{rest}", "http"
        host = re.sub(r":[0-9]+$", "", rest)
        yield f"{scheme}://{host}:8123", "other port"
    for pattern in policy.allow_origins:
        if isinstance(pattern, str) and "://*." in pattern:
            bare = _example(pattern.replace("://*.", "://"))
            if bare and bare not in examples:
                yield bare, "bare name"


def _example(pattern: str | re.Pattern[str]) -> str | None:
    """An origin that a pattern means; None where it means everybody or nobody, or none is found.

    https://www.rfc-editor.org/rfc/rfc6761#section-6.4
    """
    if isinstance(pattern, re.Pattern):
        example = example_of(pattern) or ""
        examples = [one for one in (example, example.lower()) if pattern.fullmatch(one)]
    else:
        examples = [pattern.replace("://*.", "://www.").removesuffix(":*")]
    origins = filter(is_origin, examples)
    return next((one for one in origins if not one.endswith(_NOBODY)), None)


def _few() -> Iterator[dict[str, Any]]:
    yield {"credentials": "omit"}
    yield {"credentials": "include"}
    yield {"credentials": "include", "method": "PUT"}


def _many(policy: Policy) -> Iterator[dict[str, Any]]:
    yield from _few()
    methods = [one for one in policy.allow_methods if one != "*"][:_NAMES]
    for method in dict.fromkeys([*methods, *_USUAL_METHODS]):
        yield {"credentials": "omit", "method": method}
    headers = [one for one in policy.allow_headers if one.lower() not in _SAFE][:_NAMES]
    folded = {name.lower() for name in headers}
    headers += [name for name in _USUAL_HEADERS if name.lower() not in folded]
    for credentials in ("omit", "include"):
        for name in (*headers, _ANY_HEADER):
            # A value that is not safelisted, so that the browser asks for leave.
            yield {"credentials": credentials, "headers": ((name, 'x"(y)'),)}
    yield {
        "credentials": "omit",
        "method": "POST",
        "has_body": True,
        "headers": (("Content-Type", "application/json"),),
    }
