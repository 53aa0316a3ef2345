"""The demo's examples over real sockets, its policies, its records.

Here: what the demo shows, without a browser.
Not here: what people edit on the page (`test_demo_playground.py`), the command and its ports
(`test_demo_command.py`), the page in a browser (`browser/test_demo_page.py`).
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from corsac import Policy
from corsac.browser import NoResponse, Request
from corsac.demo.check import rows_of
from corsac.demo.examples import EXAMPLES
from corsac.demo.policies import Origins, origins_of, policies_for, serialize
from corsac.demo.recorder import MAX_EXCHANGES, MAX_RUNS, Exchange, Records
from corsac.demo.server import Demo
from corsac.demo.state import State
from corsac.demo.wire import Wire
from demo_page import ask


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A started demo on free ports."""
    with Demo(port=0) as started:
        yield started


# The check


def test_every_example_comes_out_as_its_row_says(demo: Demo) -> None:
    """Over real sockets, policy, browser and prediction say of each example what the table says."""
    rows = rows_of(demo)

    assert ["page", *(example.name for example in EXAMPLES)] == [
        row.name for row in rows
    ]
    assert {} == {row.name: row.differences for row in rows if not row.right}


PRIVATE = {example.name for example in EXAMPLES if example.policy == "private"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        pytest.param(
            {"allow_origins": ["http://localhost:*"]},
            PRIVATE - {"null-refused", "no-cors", "canvas"},
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
            {"max_age": 0}, {"preflight-cache"}, id="nothing may be kept in the cache"
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


def test_every_example_has_its_own_name_and_turns_on_fields_that_exist() -> None:
    """No two examples share a name, and each points at fields of the form that its state fills."""
    policies = policies_for(origins_of(("127.0.0.1",), 8000, 8001))

    assert len(EXAMPLES) == len({example.name for example in EXAMPLES})
    for example in EXAMPLES:
        state = example.state(policies)
        assert {name for name in example.depends_on if hasattr(state, name)} == set(
            example.depends_on
        ), example.name


def test_no_two_examples_are_the_same_state() -> None:
    """The page knows an example by its state."""
    policies = policies_for(origins_of(("127.0.0.1",), 8000, 8001))
    states: list[State] = [example.state(policies) for example in EXAMPLES]

    assert len(states) == len(set(states))


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


# The wire


def test_a_dead_server_is_no_response() -> None:
    """Where nothing listens, the model is told that nothing came."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        wire = Wire("127.0.0.1", unused.getsockname()[1])
        with pytest.raises(NoResponse):
            wire(Request("GET", "http://127.0.0.1/greeting"))


# The recorder


def test_the_records_are_bounded() -> None:
    """However many runs and requests come, the store keeps the latest runs and the first requests of each."""
    records = Records()
    exchange = Exchange("GET", "http://127.0.0.1/", False, (), "200 OK", ())

    for number in range(MAX_RUNS + 10):
        for _ in range(MAX_EXCHANGES + 3):
            records.add(f"{number:x}", exchange)

    assert MAX_RUNS == len(records)
    assert [] == records.of("0")
    assert MAX_EXCHANGES == len(records.of(f"{MAX_RUNS + 9:x}"))


def test_a_record_keeps_the_preflight_and_the_request_after_it(demo: Demo) -> None:
    """Both bear the run id in the URL, and are kept with their header lines as they came."""
    state = {
        "method": "POST",
        "headers": ["X-PINGOTHER: p"],
        "allow_origins": [demo.origins.page[0]],
        "allow_headers": ["X-PINGOTHER"],
        "path": "foxes",
    }
    said = ask(demo, "/predictions", {"run": "c0ffee", "state": state})[1]
    wire = Wire(demo.address, demo.api_port)
    for exchange in said["verdicts"]["chromium"][0]["exchanges"]:
        headers = tuple(map(tuple, exchange["request"]))
        wire(Request(exchange["method"], exchange["url"], headers))
    preflight, actual = ask(demo, "/runs/c0ffee")[1]

    assert (True, "OPTIONS", "preflight_allowed") == (
        preflight["is_preflight"],
        preflight["method"],
        preflight["outcome"],
    )
    assert ["Access-Control-Request-Headers", "x-pingother"] in preflight["request"]
    assert (False, "POST", "actual_allowed") == (
        actual["is_preflight"],
        actual["method"],
        actual["outcome"],
    )
    assert ["X-PINGOTHER", "p"] in actual["request"]
    assert [line for line in actual["added"] if line not in actual["response"]] == []
