"""The CORS check: may this origin see this response?

Here: `check_cors`, the reason of each refusal. Not here: preflights (`_preflight.py`).
Spec: https://fetch.spec.whatwg.org/#concept-cors-check
"""

from __future__ import annotations

from ._failure import Failure
from ._fields import lines_of, value_of
from ._steps import Trail
from ._wire import Response

ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"


def check_cors(
    response: Response, origin: str, credentialed: bool, trail: Trail, prefix: str = ""
) -> Failure | None:
    """None where the check succeeds. `origin`: as the request carried it. `prefix`: of the codes.

    https://fetch.spec.whatwg.org/#concept-cors-check
    """
    lines = lines_of(response, ALLOW_ORIGIN)
    value = ", ".join(lines)
    if value == "*" and not credentialed:
        trail.passed(
            f"{prefix}allow-origin", f"{ALLOW_ORIGIN} is *, which lets any page read."
        )
        return None
    if value != origin or not lines:
        code, text = _why_refused(lines, origin, credentialed)
        several = value if len(lines) > 1 else ""
        return Failure(
            f"{prefix}{code}", text, value=value, whole=several, status=response.status
        )
    trail.passed(
        f"{prefix}allow-origin", f"{ALLOW_ORIGIN} is {origin}, the request's Origin."
    )
    if not credentialed:
        return None
    allowed = value_of(response, ALLOW_CREDENTIALS)
    if allowed == "true":
        trail.passed(
            f"{prefix}allow-credentials",
            f"{ALLOW_CREDENTIALS} is true, and the request has credentials.",
        )
        return None
    said = "is missing" if allowed is None else f"is {allowed!r}"
    return Failure(
        f"{prefix}allow-credentials",
        f'The request has credentials, and {ALLOW_CREDENTIALS} {said}: it must be "true", '
        "in lower case.",
        value=allowed or "",
        status=response.status,
    )


def _why_refused(lines: list[str], origin: str, credentialed: bool) -> tuple[str, str]:
    """The code of the reason, and its sentence."""
    if not lines:
        return (
            "allow-origin-missing",
            f"The response has no {ALLOW_ORIGIN}: it must be {origin}"
            + ("." if credentialed else " or *."),
        )
    value = ", ".join(lines)
    if value == "*":
        return (
            "allow-origin-wildcard",
            (
                f"{ALLOW_ORIGIN} is *, which does not count where credentials are included: "
                f"it must be {origin}."
            ),
        )
    if len(lines) > 1 or "," in value or " " in value:
        return (
            "allow-origin-multiple",
            f"{ALLOW_ORIGIN} has several values, {value!r}: it must be the one {origin}.",
        )
    return (
        "allow-origin-mismatch",
        (
            f"{ALLOW_ORIGIN} is {value!r}, and the request's Origin is {origin}: they must be "
            "equal, byte by byte."
        ),
    )
