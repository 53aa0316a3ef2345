"""What a fetch is made of, what cannot be asked, and how `predict` treats its `send`.

Here: `Fetch`, its errors, `predict` and its two sisters. Not here: rules of the protocol (beside).
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

import asyncio
import subprocess
import sys

import pytest
from browser_model.fetches import API, PAGE, allow, answer, ask, header, sent
from corsac.browser import (
    Browser,
    Cause,
    Fetch,
    Kind,
    NoResponse,
    Request,
    exchange,
    predict,
    predict_async,
)

WRONG = [
    ({"page_origin": "https://app.example/"}, "without a slash at the end"),
    ({"page_origin": "https://APP.example"}, "lower case"),
    ({"page_origin": "https://app.example:443"}, "other than the scheme's own"),
    ({"page_origin": "app.example"}, '"null"'),
    ({"page_origin": ""}, "no origin"),
    ({"url": "/items"}, "write it whole"),
    ({"url": "ftp://a/"}, "http, https, ws or wss"),
    ({"url": "https://a:99999/"}, "no absolute URL"),
    ({"method": "GET "}, "no token"),
    ({"method": ""}, "no token"),
    ({"headers": {"X A": "1"}}, "X-Request-Id"),
    ({"headers": {"X-A": "a\nb"}}, "line breaks"),
    ({"headers": {"X-A": "\u20ac"}}, "U+00FF"),
    ({"headers": "X-A: 1"}, "pairs"),
    ({"mode": "navigated"}, "cors, no-cors"),
    ({"credentials": "always"}, "omit, same-origin, include"),
    ({"redirect": "no"}, "follow, manual, error"),
    ({"kind": "video tape"}, "fetch, xmlhttprequest"),
    ({"cache_mode": "never"}, "default, no-store"),
    ({"referrer_policy": "none"}, "no-referrer"),
]


@pytest.mark.parametrize(("keywords", "said"), WRONG)
def test_what_cannot_be_asked_is_said_with_what_to_write_instead(keywords, said):
    """https://fetch.spec.whatwg.org/#dom-request"""
    with pytest.raises(ValueError, match="write") as error:
        Fetch(**{"page_origin": PAGE, "url": API, **keywords})
    assert said in str(error.value)


def test_a_fetch_reads_its_parts_as_browsers_do():
    """https://url.spec.whatwg.org/#concept-basic-url-parser"""
    fetch = Fetch(
        page_origin=PAGE,
        url="HTTPS://API.example:443/a/../b c",
        headers={"X-A": " 1 "},
        method="put",
    )
    assert (fetch.url, fetch.method) == ("https://api.example/b%20c", "PUT")
    assert (fetch.headers, fetch.page_url) == ((("X-A", "1"),), f"{PAGE}/")


REFUSED = [
    ({"url": "https://user:pw@api.example/"}, "url-credentials"),
    ({"method": "PUT", "mode": "no-cors"}, "no-cors-method"),
    ({"has_body": True}, "body-method"),
    ({"mode": "same-origin"}, "same-origin-mode"),
    ({"url": "https://api.example:6000/"}, "bad-port"),
    ({"url": "http://api.example/"}, "mixed-content"),
    ({"url": "ws://api.example/", "kind": Kind.WEB_SOCKET}, "mixed-content"),
    ({"blocked_by_policy": "connect-src 'self'"}, "content-security-policy"),
    ({"method": "POST", "streams_body": True, "mode": "no-cors"}, "stream-body"),
]


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(("keywords", "failure"), REFUSED)
def test_what_a_browser_refuses_sends_nothing(keywords, failure, browser):
    """https://fetch.spec.whatwg.org/#concept-main-fetch"""
    verdict = ask(browser=browser, **keywords)
    assert (verdict.failure, verdict.exchanges, verdict.readable) == (
        failure,
        (),
        False,
    )
    assert verdict.script_error


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://a.localhost:1234/",
        "http://127.0.0.1/",
        "http://[::1]/",
    ],
)
def test_what_is_of_the_machine_itself_is_not_mixed(url):
    """https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy"""
    assert ask(url=url).readable


def test_an_insecure_image_is_asked_for_over_https():
    """https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm"""
    verdict = ask(url="http://api.example/i.png", kind=Kind.IMAGE)
    assert sent(verdict) == ["GET https://api.example/i.png"]


def test_no_cors_drops_headers_it_does_not_know():
    """https://fetch.spec.whatwg.org/#concept-headers-append"""
    lines = {
        "Content-Type": "application/json",
        "X-A": "1",
        "Range": "bytes=0-5",
        "Accept": "x",
    }
    verdict = ask(
        mode="no-cors",
        method="POST",
        headers=lines,
        body_type="text/plain;charset=UTF-8",
    )
    assert dict(verdict.exchanges[0].request.headers) == {
        "Origin": PAGE,
        "Accept": "x",
        "Content-Type": "text/plain;charset=UTF-8",
    }


def test_no_cors_drops_the_type_of_a_body_that_is_not_safelisted():
    """https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header"""
    verdict = ask(mode="no-cors", method="POST", body_type="application/json")
    assert header(verdict, "Content-Type") is None


ORIGINS = [
    ({"method": "POST", "mode": "no-cors"}, PAGE),
    ({"method": "POST", "mode": "no-cors", "referrer_policy": "no-referrer"}, "null"),
    ({"method": "POST", "mode": "no-cors", "referrer_policy": "same-origin"}, "null"),
    ({"method": "POST", "referrer_policy": "no-referrer"}, PAGE),
    ({"mode": "no-cors"}, None),
    ({"url": f"{PAGE}/x"}, None),
    ({"url": f"{PAGE}/x", "method": "DELETE"}, PAGE),
    ({"url": f"{PAGE}/x", "method": "POST", "referrer_policy": "no-referrer"}, PAGE),
    ({"kind": Kind.WEB_SOCKET, "url": "wss://api.example/"}, PAGE),
    ({"kind": Kind.NAVIGATION}, None),
    ({"kind": Kind.NAVIGATION, "method": "POST"}, PAGE),
]


@pytest.mark.parametrize(("keywords", "origin"), ORIGINS)
def test_which_requests_carry_an_origin(keywords, origin):
    """https://fetch.spec.whatwg.org/#append-a-request-origin-header"""
    assert header(ask(**keywords), "Origin") == origin


def test_a_websocket_opens_whatever_the_cors_headers_say():
    """https://websockets.spec.whatwg.org/#concept-websocket-establish"""
    for status, opens in ((101, True), (200, False), (302, False), (403, False)):
        verdict = ask(
            lambda _, status=status: answer(status=status),
            kind=Kind.WEB_SOCKET,
            url="wss://api.example/ws",
        )
        assert verdict.readable == opens


def test_an_event_source_wants_its_type_and_200():
    """https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model"""
    for status, media_type, opens in (
        (200, "text/event-stream;charset=utf-8", True),
        (200, "text/plain", False),
        (204, "text/event-stream", False),
    ):
        lines = [*allow(), ("Content-Type", media_type)]
        verdict = ask(
            lambda _, lines=lines, status=status: answer(*lines, status=status),
            kind=Kind.EVENT_SOURCE,
        )
        assert verdict.readable == opens


def refuse(_):
    raise NoResponse("the connection was refused", Cause.REFUSED)


def test_without_a_response_the_verdict_says_why():
    """https://fetch.spec.whatwg.org/#concept-network-error"""
    verdict = ask(refuse, method="PUT", browser=Browser.CHROMIUM)
    assert verdict.failure == "preflight-no-response"
    assert "the connection was refused" in verdict.steps[-1].text
    assert verdict.exchanges[0].response is None
    assert verdict.console == ("Failed to load resource: net::ERR_CONNECTION_REFUSED",)


def test_another_error_of_send_comes_through():
    """It is a mistake in the caller's code, and no matter of browsers."""

    def broken(_):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        ask(broken)


def test_the_async_sister_says_the_same():
    """https://fetch.spec.whatwg.org/#concept-fetch"""
    fetch = Fetch(page_origin=PAGE, url=API, method="PUT")

    async def send(request):
        await asyncio.sleep(0)
        if request.is_preflight:
            return answer(*allow(methods="PUT"))
        raise NoResponse("reset", Cause.RESET)

    def send_at_once(request):
        if request.is_preflight:
            return answer(*allow(methods="PUT"))
        raise NoResponse("reset", Cause.RESET)

    awaited = asyncio.run(predict_async(fetch, send, browser=Browser.FIREFOX))
    assert awaited == predict(fetch, send_at_once, browser=Browser.FIREFOX)


def test_the_core_is_driven_without_io():
    """A generator yields requests, and takes responses."""
    core = exchange(Fetch(page_origin=PAGE, url=API))
    assert next(core) == Request("GET", API, (("Origin", PAGE),))
    with pytest.raises(StopIteration) as end:
        core.send(answer(*allow()))
    assert end.value.value.readable


def test_every_step_has_a_sentence_and_a_link():
    """The failing one is last, and the only one."""
    verdict = ask(lambda _: answer(), method="PUT", headers={"X-A": "1", "Cookie": "a"})
    assert [step.passed for step in verdict.steps] == [True, True, True, False]
    assert verdict.steps[-1].code == verdict.failure
    assert all(step.source.startswith("https://") for step in verdict.steps)
    assert all(step.text.endswith(".") for step in verdict.steps)


def test_importing_corsac_does_not_import_the_browser():
    """Servers have no use for it."""
    code = "import corsac, sys; print(any('corsac.browser' in m for m in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"
