"""Pages and fetches of `corsac.testing`: what goes to the application.

Here: bodies, cookies, URLs, the preflight cache, several browsers.
Not here: what a test is told (`test_answer.py`), pytest (`test_fixture.py`), frameworks
(`test_frameworks.py`), what a browser decides (`tests/browser_model`).
"""

from __future__ import annotations

from typing import Any

import pytest
from corsac.adapters.wsgi import CORSMiddleware
from corsac.browser import Browser
from corsac.testing import CORSBlocked, NotBlocked, Site
from pytest_plugin.noting_api import PAGE, POLICY, Api, guarded

BODIES: list[Any] = [
    ("a JSON value", {"json": {"a": [1, None]}}, b'{"a":[1,null]}', "application/json"),
    ("JSON's null", {"json": None}, b"null", "application/json"),
    (
        "JSON of a type of its own",
        {"json": 1, "headers": {"content-type": "application/vnd.api+json"}},
        b"1",
        "application/vnd.api+json",
    ),
    (
        "the fields of a form",
        {"data": {"a": "1 2", "b": "é"}},
        b"a=1+2&b=%C3%A9",
        "application/x-www-form-urlencoded;charset=UTF-8",
    ),
    (
        "a field that comes twice",
        {"data": [("a", "1"), ("a", "2")]},
        b"a=1&a=2",
        "application/x-www-form-urlencoded;charset=UTF-8",
    ),
    ("a text", {"content": "é"}, b"\xc3\xa9", "text/plain;charset=UTF-8"),
    ("bytes", {"content": b"\0"}, b"\0", None),
    ("nothing", {}, b"", None),
]


@pytest.mark.parametrize(
    ("keywords", "body", "media_type"),
    [row[1:] for row in BODIES],
    ids=[row[0] for row in BODIES],
)
def test_a_body_arrives_with_the_type_that_a_browser_gives_it(
    keywords: Any, body: bytes, media_type: str | None
) -> None:
    """And JSON with the one that scripts give it, which needs a preflight."""
    api = Api()
    answer = guarded(api).page(PAGE).fetch("POST", "/", **keywords)
    assert [body] == api.saw("body")
    assert [media_type] == api.saw("CONTENT_TYPE")
    assert bool(answer.preflights) == ("json" in (media_type or ""))


WRONG: list[Any] = [
    ("two bodies", {"json": 1, "content": ""}, TypeError, "one body, and not json and"),
    ("a text for fields", {"data": "a=1"}, TypeError, "write content= for a text"),
    ("a dict for a text", {"content": {}}, TypeError, "write json= or data="),
    ("a keyword of nothing", {"header": {}}, TypeError, "has no header: write headers"),
    ("a bad header", {"headers": {"X A": "1"}}, ValueError, "no token"),
    (
        "no browser",
        {"browser": "safari"},
        ValueError,
        "write chromium, firefox, webkit",
    ),
    ("none of them", {"browser": []}, ValueError, "no browser is named"),
    ("no kind", {"kind": "xhr"}, ValueError, "write one of fetch, xmlhttprequest"),
    ("no mode", {"mode": "open"}, ValueError, "write one of cors"),
]


@pytest.mark.parametrize(
    ("keywords", "kind", "message"),
    [row[1:] for row in WRONG],
    ids=[row[0] for row in WRONG],
)
def test_what_no_page_can_ask_is_an_error_of_the_test(
    keywords: Any, kind: type[Exception], message: str
) -> None:
    """One sentence that says what to write; the application is not asked."""
    api = Api()
    with pytest.raises(kind, match=message):
        guarded(api).page(PAGE).fetch("POST", "/", **keywords)
    assert not api.asked


def test_what_is_no_site_or_page_is_an_error_of_the_test() -> None:
    """Origins and URLs as they are written."""
    with pytest.raises(ValueError, match="is no origin: write"):
        Site(POLICY).page("https://app.example/")
    with pytest.raises(ValueError, match="is no absolute URL: write"):
        Site(POLICY, base_url="api.example")
    with pytest.raises(ValueError, match="is no absolute URL: write"):
        Site(POLICY, others={"login": POLICY})
    with pytest.raises(ValueError, match="is no browser"):
        Site(POLICY, browser="opera")  # type: ignore[arg-type]  # the mistake itself
    with pytest.raises(TypeError, match="give the object itself"):
        Site("app:app")  # type: ignore[arg-type]  # the mistake itself
    with pytest.raises(ValueError, match="'asgy' is not"):
        Site(Api(), interface="asgy")


# URLs

URLS = [
    ("a path", "/items?q=1", "api.example", "/items", "q=1"),
    ("a relative path", "items", "api.example", "/v1/items", ""),
    ("a whole URL", "https://api.example/a%20b", "api.example", "/a b", ""),
    ("a URL without a scheme", "//api.example/a", "api.example", "/a", ""),
]


@pytest.mark.parametrize(
    ("url", "host", "path", "query"),
    [row[1:] for row in URLS],
    ids=[row[0] for row in URLS],
)
def test_a_url_is_read_relative_to_the_site(
    url: str, host: str, path: str, query: str
) -> None:
    """As `new URL(url, base)` reads it."""
    api = Api()
    site = Site(CORSMiddleware(api, POLICY), base_url="https://api.example/v1/")
    site.page(PAGE).fetch("GET", url)
    assert [(host, path, query)] == list(
        zip(api.saw("HTTP_HOST"), api.saw("PATH_INFO"), api.saw("QUERY_STRING"))
    )


def test_nothing_is_at_another_origin_but_what_was_put_there() -> None:
    """A redirect leads there with the origin null, and the explanation says whom to ask."""
    moved = Api("302 Found", ("Location", "https://login.example/"))
    with pytest.raises(CORSBlocked, match=r'others=\{"https://login.example": app\}'):
        guarded(moved).page(PAGE).fetch("GET", "/")
    login = Api()
    site = Site(
        CORSMiddleware(moved, POLICY),
        others={"https://login.example": CORSMiddleware(login, POLICY)},
    )
    answer = site.page(PAGE).blocked("GET", "/", failure="allow-origin-missing")
    assert ["null"] == login.saw("HTTP_ORIGIN")
    assert "ask where it leads at once" in answer.explanation


# Cookies and other credentials

COOKIES: list[Any] = [
    ("included", "PUT", {"credentials": "include"}, "a=1; b=2"),
    ("left out across origins", "GET", {}, None),
    ("omitted", "GET", {"credentials": "omit"}, None),
    ("with an image", "GET", {"kind": "image"}, "a=1; b=2"),
]


@pytest.mark.parametrize(
    ("method", "keywords", "cookie"),
    [row[1:] for row in COOKIES],
    ids=[row[0] for row in COOKIES],
)
def test_cookies_go_along_with_credentials(
    method: str, keywords: Any, cookie: str | None
) -> None:
    """With the request itself, as JavaScript and HTML say it."""
    api = Api()
    page = guarded(api).page(PAGE, cookies={"a": "1", "b": "2"})
    page.predict(method, "/", **keywords)
    assert [cookie] == api.saw("HTTP_COOKIE")


def test_a_preflight_has_no_cookies() -> None:
    """Only the request behind it has."""
    allowed = {"Origin": PAGE, "Credentials": "true", "Methods": "PUT"}
    lines = [(f"Access-Control-Allow-{name}", v) for name, v in allowed.items()]
    api = Api("200 OK", *lines)
    page = Site(api).page(PAGE, cookies={"a": "1"})
    page.fetch("PUT", "/", credentials="include")
    assert [None, "a=1"] == api.saw("HTTP_COOKIE")


def test_cookies_are_for_the_site_and_can_change() -> None:
    """No other application gets them; logging in adds one."""
    moved = Api("307 Temporary Redirect", ("Location", "https://login.example/"))
    login = Api()
    site = Site(CORSMiddleware(moved, POLICY), others={"https://login.example": login})
    page = site.page(PAGE)
    page.cookies["session"] = "x"
    page.predict("POST", "/", credentials="include", data={})
    assert ["session=x"] == moved.saw("HTTP_COOKIE")
    assert [None] == login.saw("HTTP_COOKIE")


def test_a_page_of_the_sites_own_origin_has_its_cookies() -> None:
    """Credentials are for the same origin where a fetch says nothing."""
    api = Api()
    page = guarded(api).page("https://api.example", cookies={"a": "1"})
    assert "basic" == page.fetch("GET", "/").response_type
    assert ["a=1"] == api.saw("HTTP_COOKIE")


def test_authorization_is_a_header_like_any_other() -> None:
    """A script sets it, and the policy must list it."""
    api = Api()
    headers = {"Authorization": "Bearer x"}
    policy = POLICY.replace(allow_headers=["Authorization"])
    Site(CORSMiddleware(api, policy)).page(PAGE).fetch("GET", "/", headers=headers)
    assert ["Bearer x"] == api.saw("HTTP_AUTHORIZATION")
    answer = guarded(api).page(PAGE).blocked("GET", "/", headers=headers)
    assert 'allow_headers=["Content-Type", "Authorization"]' in answer.explanation


# Several fetches, several browsers


def test_an_application_gets_each_request_once() -> None:
    """However many browsers ask the same."""
    api = Api()
    answer = guarded(api).page(PAGE).fetch("PUT", "/")
    assert set(Browser) == set(answer.verdicts)
    assert ["PUT"] == api.saw("REQUEST_METHOD")


def test_a_redirect_to_itself_is_asked_again() -> None:
    """The same request, sent twice within one fetch, gets two answers."""
    times: list[str] = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        times.append(environ["PATH_INFO"])
        moved = [("Location", "/"), ("Access-Control-Allow-Origin", "*")]
        status = "302 Found" if len(times) == 1 else "200 OK"
        start_response(status, moved)
        return [b""]

    assert 200 == Site(application).page(PAGE).fetch("GET", "/").status
    assert ["/", "/"] == times


def test_a_page_remembers_preflights() -> None:
    """Fetch after fetch, in each browser; another page has a cache of its own."""
    site = guarded(Api())
    page = site.page(PAGE)
    counts = [len(page.fetch("PUT", "/").preflights) for _ in range(3)]
    assert [1, 0, 0] == counts
    assert 1 == len(site.page(PAGE).fetch("PUT", "/").preflights)
    assert 4 == len(site.answers)


CHOICES: list[Any] = [
    ("all by default", {}, {}, list(Browser)),
    ("the site's", {"browser": "firefox"}, {}, [Browser.FIREFOX]),
    ("the fetch's", {"browser": "firefox"}, {"browser": "webkit"}, [Browser.WEBKIT]),
    (
        "several",
        {},
        {"browser": ["webkit", Browser.CHROMIUM]},
        [Browser.WEBKIT, Browser.CHROMIUM],
    ),
]


@pytest.mark.parametrize(
    ("of_site", "of_fetch", "browsers"),
    [row[1:] for row in CHOICES],
    ids=[row[0] for row in CHOICES],
)
def test_browsers_can_be_chosen(
    of_site: Any, of_fetch: Any, browsers: list[Browser]
) -> None:
    """For the site, the page or the fetch; the nearest counts."""
    answer = Site(POLICY, **of_site).page(PAGE).fetch("GET", "/", **of_fetch)
    assert browsers == list(answer.verdicts)


def test_browsers_that_differ_are_told_apart() -> None:
    """Chromium lets client hints pass without asking; the others ask."""
    page = Site(POLICY).page(PAGE)
    with pytest.raises(
        CORSBlocked, match=r"blocked in Firefox and WebKit \("
    ) as caught:
        page.fetch("GET", "/", headers={"DPR": "2"})
    answer = caught.value.answer
    assert [True, False, False] == [v.readable for v in answer.verdicts.values()]
    assert not answer.readable
    with pytest.raises(NotBlocked, match="Chromium should not let the page read it"):
        page.blocked("GET", "/", headers={"DPR": "2"})


def test_what_the_standard_alone_refuses_is_readable() -> None:
    """A test is about browsers; Authorization under `*` passes in all of them."""
    star = [(f"Access-Control-Allow-{name}", "*") for name in ("Origin", "Headers")]
    page = Site(Api("200 OK", *star)).page(PAGE)
    answer = page.fetch("GET", "/", headers={"Authorization": "x"})
    assert answer.failure is None
    assert answer.standard is not None
    assert not answer.standard.readable
