"""Many threads share one policy, one matcher and one middleware of each protocol.

Here: answers that belong wholly to their own requests, whatever other threads ask meanwhile, on an
interpreter without its lock and on every other. Not here: objects that another thread changes
while they are read (`test_changes_meanwhile.py`), what an answer says (`test_decide.py`, `adapters/`).
Spec: https://docs.python.org/3/howto/free-threading-python.html
"""

import subprocess
import sys
import sysconfig

import pytest
from corsac import Policy, PolicyError
from corsac.adapters import wsgi
from together import (
    ALLOW_ORIGIN,
    ASKED,
    POLICY,
    ROUNDS,
    THREADS,
    Both,
    ours,
    requests,
    text,
    together,
)


@pytest.mark.parametrize("protocol", ["asgi", "wsgi"])
@pytest.mark.parametrize("shape", [list, tuple, lambda lines: (x for x in lines)])
def test_an_answer_belongs_wholly_to_its_own_request(protocol, shape):
    """Several requests of each thread are under way, and end in another order."""

    def answer_with(number, kind):
        vary = ("Vary", f"X-{number}, Accept")
        stale = (ALLOW_ORIGIN, "https://stale.example")
        lines = [("X-Seen", str(number)), vary, stale]
        if kind is bytes:
            lines = [(name.encode(), value.encode()) for name, value in lines]
        return shape(lines)

    begin = getattr(Both(answer_with), f"begin_{protocol}")

    def job(number):
        for _ in range(ROUNDS):
            asked = [
                (method, begin(method, lines, number), expected)
                for method, lines, expected in requests(number)
            ]
            for method, end, expected in reversed(asked):
                lines = end()
                assert expected == ours(lines)
                if method == "GET":
                    assert ("x-seen", str(number)) in text(lines)
                    assert ("vary", f"X-{number}, Accept, Origin") in text(lines)

    together(job)


def test_a_decision_belongs_wholly_to_its_own_request():
    """Also where it is merged after others were made."""

    def job(number):
        for _ in range(ROUNDS * 4):
            decided = [
                (POLICY.decide(method, lines), expected)
                for method, lines, expected in requests(number)
            ]
            for decision, expected in reversed(decided):
                assert expected == ours(decision.headers)
                assert expected == ours(decision.merge([(b"vary", b"Accept")]))

    together(job)


def test_policies_are_made_while_others_decide():
    """Also those that report problems; each has its own answers from the first on."""

    def job(number):
        origin = f"https://{number}.example"
        for _ in range(ROUNDS // 4):
            policy = Policy(
                allow_origins=[origin, "https://*.shared.example"],
                allow_methods=[f"M{number}"],
            )
            shared = wsgi.CORSMiddleware(lambda environ, start_response: [], policy)
            assert shared.policy == policy.replace()
            with pytest.raises(PolicyError) as report:
                Policy(allow_origins=[f"{origin}/"], allow_methods=["CONNECT"])
            assert origin in str(report.value)
            for asked in range(THREADS):
                lines = [("Origin", f"https://{asked}.example"), (ASKED, f"M{number}")]
                allowed = ours(policy.decide("OPTIONS", lines).headers)
                assert (ALLOW_ORIGIN in allowed) is (asked == number)
            assert not ours(POLICY.decide("GET", [("Origin", origin)]).headers)

    together(job)


def test_the_interpreter_lock_stays_away_where_there_is_none():
    """An interpreter without it takes it back for a module that does not say it can do without."""
    code = "import corsac.adapters.asgi, corsac.adapters.wsgi, sys;"
    code += "print(getattr(sys, '_is_gil_enabled', lambda: True)())"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    assert f"{not free_threaded}\n" == run.stdout, run.stderr
