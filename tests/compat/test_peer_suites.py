"""The old libraries' own test suites, with the import swapped.

Here: fetching a suite's source distribution, running it, and the exact list of what it asserts
and the drop-in does otherwise, each with its reason (`*_departures.txt`).
Not here: the swap, and how assertions are reported (`swapped.py`). Nothing of a suite is kept.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

HERE = Path(__file__).parent
Departure = tuple[str, str]


class Suite(NamedTuple):
    """A source distribution, and the folder or file of it that is run."""

    requirement: str
    tests: str
    #: How many tests run, and how many of them fail.
    counts: tuple[int, int]
    #: What its texts say, and what is put there.
    replaced: tuple[str, str] = ("", "")


SUITES = {
    "starlette": Suite("starlette==1.10.0", "tests/middleware/test_cors.py", (18, 13)),
    "fastapi": Suite(
        "fastapi==0.165.0", "tests/test_tutorial/test_cors/test_tutorial001.py", (1, 1)
    ),
    "flask_cors": Suite("flask-cors==6.0.5", "tests", (98, 25)),
    # Many of its tests ask from an origin that has no scheme, as no browser does.
    "flask_cors_with_scheme": Suite(
        "flask-cors==6.0.5",
        "tests",
        (98, 23),
        replaced=("'www.example.com'", "'http://www.example.com'"),
    ),
}


class _Assertions(ast.NodeTransformer):
    """Puts every assertion, of pytest and of unittest, under `swapped.asserting`."""

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return self._put(node, ast.unparse(node.test))

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        text = ast.unparse(node)
        return self._put(node, text) if text.startswith("self.assert") else node

    def _put(self, node: ast.stmt, text: str) -> ast.AST:
        [under] = ast.parse(f"with swapped.asserting({text!r}): pass").body
        assert isinstance(under, ast.With)
        under.body = [node]
        return under


def rewrite(path: Path, replaced: tuple[str, str]) -> None:
    """Lets a test file of a suite go on after an assertion that fails."""
    text = path.read_text()
    text = text.replace(*replaced) if all(replaced) else text
    tree = _Assertions().visit(ast.parse(text))
    [importing] = ast.parse("import swapped").body
    # Nothing but the docstring stands before an import from the future.
    place = sum(
        isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for node in tree.body
    )
    tree.body.insert(place + (ast.get_docstring(tree) is not None), importing)
    path.write_text(ast.unparse(ast.fix_missing_locations(tree)))


@pytest.fixture(scope="module")
def fetch(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Fetches a source distribution, once, as the package index has it."""

    @cache
    def fetch(requirement: str) -> Path:
        folder = tmp_path_factory.mktemp("archive")
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run(
            [*download, "--no-binary", ":all:", "--dest", str(folder), requirement],
            check=True,
        )
        [archive] = folder.glob("*.tar.gz")
        return archive

    return fetch


def unpack(archive: Path, folder: Path) -> Path:
    """The folder of the distribution in another."""
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    [unpacked] = folder.iterdir()
    return unpacked


def run(root: Path, suite: Suite) -> dict[str, Any]:
    """Which tests ran, how many assertions they made, and which of them failed in which test."""
    place = root / suite.tests
    for path in [place] if place.is_file() else place.rglob("test_*.py"):
        rewrite(path, suite.replaced)
    report = root / "report.json"
    options = ["-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider"]
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *options,
            "-p",
            "swapped",
            "-W",
            "ignore",
            suite.tests,
        ],
        cwd=root,
        # How this run was asked for is no business of theirs.
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        | {"PYTHONPATH": str(HERE), "SWAPPED_REPORT": str(report)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), finished.stdout + finished.stderr
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def departures(name: str) -> dict[Departure, str]:
    """What a suite asserts and the drop-in does otherwise: (test, assertion) to the reason."""
    lines = (HERE / f"{name}_departures.txt").read_text().splitlines()
    rows = [line.split(" | ") for line in lines if not line.startswith("#")]
    listed = {(test, assertion): reason for test, assertion, reason in rows}
    assert len(rows) == len(listed)
    return listed


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_departs_where_the_list_says_and_nowhere_else(
    name: str, fetch: Callable[[str], Path], tmp_path: Path
) -> None:
    """Neither more nor less: an assertion that holds again fails here too."""
    suite = SUITES[name]

    found = run(unpack(fetch(suite.requirement), tmp_path), suite)

    failed = {(test, assertion) for test, assertion in found["failed"]}
    assert set(departures(name)) == failed
    assert suite.counts == (len(found["ran"]), len({test for test, _ in failed}))
    assert found["made"] > len(found["ran"])


@pytest.mark.parametrize("name", SUITES)
def test_every_departure_has_its_reason_in_one_sentence(name: str) -> None:
    """A reader judges by it whether the departure is meant."""
    for reason in departures(name).values():
        assert not reason[0].islower(), reason
        assert reason.endswith(".") and ". " not in reason, reason
