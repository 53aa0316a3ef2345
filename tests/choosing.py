"""What an adapter is given, as a row spells it, and what it decides of the row's request.

Here: sources out of a row's JSON, the request of a row as an adapter reads it, and its decision.
Not here: any expectation, how a request gets to an adapter (`adapters/`, `frameworks/`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from corsac import (
    Decision,
    OriginPolicies,
    Policy,
    PolicyHandle,
    PolicyMap,
    PolicyWarning,
    Request,
)
from corsac._sources import choose
from rows import policy_keywords

Row = dict[str, Any]


def build(source: Any) -> Any:
    """A source out of its JSON; without the warnings that some rows are about.

    `{"map": ...}`, `{"origins": [...]}`, `{"handle": ..., "replaced_by": ...}`,
    `{"callable": "sync", "by": "method", "gives": {"PUT": ..., "": ...}}`, where `by` is an
    attribute of the request or a header's name in lower case, and "" stands for all others;
    without `by`, `gives` is the source that it always gives. Anything else: a policy's keywords.
    """
    if source is None:
        return None
    if "map" in source:
        routes = source["map"].items()
        return PolicyMap({route: build(choice) for route, choice in routes})
    if "origins" in source:
        return OriginPolicies([build(policy) for policy in source["origins"]])
    if "handle" in source:
        handle = PolicyHandle(build(source["handle"]))
        if "replaced_by" in source:
            handle.replace(build(source["replaced_by"]))
        return handle
    if "callable" in source:
        return _build_callable(**source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        return Policy(**policy_keywords(source))


def _build_callable(callable: str, gives: Any, by: str = "") -> Callable[..., Any]:
    choices = {key: build(gives[key]) for key in gives} if by else {"": build(gives)}

    def choose_policy(request: Request) -> Any:
        key = request.headers.get(by, "")
        if hasattr(request, by):
            key = getattr(request, by)
        return choices.get(key, choices.get(""))

    async def choose_policy_later(request: Request) -> Any:
        await asyncio.sleep(0)
        return choose_policy(request)

    return {"sync": choose_policy, "async": choose_policy_later}[callable]


def is_asynchronous(source: Any) -> bool:
    """Whether a row's source has to be awaited."""
    return source is not None and source.get("callable") == "async"


def request_of(row: Row, path: str = "/") -> Request:
    """A row's request as a server of HTTP has it; `path` is as it stands in the request line."""
    request = row["request"]
    headers = [(name, value) for name, value in request["headers"]]
    return Request(
        request["method"],
        headers,
        scheme="http",
        path=unquote(path, errors="replace"),
        native=None,
    )


def choose_policy(source: Any, request: Request) -> Policy | None:
    """The policy that a source gives a request."""
    policy = choose(source, request)
    if policy is None or isinstance(policy, Policy):
        return policy
    return asyncio.run(_await(policy))


def decide(source: Any, request: Request) -> Decision | None:
    """What a source decides of a request; None where there is no CORS."""
    policy = choose_policy(source, request)
    return None if policy is None else policy._decide_request(request)


async def _await(awaitable: Awaitable[Policy | None]) -> Policy | None:
    return await awaitable


#: Where the pages stand that rows name, as every site of `frameworks/` has them.
PATHS = {
    "page": "/row/{}",
    "stream": "/stream/{}",
    "redirect": "/moved/{}",
    "missing": "/missing",
    "not allowed": "/put",
    "private": "/private",
    "error": "/error",
}


def path_of(row: Row, index: int = 0) -> str:
    """The path of a row's request, as it stands in the request line."""
    page = row.get("application", {}).get("page", "page")
    return row["request"].get("path") or PATHS[page].format(index)
