"""How an application is asked, once for its answer or often for its time.

Here: ASGI and WSGI, without a server; each with the small application that stands for
any other, and corsac's middleware for it. Not here: aiohttp's own door (`aiohttp.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html, https://peps.python.org/pep-3333/
"""

import asyncio
import io
from itertools import repeat
from time import perf_counter
from timeit import Timer

from corsac.adapters import asgi, wsgi
from shared import in_str

BODY = b"{}"
LINES = [(b"content-type", b"application/json"), (b"content-length", b"2")]
TEXT_LINES = in_str(LINES)


async def small_asgi(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": LINES})
    await send({"type": "http.response.body", "body": BODY})


def passing_asgi(app):
    """What stands in a response's way and does nothing there."""

    async def middleware(scope, receive, send):
        async def respond(message):
            await send(message)

        await app(scope, receive, respond)

    return middleware


def small_wsgi(environ, start_response):
    start_response("200 OK", TEXT_LINES)
    return [BODY]


async def receive():
    """A client that sends no body and stays."""
    await asyncio.get_running_loop().create_future()


async def send(message):
    """Takes the message, as a server does that is faster than the client."""


def start_response(status, headers, exc_info=None):
    """Takes the status line and the headers."""


class ASGI:
    """An awaited application. The scope is one and the same for all calls."""

    small = staticmethod(small_asgi)
    corsac = asgi.CORSMiddleware

    @staticmethod
    def request(case):
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": case.method,
            "scheme": "https",
            "path": "/",
            "raw_path": b"/",
            "root_path": "",
            "query_string": b"",
            "headers": case.lines,
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
        }

    @classmethod
    async def answer(cls, app, case):
        """The status and the header lines."""
        messages = []

        async def keep(message):
            messages.append(message)

        await app(cls.request(case), receive, keep)
        return messages[0]["status"], in_str(messages[0]["headers"])

    @classmethod
    async def timer(cls, app, case):
        """What gives the seconds of so many requests."""
        scope = cls.request(case)

        async def seconds(number):
            started = perf_counter()
            for _ in repeat(None, number):
                await app(scope, receive, send)
            return perf_counter() - started

        return seconds


class WSGI:
    """A called application, its body read and closed. The environ is the same for all calls."""

    small = staticmethod(small_wsgi)
    corsac = wsgi.CORSMiddleware

    @staticmethod
    def request(case):
        names = [(n.upper().replace("-", "_"), v) for n, v in in_str(case.lines)]
        return {
            "REQUEST_METHOD": case.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **{f"HTTP_{name}": value for name, value in names},
        }

    @classmethod
    async def answer(cls, app, case):
        """The status and the header lines."""
        starts = []
        take(app, cls.request(case), lambda *start: starts.append(start))
        status, lines, *_ = starts[0]
        return int(status.split()[0]), lines

    @classmethod
    async def timer(cls, app, case):
        """What gives the seconds of so many requests."""
        environ = cls.request(case)
        timer = Timer(lambda: take(app, environ, start_response))

        async def seconds(number):
            return timer.timeit(number)

        return seconds


def take(app, environ, start_response):
    """Does what a server owes to an application's body."""
    body = app(environ, start_response)
    for _ in body:
        pass
    if hasattr(body, "close"):
        body.close()
