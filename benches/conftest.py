"""Times each case on both sides, turn by turn, and prints the ratios.

Here: the fixture `measure`, which every bench uses, and the hooks that hand
what pytest-benchmark measured to the report.
Not here: cases (`test_*.py`), tables and bounds (`report.py`), the twin.
Spec: https://pytest-benchmark.readthedocs.io/en/stable/usage.html
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

import differences
import one_run
import peer_tables
import report
from shared import CORSAC, TWIN

# The sides take turns, so that a machine that is busy for a while slows both.
TURNS = 7

figures = pytest.StashKey[list[dict]]()
peer_results = pytest.StashKey[list[peer_tables.Result]]()
kept_differences = pytest.StashKey[list[differences.Difference]]()


def pytest_addoption(parser):
    """Where a run's tables and picture go, besides the terminal."""
    group = parser.getgroup("corsac's benches")
    for option, what in [
        ("--markdown", "put the tables into this file's section 'One run'"),
        ("--picture", "draw what each peer adds, as SVG, into this file"),
    ]:
        group.addoption(option, metavar="FILE", type=Path, help=what)


def pytest_configure(config):
    """Sets what suits calls of a microsecond; the command line still wins."""
    options = config.option
    options.benchmark_quiet = True
    for name, default, ours in [
        ("benchmark_max_time", "1.0", "0.03"),
        ("benchmark_min_time", "0.000005", "0.00005"),
        ("benchmark_min_rounds", 5, 2),
    ]:
        if str(getattr(options, name)) == str(default):
            setattr(options, name, ours)
    options.benchmark_disable_gc = True
    config.addinivalue_line("markers", "sides(*names): what a case is run on")
    if options.picture and not find_spec("matplotlib"):
        raise pytest.UsageError("--picture needs matplotlib: pip install '.[bench]'")
    config.stash[figures] = []
    config.stash[peer_results] = []
    config.stash[kept_differences] = []


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc):
    """Runs a case once on each side in each turn, or once in all in a smoke run."""
    if "measure" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("sides")
    sides = marker.args if marker else (CORSAC, TWIN)
    turns = 1 if metafunc.config.option.benchmark_disable else TURNS
    pairs = [(turn, side) for turn in range(turns) for side in sides]
    ids = [f"{side.replace(' ', '-')}-{turn}" for turn, side in pairs]
    metafunc.parametrize(["turn", "side"], pairs, ids=ids)


@pytest.fixture
def measure(benchmark, turn, side):
    """Times one side of a case. The caller has asserted that all sides answer alike."""

    def measure(case, calls, *arguments, at_least=None, at_most=None, lines=1):
        """`calls`: for each side what to call with the arguments. `at_least`: the ratio that
        must hold. `at_most`: the seconds that must hold, for each of the header lines."""
        benchmark.group = case
        benchmark.extra_info |= {"side": side, "turn": turn, "lines": lines}
        benchmark.extra_info |= {"at_least": at_least, "at_most": at_most}
        benchmark(calls[side], *arguments)

    return measure


@pytest.hookimpl(wrapper=True)
def pytest_benchmark_group_stats(config, benchmarks):
    """Keeps what pytest-benchmark measured."""
    config.stash[figures] = benchmarks
    return (yield)


@pytest.fixture
def keep_result(pytestconfig):
    """Takes what a case of a peer came to."""
    return pytestconfig.stash[peer_results].append


@pytest.fixture
def keep_difference(pytestconfig):
    """Takes what an option adds to a plain policy."""
    return pytestconfig.stash[kept_differences].append


def bounds_of(config):
    """All that must hold, of whatever was timed."""
    cases = report.cases_of(config.stash[figures])
    yield from report.bounds_of(cases)
    yield from peer_tables.bounds_of(config.stash[peer_results])
    yield from differences.bounds_of(config.stash[kept_differences])


def tables_of(config):
    """Every table of the run, with its title."""
    yield from report.tables_of(report.cases_of(config.stash[figures]))
    yield from peer_tables.tables_of(config.stash[peer_results])
    yield from differences.tables_of(config.stash[kept_differences])
    yield from report.bound_tables_of(bounds_of(config))


def pytest_sessionfinish(session):
    """A bound that was missed fails the run."""
    missed = any(not bound.holds for bound in bounds_of(session.config))
    if missed and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    """Prints the tables, and writes what was asked for, unless nothing was timed."""
    tables = list(tables_of(config))
    for title, rows in tables:
        terminalreporter.section(title)
        for line in report.align(rows):
            terminalreporter.write_line(line)
    if config.option.benchmark_disable:
        return
    if config.option.markdown:
        one_run.write(tables, config.option.markdown)
    if config.option.picture:
        import picture  # needs matplotlib, which a run without a picture does not

        picture.draw(config.stash[peer_results], config.option.picture)
