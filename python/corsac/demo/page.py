"""The page's own server, as a WSGI application: the page, its data, and the records it asks for.

Here: a closed list of files, the examples and policies as JSON, the scripts as JavaScript.
Not here: anything cross-origin; the page reads all of this from its own origin.
Spec: https://www.w3.org/TR/CSP3/ for the header that keeps every outside resource out.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .examples import EXAMPLES
from .policies import NOTES, Origins, is_loopback, lines_of
from .recorder import Records

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from corsac import Policy

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}

FILES: Mapping[str, str] = {
    "/": "page.html",
    "/page.css": "page.css",
    "/page.js": "page.js",
    "/exchange.js": "exchange.js",
    "/frame.html": "frame.html",
    "/frame.js": "frame.js",
    "/fox.svg": "fox.svg",
}


def content_security_policy(origins: Origins) -> str:
    """Names this demo's origins and nothing else.

    They are spelt out beside 'self' because a sandboxed frame has no self. An IPv6 address has no
    spelling in a source list, so there the scheme must do.
    """
    pages = " ".join((*origins.page, origins.stranger))
    apis = " ".join(origins.api)
    if "[" in pages:
        pages = apis = "http:"
    sources = {
        "default-src": "'none'",
        "script-src": f"'self' {pages}",
        "style-src": f"'self' {pages}",
        "img-src": f"'self' {pages}",
        "frame-src": f"'self' {pages}",
        "connect-src": f"'self' {pages} {apis}",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def scripts() -> str:
    """The scripts of all examples as one file: what the page shows is what it runs."""
    functions = [
        f"  {json.dumps(example.name)}: async (url) => {{\n"
        f"{textwrap.indent(example.script, '    ')}\n  }},\n"
        for example in EXAMPLES
    ]
    return f'"use strict";\nglobalThis.corsacScripts = {{\n{"".join(functions)}}};\n'


def data(origins: Origins, policies: Mapping[str, Policy]) -> dict[str, Any]:
    """All that the page must know: the table of examples, the policies, the other origins."""
    examples = []
    for example in EXAMPLES:
        row = asdict(example)
        del row["read"], row["sent"]  # for the check alone
        examples.append(row)
    return {
        "apiPort": urlsplit(origins.api[0]).port or 80,
        "stranger": origins.stranger,
        "policies": {
            name: {
                "note": NOTES.get(name, ""),
                "lines": [asdict(line) for line in lines_of(policy)],
            }
            for name, policy in policies.items()
        },
        "examples": examples,
    }


def page(
    origins: Origins, policies: Mapping[str, Policy], records: Records
) -> WSGIApplication:
    """The page's server. Under any other name than the page's it serves the frame, and sends the rest home."""
    security = content_security_policy(origins)
    folder = files(__package__) / "static"
    bodies = {
        path: (_TYPES[name.rpartition(".")[2]], (folder / name).read_bytes())
        for path, name in FILES.items()
    }
    bodies["/scripts.js"] = (_TYPES["js"], scripts().encode())
    bodies["/demo.json"] = (
        _TYPES["json"],
        json.dumps(data(origins, policies)).encode(),
    )

    def application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        status, extra = "200 OK", []
        content_type, body = bodies.get(path, (_TYPES["html"], b""))
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            status, body = "405 Method Not Allowed", b""
            extra.append(("Allow", "GET, HEAD"))
        elif path == "/" and f"http://{environ.get('HTTP_HOST')}" not in origins.page:
            # The policy lists the page by its proper names, so under another every example would be refused.
            name = urlsplit(f"//{environ.get('HTTP_HOST')}").hostname or ""
            home = origins.page[0 if is_loopback(name) else -1]
            status, body = "302 Found", b""
            extra.append(("Location", home + "/"))
        elif path.startswith("/runs/"):
            content_type = _TYPES["json"]
            body = json.dumps(records.of(path.removeprefix("/runs/"))).encode()
        elif path not in bodies:
            status, body = "404 Not Found", b"Not here. The demo is at /."
        start_response(
            status,
            [
                ("Content-Type", content_type),
                ("Content-Length", str(len(body))),
                ("Content-Security-Policy", security),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
                *extra,
            ],
        )
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    return application
