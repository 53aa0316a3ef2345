"""The demo's page in headless Chromium: every example, as a visitor sees it.

Here: the page's own verdicts, and that they rest on what really happened.
Not here: the same examples without a browser (`../test_demo.py`).
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corsac.demo.examples import EXAMPLES
from corsac.demo.server import Demo

DEADLINE = 60  # seconds; nothing is timed by it, it only ends a test that hangs
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]

MISSING = [
    *(
        f"{name} (apt-get install chromium chromium-driver)"
        for name in ("chromium", "chromedriver")
        if shutil.which(name) is None
    ),
    *(
        ["selenium (pip install selenium)"]
        if importlib.util.find_spec("selenium") is None
        else []
    ),
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"missing: {', '.join(MISSING)}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A fresh Chromium."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    profile: Path = tmp_path_factory.mktemp("profile")
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    chrome = Chrome(options, ChromeService(shutil.which("chromedriver")))
    yield chrome
    chrome.quit()


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A started demo on free ports."""
    with Demo(port=0) as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Any, demo: Demo) -> Any:
    """The demo's page, all examples run."""
    browser.get(demo.origins.page[0] + "/")
    wait_until_done(browser)
    return browser


def wait_until_done(browser: Any) -> None:
    """Polls for the mark that the page sets after its last example."""
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(browser, DEADLINE).until(
        lambda opened: opened.execute_script(
            "return document.documentElement.dataset.corsacDone === 'true'"
        )
    )


def in_example(browser: Any, name: str, expression: str, *arguments: str) -> Any:
    """What a JavaScript expression about one example's article gives."""
    return browser.execute_script(
        f"const article = document.getElementById(arguments[0]); return {expression}",
        name,
        *arguments,
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_browser_comes_to_the_outcome_of_the_table(page: Any, example: Any) -> None:
    """The page ran the script, read the record, and found both as the row says."""
    outcome = in_example(page, example.name, "article.dataset.outcome")
    problems = in_example(
        page, example.name, "article.querySelector('.problems').textContent"
    )
    state = in_example(page, example.name, "article.dataset.state")

    assert ("expected", "") == (outcome, problems)
    assert ("readable" if example.readable else "refused") == state


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_page_shows_every_request_that_reached_the_server(
    page: Any, example: Any
) -> None:
    """The preflight too, though no script sees one, with the headers that the browser gave it."""
    texts = (
        "[...article.querySelectorAll(arguments[1])].map((found) => found.textContent)"
    )
    said = in_example(page, example.name, texts, ".part code")
    requests = in_example(page, example.name, texts, ".request.rightwards .label b")
    headers = in_example(page, example.name, texts, ".browsers dt")
    preflights = [
        answered.outcome
        for answered in example.answered
        if answered.outcome.startswith("preflight")
    ]

    assert [answered.outcome for answered in example.answered] == said
    assert len(example.answered) == len(requests) == headers.count("Origin")
    assert len(preflights) == requests.count("OPTIONS")
    assert len(preflights) == headers.count("Access-Control-Request-Method")


def test_the_frames_have_the_origins_that_they_claim(page: Any, demo: Demo) -> None:
    """A sandboxed frame sends null, the other name of the server sends its own origin."""
    origin = "article.querySelector('.browsers dd').textContent"

    assert "null" == in_example(page, "null-refused", origin)
    assert demo.origins.stranger == in_example(page, "refused-origin", origin)


def test_one_example_runs_again(page: Any) -> None:
    """Its button runs it anew, under a new run id."""
    before = in_example(
        page, "simple-get", "article.querySelector('.address code').textContent"
    )
    in_example(page, "simple-get", "article.querySelector('.run').click()")
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(page, DEADLINE).until(
        lambda opened: in_example(opened, "simple-get", "article.dataset.outcome")
    )

    assert "expected" == in_example(page, "simple-get", "article.dataset.outcome")
    assert before != in_example(
        page, "simple-get", "article.querySelector('.address code').textContent"
    )


def test_the_page_loads_nothing_from_elsewhere(page: Any, demo: Demo) -> None:
    """Every resource comes from the demo's own two servers."""
    names = page.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    own = (*demo.origins.page, *demo.origins.api, demo.origins.stranger)

    assert names
    assert [] == [name for name in names if not name.startswith(own)]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_never_scrolls_sideways(page: Any, width: int) -> None:
    """On a phone as on a wide screen, the page is as wide as the window."""
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page.refresh()
    wait_until_done(page)

    assert width == page.execute_script("return document.documentElement.scrollWidth")


def test_a_wrong_policy_is_unexpected(browser: Any) -> None:
    """The page can tell: under policies that list somebody else, its examples are marked as unexpected."""
    from corsac import Policy
    from corsac.demo.policies import policies_for

    def wrong(origins: Any) -> dict[str, Policy]:
        other = Policy(allow_origins=["https://example.com"])
        return dict.fromkeys(policies_for(origins), other)

    with Demo(port=0, policies=wrong) as demo:
        browser.get(demo.origins.page[0] + "/")
        wait_until_done(browser)
        outcomes = {
            example.name: in_example(browser, example.name, "article.dataset.outcome")
            for example in EXAMPLES
        }

    assert {
        example.name: "unexpected" for example in EXAMPLES if example.readable
    }.items() <= outcomes.items()
