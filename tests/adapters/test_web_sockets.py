"""Handshakes of WebSockets in every framework, from one table: who connects, and who does not.

Here: rows of a host, whose policy it is, and of origins, over sockets with a real client.
Not here: the applications and servers (`guarded_sites.py`), what HTTP is answered.
Spec: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import trustme
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from guarded_sites import ENCRYPTED, KINDS, PATH, RAN, SOCKET_IO, WORD, Kind
from own_servers import Site, serving
from servers import DEADLINE, HOST
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

PAGE = "https://example.com"
ENFORCED = Policy(allow_origins=[PAGE], enforce=True)
POLICIES = PolicyMap(
    {
        "enforced.test": ENFORCED,
        f"paths.test{PATH}": ENFORCED,
        "paths.test/socket.io": ENFORCED,
        "paths.test": Policy(allow_origins=["*"]),
        "static.test": Policy(allow_origins=["*"], enforce=True),
        "null.test": ENFORCED.replace(dangerously_allow_null_origin=True),
        "proxied.test": ENFORCED.replace(own_origins=["https://public.example"]),
        "several.test": OriginPolicies(
            [ENFORCED, ENFORCED.replace(allow_origins=["https://partner.example"])]
        ),
        "held.test": PolicyHandle(ENFORCED.replace(name="held")),
        "open.test": Policy(allow_origins=[PAGE]),
        "no-cors.test": None,
    }
)


class Row(NamedTuple):
    """A handshake; `{port}` in an origin is the server's."""

    name: str
    host: str
    origins: list[str]
    connects: bool


ROWS = [
    Row("an allowed origin", "enforced.test", [PAGE], True),
    Row("another origin", "enforced.test", ["https://mallory.test"], False),
    Row("a lookalike", "enforced.test", ["https://example.com.mallory.test"], False),
    Row("another scheme", "enforced.test", ["http://example.com"], False),
    Row("another spelling", "enforced.test", ["https://EXAMPLE.com"], False),
    Row("no origin", "enforced.test", [], True),
    Row("an empty origin", "enforced.test", [""], False),
    Row("the server's own origin", "enforced.test", ["http://enforced.test:{port}"], True),
    Row("its host, encrypted", "enforced.test", ["https://enforced.test:{port}"], False),
    Row("its host, another port", "enforced.test", ["http://enforced.test:1"], False),
    Row("its host, as WebSockets say", "enforced.test", ["ws://enforced.test:{port}"], False),
    Row("null", "enforced.test", ["null"], False),
    Row("two lines, both allowed", "enforced.test", [PAGE, PAGE], False),
    Row("two lines, one allowed", "enforced.test", [PAGE, "https://mallory.test"], False),
    Row("two in one line", "enforced.test", [f"{PAGE}, {PAGE}"], False),
    Row("* for anybody", "static.test", ["https://mallory.test"], True),
    Row("* for null", "static.test", ["null"], True),
    Row("* for what is none", "static.test", ["nonsense"], False),
    Row("* for two lines", "static.test", [PAGE, PAGE], False),
    Row("null where it may", "null.test", ["null"], True),
    Row("the named own origin", "proxied.test", ["https://public.example"], True),
    Row("the host behind a proxy", "proxied.test", ["http://proxied.test:{port}"], False),
    Row("an allowed one behind it", "proxied.test", [PAGE], True),
    Row("the first of several policies", "several.test", [PAGE], True),
    Row("the second of them", "several.test", ["https://partner.example"], True),
    Row("none of them", "several.test", ["https://mallory.test"], False),
    Row("a path of a host, allowed", "paths.test", [PAGE], True),
    Row("a path of a host, refused", "paths.test", ["https://mallory.test"], False),
    Row("a handle, allowed", "held.test", [PAGE], True),
    Row("a handle, refused", "held.test", ["https://mallory.test"], False),
]  # fmt: skip

#: What passes where nothing enforces, and where the library's own check must be replaced does not.
OPEN = [
    Row("refused, not enforced", "open.test", ["https://mallory.test"], False),
    Row("allowed, not enforced", "open.test", [PAGE], True),
    Row("own, not enforced", "open.test", ["http://open.test:{port}"], True),
    Row("no policy", "no-cors.test", ["https://mallory.test"], False),
    Row("own, no policy", "no-cors.test", ["http://no-cors.test:{port}"], True),
    Row("no origin, no policy", "no-cors.test", [], True),
]


def shake_hands(
    site: Site,
    path: str,
    host: str,
    origins: list[str],
    tls: ssl.SSLContext | None = None,
) -> int:
    """The status: 101 where the application said its word."""
    with socket.create_connection((HOST, site.port), DEADLINE) as connected:
        try:
            client = connect(
                f"{'wss' if tls else 'ws'}://{host}:{site.port}{path}",
                sock=connected,
                ssl=tls,
                additional_headers=[("Origin", origin) for origin in origins],
                proxy=None,
                open_timeout=DEADLINE,
                # Werkzeug leaves a connection open; nothing comes any more.
                close_timeout=0.1,
            )
        except InvalidStatus as refused:
            return refused.response.status_code
        with client:
            said = client.recv(DEADLINE)
            if path == SOCKET_IO:
                # The first packet of Engine.IO opens it; this one asks the application.
                assert str(said).startswith("0{")
                client.send("40")
                assert str(client.recv(DEADLINE)).startswith("40")
            else:
                assert WORD == said
        return 101


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture(scope="module")
def site(kind: Kind) -> Iterator[Site]:
    with serving(kind.serve(kind.make(POLICIES))) as site:
        yield site


def assert_row(kind: Kind, site: Site, row: Row, connects: bool) -> None:
    RAN.clear()
    origins = [origin.format(port=site.port) for origin in row.origins]

    status = shake_hands(site, kind.path, row.host, origins)

    if connects:
        assert 101 == status
    else:
        # Some servers refuse two lines as no HTTP, before anybody else does.
        assert status in ((403,) if len(origins) < 2 else (400, 403))
    assert [kind.path.partition("?")[0]] * connects == RAN


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_handshake_is_checked_by_its_policy(kind: Kind, site: Site, row: Row) -> None:
    """Whoever is refused gets 403, and the application never runs."""
    assert_row(kind, site, row, row.connects)


@pytest.mark.parametrize("row", OPEN, ids=[row.name for row in OPEN])
def test_only_who_replaces_a_check_refuses_by_itself(
    request: pytest.FixtureRequest, kind: Kind, site: Site, row: Row
) -> None:
    """Without `enforce` a handshake is the framework's matter; Tornado's own check is one of those."""
    has_check = kind.is_strict or "Tornado" in request.node.name

    assert_row(kind, site, row, row.connects or not has_check)


@pytest.mark.parametrize("name", ENCRYPTED)
def test_an_own_origin_has_the_scheme_of_the_connection(name: str) -> None:
    """A page that came encrypted, to a WebSocket that is; anybody on the way could write another."""
    kind, host = KINDS[name], "enforced.test"
    authority = trustme.CA()
    of_server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(host).configure_cert(of_server)
    of_client = ssl.create_default_context()
    authority.configure_trust(of_client)

    with serving(kind.serve(kind.make(POLICIES), of_server)) as site:
        statuses = [
            shake_hands(
                site, kind.path, host, [f"{scheme}://{host}:{site.port}"], of_client
            )
            for scheme in ("https", "http")
        ]

    assert [101, 403] == statuses
