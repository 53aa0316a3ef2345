"""What a preflight must be answered, in which order it is checked, and how long it is remembered.

Here: one row an answer; the cache with a clock of the test's. Not here: when one is sent
(`test_safelist.py`). Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

import pytest
from browser_model.fetches import API, PAGE, Server, allow, answer, ask, sent
from corsac.browser import Browser, Kind, PreflightCache

PUT = {"method": "PUT"}
X_A = {"headers": {"X-A": "1"}}
WITH = {"credentials": "include"}
#: The standard, and then each browser.
BROWSERS = (None, *Browser)

ANSWERS = [
    ("the method by name", PUT, {"methods": "PUT"}, None),
    ("the method in another case", PUT, {"methods": "put"}, "allow-methods"),
    ("the method in a list with empty elements", PUT, {"methods": ",, PUT ,"}, None),
    ("a star for the method", PUT, {"methods": "*"}, None),
    ("no method", PUT, {}, "allow-methods"),
    (
        "methods with spaces between",
        PUT,
        {"methods": "GET PUT"},
        "allow-methods-syntax",
    ),
    (
        "a star for the method, with credentials",
        PUT | WITH,
        {"methods": "*"},
        "allow-methods",
    ),
    (
        "a star and the method, with credentials",
        PUT | WITH,
        {"methods": "*, PUT"},
        None,
    ),
    ("the header in another case", X_A, {"headers": "X-a"}, None),
    ("a star for the header", X_A, {"headers": "*"}, None),
    ("no header", X_A, {}, "allow-headers"),
    ("a pattern for the header", X_A, {"headers": "x-*"}, "allow-headers"),
    ("a quoted header", X_A, {"headers": '"x-a"'}, "allow-headers-syntax"),
    (
        "a star for the header, with credentials",
        X_A | WITH,
        {"headers": "*"},
        "allow-headers",
    ),
    ("a header of that name", {"headers": {"*": "1"}} | WITH, {"headers": "*"}, None),
    (
        "the method with a vertical tab behind",
        PUT,
        {"methods": "GET,PUT\x0b"},
        "allow-methods-syntax",
    ),
    (
        "a bad list of methods for a safelisted one",
        X_A,
        {"headers": "x-a", "methods": "a b"},
        "allow-methods-syntax",
    ),
    (
        "a safelisted method that is not named",
        X_A,
        {"headers": "x-a", "methods": "PUT"},
        None,
    ),
]


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(
    ("asked", "lines", "failure"),
    [pytest.param(*row[1:], id=row[0]) for row in ANSWERS],
)
def test_a_preflight_must_allow_method_and_headers(asked, lines, failure, browser):
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    good = allow(PAGE, credentials="true")
    server = Server({API: answer(*good)}, answer(*good, *allow(PAGE, **lines)[1:]))
    verdict = ask(server, browser=browser, **asked)
    assert verdict.failure == failure
    assert len(verdict.exchanges) == (2 if failure is None else 1)


@pytest.mark.parametrize(
    "status", [200, 201, 204, 206, 299, 199, 300, 304, 401, 403, 405, 500]
)
def test_a_preflight_needs_an_ok_status(status):
    """https://fetch.spec.whatwg.org/#ok-status"""
    verdict = ask(Server(preflight=answer(*allow(methods="PUT"), status=status)), **PUT)
    ok = 200 <= status <= 299
    assert verdict.failure == (None if ok else "preflight-status")


def test_a_star_does_not_cover_authorization_in_the_standard():
    """https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name"""
    server = Server(preflight=answer(*allow(headers="*")))
    verdict = ask(server, headers={"Authorization": "x"})
    assert verdict.failure == "allow-headers"


@pytest.mark.parametrize("browser", Browser)
def test_a_star_still_covers_authorization_in_browsers(browser):
    """Deviation. https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name"""
    server = Server(preflight=answer(*allow(headers="*")))
    verdict = ask(server, headers={"Authorization": "x"}, browser=browser)
    assert verdict.readable
    assert "allow-headers-authorization" in [step.code for step in verdict.steps]
    assert bool(verdict.console) == (browser is Browser.FIREFOX)


#: What is wrong, and what each names first: the standard, Chromium, Firefox, WebKit.
ORDERS = [
    ("a 403 without headers", 403, {}, False, ["allow-origin-missing"] * 3 + ["status"]),
    ("a 403 with the origin", 403, {"methods": "x"}, True, ["status"] * 4),
    ("a method and a bad list of headers", 204, {"headers": "a b"}, True,
     ["allow-headers-syntax", "allow-headers-syntax", "allow-methods", "allow-headers-syntax"]),
    ("two bad lists", 204, {"methods": "a b", "headers": "a b"}, True, ["allow-methods-syntax"] * 4),
    ("a method and a header", 204, {}, True, ["allow-methods"] * 4),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "lines", "origin", "reasons"),
    [pytest.param(*row[1:], id=row[0]) for row in ORDERS],
)
def test_the_first_reason_is_the_browsers_own(status, lines, origin, reasons):
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    response = answer(*allow(**lines)[0 if origin else 1 :], status=status)
    found = [
        ask(Server(preflight=response), browser=browser, **PUT, **X_A).failure
        for browser in (None, *Browser)
    ]
    assert [code.removeprefix("preflight-") for code in found] == reasons


REDIRECTS = {
    None: "status",
    Browser.CHROMIUM: "redirect",
    Browser.FIREFOX: "redirect",
    Browser.WEBKIT: "status",
}


@pytest.mark.parametrize(("browser", "reason"), REDIRECTS.items())
def test_a_redirected_preflight_is_not_followed(browser, reason):
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    response = answer(*allow(methods="PUT"), ("Location", "/login"), status=302)
    verdict = ask(Server(preflight=response), browser=browser, **PUT)
    assert verdict.failure == f"preflight-{reason}"
    assert len(verdict.exchanges) == 1


def twice(first, second, *, wait=0.0, browser=None, actual=None, **lines):
    """How many preflights two fetches need, with `wait` seconds between them."""
    time = [0.0]
    cache = PreflightCache(lambda: time[0])
    good = allow(PAGE, credentials="true")
    actual = good if actual is None else actual
    server = Server({API: answer(*actual)}, answer(*good, *allow(PAGE, **lines)[1:]))
    ask(server, browser=browser, cache=cache, **first)
    time[0] += wait
    ask(server, browser=browser, cache=cache, **second)
    return sum(request.is_preflight for request in server.requests)


AGES = [
    # value, seconds until it is asked again: standard, Chromium, Firefox, WebKit
    ("600", (600, 600, 600, 600)),
    ("0", (0, 0, 0, 0)),
    ("-1", (5, 0, 0, 0)),
    ("+600", (5, 600, 0, 600)),
    ("1.5", (5, 5, 0, 5)),
    ("600, 700", (5, 5, 0, 5)),
    ("abc", (5, 5, 0, 5)),
    ("", (5, 5, 5, 5)),
    (" 600 ", (600, 600, 600, 600)),
    ("0600", (600, 600, 600, 600)),
    ("99999", (99999, 7200, 86400, 600)),
    ("9" * 15, (10**15 - 1, 7200, 86400, 600)),
    ("9" * 20, (None, 5, 86400, 5)),
]


@pytest.mark.parametrize(("value", "seconds"), AGES)
def test_an_answer_is_remembered_as_long_as_it_says(value, seconds):
    """https://fetch.spec.whatwg.org/#http-access-control-max-age"""
    for browser, age in zip(BROWSERS, seconds, strict=True):
        lines = {"methods": "PUT", "age": value, "browser": browser}
        if age is None:
            assert twice(PUT, PUT, wait=10**18, **lines) == 1
            continue
        if age:
            assert twice(PUT, PUT, wait=age - 0.5, **lines) == 1, browser
        assert twice(PUT, PUT, wait=age + 0.5, **lines) == 2, browser


MATCHES = [
    # what first, what then, the answer's lines, and who needs a second preflight
    (
        "another method that was named",
        PUT,
        {"method": "DELETE"},
        {"methods": "PUT, DELETE"},
        "",
    ),
    (
        "a method that was not named",
        PUT,
        {"method": "DELETE"},
        {"methods": "PUT"},
        "SCFW",
    ),
    ("a header that was not named", PUT, PUT | X_A, {"methods": "PUT"}, "SCFW"),
    ("a star", PUT, {"method": "DELETE"}, {"methods": "*"}, "F"),
    ("credentials after none", PUT, PUT | WITH, {"methods": "PUT"}, "SCFW"),
    ("no credentials after some", PUT | WITH, PUT, {"methods": "PUT"}, "F"),
    (
        "Authorization after a star for another header",
        X_A,
        {"headers": {"Authorization": "x"}},
        {"headers": "*"},
        "SF",
    ),
    (
        "HEAD, which is not named",
        {"method": "HEAD"} | X_A,
        {"method": "HEAD"} | X_A,
        {"headers": "x-a"},
        "F",
    ),
    (
        "no-store",
        PUT | {"cache_mode": "no-store"},
        PUT | {"cache_mode": "no-store"},
        {"methods": "PUT"},
        "CF",
    ),
    (
        "no-cache",
        PUT | {"cache_mode": "no-cache"},
        PUT | {"cache_mode": "no-cache"},
        {"methods": "PUT"},
        "C",
    ),
]


@pytest.mark.parametrize(
    ("first", "second", "lines", "again"),
    [pytest.param(*row[1:], id=row[0]) for row in MATCHES],
)
def test_a_remembered_answer_is_good_for_what_it_names(first, second, lines, again):
    """https://fetch.spec.whatwg.org/#concept-cache-match"""
    for letter, browser in zip("SCFW", BROWSERS, strict=True):
        count = twice(first, second, browser=browser, age="600", **lines)
        assert count == 1 + (letter in again), browser


@pytest.mark.parametrize(
    ("letter", "browser"), list(zip("SCFW", BROWSERS, strict=True))
)
def test_a_failed_response_may_take_back_what_was_remembered(letter, browser):
    """https://fetch.spec.whatwg.org/#concept-cache-clear"""
    count = twice(PUT, PUT, browser=browser, actual=[], methods="PUT", age="600")
    assert count == 1 + (letter in "SF")


def test_another_url_is_asked_anew():
    """https://fetch.spec.whatwg.org/#concept-cache-match"""
    cache = PreflightCache(lambda: 0.0)
    server = Server()
    for url in (API, f"{API}?q", f"{API}#fragment", API):
        ask(server, cache=cache, url=url, **PUT)
    preflights = [r.url for r in server.requests if r.is_preflight]
    assert preflights == [API, f"{API}?q", API]


IN_VAIN = [
    ("another method", {"method": "DELETE"}),
    ("another header", PUT | X_A),
    ("credentials", PUT | WITH),
]


@pytest.mark.parametrize("second", [pytest.param(row[1], id=row[0]) for row in IN_VAIN])
@pytest.mark.parametrize("browser", BROWSERS)
def test_an_answer_is_forgotten_where_a_later_preflight_is_refused(browser, second):
    """Deviation: Chromium and WebKit forget it when they look it up in vain, others when it fails.

    https://fetch.spec.whatwg.org/#concept-cache-clear
    """
    cache = PreflightCache(lambda: 0.0)
    good = answer(*allow(PAGE, methods="PUT", age="600", credentials="true"))
    for preflight, asked in ((good, PUT), (answer(), second), (good, PUT)):
        server = Server(preflight=preflight)
        ask(server, cache=cache, browser=browser, **asked)
        assert server.requests[0].is_preflight


def test_each_fetch_has_an_empty_cache_of_its_own_where_none_is_given():
    """https://fetch.spec.whatwg.org/#cors-preflight-cache"""
    assert [len(ask(**PUT).exchanges) for _ in range(2)] == [2, 2]


def test_an_upload_listener_forces_a_preflight():
    """https://xhr.spec.whatwg.org/#upload-listener-flag"""
    verdict = ask(
        kind=Kind.XML_HTTP_REQUEST,
        method="POST",
        has_body=True,
        has_upload_listener=True,
    )
    assert sent(verdict) == [f"?OPTIONS {API}", f"POST {API}"]


#: What the script sets, and the header that each browser names.
NAMED = [
    ({"X-B": "1", "X-A": "1"}, None, ("x-a", "x-a", "X-B")),
    (
        {"X-B": "1", "AUTHORIZATION": "1"},
        None,
        ("authorization", "authorization", "Authorization"),
    ),
    (
        {"X-B": "1"},
        "application/json",
        ("content-type", "content-type", "Content-Type"),
    ),
    (
        {"Range": "x", "X-A": "1"},
        "application/json",
        ("content-type", "content-type", "Range"),
    ),
]


@pytest.mark.parametrize(("headers", "body_type", "names"), NAMED)
def test_each_browser_names_one_header_that_is_refused(headers, body_type, names):
    """Deviation of WebKit: its own order and spelling. https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    server = Server(preflight=answer(*allow(PAGE)))
    for browser, name in zip(Browser, names, strict=True):
        verdict = ask(
            server, browser=browser, method="POST", headers=headers, body_type=body_type
        )
        assert f" {name} " in verdict.console[0].replace("‘", " ").replace("’", " ")
