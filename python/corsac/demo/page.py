"""The page's own server, as a WSGI application: the page, its data, predictions, and the records.

Here: a closed list of files, what the page must know as JSON, and what it may ask.
Not here: anything cross-origin; the page reads all of this from its own origin.
Spec: https://www.w3.org/TR/CSP3/ for the header that keeps every outside resource out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from .asked import POSSIBLE, SCRIPTED, host_of
from .examples import EXAMPLES
from .policies import Origins, is_loopback
from .prediction import Predictions, problem_of
from .recorder import Records, is_run
from .state import (
    API,
    CHOICES,
    FIXED_FIELDS,
    PAGE,
    POLICY_FIELDS,
    STRANGER,
    State,
    StateError,
    as_data,
    read_state,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from corsac import Policy

_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}
#: What a frame needs, under whatever origin it is served.
FRAME_FILES: Final = ("/frame.html", "/frame.js", "/run.js", "/page.css", "/fox.svg")
FILES: Final[Mapping[str, str]] = {
    "/": "page.html",
    **{
        f"/{name}": name
        for name in (
            *(path[1:] for path in FRAME_FILES),
            "code.js",
            "compare.js",
            "controls.css",
            "drawing.css",
            "drawing.js",
            "examples.js",
            "form.js",
            "link.js",
            "outcome.js",
            "page.js",
            "perform.js",
        )
    },
}
# Chosen by us because a state at its bounds, in the longest spelling of JSON, is not longer.
MAX_BODY: Final = 1024 * 1024
#: The resource that each kind can use, where a page switches to that kind.
_PATHS: Final = {
    "image": "picture",
    "script": "script",
    "module": "script",
    "stylesheet": "style",
    "eventsource": "events",
}

_Answer = tuple[str, str, bytes]


def content_security_policy(origins: Origins) -> str:
    """Names this demo's origins and nothing else.

    They are spelt out beside 'self' because a sandboxed frame has no self. An IPv6 address has no
    spelling in a source list, so there the scheme must do.
    """
    pages = " ".join((*origins.page, origins.stranger))
    apis = " ".join((*origins.api, origins.api_stranger))
    if "[" in pages:
        pages = apis = "http:"
    sources = {
        "default-src": "'none'",
        "script-src": f"'self' {pages} {apis}",
        "style-src": f"'self' {pages} {apis}",
        "img-src": f"'self' {pages} {apis}",
        "frame-src": f"'self' {pages} {apis}",
        "connect-src": f"'self' {pages} {apis}",
        "frame-ancestors": f"'self' {pages}",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def data(origins: Origins, policies: Mapping[str, Policy], page: str) -> dict[str, Any]:
    """All that the page must know: fields and choices, the table of examples, the other origins."""
    names = {PAGE: page, STRANGER: origins.stranger, API: origins.api_of(page)}
    examples = []
    for example in EXAMPLES:
        row = asdict(example)
        del row["asks"], row["policy"]
        examples.append({**row, "state": as_data(example.state(policies), names)})
    return {
        "names": names,
        "apiStranger": origins.api_stranger,
        "defaults": as_data(State(), names),
        "choices": CHOICES,
        "possible": POSSIBLE,
        "scripted": SCRIPTED,
        "paths": _PATHS,
        "policyFields": POLICY_FIELDS,
        "fixedFields": FIXED_FIELDS,
        "examples": examples,
    }


class Files:
    """The files of the page, and how a response goes out with its security headers."""

    def __init__(self, origins: Origins) -> None:
        self._security = content_security_policy(origins)
        folder = files(__package__) / "static"
        self.bodies = {
            path: (_TYPES[name.rpartition(".")[2]], (folder / name).read_bytes())
            for path, name in FILES.items()
        }

    def respond(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        answer: _Answer,
        *more: tuple[str, str],
    ) -> Iterable[bytes]:
        status, content_type, body = answer
        start_response(
            status,
            [
                ("Content-Type", content_type),
                ("Content-Length", str(len(body))),
                ("Content-Security-Policy", self._security),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
                *more,
            ],
        )
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def with_frame(app: WSGIApplication, files: Files) -> WSGIApplication:
    """The API, with a page of its own: the frame of the same origin."""

    def application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in FRAME_FILES or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return app(environ, start_response)
        return files.respond(environ, start_response, ("200 OK", *files.bodies[path]))

    return application


def page(
    origins: Origins,
    policies: Mapping[str, Policy],
    records: Records,
    predictions: Predictions,
    files: Files,
) -> WSGIApplication:
    """The page's server. Under any other name than the page's it serves the frame, and sends the rest home."""
    hosts = {host_of(origin): origin for origin in origins.page}

    def application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        home = hosts.get(environ.get("HTTP_HOST", ""))
        more: list[tuple[str, str]] = []
        if path == "/predictions" and method == "POST":
            answer = _predict(environ, home, predictions)
        elif method not in ("GET", "HEAD"):
            answer = ("405 Method Not Allowed", _TYPES["html"], b"")
            more.append(("Allow", "GET, HEAD"))
        elif path == "/" and home is None:
            # The policy lists the page by its proper names, so under another every example would be refused.
            name = urlsplit(f"//{environ.get('HTTP_HOST')}").hostname or ""
            more.append(
                ("Location", origins.page[0 if is_loopback(name) else -1] + "/")
            )
            answer = ("302 Found", _TYPES["html"], b"")
        elif path == "/demo.json":
            known = data(origins, policies, home or origins.page[0])
            answer = _as_json("200 OK", known)
        elif path.startswith("/runs/"):
            answer = _as_json("200 OK", records.of(path.removeprefix("/runs/")))
        elif path in files.bodies:
            answer = ("200 OK", *files.bodies[path])
        else:
            said = b"Not here. The demo is at /."
            answer = ("404 Not Found", _TYPES["html"], said)
        return files.respond(environ, start_response, answer, *more)

    return application


def _as_json(status: str, value: object) -> _Answer:
    return status, _TYPES["json"], json.dumps(value).encode()


def _predict(
    environ: WSGIEnvironment, home: str | None, predictions: Predictions
) -> _Answer:
    """The answer to the page's question, and to nobody else's: any site could make a browser ask."""
    if home is None or environ.get("HTTP_ORIGIN") != home:
        return _as_json(
            "403 Forbidden", problem_of(StateError("only the demo's own page may ask"))
        )
    if environ.get("CONTENT_TYPE", "").partition(";")[0] != "application/json":
        return _as_json(
            "415 Unsupported Media Type", problem_of(StateError("send JSON"))
        )
    try:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        if not 0 <= size <= MAX_BODY:
            raise StateError(f"send at most {MAX_BODY} bytes")
        asked = json.loads(environ["wsgi.input"].read(size))
        if not isinstance(asked, dict) or set(asked) != {"run", "state"}:
            raise StateError("send an object with run and state")
        if not is_run(asked["run"]):
            raise StateError("run is up to 32 hexadecimal digits")
        state = read_state(asked["state"])
    except (ValueError, RecursionError) as error:
        mistake = error if isinstance(error, StateError) else StateError("send JSON")
        return _as_json("400 Bad Request", problem_of(mistake))
    return _as_json("200 OK", predictions.of(state, home, asked["run"]))
