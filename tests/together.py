"""Many threads at once, and what they share: one policy and one middleware of each protocol.

Here: threads that start together, each one's own requests, and requests that are under way while
others begin. Not here: any test (`test_threads.py`, `test_changes_meanwhile.py`).
Spec: https://docs.python.org/3/howto/free-threading-python.html
"""

import sys
import threading

import pytest
from corsac import Policy
from corsac.adapters import asgi, wsgi

THREADS = 4
ROUNDS = 250
ASKED = "access-control-request-method"
NAMES = "access-control-request-headers"
ALLOW_ORIGIN = "access-control-allow-origin"
GOOD, EVIL = "https://0.example.com", "https://evil.example"
POLICY = Policy(
    allow_origins=["https://*.example.com"],
    allow_methods=["*"],
    allow_headers=["*"],
    expose_headers=["X-Seen"],
    allow_credentials=True,
)


def together(job, *disturbers):
    """Runs the job in many threads at once, and each disturber over and over beside them."""
    barrier = threading.Barrier(THREADS + len(disturbers))
    done = threading.Event()
    raised = []

    def run(work, *arguments):
        try:
            barrier.wait(20)
            work(*arguments)
        except BaseException as error:  # noqa: BLE001 - a panic of the core is no Exception
            raised.append(error)

    def disturb(work):
        while not done.is_set():
            work()

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # turns as often as the interpreter allows
    jobs = [threading.Thread(target=run, args=(job, n)) for n in range(THREADS)]
    beside = [threading.Thread(target=run, args=(disturb, d)) for d in disturbers]
    for thread in (*jobs, *beside):
        thread.daemon = True
        thread.start()
    for thread in jobs:
        thread.join(60)
    done.set()
    for thread in beside:
        thread.join(10)
    sys.setswitchinterval(before)
    assert not [thread for thread in (*jobs, *beside) if thread.is_alive()]
    for error in raised:
        raise error


def requests(number):
    """A thread's own requests, each with the lines of ours that its answer has, but for `Vary`."""
    origin = ("origin", f"https://{number}.example.com")
    stranger = ("origin", f"https://{number}.example")
    method, names = (ASKED, f"M{number}"), (NAMES, f"X-{number}, ,x-all")
    theirs = {ALLOW_ORIGIN: origin[1], "access-control-allow-credentials": "true"}
    preflight = {
        **theirs,
        "access-control-allow-methods": f"M{number}",
        "access-control-allow-headers": f"X-{number}, x-all",
        "access-control-max-age": "600",
    }
    yield "GET", [], {}
    yield "GET", [origin], {**theirs, "access-control-expose-headers": "X-Seen"}
    yield "GET", [stranger], {}
    yield "OPTIONS", [origin, method, names], preflight
    yield "OPTIONS", [stranger, method, names], {}


def text(lines):
    """Header lines of either type, as str with names in lower case."""
    pairs = ((str(n, "latin-1"), str(v, "latin-1")) for n, v in lines)
    if all(isinstance(name, str) for name, _ in lines):
        pairs = lines
    return [(name.lower(), value) for name, value in pairs]


def ours(lines):
    """What the policy says in an answer, but for `Vary`, of which there is one line."""
    lines = text(lines)
    (vary,) = (value for name, value in lines if name == "vary")
    assert "Origin" in vary.split(", ")
    found = [line for line in lines if line[0].startswith("access-control")]
    assert len(found) == len(dict(found))
    return dict(found)


def finish(coroutine):
    """Runs a coroutine that waits for nothing."""
    with pytest.raises(StopIteration):
        coroutine.send(None)


class Both:
    """One middleware of each protocol around one application, which answers with `headers(lines)`.

    A request's answer is in two parts, so that other requests come between.
    """

    def __init__(self, answer_with):
        self.answer_with = answer_with
        self.asgi = asgi.CORSMiddleware(self._asgi, POLICY)
        self.wsgi = wsgi.CORSMiddleware(self._wsgi, POLICY)

    async def _asgi(self, scope, receive, send):
        lines = self.answer_with(scope["number"], bytes)
        await send({"type": "http.response.start", "status": 200, "headers": lines})

    def _wsgi(self, environ, start_response):
        def body():
            start_response("200 OK", self.answer_with(environ["number"], str))
            yield b""

        return body()

    def begin_asgi(self, method, lines, number):
        sent = []

        async def send(message):
            sent.append(message)

        lines = [(name.encode(), value.encode()) for name, value in lines]
        scope = {"type": "http", "method": method, "headers": lines, "number": number}
        coroutine = self.asgi(scope, None, send)

        def end():
            finish(coroutine)
            return sent[0]["headers"]

        return end

    def begin_wsgi(self, method, lines, number):
        started = []
        environ = {"REQUEST_METHOD": method, "number": number}
        for name, value in lines:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        body = self.wsgi(environ, lambda *arguments: started.append(arguments))

        def end():
            list(body)
            return started[0][1]

        return end
