"""The servers of the corpus's rows, as callables from requests to responses.

Here: `Recorded`, which answers as a row says; `Echo`, which allows whatever is asked, as the server
did whose requests were recorded. Not here: pages (`page.py`).
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from corsac.browser import Cause, NoResponse, Response

#: The ports on which the recorded servers listened.
PORTS = ("", ":8001", ":8002", ":8003", ":8443")
THIRD = "http://c.localhost:8003"
PLAIN = ("Content-Type", "text/plain")


def split(url):
    """Origin and path of a URL."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}", slash + path


def value_of(request, name):
    return next((v for n, v in request.headers if n.lower() == name.lower()), None)


class Recorded:
    """Answers from a row's table: `"METHOD /path"` before `"METHOD"` before `"*"`."""

    def __init__(self, rules, case, page, api):
        self.rules = rules
        self.prefix = f"/c/{case}"
        self.names = {"{page}": page, "{api}": api, "{third}": THIRD}
        self.turns = {}

    def __call__(self, request):
        origin, path = split(request.url)
        if not origin.partition("://")[2].endswith(tuple(filter(None, PORTS))) and (
            ":" in origin.partition("://")[2]
        ):
            raise NoResponse("connection refused", Cause.REFUSED)
        path = path.partition("?")[0].removeprefix(self.prefix)
        if value_of(request, "Upgrade") and self.rules.get("ws", True):
            return Response(101, (("Upgrade", "websocket"),), "X")
        rule = self.rule(request.method, path)
        status = rule.get("status", 204 if request.method == "OPTIONS" else 200)
        lines = [
            (name, self.fill(value, request)) for name, value in rule.get("headers", [])
        ]
        if rule.get("sse"):
            return Response(200, (("Content-Type", "text/event-stream"), *lines), "X")
        if status not in (204, 304):
            body = rule.get("body", "" if request.method == "OPTIONS" else "hello")
            if not any(name.lower() == "content-type" for name, _ in lines):
                lines.append(("Content-Type", rule.get("type", "text/plain")))
            lines.append(("Content-Length", str(len(body))))
        return Response(status, tuple(lines), "X")

    def rule(self, method, path):
        """A list of rules is used up in turn, and its last one stays."""
        keys = (f"{method} {path}", f"* {path}", method, "*")
        rule = next((self.rules[key] for key in keys if key in self.rules), {})
        if isinstance(rule, list):
            turn = self.turns.get((method, path), 0)
            self.turns[method, path] = turn + 1
            rule = rule[min(turn, len(rule) - 1)]
        return rule

    def fill(self, value, request):
        """The row's value with what the request and the row's hosts are."""
        asked = {
            "{origin}": value_of(request, "Origin") or "(none)",
            "{acrh}": value_of(request, "Access-Control-Request-Headers") or "",
            "{acrm}": value_of(request, "Access-Control-Request-Method") or "",
        }
        for name, text in (asked | self.names).items():
            value = value.replace(name, text)
        return value


class Echo:
    """Allows what is asked. `redirects`: from a path to the status and Location it answers with."""

    def __init__(self, redirects):
        self.redirects = redirects

    def __call__(self, request):
        if value_of(request, "Upgrade"):
            return Response(101)
        lines = [
            ("Access-Control-Allow-Origin", value_of(request, "Origin") or "(none)"),
            ("Access-Control-Allow-Credentials", "true"),
            (
                "Access-Control-Allow-Methods",
                value_of(request, "Access-Control-Request-Method") or "",
            ),
            (
                "Access-Control-Allow-Headers",
                value_of(request, "Access-Control-Request-Headers") or "",
            ),
            ("Access-Control-Max-Age", "0"),
        ]
        path = split(request.url)[1]
        if path in self.redirects and not request.is_preflight:
            status, location = self.redirects[path]
            return Response(status, (*lines, ("Location", location)))
        if request.method == "OPTIONS":
            return Response(204, tuple(lines))
        # Events are what an EventSource wants; nothing else here looks at the type.
        return Response(200, (*lines, ("Content-Type", "text/event-stream")))
