"""Which route of a map a request takes, and the manners of a map as a value.

Here: hosts and paths, in every spelling that a request can have. What is no route is in
`vectors/problems.json`, what a route's answer is in `vectors/choices.json`.
Spec: https://www.rfc-editor.org/rfc/rfc3986#section-3
"""

import copy
import pickle

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap, Request

FIRST = Policy(allow_origins=["https://first.example"])
SECOND = Policy(allow_origins=["https://second.example"])
THIRD = Policy(allow_origins=["https://third.example"])
FOURTH = Policy(allow_origins=["https://fourth.example"])
PATHS = {
    "/": FIRST,
    "/api": SECOND,
    "/api-v2": THIRD,
    "/api/internal": None,
    "/api/internal/open": THIRD,
    "/café": THIRD,
    "/.well-known": None,
}
HOSTS = {
    "/": FIRST,
    "/only/here": None,
    "api.test": SECOND,
    "api.test/v1": THIRD,
    "*.test/v1": FOURTH,
    "*.api.test": THIRD,
    "*.api.test/v2": SECOND,
    "port.test:8080": SECOND,
    "port.test": THIRD,
    "*.port.test:8080": SECOND,
    "*.x.port.test": THIRD,
    "[2001:db8::1]": SECOND,
    "192.0.2.1:80": THIRD,
    "k.test": SECOND,
}


def chosen(routes, path="/", host=None):
    lines = [] if host is None else [("Host", host)]
    request = Request("GET", lines, scheme="http", path=path, native=None)
    return PolicyMap(routes).choose(request)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", FIRST),
        ("", FIRST),
        ("*", FIRST),
        ("/ap", FIRST),
        ("/apis", FIRST),
        ("/api-v2/x", THIRD),
        ("/api-v3", FIRST),
        ("/API", FIRST),
        ("/x/api", FIRST),
        ("/api", SECOND),
        ("/api/", SECOND),
        ("/api/items/1", SECOND),
        ("/api/internal", None),
        ("/api/internal/", None),
        ("/api/internal/x/y", None),
        ("/api/internals", SECOND),
        ("/api/internal/open/x", THIRD),
        ("/café/x", THIRD),
        ("/cafe\u0301", FIRST),
        ("/caf%C3%A9", FIRST),
        ("//api//internal", None),
        ("/api//internal///open", THIRD),
        ("api/x", SECOND),
        ("api/internal/./", None),
        ("//", FIRST),
        ("/.well-known/x", None),
        ("/.well-known", None),
        ("/.api", FIRST),
        ("/...", FIRST),
        ("/api/..x/internal", SECOND),
        ("/api/./x", SECOND),
        ("/api/x/../y", SECOND),
        ("/api/x/..", SECOND),
        ("http://api.test/api", FIRST),
        ("/api;v=1", FIRST),
        ("/api\\internal", FIRST),
        ("/api\0", FIRST),
    ],
)
def test_a_path_takes_the_longest_route_of_whole_segments(path, expected):
    """Decoded, case-sensitively, without empty segments."""
    assert expected is chosen(PATHS, path)


@pytest.mark.parametrize(
    "path",
    [
        "/x/../api",
        "/api/../x",
        "/api/x/../internal",
        "/api/internal/../x",
        "/./api",
        "/api/./internal",
        "/api/internal/open/..",
        "//api/../internal/..",
        "/../api",
        "/api/internal//../x",
        "x/../api",
    ],
)
def test_a_path_that_dots_lead_elsewhere_is_refused_to_every_origin(path):
    """A framework may route the one and find a file by the other; no browser asks so."""
    policy = chosen(PATHS, path)

    for origin in ("first", "second", "third"):
        asked = {"Origin": f"https://{origin}.example"}
        assert 403 == policy.decide("GET", asked).status
        asked["Access-Control-Request-Method"] = "GET"
        assert 403 == policy.decide("OPTIONS", asked).status
    assert policy.decide("GET", {}).status is None


def test_dots_that_lead_to_an_equal_policy_lead_nowhere_else():
    """It is the policy that counts, and not where it stands."""
    routes = {"/a": FIRST, "/b": FIRST.replace()}

    assert FIRST == chosen(routes, "/a/../b")


def test_each_route_keeps_its_own_of_equal_choices():
    """What is equal need not do the same: a class of the application's own says what equal is."""

    class Odd(Policy):
        def __eq__(self, other):
            return True

    routes = {"/a": FIRST, "/b": FIRST.replace(), "/c": Odd(allow_origins=["*"])}
    assert Odd.__hash__ is None
    for path, choice in routes.items():
        assert choice is chosen(routes, path)


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        (None, "/", FIRST),
        ("", "/", FIRST),
        ("other.example", "/", FIRST),
        ("other.example", "/only/here", None),
        ("api.test", "/", SECOND),
        ("API.Test", "/", SECOND),
        ("api.test.", "/", SECOND),
        ("api.test:8080", "/x", SECOND),
        ("api.test.:8080", "/x", SECOND),
        ("api.test:", "/", SECOND),
        ("api.test", "/v1/x", THIRD),
        ("api.test", "/v11", SECOND),
        ("api.test", "/only/here", SECOND),
        ("www.test", "/v1", FOURTH),
        ("www.test", "/v2", FIRST),
        ("www.test", "/only/here", None),
        ("x.api.test", "/v2", SECOND),
        ("y.x.api.test:1", "/", THIRD),
        ("x.api.test", "/v1", THIRD),
        ("port.test:8080", "/", SECOND),
        ("port.test:8081", "/", THIRD),
        ("port.test", "/", THIRD),
        ("x.port.test:8080", "/", SECOND),
        ("x.port.test:8081", "/v1", FOURTH),
        ("y.x.port.test:8080", "/", THIRD),
        ("y.y.port.test:8080", "/", SECOND),
        ("test", "/v1", FIRST),
        (".api.test", "/v2", FIRST),
        ("[2001:db8::1]", "/", SECOND),
        ("[2001:DB8::1]:8080", "/", SECOND),
        ("[2001:db8::2]", "/", FIRST),
        ("192.0.2.1:80", "/", THIRD),
        ("192.0.2.1", "/", FIRST),
        ("api.test, api.test", "/", FIRST),
        ("api.test@mallory", "/", FIRST),
        ("mallory@api.test", "/", FIRST),
        ("api.test:80:80", "/", FIRST),
        ("port.test:8080.", "/", FIRST),
        ("port.test:8080:", "/", FIRST),
        ("[2001:db8::1]:80:", "/", FIRST),
        ("api.test/v1", "/", FIRST),
        ("\xff", "/", FIRST),
        ("\u212a.test", "/", FIRST),
    ],
)
def test_a_host_takes_the_most_exact_route(host, path, expected):
    """Itself, then the longest wildcard, then the routes of every host."""
    assert expected is chosen(HOSTS, path, host)


def test_a_map_of_hosts_alone_has_nothing_for_others():
    """Nor has it anything where there is no host."""
    routes = {"api.test": FIRST}

    assert chosen(routes, host="other.test") is None
    assert chosen(routes) is None
    assert FIRST is chosen(routes, "/x/y", "api.test")


def test_two_lines_of_a_host_are_no_host():
    """Which one counts would be a guess."""
    lines = [("Host", "api.test"), ("Host", "api.test")]
    request = Request("GET", lines, scheme="http", path="/", native=None)

    assert FIRST is PolicyMap(HOSTS).choose(request)


@pytest.mark.parametrize(
    "path",
    [
        "/" * 1_000_000,
        "/a" * 500_000,
        "/." * 500_000,
        "/.." * 500_000,
        "/api/" + "internal/" * 100_000,
        "/api" + "x" * 1_000_000,
        "\ud800" * 100_000,
    ],
    ids=lambda path: ascii(path[:12]),
)
def test_a_huge_path_ends_no_server(path):
    """As many segments of it are looked at as the longest route has; nothing is timed."""
    for routes in (PATHS, {"/" + "a/" * 200 + "a": FIRST, **HOSTS}):
        choice = chosen(routes, path, "h." * 500_000)
        assert choice is None or isinstance(choice, Policy)


def test_a_choice_may_be_anything_that_leads_to_a_policy():
    """It is handed on as it is, and asked later."""
    for choice in (
        PolicyMap({"/": FIRST}),
        OriginPolicies([FIRST, SECOND]),
        PolicyHandle(None),
    ):
        assert choice is chosen({"/": choice})


def test_a_map_is_a_value():
    """Equal by value whatever the order, hashable, picklable, copied, shown as the call that makes it."""
    policy_map = PolicyMap(PATHS)
    again = PolicyMap(dict(reversed(PATHS.items())))
    assert (policy_map, hash(policy_map)) == (again, hash(again))
    assert policy_map != PolicyMap({**PATHS, "/api": FIRST})
    assert policy_map != PATHS
    copies = pickle.loads(pickle.dumps(policy_map)), copy.deepcopy(policy_map)
    assert policy_map == copies[0] == copies[1] == copy.copy(policy_map)
    assert policy_map == eval(repr(policy_map))
    assert {policy_map: 1}[again]


def test_a_map_cannot_be_changed():
    """Nor can the mapping change it that it was made of."""
    routes = {"/": FIRST}
    policy_map = PolicyMap(routes)
    routes["/"] = SECOND
    with pytest.raises(TypeError):
        policy_map.routes["/"] = SECOND
    with pytest.raises(AttributeError, match="make another"):
        policy_map.routes = {}
    with pytest.raises(AttributeError, match="make another"):
        del policy_map.routes
    with pytest.raises(AttributeError, match="make another"):
        policy_map.__init__({"/": SECOND})
    request = Request("GET", [], scheme="", path="/", native=None)
    assert FIRST is policy_map.choose(request)


class Routes(PolicyMap):
    """A map with a name of its own."""

    __slots__ = ()


def test_a_subclass_stays_one():
    """Pickled and copied as what it is."""
    routes = Routes(PATHS)

    assert [Routes, Routes] == [
        type(pickle.loads(pickle.dumps(routes))),
        type(copy.deepcopy(routes)),
    ]
