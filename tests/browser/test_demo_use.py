"""The demo's page in headless Chromium: what a visitor can do to it.

Here: choosing a browser, the address, problems, the keyboard, accessibility, sizes.
Not here: predictions against what happened (`test_demo_page.py`), the page's server
(`../test_demo_playground.py`).
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from chromium import (
    DEADLINE,
    Visit,
    element,
    fill,
    link,
    needs_chromium,
    text,
    texts,
    wait_for,
)
from corsac.demo.server import Demo

pytestmark = needs_chromium


# Choosing a browser


def test_each_browser_has_its_own_words(visit: Visit) -> None:
    """The choice changes the prediction and its console; what happened stays."""
    page = visit("refused-origin")
    happened = text(page, "#happened-messages")
    said = {}
    for name in ("chromium", "firefox", "webkit", "standard"):
        element(page, f"#browser option[value={name}]").click()
        said[name] = texts(page, "#console li")

    assert "has been blocked by CORS policy" in said["chromium"][0]
    assert "Cross-Origin Request Blocked" in said["firefox"][0]
    assert "is not allowed by Access-Control-Allow-Origin" in said["webkit"][0]
    assert [] == said["standard"]
    assert happened == text(page, "#happened-messages")


# The address


def test_an_edit_is_a_link_that_brings_it_back(visit: Visit, demo: Demo) -> None:
    """The address holds the whole state, names this machine's origins by stand-ins, and opens as it was."""
    page = visit("simple-get")
    fill(page, "#method", "PUT")
    fill(page, "#headers", "X-A: 1\nX-B: 2, 3 & 4")
    fill(page, "#allow_origins", f"{demo.origins.page[0]}\nhttps://*.example.com")
    address = page.current_url
    form = "return JSON.stringify([...new FormData(document.querySelector('#form'))])"
    before = page.execute_script(form)

    assert str(demo.port) not in address.partition("#")[2]
    assert "%7Bpage%7D" in address
    page = visit(address.partition("#")[2])
    assert before == page.execute_script(form)
    assert "Your own" == text(page, "#about-title")


def test_back_and_forward_lead_through_states(visit: Visit) -> None:
    """Examples and edits are entries of the history; several keystrokes are one."""
    page = visit("simple-get")
    page.execute_script("document.querySelector('#examples').open = true")
    element(page, "nav a[href='#options-405']").click()
    wait_for_title(page, "OPTIONS answered with 405")
    fill(page, "#options_status", "418")
    fill(page, "#options_status", "200")
    page.back()
    wait_for_title(page, "OPTIONS answered with 405")
    assert "405" == element(page, "#options_status").get_attribute("value")
    page.back()
    wait_for_title(page, "A simple GET")
    page.forward()
    page.forward()
    wait_for_title(page, "Your own")
    assert "200" == element(page, "#options_status").get_attribute("value")


def wait_for_title(page: Any, title: str) -> None:
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(page, DEADLINE).until(
        lambda opened: title == text(opened, "#about-title")
    )
    wait_for(page, "ran")


@pytest.mark.parametrize(
    "fragment",
    [
        "nothing-of-that-name",
        "kind=telepathy&server=else",
        "server=policy&colour=red",
        "=",
        "%",
    ],
)
def test_an_address_that_says_nothing_is_no_error(visit: Visit, fragment: str) -> None:
    """What is unknown in it is passed over."""
    page = visit(fragment)

    assert text(page, "#summary").endswith("as predicted.")


def test_the_link_is_copied(browser: Any, visit: Visit, demo: Demo) -> None:
    """The button says that it did; where there is no clipboard, the link stands there selected."""
    origin = {
        "origin": demo.origins.page[0],
        "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
    }
    browser.execute_cdp_cmd("Browser.grantPermissions", origin)
    page = visit("options-405")
    element(page, "#copy-link").click()
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(page, DEADLINE).until(
        lambda opened: (
            text(opened, "#summary")
            in (
                "The link is on the clipboard.",
                "Press Ctrl+C to copy what is selected.",
            )
        )
    )
    assert page.current_url.endswith("#options-405")


# Problems


def test_a_problem_stands_at_its_field(visit: Visit) -> None:
    """Marked, described, and with the line that it is about; a run leads to it, and the fix clears it."""
    page = visit("simple-get")
    fill(page, "#allow_origins", "https://a.example/")
    problem = texts(page, "#problems-allow_origins li")
    field = element(page, "#allow_origins")

    assert 1 == len(problem)
    assert problem[0].startswith("https://a.example/: ")
    assert "invalid-origin-pattern" in problem[0]
    assert "true" == field.get_attribute("aria-invalid")
    assert "problems-allow_origins" in field.get_attribute("aria-describedby")
    element(page, "#run").click()
    wait_for(page, "ran")
    assert "allow_origins" == page.switch_to.active_element.get_attribute("id")
    assert text(page, "#summary").startswith("Not run")
    fill(page, "#allow_origins", "https://a.example")
    assert [] == texts(page, "#problems-allow_origins li")
    assert None is element(page, "#allow_origins").get_attribute("aria-invalid")


def test_an_edit_says_that_what_happened_is_old(visit: Visit) -> None:
    """The prediction follows each key; what this browser did belongs to what was before, until the next run."""
    page = visit("simple-get")
    fill(page, "#allow_origins", "https://a.example")

    assert text(page, "#predicted-headline").startswith("Blocked.")
    assert text(page, "#happened-note").startswith("The form has changed since.")
    assert not element(page, "#agreement").is_displayed()
    element(page, "#run").click()
    wait_for(page, "ran")
    assert text(page, "#happened-headline").startswith("Blocked.")
    assert not element(page, "#happened-note").is_displayed()


def test_fields_that_do_not_count_are_not_shown(visit: Visit) -> None:
    """An image has no method and no headers, and is asked for where there is one."""
    page = visit("simple-get")
    element(page, "#kind option[value=image]").click()

    assert not element(page, "#method").is_displayed()
    assert not element(page, "#headers").is_displayed()
    assert "picture" == element(page, "#path").get_attribute("value")
    assert not element(page, "#mode option[value=same-origin]").is_enabled()


# For everybody


def test_the_keyboard_is_enough(visit: Visit) -> None:
    """From the top of the page: skip to the form, change the method, run, and read the result."""
    from selenium.webdriver import ActionChains, Keys

    page = visit("simple-get")
    page.execute_script("document.documentElement.dataset.ran = 'false'")
    keys = ActionChains(page)
    keys.send_keys(Keys.TAB, Keys.ENTER).perform()
    assert "about" == page.switch_to.active_element.get_attribute("id")
    for _ in range(12):
        if page.switch_to.active_element.get_attribute("id") == "method":
            break
        ActionChains(page).send_keys(Keys.TAB).perform()
    assert "method" == page.switch_to.active_element.get_attribute("id")
    outline = "return getComputedStyle(document.activeElement).outlineStyle"
    assert "solid" == page.execute_script(outline)
    ActionChains(page).key_down(Keys.CONTROL).send_keys("a").key_up(
        Keys.CONTROL
    ).send_keys("DELETE", Keys.ENTER).perform()
    wait_for(page, "ran")

    assert "Not readable, as predicted." == text(page, "#summary")
    assert "DELETE is never sent" in texts(page, "#happened-messages .label")


def test_a_skip_link_leaves_the_address_alone(visit: Visit) -> None:
    """The fragment holds the state, and a jump would lose it."""
    page = visit("options-405")
    page.execute_script("document.querySelectorAll('.skip')[1].click()")

    assert "result" == page.switch_to.active_element.get_attribute("id")
    assert page.current_url.endswith("#options-405")


STATES = {
    "blocked": "options-405",
    "readable": "preflight-cache",
    "with problems": link(
        server="policy", method="a b", allow_origins="*", allow_credentials="true"
    ),
    "in a frame": "null-refused",
}


@pytest.mark.parametrize("fragment", STATES.values(), ids=STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    browser: Any, visit: Visit, fragment: str, scheme: str
) -> None:
    """Names, roles, labels, landmarks, order of headings, contrast: by axe-core's rules."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page = visit(fragment)
    page.execute_script((files("axe_core_python") / "axe.min.js").read_text("utf-8"))
    found = page.execute_async_script(
        "axe.run(document, { iframes: false }).then(arguments[arguments.length - 1])"
    )

    assert len(found["passes"]) > 30
    assert [] == [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found["violations"]
    ]


def resize(browser: Any, width: int) -> None:
    metrics = {
        "width": width,
        "height": 800,
        "deviceScaleFactor": 1,
        "mobile": width < 600,
    }
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@pytest.mark.parametrize("fragment", STATES.values(), ids=STATES)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_never_scrolls_sideways(
    visit: Visit, width: int, fragment: str
) -> None:
    """On a phone as on a wide screen, the page is as wide as the window."""
    page = visit(fragment)
    resize(page, width)

    assert width == page.execute_script("return document.documentElement.scrollWidth")


def test_what_is_touched_is_large_enough(visit: Visit) -> None:
    """Buttons, fields and links of the navigation are at least 44 pixels high on a phone."""
    page = visit("options-405")
    resize(page, 390)
    page.execute_script("document.querySelector('#examples').open = true")
    small = page.execute_script(
        """
        const touched = "button, select, textarea, input:not([type=checkbox], [type=radio]), .check label, .switch label, nav a, nav summary";
        return [...document.querySelectorAll(touched)]
          .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.9)
          .map((one) => one.outerHTML.slice(0, 80));
        """
    )

    assert [] == small


def test_the_page_loads_nothing_from_elsewhere(visit: Visit, demo: Demo) -> None:
    """Every resource comes from the demo's own two servers."""
    page = visit("redirect-away")
    names = page.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    origins = demo.origins
    own = (*origins.page, *origins.api, origins.stranger, origins.api_stranger)

    assert names
    assert [] == [name for name in names if not name.startswith(own)]
