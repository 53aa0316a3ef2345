"""Runs the client algorithm against a callable that performs one HTTP exchange.

Here: `predict` and `predict_async`. Not here: the algorithm (`_client.py`), any I/O.
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ._cache import PreflightCache
from ._client import exchange
from ._fetch import Browser, Fetch
from ._verdict import Verdict
from ._wire import NoResponse, Request, Response


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
    steps = exchange(fetch, browser=browser, cache=cache)
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
        verdict: Verdict = end.value
        return verdict


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
    steps = exchange(fetch, browser=browser, cache=cache)
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
        verdict: Verdict = end.value
        return verdict
