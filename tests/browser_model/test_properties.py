"""Whatever a page asks and a server answers, there is a verdict.

Here: properties over made-up fetches, URLs and responses. Not here: single rules (beside).
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

import string

from browser_model.fetches import API, PAGE
from corsac.browser import (
    Browser,
    Cause,
    Fetch,
    Kind,
    NoResponse,
    PreflightCache,
    Response,
    predict,
)
from hypothesis import given
from hypothesis import strategies as st
from strategies import thoroughly

TOKENS = st.text(
    st.sampled_from("!#$%&'*+-.^_`|~" + string.ascii_letters + string.digits),
    min_size=1,
    max_size=8,
)
VALUES = st.text(
    st.characters(max_codepoint=255, exclude_characters="\0\r\n"), max_size=20
)
ORIGINS = st.sampled_from(
    [PAGE, "null", "http://localhost:3000", "https://api.example", "app://x"]
)
URLS = st.sampled_from(
    [
        API,
        "http://api.example/",
        "https://app.example/x",
        "wss://api.example/",
        "https://u:p@a/",
    ]
)
NAMES = st.sampled_from(
    [
        "Access-Control-Allow-Origin",
        "access-control-allow-credentials",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Max-Age",
        "Access-Control-Expose-Headers",
        "Location",
        "Content-Type",
        "Cross-Origin-Resource-Policy",
    ]
)
SAID = VALUES | st.sampled_from(
    [
        PAGE,
        "*",
        "null",
        "true",
        "PUT, *",
        "x-a",
        "600",
        "/y",
        "https://third.example/",
        "//",
        "same-site",
    ]
)
RESPONSES = st.builds(
    Response,
    st.sampled_from([101, 200, 204, 301, 302, 303, 307, 308, 304, 403, 500, 0, 999]),
    st.lists(st.tuples(NAMES, SAID), max_size=8).map(tuple),
)
FETCHES = st.builds(
    Fetch,
    page_origin=ORIGINS,
    url=URLS,
    method=TOKENS | st.sampled_from(["GET", "POST", "put", "PATCH", "trace"]),
    headers=st.lists(st.tuples(TOKENS | NAMES, VALUES), max_size=4).map(tuple),
    body_type=st.none() | VALUES,
    has_body=st.booleans(),
    credentials=st.sampled_from(["omit", "same-origin", "include"]),
    mode=st.sampled_from(["cors", "no-cors", "same-origin"]),
    redirect=st.sampled_from(["follow", "manual", "error"]),
    kind=st.sampled_from(Kind),
    streams_body=st.booleans(),
    has_upload_listener=st.booleans(),
)
BROWSERS = st.sampled_from([None, *Browser])


@thoroughly
@given(FETCHES, st.lists(RESPONSES | st.none(), min_size=1, max_size=6), BROWSERS)
def test_there_is_always_a_verdict(fetch, responses, browser):
    """It never raises, never hangs, and follows at most 20 redirects."""
    turn = 0

    def send(_):
        nonlocal turn
        turn += 1
        response = responses[turn % len(responses)]
        if response is None:
            raise NoResponse("nothing", Cause.EMPTY)
        return response

    cache = PreflightCache(lambda: 0.0)
    verdict = predict(fetch, send, browser=browser, cache=cache)
    actual = [e for e in verdict.exchanges if not e.request.is_preflight]
    assert len(actual) <= 21
    assert len(verdict.exchanges) <= 42
    failed = [step.code for step in verdict.steps if not step.passed]
    assert failed == ([verdict.failure] if verdict.failure else [])
    assert verdict.is_network_error == (verdict.failure is not None)
    assert not (verdict.readable and verdict.is_network_error)
    assert verdict == predict(fetch, replay(verdict), browser=browser)


def replay(verdict):
    """A server that answers as it did."""
    left = iter(verdict.exchanges)

    def send(_):
        response = next(left).response
        if response is None:
            raise NoResponse("nothing", Cause.EMPTY)
        return response

    return send


@thoroughly
@given(st.text(max_size=40) | st.text("htps:/\\@[]%.#?&0x-a ", max_size=40))
def test_a_url_that_parses_is_its_own_spelling(text):
    """https://url.spec.whatwg.org/#concept-url-serializer"""
    for url in (text, f"http://{text}", f"https://a/{text}"):
        try:
            fetch = Fetch(page_origin=PAGE, url=url)
        except ValueError:
            continue
        assert fetch.url == Fetch(page_origin=PAGE, url=fetch.url).url


@thoroughly
@given(st.text(max_size=30))
def test_a_page_origin_is_accepted_or_named(text):
    """https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin"""
    try:
        fetch = Fetch(page_origin=text, url=API)
    except ValueError as error:
        assert repr(text) in str(error)
    else:
        assert fetch.page_origin == text
