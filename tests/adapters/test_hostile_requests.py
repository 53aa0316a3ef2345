"""What nobody honest asks, of every kind of source, over ASGI and WSGI.

Here: requests of any bytes and any size, and scopes and environs that lack what is usual; each gets
an answer, and nothing raises. Not here: which answer (`test_table.py`), real servers.
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html, https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap, Request
from corsac import _watch as watch
from corsac.adapters import asgi, wsgi

LISTED = Policy(
    allow_origins=["https://a.example"],
    allow_methods=["*"],
    allow_headers=["*"],
    allow_credentials=True,
    name="hostile",
    enforce=True,
    own_origins=["https://own.example"],
    shadow=Policy(allow_origins=["*"], allow_methods=["PUT"]),
)
ANY = Policy(
    allow_origins=["*"], timing_allow_origin=True, name="hostile", enforce=True
)
MAP = PolicyMap({"/a/b": LISTED, "host.test/a": ANY, "*.host.test": LISTED, "/": ANY})


def read_all(request: Request) -> PolicyMap:
    """A callable that looks at everything."""
    assert isinstance(request.method, str)
    assert isinstance(request.host + request.path + request.scheme, str)
    assert isinstance(request.is_preflight, bool)
    assert all(isinstance(value, str) for value in request.headers.values())
    assert repr(request)
    return MAP


async def read_all_later(request: Request) -> PolicyMap:
    await asyncio.sleep(0)
    return read_all(request)


SOURCES: dict[str, Any] = {
    "policy": LISTED,
    "static": ANY,
    "map": MAP,
    "origins": OriginPolicies([LISTED, ANY]),
    "handle": PolicyHandle(MAP),
    "callable": read_all,
}
HUGE = 200_000
#: Values of whatever matters: path, host, origin, and what a preflight asks for.
TEXTS = [
    "",
    "/" * HUGE,
    "/a" * HUGE,
    "/../a" * (HUGE // 5),
    "a." * HUGE,
    ":" * HUGE,
    "," * HUGE,
    "\0\r\n\t\x7f\x80\xff",
    "\u20ac\ud800\udfff",
    "%00%ff%2e%2e%2f",
    "http://host.test/a/b",
    "//host.test/a/../../b/.",
    "[::1",
    "null",
]


@pytest.fixture(autouse=True)
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Somebody hears of refusals, and looks at all of them."""
    told: list[str] = []
    monkeypatch.setattr(watch, "_report_hook", lambda: told.append("it failed"))
    watch.set_refused_hook(lambda refused: told.append(repr(refused)[:9]))
    yield told
    watch.set_refused_hook(None)
    assert "it failed" not in told


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def lines_of(text: str) -> list[tuple[str, str]]:
    return [
        ("host", text),
        ("origin", text),
        ("access-control-request-method", text),
        ("access-control-request-headers", text),
        (text[:1000] or "x", text),
    ]


async def call(app: Any, scope: Any) -> list[Any]:
    messages: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return messages


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("source", [*SOURCES, "coroutine"])
def test_every_scope_gets_an_answer(source: str, kind: str) -> None:
    """Whatever its texts say, and whatever it lacks."""
    app = asgi.CORSMiddleware(application, SOURCES.get(source, read_all_later))
    for method in ("OPTIONS", "GET", "\ud800"):
        for text in TEXTS:
            headers = [(encode(name), encode(value)) for name, value in lines_of(text)]
            short = [(name[:50], value[:50]) for name, value in headers]
            scope = {"type": kind, "method": method, "headers": headers}
            for more in (
                {},
                {"path": text, "scheme": text[:10], "root_path": text},
                {"path": "/a/b", "scheme": "http", "headers": iter(headers)},
                {"path": "/a/b", "scheme": "wss", "headers": short * 500},
            ):
                messages = asyncio.run(call(app, {**scope, **more}))
                if kind == "http":
                    assert messages[0]["status"] in (200, 204, 403)
                else:
                    [message] = messages
                    assert message["type"] in ("websocket.accept", "websocket.close")


@pytest.mark.parametrize("source", SOURCES)
def test_every_environ_gets_an_answer(source: str) -> None:
    """Whatever its texts say, and whatever it lacks."""
    app = wsgi.CORSMiddleware(
        lambda environ, start_response: start_response("200 OK", []) or [],
        SOURCES[source],
    )
    for method in ("OPTIONS", "GET", "\ud800"):
        for text in TEXTS:
            environ: dict[str, Any] = {
                "HTTP_" + name.upper().replace("-", "_"): value
                for name, value in lines_of(text)
            }
            environ["REQUEST_METHOD"] = method
            for more in (
                {},
                {"PATH_INFO": text, "wsgi.url_scheme": text[:10], "SCRIPT_NAME": text},
                {"PATH_INFO": "/a/b", "wsgi.url_scheme": "https", "HTTP_X": 5},
            ):
                started: list[Any] = []
                app({**environ, **more}, lambda *start, to=started: to.append(start))
                assert started[0][0][:3] in ("200", "204", "403")
