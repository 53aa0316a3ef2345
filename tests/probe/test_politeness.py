"""What the probe sends: how much, how fast, to whom, and what it keeps to itself.

Here: requests as a server receives them. Not here: what is found (`test_findings.py`).
Spec: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
"""

from __future__ import annotations

import ssl
import time
from importlib.metadata import version

import pytest
import trustme
from corsac.probe import Options, probe
from corsac.probe._json import to_json
from corsac.probe._probe import planned
from corsac.probe._sarif import to_sarif
from test_failures import says, server_context
from wrong_policies import ALLOWED, policy, redirecting
from wrong_servers import Answer, Got, serve, serve_bytes

NOT_ALLOWED = "https://nobody.example".__eq__


def test_only_requests_that_change_nothing_are_sent() -> None:
    """A method that is named is asked for in preflights, and not sent."""
    got: list[Got] = []
    with serve(policy(lambda origin: True), got) as server:
        probe(Options(url=server, origins=(ALLOWED,), method="DELETE", rate=100))

    assert {"GET", "OPTIONS"} == {one.method for one in got}
    assert "DELETE" in {one.headers.get("access-control-request-method") for one in got}


@pytest.mark.parametrize("origins", [(), (ALLOWED,), (ALLOWED, "https://b.example")])
def test_the_number_of_requests_is_known_before(origins: tuple[str, ...]) -> None:
    """At most as many as were planned where nothing redirects, and never more than the bound."""
    got: list[Got] = []
    with serve(policy(origins.__contains__), got) as server:
        options = Options(url=f"{server}/items", origins=origins, rate=100)
        report = probe(options)

    assert len(got) == report.requests
    assert planned(options) - 3 <= len(got) <= planned(options) <= 25


def test_the_bound_holds() -> None:
    """The rest is left, and said to be."""
    got: list[Got] = []
    with serve(policy(NOT_ALLOWED), got) as server:
        report = probe(Options(url=server, max_requests=4, rate=100))

    assert 4 == len(got)
    assert report.stopped is not None
    assert "--max-requests" in report.stopped


def test_the_rate_holds() -> None:
    """Six requests at ten a second take half a second, less what the first was late."""
    times: list[float] = []

    def answer(got: Got) -> Answer:
        times.append(time.monotonic())
        return 200, []

    with serve(answer) as server:
        probe(Options(url=server, max_requests=6, rate=10))

    assert times[-1] - times[0] >= 0.3


def test_it_says_who_asks() -> None:
    """A User-Agent that names corsac and its version, with every request."""
    got: list[Got] = []
    with serve(policy(NOT_ALLOWED), got) as server:
        probe(Options(url=server, rate=100))

    (agent,) = {one.headers["user-agent"] for one in got}
    assert agent.startswith(f"corsac-probe/{version('corsac')} ")


def test_secrets_go_to_the_named_host_with_actual_requests_only() -> None:
    """As a browser has it: no preflight carries cookies or Authorization."""
    got: list[Got] = []
    with serve(policy(ALLOWED.__eq__), got) as server:
        probe(
            Options(
                url=server,
                origins=(ALLOWED,),
                cookie="session=t0ken",
                authorization="Bearer t0ken",
                rate=100,
            )
        )
    actual = [one for one in got if not one.is_preflight]
    preflights = [one for one in got if one.is_preflight]

    assert {"session=t0ken"} == {one.headers.get("cookie") for one in actual}
    assert {"Bearer t0ken"} == {one.headers.get("authorization") for one in actual}
    assert not any({"cookie", "authorization"} & set(one.headers) for one in preflights)
    assert "authorization" in preflights[0].headers["access-control-request-headers"]


def test_secrets_stand_in_no_report() -> None:
    """Reports are kept, and uploaded; they say only that there was a secret."""
    with serve(policy(lambda origin: True, vary=False)) as server:
        report = probe(
            Options(
                url=server,
                cookie="session=t0ken",
                authorization="Bearer t0ken",
                headers=(("Authorization", "Bearer t0ken"),),
                rate=100,
            )
        )

    for text in (to_json(report), to_sarif(report), repr(report)):
        assert "t0ken" not in text
    assert "Cookie: (as given)" in to_json(report)


def test_another_host_is_asked_only_where_it_was_named() -> None:
    """And gets none of the secrets then."""
    theirs: list[Got] = []
    with serve(policy(ALLOWED.__eq__), theirs) as other:
        other = other.replace("127.0.0.1", "localhost")
        ours = redirecting(f"{other}/items", ("Access-Control-Allow-Origin", ALLOWED))
        with serve(ours) as server:
            options = Options(
                url=f"{server}/items", origins=(ALLOWED,), cookie="session=t0ken"
            )
            probe(options)
            assert [] == theirs

            allowed = Options(
                url=f"{server}/items",
                origins=(ALLOWED,),
                cookie="session=t0ken",
                allow_hosts=("localhost",),
                rate=100,
            )
            report = probe(allowed)

    assert theirs
    assert not any("cookie" in one.headers for one in theirs)
    assert "redirect-elsewhere" not in {one.rule.id for one in report.findings}


def test_secrets_do_not_go_unencrypted() -> None:
    """A redirect from https to http of the same host."""
    theirs: list[Got] = []
    authority = trustme.CA()
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with serve(policy(ALLOWED.__eq__), theirs) as plain:
        down = says(
            b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n",
            f"Location: {plain}/\r\n\r\n".encode(),
        )
        with serve_bytes(down, server_context(authority, "127.0.0.1")) as address:
            options = Options(
                url=f"https://{address}/",
                origins=(ALLOWED,),
                cookie="session=t0ken",
                authorization="Bearer t0ken",
                rate=100,
            )
            probe(options, context=context)

    assert theirs
    assert not any({"cookie", "authorization"} & set(one.headers) for one in theirs)
