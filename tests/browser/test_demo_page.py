"""The demo's page in headless Chromium: what was predicted, and what this browser did.

Here: every example, kinds, bodies and what people try; that differences are found and told.
Not here: editing, links, accessibility (`test_demo_use.py`), the same examples without a browser
(`../test_demo.py`).
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from chromium import Visit, link, needs_chromium, text, texts, wait_for
from corsac.demo.examples import EXAMPLES
from corsac.demo.server import Demo

pytestmark = needs_chromium


# Prediction and reality


@pytest.fixture(scope="module")
def seen(browser: Any, demo: Demo) -> dict[str, Any]:
    """What a visit to each example shows, and what Chromium printed meanwhile."""
    shown = {}
    for example in EXAMPLES:
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(f"{demo.origins.page[0]}/#{example.name}")
        wait_for(browser, "ran")
        shown[example.name] = {
            "agreement": text(browser, "#agreement-headline"),
            "differences": texts(browser, "#differences li"),
            "state": state_of_reality(browser),
            "predicted": texts(browser, "#predicted-messages .label"),
            "happened": texts(browser, "#happened-messages .label"),
            "said": texts(browser, "#happened-messages .part code"),
            "requests": texts(
                browser, "#happened-messages .request.rightwards .label b"
            ),
            "headers": texts(browser, "#happened-messages .browsers dt"),
            "console": texts(browser, "#console li"),
            # Without the place in the page that Chromium writes before each.
            "printed": [
                re.sub(r"^\S+ (?:- |\d+:\d+ )", "", entry["message"])
                for entry in browser.get_log("browser")
            ],
        }
    return shown


def state_of_reality(browser: Any) -> Any:
    return browser.execute_script(
        "return document.querySelector('#happened').dataset.state"
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_this_browser_does_what_was_predicted(
    seen: dict[str, Any], example: Any
) -> None:
    """For every example: what the page saw, each request with its Origin, in order, and each status."""
    shown = seen[example.name]

    assert [] == shown["differences"]
    assert "This browser did as predicted for Chromium." == shown["agreement"]
    assert shown["predicted"] == shown["happened"]
    assert ("readable" if example.readable else "refused") == shown["state"]


@pytest.mark.parametrize(
    "example",
    # What a frame of another site prints does not reach the driver's log.
    [one for one in EXAMPLES if one.asks.get("sender", "page") == "page"],
    ids=lambda example: example.name,
)
def test_the_console_says_what_was_predicted(
    seen: dict[str, Any], example: Any
) -> None:
    """Chromium's own lines, word for word and in their order."""
    assert seen[example.name]["console"] == seen[example.name]["printed"]


@pytest.mark.parametrize(
    "example",
    [one for one in EXAMPLES if one.answered],
    ids=lambda example: example.name,
)
def test_the_page_shows_every_request_that_reached_the_server(
    seen: dict[str, Any], example: Any
) -> None:
    """The preflight too, though no script sees one, with the headers that the browser gave it, and what the policy said."""
    shown = seen[example.name]
    said = [answered.outcome for answered in example.answered]
    preflights = [one for one in said if one.startswith("preflight")]

    assert said == shown["said"]
    assert len(said) == len(shown["requests"])
    assert len(preflights) == shown["requests"].count("OPTIONS")
    assert len(preflights) == shown["headers"].count("Access-Control-Request-Method")


@pytest.mark.parametrize(
    "kind", ["image", "script", "module", "stylesheet", "eventsource"]
)
@pytest.mark.parametrize("origin", ["*", "https://a.example"])
def test_every_kind_of_request_does_what_was_predicted(
    visit: Visit, kind: str, origin: str
) -> None:
    """Elements with crossorigin and event streams, allowed and refused."""
    paths = {"image": "picture", "stylesheet": "style", "eventsource": "events"}
    page = visit(
        link(
            server="policy",
            kind=kind,
            path=paths.get(kind, "script"),
            allow_origins=origin,
        )
    )

    assert [] == texts(page, "#differences li")
    assert text(page, "#summary").endswith("as predicted.")
    assert ("refused" if origin != "*" else "readable") == state_of_reality(page)


@pytest.mark.parametrize("body", ["text", "form", "multipart", "blob", "bytes"])
def test_every_body_does_what_was_predicted(visit: Visit, body: str) -> None:
    """Only the Blob's type is not safelisted, and only that one is preflighted."""
    page = visit(
        link(
            server="policy",
            method="POST",
            path="foxes",
            body=body,
            allow_headers="content-type",
        )
    )

    assert [] == texts(page, "#differences li")
    assert (body == "blob") == (
        "OPTIONS preflight" in texts(page, "#happened-messages .label")
    )


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"method": "TRACE"}, "Not readable, as predicted."),
        ({"method": "patch", "allow_methods": "PATCH"}, "Not readable, as predicted."),
        (
            {"sender": "own", "allow_origins": "https://a.example"},
            "Readable, as predicted.",
        ),
        (
            {"sender": "own", "method": "PUT", "path": "moved"},
            "Readable, as predicted.",
        ),
        ({"redirect": "error", "path": "moved"}, "Not readable, as predicted."),
        ({"redirect": "manual", "path": "moved"}, "Not readable, as predicted."),
        ({"mode": "same-origin"}, "Not readable, as predicted."),
        ({"expose_headers": "*", "path": "foxes"}, "Readable, as predicted."),
        ({"method": "HEAD"}, "Readable, as predicted."),
    ],
    ids=str,
)
def test_what_people_try_does_what_was_predicted(
    visit: Visit, fields: dict[str, str], seen: str
) -> None:
    """Methods that no page may use or that are written small, redirects, modes, and the API's own page."""
    page = visit(link(server="policy", **fields))

    assert [] == texts(page, "#differences li")
    assert seen == text(page, "#summary")


def test_the_frames_have_the_origins_that_they_claim(visit: Visit, demo: Demo) -> None:
    """A sandboxed frame sends null, the other name of the server sends its own origin."""
    origin = "#happened-messages .browsers dd"

    assert "null" == text(visit("null-refused"), origin)
    assert demo.origins.stranger == text(visit("refused-origin"), origin)


def test_all_examples_run_from_one_button(visit: Visit) -> None:
    """Each link then says how it came out, and a sentence counts."""
    page = visit("")
    page.execute_script("document.querySelector('#run-all').click()")
    wait_for(page, "ranAll")
    states = page.execute_script(
        "return Object.fromEntries([...document.querySelectorAll('nav a')].map((a) => [a.hash.slice(1), a.dataset.state]))"
    )

    assert {e.name: "readable" if e.readable else "refused" for e in EXAMPLES} == states
    total = len(EXAMPLES)
    assert f"{total} of {total} examples as they should be." == text(page, "#summary")


def test_a_wrong_policy_is_unexpected(browser: Any) -> None:
    """The page can tell: under policies that list somebody else, its readable examples are marked as unexpected."""
    from corsac import Policy
    from corsac.demo.policies import policies_for

    def wrong(origins: Any) -> dict[str, Policy]:
        other = Policy(allow_origins=["https://example.com"])
        return dict.fromkeys(policies_for(origins), other)

    with Demo(port=0, policies=wrong) as demo:
        browser.get(demo.origins.page[0] + "/")
        wait_for(browser, "ran")
        browser.execute_script("document.querySelector('#run-all').click()")
        wait_for(browser, "ranAll")
        unexpected = browser.execute_script(
            "return [...document.querySelectorAll('nav a[data-state=unexpected]')].map((a) => a.hash.slice(1))"
        )

    assert {e.name for e in EXAMPLES if e.policy and e.readable} <= set(unexpected)


def test_a_difference_is_told(browser: Any, visit: Visit) -> None:
    """Chromium under the name of Firefox is predicted as Firefox, and then catches an error of other words."""
    own = browser.execute_script("return navigator.userAgent")
    name = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
    browser.execute_cdp_cmd("Emulation.setUserAgentOverride", {"userAgent": name})
    try:
        page = visit("refused-origin")
    finally:
        browser.execute_cdp_cmd("Emulation.setUserAgentOverride", {"userAgent": own})

    assert "Firefox did otherwise than predicted:" == text(page, "#agreement-headline")
    assert [
        "What the page saw: error: predicted was "
        + "TypeError: NetworkError when attempting to fetch resource., "
        + "and it was TypeError: Failed to fetch."
    ] == texts(page, "#differences li")
    assert "Not readable, and 1 thing differs from the prediction." == text(
        page, "#summary"
    )


def test_a_request_that_differs_is_found(visit: Visit) -> None:
    """Another method, another header, another status, one too few and one too many."""
    page = visit("")
    found = page.execute_async_script(
        """
        const done = arguments[arguments.length - 1];
        const { compare } = await import("/compare.js");
        const url = "http://127.0.0.1/x?run=1";
        const exchange = (method, origin, status) => ({ method, url, status, request: [["origin", origin]] });
        const verdict = (...exchanges) => [{ exchanges, failure: null, readable: true, exposed_headers: [] }];
        const seen = [{ failed: false, readable: true, type: null, status: null, headers: null }];
        const one = exchange("GET", "http://a", "200 OK");
        const cases = [
          compare(verdict(one), seen, [one]),
          compare(verdict(one), seen, [exchange("PUT", "http://a", "200 OK")]),
          compare(verdict(one), seen, [exchange("GET", "null", "403 Forbidden")]),
          compare(verdict(one, one), seen, [one]),
          compare(verdict(one), seen, [one, one]),
        ];
        done(cases.map(({ sentences, messages }) => [sentences.length, ...messages]));
        """
    )

    assert [[0], [1, 0], [2, 0], [1, 1], [1, 1]] == found
