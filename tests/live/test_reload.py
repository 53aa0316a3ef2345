"""Loads, and what becomes of the handle's policy.

Here: when a load runs, what takes whose place, how it ends. Not here: what is told of it
(`test_report.py`), forks and exits (`test_lives.py`), real sources (`test_file.py`, `test_rows.py`,
`test_database.py`).
Spec: https://docs.python.org/3/library/threading.html
"""

from __future__ import annotations

import asyncio
import gc
import re
import threading
import time
import weakref

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from corsac.live import reload
from hearing import DEADLINE, NEVER, NEW, OLD, Source, make_handle, wait_until


def test_the_first_load_runs_at_once_in_the_background():
    """The caller goes on meanwhile, under the policy that the handle has."""
    handle, go = make_handle(), threading.Event()

    def load():
        assert go.wait(DEADLINE)
        return NEW

    with reload(handle, load, every=NEVER):
        assert handle.policy is OLD
        go.set()
        wait_until(lambda: handle.policy is NEW)


@pytest.mark.parametrize(
    "choice",
    [NEW, PolicyMap({"/api": NEW, "/internal": None}), OriginPolicies([NEW, OLD])],
    ids=lambda choice: type(choice).__name__,
)
def test_whatever_chooses_a_policy_can_be_loaded(choice):
    """A policy, a map, and a list by origins."""
    handle = make_handle()
    with reload(handle, lambda: choice, every=NEVER) as reloader:
        assert reloader.load_now()
        assert handle.policy is choice


def test_a_policy_that_is_equal_takes_no_place():
    """So nobody has to compare, and what the old one has made stays in use."""
    handle = make_handle()
    with reload(handle, lambda: OLD.replace(), every=NEVER) as reloader:
        assert reloader.load_now()
        assert handle.policy is OLD
        assert reloader.last_success.changed is False


def test_it_loads_every_so_many_seconds():
    """Without being asked."""
    handle, source = make_handle(), Source(NEW)
    with reload(handle, source.load, every=0.01):
        wait_until(lambda: source.loads > 5)


@pytest.mark.parametrize(
    "outcome",
    [
        None,
        "https://new.example",
        lambda: make_handle(),
        lambda: Policy(allow_origins=["htps:/broken"]),
        OSError("the disk is on fire"),
        SystemExit(1),
        KeyboardInterrupt(),
        RecursionError(),
    ],
    ids=["None", "str", "handle", "wrong policy", "error", "exit", "stop", "bug"],
)
def test_the_policy_stays_when_a_load_gives_none(outcome):
    """Whatever goes wrong, and the thread goes on."""
    handle, source = make_handle(), Source(outcome)
    with reload(handle, source.load, every=NEVER) as reloader:
        assert not reloader.load_now()
        assert handle.policy is OLD
        source.outcome = NEW
        assert reloader.load_now()
        assert handle.policy is NEW


def test_after_a_failure_it_tries_again_soon():
    """A source that was away for a moment is not left alone for the whole time."""
    handle, source = make_handle(), Source(OSError("away"))
    with reload(handle, source.load, every=NEVER):
        wait_until(lambda: source.loads > 1)
        source.outcome = NEW
        wait_until(lambda: handle.policy is NEW)


def test_what_is_replaced_by_others_is_compared_with_what_stands_there():
    """A load brings its policy back."""
    handle = make_handle()
    with reload(handle, lambda: NEW, every=NEVER) as reloader:
        assert reloader.load_now()
        handle.replace(OLD)
        assert reloader.load_now()
        assert handle.policy is NEW


def test_load_now_waits_for_a_load_that_began_after_the_call():
    """One that is under way may have read what is old already."""
    handle, begun, go = make_handle(), threading.Semaphore(0), threading.Semaphore(0)
    written = ["https://first.example"]

    def load():
        origins = list(written)
        begun.release()
        assert go.acquire(timeout=DEADLINE)
        return Policy(allow_origins=origins)

    with reload(handle, load, every=NEVER) as reloader:
        assert begun.acquire(timeout=DEADLINE)
        written[0] = "https://second.example"
        go.release(2)
        assert reloader.load_now(DEADLINE)
        assert ("https://second.example",) == handle.policy.allow_origins


def test_load_now_waits_no_longer_than_it_is_told():
    """And not at all where it is told so."""
    handle, go = make_handle(), threading.Event()
    with reload(handle, lambda: go.wait(DEADLINE), every=NEVER) as reloader:
        assert reloader.load_now(timeout=0.01) is False
        assert reloader.load_now(wait=False) is False
        go.set()


def test_one_load_serves_all_who_asked_before_it():
    """However many they are."""
    handle, begun, go = make_handle(), threading.Event(), threading.Event()
    loads = []

    def load():
        loads.append(None)
        begun.set()
        assert go.wait(DEADLINE)
        return NEW

    with reload(handle, load, every=NEVER) as reloader:
        assert begun.wait(DEADLINE)
        for _ in range(50):
            reloader.load_now(wait=False)
        go.set()
        assert reloader.load_now(DEADLINE)
        assert len(loads) <= 3


def test_many_threads_may_ask_for_a_load_at_a_time():
    """Each gets its answer."""
    handle, source = make_handle(), Source(NEW)
    with reload(handle, source.load, every=NEVER) as reloader:
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(reloader.load_now(DEADLINE)))
            for _ in range(50)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE)
        assert [True] * 50 == answers


def test_a_hook_may_ask_for_a_load_and_for_the_end():
    """Though both concern the thread that it runs in."""
    handle, go, said = make_handle(), threading.Event(), []
    reloader = reload(
        handle,
        lambda: NEW if go.wait(DEADLINE) else OLD,
        every=NEVER,
        on_change=lambda _: said.extend([reloader.load_now(), reloader.stop()]),
    )
    go.set()  # only here does the hook know the reloader
    wait_until(lambda: len(said) == 2)
    wait_until(reloader.stop)
    assert [False, False] == said


def test_nothing_is_replaced_after_the_end():
    """Also by a load that was under way."""
    handle, begun, go = make_handle(), threading.Event(), threading.Event()

    def load():
        begun.set()
        assert go.wait(DEADLINE)
        return NEW

    reloader = reload(handle, load, every=NEVER)
    assert begun.wait(DEADLINE)
    assert reloader.stop(timeout=0.01) is False
    go.set()
    assert reloader.stop(DEADLINE) is True
    assert handle.policy is OLD
    assert reloader.load_now() is False


def test_a_coroutine_is_loaded_on_a_loop_of_its_own():
    """Each time anew, whatever loops there are elsewhere."""
    handle, loops = make_handle(), []

    async def load():
        loops.append(asyncio.get_running_loop())
        await asyncio.sleep(0)
        return NEW

    async def serve():
        with reload(handle, load, every=NEVER) as reloader:
            assert await asyncio.to_thread(reloader.load_now)
            loops.append(asyncio.get_running_loop())

    asyncio.run(serve())
    assert handle.policy is NEW
    assert len(loops) == len(set(loops)) > 1


def test_a_coroutine_that_hangs_is_cancelled_at_the_end():
    """So that its connections are closed."""
    handle, begun, ended = make_handle(), threading.Event(), threading.Event()

    async def load():
        try:
            begun.set()
            await asyncio.sleep(NEVER)
        finally:
            ended.set()

    with reload(handle, load, every=NEVER) as reloader:
        assert begun.wait(DEADLINE)
        assert reloader.stop(DEADLINE)
    assert ended.is_set()
    assert reloader.last_failure is None


def test_the_thread_ends_with_the_handle():
    """A service that drops its handle keeps no thread."""
    handle = make_handle()
    seen = weakref.ref(handle)
    reloader = reload(handle, lambda: OLD, every=NEVER)
    assert reloader.load_now()
    del handle
    gc.collect()
    assert seen() is None
    wait_until(lambda: "stopped" in repr(reloader))
    assert reloader.load_now() is False


def test_a_reloader_that_has_ended_is_kept_by_nothing():
    """An application that is made anew for each test leaves none behind."""
    handle = make_handle()
    reloader = reload(handle, lambda: NEW, every=NEVER)
    seen = weakref.ref(reloader)
    assert reloader.load_now()
    assert reloader.stop(DEADLINE)
    del reloader
    # A thread that is told to end does so a little later.
    wait_until(lambda: gc.collect() >= 0 and seen() is None)


@pytest.mark.parametrize("is_coroutine", [False, True])
def test_a_failure_keeps_nothing_that_its_load_had_in_hand(is_coroutine):
    """Its traceback is let go of, with all that stands in its frames."""
    handle, seen = make_handle(), []

    def load():
        rows = make_handle()
        seen.append(weakref.ref(rows))
        raise OSError("away")

    async def load_later():
        load()

    chosen = load_later if is_coroutine else load
    with reload(handle, chosen, every=NEVER) as reloader:
        assert not reloader.load_now()
        assert reloader.last_failure.error is None
        gc.collect()
        assert {None} == {each() for each in seen}


def test_a_reloader_shows_what_it_is_about():
    """In a debugger, and in a log."""
    handle = make_handle()
    with reload(handle, Source(NEW).load, every=90) as reloader:
        assert reloader.load_now()
        time_ = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
        text = rf"<Reloader of Source\.load, every 2 min, last success {time_}, no failure>"
        assert re.fullmatch(text, repr(reloader))
        assert reloader.last_success.at.tzinfo is not None
        assert 0 <= reloader.last_success.seconds < DEADLINE
        assert reloader.last_failure is None
    assert repr(reloader).endswith(", stopped>")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"handle": OLD}, TypeError, "give the PolicyHandle that your adapter has"),
        ({"load": NEW}, TypeError, "give a function that loads a policy"),
        ({"every": "60"}, TypeError, "every: write seconds, like 60.0, not '60'"),
        ({"every": True}, TypeError, "every: write seconds"),
        ({"every": 0}, ValueError, "every: write seconds above 0"),
        ({"every": float("inf")}, ValueError, "at most a year, not inf"),
        ({"every": float("nan")}, ValueError, "at most a year, not nan"),
        ({"patience": -1}, ValueError, "patience: write seconds above 0"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_wrong_arguments_are_told_at_once(arguments, error, message):
    """With what to write instead; no thread starts."""
    before = threading.active_count()
    given = {"handle": make_handle(), "load": lambda: NEW, **arguments}
    with pytest.raises(error, match=re.escape(message)):
        reload(given.pop("handle"), given.pop("load"), **given)
    assert before == threading.active_count()


def test_a_request_never_waits_for_a_load():
    """While one hangs, the handle answers as before."""
    handle, begun, go = make_handle(), threading.Event(), threading.Event()

    def load():
        begun.set()
        go.wait(DEADLINE)
        return NEW

    with reload(handle, load, every=NEVER):
        assert begun.wait(DEADLINE)
        began = time.monotonic()
        for _ in range(1_000):
            handle.decide("GET", [("Origin", "https://old.example")])
        assert time.monotonic() - began < DEADLINE
        assert not go.is_set()
        go.set()


def test_a_handle_in_a_map_is_kept_current_by_itself():
    """The part that changes is loaded, and the rest stays where it stands."""
    part = PolicyHandle(OLD)
    whole = PolicyHandle(PolicyMap({"/api": part}))
    with reload(part, lambda: NEW, every=NEVER) as reloader:
        assert reloader.load_now()
    assert whole.policy.routes["/api"].policy is NEW
