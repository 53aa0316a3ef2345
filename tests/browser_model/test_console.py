"""What consoles say and scripts catch, where no recorded row has it.

Here: one row a case, for each browser, with the words that it used. Not here: the recorded rows
(`test_corpus.py`). Spec: none; the words are the browsers' own.
"""

import pytest
from browser_model.fetches import API, PAGE, THIRD, Server, allow, answer, ask
from corsac.browser import Browser, Cause, Kind, NoResponse, Response

PUT = {"method": "PUT"}
SOCKET = {"kind": Kind.WEB_SOCKET, "url": "wss://api.example/x"}
BLOCKED = {"blocked_by_policy": "connect-src 'self'"}
CHROMIUM, FIREFOX, WEBKIT = Browser


def silent(cause, *, preflight=True):
    """A server that says nothing, or nothing but a good preflight's answer."""

    def send(request):
        if request.is_preflight and not preflight:
            return answer(*allow(methods="PUT"))
        raise NoResponse("nothing", cause)

    return send


def firefox(reason, url=API, status=""):
    """A line of Firefox's."""
    return (
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote "
        f"resource at {url}. (Reason: {reason}).{status}"
    )


def failed(url=API):
    return firefox("CORS request did not succeed", url, " Status code: (null).")


REFUSED_WEBKIT = f"Fetch API cannot load {API} due to access control checks."
WEBKIT_CAUSES = {
    Cause.REFUSED: "Could not connect to api.example: Connection refused",
    Cause.RESET: "Error receiving data: Connection reset by peer",
    Cause.EMPTY: "Connection terminated unexpectedly",
    Cause.NO_HTTP: "Could not parse HTTP response",
    Cause.TLS: "Error performing TLS handshake: An unexpected TLS packet was received.",
}


@pytest.mark.parametrize(("cause", "reason"), WEBKIT_CAUSES.items())
def test_webkit_names_why_a_preflight_or_a_websocket_got_no_response(cause, reason):
    """And nothing of other requests."""
    verdict = ask(silent(cause), browser=WEBKIT, **PUT)
    assert verdict.console == (reason, REFUSED_WEBKIT)
    assert ask(silent(cause), browser=WEBKIT).console == ()
    line = f"WebSocket connection to 'wss://api.example/x' failed: {reason}"
    assert ask(silent(cause), browser=WEBKIT, **SOCKET).console == (line,)


HANDSHAKES = {
    Cause.REFUSED: "Error in connection establishment: net::ERR_CONNECTION_REFUSED",
    Cause.RESET: "Error during WebSocket handshake: net::ERR_CONNECTION_RESET",
    Cause.EMPTY: "Connection closed before receiving a handshake response",
    Cause.NO_HTTP: "Error during WebSocket handshake: net::ERR_INVALID_HTTP_RESPONSE",
}


@pytest.mark.parametrize(("cause", "why"), HANDSHAKES.items())
def test_chromium_tells_a_connection_from_a_handshake(cause, why):
    """What is told apart: no connection, no answer, and one that is no HTTP."""
    line = f"WebSocket connection to 'wss://api.example/x' failed: {why}"
    assert ask(silent(cause), browser=CHROMIUM, **SOCKET).console == (line,)


NO_HTTP = [
    ("a simple request", {}, None, "allow-origin-missing"),
    ("a preflight", PUT, None, "preflight-allow-origin-missing"),
    ("no-cors", {"mode": "no-cors"}, "opaque", None),
    ("the page's own server", {"url": f"{PAGE}/x"}, "basic", None),
]


@pytest.mark.parametrize(
    ("asked", "response_type", "failure"),
    [pytest.param(*row[1:], id=row[0]) for row in NO_HTTP],
)
def test_firefox_reads_what_is_no_http_as_a_body(asked, response_type, failure):
    """Deviation. https://www.rfc-editor.org/rfc/rfc9110#section-2.5"""
    verdict = ask(silent(Cause.NO_HTTP), browser=FIREFOX, **asked)
    assert verdict.failure == failure
    assert verdict.response_type == (response_type or "error")
    assert verdict.exchanges[0].response is None
    for browser in (None, CHROMIUM, WEBKIT):
        other = ask(silent(Cause.NO_HTTP), browser=browser, **asked)
        assert other.failure in ("no-response", "preflight-no-response")


@pytest.mark.parametrize("kind", [Kind.SCRIPT, Kind.MODULE, Kind.FONT])
def test_firefox_takes_no_response_to_an_element_for_a_matter_of_cors(kind):
    """With the mode cors, and for no-cors not."""
    send = silent(Cause.REFUSED)
    asked = {"kind": kind, "mode": "cors", "browser": FIREFOX, "font_family": "A"}
    lines = ask(send, **asked).console
    last = {
        Kind.SCRIPT: f"<script> source URI is not allowed in this document: “{API}”.",
        Kind.MODULE: f"Module source URI is not allowed in this document: “{API}”.",
        Kind.FONT: 'downloadable font: download failed (font-family: "A" style:normal weight:400 '
        "stretch:100 src index:0): bad URI or cross-site access not allowed source: "
        + API,
    }
    assert lines == (failed(), last[kind])
    lines = ask(send, kind=Kind.SCRIPT, browser=FIREFOX).console
    assert lines == (f"Loading failed for the <script> with source “{API}”.",)


def test_a_font_with_an_error_for_a_status_fails():
    """https://drafts.csswg.org/css-fonts/#font-fetching-requirements"""
    server = Server({API: Response(404, tuple(allow()), "Not Found")})
    for browser in (None, *Browser):
        verdict = ask(server, kind=Kind.FONT, font_family="A", browser=browser)
        assert verdict.failure == "resource-status"
        assert verdict.script_error.startswith("NetworkError")
    line = ask(server, kind=Kind.FONT, font_family="A", browser=FIREFOX).console[0]
    assert line.endswith(f"status=2147746065 source: {API}")


def test_firefox_names_a_font_as_the_page_does():
    """By its first URL, wherever that leads."""
    server = Server(
        {API: answer(*allow(), ("Location", THIRD), status=302), THIRD: answer()}
    )
    line = ask(server, kind=Kind.FONT, browser=FIREFOX).console[-1]
    assert line.endswith(f"source: {API}")


def test_webkit_tells_a_module_that_is_missing_from_one_that_it_denies():
    """By what `import()` rejects with."""
    denied = "Cross-origin script load denied by Cross-Origin Resource Sharing policy."
    missing = "Importing a module script failed."
    for lines, said in ((allow(), missing), ([], denied)):
        server = Server({API: answer(*lines, status=404)})
        verdict = ask(server, kind=Kind.MODULE, browser=WEBKIT)
        assert verdict.script_error == f"TypeError: {said}"


#: What a page's policy makes of an EventSource and a WebSocket.
THROWN = [
    (None, "error event", "close event, code 1006"),
    (CHROMIUM, "error event", "error event"),
    (FIREFOX, "error event", "NS_ERROR_CONTENT_BLOCKED"),
    (WEBKIT, *["SecurityError: The operation is insecure."] * 2),
]


@pytest.mark.parametrize(("browser", "source", "socket"), THROWN)
def test_a_policy_is_told_by_events_or_by_an_exception(browser, source, socket):
    """Deviation: the standard has events. https://websockets.spec.whatwg.org/#concept-websocket-establish"""
    verdict = ask(kind=Kind.EVENT_SOURCE, browser=browser, **BLOCKED)
    assert verdict.script_error == source
    assert ask(browser=browser, **SOCKET, **BLOCKED).script_error == socket


@pytest.mark.parametrize("url", ["wss://api.example:6000/", "ws://api.example/"])
def test_webkit_fires_no_close_event_for_a_websocket_that_it_never_tries(url):
    """Deviation. https://websockets.spec.whatwg.org/#concept-websocket-establish"""
    asked = {"kind": Kind.WEB_SOCKET, "url": url}
    assert ask(browser=WEBKIT, **asked).script_error == "error event"
    assert ask(**asked).script_error == "close event, code 1006"


def test_firefox_fires_load_for_a_preload_that_it_keeps_back():
    """Deviation. https://html.spec.whatwg.org/multipage/links.html#link-type-preload"""
    errors = {None: "error event", CHROMIUM: "error event", FIREFOX: None}
    for browser, error in errors.items():
        server = Server({API: answer()})
        verdict = ask(server, kind=Kind.PRELOAD, mode="cors", browser=browser)
        assert verdict.is_network_error
        assert verdict.script_error == error


#: The bytes of an Access-Control-Allow-Origin, and what Chromium and Firefox say of them.
BYTES = [
    (
        "a byte of Latin-1",
        "http://b\xfccher.example",
        r"contains the invalid value 'http://b\u00FCcher.example'.",
        "http://b\ufffdcher.example",
    ),
    (
        "two bytes of UTF-8",
        "http://b\xc3\xbccher.example",
        r"has a value 'http://b\u00C3\u00BCcher.example' that is not equal",
        "http://b\xfccher.example",
    ),
    (
        "a space at the end",
        f"{PAGE}\xa0",
        f"contains the invalid value '{PAGE}\\u00A0'.",
        f"{PAGE}\ufffd",
    ),
]


@pytest.mark.parametrize(
    ("value", "chromium", "shown"), [pytest.param(*row[1:], id=row[0]) for row in BYTES]
)
def test_consoles_show_bytes_above_127(value, chromium, shown):
    """Chromium escapes them; Firefox reads them as UTF-8."""
    server = Server({API: answer(*allow(value))})
    assert chromium in ask(server, browser=CHROMIUM).console[0]
    mismatch = f"CORS header ‘Access-Control-Allow-Origin’ does not match ‘{shown}’"
    assert ask(server, browser=FIREFOX).console == (firefox(mismatch),)


def test_webkit_reads_values_as_utf8():
    """Deviation: wrong bytes become U+FFFD, whose own bytes the page and the console show."""
    server = Server(
        {API: answer(*allow(expose="x-a"), ("X-A", "\xfc\xc3\xbc"))},
        preflight=answer(*allow(methods="P\xfcT")),
    )
    assert ask(server, browser=WEBKIT).exposed_headers == (("x-a", "ï¿½Ã¼"),)
    assert ask(server, browser=CHROMIUM).exposed_headers == (("x-a", "üÃ¼"),)
    line = "Header Access-Control-Allow-Methods has an invalid value: Pï¿½T"
    assert ask(server, browser=WEBKIT, **PUT).console[0] == line


NOT_ALLOWED = firefox("CORS request external redirect not allowed")
STATUS = firefox("CORS preflight response did not succeed", status=" Status code: 302.")
DIFFERS = firefox(f"CORS header ‘Access-Control-Allow-Origin’ does not match ‘{PAGE}’")
#: The Access-Control-Allow-Origin of a preflight's answer, its Location, and Firefox's lines.
REDIRECTED_PREFLIGHTS = [
    ("to the same server", PAGE, "/y", [NOT_ALLOWED, STATUS, failed()]),
    ("to another server", PAGE, THIRD, [NOT_ALLOWED, DIFFERS, failed()]),
    ("to another server, with a star", "*", THIRD, [NOT_ALLOWED, STATUS, failed()]),
    ("to another scheme", PAGE, "ftp://a/", [failed(), failed()]),
    ("to no URL", PAGE, "http://[/", [failed(), failed()]),
    ("with a user", PAGE, "https://a@third.example/", [failed(), failed()]),
    (
        "to data",
        PAGE,
        "data:a",
        [
            "Redirecting to data: URI not allowed (Blocked loading of: “data:a”)",
            failed(),
            failed(),
        ],
    ),
]


@pytest.mark.parametrize(
    ("origin", "location", "lines"),
    [pytest.param(*row[1:], id=row[0]) for row in REDIRECTED_PREFLIGHTS],
)
def test_firefox_tells_where_a_preflight_was_to_go(origin, location, lines):
    """It has several rules for it, each with words of its own."""
    redirect = answer(*allow(origin), ("Location", location), status=302)
    verdict = ask(Server(preflight=redirect), browser=FIREFOX, **PUT)
    assert verdict.failure == "preflight-redirect"
    assert list(verdict.console) == lines


@pytest.mark.parametrize(
    ("location", "named"), [("http://[/", False), ("data:a", True), (THIRD, True)]
)
def test_chromium_looks_at_a_preflights_location_first(location, named):
    """One that is no URL is no matter of CORS to it."""
    redirect = answer(*allow(), ("Location", location), status=302)
    lines = ask(Server(preflight=redirect), browser=CHROMIUM, **PUT).console
    if named:
        assert "Redirect is not allowed for a preflight request." in lines[0]
    else:
        assert lines == ("Failed to load resource: net::ERR_INVALID_REDIRECT",)


LAX = ("no-referrer-when-downgrade", "origin-when-cross-origin", "unsafe-url")


@pytest.mark.parametrize("policy", ["", "origin", "no-referrer", *LAX])
def test_firefox_tells_of_each_request_to_another_site_how_it_hides_the_page(policy):
    """https://w3c.github.io/webappsec-referrer-policy/#referrer-policies"""
    server = Server(
        {API: answer(*allow(), ("Location", THIRD), status=302), THIRD: answer()}
    )
    lines = ask(server, browser=FIREFOX, referrer_policy=policy).console
    told = [line for line in lines if line.startswith("Referrer Policy")]
    assert told == [
        f"Referrer Policy: Ignoring the less restricted referrer policy “{policy}” for the "
        f"cross-site request: {url}"
        for url in ((API, THIRD) if policy in LAX else ())
    ]
    assert lines[: len(told)] == tuple(told)
    own = ask(url="https://api.app.example/", browser=FIREFOX, referrer_policy=policy)
    assert own.console == ()
