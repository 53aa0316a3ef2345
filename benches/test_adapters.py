"""Times what an adapter adds to a request over the application alone.

Here: ASGI and WSGI, without a server. Coroutines are driven by hand, so that no
event loop is part of the figures. A preflight never reaches the application:
nothing is taken off its time.
Not here: the engine alone (`test_decide.py`, `test_merge.py`).
Spec: https://asgi.readthedocs.io/en/latest/specs/www.html,
https://peps.python.org/pep-3333/
"""

import pytest
from corsac.adapters import asgi, wsgi
from peers.doors import receive, send, small_asgi, small_wsgi, start_response
from pure_python_adapters import PurePythonASGIMiddleware, PurePythonWSGIMiddleware
from shared import ACTUAL, BARE, CORSAC, NO_ORIGIN, POLICIES, PREFLIGHT, TWIN, in_str

PASSED_ON = {"no-origin": NO_ORIGIN, "actual": ACTUAL}

ASGI = {
    BARE: small_asgi,
    CORSAC: asgi.CORSMiddleware(small_asgi, POLICIES[CORSAC]),
    TWIN: PurePythonASGIMiddleware(small_asgi, POLICIES[TWIN]),
}
WSGI = {
    BARE: small_wsgi,
    CORSAC: wsgi.CORSMiddleware(small_wsgi, POLICIES[CORSAC]),
    TWIN: PurePythonWSGIMiddleware(small_wsgi, POLICIES[TWIN]),
}


def scope_of(method, lines):
    return {
        "type": "http",
        "method": method,
        "path": "/",
        "query_string": b"",
        "headers": lines,
    }


def environ_of(method, lines):
    """An environ, as https://peps.python.org/pep-3333/#environ-variables spells names."""
    names = [
        (f"HTTP_{n.upper().replace('-', '_')}", value) for n, value in in_str(lines)
    ]
    return {"REQUEST_METHOD": method, "PATH_INFO": "/", **dict(names)}


def drive(app, scope, send=send):
    """Runs an application that never has to wait."""
    try:
        app(scope, receive, send).send(None)
    except StopIteration:
        return
    raise AssertionError("the application waits")


def asgi_answer(app, scope):
    """The status, and the header lines in order."""
    messages = []

    async def keep(message):
        messages.append(message)

    drive(app, scope, keep)
    return messages[0]["status"], plain(messages[0]["headers"])


def wsgi_answer(app, environ):
    starts = []
    app(environ, lambda *start: starts.append(start))
    status, lines = starts[0]
    return int(status.split()[0]), plain(lines)


def plain(lines):
    """Header lines in one order, whatever the spelling of names."""
    return sorted((name.lower(), value) for name, value in lines)


@pytest.mark.sides(BARE, CORSAC, TWIN)
@pytest.mark.parametrize("case", PASSED_ON)
def test_asgi(measure, case):
    """A request that the application answers."""
    scope = scope_of("GET", PASSED_ON[case])
    ours, twin = asgi_answer(ASGI[CORSAC], scope), asgi_answer(ASGI[TWIN], scope)
    assert ours == twin != asgi_answer(ASGI[BARE], scope)
    calls = {side: lambda app=app: drive(app, scope) for side, app in ASGI.items()}
    measure(f"asgi/{case}", calls)


@pytest.mark.sides(BARE, CORSAC, TWIN)
@pytest.mark.parametrize("case", PASSED_ON)
def test_wsgi(measure, case):
    """A request that the application answers."""
    environ = environ_of("GET", PASSED_ON[case])
    ours, twin = wsgi_answer(WSGI[CORSAC], environ), wsgi_answer(WSGI[TWIN], environ)
    assert ours == twin != wsgi_answer(WSGI[BARE], environ)
    measure(f"wsgi/{case}", WSGI, environ, start_response)


def test_asgi_preflight(measure):
    """A request that the middleware answers."""
    scope = scope_of("OPTIONS", PREFLIGHT)
    ours, twin = asgi_answer(ASGI[CORSAC], scope), asgi_answer(ASGI[TWIN], scope)
    assert ours == twin and ours[0] == 204
    calls = {side: lambda app=app: drive(app, scope) for side, app in ASGI.items()}
    measure("asgi/preflight", calls)


def test_wsgi_preflight(measure):
    """A request that the middleware answers."""
    environ = environ_of("OPTIONS", PREFLIGHT)
    ours, twin = wsgi_answer(WSGI[CORSAC], environ), wsgi_answer(WSGI[TWIN], environ)
    assert ours == twin and ours[0] == 204
    measure("wsgi/preflight", WSGI, environ, start_response)
