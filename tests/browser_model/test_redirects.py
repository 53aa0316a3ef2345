"""Where redirects lead: origins, methods, headers, users and passwords, and how many there may be.

Here: one row a redirect. Not here: redirected preflights (`test_preflight.py`).
Spec: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
"""

import pytest
from browser_model.fetches import (
    API,
    PAGE,
    THIRD,
    Server,
    allow,
    answer,
    ask,
    header,
    sent,
)
from corsac.browser import Browser

OWN = f"{PAGE}/x"


def to(location, status=302, **lines):
    return answer(*allow(**lines), ("Location", location), status=status)


#: What is asked first, where that leads, and the Origin that arrives there.
ORIGINS = [
    ("to the same server", API, "https://api.example/y", PAGE),
    ("to another server", API, THIRD, "null"),
    ("back to the page's own", API, OWN, "null"),
    ("from the page's own", OWN, API, PAGE),
    ("to another port", API, "https://api.example:8443/x", "null"),
]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("first", "last", "origin"), [pytest.param(*row[1:], id=row[0]) for row in ORIGINS]
)
def test_a_redirect_across_origins_hides_the_page(first, last, origin, status):
    """https://fetch.spec.whatwg.org/#concept-request-tainted-origin"""
    verdict = ask(Server({first: to(last, status)}), url=first)
    assert sent(verdict) == [f"GET {first}", f"GET {last}"]
    assert header(verdict, "Origin") == origin
    assert verdict.readable


METHODS = [
    ("POST", 301, "GET"),
    ("POST", 302, "GET"),
    ("POST", 303, "GET"),
    ("POST", 307, "POST"),
    ("POST", 308, "POST"),
    ("PUT", 301, "PUT"),
    ("PUT", 302, "PUT"),
    ("PUT", 303, "GET"),
    ("HEAD", 303, "HEAD"),
    ("PUT", 307, "PUT"),
]


@pytest.mark.parametrize(("method", "status", "then"), METHODS)
def test_a_redirect_may_turn_the_method_into_get(method, status, then):
    """The body and its headers then go. https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    body = {} if method == "HEAD" else {"body_type": "text/plain"}
    verdict = ask(Server({API: to("/y", status)}), method=method, **body)
    assert verdict.exchanges[-1].request.method == then
    kept = "text/plain" if then == method and body else None
    assert header(verdict, "Content-Type") == kept


#: What is asked, where the first redirect comes from and leads, its status, and for each browser
#: the names that the last preflight asks for: "-" is a preflight without names, None is none.
STAYING = [
    (
        "the header taken away",
        {"headers": {"Authorization": "x"}},
        API,
        THIRD,
        302,
        "-",
        "authorization",
    ),
    (
        "the header taken from the page's own server",
        {"headers": {"Authorization": "x"}},
        OWN,
        API,
        302,
        "-",
        "authorization",
    ),
    (
        "the body's type",
        {"method": "POST", "body_type": "text/html"},
        API,
        "https://api.example/y",
        303,
        "-",
        "content-type",
    ),
    ("the method", {"method": "PUT"}, API, THIRD, 303, "-", "-"),
    (
        "the method of the page's own server",
        {"method": "PUT"},
        OWN,
        API,
        303,
        None,
        None,
    ),
]


@pytest.mark.parametrize(
    ("asked", "first", "last", "status", "firefox", "webkit"),
    [pytest.param(*row[1:], id=row[0]) for row in STAYING],
)
def test_what_a_redirect_changes_may_leave_the_need_for_a_preflight(
    asked, first, last, status, firefox, webkit
):
    """Deviation of Firefox and WebKit. https://fetch.spec.whatwg.org/#concept-main-fetch"""
    names = {
        None: None,
        Browser.CHROMIUM: None,
        Browser.FIREFOX: firefox,
        Browser.WEBKIT: webkit,
    }
    for browser, expected in names.items():
        server = Server({first: to(last, status)})
        verdict = ask(server, url=first, browser=browser, **asked)
        asks = [
            e
            for e in verdict.exchanges
            if e.request.is_preflight and e.request.url == last
        ]
        assert len(asks) == (expected is not None), browser
        if asks:
            at = verdict.exchanges.index(asks[0])
            sent_names = header(verdict, "Access-Control-Request-Headers", at)
            assert (sent_names or "-") == expected, browser
        assert header(verdict, "Authorization") is None
        assert verdict.readable


def test_authorization_stays_behind_when_the_origin_changes():
    """https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name"""
    lines = {"Authorization": "x", "X-A": "1"}
    verdict = ask(Server({API: to(THIRD)}), headers=lines)
    assert header(verdict, "Authorization", 1) == "x"
    assert header(verdict, "Authorization") is None
    assert header(verdict, "X-A") == "1"


#: The Origin and the headers of the second preflight.
SECOND = {
    None: ("null", "x-a"),
    Browser.CHROMIUM: ("null", "x-a"),
    Browser.FIREFOX: (PAGE, "x-a"),
    Browser.WEBKIT: ("null", "authorization,x-a"),
}


@pytest.mark.parametrize(("browser", "asked"), SECOND.items())
def test_a_preflight_after_a_redirect_across_origins(browser, asked):
    """Deviations of Firefox and WebKit. https://fetch.spec.whatwg.org/#cors-preflight-fetch"""
    lines = {"Authorization": "x", "X-A": "1"}
    verdict = ask(
        Server({API: to(THIRD, 307)}), method="PUT", headers=lines, browser=browser
    )
    assert [e.request.is_preflight for e in verdict.exchanges] == [
        True,
        False,
        True,
        False,
    ]
    assert (
        header(verdict, "Origin", 2),
        header(verdict, "Access-Control-Request-Headers", 2),
    ) == asked
    assert header(verdict, "Origin", 3) == "null"


@pytest.mark.parametrize("userinfo", ["user:password", "user", ":password"])
@pytest.mark.parametrize(
    ("first", "last"), [(OWN, API), (API, OWN), (API, API), (API, THIRD)]
)
def test_a_redirect_across_origins_has_no_user_and_password(first, last, userinfo):
    """https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    location = last.replace("//", f"//{userinfo}@")
    verdict = ask(Server({first: to(location)}), url=first)
    assert verdict.failure == "redirect-credentials"
    assert len(verdict.exchanges) == 1


LOCATIONS = [
    ("a path", "/y?q", "https://api.example/y?q"),
    ("a relative path", "../y", "https://api.example/y"),
    ("another host", "//third.example/y", "https://third.example/y"),
    ("UTF-8", "/\xc3\xa4", "https://api.example/%C3%A4"),
    ("nothing: the same again", "", API),
]


@pytest.mark.parametrize(
    ("location", "url"), [pytest.param(*row[1:], id=row[0]) for row in LOCATIONS]
)
def test_a_location_is_relative_to_the_url(location, url):
    """https://fetch.spec.whatwg.org/#concept-response-location-url"""
    answers = iter([to(location)])
    verdict = ask(lambda _: next(answers, answer(*allow())))
    assert verdict.exchanges[-1].request.url == url


@pytest.mark.parametrize("location", ["http://[", "ftp://a/", "mailto:a@b", "data:,x"])
def test_a_location_of_another_scheme_is_an_error(location):
    """https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    assert ask(Server({API: to(location)})).failure == "redirect-location"


def test_a_redirect_without_a_location_is_a_response():
    """https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    assert ask(lambda _: answer(*allow(), status=302)).status == 302


def test_twenty_redirects_are_followed_and_no_more():
    """https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    for count, failure in ((20, None), (21, "redirect-limit")):
        answers = iter([to("/y")] * count)
        verdict = ask(lambda _, left=answers: next(left, answer(*allow())))
        assert (verdict.failure, len(verdict.exchanges)) == (failure, 21)


def test_a_redirect_needs_the_check_like_any_response():
    """https://fetch.spec.whatwg.org/#concept-http-fetch"""
    bare = answer(("Location", THIRD), status=302)
    for redirect in ("follow", "manual", "error"):
        verdict = ask(Server({API: bare}), redirect=redirect)
        assert verdict.failure == "allow-origin-missing"


def test_a_manual_redirect_is_opaque_and_an_error_mode_fails():
    """https://fetch.spec.whatwg.org/#concept-http-fetch"""
    manual = ask(Server({API: to(THIRD)}), redirect="manual")
    assert (manual.response_type, manual.status) == ("opaqueredirect", 0)
    assert not manual.readable
    assert ask(Server({API: to(THIRD)}), redirect="error").failure == "redirect-mode"


def test_same_origin_mode_ends_where_a_redirect_leaves_the_origin():
    """https://fetch.spec.whatwg.org/#concept-main-fetch"""
    verdict = ask(Server({OWN: to(API)}), url=OWN, mode="same-origin")
    assert (verdict.failure, len(verdict.exchanges)) == ("same-origin-mode", 1)


def test_no_cors_follows_redirects_and_stays_opaque():
    """https://fetch.spec.whatwg.org/#concept-main-fetch"""
    verdict = ask(Server({API: to(THIRD)}), mode="no-cors")
    assert (verdict.response_type, len(verdict.exchanges)) == ("opaque", 2)
    assert ask(mode="no-cors", redirect="manual").failure == "no-cors-redirect"


def test_chromium_names_where_a_redirect_came_from():
    """The page's origin, and not the null that was sent."""
    server = Server({API: to(THIRD), THIRD: answer()})
    line = ask(server, browser=Browser.CHROMIUM).console[0]
    assert line == (
        f"Access to fetch at '{THIRD}' (redirected from '{API}') from origin '{PAGE}' has been "
        "blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the "
        "requested resource."
    )
