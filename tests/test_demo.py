"""The demo's examples over real sockets, its policies, its records.

Here: what the demo shows, without a browser.
Not here: the command and its ports (`test_demo_command.py`), the page in a browser (`browser/test_demo_page.py`).
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from corsac import Policy
from corsac.demo.check import rows_of
from corsac.demo.example import Example, Sent
from corsac.demo.examples import EXAMPLES
from corsac.demo.fetch import Browser, NetworkError, unsafe_header_names
from corsac.demo.policies import Origins, lines_of, origins_of, policies_for, serialize
from corsac.demo.recorder import MAX_EXCHANGES, MAX_RUNS, Exchange, Records
from corsac.demo.server import Demo

DEADLINE = 30  # seconds; nothing is timed by it, it only ends a test that hangs


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A started demo on free ports."""
    with Demo(port=0) as started:
        yield started


# The check


def test_every_example_comes_out_as_its_row_says(demo: Demo) -> None:
    """Over real sockets, policy and browser say of each example what the table says."""
    rows = rows_of(demo)

    assert ["page", *(example.name for example in EXAMPLES)] == [
        row.name for row in rows
    ]
    assert {} == {row.name: row.differences for row in rows if not row.right}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        pytest.param(
            {"allow_origins": ["http://localhost:*"]},
            {
                *(e.name for e in EXAMPLES if e.policy == "private" and e.readable),
                "refused-origin",
                "refused-method",
            },
            id="another origin is listed",
        ),
        pytest.param(
            {"allow_methods": ["PUT"]}, {"propfind"}, id="PROPFIND is not listed"
        ),
        pytest.param(
            {"allow_methods": ["PUT", "PROPFIND", "DELETE"]},
            {"refused-method"},
            id="DELETE is listed",
        ),
        pytest.param(
            {"allow_headers": ["Content-Type"]},
            {"preflighted-post", "propfind"},
            id="X-PINGOTHER and Depth are not listed",
        ),
        pytest.param(
            {"allow_credentials": False},
            {"credentials"},
            id="credentials are not allowed",
        ),
        pytest.param(
            {"expose_headers": ["X-Served-By"]},
            {"exposed-header"},
            id="the other header is exposed",
        ),
        pytest.param(
            {"dangerously_allow_null_origin": True},
            {"null-refused"},
            id="null is let in",
        ),
    ],
)
def test_a_wrong_policy_fails_the_check(
    changes: dict[str, Any], wrong: set[str]
) -> None:
    """Each line of the policy carries examples: changed, exactly those come out wrong."""

    def policies(origins: Origins) -> dict[str, Policy]:
        named = policies_for(origins)
        return {**named, "private": named["private"].replace(**changes)}

    with Demo(port=0, policies=policies) as demo:
        rows = rows_of(demo)

    assert wrong == {row.name for row in rows if not row.right}


# The table and the policies


def test_every_example_has_its_own_name_and_depends_on_lines_that_exist() -> None:
    """No two examples share a name, and each points at lines which its policy's repr shows."""
    policies = policies_for(origins_of(("127.0.0.1",), 8000, 8001))

    assert len(EXAMPLES) == len({example.name for example in EXAMPLES})
    for example in EXAMPLES:
        shown = {line.keyword for line in lines_of(policies[example.policy])}
        assert set() == set(example.depends_on) - shown, example.name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_script_sends_what_the_row_says(example: Example) -> None:
    """The script that browsers run and the requests that the check sends name the same methods and headers."""
    for sent in example.sent:
        if sent.method != "GET":
            assert f'method: "{sent.method}"' in example.script
        for name, value in sent.headers:
            assert name in example.script
            assert f'"{value}"' in example.script
        assert sent.credentials == ('credentials: "include"' in example.script)


@pytest.mark.parametrize(
    ("host", "port", "origin"),
    [
        ("127.0.0.1", 8000, "http://127.0.0.1:8000"),
        ("127.0.0.1", 80, "http://127.0.0.1"),
        ("::1", 8000, "http://[::1]:8000"),
    ],
)
def test_an_origin_is_spelt_as_a_browser_spells_it(
    host: str, port: int, origin: str
) -> None:
    """The default port is left out, and an IPv6 address stands in brackets."""
    assert origin == serialize("http", host, port)


def test_beyond_this_machine_the_policy_says_that_it_is_insecure() -> None:
    """Plain http with credentials from a network address needs the flag that says so, and loopback does not."""
    home = policies_for(origins_of(("127.0.0.1",), 8000, 8001))["private"]
    network = policies_for(origins_of(("127.0.0.1", "192.0.2.7"), 8000, 8001))

    assert "insecure" not in repr(home)
    assert "dangerously_allow_insecure_origins=True" in repr(network["private"])


# The browser's part


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ((), []),
        ((("Content-Type", "text/plain;charset=UTF-8"),), []),
        ((("Content-Type", "application/json"),), ["content-type"]),
        ((("X-B", "1"), ("X-A", "2")), ["x-a", "x-b"]),
    ],
)
def test_a_preflight_asks_for_the_names_that_are_not_safelisted(
    headers: tuple[tuple[str, str], ...], names: list[str]
) -> None:
    """Names are lower-cased and sorted; a safelisted Content-Type is not among them."""
    assert names == unsafe_header_names(Sent("POST", headers))


def test_a_dead_server_is_a_network_error() -> None:
    """Where nothing listens, the script's fetch fails like a refusal."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        browser = Browser("null", "127.0.0.1", unused.getsockname()[1], "127.0.0.1")
        with pytest.raises(NetworkError):
            browser.fetch("/", Sent())


# The recorder


def test_the_records_are_bounded() -> None:
    """However many runs and requests come, the store keeps the latest runs and the first requests of each."""
    records = Records()
    exchange = Exchange("GET", "/", (), "200 OK", (), "no_origin", None, ())

    for number in range(MAX_RUNS + 10):
        for _ in range(MAX_EXCHANGES + 3):
            records.add(f"{number:x}", exchange)

    assert MAX_RUNS == len(records)
    assert [] == records.of("0")
    assert MAX_EXCHANGES == len(records.of(f"{MAX_RUNS + 9:x}"))


def test_a_record_keeps_the_preflight_and_the_request_after_it(demo: Demo) -> None:
    """Both bear the run id in the URL, and are kept with their header lines as they came."""
    browser = Browser(
        demo.origins.page[0], demo.address, demo.api_port, "127.0.0.1:8001"
    )
    browser.fetch(
        "/private/foxes?run=c0ffee", Sent("POST", (("X-PINGOTHER", "p"),), b"<a/>")
    )
    connection = HTTPConnection(demo.address, demo.port, timeout=DEADLINE)
    connection.request(
        "GET", "/runs/c0ffee", headers={"Host": f"127.0.0.1:{demo.port}"}
    )
    preflight, actual = json.loads(connection.getresponse().read())
    connection.close()

    assert ("OPTIONS", "preflight_allowed") == (
        preflight["method"],
        preflight["outcome"],
    )
    assert ["Access-Control-Request-Headers", "x-pingother"] in preflight["request"]
    assert ("POST", "actual_allowed") == (actual["method"], actual["outcome"])
    assert ["X-PINGOTHER", "p"] in actual["request"]
    assert [line for line in actual["added"] if line not in actual["response"]] == []
