"""The demo's API: a plain WSGI application that knows nothing of CORS, and the setups around it.

Here: the resources, and the mounting of the guarded application under each setup's id.
Not here: any CORS header; `CORSMiddleware` or fixed lines speak, and `recorder.py` listens.
Spec: PEP 3333, https://peps.python.org/pep-3333/; RFC 4918 section 9.1 for PROPFIND.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from corsac.adapters.wsgi import CORSMiddleware

from .fixed import FixedAnswers, answering
from .recorder import Recorder, Records
from .setups import Setup, Setups

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Chosen by us because the longest body that the page sends has some hundred bytes.
MAX_BODY: Final = 64 * 1024

_DEN: Final = b"""\
<?xml version="1.0" encoding="utf-8"?>
<multistatus xmlns="DAV:">
  <response>
    <href>/den</href>
  </response>
  <response>
    <href>/den/cub</href>
  </response>
</multistatus>"""
# One orange pixel; a canvas that it was drawn on tells whether a page may read it.
_PICTURE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGO4Wa4NAAOoAXwWjlMAAAAAAElFTkSuQmCC"
)


@dataclass(frozen=True)
class _Answer:
    body: bytes
    status: str = "200 OK"
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


def _json(data: object, **more: object) -> _Answer:
    return _Answer(json.dumps(data).encode(), **more)  # type: ignore[arg-type]  # the fields of `_Answer`


def _greeting(environ: WSGIEnvironment) -> _Answer:
    return _json({"greeting": "Hello from the other origin."})


def _list_foxes(environ: WSGIEnvironment) -> _Answer:
    return _json(
        {"foxes": ["corsac", "fennec", "swift"]},
        headers=(("X-Total-Count", "3"), ("X-Served-By", "den-7")),
    )


def _add_fox(environ: WSGIEnvironment) -> _Answer:
    size = int(environ.get("CONTENT_LENGTH") or 0)
    received = {
        "received": environ.get("CONTENT_TYPE"),
        "bytes": len(environ["wsgi.input"].read(size)),
        "ping": environ.get("HTTP_X_PINGOTHER"),
    }
    return _json(received, status="201 Created")


def _delete_foxes(environ: WSGIEnvironment) -> _Answer:
    return _json({"deleted": 3})


def _count_visit(environ: WSGIEnvironment) -> _Answer:
    try:
        cookie = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        visits = int(cookie["visits"].value[:9]) if "visits" in cookie else 0
    except (CookieError, ValueError):
        visits = 0
    path = f"{environ.get('SCRIPT_NAME', '')}/visits"
    # An hour, since each policy that somebody tries has a path of its own, and so a cookie.
    attributes = f"Path={path}; Max-Age=3600; HttpOnly; SameSite=Lax"
    return _json(
        {"visits": visits + 1},
        headers=(("Set-Cookie", f"visits={visits + 1}; {attributes}"),),
    )


def _list_den(environ: WSGIEnvironment) -> _Answer:
    return _Answer(_DEN, "207 Multi-Status", "application/xml")


def _show_picture(environ: WSGIEnvironment) -> _Answer:
    return _Answer(_PICTURE, content_type="image/png")


def _run_script(environ: WSGIEnvironment) -> _Answer:
    return _Answer(b"globalThis.corsacCame = true;\n", content_type="text/javascript")


def _style(environ: WSGIEnvironment) -> _Answer:
    return _Answer(b".corsac-came { color: inherit; }\n", content_type="text/css")


def _stream_events(environ: WSGIEnvironment) -> _Answer:
    return _Answer(b"data: a fox came by\n\n", content_type="text/event-stream")


def _redirect(environ: WSGIEnvironment, before: str = "") -> _Answer:
    # With its query, by which the record of a run is kept.
    query = environ.get("QUERY_STRING", "")
    place = f"{before}{environ.get('SCRIPT_NAME', '')}/greeting"
    location = f"{place}?{query}" if query else place
    return _Answer(b"", "302 Found", "text/plain", (("Location", location),))


def _send_away(environ: WSGIEnvironment) -> _Answer:
    """To this server under its other name, which is another origin."""
    here = urlsplit(f"//{environ.get('HTTP_HOST', '')}")
    other = "127.0.0.1" if here.hostname == "localhost" else "localhost"
    port = here.netloc.rpartition("]")[2].partition(":")[2]
    return _redirect(environ, f"http://{other}{':' if port else ''}{port}")


_Resource = Mapping[str, Callable[["WSGIEnvironment"], _Answer]]

RESOURCES: Final[Mapping[str, _Resource]] = {
    "greeting": {"GET": _greeting},
    "foxes": {"GET": _list_foxes, "POST": _add_fox, "DELETE": _delete_foxes},
    "visits": {"GET": _count_visit},
    "den": {"PROPFIND": _list_den},
    "picture": {"GET": _show_picture},
    "script": {"GET": _run_script},
    "style": {"GET": _style},
    "events": {"GET": _stream_events},
    "moved": {"GET": _redirect, "PUT": _redirect},
    "away": {"GET": _send_away},
}


def _answer(environ: WSGIEnvironment) -> _Answer:
    resource = RESOURCES.get(environ.get("PATH_INFO", "").strip("/"))
    if resource is None:
        return _json({"error": "no such path"}, status="404 Not Found")
    try:
        size = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return _json({"error": "invalid length"}, status="400 Bad Request")
    if not 0 <= size <= MAX_BODY:
        return _json({"error": "too large"}, status="413 Content Too Large")
    method = environ["REQUEST_METHOD"]
    respond = resource.get("GET" if method == "HEAD" else method)
    if respond is None:
        return _json(
            {"error": "no such method here"},
            status="405 Method Not Allowed",
            headers=(("Allow", ", ".join(sorted(resource))),),
        )
    return respond(environ)


def application(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """The API as its author would write it: not one line about origins."""
    answer = _answer(environ)
    start_response(
        answer.status,
        [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            ("Cache-Control", "no-store"),
            *answer.headers,
        ],
    )
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]


def guarded(setup: Setup) -> WSGIApplication:
    """The API behind a policy, or behind fixed lines."""
    if isinstance(setup.answers, FixedAnswers):
        return answering(application, setup.answers)
    return CORSMiddleware(application, setup.answers)


def api(setups: Setups, records: Records | None) -> WSGIApplication:
    """The guarded API of each setup under its id, the first segment of the path. No records: for predictions."""

    def mount(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        first, _, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        setup = setups.of(first)
        if setup is None:
            return application(environ, start_response)
        app = guarded(setup)
        if records is not None:
            app = Recorder(app, setup.policy, records)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
        environ["PATH_INFO"] = "/" + rest
        return app(environ, start_response)

    return mount
