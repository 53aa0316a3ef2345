"""A policy that is replaced while requests come.

Here: the handle by itself, in threads, beside an event loop, and what is left of replaced
policies. Not here: where new policies come from (`live/`), what they answer.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import asyncio
import contextlib
import copy
import gc
import pickle
import threading
import warnings
from itertools import pairwise
from pathlib import Path

import pytest
from corsac import OriginPolicies, Outcome, Policy, PolicyHandle, PolicyMap
from corsac.adapters import asgi, wsgi
from together import THREADS, together

FIRST = Policy(allow_origins=["https://first.example"])
SECOND = Policy(allow_origins=["https://second.example"])
MAP = PolicyMap({"/": FIRST, "/second": SECOND})


def test_a_handle_gives_what_it_was_last_given():
    """Each replacement tells whom it replaced."""
    handle = PolicyHandle(FIRST)
    given = [SECOND, None, MAP, OriginPolicies([FIRST]), FIRST]
    before = FIRST
    for policy in given:
        assert before is handle.replace(policy)
        assert policy is handle.policy
        before = policy


def test_a_handle_decides_by_the_policy_of_the_moment():
    """Where that needs no place."""
    handle = PolicyHandle(FIRST)
    asked = {"Origin": "https://second.example"}
    assert Outcome.ACTUAL_REFUSED is handle.decide("GET", asked).outcome
    handle.replace(OriginPolicies([FIRST, SECOND]))
    assert Outcome.ACTUAL_ALLOWED is handle.decide("GET", asked).outcome
    for policy in (None, MAP):
        handle.replace(policy)
        with pytest.raises(TypeError, match="give the handle to an adapter"):
            handle.decide("GET", asked)


class Chooser:
    """Looks like a map, and is none."""

    routes = MAP.routes

    def choose(self, request):
        return FIRST


@pytest.mark.parametrize(
    "policy",
    [
        5,
        "public",
        {"allow_origins": ["*"]},
        lambda request: FIRST,
        Policy,
        PolicyHandle(FIRST),
        Chooser(),
        [FIRST],
    ],
    ids=lambda policy: type(policy).__name__,
)
def test_a_handle_holds_nothing_else(policy):
    """The error says what it holds, and the old policy stays."""
    handle = PolicyHandle(FIRST)
    with pytest.raises(TypeError, match="a PolicyHandle holds a Policy"):
        handle.replace(policy)
    with pytest.raises(TypeError, match="a PolicyHandle holds a Policy"):
        PolicyHandle(policy)
    assert FIRST is handle.policy


def test_a_handle_never_holds_itself():
    """Not by way of maps and other handles either: a request would go round forever."""
    outer, inner = PolicyHandle(FIRST), PolicyHandle(None)
    outer.replace(PolicyMap({"/": PolicyMap({"/a": inner})}))
    for choice in (
        PolicyMap({"/": outer}),
        PolicyMap({"/": PolicyMap({"/b": outer})}),
        PolicyMap({"/": inner}),
    ):
        with pytest.raises(TypeError, match="would ask it forever"):
            inner.replace(choice)
    assert inner.policy is None
    inner.replace(PolicyMap({"/": PolicyHandle(SECOND)}))


def test_a_copy_of_a_handle_is_that_handle():
    """So that whoever copies a configuration still hears of replacements."""
    handle = PolicyHandle(FIRST)
    assert handle is copy.copy(handle) is copy.deepcopy([handle])[0]
    assert handle != PolicyHandle(FIRST)
    assert {handle: 1}[handle]
    with pytest.raises(TypeError, match="pickle its policy"):
        pickle.dumps(handle)
    assert "PolicyHandle(Policy(" in repr(handle)
    with pytest.raises(AttributeError):
        handle.policy = SECOND


def origins_of(number):
    return [f"https://{number}.example", f"https://*.{number}.example"]


def policy_of(number):
    """A policy whose answers all bear its number, and differ in every header from others'."""
    return Policy(
        allow_origins=[*origins_of(number), "https://all.example"],
        allow_methods=[f"M{number}"],
        allow_headers=[f"X-{number}"],
        expose_headers=[f"X-{number}"],
        max_age=number,
    )


PREFLIGHT = {"Origin": "https://all.example", "Access-Control-Request-Method": "GET"}


def number_of(headers):
    """Whose answer it is; every line of it says the same."""
    lines = dict(headers)
    [name] = lines.get("Access-Control-Expose-Headers", "").split() or [""]
    numbers = {
        lines.get("Access-Control-Allow-Methods", "M").removeprefix("M"),
        lines.get("Access-Control-Allow-Headers", "X-").removeprefix("X-"),
        lines.get("Access-Control-Max-Age", ""),
        name.removeprefix("X-"),
    } - {""}
    assert 1 == len(numbers)
    return int(numbers.pop())


def test_replacements_of_many_threads_are_one_after_another():
    """What each one replaced was put there once, and is replaced once."""
    handle = PolicyHandle(policy_of(0))
    policies = [
        [policy_of(1 + t + THREADS * n) for n in range(200)] for t in range(THREADS)
    ]
    replaced = []

    def job(number):
        replaced.extend([handle.replace(policy) for policy in policies[number]])

    together(job)

    seen = [policy.max_age for policy in [*replaced, handle.policy]]
    assert list(range(THREADS * 200 + 1)) == sorted(seen)


@pytest.mark.parametrize("protocol", ["asgi", "wsgi", "decide"])
def test_an_answer_is_wholly_of_one_policy(protocol):
    """While four threads replace it, each answer is one that was there during its request."""
    handle = PolicyHandle(policy_of(0))
    rounds, done = 2500, threading.Event()
    # Only so many are made, since making one takes longer than to replace it.
    policies = [policy_of(number) for number in range(1, 65)]
    errors = []

    def replace(number):
        try:
            for turn in range(rounds):
                handle.replace(policies[(turn * 4 + number) % len(policies)])
        except Exception as error:  # noqa: BLE001  # shown by the test
            errors.append(error)

    def stop():
        for thread in threads:
            thread.join()
        done.set()

    threads = [threading.Thread(target=replace, args=[n]) for n in range(4)]
    stopper = threading.Thread(target=stop)
    numbers = set()
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        asking = {"asgi": ask_asgi, "wsgi": ask_wsgi, "decide": decide}[protocol]
        ask = asking(handle, loop)
        for thread in (*threads, stopper):
            thread.start()
        while not done.is_set():
            numbers.add(number_of(ask()))
        stopper.join()
    assert not errors
    assert numbers <= set(range(65))


def decide(handle, loop):
    return lambda: handle.decide("OPTIONS", PREFLIGHT).headers


def ask_asgi(handle, loop):
    async def application(scope, receive, send):
        raise AssertionError("a preflight never comes here")

    app = asgi.CORSMiddleware(application, handle)
    headers = [(name.lower().encode(), v.encode()) for name, v in PREFLIGHT.items()]

    def ask():
        messages = []

        async def send(message):
            messages.append(message)

        scope = {"type": "http", "method": "OPTIONS", "path": "/", "headers": headers}
        loop.run_until_complete(app(scope, None, send))
        return [(n.decode().title(), v.decode()) for n, v in messages[0]["headers"]]

    return ask


def ask_wsgi(handle, loop):
    app = wsgi.CORSMiddleware(None, handle)
    environ = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in PREFLIGHT.items()}
    environ["REQUEST_METHOD"] = "OPTIONS"

    def ask():
        started = []
        app(environ, lambda status, headers: started.append(headers))
        return started[0]

    return ask


KINDS = {
    "plain": {},
    "named": {"name": "of-handles"},
    "enforcing": {"enforce": True},
    "with a shadow": {"name": "of-handles", "shadow": SECOND},
    "in debug mode": {"debug": True},
}


def memory():
    """The memory of this process that is in use, in pages; 0 where the system does not say."""
    path = Path("/proc/self/statm")
    return int(path.read_text().split()[1]) if path.exists() else 0


def test_a_handle_is_made_once():
    """Else a map could get around the look whether it leads back to the handle."""
    handle = PolicyHandle(None)
    with pytest.raises(AttributeError, match=r"replace it: handle\.replace"):
        handle.__init__(PolicyMap({"/": handle}))
    assert handle.policy is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("by", "times"), [("Policy", 2000), ("replace", 10_000)])
def test_a_replaced_policy_is_gone_at_once(kind, by, times):
    """Without the garbage collector, which may not come for long, and knows nothing of its size."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        template = Policy(allow_origins=["https://0.example"], **KINDS[kind])
        handle = PolicyHandle(template)
        ask = ask_wsgi(handle, None)
        grown, alive = [], []
        gc.collect()
        gc.disable()
        try:
            for number in range(times + 1):
                if number % (times // 4) == 0:
                    grown.append(memory())
                    alive.append(policies())
                origins = [f"https://{number}.example"]
                if by == "Policy":
                    policy = Policy(allow_origins=origins, **KINDS[kind])
                else:
                    policy = handle.policy.replace(allow_origins=origins)
                handle.replace(policy)
                ask()
        finally:
            gc.enable()
    assert 1 == len(set(alive[1:]))
    # A tenth of a page for a policy. A process that has done other things grows for reasons of
    # its own, but not in every quarter.
    quarters = [after - before for before, after in pairwise(grown)]
    assert min(quarters) < times / 40


def policies():
    """How many policies there are."""
    # By its type: what only pretends to be something may have to be set up for that.
    return sum(issubclass(type(each), Policy) for each in gc.get_objects())
