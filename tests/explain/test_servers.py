"""Live servers: what is sent to them, what they hide, and what cannot be mended by a header.

Here: single cases over real sockets. Not here: the table of complaints (`test_complaints.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import corsac
import pytest
from corsac.browser import Browser, Fetch, Response, predict
from corsac.browser.applications import policy_sender
from explain.asking import ask, lines, show
from explain.servers import Server, Wire

#: A page of this machine: https pages may not ask the servers of these tests in all browsers.
PAGE = "http://localhost:3000"
ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
EXPOSE = "Access-Control-Expose-Headers"
ALLOW = (ORIGIN, PAGE)


def test_hidden_response_headers_are_named_and_exposed():
    """`getAllResponseHeaders()` is nearly empty: which header shows the others."""
    lines_ = [ALLOW, ("Vary", "Origin"), ("X-Total-Count", "3"), ("ETag", "1")]
    with Server({"GET": (200, lines_)}) as server:
        code, document = ask(f"{server.url}/", "--origin", PAGE)

    assert 0 == code
    assert [["content-length", "0"]] == document["browsers"]["firefox"][
        "exposed_headers"
    ]
    assert f"{EXPOSE}: X-Total-Count, ETag" == document["exposing"]["line"]
    assert document["remedy"] is None and document["remarks"] == []


def test_what_the_page_reads_already_needs_no_line():
    """A header that is exposed is not hidden."""
    answer = [
        ALLOW,
        ("Vary", "Origin"),
        (EXPOSE, "X-Total-Count"),
        ("X-Total-Count", "3"),
    ]
    with Server({"GET": (200, answer)}) as server:
        _, document = ask(f"{server.url}/", "--origin", PAGE)

    assert document["exposing"] is None


def test_a_wildcard_for_exposed_headers_is_none_with_credentials():
    """The line names what the page could not read."""
    answer = [ALLOW, (CREDENTIALS, "true"), (EXPOSE, "*"), ("X-Total-Count", "3")]
    with Server({"GET": (200, answer)}) as server:
        words = [f"{server.url}/", "--origin", PAGE, "--credentials", "include"]
        _, document = ask(*words)

    assert f"{EXPOSE}: X-Total-Count" == document["exposing"]["line"]
    assert (f"{EXPOSE}: *",) == tuple(document["exposing"]["before"])


def test_authorization_under_a_wildcard_is_readable_and_still_to_change():
    """Browsers let it pass today; the standard does not."""
    answers = {"OPTIONS": (204, [ALLOW, (HEADERS, "*")]), "GET": (200, [ALLOW])}
    with Server(answers) as server:
        words = [f"{server.url}/", "--origin", PAGE, "--header", "Authorization: a"]
        code, document = ask(*words)

    assert 0 == code
    assert document["readable"] and not document["standard"]["readable"]
    assert [f"preflight {HEADERS}: *, Authorization"] == lines(document)


def test_a_page_from_a_file_is_told_to_be_served():
    """Its origin is null, which nobody should allow."""
    with Server({"GET": (200, [ALLOW])}) as server:
        _, document = ask(f"{server.url}/", "--page", "file:///home/me/page.html")

    assert [
        "page python -m http.server 8000, and open http://localhost:8000/",
        f"response {ORIGIN}: http://localhost:8000",
    ] == lines(document)
    assert document["remedy"]["proven"]
    assert "null" not in document["remedy"]["policy"]


def test_an_http_url_that_redirects_to_https_is_asked_at_once():
    """After the redirect the origin is null; the page asks for the end of it instead."""
    with Server({"GET": (200, [ALLOW])}) as end:
        answers = {"GET": (301, [ALLOW, ("Location", f"{end.url}/items")])}
        with Server(answers) as first:
            code, document = ask(f"{first.url}/items", "--origin", PAGE)

    requests = [e["request"] for e in document["standard"]["exchanges"]]
    assert 1 == code
    assert ["Origin", "null"] == requests[1]["headers"][0]
    assert [f'page url: "{end.url}/items"'] == lines(document)
    assert document["remedy"]["proven"]


def test_a_request_that_may_change_data_is_not_sent_without_being_told_to():
    """The preflight is, and decides as far as it goes."""
    answers = {"OPTIONS": (204, [ALLOW, (METHODS, "DELETE")]), "DELETE": (204, [ALLOW])}
    with Server(answers) as server:
        words = [f"{server.url}/items/1", "--origin", PAGE, "--method", "DELETE"]
        code, document = ask(*words)
        before = list(server.requests)
        sent, _ = ask(*words, "--send")

    assert (0, 0) == (code, sent)
    assert document["undecided"] and document["remedy"] is None
    assert [("OPTIONS", "/items/1")] == before
    assert ("DELETE", "/items/1") in server.requests


def test_each_request_is_sent_once():
    """Three browsers, the standard and the proof share the answers."""
    with Server({"GET": (200, [])}) as server:
        ask(f"{server.url}/", "--origin", PAGE)

    assert [("GET", "/")] == server.requests


SILENT = [
    ("it closes the connection", b"", "no response"),
    ("it speaks something else", b"220 mail.example ESMTP\r\n", "no response"),
    ("its status line is cut", b"HTTP/1.1 2", "no response"),
]


@pytest.mark.parametrize(
    ("answer", "said"), [pytest.param(*row[1:], id=row[0]) for row in SILENT]
)
def test_a_server_that_answers_no_http_is_no_matter_of_headers(answer, said):
    """No traceback, no header to change, one sentence."""
    with Wire(answer) as server:
        code, text = show(f"{server.url}/", "--origin", PAGE)
        _, document = ask(f"{server.url}/", "--origin", PAGE)

    assert 1 == code
    assert said in text
    assert "No header mends that" in document["remedy"]["advice"][0]
    assert [] == document["remedy"]["changes"]


def test_a_refused_connection_has_its_own_words():
    """Chromium's console names it."""
    with Server({}) as server:
        address = server.url
    _, document = ask(address, "--origin", PAGE)

    assert document["browsers"]["chromium"]["console"] == [
        "Failed to load resource: net::ERR_CONNECTION_REFUSED"
    ]


def test_the_policy_that_is_offered_for_another_server_makes_the_fetch_readable():
    """`With corsac this policy does it` is a promise."""
    with Server({"OPTIONS": (403, []), "GET": (200, [])}) as server:
        words = [f"{server.url}/", "--origin", PAGE, "--credentials", "include"]
        _, document = ask(*words, "--method", "PUT", "--header", "X-Token: 1")

    call = document["remedy"]["policy"]
    policy = eval(call, {"Policy": corsac.Policy})  # the text that a user would paste
    fetch = Fetch(
        page_origin=PAGE,
        url="https://api.example/",
        method="PUT",
        headers={"X-Token": "1"},
        credentials="include",
    )
    for browser in (None, *Browser):
        assert predict(
            fetch, policy_sender(policy, Response(200)), browser=browser
        ).readable
