"""What a page gets to see of a response.

Here: exposed headers, and the policy by which a resource keeps itself from other sites.
Not here: whether the response passes (`_check.py`). Spec: https://fetch.spec.whatwg.org/#concept-filtered-response
"""

from __future__ import annotations

from typing import Final

from .._listed import FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_RESPONSE_HEADERS
from ._failure import Failure
from ._fields import tokens_of, value_of
from ._flight import Flight
from ._site import is_same_site
from ._url import Url
from ._wire import Lines, Response

EXPOSE_HEADERS: Final = "Access-Control-Expose-Headers"


def exposed_headers(flight: Flight, response: Response) -> Lines:
    """https://fetch.spec.whatwg.org/#concept-filtered-response-cors"""
    names = {name.lower() for name, _ in response.headers}
    if flight.tainting == "cors":
        listed = tokens_of(response, EXPOSE_HEADERS) or []
        if "*" not in listed or flight.is_credentialed:
            names &= SAFELISTED_RESPONSE_HEADERS | {name.lower() for name in listed}
        hidden = sorted({name.lower() for name, _ in response.headers} - names)
        flight.trail.passed(
            "exposed-headers",
            f"The page can read {', '.join(sorted(names - FORBIDDEN_RESPONSE_HEADERS)) or 'no header'}"
            + (f"; not {', '.join(hidden)}." if hidden else "."),
        )
    return tuple(
        (name, value_of(response, name) or "")
        for name in sorted(names - FORBIDDEN_RESPONSE_HEADERS)
    )


def refuse_by_resource_policy(flight: Flight, response: Response) -> Failure | None:
    """https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check"""
    policy = value_of(response, "Cross-Origin-Resource-Policy")
    url: Url = flight.url
    if flight.mode != "no-cors" or policy not in ("same-origin", "same-site"):
        return None
    if flight.is_same_origin and not flight.is_tainted:
        return None
    if policy == "same-site" and is_same_site(flight.fetch.page_origin, url):
        return None
    return Failure(
        "resource-policy",
        f"Cross-Origin-Resource-Policy is {policy}, and the page is of another "
        f"{policy.removeprefix('same-')}.",
        value=policy,
        status=response.status,
    )
