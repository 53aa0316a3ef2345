"""What people edit on the demo's page: states, problems at their fields, predictions, and their bounds.

Here: the page's server as the page asks it, over real sockets.
Not here: the examples (`test_demo.py`), the page in a browser (`browser/test_demo_page.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from corsac.browser import Request
from corsac.demo.server import Demo
from corsac.demo.setups import MAX_SETUPS, Setups
from corsac.demo.state import (
    CHOICES,
    MAX_LINES,
    MAX_TEXT,
    State,
    StateError,
    read_state,
)
from corsac.demo.wire import Wire
from demo_page import ask, predict


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A started demo on free ports."""
    with Demo(port=0) as started:
        yield started


# Predictions


def test_a_prediction_tells_what_each_browser_will_do_and_print(demo: Demo) -> None:
    """Its steps, its requests with the policy's part, its console's words, and what the script catches."""
    said = predict(demo, allow_origins=["https://other.example"], path="foxes")
    (chromium,) = said["verdicts"]["chromium"]
    (exchange,) = chromium["exchanges"]

    assert ["standard", "chromium", "firefox", "webkit"] == list(said["verdicts"])
    assert (False, "allow-origin-missing") == (
        chromium["readable"],
        chromium["failure"],
    )
    assert [True, True, False] == [step["passed"] for step in chromium["steps"]]
    assert ("GET", "200 OK", "actual_refused", "origin") == (
        exchange["method"],
        exchange["status"],
        exchange["outcome"],
        exchange["refusal"],
    )
    assert f"'{said['url']}'" in chromium["console"][0]
    assert "TypeError: Failed to fetch" == chromium["script_error"]
    assert (
        "Cross-Origin Request Blocked" in said["verdicts"]["firefox"][0]["console"][0]
    )
    assert [] == said["verdicts"]["standard"][0]["console"]


def test_a_prediction_names_the_line_to_change(demo: Demo) -> None:
    """A change says where, what stands there, what should, and why; what is only worth knowing is a remark."""
    changes = predict(demo, method="DELETE", path="foxes")["changes"]
    fixed = predict(
        demo, server="fixed", lines=["Access-Control-Allow-Origin: http://a"]
    )
    echoed = predict(
        demo, server="fixed", lines=["Access-Control-Allow-Origin: {origin}"]
    )

    assert [("policy", 'allow_methods=["DELETE"]')] == [
        (change["where"], change["line"]) for change in changes
    ]
    assert ["response"] == [change["where"] for change in fixed["changes"]]
    assert [] == echoed["changes"]
    assert "no Vary: Origin" in echoed["remarks"][0]


def test_the_policy_comes_back_as_python_and_as_toml(demo: Demo) -> None:
    """For a policy; fixed lines have no such text."""
    said = predict(demo, allow_origins=["https://a.example", r"/https://[a-z]+\.b/i"])
    fixed = predict(demo, server="fixed")

    assert 're.compile(r"https://[a-z]+\\.b", re.IGNORECASE)' in said["python"]
    assert "ignore_case = true" in said["toml"]
    assert "python" not in fixed


def test_what_corsac_warns_of_is_told(demo: Demo) -> None:
    """A policy that is legal and hardly meant, with its warning."""
    (warning,) = predict(demo, allow_methods=["patch"])["warnings"]

    assert "PATCH" in warning


@pytest.mark.parametrize(
    ("state", "origin"),
    [
        ({"sender": "page"}, "http://127.0.0.1:{page}"),
        ({"sender": "stranger"}, "http://localhost:{page}"),
        ({"sender": "null"}, "null"),
        ({"sender": "own", "method": "POST"}, "http://127.0.0.1:{api}"),
    ],
)
def test_each_sender_has_its_origin(
    demo: Demo, state: dict[str, Any], origin: str
) -> None:
    """The page, the same server under its other name, a sandboxed frame, and the API's own page."""
    said = predict(demo, **state)
    (exchange,) = said["verdicts"]["standard"][0]["exchanges"]
    expected = origin.format(page=demo.port, api=demo.api_port)

    assert ["Origin", expected] in exchange["request"]


def test_what_leads_elsewhere_is_asked_of_nobody(demo: Demo) -> None:
    """A redirect to a server that is not the demo's ends the prediction: no request leaves this process."""
    lines = ["Access-Control-Allow-Origin: *", "Location: http://192.0.2.1/"]
    said = predict(demo, server="fixed", status="302", lines=lines)
    (verdict,) = said["verdicts"]["standard"]

    assert "no-response" == verdict["failure"]
    assert [302, None] == [
        exchange["status"] and int(exchange["status"][:3])
        for exchange in verdict["exchanges"]
    ]


def test_a_prediction_leaves_no_record(demo: Demo) -> None:
    """Only what reached the API over its socket is in the record of a run."""
    ask(demo, "/predictions", {"run": "abcdef", "state": {}})

    assert (200, []) == ask(demo, "/runs/abcdef")


# Problems


@pytest.mark.parametrize(
    ("state", "problems"),
    [
        pytest.param(
            {"allow_origins": ["https://a.example", "https://b.example/"]},
            [("allow_origins", 1, "invalid-origin-pattern")],
            id="a slash at the end of an origin",
        ),
        pytest.param(
            {"allow_origins": []},
            [("allow_origins", None, "prohibited-empty-origins")],
            id="no origin at all",
        ),
        pytest.param(
            {"allow_origins": ["*"], "allow_credentials": True, "max_age": "1d"},
            [
                ("allow_origins", 0, "prohibited-wildcard-with-credentials"),
                ("max_age", None, "invalid-max-age"),
            ],
            id="two fields at once",
        ),
        pytest.param(
            {"allow_origins": ["/https://(/"]},
            [("allow_origins", 0, "invalid-origin-regex")],
            id="a regex that does not compile",
        ),
        pytest.param(
            {"allow_origins": ["/" + "(" * 250 + ")" * 250 + "/"]},
            [("allow_origins", 0, None)],
            id="a regex nested deeply",
        ),
        pytest.param(
            {"allow_origins": ["/[[a]/"]},
            [("allow_origins", 0, None)],
            id="a regex of which Python warns",
        ),
        pytest.param(
            {"preflight_status": "200 OK"},
            [("preflight_status", None, "invalid-preflight-status")],
            id="a status with a phrase",
        ),
        pytest.param(
            {"max_age": "9" * MAX_TEXT},
            [("max_age", None, "invalid-max-age")],
            id="more digits than Python reads",
        ),
        pytest.param({"method": "GET IT"}, [("method", None, None)], id="no method"),
        pytest.param(
            {"headers": ["X-A: 1", "X B: 2", "X-C"]},
            [("headers", 1, None), ("headers", 2, None)],
            id="header lines",
        ),
        pytest.param(
            {"kind": "image", "mode": "same-origin"},
            [("mode", None, None)],
            id="a mode that no image has",
        ),
        pytest.param(
            {"kind": "xmlhttprequest", "credentials": "omit"},
            [("credentials", None, None)],
            id="credentials that no XMLHttpRequest has",
        ),
        pytest.param(
            {
                "server": "fixed",
                "status": "42",
                "options_status": "abc",
                "lines": ["Vary", "X-A: \u20ac", "X-B: a\tb"],
            },
            [
                ("options_status", None, None),
                ("status", None, None),
                ("lines", 0, None),
                ("lines", 1, None),
                ("lines", 2, None),
            ],
            id="fixed answers",
        ),
    ],
)
def test_each_problem_is_told_at_its_field(
    demo: Demo, state: dict[str, Any], problems: list[tuple[str, int | None, str]]
) -> None:
    """With its place in a list, corsac's code where it is a policy's, and a sentence; nothing is predicted."""
    said = predict(demo, **state)
    found = [
        (problem["field"], problem["index"], problem["code"])
        for problem in said["problems"]
    ]

    assert [problem[:2] for problem in problems] == [problem[:2] for problem in found]
    assert all(
        code in (None, found[place][2]) for place, (*_, code) in enumerate(problems)
    )
    assert all(problem["message"] for problem in said["problems"])
    assert "verdicts" not in said


@pytest.mark.parametrize(
    "name",
    [
        "Set-Cookie",
        "Clear-Site-Data",
        "WWW-Authenticate",
        "Strict-Transport-Security",
        "Refresh",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
    ],
)
def test_a_link_cannot_make_the_api_send_what_outlives_the_answer(
    demo: Demo, name: str
) -> None:
    """Anybody can make a link; no cookie, no password prompt and no broken framing comes of one."""
    said = predict(demo, server="fixed", lines=["Vary: Origin", f"{name}: x"])

    assert [("lines", 1)] == [(p["field"], p["index"]) for p in said["problems"]]


# Who may ask, and how much


@pytest.mark.parametrize(
    ("headers", "question", "status"),
    [
        ({"Origin": "https://attacker.example"}, {"run": "1", "state": {}}, 403),
        ({"Origin": "null"}, {"run": "1", "state": {}}, 403),
        ({"Host": "attacker.example"}, {"run": "1", "state": {}}, 403),
        ({"Content-Type": "text/plain"}, {"run": "1", "state": {}}, 415),
        ({}, b"{", 400),
        ({}, b"\xff", 400),
        ({}, b"[" * 5000, 400),
        ({}, {"run": "../x", "state": {}}, 400),
        ({}, {"run": "1"}, 400),
        ({}, {"run": "1", "state": []}, 400),
        ({}, {"run": "1", "state": {"colour": "red"}}, 400),
        ({}, {"run": "1", "state": {"kind": "telepathy"}}, 400),
        ({}, {"run": "1", "state": {"twice": "yes"}}, 400),
        ({}, {"run": "1", "state": {"headers": "X-A: 1"}}, 400),
        ({}, {"run": "1", "state": {"method": "A" * (MAX_TEXT + 1)}}, 400),
        ({}, {"run": "1", "state": {"headers": ["X: 1"] * (MAX_LINES + 1)}}, 400),
        ({"Content-Length": "99999999"}, b"{}", 400),
        ({"Content-Length": "-1"}, b"{}", 400),
        ({"Content-Length": "x"}, b"{}", 400),
    ],
    ids=str,
)
def test_nobody_but_the_page_asks_and_nothing_but_a_state(
    demo: Demo, headers: dict[str, str], question: object, status: int
) -> None:
    """Every other question is answered by one sentence, and makes no setup."""
    got, said = ask(demo, "/predictions", question, **headers)
    (problem,) = said["problems"]

    assert status == got
    assert "" == problem["field"]
    assert problem["message"]


def test_the_data_of_the_page_reads_back_as_states(demo: Demo) -> None:
    """Its defaults and all examples are states, with the origins of this demo in place of their stand-ins."""
    data = ask(demo, "/demo.json")[1]
    states = [data["defaults"], *(example["state"] for example in data["examples"])]

    for state in states:
        assert state == json.loads(json.dumps(read_state(state).__dict__))
        assert "{page}" not in json.dumps(state)


def test_every_choice_of_a_field_is_a_state() -> None:
    """What the selects offer is what the server takes."""
    for field, choices in CHOICES.items():
        for choice in choices:
            assert choice == getattr(read_state({field: choice}), field)
        with pytest.raises(StateError, match=field):
            read_state({field: "else"})


# The store


def test_the_setups_are_bounded_and_known_by_what_they_say() -> None:
    """The same state has the same id, another has another; the oldest go first."""
    setups = Setups()
    first, problems = setups.keep(State(allow_origins=("https://a.example",)))
    assert first
    assert [] == problems
    again, _ = setups.keep(State(allow_origins=("https://a.example",), method="PUT"))
    assert again
    assert first.id == again.id

    long = "/https://(?:" + "|".join(f"name{n}" for n in range(40)) + r")\.{}/"
    ids = set()
    for number in range(MAX_SETUPS):
        setup, _ = setups.keep(State(allow_origins=(long.format(f"n{number}"),)))
        assert setup
        ids.add(setup.id)

    assert MAX_SETUPS == len(ids) == len(setups)
    assert setups.of(first.id) is None


def test_a_forgotten_setup_is_a_plain_404(demo: Demo) -> None:
    """The API answers under the ids that it has, and nothing of an answer lets a page of another origin in."""
    wire = Wire(demo.address, demo.api_port)
    answer = wire(Request("GET", f"{demo.origins.api[0]}/0123456789ab/greeting"))

    assert 404 == answer.status
    assert [] == [name for name, _ in answer.headers if name.startswith("Access")]


def test_fixed_lines_go_out_as_they_stand(demo: Demo) -> None:
    """In order, with repeats, over the API's own of the same name, and with the request's Origin where it is asked for."""
    lines = [
        "X-A: 1",
        "X-A: 2",
        "Access-Control-Allow-Origin: {origin}",
        "Cache-Control: max-age=60",
    ]
    said = predict(demo, server="fixed", status="404", lines=lines)
    wire = Wire(demo.address, demo.api_port)
    answer = wire(Request("GET", said["url"], (("Origin", "https://a.example"),)))
    sent = [line for line in answer.headers if line[0] not in ("Date", "Server")]

    assert (404, "Not Found") == (answer.status, answer.reason)
    assert [
        ("Content-Type", "application/json"),
        ("Content-Length", "44"),
        ("X-A", "1"),
        ("X-A", "2"),
        ("Access-Control-Allow-Origin", "https://a.example"),
        ("Cache-Control", "max-age=60"),
    ] == sent
    foreseen = said["verdicts"]["standard"][0]["exchanges"][0]["response"]
    assert [name for name, _ in answer.headers] == [name for name, _ in foreseen]


@pytest.mark.parametrize("status", ["204", "304"])
def test_a_status_without_a_body_has_none(demo: Demo, status: str) -> None:
    """Nor the length of one, whatever the API would have sent; and the prediction says the same."""
    said = predict(demo, server="fixed", status=status)
    (exchange,) = said["verdicts"]["standard"][0]["exchanges"]
    wire = Wire(demo.address, demo.api_port)
    answer = wire(Request("GET", said["url"]))

    assert int(status) == answer.status
    assert b"" == wire.bodies[0]
    assert "0" == dict(answer.headers)["Content-Length"]
    assert [name for name, _ in answer.headers] == [
        name for name, _ in exchange["response"]
    ]
