"""Lines of the three browsers' consoles, as people paste them.

Here: every line of the corpus, what it names, and what is said to do.
Not here: the words themselves (`browser_model/test_corpus.py`).
Spec: https://fetch.spec.whatwg.org/#cors-protocol
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from browser_model.page import Page
from browser_model.server import Recorded
from corsac.browser import Browser
from corsac.explain._message import read_message
from corsac.explain._subjects import WrongUse
from explain.asking import ask, lines, show

CORPUS = Path(__file__).parent.parent / "corpus" / "browser-verdicts.jsonl"
BROWSERS = {
    "chromium": Browser.CHROMIUM,
    "firefox": Browser.FIREFOX,
    "webkitgtk": Browser.WEBKIT,
}
#: Lines about the page, cookies and a slow machine.
NOISE = re.compile(
    r"INFO intervention |cookies\w+ |HTML_PARSER__\w+ |chrome javascript "
)
#: What a log of Firefox has before its lines, and a console has not.
CATEGORY = re.compile(r"^(?:CORS\w+|COEP|SOP|CSP_\w+) ")
#: Words that are the same for two checks, and the check that they are taken for.
ALIKE = {
    "allow-origin-mismatch": {"allow-origin-missing"},
    "allow-origin-multiple": {"allow-origin-missing", "allow-origin-mismatch"},
    "redirect": {"status"},
    "redirect-credentials": {"no-response"},
    "same-origin-mode": {"no-response"},
}
CHROMIUM = "Access to {kind} at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: "
FIREFOX = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/x. (Reason: "


def rows():
    """The rows with something on the console, without what no fetch causes."""
    for text in CORPUS.read_text().splitlines():
        row = json.loads(text)
        told = [line for line in row["console"] if not NOISE.match(line)]
        if told:
            yield pytest.param(row, told, id=f"{row['case']}-{row['browser']}")


@pytest.mark.parametrize(("row", "told"), list(rows()))
def test_every_line_of_the_corpus_is_understood(row, told):
    """Whose it is, with the log's tag and without, and the URL that it names."""
    for line in told:
        for text in (line, CATEGORY.sub("", line)):
            meaning = read_message(text)
            assert BROWSERS[row["browser"]] is meaning.browser
            assert "url" in meaning.unnamed or meaning.words.url in text


@pytest.mark.parametrize(("row", "told"), list(rows()))
def test_the_check_that_failed_is_the_one_that_the_model_names(row, told):
    """All lines of a row together lead to the check, the preflight's or the response's."""
    case, browser = row["case"], BROWSERS[row["browser"]]
    server = Recorded(row["server"], case, row["page_origin"], row["api_origin"])
    url = f"{row['page_origin']}/__page/{case}"
    policy = "connect-src 'self'" if case == "csp-blocked" else None
    api = f"{row['api_origin']}/c/{case}"
    page = Page(row["page_origin"], url, api, case, server, browser, policy)
    page.run(row["js"])
    failures = {verdict.failure for verdict in page.verdicts} - {None}
    meant = {(failure or "").removeprefix("preflight-") for failure in failures}
    meaning = read_message("\n".join(told))
    code = meaning.scene.code.removeprefix("preflight-")

    if meaning.is_vague:
        # Chromium says nothing else of a redirect that the script forbids.
        assert meant <= {"redirect-mode", "no-response"}
    elif code == "allow-headers-authorization":
        assert not meant
    else:
        assert code in meant.union(*(ALIKE.get(failure, ()) for failure in meant))


MEANINGS = [
    (
        "Chromium names the method",
        CHROMIUM.format(kind="fetch")
        + "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
        "allow-methods",
        ["preflight Access-Control-Allow-Methods: PUT"],
    ),
    (
        "Chromium names the header",
        CHROMIUM.format(kind="XMLHttpRequest")
        + "Request header field x-token is not allowed by Access-Control-Allow-Headers in "
        "preflight response.",
        "allow-headers",
        ["preflight Access-Control-Allow-Headers: x-token"],
    ),
    (
        "Chromium names another origin",
        CHROMIUM.format(kind="script")
        + "The 'Access-Control-Allow-Origin' header has a value 'https://b.example' that is "
        "not equal to the supplied origin.",
        "allow-origin-mismatch",
        ["response Access-Control-Allow-Origin: https://app.example"],
    ),
    (
        "Chromium shows what is no origin",
        CHROMIUM.format(kind="fetch")
        + "The 'Access-Control-Allow-Origin' header contains the invalid value 'yes'. Have "
        "the server send the header with a valid value.",
        "allow-origin-mismatch",
        ["response Access-Control-Allow-Origin: https://app.example"],
    ),
    (
        "Chromium shows two values",
        CHROMIUM.format(kind="fetch")
        + "The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only "
        "one is allowed.",
        "allow-origin-multiple",
        ["response Access-Control-Allow-Origin: https://app.example"],
    ),
    (
        "Chromium once advised an opaque response",
        CHROMIUM.format(kind="fetch")
        + "No 'Access-Control-Allow-Origin' header is present on the requested resource. If "
        "an opaque response serves your needs, set the request's mode to 'no-cors' to fetch "
        "the resource with CORS disabled.",
        "allow-origin-missing",
        ["response Access-Control-Allow-Origin: https://app.example"],
    ),
    (
        "Chromium's preflight is no success",
        CHROMIUM.format(kind="fetch")
        + "Response to preflight request doesn't pass access control check: It does not have "
        "HTTP ok status.",
        "preflight-status",
        ["preflight status 204"],
    ),
    (
        "Chromium's preflight is redirected",
        CHROMIUM.format(kind="fetch")
        + "Response to preflight request doesn't pass access control check: Redirect is not "
        "allowed for a preflight request.",
        "preflight-redirect",
        ["preflight status 204"],
    ),
    (
        "Chromium wants credentials to be allowed",
        CHROMIUM.format(kind="fetch")
        + "The value of the 'Access-Control-Allow-Credentials' header in the response is '' "
        "which must be 'true' when the request's credentials mode is 'include'.",
        "allow-credentials",
        ["response Access-Control-Allow-Credentials: true"],
    ),
    (
        "Firefox, with straight quotes",
        FIREFOX
        + "CORS header 'Access-Control-Allow-Origin' missing). Status code: 200.",
        "allow-origin-missing",
        ["response Access-Control-Allow-Origin: https://app.example"],
    ),
    (
        "Firefox, before it named the status",
        FIREFOX + "CORS header ‘Access-Control-Allow-Origin’ missing).[Learn More]",
        "allow-origin-missing",
        ["response Access-Control-Allow-Origin: https://app.example"],
    ),
    (
        "Firefox, before it had another word for a header",
        FIREFOX
        + "missing token ‘x-token’ in CORS header ‘Access-Control-Allow-Headers’ from "
        "CORS preflight channel).",
        "allow-headers",
        ["preflight Access-Control-Allow-Headers: x-token"],
    ),
    (
        "Firefox, for a server that does not answer",
        FIREFOX + "CORS request did not succeed). Status code: (null).",
        "no-response",
        [],
    ),
    (
        "Firefox warns only",
        (
            "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote "
            "resource at https://api.example/x soon. (Reason: When the "
            "`Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. To "
            "include the `Authorization` header, it must be explicitly listed in CORS header "
            "`Access-Control-Allow-Headers`)."
        ),
        "allow-headers-authorization",
        ["preflight Access-Control-Allow-Headers: *, Authorization"],
    ),
    (
        "WebKit, two lines together",
        (
            "Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status "
            "code: 200\nFetch API cannot load https://api.example/x due to access control checks."
        ),
        "allow-origin-missing",
        ["response Access-Control-Allow-Origin: https://app.example"],
    ),
    (
        "WebKit's preflight is no success",
        "Preflight response is not successful. Status code: 405",
        "preflight-status",
        ["preflight status 204"],
    ),
    (
        "a page over https asks http",
        (
            "Mixed Content: The page at 'https://app.example/' was loaded over HTTPS, but "
            "requested an insecure resource 'http://api.example/x'. This request has been blocked; "
            "the content must be served over HTTPS."
        ),
        "mixed-content",
        ['page url: "https://api.example/x"'],
    ),
    (
        "a line that a terminal broke",
        CHROMIUM.format(kind="fetch").replace(" has ", "\n  has ")
        + "No 'Access-Control-Allow-Origin' header\nis present on the requested resource.",
        "allow-origin-missing",
        ["response Access-Control-Allow-Origin: https://app.example"],
    ),
]


@pytest.mark.parametrize(
    ("message", "code", "changes"),
    [pytest.param(*row[1:], id=row[0]) for row in MEANINGS],
)
def test_a_message_says_which_check_failed_and_what_to_do(message, code, changes):
    """The reason, and the lines that mend it first."""
    exit_code, document = ask("--message", message)

    assert 1 == exit_code
    assert code == document["code"]
    assert not document["is_consequence"]
    assert changes == lines(document)[: len(changes)]
    if "//api.example/x" in message:
        assert document["named"]["url"].endswith("//api.example/x")


VAGUE = [
    "Uncaught (in promise) TypeError: Failed to fetch",
    "TypeError: NetworkError when attempting to fetch resource.",
    "TypeError: Load failed",
    "Failed to load resource: net::ERR_FAILED",
    "Fetch API cannot load https://api.example/x due to access control checks.",
]


@pytest.mark.parametrize("message", VAGUE)
def test_a_consequence_is_told_from_a_reason(message):
    """Nothing is guessed from it."""
    _, document = ask("--message", message)

    assert document["is_consequence"]
    assert document["remedy"] is None
    assert "the reason is in the line before it" in document["meaning"]


def test_what_a_message_does_not_name_is_said():
    """A made-up origin is not taken for the page's."""
    _, document = ask(
        "--message", FIREFOX + "CORS header ‘Access-Control-Allow-Origin’ missing)."
    )
    _, text = show(
        "--message", FIREFOX + "CORS header ‘Access-Control-Allow-Origin’ missing)."
    )

    assert "origin" not in document["named"]
    assert "The message does not name the page" in text


@pytest.mark.parametrize(
    "text", ["hello", "", "a\0b", "x" * 100_000, "(((((", "\ud800"]
)
def test_anything_else_is_one_sentence(text):
    """With what to paste instead."""
    with pytest.raises(WrongUse, match="paste the whole line"):
        read_message(text)
