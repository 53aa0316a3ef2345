"""Fetches and servers that the tables of rules are written with.

Here: `verdict`, `sent`, and the three servers that most rows need. Not here: any expectation.
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from corsac.browser import Fetch, Response, predict

PAGE = "https://app.example"
API = "https://api.example/x"
THIRD = "https://third.example/end"


def answer(*lines, status=200):
    """A response with these pairs as its lines."""
    return Response(status, tuple(lines))


def allow(origin="*", **names):
    """The lines of the protocol: `allow(PAGE, methods="PUT")`."""
    lines = [("Access-Control-Allow-Origin", origin)]
    for name, value in names.items():
        spelled = {"expose": "Expose-Headers", "age": "Max-Age"}.get(
            name, f"Allow-{name.title()}"
        )
        lines.append((f"Access-Control-{spelled}", value))
    return lines


def generous(request):
    """A server that allows every origin everything, without credentials."""
    return answer(*allow("*", methods="*", headers="*, authorization"))


class Server:
    """Answers by URL, preflights apart: `Server({API: [...]}, preflight=[...])`."""

    def __init__(self, answers=None, preflight=None):
        self.answers = answers or {}
        self.preflight = preflight
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        if request.is_preflight:
            return self.preflight or generous(request)
        return self.answers.get(request.url) or generous(request)


def ask(server=generous, *, browser=None, cache=None, url=API, page=PAGE, **keywords):
    """The verdict on a fetch of the page against the server."""
    fetch = Fetch(page_origin=page, url=url, **keywords)
    return predict(fetch, server, browser=browser, cache=cache)


def sent(verdict):
    """Method and URL of each request, and `?` before a preflight's."""
    return [
        ("?" if e.request.is_preflight else "") + f"{e.request.method} {e.request.url}"
        for e in verdict.exchanges
    ]


def header(verdict, name, at=-1):
    """The value of a header of one of the requests, or None."""
    lines = {n.lower(): v for n, v in verdict.exchanges[at].request.headers}
    return lines.get(name.lower())
