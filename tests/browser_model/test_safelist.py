"""What a page may send without asking: methods, and headers with every rule for their values.

Here: one row a value, at its exact limits. Not here: what a preflight is answered (`test_preflight.py`).
Spec: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
"""

import pytest
from browser_model.fetches import ask, header, sent
from corsac.browser import Browser, Kind

UNSAFE_BYTES = [
    *map(chr, range(9)),
    *map(chr, range(10, 32)),
    *'"():<>?@[\\]{}',
    "\x7f",
]
#: What a header's value cannot hold, and what is taken off its ends.
UNWRITABLE = {"\0", "\n", "\r"}

SAFE = [
    ("a value of 128 bytes", "Accept", "a" * 128),
    ("an empty value", "Accept", ""),
    ("a tab inside", "Accept", "a\tb"),
    ("the name in any case", "aCCept", "x"),
    ("whitespace around the value", "Accept-Language", " de "),
    ("every byte of a language", "Accept-Language", "azAZ09 *,-.;="),
    ("the content's language", "Content-Language", "de-DE, en;q=0.5"),
    ("a form", "Content-Type", "application/x-www-form-urlencoded"),
    ("a form with files", "Content-Type", "multipart/form-data; boundary=x"),
    ("text", "Content-Type", "text/plain"),
    ("text with a parameter", "Content-Type", "text/plain;charset=UTF-8"),
    ("text with a broken parameter", "Content-Type", "text/plain;garbage"),
    ("text with nothing after the semicolon", "Content-Type", "text/plain;"),
    ("text in upper case", "Content-Type", "TEXT/PLAIN"),
    ("text with a space before the semicolon", "Content-Type", "text/plain ;x"),
    ("a range", "Range", "bytes=100-200"),
    ("a range of one byte", "Range", "bytes=0-0"),
    ("an open range", "Range", "bytes=200-"),
]
UNSAFE = [
    ("a value of 129 bytes", "Accept", "a" * 129),
    ("a type of 129 bytes", "Content-Type", "text/plain;" + "a" * 118),
    ("another name", "X-A", "1"),
    ("Authorization", "Authorization", "Bearer x"),
    ("the last event's id", "Last-Event-ID", "7"),
    ("a caching header", "Cache-Control", "no-cache"),
    ("bytes above 127 in a language", "Accept-Language", "é"),
    ("an underscore in a language", "Accept-Language", "de_DE"),
    ("an at sign in a language", "Content-Language", "en@x"),
    ("JSON", "Content-Type", "application/json"),
    ("HTML", "Content-Type", "text/html"),
    ("no MIME type", "Content-Type", "text"),
    ("an empty type", "Content-Type", ""),
    ("two types", "Content-Type", "text/plain,text/plain"),
    ("a comma after the type", "Content-Type", "text/plain,"),
    ("a space in the type", "Content-Type", "text /plain"),
    ("a quote in a parameter", "Content-Type", 'multipart/form-data;"'),
    ("another unit", "Range", "MB=100-200"),
    ("a unit in upper case", "Range", "Bytes=100-200"),
    ("no unit", "Range", "100-200"),
    ("a space for the sign", "Range", "bytes 100-200"),
    ("a space before the sign", "Range", "bytes =100-200"),
    ("a space after the sign", "Range", "bytes= 100-200"),
    ("a space before the hyphen", "Range", "bytes=100 -200"),
    ("a space after the hyphen", "Range", "bytes=100- 200"),
    ("letters for numbers", "Range", "bytes=abc-def"),
    ("letters after the numbers", "Range", "bytes=100-200x"),
    ("two ranges", "Range", "bytes=100-200,300-400"),
    ("a range from the end", "Range", "bytes=-200"),
    ("a range that ends before it starts", "Range", "bytes=200-100"),
    ("no number at all", "Range", "bytes=-"),
    ("digits of another script", "Range", "bytes=²-³"),
]


def named(rows):
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


def post(name, value, **keywords):
    return ask(method="POST", headers=[(name, value)], has_body=True, **keywords)


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(("name", "value"), named(SAFE))
def test_a_safelisted_header_goes_out_at_once(name, value, browser):
    """https://fetch.spec.whatwg.org/#cors-safelisted-request-header"""
    verdict = post(name, value, browser=browser)
    assert len(verdict.exchanges) == 1
    assert verdict.readable


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(("name", "value"), named(UNSAFE))
def test_another_header_is_asked_for(name, value, browser):
    """https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
    verdict = post(name, value, browser=browser)
    assert header(verdict, "Access-Control-Request-Headers", 0) == name.lower()


@pytest.mark.parametrize("name", ["Accept", "Content-Type"])
@pytest.mark.parametrize("byte", [b for b in UNSAFE_BYTES if b not in UNWRITABLE])
def test_each_unsafe_byte_is_asked_for(name, byte):
    """https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte"""
    verdict = post(name, f"text/plain;x={byte}y")
    assert header(verdict, "Access-Control-Request-Headers", 0) == name.lower()


def test_safelisted_values_of_1024_bytes_go_out_at_once():
    """https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
    assert len(ask(headers=[("Accept", "a" * 128)] * 8).exchanges) == 1


def test_safelisted_values_of_1025_bytes_are_asked_for():
    """All of them, and not only the last. https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
    lines = [("Accept", "a" * 128)] * 8 + [("Accept-Language", "d")]
    asked = header(ask(headers=lines), "Access-Control-Request-Headers", 0)
    assert asked == "accept,accept-language"


@pytest.mark.parametrize(
    ("browser", "asks"),
    [(None, 0), (Browser.FIREFOX, 0), (Browser.CHROMIUM, 1), (Browser.WEBKIT, 1)],
)
def test_where_lines_of_a_name_are_joined_their_length_counts_together(browser, asks):
    """Deviation of Chromium and WebKit. https://fetch.spec.whatwg.org/#concept-header-list-combine"""
    lines = [("Accept", "a" * 70), ("Accept", "b" * 70)]
    verdict = ask(headers=lines, browser=browser)
    assert sum(e.request.is_preflight for e in verdict.exchanges) == asks
    assert header(verdict, "Accept") == f"{'a' * 70}, {'b' * 70}"


@pytest.mark.parametrize(
    ("browser", "asks", "sent_value"),
    [
        (None, 0, "é"),
        (Browser.CHROMIUM, 0, "é"),
        (Browser.FIREFOX, 1, "é"),
        (Browser.WEBKIT, 0, "Ã©"),
    ],
)
@pytest.mark.parametrize(
    ("name", "before"), [("Accept", ""), ("Content-Type", "text/plain;a=")]
)
def test_bytes_above_127_go_out_at_once(name, before, browser, asks, sent_value):
    """Deviation: Firefox asks, and WebKit sends UTF-8. https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte"""
    verdict = post(name, f"{before}é", browser=browser)
    assert len(verdict.exchanges) == 1 + asks
    assert header(verdict, name) == before + sent_value


def test_firefox_has_no_bound_for_all_values_together():
    """Deviation. https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
    lines = [("Accept", "a" * 128)] * 9
    assert len(ask(headers=lines, browser=Browser.FIREFOX).exchanges) == 1


def test_firefox_asks_for_each_line_of_a_name():
    """Deviation. https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
    lines = [("X-B", "1"), ("x-a", "2"), ("x-b", "3")]
    for kind, asked in (
        (Kind.FETCH, "x-a,x-b,x-b"),
        (Kind.XML_HTTP_REQUEST, "x-a,x-b"),
    ):
        verdict = ask(headers=lines, browser=Browser.FIREFOX, kind=kind)
        assert header(verdict, "Access-Control-Request-Headers", 0) == asked


def test_names_are_asked_for_in_lower_case_sorted_and_once():
    """https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
    lines = [("X-B", "1"), ("x-a", "2"), ("X-b", "3"), ("~", "4"), ("X_C", "5")]
    asked = header(ask(headers=lines), "Access-Control-Request-Headers", 0)
    assert asked == "x-a,x-b,x_c,~"


HINTS = [
    ("DPR", "2.5", True),
    ("DPR", "2.", False),
    ("DPR", ".5", False),
    ("Width", "10", True),
    ("Width", "1.5", False),
    ("Save-Data", "ON", True),
    ("Save-Data", "off", False),
    ("ECT", "slow-2g", True),
    ("ECT", "5g", False),
    ("RTT", "50", True),
    ("Downlink", "1.05", True),
]


@pytest.mark.parametrize(("name", "value", "passes"), HINTS)
def test_chromium_lets_client_hints_pass(name, value, passes):
    """Deviation. https://fetch.spec.whatwg.org/#cors-safelisted-request-header"""
    verdict = ask(headers={name: value}, browser=Browser.CHROMIUM)
    assert (len(verdict.exchanges) == 1) == passes
    assert len(ask(headers={name: value}).exchanges) == 2


@pytest.mark.parametrize("method", ["GET", "get", "HEAD", "POST", "post"])
def test_a_safelisted_method_needs_no_preflight(method):
    """https://fetch.spec.whatwg.org/#cors-safelisted-method"""
    assert sent(ask(method=method)) == [f"{method.upper()} https://api.example/x"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("put", "PUT"),
        ("delete", "DELETE"),
        ("patch", "patch"),
        ("PATCH", "PATCH"),
        ("QUERY", "QUERY"),
    ],
)
def test_a_method_is_normalised_and_asked_for(written, asked):
    """https://fetch.spec.whatwg.org/#concept-method-normalize"""
    verdict = ask(method=written)
    assert header(verdict, "Access-Control-Request-Method", 0) == asked


@pytest.mark.parametrize("method", ["CONNECT", "trace", "Track"])
@pytest.mark.parametrize("kind", [Kind.FETCH, Kind.XML_HTTP_REQUEST])
def test_a_forbidden_method_sends_nothing(method, kind):
    """https://fetch.spec.whatwg.org/#forbidden-method"""
    verdict = ask(method=method, kind=kind)
    assert (verdict.failure, verdict.exchanges) == ("forbidden-method", ())


FORBIDDEN = [
    ("Cookie", "a=b"),
    ("origin", "https://evil.example"),
    ("Sec-Anything", "1"),
    ("Proxy-Anything", "1"),
    ("Access-Control-Request-Method", "PUT"),
    ("X-HTTP-Method-Override", "GET, trace"),
    ("X-Method-Override", "TRACK"),
    ("Set-Cookie", "a=b"),
]


@pytest.mark.parametrize(("name", "value"), FORBIDDEN)
def test_a_forbidden_header_is_left_out(name, value):
    """https://fetch.spec.whatwg.org/#forbidden-request-header"""
    verdict = ask(headers={name: value})
    assert len(verdict.exchanges) == 1
    assert header(verdict, name) in (None, "https://app.example")
    assert next(s.code for s in verdict.steps) == "forbidden-header"


@pytest.mark.parametrize("name", ["X-Method-Override", "X-HTTP-Method"])
def test_an_override_of_an_allowed_method_is_a_header_like_another(name):
    """https://fetch.spec.whatwg.org/#forbidden-request-header"""
    assert header(ask(headers={name: "PUT"}), name) == "PUT"
