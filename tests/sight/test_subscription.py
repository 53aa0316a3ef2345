"""Who hears of refused requests: in which thread, and whatever a hook does.

Here: `on_refused` and `Subscription`. Not here: what is told (`test_advice.py`), how often
(`test_rate.py`), logs (`test_logging.py`).
Spec: https://docs.python.org/3/library/threading.html
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import os
import subprocess
import sys
import threading
import time
import weakref
from typing import Any

import pytest
from corsac.adapters.asgi import CORSMiddleware
from corsac.sight import Subscription, on_refused
from requesting import DEADLINE, EVIL, GOOD, Heard, drive, make_policy


class Lines(list[Any]):
    """Header lines that can be referred to weakly."""


#: No other one comes while a test runs.
SELDOM = 1e-6
REFUSED = [("Origin", EVIL)]


def test_a_closed_subscription_has_told_all_that_it_promised() -> None:
    """It can be closed again, and by its own hook."""
    policy, heard = make_policy(), Heard()
    subscription = on_refused(heard, per_second=SELDOM, burst=1000)
    for _ in range(1000):
        policy.decide("GET", REFUSED)
    subscription.close(DEADLINE)
    policy.decide("GET", REFUSED)
    subscription.close()

    assert 1000 == len(heard.requests) == subscription.told
    assert 0 == subscription.suppressed

    closing: list[Subscription] = []
    done = threading.Event()

    def close(_: Any) -> None:
        closing[0].close()
        done.set()

    closing.append(on_refused(close))
    policy.decide("GET", REFUSED)
    assert done.wait(DEADLINE)


def test_a_hook_that_raises_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    """It goes on hearing, and no request notices."""
    policy, heard = make_policy(), Heard()

    def failing(refused: Any) -> None:
        heard(refused)
        raise SystemExit(refused.origin)

    with on_refused(failing, per_second=SELDOM, burst=5):
        for _ in range(5):
            policy.decide("GET", REFUSED)
        heard.wait_for(5)

    [record] = caplog.records
    assert ("corsac", logging.ERROR) == (record.name, record.levelno)
    assert record.exc_info and SystemExit is record.exc_info[0]
    assert record.getMessage().startswith("a hook for refused requests failed")


def test_a_hook_and_a_logger_that_both_raise_are_told_of_on_stderr(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Then there is no other place."""
    policy = make_policy()

    class Raising(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            raise OSError("no log")

    refusing, logger = Raising(), logging.getLogger("corsac")
    logger.addFilter(refusing)
    try:
        with on_refused(lambda refused: 1 / 0):
            policy.decide("GET", REFUSED)
    finally:
        logger.removeFilter(refusing)

    written = capfd.readouterr().err
    assert written.startswith("a hook for refused requests failed")
    assert "ZeroDivisionError" in written


def test_a_hook_that_hangs_holds_no_request_up() -> None:
    """A burst waits for it, the others are left out."""
    policy, release, heard = make_policy(), threading.Event(), Heard()

    def hanging(refused: Any) -> None:
        heard(refused)
        assert release.wait(DEADLINE)

    with on_refused(hanging, per_second=1000, burst=4) as subscription:
        policy.decide("GET", REFUSED)
        heard.wait_for(1)
        while not subscription.suppressed:
            policy.decide("GET", REFUSED)
            time.sleep(0.002)  # so that it is not the rate that leaves them out
        assert 1 == len(heard.requests)
        assert 5 == subscription.told
        release.set()


def test_a_hook_runs_beside_the_requests_with_their_context() -> None:
    """So that what a request's context variables say of it can be logged."""
    policy, heard = make_policy(), Heard()
    number = contextvars.ContextVar[str]("number")
    seen: list[tuple[str, int]] = []

    def look(refused: Any) -> None:
        seen.append((number.get(), threading.get_ident()))
        heard(refused)

    async def ask() -> None:
        number.set("request 7")
        policy.decide("GET", REFUSED)

    with on_refused(look):
        asyncio.run(ask())
        heard.wait_for(1)

    [(text, thread)] = seen
    assert "request 7" == text
    assert threading.get_ident() != thread


def test_nothing_of_a_request_is_kept_for_a_hook() -> None:
    """Only texts are: a request that waits for a hook must not hold its body or its connection."""
    policy, release, heard = make_policy(), threading.Event(), Heard()

    def hanging(refused: Any) -> None:
        heard(refused)
        assert release.wait(DEADLINE)

    with on_refused(hanging):
        references = []
        for _ in range(3):
            policy.decide("GET", lines := Lines(REFUSED))
            references.append(weakref.ref(lines))
            del lines
        heard.wait_for(1)
        assert [None] * 3 == [reference() for reference in references]
        release.set()


WRONG = {
    "no hook": ({"hook": None}, TypeError, "a function that takes a RefusedRequest"),
    "a burst of none": ({"burst": 0}, ValueError, "write a number from 1 to 1000"),
    "a huge burst": ({"burst": 10**9}, ValueError, "write a number from 1 to 1000"),
    "half a burst": ({"burst": 0.5}, TypeError, "burst is an int"),
    "a flag for a burst": ({"burst": True}, TypeError, "burst is an int"),
    "no rate": ({"per_second": 0}, ValueError, "write a number above 0"),
    "a negative rate": ({"per_second": -1}, ValueError, "write a number above 0"),
    "a rate that is no number": (
        {"per_second": float("nan")},
        ValueError,
        "write a number above 0 and up to 1000",
    ),
    "an endless rate": ({"per_second": float("inf")}, ValueError, "up to 1000"),
    "a text for a rate": ({"per_second": "1"}, TypeError, "per_second is a float"),
}


@pytest.mark.parametrize(("keywords", "error", "text"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused_with_what_to_write(
    keywords: dict[str, Any], error: type[Exception], text: str
) -> None:
    """Before anything is heard."""
    with pytest.raises(error, match=text):
        on_refused(**{"hook": print, **keywords})


def test_a_coroutine_function_is_no_hook() -> None:
    """There is no loop in the hook's thread."""

    async def hook(_: Any) -> None: ...

    with pytest.raises(TypeError, match=r"asyncio\.run_coroutine_threadsafe"):
        on_refused(hook)


def test_an_event_loop_goes_on_while_a_hook_hangs() -> None:
    """Through the middleware, as a server runs it."""
    policy, release, heard = make_policy(enforce=True), threading.Event(), Heard()

    def hanging(refused: Any) -> None:
        heard(refused)
        assert release.wait(DEADLINE)

    async def application(*_: Any) -> None:
        raise AssertionError("the request is refused before")

    with on_refused(hanging):
        drive(CORSMiddleware(application, policy), "GET", [*REFUSED, ("Host", GOOD)])
        drive(CORSMiddleware(application, policy), "GET", [*REFUSED, ("Host", GOOD)])
        heard.wait_for(1)
        release.set()


FORKING = """
import os, sys
from corsac import Policy
from corsac.sight import on_refused

policy = Policy(allow_origins=["https://a.example"], name="api")
ask = lambda origin: policy.decide("GET", {"Origin": origin})
hear = lambda refused: print(os.getpid() == parent, refused.origin, refused.suppressed, flush=True)
parent = os.getpid()
subscription = on_refused(hear, per_second=1e-6, burst=1)
ask("https://before.example"), ask("https://left.example"), ask("https://out.example")
subscription._thread.join(1)
if os.fork() == 0:
    ask("https://child.example")
    subscription.close(30)
    os._exit(0)
os.wait()
print(subscription)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_hears_of_its_own_requests() -> None:
    """With a thread and a burst of its own, as gunicorn's workers need it with --preload."""
    run = subprocess.run(
        [sys.executable, "-c", FORKING], capture_output=True, text=True, check=True
    )

    assert [
        "True https://before.example 0",
        "False https://child.example 0",
        "<Subscription told=1 suppressed=2>",
    ] == run.stdout.splitlines(), run.stderr


ENDING = """
import time
from corsac import Policy
from corsac.sight import on_refused

def hear(refused):
    time.sleep(0.1)
    print(refused.origin, flush=True)

policy = Policy(allow_origins=["https://a.example"], name="api")
on_refused(hear)
policy.decide("GET", {"Origin": "https://last.example"})
"""


def test_the_end_of_the_process_waits_for_what_is_not_told_yet() -> None:
    """A script that ends at once still tells."""
    run = subprocess.run(
        [sys.executable, "-c", ENDING], capture_output=True, text=True, check=True
    )

    assert ("https://last.example\n", "") == (run.stdout, run.stderr)
