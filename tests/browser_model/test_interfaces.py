"""Which interface an application speaks, seen as servers see it.

Here: `interface_of`, and what it says to what is no application. Not here: speaking
(`test_applications.py`).
Spec: https://peps.python.org/pep-3333/#the-application-framework-side
"""

import functools

import pytest
from corsac import Policy
from corsac.adapters import asgi, wsgi
from corsac.browser.applications import Interface, Server, interface_of

POLICY = Policy(allow_origins=["https://app.example"])


def wsgi_function(environ, start_response):
    """Two arguments."""


def wsgi_named_otherwise(a, b):
    """Names do not matter."""


def wsgi_with_more(environ, start_response, *rest, flag=False):
    """What has a default need not be given."""


def asgi_plain(scope, receive, send):
    """Gives back what is awaited."""


async def asgi_function(scope, receive, send):
    """A coroutine function."""


class Callable:
    async def __call__(self, scope, receive, send):
        """An object that is called."""


APPLICATIONS = [
    ("a function of environ and start_response", wsgi_function, "wsgi"),
    ("a function of any two arguments", wsgi_named_otherwise, "wsgi"),
    ("a function with more arguments that it does not need", wsgi_with_more, "wsgi"),
    ("a coroutine function", asgi_function, "asgi"),
    ("a function of scope, receive and send", asgi_plain, "asgi"),
    ("an object whose call is a coroutine function", Callable(), "asgi"),
    ("a partial function", functools.partial(asgi_function), "asgi"),
    (
        "corsac's middleware for ASGI",
        asgi.CORSMiddleware(asgi_function, POLICY),
        "asgi",
    ),
    (
        "corsac's middleware for WSGI",
        wsgi.CORSMiddleware(wsgi_function, POLICY),
        "wsgi",
    ),
]


@pytest.mark.parametrize(
    ("application", "interface"),
    [row[1:] for row in APPLICATIONS],
    ids=[row[0] for row in APPLICATIONS],
)
def test_an_interface_is_seen_as_servers_see_it(application, interface):
    """Three arguments are ASGI, two are WSGI."""
    assert Interface(interface) is interface_of(application)


NO_APPLICATIONS = [
    ("a name", "package.module:app", "give the object itself, not its name"),
    ("nothing", None, "give a WSGI or an ASGI application, or a corsac Policy"),
    ("a class", Callable, "give an instance of it"),
    ("a factory", lambda: wsgi_function, "give the application that it makes"),
    ("one argument", lambda request: None, "takes one argument: a WSGI application"),
    ("any arguments", lambda *arguments: None, "add interface='asgi'"),
    ("an object that hides its arguments", min, "add interface='asgi'"),
]


@pytest.mark.parametrize(
    ("thing", "message"),
    [row[1:] for row in NO_APPLICATIONS],
    ids=[row[0] for row in NO_APPLICATIONS],
)
def test_what_is_no_application_is_refused_with_what_to_give(thing, message):
    """One sentence, before anything is asked."""
    with pytest.raises(TypeError, match=message):
        interface_of(thing)
    with pytest.raises(TypeError, match=message):
        Server(thing)
