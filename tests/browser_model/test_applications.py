"""Applications as the other end of a fetch: what they see of a request, by either interface.

Here: environs, scopes, bodies, handshakes, policies, senders. Not here: what they may answer
(`test_application_answers.py`), lifespans (`test_application_servers.py`), frameworks
(`tests/pytest_plugin`).
"""

import asyncio

import pytest
import trio
from browser_model.spoken_applications import (
    GET,
    PAGE,
    POST,
    PREFLIGHT,
    SOCKET,
    answering,
    ask,
    body,
    speaking,
    start,
)
from corsac import Policy
from corsac.browser import Fetch, Request, Response, predict
from corsac.browser.applications import (
    asgi_sender,
    policy_sender,
    sender_of,
    wsgi_sender,
)

POLICY = Policy(allow_origins=[PAGE], allow_methods=["PUT"])


def test_an_environ_is_that_of_a_server():
    """PEP 3333: decoded path, raw query, header names in capitals."""
    seen = []
    ask(answering(seen))
    ask(answering(seen), POST, b"hello")
    expected = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/\xc3\xa9",
        "QUERY_STRING": "q=1&r=%20",
        "SERVER_NAME": "api.example",
        "SERVER_PORT": "443",
        "wsgi.url_scheme": "https",
        "HTTP_ORIGIN": PAGE,
        "HTTP_HOST": "api.example",
        "HTTP_ACCEPT": "*/*",
        "input": b"",
    }
    assert expected == {name: seen[0][name] for name in expected}
    assert "CONTENT_LENGTH" not in seen[0]
    expected = {
        "HTTP_HOST": "api.example:8443",
        "SERVER_PORT": "8443",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "5",
        "input": b"hello",
    }
    assert expected == {name: seen[1][name] for name in expected}


def test_a_scope_is_that_of_a_server():
    """ASGI: decoded and raw path, header names in lower case, one message of body."""
    seen = []
    ask(speaking(start(), body(), seen=seen))
    ask(speaking(start(), body(), seen=seen), POST, b"hello")
    seen = [scope for scope in seen if scope["type"] == "http"]
    expected = {
        "method": "GET",
        "scheme": "https",
        "path": "/a b/\xe9",
        "raw_path": b"/a%20b/%C3%A9",
        "query_string": b"q=1&r=%20",
        "server": ("api.example", 443),
        "headers": [
            (b"host", b"api.example"),
            (b"accept", b"*/*"),
            (b"origin", PAGE.encode()),
        ],
        "message": {"type": "http.request", "body": b"", "more_body": False},
    }
    assert expected == {name: seen[0][name] for name in expected}
    assert b"hello" == seen[1]["message"]["body"]
    assert (b"content-length", b"5") in seen[1]["headers"]


def test_a_name_with_an_underscore_does_not_pass_for_another():
    """In an environ both would have the same key, so that servers leave it out."""
    seen = []
    lines = (("X_User", "forged"), ("X-User", "ours"))
    ask(answering(seen), Request("GET", "https://api.example/", lines))
    assert "ours" == seen[0]["HTTP_X_USER"]


@pytest.mark.parametrize("request_", [GET, PREFLIGHT], ids=["a GET", "a preflight"])
def test_a_body_goes_out_only_with_requests_that_have_one(request_):
    """A preflight has none, and a redirect can turn a POST into a GET."""
    seen = []
    wsgi_sender(answering(seen), b"hello")(request_)
    assert b"" == seen[0]["input"]
    wsgi_sender(answering(seen), b"hello")(POST)
    assert b"hello" == seen[1]["input"]


SOCKETS = [
    ("accepted", [{"type": "websocket.accept"}], 101),
    ("closed", [{"type": "websocket.close"}], 403),
    (
        "answered",
        [
            {**start(401), "type": "websocket.http.response.start"},
            {**body(), "type": "websocket.http.response.body"},
        ],
        401,
    ),
]


@pytest.mark.parametrize(
    ("messages", "status"),
    [row[1:] for row in SOCKETS],
    ids=[row[0] for row in SOCKETS],
)
def test_a_handshake_is_a_handshake(messages, status):
    """A WebSocket has a scope of its own in ASGI."""
    seen = []
    assert status == ask(speaking(*messages, seen=seen), SOCKET).status
    (scope,) = [scope for scope in seen if scope["type"] == "websocket"]
    assert {"type": "websocket.connect"} == scope["message"]
    assert "wss" == scope["scheme"]
    assert "method" not in scope


def test_a_policy_is_a_server_of_its_own():
    """With an application behind it that always answers the same."""
    answer = Response(
        201, (("X-Id", "1"), ("Access-Control-Allow-Origin", "*")), "Made"
    )
    send = policy_sender(POLICY, answer)
    allowed = (("X-Id", "1"), ("Access-Control-Allow-Origin", PAGE), ("Vary", "Origin"))
    assert Response(201, allowed, "Made") == send(GET)
    fetch = Fetch(page_origin=PAGE, url="https://api.example/", method="PUT")
    assert predict(fetch, send).readable
    refused = Fetch(page_origin=PAGE, url="https://api.example/", method="PATCH")
    assert not predict(refused, send).readable
    assert 403 == predict(refused, send).exchanges[0].response.status


def test_a_sender_is_found_for_each_kind():
    """What must be awaited is awaited."""
    assert 200 == sender_of(POLICY)(GET).status
    assert 200 == sender_of(answering([]))(GET).status
    application = speaking(start(), body())
    assert 200 == asyncio.run(sender_of(application)(GET)).status
    assert 200 == trio.run(asgi_sender(application), GET).status
