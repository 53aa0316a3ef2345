"""What a person may ask of the probe, and how each mistake is answered.

Here: `Options`, and the tries that follow from an origin. Not here: exit codes (`test_command.py`).
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

from __future__ import annotations

from typing import Any

import pytest
from corsac.probe import OptionError, Options
from corsac.probe._options import read_headers
from corsac.probe._tries import tries_of

URL = "https://api.example.com/items"

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"url": "api.example.com"}, "write it whole, like https://api.example.com"),
    ({"url": "/items"}, "write it whole, like https://api.example/items"),
    ({"url": ""}, "write it whole"),
    ({"url": "ftp://api.example.com/"}, "no URL of http or https"),
    ({"url": "wss://api.example.com/"}, "no URL of http or https"),
    ({"url": "https://"}, "no URL of http or https"),
    ({"url": "https://user:pa55@api.example.com/"}, "--authorization"),
    ({"origins": ("https://app.example/",)}, "without a slash at the end"),
    ({"origins": ("app.example",)}, "write scheme, host and port"),
    ({"origins": ("*",)}, "write scheme, host and port"),
    ({"origins": ("null",)}, "leave it out"),
    ({"method": "PUT IT"}, "write a name like GET or PUT"),
    ({"headers": (("X Id", "7"),)}, "no token"),
    ({"headers": (("X-Id", "7\r\nHost: b"),)}, "line breaks"),
    ({"headers": (("Cookie", "a=b"),)}, "--cookie"),
    ({"headers": (("Origin", "https://a.example"),)}, "leave it out"),
    ({"cookie": "a=b\r\nX: y"}, "one line of ASCII"),
    ({"authorization": ""}, "like 'Bearer abc'"),
    ({"allow_hosts": ("https://login.example/",)}, "write its name alone"),
    ({"allow_hosts": ("login.example:443",)}, "write its name alone"),
    ({"rate": 0}, "write requests a second above 0 and up to 100"),
    ({"rate": float("nan")}, "above 0"),
    ({"rate": 1000}, "up to 100"),
    ({"timeout": -1}, "write seconds above 0"),
    ({"timeout": float("inf")}, "up to 300"),
    ({"max_requests": 0}, "from 1 to 1000"),
]


@pytest.mark.parametrize(("options", "said"), WRONG, ids=[str(row[0]) for row in WRONG])
def test_a_mistake_is_one_sentence(options: dict[str, Any], said: str) -> None:
    """It says what to write instead, in one line, and keeps secrets out of it."""
    with pytest.raises(OptionError) as raised:
        Options(**{"url": URL, **options})

    assert said in str(raised.value)
    assert 1 == len(str(raised.value).splitlines())
    assert "pa55" not in str(raised.value)


def test_options_are_read_as_browsers_read_them() -> None:
    """The URL is parsed, its fragment cut; the method is normalised; a cookie means credentials."""
    options = Options(
        url="HTTPS://API.example.com:443/a b#c", method="put", cookie="a=b"
    )

    assert "https://api.example.com/a%20b" == options.url
    assert "PUT" == options.method
    assert options.credentials
    assert "a=b" not in repr(options)


def test_a_value_of_authorization_is_not_kept() -> None:
    """Only its name matters to a preflight."""
    options = Options(url=URL, headers=(("Authorization", "Bearer t0ken"),))

    assert "t0ken" not in repr(options)


def test_a_header_without_a_value_gets_one_that_needs_a_preflight() -> None:
    """So that naming Content-Type asks for what JSON needs."""
    expected = (("Content-Type", "application/json"), ("X-Id", "1"), ("X-Id", "7"))

    assert expected == read_headers(["Content-Type", "X-Id", "X-Id: 7"])


TRIES = [
    (
        "https://app.example.co.uk",
        {
            "origin-suffix": "https://app.example.co.uk.corsac-probe.example",
            "origin-prefix": "https://corsacexample.co.uk",
            "unescaped-dot": "https://appxexample.co.uk",
            "any-subdomain": "https://corsac-probe.example.co.uk",
            "insecure-origin": "http://app.example.co.uk",
            "other-port": "https://app.example.co.uk:8443",
            "origin-case": "HTTPS://APP.EXAMPLE.CO.UK",
        },
    ),
    (
        "https://me.github.io",
        {
            "origin-prefix": "https://corsacme.github.io",
            "any-subdomain": "https://corsac-probe.me.github.io",
        },
    ),
    (
        "http://localhost:3000",
        {
            "origin-suffix": "http://localhost.corsac-probe.example:3000",
            "other-port": "http://localhost:8443",
        },
    ),
    ("http://[::1]:3000", {"other-port": "http://[::1]:8443"}),
]


@pytest.mark.parametrize(("base", "expected"), TRIES, ids=[row[0] for row in TRIES])
def test_tries_come_near_the_allowed_origin(
    base: str, expected: dict[str, str]
) -> None:
    """By the name that somebody can own, which the list of public suffixes knows."""
    tries = {one.rule: one.origin for one in reversed(tries_of(base, URL, (base,)))}

    assert expected == {rule: tries[rule] for rule in expected}
    assert base not in tries.values()


def test_what_names_nobody_owns_is_not_tried() -> None:
    """localhost and addresses have no domain that can be registered."""
    for base in ("http://localhost:3000", "http://192.0.2.1", "http://[::1]"):
        rules = {one.rule for one in tries_of(base, URL, (base,))}
        assert not rules & {"origin-prefix", "any-subdomain", "unescaped-dot"}
