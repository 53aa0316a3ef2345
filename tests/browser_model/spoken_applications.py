"""Applications that speak WSGI and ASGI by the letter, without a framework.

Here: what notes its environ or its scope, what sends given messages, requests to them.
Not here: expectations.
"""

from corsac.browser import Request
from corsac.browser.applications import Server

PAGE = "https://app.example"
GET = Request("GET", "https://api.example/a%20b/%C3%A9?q=1&r=%20", (("Origin", PAGE),))
POST = Request("POST", "https://api.example:8443/", (("Content-Type", "text/plain"),))
PREFLIGHT = Request("OPTIONS", "https://api.example/", (("Origin", PAGE),), True)
SOCKET = Request("GET", "wss://api.example/chat", (("Origin", PAGE),))


def answering(seen, status="200 OK", lines=(), body=(b"",)):
    """A WSGI application that notes its environ."""

    def application(environ, start_response):
        seen.append({**environ, "input": environ["wsgi.input"].read()})
        start_response(status, list(lines))
        return list(body)

    return application


def speaking(*messages, seen=None):
    """An ASGI application that reads its request and sends these messages."""

    async def application(scope, receive, send):
        if seen is not None:
            seen.append({**scope, "message": await receive()})
        for message in messages:
            await send(message)

    return application


def start(status=200, *headers):
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(chunk=b"", more=False):
    return {"type": "http.response.body", "body": chunk, "more_body": more}


def ask(application, request=GET, content=b""):
    """One exchange with an application of either interface."""
    with Server(application) as server:
        return server.send(request, content)
