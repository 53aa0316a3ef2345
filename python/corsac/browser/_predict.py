"""Runs the client algorithm against a callable that performs one HTTP exchange.

Here: `predict` and `predict_async`, and the two loops that drive any generator of requests. Not here: the algorithm (`_client.py`), any I/O.
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import TypeVar

from ._cache import PreflightCache
from ._client import exchange
from ._fetch import Browser, Fetch
from ._verdict import Verdict
from ._wire import NoResponse, Request, Response

Result = TypeVar("Result")


def predict(
    fetch: Fetch,
    send: Callable[[Request], Response],
    *,
    browser: Browser | None = None,
    cache: PreflightCache | None = None,
) -> Verdict:
    """What a browser does with a fetch, and why.

    `fetch`: a `Fetch`. `send`: takes a `Request`, performs the exchange and returns its
    `Response`, or raises `NoResponse`; anything else that it raises comes through. `browser`: a
    `Browser`, or None for what the standard says. `cache`: a `PreflightCache` that outlives the
    fetch, or None for an empty one. Returns a `Verdict`.
    Source: https://fetch.spec.whatwg.org/#concept-fetch
    """
    return drive(exchange(fetch, browser=browser, cache=cache), send)


async def predict_async(
    fetch: Fetch,
    send: Callable[[Request], Awaitable[Response]],
    *,
    browser: Browser | None = None,
    cache: PreflightCache | None = None,
) -> Verdict:
    """The same as `predict` for a `send` that is awaited.

    Source: https://fetch.spec.whatwg.org/#concept-fetch
    """
    return await drive_async(exchange(fetch, browser=browser, cache=cache), send)


def drive(
    steps: Generator[Request, Response, Result], send: Callable[[Request], Response]
) -> Result:
    """Sends what a generator of requests asks for, until it has its result."""
    try:
        request = next(steps)
        while True:
            try:
                response = send(request)
            except NoResponse as error:
                request = steps.throw(error)
            else:
                request = steps.send(response)
    except StopIteration as end:
        result: Result = end.value
        return result


async def drive_async(
    steps: Generator[Request, Response, Result],
    send: Callable[[Request], Awaitable[Response]],
) -> Result:
    """The same for a `send` that is awaited."""
    try:
        request = next(steps)
        while True:
            try:
                response = await send(request)
            except NoResponse as error:
                request = steps.throw(error)
            else:
                request = steps.send(response)
    except StopIteration as end:
        result: Result = end.value
        return result
