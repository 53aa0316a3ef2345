"""How often refused requests are told.

Here: bursts and rates, from one thread and from many. Not here: what a hook does
(`test_subscription.py`).
Spec: https://www.rfc-editor.org/rfc/rfc2697
"""

from __future__ import annotations

import time

from corsac.sight import on_refused
from corsac.sight._bucket import Bucket
from requesting import EVIL, Heard, make_policy
from together import THREADS, together

#: No other one comes while a test runs.
SELDOM = 1e-6
REFUSED = [("Origin", EVIL)]


def test_a_burst_is_told_and_the_rest_is_left_out_until_later() -> None:
    """What comes next says how many were left out."""
    policy, heard = make_policy(), Heard()
    with on_refused(heard, per_second=1000, burst=3) as subscription:
        # Faster than one in a millisecond for long enough that some are left out.
        while not subscription.suppressed:
            for _ in range(100):
                policy.decide("GET", REFUSED)
        left_out, told = subscription.suppressed, subscription.told
        while subscription.told == told:
            time.sleep(0.005)
            policy.decide("GET", REFUSED)
        told = subscription.told
        requests = heard.wait_for(told)

    assert [0, 0, 0] == [request.suppressed for request in requests[:3]]
    assert left_out <= sum(request.suppressed for request in requests)
    assert subscription.suppressed >= left_out


def test_a_bucket_says_how_many_were_left_out_since_the_last() -> None:
    """Those that found no room are among them; their turn is the next one's."""
    bucket = Bucket(SELDOM, 3)

    taken = [bucket.take(room) for room in (True, False, False, True, True, True)]

    assert [0, None, None, 2, 0, None] == taken
    assert (3, 3) == (bucket.told, bucket.left_out)


def test_a_bucket_holds_no_more_than_a_burst() -> None:
    """However long nothing was told."""
    bucket = Bucket(0.01, 2)
    bucket._filled -= 3600  # an hour in which it has filled

    assert [0, 0, None] == [bucket.take(True) for _ in range(3)]


def test_no_more_than_the_burst_is_told_at_once() -> None:
    """From however many threads; each of the others is counted."""
    policy, heard, rounds = make_policy(), Heard(), 500
    with on_refused(heard, per_second=SELDOM, burst=7) as subscription:
        together(lambda _: [policy.decide("GET", REFUSED) for _ in range(rounds)])
        assert 7 == len(heard.wait_for(7)) == subscription.told
        assert THREADS * rounds - 7 == subscription.suppressed
    assert f"<Subscription told=7 suppressed={THREADS * rounds - 7}>" == repr(
        subscription
    )


def test_each_subscription_has_its_own_burst() -> None:
    """One that is closed hears nothing more, and the others go on."""
    policy, first, second = make_policy(), Heard(), Heard()
    with on_refused(second, per_second=SELDOM, burst=3):
        with on_refused(first, per_second=SELDOM, burst=1):
            policy.decide("GET", REFUSED)
            policy.decide("GET", REFUSED)
            first.wait_for(1)
        policy.decide("GET", REFUSED)
        second.wait_for(3)

    assert (1, 3) == (len(first.requests), len(second.requests))
