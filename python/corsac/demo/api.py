"""The demo's API: a plain WSGI application that knows nothing of CORS, and its policies around it.

Here: the resources, and the mounting of one guarded application per policy.
Not here: any CORS header; `CORSMiddleware` speaks for the policy, and `recorder.py` listens.
Spec: PEP 3333, https://peps.python.org/pep-3333/; RFC 4918 section 9.1 for PROPFIND.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from corsac.adapters.wsgi import CORSMiddleware

from .recorder import Recorder, Records

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from corsac import Policy

# Chosen by us because the longest body of an example has 40 bytes.
MAX_BODY = 64 * 1024

_DEN = """\
<?xml version="1.0" encoding="utf-8"?>
<multistatus xmlns="DAV:">
  <response>
    <href>/private/den</href>
  </response>
  <response>
    <href>/private/den/cub</href>
  </response>
</multistatus>"""


@dataclass(frozen=True)
class _Answer:
    body: str
    status: str = "200 OK"
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


def _greeting(environ: WSGIEnvironment) -> _Answer:
    return _Answer(json.dumps({"greeting": "Hello from the other origin."}))


def _list_foxes(environ: WSGIEnvironment) -> _Answer:
    return _Answer(
        json.dumps({"foxes": ["corsac", "fennec", "swift"]}),
        headers=(("X-Total-Count", "3"), ("X-Served-By", "den-7")),
    )


def _add_fox(environ: WSGIEnvironment) -> _Answer:
    size = int(environ.get("CONTENT_LENGTH") or 0)
    received = {
        "received": environ.get("CONTENT_TYPE"),
        "bytes": len(environ["wsgi.input"].read(size)),
        "ping": environ.get("HTTP_X_PINGOTHER"),
    }
    return _Answer(json.dumps(received), status="201 Created")


def _delete_foxes(environ: WSGIEnvironment) -> _Answer:
    return _Answer(json.dumps({"deleted": 3}))


def _count_visit(environ: WSGIEnvironment) -> _Answer:
    try:
        cookie = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        visits = int(cookie["visits"].value[:9]) if "visits" in cookie else 0
    except (CookieError, ValueError):
        visits = 0
    set_cookie = f"visits={visits + 1}; Path=/private/visits; HttpOnly; SameSite=Lax"
    return _Answer(
        json.dumps({"visits": visits + 1}), headers=(("Set-Cookie", set_cookie),)
    )


def _list_den(environ: WSGIEnvironment) -> _Answer:
    return _Answer(_DEN, status="207 Multi-Status", content_type="application/xml")


_Resource = Mapping[str, Callable[["WSGIEnvironment"], _Answer]]

RESOURCES: Mapping[str, _Resource] = {
    "greeting": {"GET": _greeting},
    "foxes": {"GET": _list_foxes, "POST": _add_fox, "DELETE": _delete_foxes},
    "visits": {"GET": _count_visit},
    "den": {"PROPFIND": _list_den},
}


def _answer(environ: WSGIEnvironment) -> _Answer:
    resource = RESOURCES.get(environ.get("PATH_INFO", "").strip("/"))
    if resource is None:
        return _Answer('{"error": "no such path"}', status="404 Not Found")
    try:
        size = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return _Answer('{"error": "invalid length"}', status="400 Bad Request")
    if not 0 <= size <= MAX_BODY:
        return _Answer('{"error": "too large"}', status="413 Content Too Large")
    respond = resource.get(environ["REQUEST_METHOD"])
    if respond is None:
        return _Answer(
            '{"error": "no such method here"}',
            status="405 Method Not Allowed",
            headers=(("Allow", ", ".join(sorted(resource))),),
        )
    return respond(environ)


def application(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """The API as its author would write it: not one line about origins."""
    answer = _answer(environ)
    body = answer.body.encode()
    start_response(
        answer.status,
        [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            *answer.headers,
        ],
    )
    return [body]


def guarded(policies: Mapping[str, Policy], records: Records) -> WSGIApplication:
    """The API once per policy, each under its own first path segment."""
    mounted = {
        name: Recorder(CORSMiddleware(application, policy), policy, records)
        for name, policy in policies.items()
    }

    def mount(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        first, _, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        app: WSGIApplication = mounted.get(first, application)
        if first in mounted:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = "/" + rest
        return app(environ, start_response)

    return mount
