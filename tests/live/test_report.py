"""What is told of loads, each thing once.

Here: the log and the hooks. Not here: what happens to the policy (`test_reload.py`), the words for a
change (`test_change.py`).
Spec: https://docs.python.org/3/library/logging.html
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import warnings

import pytest
from corsac import Policy, PolicyWarning
from corsac.live import reload
from hearing import DEADLINE, NEVER, NEW, OLD, Log, Source, make_handle, wait_until

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
WARNED = {"allow_origins": ["https://new.example"], "allow_methods": ["patch"]}


def test_a_change_is_told_once_and_an_equal_policy_not_at_all(log):
    """With what changed."""
    handle, source = make_handle(), Source(NEW)
    with reload(handle, source.load, every=NEVER) as reloader:
        for _ in range(3):
            assert reloader.load_now()
    change = (
        "allow_origins: +https://new.example -https://old.example; max_age: 600 -> 60"
    )
    assert [("INFO", f"Source.load changes the policy: {change}")] == log.lines


def test_a_failure_is_told_once_and_so_is_its_end(log):
    """However often it repeats itself."""
    handle, source = make_handle(), Source(ConnectionRefusedError("port 5432"))
    with reload(handle, source.load, every=NEVER) as reloader:
        for _ in range(3):
            assert not reloader.load_now()
        (told,) = log.lines
        source.outcome = OLD
        for _ in range(3):
            assert reloader.load_now()
    level, text = told
    place = re.escape(f"{__file__.replace('test_report', 'hearing')}:")
    assert "ERROR" == level
    assert re.fullmatch(
        r"Source\.load gives no policy, the policy of the start stays: "
        rf"ConnectionRefusedError: port 5432 \({place}\d+ in load\)",
        text,
    )
    again = r"Source\.load gives a policy again, after \d failures in [\d.]+ m?s"
    assert ["ERROR", "INFO"] == [level for level, _ in log.lines]
    assert re.fullmatch(again, log.lines[1][1])


def test_every_problem_of_a_wrong_policy_is_told(log):
    """And when the policy came that stays in its place."""
    handle, source = make_handle(), Source(NEW)
    with reload(handle, source.load, every=NEVER) as reloader:
        assert reloader.load_now()
        source.outcome = lambda: Policy(allow_origins=["x", "HTTPS://A"], max_age=-1)
        assert not reloader.load_now()
        failure = reloader.last_failure
    (text,) = log.texts("ERROR")
    assert re.match(
        rf"Source.load gives no policy, the policy of {TIME} stays: 3 problems:\n", text
    )
    for place in ("allow_origins[0] = 'x'", "allow_origins[1]", "max_age = -1"):
        assert place in text
    assert text.endswith(failure.text)
    assert ["allow_origins", "allow_origins", "max_age"] == [
        problem.field for problem in failure.problems
    ]


def test_another_failure_is_told_though_the_first_goes_on(log):
    """Each once until a load succeeds; then a new count begins."""
    wrong = [OSError("first"), OSError("second"), ValueError("second")]
    handle, source = make_handle(), Source(wrong[0])
    with reload(handle, source.load, every=NEVER) as reloader:
        for outcome in (*wrong, *wrong, OLD, wrong[0]):
            source.outcome = outcome
            reloader.load_now()
    told = [text.partition(" stays: ")[2].partition(" (")[0] for _, text in log.lines]
    outage = ["OSError: first", "OSError: second", "ValueError: second"]
    assert [*outage, "", "OSError: first"] == told


@pytest.mark.parametrize("order", ["as they were", "in another order"])
def test_rows_in_another_order_are_no_other_failure(log, order):
    """A database gives them as it likes; and one that was corrected is another one."""
    rows = ["https://a.example", "x", "y"]
    handle = make_handle()
    source = Source(lambda: Policy(allow_origins=rows))
    with reload(handle, source.load, every=NEVER) as reloader:
        assert not reloader.load_now()
        if order == "in another order":
            rows.reverse()
        assert not reloader.load_now()
        assert 1 == len(log.texts("ERROR"))
        rows.remove("x")
        assert not reloader.load_now()
        assert 2 == len(log.texts("ERROR"))


def test_a_log_does_not_grow_with_a_source_that_fails_in_ever_new_words(log):
    """Sixteen kinds are told, and that there are more."""
    handle, count = make_handle(), iter(range(1_000))

    def load():
        raise OSError(f"failure {next(count)} " + "x" * 100_000)

    with reload(handle, load, every=NEVER) as reloader:
        for _ in range(100):
            assert not reloader.load_now()
    texts = log.texts("ERROR")
    assert 16 == len(texts)
    assert "stays; further kinds of failures are not told: " in texts[-1]
    assert all(len(text) < 5_000 for text in texts)


def test_a_failure_with_50_000_problems_is_told_within_bounds(log):
    """A broken column is one line of the log for each that a person reads."""
    handle = make_handle()
    origins = [f"broken{number}" for number in range(50_000)]
    load = Source(lambda: Policy(allow_origins=origins)).load
    with reload(handle, load, every=NEVER) as reloader:
        assert not reloader.load_now()
        failure = reloader.last_failure
    (text,) = log.texts("ERROR")
    assert "50000 problems" in text
    assert "and 49,976 more lines" in text
    assert len(text) < 5_000
    assert 100 == len(failure.problems)


def test_a_slow_load_is_told_once_while_it_lasts(log):
    """And that loads are fast again, once they are."""
    handle, go, source = make_handle(), threading.Event(), Source(OLD)

    def load():
        go.wait(DEADLINE)
        return source.load()

    with reload(handle, load, every=NEVER, patience=0.05) as reloader:
        reloader.load_now(wait=False)
        wait_until(lambda: log.lines)
        assert handle.policy is OLD
        go.set()
        assert reloader.load_now()
        wait_until(lambda: len(log.lines) == 2)
    name = re.escape(load.__qualname__)
    slow, fast = log.lines
    assert "WARNING" == slow[0]
    text = rf"{name} has been loading for [\d.]+ s; the policy of the start stays"
    assert re.fullmatch(text, slow[1])
    assert "INFO" == fast[0]
    assert re.fullmatch(rf"{name} loads fast again, in [\de.-]+ s", fast[1])


def test_a_slow_coroutine_is_told_too(log):
    """Its loop does not tell of it, since the loop is what waits."""
    handle = make_handle()

    async def load():
        await asyncio.sleep(NEVER)

    with reload(handle, load, every=NEVER, patience=0.05):
        wait_until(lambda: log.texts("WARNING"))


def test_loads_that_are_always_slow_are_told_once(log):
    """Not at every load."""
    handle, slow = make_handle(), threading.Event()
    source = Source(lambda: slow.wait(0.1) or OLD)
    with reload(handle, source.load, every=NEVER, patience=0.02) as reloader:
        for _ in range(4):
            assert reloader.load_now()
    assert ["WARNING"] == [level for level, _ in log.lines]


def test_what_is_hardly_meant_goes_to_the_log(log):
    """With the change that brings it, and not to `warnings`, which may be made errors."""
    handle = make_handle()
    load = Source(lambda: Policy(**WARNED)).load
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with reload(handle, load, every=NEVER) as reloader:
            assert reloader.load_now()
            assert reloader.load_now()
    assert [
        "Source.load: allow_methods[0] = 'patch' is not 'PATCH': methods are case-sensitive"
    ] == log.texts("WARNING")


def test_what_is_hardly_meant_goes_to_the_log_from_a_coroutine_too(log):
    """Its loop runs in the same context."""
    handle = make_handle()

    async def load():
        await asyncio.sleep(0)
        return Policy(**WARNED)

    with reload(handle, load, every=NEVER) as reloader:
        assert reloader.load_now()
    assert 1 == len(log.texts("WARNING"))


def test_other_threads_keep_their_warnings():
    """While a load makes policies, and after it."""
    handle, made, go = make_handle(), threading.Event(), threading.Event()

    def load():
        policy = Policy(**WARNED)
        made.set()
        go.wait(DEADLINE)
        return policy

    with reload(handle, load, every=NEVER) as reloader:
        assert made.wait(DEADLINE)
        with pytest.warns(PolicyWarning, match="patch"):
            Policy(**WARNED)
        go.set()
        assert reloader.load_now()
    with pytest.warns(PolicyWarning, match="patch"):
        Policy(**WARNED)


def test_hooks_are_told_what_the_log_is_told():
    """A change, and each failure once with its exception."""
    handle, changes, failures = make_handle(), [], []
    error = OSError("away")
    source = Source(NEW)
    with reload(
        handle,
        source.load,
        every=NEVER,
        on_change=changes.append,
        on_failure=failures.append,
    ) as reloader:
        assert reloader.load_now()
        source.outcome = error
        for _ in range(3):
            assert not reloader.load_now()
        last = reloader.last_failure
    (change,), (failure,) = changes, failures
    assert (OLD, NEW) == (change.old, change.new)
    assert ["allow_origins", "max_age"] == [one.field for one in change.differences]
    assert failure.error is error
    assert last.error is None
    assert (failure.text, failure.problems) == (last.text, ())


def test_a_hook_that_raises_ends_nothing(capsys):
    """It is printed, as `logging` prints what a handler raises."""
    handle, source = make_handle(), Source(NEW)

    def fail(what):
        raise LookupError("the hook is broken")

    class Broken:
        info = warning = error = staticmethod(fail)

    with reload(
        handle,
        source.load,
        every=NEVER,
        on_change=fail,
        on_failure=fail,
        logger=Broken(),
    ) as reloader:
        assert reloader.load_now()
        assert handle.policy is NEW
        source.outcome = OSError("away")
        assert not reloader.load_now()
        source.outcome = OLD
        assert reloader.load_now()
        assert handle.policy is OLD
    assert 7 == capsys.readouterr().err.count("LookupError: the hook is broken")


def test_another_logger_may_be_told():
    """One of `logging`, or one that has its methods."""
    heard, logger = Log(), logging.getLogger("mine")
    logger.addHandler(heard)
    logger.setLevel(logging.INFO)
    handle = make_handle()
    with reload(handle, lambda: NEW, every=NEVER, logger=logger) as reloader:
        assert reloader.load_now()
    assert ["INFO"] == [level for level, _ in heard.lines]


def test_an_exception_whose_text_raises_is_told_by_its_name(log):
    """Nothing that a source raises can silence it."""

    class Odd(Exception):
        def __str__(self):
            raise ValueError("no text")

    handle = make_handle()
    with reload(handle, Source(Odd()).load, every=NEVER) as reloader:
        assert not reloader.load_now()
    (text,) = log.texts("ERROR")
    assert "Odd: (its text raises ValueError)" in text


def test_a_value_that_cannot_be_shown_ends_nothing(log):
    """Though every message shows the value that is wrong."""

    class Odd:
        def __repr__(self):
            raise ValueError("no text")

    handle, source = make_handle(), Source(lambda: Policy(allow_origins=[Odd()]))
    with reload(handle, source.load, every=NEVER) as reloader:
        for _ in range(3):
            assert not reloader.load_now()
        source.outcome = NEW
        assert reloader.load_now()
    (text,) = log.texts("ERROR")
    assert "(its text raises ValueError)" in text
