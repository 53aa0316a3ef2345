"""HAR files as Chromium and Firefox save them: the fetches that failed, and why.

Here: a file with what a page did, read without a network. Not here: single fetches.
Spec: http://www.softwareishard.com/blog/har-12-spec/
"""

from __future__ import annotations

import json

import pytest
from corsac.explain.command import run
from explain.asking import ask, lines, show

PAGE = "https://app.example"
API = "https://api.example"
ALLOW = {"Access-Control-Allow-Origin": PAGE}


def entry(method, path, sent, status, answered, **more):
    """One entry, with headers as dicts."""

    def pairs(headers):
        return [{"name": name, "value": value} for name, value in headers.items()]

    return {
        "request": {"method": method, "url": API + path, "headers": pairs(sent)},
        "response": {"status": status, "statusText": "", "headers": pairs(answered)},
        **more,
    }


def page(method="GET", **more):
    """What a browser sends with a fetch across origins."""
    return {"Origin": PAGE, "Referer": f"{PAGE}/", "Sec-Fetch-Mode": "cors", **more}


def asks(method, *names):
    """What it sends with a preflight."""
    lines_ = {"Origin": PAGE, "Access-Control-Request-Method": method}
    if names:
        lines_["Access-Control-Request-Headers"] = ",".join(names)
    return lines_


ENTRIES = [
    # Readable.
    entry("GET", "/right", page(), 200, ALLOW),
    # Blocked by its preflight; Chromium writes the fetch itself with the status 0.
    entry("OPTIONS", "/refused", asks("PUT"), 403, {}, _resourceType="preflight"),
    entry(
        "PUT",
        "/refused",
        page(),
        0,
        {},
        _resourceType="fetch",
        _error="net::ERR_FAILED",
    ),
    # Blocked by the response; Firefox keeps what came.
    entry("GET", "/missing", page(), 200, {"Content-Type": "text/plain"}),
    # Chromium joins the lines of a header.
    entry(
        "GET",
        "/twice",
        page(),
        200,
        {"Access-Control-Allow-Origin": f"{PAGE}\n{PAGE}"},
        _resourceType="xhr",
    ),
    # With cookies.
    entry(
        "GET", "/cookie", page(Cookie="a=1"), 200, {"Access-Control-Allow-Origin": "*"}
    ),
    # Not there.
    entry("GET", "/gone", page(), 0, {}, _error="net::ERR_CONNECTION_REFUSED"),
    # No matter of CORS: the page's own, an image, a navigation.
    {
        **entry("GET", "/", {}, 200, {}),
        "request": {"method": "GET", "url": f"{PAGE}/own", "headers": []},
    },
    entry(
        "GET",
        "/logo.png",
        {"Referer": f"{PAGE}/", "Sec-Fetch-Mode": "no-cors"},
        200,
        {},
    ),
    entry("GET", "/", {"Sec-Fetch-Mode": "navigate"}, 200, {}),
]
FAILING = {
    "/refused": [
        "preflight status 204",
        f"preflight Access-Control-Allow-Origin: {PAGE}",
        "preflight Access-Control-Allow-Methods: PUT",
    ],
    "/missing": [f"response Access-Control-Allow-Origin: {PAGE}"],
    "/twice": [f"response Access-Control-Allow-Origin: {PAGE}"],
    "/cookie": [
        f"response Access-Control-Allow-Origin: {PAGE}",
        "response Access-Control-Allow-Credentials: true",
    ],
    "/gone": [],
}


@pytest.fixture
def file(tmp_path):
    """The path of a HAR file."""
    path = tmp_path / "saved.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": ENTRIES}}))
    return str(path)


def test_all_failing_fetches_are_found_and_explained(file):
    """In the file's order, each with its lines to change; nothing else is."""
    code, document = ask("--har", file)
    found = {one["fetch"]["url"].removeprefix(API): one for one in document["fetches"]}

    assert 1 == code
    assert list(FAILING) == list(found)
    for path, changes in FAILING.items():
        assert changes == lines(found[path])[: len(changes)], path


def test_the_browser_that_blocked_it_kept_no_answer(file):
    """The preflight in the file says why."""
    _, document = ask("--har", file)
    refused = document["fetches"][0]

    assert "preflight-allow-origin-missing" == refused["standard"]["failure"]
    assert 403 == refused["standard"]["exchanges"][0]["response"]["status"]


def test_lines_that_chromium_has_joined_are_several_again(file):
    """A header that came twice is not one with a line end in it."""
    _, document = ask("--har", file)
    twice = document["fetches"][2]

    assert "allow-origin-multiple" == twice["standard"]["failure"]
    assert [f"Access-Control-Allow-Origin: {PAGE}"] * 2 == (
        twice["remedy"]["changes"][0]["before"]
    )


def test_the_text_counts_first(file):
    """Then each fetch, as any other."""
    code, text = show("--har", file)

    assert 1 == code
    assert "6 fetches across origins, 5 of them not readable." in text
    assert "XMLHttpRequest" in text and "net::ERR_CONNECTION_REFUSED" in text


def test_a_policy_can_be_put_in_front(file):
    """What it would say to the same fetches."""
    _, document = ask("--har", file, "explain.policies:trusted")
    paths = [one["fetch"]["url"].removeprefix(API) for one in document["fetches"]]

    assert ["/refused"] == paths


def test_a_file_without_failures_exits_with_0(tmp_path):
    """Nothing to change."""
    path = tmp_path / "fine.har"
    path.write_text(json.dumps({"log": {"entries": ENTRIES[:1]}}))

    assert (0, {"fetches": []}) == ask("--har", str(path))


WRONG = [
    ("no JSON", "<html>", "is no JSON"),
    ("other JSON", '{"a": 1}', "is JSON and no HAR file"),
    ("a list", "[1]", "is JSON and no HAR file"),
    ("entries of another kind", '{"log": {"entries": [1]}}', "is JSON and no HAR file"),
    ("nested without end", "[" * 100_000, "is no JSON"),
]


@pytest.mark.parametrize(
    ("text", "sentence"), [pytest.param(*row[1:], id=row[0]) for row in WRONG]
)
def test_another_file_is_one_sentence(tmp_path, capsys, text, sentence):
    """And the exit code for wrong use."""
    path = tmp_path / "wrong.har"
    path.write_text(text)
    code = run(["--har", str(path)])
    said = capsys.readouterr()

    assert (2, "") == (code, said.out)
    assert sentence in said.err and 1 == said.err.count("\n")


def test_a_missing_file_is_one_sentence(capsys):
    """It names the file."""
    assert 2 == run(["--har", "nowhere.har"])
    assert "nowhere.har cannot be read: no such file" in capsys.readouterr().err


ODD = [
    {"request": {"method": "GET", "url": "data:,x"}, "response": {}},
    {"request": {"method": "GET", "url": f"{API}/"}, "response": {"status": 200}},
    entry("GET", "/", {"Origin": "nonsense"}, 200, {}),
    entry("GET", "/", page(**{"X-Odd": "a\u20acb"}), 200, {}),
    entry("FOO BAR", "/", page(), 200, {}),
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_entries_are_passed_over(tmp_path, odd):
    """One that cannot be a fetch does not hide the others."""
    path = tmp_path / "odd.har"
    path.write_text(json.dumps({"log": {"entries": [odd, ENTRIES[3]]}}))
    _, document = ask("--har", str(path))

    assert f"{API}/missing" == document["fetches"][-1]["fetch"]["url"]
