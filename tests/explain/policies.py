"""Policies and applications that tests name on the command line.

Here: `package.module:name` for `read_subject`. Not here: any test.
Spec: https://packaging.python.org/en/latest/specifications/entry-points/#data-model
"""

import re

from corsac import Policy
from corsac.adapters.asgi import CORSMiddleware as ASGIMiddleware
from corsac.adapters.wsgi import CORSMiddleware

plain = Policy(allow_origins=["https://app.example"])
several = Policy(
    allow_origins=["https://app.example", "https://*.shop.example"],
    allow_methods=["DELETE"],
    allow_headers=["X-Token"],
)
everyone = Policy(allow_origins=["*"], allow_headers=["*"], expose_headers=["*"])
mixed = Policy(allow_origins=["*", "http://old.example", "https://new.example"])
regex = Policy(allow_origins=[re.compile(r"https://[a-z]+\.app\.example")])
trusted = Policy(allow_origins=["https://app.example"], allow_credentials=True)


def items(environ, start_response):
    """An application that fails at /fails, and counts its items otherwise."""
    path = environ["PATH_INFO"]
    status = "500 Internal Server Error" if path == "/fails" else "200 OK"
    start_response(status, [("Content-Type", "text/plain"), ("X-Total-Count", "3")])
    return [b"items"]


async def asynchronous(scope, receive, send):
    """The same as a coroutine."""
    start = {"type": "http.response.start", "status": 200}
    await send({**start, "headers": [(b"x-total-count", b"3")]})
    await send({"type": "http.response.body", "body": b"items"})


guarded = CORSMiddleware(items, several)
guarded_asynchronous = ASGIMiddleware(asynchronous, several)


def half_guarded(environ, start_response):
    """A router that answers preflights itself, before the middleware."""
    if environ["REQUEST_METHOD"] == "OPTIONS":
        start_response("405 Method Not Allowed", [("Allow", "GET")])
        return [b""]
    return guarded(environ, start_response)


deleted = []


def deleting(environ, start_response):
    """Does what it is asked."""
    if environ["REQUEST_METHOD"] == "DELETE":
        deleted.append(environ["PATH_INFO"])
    start_response("204 No Content", [])
    return []


guarded_deleting = CORSMiddleware(deleting, several)


async def stillborn(scope, receive, send):
    """Fails before it serves anything."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})


many = Policy(allow_origins=[f"https://a{number}.example" for number in range(5000)])
