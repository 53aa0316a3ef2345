"""Times the ASGI middleware on requests that are made to be slow.

Here: the attacks of the benches, and of each file of the corpus the row that takes
longest, as whole requests: read, decided and answered, or handed to an application.
Not here: the attacks (`hostile.py`, `tests/corpus`), the engine alone (`test_hostile.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from time import perf_counter

import corpus_rows
import pytest
from corsac import Policy
from corsac.adapters.asgi import CORSMiddleware
from hostile import AT_MOST, AT_MOST_A_LINE, ATTACKS, MANY_LINES, UNBOUNDED
from peers.doors import small_asgi
from pure_python import PurePythonPolicy
from pure_python_adapters import PurePythonASGIMiddleware
from shared import CORSAC, POLICIES, TWIN
from test_adapters import asgi_answer, drive, scope_of


def middlewares(policies):
    return {
        CORSAC: CORSMiddleware(small_asgi, policies[CORSAC]),
        TWIN: PurePythonASGIMiddleware(small_asgi, policies[TWIN]),
    }


def asked_alike(policies, lines, method="OPTIONS"):
    """Asserts that both sides answer alike, and hands out both as calls."""
    apps, scope = middlewares(policies), scope_of(method, lines)
    ours, twin = (asgi_answer(app, scope) for app in apps.values())
    assert ours == twin
    return {side: lambda app=app: drive(app, scope) for side, app in apps.items()}


@pytest.mark.parametrize("case", ATTACKS)
def test_one_attack(measure, case):
    """One long value."""
    policies, lines, _ = ATTACKS[case]
    bound = None if case in UNBOUNDED else AT_MOST
    measure(f"hostile-asgi/{case}", asked_alike(policies, lines), at_most=bound)


@pytest.mark.parametrize("case", MANY_LINES)
def test_many_lines(measure, case):
    """Thousands of header lines."""
    lines = MANY_LINES[case]
    bound = {"at_most": AT_MOST_A_LINE, "lines": len(lines)}
    measure(f"hostile-asgi/lines-{case}", asked_alike(POLICIES, lines), **bound)


def in_bytes(lines):
    return [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in lines]


def origin_rows():
    """Each attack on origins: keywords of its policy, method, header lines."""
    for row in corpus_rows.read("attack-origins.jsonl"):
        if row["policy"] in corpus_rows.REFUSED_POLICIES or row["origin"] is None:
            continue
        lines = in_bytes([("Origin", row["origin"])])
        yield corpus_rows.origin_policy(row), "GET", lines


def preflight_rows():
    """Each attack on preflights, likewise."""
    for row in corpus_rows.read("attack-preflights.jsonl"):
        lines = in_bytes(corpus_rows.preflight_lines(row))
        yield corpus_rows.preflight_policy(row), "OPTIONS", lines


CORPORA = {"origins": origin_rows, "preflights": preflight_rows}
slowest = {}


def slowest_of(corpus):
    """The row on which corsac takes longest for each of its lines past the first hundred."""

    def seconds(row):
        keywords, method, lines = row
        app = CORSMiddleware(small_asgi, Policy(**keywords))
        scope, times = scope_of(method, lines), []
        for _ in range(30):
            started = perf_counter()
            drive(app, scope)
            times.append(perf_counter() - started)
        return min(times) / max(1, len(lines) / 100)

    if corpus not in slowest:
        slowest[corpus] = max(CORPORA[corpus](), key=seconds)
    return slowest[corpus]


@pytest.mark.parametrize("corpus", CORPORA)
def test_the_slowest_row_of_a_corpus(measure, corpus):
    """No row takes longer."""
    keywords, method, lines = slowest_of(corpus)
    policies = {CORSAC: Policy(**keywords), TWIN: PurePythonPolicy(**keywords)}
    calls = asked_alike(policies, lines, method)
    many = len(lines) > 100
    bound = {"at_most": AT_MOST_A_LINE, "lines": len(lines)} if many else {}
    measure(f"hostile-asgi/corpus-{corpus}", calls, **{"at_most": AT_MOST, **bound})
