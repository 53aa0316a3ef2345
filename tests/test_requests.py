"""What a policy may be chosen by: a request, out of each shape in which servers hand it over.

Here: methods, places, headers and origins, and which origins are the server's own.
Not here: who chooses (`test_policy_map.py`, `test_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

import copy

import pytest
from corsac import Request

PREFLIGHT = [
    (b"Origin", b"https://a.example"),
    (b"Access-Control-Request-Method", b"PUT"),
]


def of_scope(**scope):
    return Request.of_scope({"type": "http", "method": "GET", "headers": [], **scope})


def of_environ(**environ):
    return Request.of_environ({"REQUEST_METHOD": "GET", **environ})


def of_lines(*lines, method="GET", scheme="http"):
    return Request(method, list(lines), scheme=scheme, path="/", native=None)


@pytest.mark.parametrize(
    ("root_path", "path", "expected"),
    [
        ("", "/a", "/a"),
        ("", "", "/"),
        ("/app", "/app/a", "/a"),
        ("/app", "/app", "/"),
        ("/app", "/app/", "/"),
        ("/app/", "/app/a", "/a"),
        ("/app", "/apple/a", "/apple/a"),
        ("/app", "/a", "/a"),
        ("/app", "/app/app/a", "/app/a"),
        ("/a/b", "/a/b/c", "/c"),
        ("/é", "/é/a", "/a"),
        ("/app", "*", "*"),
    ],
)
def test_a_mount_is_no_part_of_the_path(root_path, path, expected):
    """In ASGI the path has the prefix, and not every server puts it there."""
    assert expected == of_scope(path=path, root_path=root_path).path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a", "/a"),
        ("", "/"),
        ("/caf\xc3\xa9", "/café"),
        ("/\xff", "/\ufffd"),
        ("/\ud800", "/?"),
        ("/é€", "/\ufffd?"),
    ],
)
def test_a_path_of_wsgi_is_bytes_in_disguise(path, expected):
    """PEP 3333 has them as Latin-1; SCRIPT_NAME is apart from them."""
    request = of_environ(PATH_INFO=path, SCRIPT_NAME="/app")

    assert expected == request.path


def test_an_environ_is_one_whatever_the_process_has_in_its_own():
    """A gateway may copy the variables of the process into it."""
    request = Request.of(
        {"REQUEST_METHOD": "GET", "type": "http", "PATH_INFO": "/a", "path": "/b"}
    )

    assert "/a" == request.path


@pytest.mark.parametrize(
    ("host", "expected"),
    [("A.Test:1", "a.test:1"), ("\u212a.Test", "\u212a.test"), ("\xc0.A", "\xc0.a")],
    ids=ascii,
)
def test_a_host_is_lowered_in_ascii_alone(host, expected):
    """A sign outside of it is no other spelling of a letter in it."""
    assert expected == of_environ(HTTP_HOST=host).host


def test_what_a_server_leaves_out_is_empty():
    """A scope and an environ need little; a scope without a scheme has the plain one of its type."""
    for request, scheme in (
        (Request.of_scope({"type": "http"}), "http"),
        (Request.of_scope({"type": "websocket"}), "http"),
        (Request.of_environ({}), ""),
    ):
        assert ("/", "", scheme, None) == (
            request.path,
            request.host,
            request.scheme,
            request.origin,
        )
        assert not request.is_preflight
        assert {} == request.headers


@pytest.mark.parametrize(
    ("method", "lines", "expected"),
    [
        ("OPTIONS", PREFLIGHT, ("PUT", True)),
        ("OPTIONS", PREFLIGHT[:1], ("OPTIONS", False)),
        ("OPTIONS", PREFLIGHT[1:], ("OPTIONS", False)),
        ("options", PREFLIGHT, ("options", False)),
        ("GET", PREFLIGHT, ("GET", False)),
        ("OPTIONS", [(n.lower(), v) for n, v in PREFLIGHT], ("PUT", True)),
        ("OPTIONS", [(n.decode(), v.decode()) for n, v in PREFLIGHT], ("PUT", True)),
        ("OPTIONS", [*PREFLIGHT, PREFLIGHT[1]], ("PUT, PUT", True)),
    ],
)
def test_a_preflight_has_the_method_that_it_asks_for(method, lines, expected):
    """So that it has the policy of the request behind it."""
    request = of_lines(*lines, method=method)

    assert expected == (request.method, request.is_preflight)
    assert method == request.own_method


def test_headers_are_read_by_their_names_in_lower_case():
    """Lines of one name are joined, whatever their case and type."""
    request = of_lines(("X-A", "1"), (b"x-a", b"\xe9"), ("x-A", "3"))

    assert {"x-a": "1, \xe9, 3"} == request.headers
    with pytest.raises(TypeError):
        request.headers["x-a"] = "4"


def test_headers_of_an_environ_are_those_of_the_request():
    """Type and length stand apart there, and what is no text is left out."""
    request = of_environ(
        HTTP_X_A="1",
        CONTENT_TYPE="text/plain",
        CONTENT_LENGTH="",
        HTTP_ODD=5,
        SERVER_NAME="x",
    )

    assert {"x-a": "1", "content-type": "text/plain"} == request.headers


@pytest.mark.parametrize(
    ("lines", "origin"),
    [
        ([], None),
        ([("Origin", "https://a.example")], "https://a.example"),
        ([(b"origin", b"null")], "null"),
        ([("Origin", "")], ""),
        ([("Origin", "https://a.example"), ("origin", "https://a.example")], None),
        ([("Origin", "https://a.example,https://a.example")], None),
    ],
)
def test_an_origin_is_that_of_the_one_line(lines, origin):
    """Several are no origin: which one counts would be a guess."""
    joined = {"HTTP_ORIGIN": ",".join(str(value) for _, value in lines)}

    assert origin == of_lines(*lines).origin
    # Of another shape than a list, too.
    shape = Request("GET", tuple(lines), scheme="", path="", native=None)
    assert origin == shape.origin
    if lines and isinstance(lines[0][0], str):
        assert origin == of_environ(**joined).origin


@pytest.mark.parametrize(
    ("scheme", "host", "origin", "is_own"),
    [
        ("http", "a.test", "http://a.test", True),
        ("https", "a.test", "https://a.test", True),
        ("ws", "a.test", "http://a.test", True),
        ("wss", "a.test", "https://a.test", True),
        ("http", "a.test", "https://a.test", False),
        ("https", "a.test", "http://a.test", False),
        ("ws", "a.test", "ws://a.test", False),
        ("http", "a.test:80", "http://a.test", True),
        ("https", "a.test:443", "https://a.test", True),
        ("ws", "a.test:80", "http://a.test", True),
        ("wss", "a.test:443", "https://a.test", True),
        ("http", "a.test:443", "http://a.test:443", True),
        ("http", "a.test:443", "http://a.test", False),
        ("http", "a.test:8080", "http://a.test:8080", True),
        ("http", "a.test:8080", "http://a.test", False),
        ("http", "a.test", "http://a.test:80", False),
        ("http", "A.TEST", "http://a.test", True),
        ("http", "a.test", "http://A.TEST", False),
        ("http", "a.test.", "http://a.test.", True),
        ("http", "a.test.", "http://a.test", False),
        ("http", "[::1]:8000", "http://[::1]:8000", True),
        ("http", "[::1]", "http://[::1]", True),
        ("http", "", "http://", False),
        ("", "a.test", "://a.test", False),
        ("http", "a.test", "", False),
        ("http", "a.test", "null", False),
        ("http", "a.test", "http://a.test/", False),
        ("http", "a.test", "http://a.test.mallory.test", False),
        ("http", "a.test", "http://mallory-a.test", False),
        ("http", "a.test", "http://a.test, http://a.test", False),
        ("http", "a.test, b.test", "http://a.test", False),
    ],
)
def test_an_origin_is_the_servers_own_where_its_address_is(
    scheme, host, origin, is_own
):
    """Scheme, host and port as the server sees them, as an origin spells them."""
    lines = [("Host", host), ("Origin", origin)]

    assert is_own is of_lines(*lines, scheme=scheme).is_of(())
    environ = {"HTTP_HOST": host, "HTTP_ORIGIN": origin, "wsgi.url_scheme": scheme}
    assert is_own is of_environ(**environ).is_of(())


def test_an_origin_is_the_servers_own_where_it_is_named():
    """Then the address is not believed: a proxy, or a name that somebody rebinds, may be in it."""
    request = of_lines(("Host", "a.test"), ("Origin", "http://a.test"))

    assert request.is_of(("https://b.test", "http://a.test"))
    assert not request.is_of(("https://b.test",))
    assert not of_lines(("Host", "a.test")).is_of(("http://a.test",))


@pytest.mark.parametrize(
    "lines",
    [
        [("\ud800", "\ud800"), ("Origin", "\ud800"), ("Host", "\ud800")],
        [(b"\xff", b"\xff"), (b"origin", b"\xff"), (b"host", b"\xff")],
        [("Origin", "x" * 1_000_000), ("Host", "x" * 1_000_000)],
        [("Host", ":" * 100_000), ("Origin", "," * 100_000)],
        [("Host", "a"), ("Origin", "a")] * 5_000,
        [(b"origin", 5), ("Host", None), ("X-A", bytearray(b"x"))],
        [("Access-Control-Request-Method", "\0"), ("Origin", "\r\n")],
    ],
    ids=["surrogates", "bytes", "long", "ports", "many", "odd types", "controls"],
)
def test_no_request_makes_it_raise(lines):
    """Whoever asks gets an answer; the odd types are such as no server hands over."""
    for shape in (list, tuple):
        request = Request(
            "OPTIONS", shape(lines), scheme="\ud800", path="\ud800", native=None
        )
        assert isinstance(request.method, str)
        assert isinstance(request.host, str)
        assert request.origin is None or isinstance(request.origin, str)
        assert not request.is_of(())
        assert not request.is_of(("https://a.example",))
        assert all(isinstance(value, str) for value in request.headers.values())
        assert ascii(request)


def test_lines_that_can_be_read_once_are_read_for_all():
    """The application reads them too, out of the scope that is the request's own."""
    scope = {"type": "http", "method": "GET", "headers": iter(PREFLIGHT)}

    request = Request.of_scope(scope)

    assert "https://a.example" == request.origin == request.headers["origin"]
    assert PREFLIGHT == list(request.native["headers"]) == list(request.lines)
    assert Request.of(request) is request


def test_a_scope_of_lists_stays_what_it_is():
    """Nothing is copied that can be read twice."""
    for lines in (PREFLIGHT, tuple(PREFLIGHT)):
        scope = {"type": "websocket", "headers": lines}
        request = Request.of(scope)
        assert scope is request.native
        assert lines is request.lines
        assert "GET" == request.method


@pytest.mark.parametrize("headers", [dict(PREFLIGHT), PREFLIGHT])
def test_a_method_with_headers_is_a_request(headers):
    """What `Policy.decide` is asked with, of which nobody knows the place."""
    request = Request.of(("OPTIONS", headers))

    assert ("PUT", "", "/") == (request.method, request.scheme, request.path)


def test_a_request_cannot_be_changed():
    """Whoever is told of it sees what was asked."""
    request = of_lines(*PREFLIGHT, method="OPTIONS")

    for name in ("method", "own_method", "path", "scheme", "host", "origin", "lines"):
        with pytest.raises(AttributeError):
            setattr(request, name, "x")
    for name in ("native", "headers", "is_preflight", "other"):
        with pytest.raises(AttributeError):
            setattr(request, name, "x")
    assert request.path == copy.copy(request).path
    assert "PUT '/'" in repr(request)
    assert "https://a.example" in repr(request)
