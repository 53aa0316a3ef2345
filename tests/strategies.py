"""Generated policies, requests and header lines.

Here: strategies that aim at near misses (origins made of the patterns' own
pieces, names in another case, doubled lines, hostile bytes).
Not here: any property (`test_properties.py`, `adapters/test_reference.py`).
Spec: https://hypothesis.readthedocs.io/en/latest/reference/strategies.html
"""

import re

from hypothesis import settings
from hypothesis import strategies as st

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
#: Origins that may be a server's own, and what its Host says of it, or nearly.
OWN = ["http://a.test", "https://a.test", "http://a.test:8080", "http://[::1]:1"]
HOSTS = ["a.test", "A.Test", "a.test:80", "a.test:443", "a.test:8080", "a.test."]
HOSTS += ["[::1]:1", "www.a.test", "", "a.test, a.test", "\xff", "localhost"]
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
def policies_with_options(draw):
    """The same, with everything that changes an answer in some other way."""
    return {
        **draw(policies()),
        "name": draw(st.sampled_from([None, None, "generated"])),
        "enforce": draw(st.booleans()),
        "own_origins": draw(st.sampled_from([[], [], OWN[:1], OWN[1:]])),
        "debug": draw(st.booleans()),
        "timing_allow_origin": draw(st.booleans()),
        "cross_origin_resource_policy": draw(
            st.sampled_from([None, "same-origin", "same-site"])
        ),
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
    if draw(st.integers(0, 5)) == 5:
        origins = st.one_of(st.sampled_from(OWN), st.sampled_from(OWN).flatmap(mutated))
    lines = [("Origin", value) for value in draw(one_mostly(origins))]
    lines += [("Host", host) for host in draw(one_mostly(st.sampled_from(HOSTS)))]
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


policies_and_requests = policies_with_options().flatmap(
    lambda policy: st.tuples(st.just(policy), requests(policy))
)

several_policies_and_requests = st.lists(
    policies_with_options(), min_size=1, max_size=4
).flatmap(
    lambda policies: st.tuples(
        st.just(policies), st.sampled_from(policies).flatmap(requests)
    )
)

#: Keys of a map: hosts, of which some cover others, and paths, of which some begin others.
ROUTE_HOSTS = ["", "a.test", "b.a.test", "*.a.test", "*.b.a.test", "*.test"]
ROUTE_HOSTS += ["a.test:8080", "*.a.test:8080", "[::1]", "[::1]:1", "a.test."]
ROUTE_PATHS = ["", "/a", "/a/b", "/a/b/c", "/ab", "/A", "/\xe9", "/a b", "/.a"]
route_keys = st.builds(
    str.__add__, st.sampled_from(ROUTE_HOSTS), st.sampled_from(ROUTE_PATHS)
).map(lambda key: key or "/")
request_hosts = st.one_of(
    st.sampled_from([host.replace("*", "x.y") for host in ROUTE_HOSTS] + HOSTS),
    st.sampled_from(["B.A.TEST", "a.test.:8080", ".a.test", "a.test:", "a.test:81"]),
    st.sampled_from(ROUTE_HOSTS).flatmap(mutated),
    any_text,
)
request_paths = st.one_of(
    st.lists(
        st.sampled_from(["a", "b", "c", "ab", "A", "", ".", "..", "\xe9", ".a", "a b"]),
        max_size=6,
    ).map(lambda segments: "/" + "/".join(segments)),
    any_text,
)


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
