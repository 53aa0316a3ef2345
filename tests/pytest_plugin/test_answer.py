"""Answers of `corsac.testing`, and what a test fails with.

Here: what a page sees, explanations, blocks that are asked for, coroutines.
Not here: what goes to the application (`test_page.py`), pytest's output (`test_fixture.py`).
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import trio
from corsac import Policy
from corsac.adapters.wsgi import CORSMiddleware
from corsac.browser import Kind
from corsac.testing import CORSBlocked, NotBlocked, Site
from pytest_plugin.noting_api import MISSING, PAGE, POLICY, Api, guarded


def test_an_answer_is_what_the_page_sees() -> None:
    """Status, type, and the headers that the policy exposes."""
    api = Api("404 Not Found", ("X-Total", "1"), ("X-Secret", "2"))
    policy = POLICY.replace(expose_headers=["X-Total"])
    answer = Site(CORSMiddleware(api, policy)).page(PAGE).fetch("PUT", "/")
    assert (404, "cors") == (answer.status, answer.response_type)
    assert {"x-total": "1"} == answer.headers
    assert ["OPTIONS", "PUT"] == [each.request.method for each in answer.exchanges]
    assert (
        "<Answer PUT https://api.example/ from https://app.example: readable, 404>"
    ) == repr(answer)
    with pytest.raises(AttributeError, match="has no json: no check looks at a body"):
        answer.json()  # type: ignore[attr-defined]  # the mistake itself
    with pytest.raises(AttributeError, match="has no readble$"):
        _ = answer.readble  # type: ignore[attr-defined]  # the mistake itself


def test_a_blocked_fetch_is_explained() -> None:
    """What was asked, what went over the wire, which check failed, consoles, the line to change."""
    with pytest.raises(CORSBlocked) as caught:
        Site(POLICY).page(PAGE).fetch("DELETE", "/items")
    text = str(caught.value)
    assert text.startswith(
        "DELETE https://api.example/items from a page of https://app.example: blocked in "
        f"Chromium, Firefox and WebKit ({MISSING})\n"
    )
    for part in (
        "OPTIONS https://api.example/items",
        "Access-Control-Request-Method: DELETE",
        "403 Forbidden",
        "allow_methods does not name DELETE",
        "https://fetch.spec.whatwg.org/#concept-cors-check",
        "has been blocked by CORS policy",
        "Cross-Origin Request Blocked",
        "due to access control checks",
        'allow_methods=["PUT", "DELETE"]',
    ):
        assert part in text
    assert caught.value.answer.verdict.failure == MISSING


def test_the_line_to_change_of_another_server_is_a_header() -> None:
    """There is no policy, and nothing is asked again to find out."""
    api = Api()
    answer = Site(api).page(PAGE).blocked("PUT", "/", failure=MISSING)
    assert "Access-Control-Allow-Methods: PUT" in answer.explanation
    assert "With that the fetch is readable in Chromium" in answer.explanation
    assert "--" not in answer.explanation
    assert ["OPTIONS"] == api.saw("REQUEST_METHOD")


def test_the_exception_of_an_application_is_the_cause() -> None:
    """And the explanation sends there first."""

    def application(environ: Any, start_response: Any) -> list[bytes]:
        raise KeyError("lost")

    with pytest.raises(CORSBlocked, match="raised KeyError: see there") as caught:
        guarded(application).page(PAGE).fetch("GET", "/")
    assert isinstance(caught.value.__cause__, KeyError)
    assert caught.value.answer.error is caught.value.__cause__


def test_a_block_can_be_asked_for_with_its_check() -> None:
    """Another check is no proof, a readable answer is none, and a code must exist."""
    page = Site(POLICY).page(PAGE)
    assert not page.blocked("DELETE", "/").readable
    assert MISSING == page.blocked("DELETE", "/", failure=MISSING).failure
    with pytest.raises(NotBlocked, match=f"fail at allow-methods, not at {MISSING}"):
        page.blocked("DELETE", "/", failure="allow-methods")
    with pytest.raises(NotBlocked, match="Chromium, Firefox and WebKit should not let"):
        page.blocked("PUT", "/")
    with pytest.raises(ValueError, match="no check: write a code, like allow-methods"):
        page.blocked("DELETE", "/", failure="allow-method")


def test_an_opaque_answer_is_not_readable() -> None:
    """It loads, and scripts see nothing of it."""
    page = Site(POLICY).page("https://evil.example")
    with pytest.raises(CORSBlocked, match=r"loaded, and not readable in .* \(opaque\)"):
        page.fetch("GET", "/logo.png", kind=Kind.IMAGE)
    answer = page.predict("GET", "/logo.png", kind="image")
    assert (0, "opaque", None) == (answer.status, answer.response_type, answer.failure)
    assert not answer.verdict.is_network_error


def test_a_page_from_a_file_has_the_origin_null() -> None:
    """As a sandboxed frame has."""
    Site(POLICY).page("null").blocked("GET", "/", failure="allow-origin-missing")
    policy = Policy(allow_origins=["*"])
    assert Site(policy).page("null").fetch("GET", "/").readable


def test_a_fetch_within_a_coroutine_is_awaited() -> None:
    """In the loop that runs it, asyncio's or trio's."""

    class Application:
        def __init__(self) -> None:
            self.seen: list[str] = []

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "lifespan":
                while not self.seen or self.seen[-1] != "shutdown":
                    phase = (await receive())["type"].removeprefix("lifespan.")
                    self.seen.append(phase)
                    await send({"type": f"lifespan.{phase}.complete"})
                return
            lines = [(b"access-control-allow-origin", PAGE.encode())]
            start = {"type": "http.response.start", "status": 200, "headers": lines}
            await send(start)
            await send({"type": "http.response.body", "body": b""})

    async def use(application: Any) -> None:
        async with Site(application) as site:
            page = site.page(PAGE)
            assert (await page.fetch_async("GET", "/")).readable
            await page.blocked_async("PUT", "/", failure="allow-methods")
            with pytest.raises(CORSBlocked):
                await page.fetch_async("PUT", "/")
            with pytest.raises(NotBlocked):
                await page.blocked_async("GET", "/")
            with pytest.raises(ValueError, match="no check"):
                await page.blocked_async("GET", "/", failure="none")

    for run in (lambda app: asyncio.run(use(app)), lambda app: trio.run(use, app)):
        application = Application()
        run(application)
        assert ["startup", "shutdown"] == application.seen
