"""Chromium under Selenium, and reading and writing the demo's page in it.

Here: what the tests of this folder share. Not here: any test; the fixtures (`conftest.py`).
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

DEADLINE = 60  # seconds; nothing is timed by it, it only ends a test that hangs
HEADLESS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
FLAGS = [
    *HEADLESS,
    # What moves smoothly is under the pointer only for a while, and a scrollbar takes of the width.
    "--force-prefers-reduced-motion",
    "--hide-scrollbars",
]

MISSING = [
    *(
        f"{name} (apt-get install chromium chromium-driver)"
        for name in ("chromium", "chromedriver")
        if shutil.which(name) is None
    ),
    *(
        f"{name} (pip install {name.replace('_', '-')})"
        for name in ("selenium", "axe_core_python")
        if importlib.util.find_spec(name) is None
    ),
]
needs_chromium = pytest.mark.skipif(
    bool(MISSING), reason=f"missing: {', '.join(MISSING)}"
)

Visit = Callable[[str], Any]


def wait_for(browser: Any, mark: str) -> None:
    """Polls for a mark that the page sets: ran, predicted, ranAll."""
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(browser, DEADLINE).until(
        lambda opened: opened.execute_script(
            "return document.documentElement.dataset[arguments[0]] === 'true'", mark
        )
    )


def text(browser: Any, selector: str) -> str:
    """The text of the first element of a selector, hidden or not."""
    script = "return document.querySelector(arguments[0]).textContent"
    return str(browser.execute_script(script, selector))


def texts(browser: Any, selector: str) -> list[str]:
    """The text of each element of a selector."""
    script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)"
    return list(browser.execute_script(script, selector))


def element(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def fill(browser: Any, selector: str, value: str) -> None:
    """Types into a field in place of what stands there, and waits for the prediction."""
    field = element(browser, selector)
    field.clear()
    browser.execute_script("document.documentElement.dataset.predicted = 'false'")
    field.send_keys(value)
    wait_for(browser, "predicted")


def link(**fields: str) -> str:
    """The fragment of a state."""
    return "&".join(f"{name}={quote(value)}" for name, value in fields.items())
