"""Policies that can be told apart by what they say, who spoke in an answer, and who was asked.

Here: one policy for each name, what an answer's header lines show of it, and its counts.
Not here: requests, applications, any test.
"""

from __future__ import annotations

from collections.abc import Iterable

from corsac import Policy
from corsac._watch import read_counts

ORIGIN = "https://example.com"
FROM = {"Origin": ORIGIN}
REFUSED = {"Origin": "https://mallory.test"}


def policy(name: str) -> Policy:
    """Every policy allows the same, and names itself where browsers read."""
    return Policy(
        allow_origins=[ORIGIN],
        allow_methods=["PUT", "DELETE"],
        allow_headers=[f"X-{name}"],
        expose_headers=[f"X-{name}"],
    )


def preflight(method: str) -> dict[str, str]:
    """The header lines of an allowed preflight for this method."""
    return {**FROM, "Access-Control-Request-Method": method}


def speaker(lines: Iterable[tuple[str, str]]) -> str | None:
    """The name of the policy that an answer speaks for; None: there is no CORS in it.

    Empty where a policy refuses, since it names nobody then. Half of an answer is a mistake, and
    so are two of them.
    """
    said: dict[str, str] = {}
    for name, value in lines:
        if name.lower().startswith(("access-control-", "vary")):
            assert name.lower() not in said, name
            said[name.lower()] = value
    names = {
        said.get("access-control-expose-headers"),
        said.get("access-control-allow-headers"),
    } - {None}
    varies = "origin" in said.get("vary", "").lower()
    if not names:
        assert not [name for name in said if name.startswith("access-control-")]
        return "" if varies else None
    assert varies
    assert ORIGIN == said["access-control-allow-origin"]
    [named] = names
    assert named is not None
    return named.removeprefix("X-")


def counts(name: str) -> dict[str, int]:
    """How many requests of a policy with this name turned out how, but for the zeroes."""
    return {
        f"{outcome.value} {refusal.value if refusal else ''}".strip(): total
        for named, outcome, refusal, total in read_counts()
        if named == name and total
    }
