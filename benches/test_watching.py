"""Times what watching and choosing add to a plain policy.

Here: the same request around the same application, once under a plain policy and once under one
that is counted, enforced, shadowed, or chosen. Both answers are asserted first.
Not here: how a pair is timed (`paired.py`), tenants (`test_tenants.py`).
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

import asyncio
from collections.abc import Callable
from timeit import Timer
from typing import Any, NamedTuple

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from corsac.adapters import asgi, wsgi
from corsac.sight import counts
from differences import Difference
from paired import Pair, time_pairs
from peers.doors import small_asgi, small_wsgi, start_response
from shared import ACTUAL, NO_ORIGIN, OPTIONS, PREFLIGHT
from test_adapters import asgi_answer, environ_of, scope_of, wsgi_answer

#: What counting may add to a request, in seconds.
COUNTED_AT_MOST = 20e-9

REFUSED = [*NO_ORIGIN, (b"origin", b"https://elsewhere.example")]
REQUESTS = {
    "no-origin": ("GET", NO_ORIGIN),
    "actual": ("GET", ACTUAL),
    "refused": ("GET", REFUSED),
    "preflight": ("OPTIONS", PREFLIGHT),
}
PLAIN = Policy(**OPTIONS)
NAMED = PLAIN.replace(name="benched")
OTHER = Policy(allow_origins=["https://other.example"])


class Way(NamedTuple):
    """What stands where the plain policy stands, for which requests."""

    source: Any
    requests: tuple[str, ...] = ("actual",)
    at_most: float | None = None


WAYS = {
    "counted": Way(NAMED, tuple(REQUESTS), COUNTED_AT_MOST),
    "enforced": Way(PLAIN.replace(enforce=True)),
    "shadowed": Way(NAMED.replace(shadow=PLAIN)),
    "a handle": Way(PolicyHandle(PLAIN)),
    "a map": Way(PolicyMap({"/": PLAIN, "/api": OTHER, "/internal": None})),
    "a map by host": Way(
        PolicyMap({"/": PLAIN, "api.test": OTHER, "*.api.test": None})
    ),
    "a handle of a map": Way(PolicyHandle(PolicyMap({"/": PLAIN, "/api": OTHER}))),
    "by origin": Way(OriginPolicies([OTHER, PLAIN])),
    "a callable": Way(lambda request: PLAIN),
}
CASES = [(way, request) for way in WAYS for request in WAYS[way].requests]


async def take(message: Any) -> None:
    """A server that is faster than the application."""


def timer_of(call: Callable[[], Any]) -> Any:
    """What gives the seconds of so many calls."""
    timer = Timer(call)

    async def time(size: int) -> float:
        return timer.timeit(size)

    return time


def asgi_call(app: Any, scope: Any) -> Callable[[], None]:
    """A coroutine is driven by hand, so that no event loop is part of the figures."""

    def call() -> None:
        try:
            app(scope, None, take).send(None)
        except StopIteration:
            return

    return call


@pytest.mark.parametrize(("way", "request_name"), CASES, ids=lambda value: value)
def test_asgi(way, request_name, keep_difference, pytestconfig):
    """The same answer, a little later."""
    scope = scope_of(*REQUESTS[request_name])
    plain = asgi.CORSMiddleware(small_asgi, PLAIN)
    other = asgi.CORSMiddleware(small_asgi, WAYS[way].source)
    assert asgi_answer(plain, scope) == asgi_answer(other, scope)
    pair = Pair(*(timer_of(asgi_call(app, scope)) for app in (plain, other)))
    keep(f"asgi/{request_name}, {way}", pair, WAYS[way], keep_difference, pytestconfig)


@pytest.mark.parametrize(("way", "request_name"), CASES, ids=lambda value: value)
def test_wsgi(way, request_name, keep_difference, pytestconfig):
    """The same answer, a little later."""
    environ = environ_of(*REQUESTS[request_name])
    plain = wsgi.CORSMiddleware(small_wsgi, PLAIN)
    other = wsgi.CORSMiddleware(small_wsgi, WAYS[way].source)
    assert wsgi_answer(plain, environ) == wsgi_answer(other, environ)
    calls = (lambda app=app: app(environ, start_response) for app in (plain, other))
    pair = Pair(*map(timer_of, calls))
    keep(f"wsgi/{request_name}, {way}", pair, WAYS[way], keep_difference, pytestconfig)


def test_a_counted_request_is_counted_once():
    """So that what is timed is what is promised."""

    def total():
        return sum(count.total for count in counts() if count.policy == "benched")

    before = total()
    asgi_answer(asgi.CORSMiddleware(small_asgi, NAMED), scope_of("GET", ACTUAL))
    assert before + 1 == total()


def keep(case, pair, way, keep_difference, config):
    if not config.option.benchmark_disable:
        asyncio.run(time_pairs([pair]))
    keep_difference(Difference(case, pair, way.at_most))
