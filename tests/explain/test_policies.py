"""A corsac policy that refuses a fetch, and the keyword to change.

Here: rows of policy, fetch and lines; each changed policy is proved by the model for every browser.
Not here: other servers (`test_complaints.py`), what the engine decides (`test_decide.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import itertools
import re

import pytest
from corsac import Policy
from corsac.browser import Fetch, Response
from corsac.browser.applications import policy_sender
from corsac.explain import Source, explain
from explain.asking import ask, lines, show

PAGE = "https://app.example"

CHANGES = [
    ("nothing", "plain", [], []),
    ("a method", "plain", ["--method", "PUT"], ['policy allow_methods=["PUT"]']),
    (
        "a method beside others",
        "several",
        ["--method", "PUT"],
        ['policy allow_methods=["DELETE", "PUT"]'],
    ),
    (
        "headers in the script's spelling",
        "plain",
        ["--header", "X-B: 1", "--header", "X-A: 1"],
        ['policy allow_headers=["X-A", "X-B"]'],
    ),
    (
        "the type of a body",
        "plain",
        ["--method", "POST", "--body-type", "application/json"],
        ['policy allow_headers=["content-type"]'],
    ),
    (
        "Authorization beside a wildcard",
        "everyone",
        ["--header", "Authorization: a"],
        ['policy allow_headers=["*", "Authorization"]'],
    ),
    (
        "an origin",
        "plain",
        ["--origin", "https://b.example"],
        ['policy allow_origins=["https://app.example", "https://b.example"]'],
    ),
    (
        "the apex under a wildcard",
        "several",
        ["--origin", "https://shop.example"],
        [
            (
                'policy allow_origins=["https://app.example", "https://*.shop.example", '
                '"https://shop.example"]'
            )
        ],
    ),
    (
        "an origin beside a regex",
        "regex",
        ["--origin", "https://app.example"],
        [
            (
                'policy allow_origins=[re.compile("https://[a-z]+\\\\.app\\\\.example"), '
                '"https://app.example"]'
            )
        ],
    ),
    (
        "credentials",
        "plain",
        ["--credentials", "include"],
        ["policy allow_credentials=True"],
    ),
    (
        "credentials, where everyone may read",
        "everyone",
        ["--credentials", "include"],
        [
            "policy allow_credentials=True",
            "policy expose_headers=[]",
            'policy allow_origins=["https://app.example"]',
        ],
    ),
    (
        "credentials, where an http origin is listed",
        "mixed",
        ["--credentials", "include"],
        [
            "policy allow_credentials=True",
            'policy allow_origins=["https://new.example", "https://app.example"]',
        ],
    ),
    (
        "everything at once",
        "plain",
        ["--origin", "https://b.example", "--method", "PUT", "--credentials", "include"]
        + ["--header", "X-Token: 1"],
        [
            'policy allow_origins=["https://app.example", "https://b.example"]',
            'policy allow_methods=["PUT"]',
            'policy allow_headers=["X-Token"]',
            "policy allow_credentials=True",
        ],
    ),
    (
        "a page over http, with credentials",
        "plain",
        ["--origin", "http://app.example", "--credentials", "include"],
        [
            "page serve the page from https://app.example",
            "policy allow_credentials=True",
        ],
    ),
    (
        "a page over http on this machine, with credentials",
        "trusted",
        ["--origin", "http://localhost:3000", "--credentials", "include"],
        ['policy allow_origins=["https://app.example", "http://localhost:3000"]'],
    ),
    (
        "a page from a file",
        "plain",
        ["--page", "file:///page.html"],
        [
            "page python -m http.server 8000, and open http://localhost:8000/",
            'policy allow_origins=["https://app.example", "http://localhost:8000"]',
        ],
    ),
    (
        "an https page that asks http",
        "plain",
        ["--url", "http://api.example/items"],
        ['page url: "https://api.example/items"'],
    ),
    (
        "a response header of the protocol in the request",
        "plain",
        ["--header", "Access-Control-Allow-Origin: *"],
        ["page headers without Access-Control-Allow-Origin"],
    ),
]


def words_for(name, words):
    origin = [] if {"--origin", "--page"} & set(words) else ["--origin", PAGE]
    return [f"explain.policies:{name}", *origin, *words]


@pytest.mark.parametrize(
    ("name", "words", "changes"), [pytest.param(*row[1:], id=row[0]) for row in CHANGES]
)
def test_the_lines_to_change_are_all_that_it_takes(name, words, changes):
    """And the explanation says that it was tried."""
    code, document = ask(*words_for(name, words))

    if not changes:
        assert (0, None) == (code, document["remedy"])
        return
    assert 1 == code
    assert changes == lines(document)
    assert document["remedy"]["proven"]
    assert [] == document["remedy"]["advice"]


REASONS = [
    (
        "plain",
        ["--method", "PUT"],
        "preflight_refused: allow_methods does not name PUT",
    ),
    (
        "several",
        ["--header", "X-A: 1", "--header", "X-Token: 1"],
        "preflight_refused: allow_headers does not name x-a",
    ),
    (
        "plain",
        ["--origin", "https://b.example"],
        "actual_refused: allow_origins has nothing that matches https://b.example",
    ),
    (
        "several",
        ["--origin", "https://eu.shop.example"],
        (
            'actual_allowed: "https://*.shop.example" in allow_origins matches '
            "https://eu.shop.example"
        ),
    ),
    ("everyone", [], f'actual_allowed: "*" in allow_origins matches {PAGE}'),
    (
        "regex",
        ["--origin", "https://x.app.example"],
        (
            r"actual_allowed: re.compile('https://[a-z]+\\.app\\.example') in allow_origins "
            "matches https://x.app.example"
        ),
    ),
]


@pytest.mark.parametrize(("name", "words", "said"), REASONS)
def test_the_policy_says_which_of_its_lines_decided(name, words, said):
    """Yes and no alike."""
    _, document = ask(*words_for(name, words))

    assert said == document["policy_decisions"][0]


HOPELESS = [
    (["--method", "TRACE"], "No page may send this method"),
    (["--url", "https://api.example:25/"], "Browsers block this port"),
]


@pytest.mark.parametrize(("words", "advice"), HOPELESS)
def test_what_no_line_changes_is_said(words, advice):
    """The honest answer is no."""
    code, document = ask(*words_for("plain", words))

    assert 1 == code
    assert advice in document["remedy"]["advice"][0]
    assert not document["remedy"]["proven"]


REMARKS = [
    (["--header", "Cookie: a=1"], 'Cookies go along with credentials: "include".'),
    (["--header", "Host: b"], "It comes from the URL."),
    (["--status", "404"], "The server answers 404"),
    (["--status", "401"], 'credentials: "same-origin"'),
]


@pytest.mark.parametrize(("words", "remark"), REMARKS)
def test_what_cannot_be_fixed_is_told(words, remark):
    """A readable fetch has its pitfalls, too."""
    code, document = ask(*words_for("plain", words))

    assert 0 == code
    assert any(remark in one for one in document["remarks"])


def test_response_headers_of_the_application_are_exposed_by_the_policy():
    """`--response-header` says what the application behind the policy answers."""
    words = ["--response-header", "X-Total-Count: 3", "--status", "201"]
    code, document = ask(*words_for("plain", words))

    assert 0 == code
    assert 201 == document["browsers"]["webkit"]["status"]
    assert 'expose_headers=["X-Total-Count"]' == document["exposing"]["line"]


def test_without_a_page_the_first_origin_of_the_policy_asks():
    """And the answer says so."""
    code, document = ask("explain.policies:plain")

    assert 0 == code
    assert "https://app.example" == document["fetch"]["page_origin"]
    assert any("No --origin was given" in one for one in document["remarks"])


def test_a_long_list_is_shown_by_its_ends():
    """Nobody reads five thousand origins; the JSON has the whole policy."""
    _, document = ask("explain.policies:many", "--origin", PAGE)
    (line,) = lines(document)

    assert (
        'policy allow_origins=["https://a0.example", "https://a1.example", ..., '
        '"https://a4999.example", "https://app.example"]'
    ) == line
    assert '"https://a2500.example"' in document["remedy"]["policy"]


ORIGINS = ["https://a.example", "http://a.example", "http://localhost:3000", "null"]
POLICIES = [
    Policy(allow_origins=["*"]),
    Policy(allow_origins=["https://b.example"], allow_credentials=True),
    Policy(
        allow_origins=["https://a.example"], allow_methods=["*"], allow_headers=["*"]
    ),
    Policy(allow_origins=[re.compile(r"http://localhost:\d+")], max_age=None),
]
ASKED = [
    {"method": method, "credentials": credentials, "headers": headers, "kind": kind}
    for method, credentials, headers, kind in itertools.product(
        ["GET", "PUT", "patch"],
        ["same-origin", "include"],
        [(), (("Authorization", "a"), ("X-B", "1"))],
        ["fetch", "xmlhttprequest", "eventsource"],
    )
]


@pytest.mark.parametrize("policy", POLICIES, ids=range(len(POLICIES)))
@pytest.mark.parametrize("origin", ORIGINS)
def test_every_refused_fetch_is_mended_and_never_by_null_or_a_wildcard(policy, origin):
    """The changed policy is asked again: whatever page it now is, it reads, in every browser."""
    for asked in ASKED:
        fetch = Fetch(page_origin=origin, url="https://api.example/", **asked)
        source = Source(
            "",
            policy_sender(policy),
            policy=policy,
            is_policy=True,
            answer=Response(200),
        )
        remedy = explain(fetch, source).remedy
        if remedy is None:
            continue
        if fetch.kind == "eventsource":
            assert remedy.advice and not remedy.is_proven
            continue
        assert remedy.is_proven and remedy.policy is not None
        assert not remedy.policy.dangerously_allow_null_origin
        assert not remedy.policy.dangerously_allow_insecure_origins
        if "*" not in policy.allow_origins:
            assert "*" not in remedy.policy.allow_origins


def test_a_readable_fetch_shows_why_each_check_passed():
    """With its link."""
    code, text = show(
        "explain.policies:several", "--origin", PAGE, "--method", "DELETE"
    )

    assert 0 == code
    assert "Access-Control-Allow-Methods names DELETE." in text
    assert "https://fetch.spec.whatwg.org/#http-access-control-allow-methods" in text
    assert "Readable: the page sees the status 200" in text


def test_one_browser_can_be_asked_for():
    """Only its console is shown."""
    words = ["explain.policies:plain", "--origin", PAGE, "--method", "PUT"]
    _, document = ask(*words, "--browser", "firefox")

    assert ["firefox"] == list(document["browsers"])
    assert document["browsers"]["firefox"]["console"][0].startswith("Cross-Origin")
