"""Ten frameworks' applications, seen by three browsers: with a policy around them, and without.

Here: that every one of them can be asked, from plain code and from coroutines.
Not here: what a policy says (`tests/adapters`), pages and fetches (`test_page.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from corsac import Policy
from corsac.adapters import asgi, wsgi
from corsac.browser import Browser
from corsac.browser.applications import Interface, interface_of
from corsac.testing import CORSBlocked, Site
from django.test.utils import override_settings
from pytest_plugin.small_applications import DJANGO_URLS, MAKERS

PAGE = "https://app.example"
POLICY = Policy(
    allow_origins=[PAGE],
    allow_methods=["PUT"],
    allow_headers=["Content-Type"],
    expose_headers=["X-Total"],
    allow_credentials=True,
)
ASKED: Any = {
    "method": "PUT",
    "url": "/items",
    "json": {"name": "a"},
    "credentials": "include",
}

pytestmark = [
    # WebOb's import of `cgi` and Pyramid's of `pkg_resources` are deprecated.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:webob"),
    pytest.mark.filterwarnings("ignore:pkg_resources is deprecated"),
    pytest.mark.filterwarnings("ignore:Deprecated call to `pkg_resources"),
]


@pytest.fixture(autouse=True)
def django_urls() -> Iterator[None]:
    """What Django's handlers look up."""
    with override_settings(ROOT_URLCONF=DJANGO_URLS):
        yield


def guard(application: Any) -> Any:
    """corsac's middleware for the application's interface."""
    module = asgi if interface_of(application) is Interface.ASGI else wsgi
    return module.CORSMiddleware(application, POLICY)


frameworks = pytest.mark.parametrize("framework", MAKERS)
browsers = pytest.mark.parametrize("browser", Browser)


@frameworks
@browsers
def test_a_page_reads_what_a_policy_allows(framework: str, browser: Browser) -> None:
    """The preflight, the request, and the header that the policy exposes."""
    with Site(guard(MAKERS[framework]()), browser=browser) as site:
        answer = site.page(PAGE).fetch(**ASKED)
    assert answer.readable
    assert 2 == len(answer.exchanges)
    assert 200 == answer.status
    assert "1" == answer.headers["x-total"]


@frameworks
@browsers
def test_a_page_of_another_origin_is_blocked(framework: str, browser: Browser) -> None:
    """The explanation names the line of the policy."""
    with Site(guard(MAKERS[framework]()), browser=browser) as site:
        page = site.page("https://evil.example")
        with pytest.raises(CORSBlocked) as caught:
            page.fetch(**ASKED)
        page.blocked(**ASKED, failure="preflight-allow-origin-missing")
    assert 'allow_origins=["https://app.example", "https://evil.example"]' in str(
        caught.value
    )


@frameworks
@browsers
def test_without_a_policy_a_page_is_blocked(framework: str, browser: Browser) -> None:
    """Whatever the framework says to OPTIONS, it says nothing of CORS."""
    with Site(MAKERS[framework](), browser=browser) as site:
        answer = site.page(PAGE).blocked(**ASKED)
    assert 1 == len(answer.exchanges)
    assert answer.preflights


@frameworks
def test_a_coroutine_asks_as_plain_code_does(framework: str) -> None:
    """In its own loop, lifespan and all."""

    async def ask(application: Any) -> bool:
        async with Site(application) as site:
            answer = await site.page(PAGE).predict_async(**ASKED)
            return answer.readable

    assert asyncio.run(ask(guard(MAKERS[framework]())))
    assert not asyncio.run(ask(MAKERS[framework]()))
