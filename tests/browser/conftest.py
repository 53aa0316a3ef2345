"""The fixtures of the tests in Chromium: the browser, a started demo, and a visit to its page.

Here: fixtures. Not here: any test; what they share besides (`chromium.py`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import FLAGS, Visit, wait_for
from corsac.demo.server import Demo


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A fresh Chromium, whose console can be read."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
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


@pytest.fixture
def visit(browser: Any, demo: Demo) -> Visit:
    """Opens the page anew at a fragment, and waits until it has run."""

    def open_at(fragment: str) -> Any:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(f"{demo.origins.page[0]}/#{fragment}")
        wait_for(browser, "ran")
        return browser

    return open_at
