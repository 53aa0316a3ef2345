"""What adapters take, and the policy that a source gives a request.

Here: the choice by itself, in frameworks that wait and in those that do not.
Not here: maps, several policies and handles themselves, each adapter (`adapters/`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import asyncio

import pytest
from choosing import choose_policy
from corsac import OriginPolicies, Policy, PolicyError, PolicyHandle, PolicyMap, Request
from corsac._sources import choose, choose_now, read_source
from corsac.adapters import asgi, wsgi

FIRST = Policy(allow_origins=["https://first.example"])
SECOND = Policy(allow_origins=["https://second.example"])
REQUEST = Request(
    "GET",
    [("Origin", "https://second.example")],
    scheme="http",
    path="/second",
    native=None,
)


async def later(choice):
    await asyncio.sleep(0)
    return choice


class Chooser:
    """A callable that is no function, and remembers whom it was shown."""

    def __init__(self, choice):
        self.choice, self.shown = choice, []

    def __call__(self, request):
        self.shown.append(request)
        return self.choice


CHOICES = [
    (FIRST, FIRST),
    (None, None),
    (PolicyMap({"/": FIRST, "/second": SECOND}), SECOND),
    (PolicyMap({"/second": PolicyMap({"/": SECOND, "/second": None})}), None),
    (PolicyMap({"/second": PolicyHandle(PolicyHandle(SECOND).policy)}), SECOND),
    (PolicyMap({"/first": FIRST}), None),
    (OriginPolicies([FIRST, SECOND]), SECOND),
    (PolicyHandle(SECOND), SECOND),
    (PolicyHandle(None), None),
    (PolicyHandle(PolicyMap({"/second": OriginPolicies([SECOND, FIRST])})), SECOND),
]


@pytest.mark.parametrize(("choice", "expected"), CHOICES)
def test_a_choice_leads_to_a_policy_by_whatever_way(choice, expected):
    """Held, given by a callable at once, or to be awaited."""
    sources = [lambda request: choice, Chooser(choice)]
    sources += [] if choice is None else [choice]
    for source in sources:
        assert expected == choose_policy(source, REQUEST)
        assert expected == choose_now(source, REQUEST)
    assert expected == choose_policy(lambda request: later(choice), REQUEST)


def test_a_callable_is_shown_the_request():
    """Once, and as what it is, whatever of scope and environ an adapter hands over."""
    chooser = Chooser(FIRST)
    scope = {"type": "http", "method": "PUT", "path": "/a", "headers": []}
    environ = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/a"}
    for native in (scope, environ):
        assert FIRST is choose(chooser, Request.of(native))
        [request] = chooser.shown
        assert ("PUT", "/a", native) == (request.method, request.path, request.native)
        chooser.shown.clear()
    assert FIRST is choose(chooser, REQUEST)
    assert [REQUEST] == chooser.shown


def test_nobody_waits_where_nothing_waits():
    """A coroutine is closed and not only left, and the error says what to write."""

    async def choose_later(request):
        raise AssertionError("nobody runs this")

    for source in (choose_later, lambda request: Awaitable()):
        with pytest.raises(TypeError, match="write a plain function"):
            choose_now(source, REQUEST)


class Awaitable:
    """Something to await that is no coroutine."""

    def __await__(self):
        yield


@pytest.mark.parametrize("choice", [5, "public", [FIRST], {}, lambda request: FIRST])
def test_a_callable_chooses_a_policy_or_none(choice):
    """Anything else is a mistake of whoever wrote it, and says so."""
    with pytest.raises(TypeError, match="which is no policy"):
        choose_policy(lambda request: choice, REQUEST)
    with pytest.raises(TypeError, match="which is no policy"):
        choose_policy(lambda request: later(choice), REQUEST)


def test_what_a_callable_raises_is_the_applications_own():
    """Nothing hides it, and nothing is answered in its place."""

    def fail(request):
        raise LookupError("raised on purpose")

    async def fail_later(request):
        raise LookupError("raised on purpose")

    for source in (fail, fail_later):
        with pytest.raises(LookupError, match="on purpose"):
            choose_policy(source, REQUEST)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(LookupError, match="on purpose"):
        asgi.CORSMiddleware(None, fail)(scope, None, None)
    with pytest.raises(LookupError, match="on purpose"):
        wsgi.CORSMiddleware(None, fail)({"REQUEST_METHOD": "GET"}, None)


@pytest.mark.parametrize("adapter", [asgi, wsgi])
def test_a_source_is_given_alone(adapter):
    """Not beside keywords, and nothing else in its place."""
    for source in (FIRST, PolicyHandle(FIRST), PolicyMap({"/": FIRST}), Chooser(None)):
        assert source is adapter.CORSMiddleware(None, source).policy
        with pytest.raises(TypeError, match="either a Policy or its keywords"):
            adapter.CORSMiddleware(None, source, max_age=5)
    for other in (5, "public", {"/": FIRST}, [FIRST]):
        with pytest.raises(TypeError, match="either a Policy or its keywords"):
            adapter.CORSMiddleware(None, other)


def test_keywords_alone_are_a_policy():
    """With every problem of it."""
    assert FIRST == read_source(None, {"allow_origins": FIRST.allow_origins})
    with pytest.raises(PolicyError):
        read_source(None, {"allow_origins": []})


def test_a_request_is_read_where_somebody_asks_for_it_alone():
    """A handle with one policy knows it without; a map of paths reads no header."""

    class Unreadable(dict):
        def __getitem__(self, name):
            raise AssertionError("nobody reads this")

        get = __getitem__

    assert FIRST is choose(PolicyHandle(FIRST), Unreadable())
    assert choose_now(PolicyHandle(None), Unreadable()) is None


def test_lines_that_can_be_read_once_are_read_for_all():
    """By whoever chooses, by the policy, and by the application."""
    seen = []

    async def application(scope, receive, send):
        seen.extend(scope["headers"])

    async def ask(origin):
        lines = [(b"host", b"a.test"), (b"origin", origin)]
        scope = {"type": "http", "method": "GET", "path": "/", "headers": iter(lines)}
        routes = PolicyMap({"a.test": FIRST.replace(enforce=True)})
        sent = []

        async def send(message):
            sent.append(message)

        await asgi.CORSMiddleware(application, routes)(scope, None, send)
        return sent

    assert [] == asyncio.run(ask(b"https://first.example"))
    assert [(b"host", b"a.test"), (b"origin", b"https://first.example")] == seen
    assert 403 == asyncio.run(ask(b"https://second.example"))[0]["status"]


def test_an_adapter_makes_its_answers_once():
    """Not once for each request: whoever replaces policies pays for new ones alone."""
    policy = Policy(allow_origins=["*"])
    app = wsgi.CORSMiddleware(
        lambda environ, start_response: [], lambda request: policy
    )
    app({"REQUEST_METHOD": "GET"}, None)
    [answers] = policy._answers.values()
    for _ in range(3):
        app({"REQUEST_METHOD": "GET"}, None)
    assert [answers] == list(policy._answers.values())
