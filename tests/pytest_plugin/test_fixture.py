"""pytest's fixture `cors`, as a user's own suite has it.

Here: what pytest prints, when an application starts and ends, async tests, what is imported.
Not here: pages and answers (`test_page.py`), frameworks (`test_frameworks.py`).
Spec: https://docs.pytest.org/en/stable/how-to/writing_plugins.html#testing-plugins
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def own_configuration(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The suites heed no configuration above them, no width, and no plugin that starts slowly."""
    pytester.makeini(
        "[pytest]\naddopts = -p no:faker -p no:hypothesispytest -p no:benchmark"
    )
    monkeypatch.setenv("COLUMNS", "200")


GUARDED = """
from corsac import Policy

policy = Policy(allow_origins=["https://app.example"], allow_methods=["PUT"])
"""
LIVING = """
seen = []
fails = False

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        for phase in ("startup", "shutdown"):
            await receive()
            seen.append(phase)
            result = "failed" if fails and phase == "shutdown" else "complete"
            await send({"type": f"lifespan.{phase}.{result}", "message": "no disk"})
        return
    seen.append("request")
    lines = [(b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 200, "headers": lines})
    await send({"type": "http.response.body", "body": b""})
"""


def test_the_plugin_is_registered() -> None:
    """pytest finds it by its entry point."""
    (found,) = entry_points(group="pytest11", name="corsac")
    assert "corsac.pytest_plugin" == found.value


def test_the_fixture_explains_itself(pytester: pytest.Pytester) -> None:
    """`pytest --fixtures` shows what to write."""
    result = pytester.runpytest_inprocess("--fixtures")
    result.stdout.fnmatch_lines(
        ["cors -- *", '*cors(app).page("https://app.example")*']
    )


def test_what_a_page_can_read_passes(pytester: pytest.Pytester) -> None:
    """The fixture is called with an application, or with a policy."""
    pytester.makepyfile(
        GUARDED
        + """
def test_items(cors):
    page = cors(policy).page("https://app.example")
    answer = page.fetch("PUT", "/items")
    assert answer.readable
    page.blocked("DELETE", "/items")
"""
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=1)


FAILING = (
    GUARDED
    + """
def test_items(cors):
    page = cors(policy).page("https://app.example")
    page.fetch("DELETE", "/items")
"""
)


def test_a_blocked_fetch_fails_with_the_explanation(pytester: pytest.Pytester) -> None:
    """At the line of the test, and with one line in the summary."""
    pytester.makepyfile(FAILING)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>*page.fetch("DELETE", "/items")',
            "E*corsac.testing.CORSBlocked: DELETE https://api.example/items from*",
            "E*OPTIONS https://api.example/items*",
            "E*https://fetch.spec.whatwg.org/#concept-cors-check",
            "E*has been blocked by CORS policy*",
            'E*allow_methods=?"PUT", "DELETE"?',
            "test_a_blocked*.py:*: CORSBlocked",
            "FAILED *test_items - corsac.testing.CORSBlocked*",
        ]
    )
    result.stdout.no_fnmatch_line("*_page.py*")
    result.stdout.no_fnmatch_line("*CORS exchanges*")


def test_the_exchanges_stand_in_the_verbose_report(pytester: pytest.Pytester) -> None:
    """Those of every page, with all header lines, whatever the test failed at."""
    pytester.makepyfile(
        GUARDED
        + """
def test_items(cors):
    page = cors(policy).page("https://app.example")
    assert page.fetch("PUT", "/items").status == 201

def test_another(cors):
    cors(policy).page("https://app.example").fetch("PUT", "/items")

def test_none():
    assert False
"""
    )
    result = pytester.runpytest_inprocess("-v")
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(
        [
            "E*assert 200 == 201",
            "E*where 200 = <Answer PUT https://api.example/items from *: readable, 200>.status",
            "*CORS exchanges*",
            "PUT https://api.example/items from a page of https://app.example: readable*",
            "  > OPTIONS https://api.example/items",
            "  >   Origin: https://app.example",
            "  < 204 No Content",
            "  <   Access-Control-Allow-Methods: PUT",
            "  > PUT https://api.example/items",
        ]
    )
    assert 1 == result.stdout.str().count("CORS exchanges")


def test_a_lifespan_is_that_of_the_test(pytester: pytest.Pytester) -> None:
    """It begins with the first fetch, and ends behind the test."""
    pytester.makepyfile(
        LIVING
        + """
def test_items(cors):
    site = cors(app)
    assert seen == []
    site.page("https://app.example").fetch("GET", "/")
    site.page("https://app.example").fetch("GET", "/")
    assert seen == ["startup", "request", "request"]

def test_behind():
    assert seen == ["startup", "request", "request", "shutdown"]
"""
    )
    pytester.runpytest_inprocess("-p", "no:randomly").assert_outcomes(passed=2)


def test_an_end_that_fails_is_an_error_of_its_test(pytester: pytest.Pytester) -> None:
    """With the application's reason; the other sites of the test are closed all the same."""
    pytester.makepyfile(
        LIVING
        + """
fails = True

def test_items(cors):
    for _ in range(2):
        cors(app).page("https://app.example").fetch("GET", "/")

def test_behind():
    assert seen.count("shutdown") == 2
"""
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["E*RuntimeError: the shutdown of the application failed: no disk"]
    )


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async_tests_await(pytester: pytest.Pytester, backend: str) -> None:
    """In the test's own loop, lifespan and all, whichever it is."""
    pytester.makepyfile(
        LIVING
        + f"""
import pytest

@pytest.fixture
def anyio_backend():
    return "{backend}"

@pytest.mark.anyio
async def test_items(cors):
    page = cors(app).page("https://app.example")
    assert (await page.fetch_async("GET", "/")).readable
    await page.blocked_async("PUT", "/")

def test_behind():
    assert seen == ["startup", "request", "request", "shutdown"]
    seen.clear()

@pytest.mark.anyio
async def test_around(cors):
    async with cors(app) as site:
        await site.page("https://app.example").fetch_async("GET", "/")
    assert seen == ["startup", "request", "shutdown"]
"""
    )
    result = pytester.runpytest_inprocess("-W", "error")
    result.assert_outcomes(passed=3)


def test_unittest_needs_no_fixture(pytester: pytest.Pytester) -> None:
    """The same names come from `corsac.testing`, under any test runner."""
    path = pytester.makepyfile(
        GUARDED
        + """
import unittest
from corsac.testing import CORSBlocked, Site

class ItemsTest(unittest.TestCase):
    def setUp(self):
        site = Site(policy)
        self.addCleanup(site.close)
        self.page = site.page("https://app.example")

    def test_items(self):
        self.assertEqual(200, self.page.fetch("PUT", "/items").status)

    def test_blocked(self):
        with self.assertRaises(CORSBlocked):
            self.page.fetch("DELETE", "/items")
"""
    )
    run = subprocess.run(
        [sys.executable, "-m", "unittest", path.name],
        cwd=pytester.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, True) == (run.returncode, run.stderr.rstrip().endswith("OK"))


def test_loading_the_plugin_imports_next_to_nothing(pytester: pytest.Pytester) -> None:
    """It is loaded with every run of pytest, most of which are about something else."""
    code = "import sys, pytest; before = set(sys.modules); import corsac.pytest_plugin"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}; print(*(set(sys.modules) - before))"],
        cwd=pytester.path,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = run.stdout.split()
    ours = {name for name in imported if name.startswith("corsac.")}
    assert not {name for name in ours if name.split(".")[1] in {"browser", "testing"}}
    assert {"corsac"} == {name.partition(".")[0] for name in imported} - set(
        sys.stdlib_module_names
    )
