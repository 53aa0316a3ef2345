"""Asks the two middlewares through real servers, over sockets, for what only a server can show.

Here: streams, errors that the server makes itself, several requests on one connection.
Not here: the adapters alone (`test_asgi.py`, `test_wsgi.py`), the tables of behaviours, which go
through every server in `tests/frameworks/`.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html, https://peps.python.org/pep-3333/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from answers import MARK, Answer, answer
from applications import BODY, CHUNKS
from applications import __file__ as APPLICATIONS
from departures import UNABLE
from servers import KINDS, Response, Server, missing

ORIGIN = ("Origin", "https://example.com")
REFUSED = ("Origin", "https://mallory.test")
CORS = [
    ("Access-Control-Allow-Origin", "https://example.com"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Expose-Headers", "X-Answered-By"),
]
VARY = ("Vary", "Origin")
PREFLIGHT_VARY = (
    "Vary",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
)

Serve = Callable[[str, str], Server]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """Starts a server when a test first needs it; all stop behind the last test."""
    started: dict[tuple[str, str], Server | Exception] = {}
    with ExitStack() as stack:

        def serve(kind: str, application: str) -> Server:
            if (kind, application) not in started:
                try:
                    target = f"applications:{KINDS[kind].interface}_{application}"
                    server = Server(kind, target)
                    stack.callback(server.stop)
                    started[kind, application] = server
                except RuntimeError as error:
                    started[kind, application] = error
            server_or_error = started[kind, application]
            if isinstance(server_or_error, Exception):
                raise server_or_error
            return server_or_error

        yield serve


@pytest.fixture
def server(request: pytest.FixtureRequest, serve: Serve) -> Iterator[Server]:
    """A running server; what it prints during the test is shown where the test fails."""
    kind, application = request.param
    if reason := missing(kind):
        pytest.skip(reason)
    running = serve(kind, application)
    start = running.printed()
    yield running
    print(running.output(start))


def served(application: str, interface: str = "") -> pytest.MarkDecorator:
    """The test runs over every server that serves this application."""
    names = [name for name, kind in KINDS.items() if interface in ("", kind.interface)]
    parameters = [pytest.param((name, application), id=name) for name in names]
    return pytest.mark.parametrize("server", parameters, indirect=True)


def read_answer(response: Response | None) -> Answer:
    """The answer, which there must be."""
    assert response is not None, "the server closed the connection without an answer"
    return answer(response.status, response.headers)


def is_able(server: Server, what: str, wrong: bool) -> bool:
    """Whether the server does its part; one that is said not to must be seen not to."""
    reason = UNABLE.get((server.kind, what))
    assert reason is None or wrong, f"it does, so this is no longer true: {reason}"
    return reason is None


# A site whose outermost object is the middleware


@served("site")
@pytest.mark.parametrize(
    ("path", "status", "own"),
    [
        pytest.param("/", 200, [VARY], id="a page"),
        pytest.param("/missing", 404, [VARY], id="a 404"),
        pytest.param("/moved", 302, [("Location", "/"), VARY], id="a redirect"),
        pytest.param("/error", 500, [VARY], id="an error that is answered"),
        pytest.param(
            "/overruled", 200, [("Vary", "Cookie, Accept, Origin")], id="own headers"
        ),
    ],
)
def test_whatever_the_application_answers_carries_the_headers(
    server: Server, path: str, status: int, own: list[tuple[str, str]]
) -> None:
    """An allowed origin may read the answer; a refused one and no one get `Vary` alone."""
    for headers, cors in (([ORIGIN], CORS), ([REFUSED], []), ([], [])):
        response = server.ask("GET", path, headers)

        assert answer(status, [MARK, *cors, *own]) == read_answer(response)
        assert response is not None and BODY == response.body


@served("site")
def test_a_streamed_answer_arrives_whole(server: Server) -> None:
    """The chunks come in their order under the headers."""
    response = server.ask("GET", "/stream", [ORIGIN])

    assert answer(200, [MARK, *CORS, VARY]) == read_answer(response)
    assert response is not None and b"".join(CHUNKS) == response.body


@served("site", "wsgi")
@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        pytest.param("/late", 200, b"".join(CHUNKS), id="a generator that starts late"),
        pytest.param("/write", 200, b"".join(CHUNKS), id="write"),
        pytest.param("/file", 200, None, id="wsgi.file_wrapper"),
        pytest.param("/restarted", 500, BODY, id="exc_info before the first chunk"),
    ],
)
def test_what_only_wsgi_has_works_under_its_servers(
    server: Server, path: str, status: int, body: bytes | None
) -> None:
    """The adapter takes nothing away that the server gives."""
    if body is None:
        with open(APPLICATIONS, "rb") as file:
            body = file.read()

    response = server.ask("GET", path, [ORIGIN])

    expected = answer(status, [MARK, *CORS, VARY])
    actual = read_answer(response)
    if is_able(server, path, wrong=expected != actual):
        assert expected == actual
        assert response is not None and body == response.body


@served("site")
def test_an_error_that_the_server_answers_carries_no_header(server: Server) -> None:
    """The application raises, so that no answer of its own goes through the adapter."""
    response = server.ask("GET", "/raise", [ORIGIN])

    status, headers = read_answer(response)
    assert 500 == status
    assert set() == headers.keys() - {"content-type"}


@served("site")
def test_head_has_the_headers_of_get_and_no_body(server: Server) -> None:
    """The adapter does not ask which method it is."""
    get = server.ask("GET", "/", [ORIGIN])
    head = server.ask("HEAD", "/", [ORIGIN])

    assert read_answer(get) == read_answer(head)
    assert head is not None and b"" == head.body


@served("site")
def test_a_preflight_and_its_request_share_a_connection(server: Server) -> None:
    """No answer to a preflight leaves a byte behind that the next one would begin with."""
    host = ("Host", "api.example.com")
    put = [host, ORIGIN, ("Access-Control-Request-Method", "PUT")]
    delete = [host, ORIGIN, ("Access-Control-Request-Method", "DELETE")]
    allowed = [
        *CORS[:2],
        ("Access-Control-Allow-Methods", "PUT"),
        ("Access-Control-Max-Age", "600"),
        PREFLIGHT_VARY,
    ]
    with server.connect() as connection:
        refused = connection.ask("OPTIONS", "/", delete)
        preflight = actual = None
        if connection.is_open:
            preflight = connection.ask("OPTIONS", "/", put)
        if connection.is_open:
            actual = connection.ask("PUT", "/", [host, ORIGIN, ("Content-Length", "0")])

    assert answer(403, [PREFLIGHT_VARY]) == read_answer(refused)
    if is_able(server, "keep-alive", wrong=actual is None):
        assert answer(204, allowed) == read_answer(preflight)
        assert answer(200, [MARK, *CORS, VARY]) == read_answer(actual)
        assert actual is not None and BODY == actual.body


@served("site", "asgi")
def test_the_outermost_middleware_passes_lifespan_on(server: Server) -> None:
    """The server takes the middleware for an ASGI application, and the site was started by it."""
    response = server.ask("GET", "/lifespan")

    assert response is not None and b"{'started': True}" == response.body


@served("site", "asgi")
def test_the_outermost_middleware_passes_websockets_on(server: Server) -> None:
    """A handshake is no fetch: the application answers it, whoever asks, and no header is added."""
    lines = [
        "GET /socket HTTP/1.1",
        "Host: api.example.com",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Origin: https://mallory.test",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ]
    # RFC 6455, section 5.7: one text frame, its length, its text.
    hello = b"\x81\x05hello"

    with server.connect() as connection:
        connection.send("\r\n".join([*lines, "", ""]).encode())
        received = connection.receive(hello)

    assert received.startswith(b"HTTP/1.1 101 ")
    assert hello in received
    assert b"access-control" not in received.lower()
    assert b"vary" not in received.lower()
