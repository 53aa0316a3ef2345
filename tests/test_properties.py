"""Compares corsac with its pure-Python twin on generated policies and requests.

Here: strategies that aim at near misses (origins made of the patterns' own
pieces, names in another case, doubled lines, hostile bytes), and one property
for each thing that both can be asked.
Not here: what is right; the vectors say that, of both.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re
import sys
from pathlib import Path

import pytest
from corsac import OriginMatcher, Policy
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parent.parent / "benches"))

from pure_python import PurePythonOriginMatcher, PurePythonPolicy

# Generated methods include `patch`, of which corsac warns.
pytestmark = pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")

thoroughly = settings(max_examples=300, deadline=None, database=None)

SCHEMES = ["https", "http", "wss", "app"]
DOMAINS = ["example.com", "a.example.com", "b.a.example.com", "xexample.com"]
DOMAINS += ["example.com.", "localhost", "my_app.example", "1.example", "com.example"]
ADDRESSES = ["192.0.2.7", "127.0.0.1", "[::1]", "[2001:db8::8:1]", "[::ffff:7f00:1]"]
LABELS = ["a", "b.a", "a-b", "_", "1", "x" * 63, "xn--bcher-kva", "0x1"]
# The last label looks like a number, or nearly: no pattern of a special scheme holds it.
NEAR_NUMBERS = ["a.0x1", "0x", "a.0xg", "a.09.", "1", "192.0.2.256", "127.0.0.1."]
PORTS = ["", ":1", ":8443", ":65535"]
NEAR_PORTS = [*PORTS, ":0", ":80", ":443", ":65536", ":08443", ":", ":*", ":+1"]
REGEXES = [
    re.compile(r"https://[a-z0-9-]+\.example\.com"),
    re.compile(r"https://.*\.example\.com(:\d+)?"),
    re.compile(r"^https?://localhost(:[0-9]{1,5})?$", re.ASCII),
    re.compile(r"HTTPS://(A|B)\.EXAMPLE\.COM", re.IGNORECASE),
    re.compile(r"https://a\.example\.com|app://localhost"),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "put", "DELETE", "options", "PATCH", "patch"]
METHODS += ["PROPFIND", "X-My_Method!", "*"]
HEADERS = ["X-A", "x-a", "X-B", "Content-Type", "Authorization", "authorization"]
HEADERS += ["Accept", "X-Long-" + "a" * 40, "*"]
EXPOSED = ["X-A", "x-a", "ETag", "Content-Type", "cache-control", "Authorization", "*"]
SPACES = ["", "", "", " ", "\t", "  \t "]
# Bytes that matter to some parser, and a few that matter to none.
HOSTILE = "\0\t\n\r !\"#%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~\x7f\x80\x85\xa0\xff"

# Every code point, lone surrogates too.
any_text = st.text(st.characters(exclude_categories=[]), max_size=12)

patterns = st.one_of(
    st.builds(
        "{}://{}{}{}".format,
        st.sampled_from(SCHEMES),
        st.sampled_from(["", "*."]),
        st.sampled_from(DOMAINS),
        st.sampled_from([*PORTS, ":*"]),
    ),
    st.builds(
        "{}://{}{}".format,
        st.sampled_from(SCHEMES),
        st.sampled_from(ADDRESSES),
        st.sampled_from([*PORTS, ":*"]),
    ),
    st.sampled_from(REGEXES),
)


def names_among(names):
    """A few of the names, with the wildcard among them half of the time."""
    few = st.lists(st.sampled_from(names), max_size=4)
    return st.builds(list.__add__, few, st.sampled_from([[], ["*"]]))


@st.composite
def policies(draw):
    """Keyword arguments that corsac accepts, with every kind of origin in them."""
    origins = draw(st.lists(patterns, min_size=1, max_size=4))
    is_static = draw(st.integers(0, 4)) == 0
    credentials = not is_static and draw(st.booleans())
    null = draw(st.booleans())
    if is_static:
        origins.insert(draw(st.integers(0, len(origins))), "*")
    if null and draw(st.booleans()):
        origins.append("null")
    exposed = [name for name in EXPOSED if name != "*" or not credentials]
    return {
        "allow_origins": origins,
        "allow_methods": draw(names_among(METHODS)),
        "allow_headers": draw(names_among(HEADERS)),
        "expose_headers": draw(st.lists(st.sampled_from(exposed), max_size=4)),
        "allow_credentials": credentials,
        "max_age": draw(st.sampled_from([None, 0, 600, 86400])),
        "preflight_status": draw(st.sampled_from([200, 204])),
        "dangerously_allow_null_origin": null,
        "dangerously_allow_insecure_origins": True,
        "dangerously_allow_public_suffix_origins": True,
    }


@st.composite
def mutated(draw, text):
    """The text with one character more, less or other, or in another case."""
    place = draw(st.integers(0, len(text)))
    byte = draw(st.sampled_from(HOSTILE))
    return draw(
        st.sampled_from(
            [
                text[:place] + byte + text[place:],
                text[:place] + byte + text[place + 1 :],
                text[:place] + text[place + 1 :],
                text[:place] + text[place : place + 1].upper() + text[place + 1 :],
                text[:place],
                text[place:],
                text + text,
                text + "," + text,
                text.upper(),
            ]
        )
    )


@st.composite
def origins_near(draw, listed):
    """An origin that one of the patterns matches, or only just does not."""
    pattern = draw(st.sampled_from([p for p in listed if isinstance(p, str)] or ["*"]))
    if pattern == "*" or draw(st.integers(0, 5)) == 5:
        host = draw(st.sampled_from(NEAR_NUMBERS + DOMAINS + ADDRESSES))
        pattern = f"{draw(st.sampled_from(SCHEMES))}://{host}"
    labels = [f"{label}." for label in LABELS] + ["", ".", "-."]
    origin = pattern.replace("*.", draw(st.sampled_from(labels)))
    if origin.endswith(":*"):
        origin = origin[:-2] + draw(st.sampled_from(NEAR_PORTS))
    kind = draw(st.integers(0, 15))
    if kind == 13:
        return origin + draw(st.sampled_from(NEAR_PORTS))
    if kind == 14:
        return draw(st.sampled_from(["null", "NULL", "", "*", "file://a", "a" * 400]))
    if kind == 15:
        return draw(any_text)
    return draw(mutated(origin)) if kind > 9 else origin


@st.composite
def texts(draw, text):
    """The text as str or as bytes, where bytes can hold it."""
    if draw(st.booleans()):
        return text
    if text.isascii() or max(text) > "\xff":
        return text.encode("utf-8", "surrogatepass")
    return text.encode("latin-1")


@st.composite
def field_lines(draw, names):
    """A line of Access-Control-Request-Headers: names, spaces, commas, and seldom more."""
    spaces = st.sampled_from(SPACES)
    listed = [name for name in names if name != "*"]
    names = st.sampled_from([*listed * 2, "x-a", "authorization", ""])
    elements = [
        draw(spaces) + draw(names) + draw(spaces)
        for _ in range(draw(st.integers(0, 4)))
    ]
    line = ",".join(elements)
    kind = draw(st.integers(0, 19))
    if kind == 18:
        times = draw(st.sampled_from([62, 63, 64, 65, 1023, 1024, 16380, 16384]))
        return line + draw(st.sampled_from([",", ",x-a", " "])) * times
    if kind == 19:
        return draw(st.sampled_from(["*", "x-unlisted", "authorization", line + ",*"]))
    return draw(mutated(line)) if kind > 15 else line


def one_mostly(strategy):
    """One value, but now and then none or two."""
    sizes = st.sampled_from([1] * 14 + [0, 2])
    return sizes.flatmap(lambda n: st.lists(strategy, min_size=n, max_size=n))


@st.composite
def requests(draw, policy):
    """A method and the header lines of a request that the policy allows, or nearly."""
    methods = st.sampled_from([*policy["allow_methods"] * 3, "GET", "POST", *METHODS])
    asked = st.one_of(methods, methods, methods, methods.flatmap(mutated))
    origins = origins_near(policy["allow_origins"])
    lines = [("Origin", value) for value in draw(one_mostly(origins))]
    for value in draw(one_mostly(asked)):
        lines.append(("Access-Control-Request-Method", value))
    for _ in range(draw(st.sampled_from([1, 1, 2, 3, 0]))):
        value = draw(field_lines(policy["allow_headers"]))
        lines.append(("Access-Control-Request-Headers", value))
    lines.append(("X-Origin", "https://example.com"))
    headers = []
    for name, value in draw(st.permutations(lines)):
        name = draw(st.sampled_from([name, name.lower(), name.upper()]))
        headers.append((draw(texts(name)), draw(texts(value))))
    return draw(st.sampled_from(["OPTIONS"] * 5 + ["GET", "options"])), headers


policies_and_requests = policies().flatmap(
    lambda policy: st.tuples(st.just(policy), requests(policy))
)


def answer(decision):
    """All that a decision says, comparable between corsac and the twin."""
    return decision.outcome, decision.refusal, decision.status, decision.headers


@thoroughly
@given(policies_and_requests)
def test_corsac_decides_as_the_twin_does(case):
    """Outcome, refusal, status and headers are the twin's, under every policy."""
    policy, (method, headers) = case

    expected = PurePythonPolicy(**policy).decide(method, headers)

    assert answer(expected) == answer(Policy(**policy).decide(method, headers))


@st.composite
def lines_near_the_limits(draw):
    """Lines whose names, empty elements or bytes reach a limit, pass it or just do not."""
    near = st.sampled_from([-1, 0, 0, 1])
    names = draw(st.sampled_from([1, 5, 1024 + draw(near)]))
    empty = draw(st.sampled_from([0, 5, 64 + draw(near)]))
    elements = draw(st.permutations(["x-a"] * min(names, 40) + [""] * empty))
    elements = ["X-A"] * (names - min(names, 40)) + elements
    middle = draw(st.integers(0, len(elements)))
    lines = [",".join(part) for part in (elements[:middle], elements[middle:]) if part]
    if draw(st.booleans()):
        missing = 16384 - sum(len(line) + 1 for line in lines) + draw(near)
        lines[-1] += draw(st.sampled_from(" \t")) * missing
    return lines


@thoroughly
@given(lines_near_the_limits(), st.sampled_from(["X-A", "*"]), st.booleans())
def test_corsac_keeps_to_the_limits_of_the_twin(lines, listed, credentials):
    """Requested headers at a limit pass and past it do not, as with the twin."""
    policy = {
        "allow_origins": ["https://example.com"],
        "allow_headers": [listed],
        "allow_credentials": credentials,
    }
    headers = [
        ("Origin", "https://example.com"),
        ("Access-Control-Request-Method", "GET"),
        *(("Access-Control-Request-Headers", line) for line in lines),
    ]

    expected = PurePythonPolicy(**policy).decide("OPTIONS", headers)

    assert answer(expected) == answer(Policy(**policy).decide("OPTIONS", headers))


@thoroughly
@given(policies_and_requests)
def test_corsac_decides_a_mapping_as_the_twin_does(case):
    """A mapping of str to str is decided as the lines that it holds."""
    policy, (method, headers) = case
    mapping = {
        name: value
        for name, value in headers
        if isinstance(name, str) and isinstance(value, str)
    }

    expected = PurePythonPolicy(**policy).decide(method, mapping)

    assert answer(expected) == answer(Policy(**policy).decide(method, mapping))


application_lines = st.lists(
    st.tuples(
        st.sampled_from(
            ["Vary", "vary", "VARY", "Content-Type", "Set-Cookie", "Allow", "Varying"]
            + ["Access-Control-Allow-Origin", "access-control-allow-credentials"]
            + ["ACCESS-CONTROL-EXPOSE-HEADERS", "Access-Control-Max-Age"]
            + ["Access-Control-Allow-Methods", "access-control-allow-headers"]
        ),
        st.lists(
            st.sampled_from(
                ["Origin", "origin", "Accept", " accept\t", "", "*", "Cookie", "a b"]
                + ["access-control-request-method", "X-\xe9", "X-\xc9", '"quoted"']
            ),
            max_size=3,
        ).map(",".join),
    ),
    max_size=5,
)


@thoroughly
@given(policies_and_requests, application_lines, st.booleans())
def test_corsac_merges_as_the_twin_does(case, lines, in_bytes):
    """The application's lines, str or bytes, become the twin's, and stay unchanged."""
    policy, (method, headers) = case
    if in_bytes:
        lines = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in lines]
    before = list(lines)

    expected = PurePythonPolicy(**policy).decide(method, headers).merge(lines)

    assert expected == Policy(**policy).decide(method, headers).merge(lines)
    assert before == lines


@st.composite
def matchers_and_origins(draw):
    """Patterns, sometimes with a wildcard for all, and origins near them."""
    listed = draw(st.lists(patterns, min_size=1, max_size=6))
    if draw(st.integers(0, 9)) == 0:
        listed.append("*")
    near = origins_near(listed).flatmap(texts)
    return listed, draw(st.lists(st.one_of(near, near, near, st.none()), max_size=8))


@thoroughly
@given(matchers_and_origins())
def test_corsac_matches_as_the_twin_does(case):
    """A matcher gives the twin's answer, alone, as `in`, and for many origins at once."""
    listed, origins = case
    matcher = OriginMatcher(listed)

    expected = PurePythonOriginMatcher(listed).match_many(origins)

    assert expected == [matcher.matches(origin) for origin in origins]
    assert expected == [origin in matcher for origin in origins]
    assert expected == matcher.match_many(origins)


@thoroughly
@given(st.lists(st.one_of(any_text, st.binary()), max_size=6))
def test_corsac_takes_any_text_as_the_twin_does(origins):
    """No text and no bytes, lone surrogates included, make a matcher raise or err."""
    for listed in (["*"], ["https://*.example.com:*", *REGEXES]):
        expected = PurePythonOriginMatcher(listed).match_many(origins)

        assert expected == OriginMatcher(listed).match_many(origins)
