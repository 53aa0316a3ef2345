"""A refused request, as it is told: why, and what would allow it.

Here: `RefusedRequest`, and taking it out of what the engine hands over. Not here: how often
(`_bucket.py`), the line of the configuration (`_advice.py`), loggers (`_logging.py`).
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from __future__ import annotations

from typing import NamedTuple

from .._decision import Outcome, Refusal
from .._policy import Policy
from .._watch import Refused
from ._advice import advise
from ._text import plain


class RefusedRequest(NamedTuple):
    """A request that a named policy refused.

    Every str is printable ASCII of at most 200 characters, with all else escaped or cut, whatever
    the request held. `policy`: the policy's name. `outcome`: `actual_refused` or
    `preflight_refused`. `refusal`: a `Refusal`. `origin`: the origin that asked, None where there
    are several. `method`: of a preflight the one that it asks for. `path`: the URL's,
    without the query. `reason`: a sentence. `allow`: the keyword of `Policy` with what is missing
    in its list, like `allow_origins=["https://new.example"]`, or None where no line would allow the
    request, or none should. `suppressed`: how many refused requests were left out since the last
    that was told, an int.
    """

    policy: str
    outcome: Outcome
    refusal: Refusal
    origin: str | None
    method: str
    path: str
    reason: str
    allow: str | None
    suppressed: int


class Taken(NamedTuple):
    """What is told of a request, before the work that can wait.

    It holds no object of the framework's, so that no body and no connection waits with it.
    """

    policy: Policy
    outcome: Outcome
    refusal: Refusal
    origin: str | None
    method: str
    path: str
    requested_method: str | None
    requested_headers: str | None
    suppressed: int


def take(refused: Refused, suppressed: int) -> Taken:
    """What can be told of a request once it is over."""
    request = refused.request
    return Taken(
        refused.policy,
        refused.outcome,
        refused.refusal,
        request.origin,
        request.method,
        request.path,
        refused.requested_method,
        refused.requested_headers,
        suppressed,
    )


def tell(taken: Taken) -> RefusedRequest:
    """The same in texts that are safe to log."""
    reason, allow = advise(
        taken.policy,
        taken.refusal,
        taken.origin,
        taken.requested_method,
        taken.requested_headers,
    )
    return RefusedRequest(
        str(taken.policy.name),
        taken.outcome,
        taken.refusal,
        None if taken.origin is None else plain(taken.origin),
        plain(taken.method),
        plain(taken.path),
        reason,
        allow,
        taken.suppressed,
    )
