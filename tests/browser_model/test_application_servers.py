"""Servers in this process, which keep an application: loops, lifespans, threads.

Here: `Server`, from plain code and from coroutines of asyncio and trio.
Not here: single exchanges (`test_applications.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

import asyncio

import pytest
import trio
from browser_model.spoken_applications import GET, ask, body, start
from corsac.browser.applications import Server


class Living:
    """An application with a lifespan. `fails`: the phase that fails."""

    def __init__(self, fails=None):
        self.fails = fails
        self.seen = []

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            self.seen.append(scope["state"]["made"])
            scope["state"]["made"] = "changed"
            await send(start())
            await send(body())
            return
        self.seen.append("lifespan")
        scope["state"]["made"] = "at the start"
        while True:
            message = await receive()
            self.seen.append(message["type"])
            failed = message["type"] == f"lifespan.{self.fails}"
            kind = f"{message['type']}.{'failed' if failed else 'complete'}"
            await send({"type": kind, "message": "no database"})
            if failed:
                raise RuntimeError("the cause")
            if message["type"] == "lifespan.shutdown":
                return


WHOLE_LIFE = [
    "lifespan",
    "lifespan.startup",
    "at the start",
    "at the start",
    "lifespan.shutdown",
]


async def live(application):
    async with Server(application) as server:
        await server.send_async(GET)
        await server.send_async(GET)


async def live_and_be_closed(application):
    server = Server(application)
    await server.send_async(GET)
    await server.send_async(GET)
    return server


def test_a_lifespan_surrounds_all_requests_of_plain_code():
    """It begins before the first, and ends once; each request has a copy of its state."""
    application = Living()
    with Server(application) as server:
        server.send(GET)
        server.send(GET)
    assert WHOLE_LIFE == application.seen


@pytest.mark.parametrize("run", [asyncio.run, trio.run], ids=["asyncio", "trio"])
def test_a_lifespan_surrounds_all_requests_of_a_coroutine(run):
    """In the loop of that coroutine, whichever it is."""
    application = Living()
    run(live, application) if run is trio.run else run(live(application))
    assert WHOLE_LIFE == application.seen


def test_a_lifespan_ends_from_outside_of_its_loop():
    """As a fixture that is no coroutine does it, while the loop still is there."""
    application = Living()
    loop = asyncio.new_event_loop()
    loop.run_until_complete(live_and_be_closed(application)).close()
    loop.close()
    assert WHOLE_LIFE == application.seen


@pytest.mark.parametrize("phase", ["startup", "shutdown"])
def test_a_lifespan_that_fails_says_so(phase):
    """With the application's reason, and the exception behind it."""

    def use():
        with Server(Living(phase)) as server:
            server.send(GET)

    with pytest.raises(RuntimeError, match="no database") as caught:
        use()
    assert "the cause" == str(caught.value.__cause__)


def test_an_application_need_not_know_lifespans():
    """It may raise, as ASGI allows, or do nothing."""

    async def application(scope, receive, send):
        assert scope["type"] == "http"
        await send(start())
        await send(body())

    assert 200 == ask(application).status


def test_what_an_application_leaves_running_is_ended():
    """With the server; nothing warns of it."""
    ended = []

    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def application(scope, receive, send):
        if scope["type"] == "http":
            scope["app.task"] = asyncio.ensure_future(forever())
            await asyncio.sleep(0)
            await send(start())
            await send(body())

    ask(application)
    assert [True] == ended


def test_plain_code_within_a_coroutine_is_told_what_to_write():
    """One loop cannot run within another."""

    async def use():
        with Server(Living()) as server:
            server.send(GET)

    with pytest.raises(RuntimeError, match="ends in _async"):
        asyncio.run(use())


@pytest.mark.parametrize("run", [asyncio.run, trio.run], ids=["asyncio", "trio"])
def test_wsgi_is_asked_from_a_coroutine_in_a_thread(run):
    """Its code blocks, and must not find itself in a loop."""
    loops = []

    def application(environ, start_response):
        loops.append(asyncio._get_running_loop())
        start_response("200 OK", [])
        return [b""]

    async def use():
        async with Server(application) as server:
            return await server.send_async(GET)

    result = run(use) if run is trio.run else run(use())
    assert 200 == result.status
    assert [None] == loops
