"""Times what each peer adds to its framework's application, beside corsac.

Here: every case of `peers/cases.py` for each peer: the answers asserted, then the pairs
timed. A preflight is a request that only CORS makes: nothing is taken off its time. Within a
framework, which reads and answers each request, its own answer to that preflight is taken off.
Not here: how a pair is timed (`paired.py`), tables and bounds (`peer_tables.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import asyncio
import importlib
import warnings
from functools import cache

import pytest
from corsac import Policy
from corsac.compat import CompatWarning
from paired import Pair, time_pairs
from peer_tables import Result
from peers import PEERS
from peers.answers import faults, known_faults
from peers.cases import CASES, COUNTS
from peers.doors import ASGI

INSTALL = "needs the peers: pip install '.[bench]'"


@cache
def policy(terms):
    return Policy(**terms.keywords)


@pytest.fixture(scope="module")
def loop():
    """One event loop for all, as in a server."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name.replace(" ", "-"))
def test_peer(peer, case, loop, keep_result, pytestconfig):
    """What a peer adds; what corsac adds around the same, by its adapter, by a swapped import, and
    around a small application."""
    for name in peer.needs:
        pytest.importorskip(name, reason=INSTALL)
    module = importlib.import_module(f"peers.{peer.module}")
    timed = not pytestconfig.option.benchmark_disable
    result = loop.run_until_complete(compare(peer, module, CASES[case], timed))
    keep_result(result)


async def compare(peer, module, case, timed):
    """Asserts all answers, and times the pairs."""
    door = module.door
    small_door = door if hasattr(door, "corsac") else ASGI
    pairs = {"alone": await corsac_pair(small_door, lambda: small_door.small, case)}
    if hasattr(door, "corsac") and module.bare() is not door.small:
        pairs["around"] = await corsac_pair(door, module.bare, case)
    for name, app in ours(module, case.terms):
        assert not list(faults(case, *await door.answer(app, case)))
        pairs[name] = await pair_within(module, app, case)
    if hasattr(module, "passing") and case.terms.count == COUNTS[0]:
        pairs["nothing"] = await pair_within(module, module.passing(), case)
    guarded = module.guarded(case.terms)
    wrong = set()
    if guarded is not None:
        wrong = set(faults(case, *await door.answer(guarded, case)))
        assert wrong == known_faults(peer, case)
        pairs["peer"] = await pair_of(door, module.bare, guarded, case)
        pairs["peer within"] = pairs["peer"]
        if case.preflight:
            pairs["peer within"] = await pair_within(module, guarded, case)
    if timed:
        await time_pairs(list(dict.fromkeys(pairs.values())))
    return Result(peer, case, wrong, pairs)


def ours(module, terms):
    """corsac's adapter for the framework, and the peer's application with only its import changed."""
    if hasattr(module, "adapted"):
        yield "adapter", module.adapted(policy(terms))
    if hasattr(module, "swapped"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CompatWarning)
            app = module.swapped(terms)
        yield "swapped", app


async def corsac_pair(door, make_bare, case):
    """corsac around an application. Its answers have no fault."""
    bare = make_bare()
    whole = door.corsac(bare, policy(case.terms))
    if not case.preflight:
        assert (await door.answer(bare, case))[0] == 200
    assert not list(faults(case, *await door.answer(whole, case)))
    return await pair_of(door, make_bare, whole, case)


async def pair_of(door, make_bare, whole, case):
    """A preflight is not the application's: nothing is taken off."""
    without = None if case.preflight else await door.timer(make_bare(), case)
    return Pair(without, await door.timer(whole, case))


async def pair_within(module, whole, case):
    """The framework's own answer to the same request is taken off.

    Every pair has a bare application of its own: one that all pairs ask would be found in
    the caches, where the whole ones are not.
    """
    door = module.door
    return Pair(await door.timer(module.bare(), case), await door.timer(whole, case))
