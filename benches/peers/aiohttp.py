"""aiohttp-cors in an aiohttp application of one handler.

Here: the application with the extension, with corsac's adapter, and without, and its door: aiohttp speaks
neither ASGI nor WSGI, so a request enters as the bytes that a socket would hand over, and
has been answered when its bytes come out.
Not here: a wildcard, which this peer cannot express.
Spec: https://docs.aiohttp.org/en/stable/web_advanced.html
"""

import asyncio
from itertools import repeat
from time import perf_counter

import aiohttp_cors
from aiohttp import web
from corsac.adapters.aiohttp import install

from .cases import EXPOSED, HEADERS, MAX_AGE, METHODS
from .doors import BODY


class Wire(asyncio.Transport):
    """A connection whose other end is the caller."""

    def __init__(self):
        super().__init__()
        self.expect()

    def expect(self):
        self.written = asyncio.get_running_loop().create_future()

    def write(self, data):
        if not self.written.done():
            self.written.set_result(bytes(data))

    def writelines(self, parts):
        self.write(b"".join(parts))

    def is_closing(self):
        return False


class Application:
    """An aiohttp application, and the one connection over which it is asked."""

    def __init__(self, app):
        self.app, self.connection = app, None

    async def connect(self):
        if self.connection is None:
            runner = web.AppRunner(self.app, access_log=None)
            await runner.setup()
            self.connection = runner.server(), Wire()
            protocol, wire = self.connection
            protocol.connection_made(wire)
            await asyncio.sleep(0)
        return self.connection


class Connection:
    """Bytes in, bytes out."""

    @staticmethod
    def request(case):
        lines = b"".join(b"%s: %s\r\n" % line for line in case.lines)
        return b"%s / HTTP/1.1\r\n%s\r\n" % (case.method.encode(), lines)

    @classmethod
    async def answer(cls, app, case):
        """The status and the header lines."""
        protocol, wire = await app.connect()
        wire.expect()
        protocol.data_received(cls.request(case))
        head = (await wire.written).decode().partition("\r\n\r\n")[0]
        status, *lines = head.split("\r\n")
        return int(status.split()[1]), [tuple(line.split(": ", 1)) for line in lines]

    @classmethod
    async def timer(cls, app, case):
        """What gives the seconds of so many requests."""
        protocol, wire = await app.connect()
        request = cls.request(case)

        async def seconds(number):
            started = perf_counter()
            for _ in repeat(None, number):
                wire.expect()
                protocol.data_received(request)
                await wire.written
            return perf_counter() - started

        return seconds


door = Connection


def application():
    async def view(request):
        return web.Response(body=BODY, content_type="application/json")

    app = web.Application()
    return app, app.router.add_get("/", view)


def bare():
    return Application(application()[0])


def adapted(policy):
    return Application(install(application()[0], policy))


def passing():
    """With a handler of the signal that aiohttp sends before each response, which does nothing."""
    app, _ = application()

    async def do_nothing(request, response):
        pass

    app.on_response_prepare.append(do_nothing)
    return Application(app)


def guarded(terms):
    if terms.wildcard:
        return None
    app, route = application()
    options = aiohttp_cors.ResourceOptions(
        allow_methods=METHODS,
        allow_headers=HEADERS,
        allow_credentials=terms.credentials,
        expose_headers=EXPOSED,
        max_age=MAX_AGE,
    )
    cors = aiohttp_cors.setup(app, defaults=dict.fromkeys(terms.exact, options))
    cors.add(route)
    return Application(app)
