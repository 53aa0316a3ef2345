"""Tutorial projects in a real browser, with the old library's import and with the drop-in's.

Here: that nothing but the import differs, what pages then read, and the warnings at the start.
Not here: the projects and their differences (`tutorials/projects.py`), pages and fetches
(`tutorials/visits.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import difflib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

HERE = Path(__file__).parent
TUTORIALS = HERE / "tutorials"
PLACES = [TUTORIALS, HERE.parent / "adapters"]
sys.path += [str(place) for place in PLACES if str(place) not in sys.path]

from projects import PROJECTS, Project
from servers import KINDS, Server
from visits import FETCHES, NULL_PAGE, REFUSED, Browser, Outcome, opened

MISSING = [
    *(
        f"{name} (apt-get install chromium chromium-driver)"
        for name in ("chromium", "chromedriver")
        if shutil.which(name) is None
    ),
    *(
        f"{name} (pip install 'corsac[test]')"
        for name in (
            "selenium",
            "trustme",
            "fastapi",
            "corsheaders",
            "flask_cors",
            *sorted({KINDS[project.server].package for project in PROJECTS.values()}),
        )
        if importlib.util.find_spec(name) is None
    ),
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"missing: {', '.join(MISSING)}")

WAYS = ("old", "new")
PAGES = [
    pytest.param(name, page, id=f"{name}: {page}")
    for name, project in PROJECTS.items()
    for page in (*project.allowed, *project.refused)
]


class Run(NamedTuple):
    """What came of one project's run with one library."""

    outcomes: dict[str, dict[str, Outcome]]
    #: Category and text of each warning, before the first request and after the last.
    warnings: tuple[list[tuple[str, str]], list[tuple[str, str]]]


def make_project(project: Project, way: str, folder: Path) -> None:
    """The project, for the new way with each swapped line in place of the old one."""
    shutil.copytree(
        TUTORIALS / project.folder,
        folder,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for swap in project.swaps if way == "new" else ():
        path = folder / swap.file
        lines = path.read_text().splitlines(keepends=True)
        assert 1 == lines.count(f"{swap.old}\n"), swap
        lines[lines.index(f"{swap.old}\n")] = f"{swap.new}\n"
        path.write_text("".join(lines))


def warnings_of(server: Server) -> list[tuple[str, str]]:
    """Those that the project gave, as `serve.py` prints them."""
    lines = [
        json.loads(line)
        for line in server.output().splitlines()
        if line.startswith('{"category"')
    ]
    return sorted((line["category"], line["text"]) for line in lines)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A fresh Chromium that knows every page."""
    pages = [page for project in PROJECTS.values() for page in project.allowed]
    pages += [page for project in PROJECTS.values() for page in project.refused]
    with opened(pages, tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def run(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Run]:
    """Runs a project with one of the two libraries, once: every page, every fetch."""

    @cache
    def once(name: str, way: str) -> Run:
        project = PROJECTS[name]
        folder = tmp_path_factory.mktemp(way) / "project"
        make_project(project, way, folder)
        environment = {
            "PYTHONPATH": str(TUTORIALS),
            "CORSAC_TEST_ABSENT": "corsac" if way == "old" else project.library,
            "CORSAC_TEST_PROJECT": project.application,
            "DJANGO_SETTINGS_MODULE": project.settings,
        }
        interface = KINDS[project.server].interface
        server = Server(project.server, f"serve:{interface}", folder, **environment)
        try:
            at_start = warnings_of(server)
            api = f"http://localhost:{server.port}"
            browser.log_in(api)
            pages = (*project.allowed, *project.refused)
            outcomes = {page: browser.visit(page, api) for page in pages}
            return Run(outcomes, (at_start, warnings_of(server)))
        finally:
            server.stop()

    return once


def differing(project: Project, page: str) -> dict[str, bool]:
    """The fetches that are named for the page, and whether it reads corsac's answer."""
    return {
        fetch: difference.is_readable
        for difference in project.differences
        if page in difference.pages
        for fetch in difference.fetches
    }


@pytest.mark.parametrize("name", PROJECTS)
def test_exactly_the_imports_differ(name: str, tmp_path: Path) -> None:
    """Line by line and file by file, the two projects are one."""
    project = PROJECTS[name]
    for way in WAYS:
        make_project(project, way, tmp_path / way)
    old, new = (
        {
            str(path.relative_to(tmp_path / way)): path.read_text().splitlines()
            for path in sorted((tmp_path / way).rglob("*"))
            if path.is_file()
        }
        for way in WAYS
    )
    changed = [
        (path, line)
        for path in old
        for line in difflib.ndiff(old[path], new[path])
        if line.startswith(("- ", "+ "))
    ]

    assert old.keys() == new.keys()
    assert sorted(
        line
        for swap in project.swaps
        for line in ((swap.file, f"- {swap.old}"), (swap.file, f"+ {swap.new}"))
    ) == sorted(changed)


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_a_page_reads_what_it_read_before(
    run: Callable[[str, str], Run], name: str, page: str
) -> None:
    """Status, body and headers, or nothing; but for the differences that are named."""
    old, new = (run(name, way).outcomes[page] for way in WAYS)
    named = differing(PROJECTS[name], page)
    same = FETCHES.keys() - named.keys()

    assert {fetch: old[fetch] for fetch in same} == {
        fetch: new[fetch] for fetch in same
    }
    assert [] == [fetch for fetch in named if old[fetch] == new[fetch]]
    assert named == {fetch: new[fetch] != REFUSED for fetch in named}


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_an_allowed_page_reads_and_a_refused_one_does_not(
    run: Callable[[str, str], Run], name: str, page: str
) -> None:
    """So that the two are not alike for a wrong reason."""
    project = PROJECTS[name]
    outcomes = run(name, "old").outcomes[page]
    readable = project.readable if page in project.allowed else frozenset()

    assert FETCHES.keys() == outcomes.keys()
    assert readable == {fetch for fetch in outcomes if outcomes[fetch] != REFUSED}


@pytest.mark.parametrize("name", PROJECTS)
def test_the_start_warns_of_each_difference_and_of_nothing_else(
    run: Callable[[str, str], Run], name: str
) -> None:
    """Beside what the framework and the old library warn of by themselves; requests warn of nothing."""
    old, new = (run(name, way).warnings for way in WAYS)
    expected = [("CompatWarning", text) for text in PROJECTS[name].warnings]

    assert sorted([*old[0], *expected]) == new[0]
    assert new[0] == new[1]


@pytest.mark.parametrize(
    "settings",
    sorted({project.settings for project in PROJECTS.values() if project.settings}),
)
@pytest.mark.parametrize("way", WAYS)
def test_a_django_project_passes_its_own_check(
    settings: str, way: str, tmp_path: Path
) -> None:
    """As `manage.py check` says."""
    (project,) = (p for p in PROJECTS.values() if p.settings == settings)
    make_project(project, way, tmp_path / way)
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", f"--settings={settings}"],
        cwd=tmp_path / way,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "System check identified no issues (0 silenced).\n") == (
        checked.returncode,
        checked.stdout,
    ), checked.stderr


@pytest.mark.parametrize("page", sorted({param.values[1] for param in PAGES}))
def test_a_page_has_the_origin_in_its_address(browser: Browser, page: str) -> None:
    """Chromium takes it from the address, wherever the page comes from; a sandbox has none."""
    browser.open(page)
    address = urlsplit(page)
    origin = f"{address.scheme}://{address.netloc}"

    assert ("null" if page == NULL_PAGE else origin) == browser.origin()


def test_each_difference_is_about_its_project_and_says_why() -> None:
    """No name in it is misspelt."""
    for project in PROJECTS.values():
        for difference in project.differences:
            assert difference.fetches <= FETCHES.keys()
            assert difference.pages <= {*project.allowed, *project.refused}
            assert difference.reason.endswith(".")
