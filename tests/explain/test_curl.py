"""curl commands as browsers copy them, and as people write them.

Here: quoting for both shells, curl's options, what is the page's and what the browser's, the answer.
Not here: what a fetch becomes (`test_complaints.py`). The commands are written as Chrome and
Firefox write them.
Spec: https://curl.se/docs/manpage.html
"""

from __future__ import annotations

import io
import sys

import pytest
from corsac.browser import Kind
from corsac.explain._curl import read_curl
from corsac.explain._shell import split_words
from corsac.explain._subjects import WrongUse
from explain.asking import ask, lines
from explain.servers import Server

WORDS = [
    ("plain words", "curl a  b", ["curl", "a", "b"]),
    ("single quotes keep everything", r"""'a\n"b' c""", [r"a\n" + '"b', "c"]),
    ("a quote within single quotes", r"'it'\''s'", ["it's"]),
    ("double quotes know four escapes", r'"a\"b\\c\$d\e"', [r'a"b\c$d\e']),
    ("ANSI-C quotes", r"$'it\'s\n\x41\u00e9\101'", ["it's\nA\u00e9A"]),
    ("a line goes on after a backslash", "curl \\\n  -H 'a'", ["curl", "-H", "a"]),
    ("a line goes on, with CRLF", "curl \\\r\n -d ''", ["curl", "-d", ""]),
    ("quotes join", "a'b'\"c\"d", ["abcd"]),
    (
        "cmd goes on after a caret",
        'curl "a" ^\n  -H "b: c"',
        ["curl", "a", "-H", "b: c"],
    ),
    (
        "cmd escapes each quote with a caret",
        'curl ^"https://a.example/?x=1^&y=2^" ^\r\n  -H ^"accept: */*^"',
        ["curl", "https://a.example/?x=1&y=2", "-H", "accept: */*"],
    ),
    (
        "cmd escapes JSON twice",
        r'curl ^"u^" --data-raw ^"^{^\^"a^\^":^\^"b c^\^"^}^"',
        ["curl", "u", "--data-raw", '{"a":"b c"}'],
    ),
]


@pytest.mark.parametrize(
    ("text", "words"), [pytest.param(*row[1:], id=row[0]) for row in WORDS]
)
def test_words_are_read_as_the_shell_reads_them(text, words):
    """Both shells that browsers copy for."""
    assert words == split_words(text)


CHROME = r"""curl 'https://api.example/items?page=1' \
  -X 'PUT' \
  -H 'accept: application/json' \
  -H 'accept-language: en-US,en;q=0.9' \
  -H 'authorization: Bearer abc' \
  -H 'cache-control: no-cache' \
  -H 'content-type: application/json' \
  -b 'session=1' \
  -H 'origin: https://app.example' \
  -H 'pragma: no-cache' \
  -H 'priority: u=1, i' \
  -H 'referer: https://app.example/' \
  -H 'sec-ch-ua: "Chromium";v="156"' \
  -H 'sec-fetch-dest: empty' \
  -H 'sec-fetch-mode: cors' \
  -H 'sec-fetch-site: cross-site' \
  -H 'user-agent: Mozilla/5.0' \
  --data-raw $'{"a":"it\'s"}'"""
FIREFOX = r"""curl 'https://api.example/items' --compressed -X DELETE -H 'User-Agent: Mozilla/5.0' -H 'Accept: */*' -H 'Accept-Encoding: gzip, deflate, br, zstd' -H 'X-Token: 1' -H 'Origin: https://app.example' -H 'Sec-GPC: 1' -H 'Connection: keep-alive' -H 'Sec-Fetch-Mode: cors' -H 'TE: trailers'"""


def test_a_command_of_chrome_is_the_fetch_that_it_was():
    """What the browser sets is left out; the cookie means credentials."""
    pasted = read_curl(CHROME)
    fetch = pasted.fetch

    assert ("PUT", "https://api.example/items?page=1") == (fetch.method, fetch.url)
    assert ("https://app.example", "include", "cors") == (
        fetch.page_origin,
        fetch.credentials,
        fetch.mode,
    )
    assert (
        ("authorization", "Bearer abc"),
        ("content-type", "application/json"),
    ) == fetch.headers
    assert b'{"a":"it\'s"}' == pasted.body
    assert ("Cookie", "session=1") in pasted.added


def test_a_command_of_firefox_is_the_fetch_that_it_was():
    """Without a cookie nothing says that credentials were included."""
    fetch = read_curl(FIREFOX).fetch

    assert ("DELETE", "same-origin") == (fetch.method, fetch.credentials)
    assert (("X-Token", "1"),) == fetch.headers


OPTIONS = [
    ("data is a POST of a form", "-d a=1", "POST", "application/x-www-form-urlencoded"),
    ("data with -G is a GET", "-G -d a=1", "GET", None),
    ("-I is HEAD", "-I", "HEAD", None),
    ("a form has parts", "-F a=1", "POST", "multipart/form-data"),
    ("--json says its type", "--json '{}'", "POST", "application/json"),
    ("-T is PUT", "-T file", "PUT", None),
    ("flags in one word", "-sSkL", "GET", None),
    ("a value in the same word", "-XPATCH", "PATCH", None),
    ("a value after an equals sign", "--request=PATCH", "PATCH", None),
    ("values of other options are passed over", "-o out -x proxy:1 -m 5", "GET", None),
    ("a header without a value is taken away", "-H 'Accept:'", "GET", None),
    ("what follows a pipe is another command", "| jq .", "GET", None),
]


@pytest.mark.parametrize(
    ("options", "method", "type_"),
    [pytest.param(*row[1:], id=row[0]) for row in OPTIONS],
)
def test_options_mean_what_curl_means_by_them(options, method, type_):
    """Method, and the type that goes with the body."""
    command = f"curl -H 'Origin: https://app.example' https://api.example/ {options}"
    fetch = read_curl(command).fetch
    types = [value for name, value in fetch.headers if name.lower() == "content-type"]

    assert method == fetch.method
    assert ([type_] if type_ else []) == types


KINDS = [
    ("-H 'Sec-Fetch-Mode: no-cors' -H 'Sec-Fetch-Dest: image'", Kind.IMAGE, "no-cors"),
    ("-H 'Sec-Fetch-Mode: cors' -H 'Sec-Fetch-Dest: font'", Kind.FONT, "cors"),
    ("-H 'Accept: text/event-stream'", Kind.EVENT_SOURCE, "cors"),
    ("-H 'Sec-Fetch-Mode: cors'", Kind.FETCH, "cors"),
]


@pytest.mark.parametrize(("options", "kind", "mode"), KINDS)
def test_the_kind_of_request_is_read_from_its_metadata(options, kind, mode):
    """Browsers say for what they ask."""
    command = f"curl https://api.example/ -H 'Origin: https://app.example' {options}"
    fetch = read_curl(command).fetch

    assert (kind, mode) == (fetch.kind, fetch.mode)


WRONG = [
    ("wget https://api.example/", "no curl command"),
    ("curl -H 'Origin: https://app.example'", "has no URL"),
    ("curl https://api.example/", "add --origin https://app.example"),
    ("curl 'https://api.example/", "a quote is opened and not closed"),
    (
        "curl https://a.example/ -H 'Origin: https://b.example' -H nonsense",
        "Name: value",
    ),
    ("curl 'ftp://a.example/' -H 'Origin: https://b.example'", "no absolute URL"),
]


@pytest.mark.parametrize(("command", "sentence"), WRONG)
def test_what_cannot_be_read_is_said_in_one_sentence(command, sentence):
    """With what to paste instead."""
    with pytest.raises(WrongUse, match=sentence):
        read_curl(command)


def test_a_pasted_command_asks_the_server_that_it_names():
    """With its cookie and its body, and with the browser's own headers; a preflight has none."""
    seen = []

    def answer(path, headers):
        seen.append(headers)
        return 200, [("Access-Control-Allow-Origin", "*")]

    with Server({"POST": answer, "OPTIONS": answer}) as server:
        command = CHROME.replace("https://api.example", server.url).replace(
            "PUT", "POST"
        )
        code, document = ask("--curl", command, "--send")

    assert 1 == code
    assert ["preflight Access-Control-Allow-Origin: https://app.example"] == lines(
        document
    )[:1]
    assert "cookie" not in seen[0]
    assert ("Mozilla/5.0", "session=1") == (seen[-1]["user-agent"], seen[-1]["cookie"])


def test_a_pasted_command_can_be_put_to_a_policy():
    """The subject answers, and not the server."""
    code, document = ask("--curl", FIREFOX, "explain.policies:plain")

    assert 1 == code
    assert [
        'policy allow_methods=["DELETE"]',
        'policy allow_headers=["X-Token"]',
    ] == lines(document)


@pytest.mark.parametrize("words", [("--curl", "-"), ("-",)])
def test_a_command_comes_from_the_standard_input(monkeypatch, words):
    """As from a clipboard."""
    text = FIREFOX.replace("https://api.example", "http://127.0.0.1:9")
    pasted = io.TextIOWrapper(io.BytesIO(text.encode()))
    monkeypatch.setattr(sys, "stdin", pasted)
    code, document = ask(*words)

    assert 1 == code
    assert "DELETE" == document["fetch"]["method"]
