"""Another thread changes what is read: lists, mappings, messages.

Here: each answer is one that what stood there at some time deserves, nothing raises that plain
Python would not, and nothing panics. Not here: threads that only share (`test_threads.py`).
Spec: https://docs.python.org/3/howto/free-threading-python.html
"""

import pytest
from corsac import OriginMatcher
from corsac.adapters import asgi, wsgi
from together import (
    ALLOW_ORIGIN,
    ASKED,
    EVIL,
    GOOD,
    POLICY,
    ROUNDS,
    Both,
    finish,
    ours,
    requests,
    text,
    together,
)


def kind_of(name, kind):
    return (name, "1") if kind is str else (name.encode(), b"1")


class Unread(list):
    """A list of a type that the core leaves to Python."""


@pytest.mark.parametrize("protocol", ["asgi", "wsgi"])
@pytest.mark.parametrize("make", [list, Unread])
def test_the_lines_of_an_application_may_change_while_they_are_merged(protocol, make):
    """Each answer has lines that once stood there, and ours beside them; nothing raises."""
    shared = {str: make(), bytes: make()}
    names = ["X-Seen", "Vary", ALLOW_ORIGIN, "Access-Control-Max-Age", "X-Other"]
    begin = getattr(Both(lambda number, kind: shared[kind]), f"begin_{protocol}")

    def disturb():
        for kind, lines in shared.items():
            lines.clear()
            for name in names * 3:
                lines.append(kind_of(name, kind))
            lines[:] = [list(kind_of(name, kind)) for name in names]
            lines.insert(0, kind_of("vary", kind))
            del lines[2:]
            lines += tuple(kind_of(name, kind) for name in names * 20)

    def job(number):
        for _ in range(ROUNDS):
            for method, lines, expected in requests(number):
                answer = begin(method, lines, number)()
                assert expected == ours(answer)
                theirs = {name for name, _ in text(answer) if name.startswith("x-")}
                assert theirs <= {"x-seen", "x-other"}

    together(job, disturb, disturb)


def test_a_message_may_change_while_it_is_sent():
    """One message of all answers gets other headers and other keys meanwhile."""
    message = {"type": "http.response.start", "status": 200, "headers": []}

    async def app(scope, receive, send):
        await send(message)

    shared = asgi.CORSMiddleware(app, POLICY)

    def disturb():
        message["headers"] = [(b"vary", b"Accept"), (ALLOW_ORIGIN.encode(), b"*")]
        for n in range(8):
            message[f"x-{n}"] = n
        message.pop("headers")
        message["headers"] = ()
        for n in range(8):
            del message[f"x-{n}"]

    def job(number):
        own = {"type": "http", "method": "GET", "headers": []}
        for _ in range(ROUNDS * 3):
            for method, lines, expected in requests(number):
                if method != "GET":
                    continue
                sent = []

                async def send(start, sent=sent):
                    sent.append(start)

                own["headers"] = [(n.encode(), v.encode()) for n, v in lines]
                finish(shared(own, None, send))
                assert expected == ours(sent[0]["headers"])

    together(job, disturb)


def test_the_lines_of_a_request_may_change_while_they_are_read():
    """Nobody gets more than the allowed origin that stood there at some time."""
    shared = [("origin", GOOD)]

    def disturb():
        shared.clear()
        shared.extend([("x-other", "1")] * 40)
        shared.append(("origin", EVIL))
        shared[:] = [["origin", GOOD]]
        shared.append((ASKED, "PUT"))
        del shared[:1]

    def job(number):
        for _ in range(ROUNDS * 20):
            decision = POLICY.decide("GET", shared)
            assert ours(decision.headers).get(ALLOW_ORIGIN) in (None, GOOD)

    together(job, disturb, disturb)


@pytest.mark.parametrize("kind", [dict, type("Mapping", (dict,), {})])
def test_a_mapping_may_change_while_it_is_read(kind):
    """It is no panic of the core that keys come and go."""
    shared = kind({f"x-{n}": "1" for n in range(20)}, origin=GOOD)

    def disturb():
        for n in range(40):
            shared[f"y-{n}"] = "1"
        shared["origin"] = EVIL
        for n in range(40):
            shared.pop(f"y-{n}", None)
        shared["origin"] = GOOD

    def job(number):
        for _ in range(ROUNDS * 20):
            decision = POLICY.decide("GET", shared)
            assert ours(decision.headers).get(ALLOW_ORIGIN) in (None, GOOD)

    together(job, disturb, disturb)


def test_an_environ_may_change_while_it_is_read():
    """The middleware asks for a few keys of it, one by one."""
    shared = {"REQUEST_METHOD": "OPTIONS"}

    def disturb():
        shared["HTTP_ORIGIN"] = GOOD
        shared["HTTP_ACCESS_CONTROL_REQUEST_METHOD"] = "PUT"
        for n in range(20):
            shared[f"HTTP_X_{n}"] = "1"
        shared["HTTP_ORIGIN"] = EVIL
        del shared["HTTP_ACCESS_CONTROL_REQUEST_METHOD"]
        for n in range(20):
            del shared[f"HTTP_X_{n}"]

    def app(environ, start_response):
        start_response("200 OK", [])
        return []

    middleware = wsgi.CORSMiddleware(app, POLICY)

    def job(number):
        started = []
        for _ in range(ROUNDS * 10):
            middleware(shared, lambda *arguments: started.append(arguments))
            assert ours(started.pop()[1]).get(ALLOW_ORIGIN) in (None, GOOD)

    together(job, disturb)


def test_a_pair_may_lose_its_value_while_it_is_read():
    """A list in place of a tuple is then no pair, which is a wrong type and no other error."""
    shared = [["origin", GOOD], ["vary", "Accept"]]
    lines = shared * 25

    def disturb():
        for pair, value in zip(shared, [GOOD, "Accept"], strict=True):
            del pair[1:]
            pair[1:] = [value]

    def job(number):
        own = POLICY.decide("GET", [("origin", f"https://{number}.example.com")])
        for _ in range(ROUNDS * 4):
            for ask in (lambda: POLICY.decide("GET", lines), lambda: own.merge(lines)):
                try:
                    ask()
                except TypeError as error:
                    assert "pair" in str(error)

    together(job, disturb, disturb)


def test_many_origins_are_matched_while_their_list_changes():
    """Each answer is that of an origin that stood in its place: every other one is covered."""
    covered = [f"https://{n}.example.com" for n in range(10)]
    others = [b"https://example.org", None, "https://b\xfccher.example", "null"]
    matcher = OriginMatcher(["https://*.example.com"])
    shared = [covered[0], None] * 10_000

    def disturb():
        for n in range(1000):
            shared[2 * n] = covered[n % len(covered)]
            shared[2 * n + 1] = others[n % len(others)]
        del shared[-1000:]
        shared.extend([covered[1], others[0]] * 500)

    def job(number):
        for _ in range(10):
            answers = matcher.match_many(shared)
            assert len(answers) in (19_000, 20_000)
            assert answers == [True, False] * (len(answers) // 2)
            assert covered[number] in matcher and others[0] not in matcher

    together(job, disturb)
