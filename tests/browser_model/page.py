"""A page as the corpus's rows saw it: what its scripts can call, each as a `Fetch`.

Here: `Page`, which runs a row's script through `predict` and keeps the verdicts.
Not here: the language (`script.py`), elements (`elements.py`), what a server answers (`server.py`).
Spec: https://html.spec.whatwg.org/multipage/urls-and-fetching.html
"""

import json
import re

from browser_model.elements import Document, Element, kind_of, url_of
from browser_model.script import UNDEFINED, Script, Thrown
from corsac.browser import Fetch, Kind, PreflightCache, predict


class Body:
    """Something that is sent, with the Content-Type that it brings along."""

    def __init__(self, content_type=None, text="", is_stream=False):
        self.content_type = content_type
        self.text = text
        self.is_stream = is_stream

    def append(self, *_):
        """The fields of a form are nothing to a server here."""


class Headers:
    """https://fetch.spec.whatwg.org/#headers-class"""

    def __init__(self):
        self.lines = []

    def append(self, name, value):
        self.lines.append((name, value))

    def combined(self):
        """As they come out when they are walked: sorted, lower case, joined."""
        names = sorted({name.lower() for name, _ in self.lines})
        return [
            (name, ", ".join(v for n, v in self.lines if n.lower() == name))
            for name in names
        ]


class Page:
    """One page of one browser. `server`: a callable from requests to responses."""

    def __init__(self, origin, url, api, case, server, browser, policy=None):
        self.origin = origin
        self.url = url
        self.server = server
        self.browser = browser
        self.policy = policy
        self.api = api
        self.case = case
        self.time = 0.0
        self.cache = PreflightCache(lambda: self.time)
        self.verdicts = []
        self.referrer_policy = ""

    def run(self, text):
        """What the row's script reports."""
        try:
            result = Script(text, self.names()).run()
        except Thrown as error:
            return {"ok": False, "error": str(error)}
        return result

    def names(self):
        """https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object"""
        return {
            "API": self.api,
            "PAGE": self.origin,
            "CASE": self.case,
            "JSON": {"stringify": json.dumps},
            "URL": {"createObjectURL": lambda blob: f"blob:{blob.text}"},
            "Blob": lambda parts, options=None: Body(
                (options or {}).get("type"), "".join(parts)
            ),
            "URLSearchParams": lambda _: Body(
                "application/x-www-form-urlencoded;charset=UTF-8"
            ),
            "FormData": lambda: Body("multipart/form-data; boundary=x"),
            "Uint8Array": lambda _: Body(),
            "ReadableStream": lambda _: Body(is_stream=True),
            "Headers": Headers,
            "String": str,
            "Promise": lambda _: {"ok": not self.verdicts[-1].is_network_error},
            "encodeURIComponent": lambda text: text,
            "sleep": self.sleep,
            "get": self.get,
            "fetch": self.get,
            "tryget": self.tryget,
            "xhr": self.xhr,
            "XMLHttpRequest": lambda: SyncRequest(self),
            "es": self.es,
            "ws": self.ws,
            "WebSocket": self.ws,
            "el": self.el,
            "import": self.module,
            "frame": self.frame,
            "INFRAME": lambda call: f"<script>return fetch({call})</script>",
            "FontFace": lambda family, source: {
                "load": lambda: self.font(family, source[4:-1])
            },
            "Worker": lambda url: self.run(url.removeprefix("blob:")) and {},
            "navigator": {"sendBeacon": self.beacon},
            "document": Document(self),
        }

    def xml(self):
        return Body("application/xml;charset=UTF-8")

    def sleep(self, milliseconds):
        self.time += milliseconds / 1000

    def ask(self, **keywords):
        """The verdict on one fetch of this page."""
        verdict = predict(
            Fetch(
                page_origin=self.origin,
                page_url=self.url,
                blocked_by_policy=self.policy,
                **keywords,
            ),
            self.server,
            browser=self.browser,
            cache=self.cache,
        )
        self.verdicts.append(verdict)
        return verdict

    def get(self, url, init=None):
        """https://fetch.spec.whatwg.org/#fetch-method"""
        init = init if init and init is not UNDEFINED else {}
        headers = init.get("headers", {})
        body = init.get("body")
        keywords = {
            "method": init.get("method", "GET"),
            "headers": headers.combined() if isinstance(headers, Headers) else headers,
            **body_keywords(body),
        }
        for name, field in FIELDS.items():
            if name in init:
                keywords[field] = init[name]
        verdict = self.ask(url=url, **keywords)
        if verdict.is_network_error:
            raise Thrown(verdict.script_error)
        return Result(
            ok=True,
            type=verdict.response_type,
            status=verdict.status,
            headers=dict(verdict.exposed_headers),
        )

    def tryget(self, url, init=None):
        try:
            return self.get(url, init)
        except Thrown as error:
            return {"ok": False, "error": str(error)}

    def xhr(self, method, url, options=None):
        """https://xhr.spec.whatwg.org/#interface-xmlhttprequest"""
        options = options or {}
        verdict = self.ask(
            url=url,
            method=method,
            kind=Kind.XML_HTTP_REQUEST,
            headers=[tuple(line) for line in options.get("headers", [])],
            credentials="include" if options.get("cred") else "same-origin",
            has_upload_listener=bool(options.get("upload")),
            **body_keywords(options.get("body")),
        )
        if verdict.is_network_error:
            return {"ok": False, "error": "xhr error", "status": 0}
        lines = [f"{name}: {value}\r\n" for name, value in verdict.exposed_headers]
        return {"ok": True, "status": verdict.status, "headers": "".join(lines)}

    def es(self, url, options=None):
        """https://html.spec.whatwg.org/multipage/server-sent-events.html"""
        options = options or {}
        # Each connection of the recorded server brings one event, and then the next is made.
        for _ in range(options.get("times", 1)):
            included = "include" if options.get("withCredentials") else "same-origin"
            verdict = self.ask(url=url, kind=Kind.EVENT_SOURCE, credentials=included)
        if verdict.is_network_error:
            return {"ok": False, "error": "es closed"}
        return {"ok": True, "data": "one"}

    def ws(self, url, _protocols=None):
        """https://websockets.spec.whatwg.org/#the-websocket-interface"""
        verdict = self.ask(url=url, kind=Kind.WEB_SOCKET)
        if verdict.is_network_error:
            return {"ok": False, "error": "ws close", "code": 1006, "clean": False}
        return {"ok": True, "data": "hello"}

    def el(self, tag, attributes):
        """An element that is waited for."""
        verdict = self.load(Element(self, tag) | attributes)
        if verdict.is_network_error:
            return {"ok": False, "error": f"{tag} error"}
        return {"ok": True}

    def load(self, element):
        """https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes"""
        if element["tag"] == "iframe" and "src" in element:
            return self.ask(url=element["src"], kind=Kind.NAVIGATION)
        url = url_of(element)
        if url is None:
            return None
        crossorigin = element.get("crossorigin", element.get("crossOrigin"))
        keywords = {}
        if crossorigin is not None:
            included = crossorigin == "use-credentials"
            keywords["mode"] = "cors"
            keywords["credentials"] = "include" if included else "same-origin"
        return self.ask(url=url, kind=kind_of(element), **keywords)

    def module(self, url):
        verdict = self.ask(url=url, kind=Kind.MODULE)
        if verdict.is_network_error:
            raise Thrown(verdict.script_error)

    def font(self, family, url):
        verdict = self.ask(url=url, kind=Kind.FONT, font_family=family)
        # None of the recorded servers sends anything that is a font.
        error = verdict.script_error or "NetworkError: A network error occurred."
        raise Thrown(error)

    def beacon(self, url, body):
        """https://w3c.github.io/beacon/#sendbeacon-method"""
        self.ask(url=url, kind=Kind.BEACON, **body_keywords(body))
        return True

    def frame(self, attributes, html=None):
        """A frame with a script of its own, which reports to the page."""
        source = attributes.get("src", "")
        inner = Page(*self.inner_origin(attributes), self.server, self.browser)
        inner.verdicts = self.verdicts
        inner.api = self.api
        text = re.search("<script>(.*)</", html or source, re.DOTALL)[1]
        return inner.run(text) or {"ok": not self.verdicts[-1].is_network_error}

    def inner_origin(self, attributes):
        """https://html.spec.whatwg.org/multipage/browsers.html#determining-the-origin"""
        is_opaque = "sandbox" in attributes or attributes.get("src", "")[:5] == "data:"
        origin = "null" if is_opaque else self.origin
        return origin, "about:srcdoc", self.api, self.case

    def submit(self, url):
        """https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-body"""
        self.ask(
            url=url,
            kind=Kind.NAVIGATION,
            method="POST",
            body_type="application/x-www-form-urlencoded",
            referrer_policy=self.referrer_policy,
        )


#: The members of a fetch's second argument that a `Fetch` has, by their names there.
FIELDS = {
    "credentials": "credentials",
    "mode": "mode",
    "redirect": "redirect",
    "cache": "cache_mode",
    "referrerPolicy": "referrer_policy",
}


class Result(dict):
    """A response, whose promises are passed over."""

    def then(self, *_):
        return self


class SyncRequest(dict):
    """https://xhr.spec.whatwg.org/#interface-xmlhttprequest, synchronous."""

    def __init__(self, page):
        super().__init__(status=200)
        self.page = page
        self["open"] = lambda method, url, _: self.update(method=method, url=url)
        self["setRequestHeader"] = lambda *line: self.lines.append(line)
        self["send"] = self.send
        self.lines = []

    def send(self, body=None):
        result = self.page.xhr(
            self["method"], self["url"], {"headers": self.lines, "body": body}
        )
        if not result["ok"]:
            raise Thrown("NetworkError")


def body_keywords(body):
    """https://fetch.spec.whatwg.org/#concept-bodyinit-extract"""
    if body is None or body is UNDEFINED:
        return {}
    if isinstance(body, str):
        return {"has_body": True, "body_type": "text/plain;charset=UTF-8"}
    return {
        "has_body": True,
        "body_type": body.content_type,
        "streams_body": body.is_stream,
    }
