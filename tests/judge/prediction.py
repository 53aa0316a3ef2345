"""What `corsac.browser` says of a row, and how it differs from what happened.

Here: `predict_row`, `Happened`, `differences`. Not here: browsers, sockets.
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from corsac.browser import Cause, Fetch, NoResponse, PreflightCache, predict_async
from corsac.browser import Response as Answered
from judge.reply import Silence
from judge.server import POLICY
from judge.site import Site

#: The Content-Type that each of the page's bodies brings along.
BODY_TYPES = {
    "text": "text/plain;charset=UTF-8",
    "json": "text/plain;charset=UTF-8",
    "search": "application/x-www-form-urlencoded;charset=UTF-8",
    "form": "multipart/form-data; boundary=",
    "text-blob": "text/plain",
    "json-blob": "application/json",
}
#: What the page's policy governs. https://w3c.github.io/webappsec-csp/#directive-connect-src
CONNECTING = ("fetch", "xmlhttprequest", "eventsource", "websocket", "beacon", "ping")
#: Of these a page hears nothing.
UNHEARD = ("beacon", "ping", "navigation", "video", "audio", "track")
CAUSES = {"empty": Cause.EMPTY, "reset": Cause.RESET, "garbage": Cause.NO_HTTP}
#: Header lines that are compared even where none is predicted.
PROTOCOL = (
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "authorization",
)
#: Lines that a browser writes in its own way, or of its own.
OWN = {"user-agent", "accept", "accept-language"}
#: Lines of the handshake that every WebSocket has.
HANDSHAKE = ("connection", "upgrade")

#: Firefox says this of an EventSource that failed once or twice, as its threads take turns.
REPEATED = "Firefox can’t establish a connection to the server"


@dataclass(frozen=True)
class Happened:
    """What a row came to, predicted or in fact.

    `outcomes`: for each ask, what the page reports. `requests`: (method, URL, lines) as they
    reached servers. `console`: the lines that people read.
    """

    outcomes: list
    requests: list
    console: list


def to_fetch(ask, row, places):
    """The `Fetch` of one ask."""
    url = places.url(ask, row)
    said = dict(ask.init)
    keywords = {
        "page_origin": places.page_origin(row),
        "page_url": places.document_url(row),
        "url": url,
        "kind": ask.kind,
        "has_upload_listener": bool(said.pop("upload", False)),
    }
    if ask.kind == "font":
        keywords["font_family"] = "Judge"
    if "crossorigin" in said:
        included = said.pop("crossorigin") == "use-credentials"
        keywords |= {
            "mode": "cors",
            "credentials": "include" if included else "same-origin",
        }
    if "body" in said:
        body = said.pop("body")
        keywords |= {
            "has_body": True,
            "body_type": BODY_TYPES.get(body),
            "streams_body": body == "stream",
        }
    if ask.kind == "navigation" and said.get("method") == "POST":
        keywords["body_type"] = "application/x-www-form-urlencoded"
    if row.page == "policy" and ask.kind in CONNECTING:
        own = url.startswith(places.page(row) + "/")
        keywords["blocked_by_policy"] = None if own else POLICY
    names = {"cache": "cache_mode", "referrerPolicy": "referrer_policy"}
    keywords |= {names.get(name, name): value for name, value in said.items()}
    return Fetch(**keywords)


def predict_row(row, places, browser):
    """What is said to happen, from the answers of a `Site` of its own."""
    site = Site([row], places)
    now = 0.0
    cache = PreflightCache(lambda: now)
    verdicts = []

    async def send(request):
        if cause := unreached(request.url, places):
            raise NoResponse("", cause)
        try:
            reply = await site.answer(request.method, request.url, request.headers)
        except Silence as silence:
            raise NoResponse(str(silence), CAUSES[str(silence)]) from None
        return Answered(reply.status, reply.lines, reply.reason)

    async def run():
        nonlocal now
        for ask in row.asks:
            now += ask.wait / 1000
            fetch = to_fetch(ask, row, places)
            verdicts.append(
                await predict_async(fetch, send, browser=browser, cache=cache)
            )

    asyncio.run(run())
    exchanges = [exchange for verdict in verdicts for exchange in verdict.exchanges]
    return Happened(
        [
            outcome(ask, verdict)
            for ask, verdict in zip(row.asks, verdicts, strict=True)
        ],
        [
            over_http(exchange.request)
            for exchange in exchanges
            if not unreached(exchange.request.url, places)
        ],
        [line for verdict in verdicts for line in verdict.console],
    )


def unreached(url, places):
    """Why a request never reaches a server; None: it does."""
    causes = {places.closed: Cause.REFUSED, places.confused: Cause.TLS}
    return causes.get("://".join(urlsplit(as_http(url))[:2]))


def over_http(request):
    """A request as a server sees it: a WebSocket's begins as HTTP."""
    lines = [line for line in request.headers if line[0].lower() not in HANDSHAKE]
    return request.method, as_http(request.url), lines


def as_http(url):
    return url.replace("ws", "http", 1) if url.startswith("ws") else url


def outcome(ask, verdict):
    """The verdict in the words of the page."""
    if ask.kind in UNHEARD:
        return {}
    if verdict.script_error is not None:
        return {"ok": False, "error": verdict.script_error}
    heard = {"ok": True}
    if ask.kind == "fetch":
        heard["type"] = verdict.response_type
    if ask.kind in ("fetch", "xmlhttprequest"):
        heard["status"] = verdict.status
        heard["headers"] = sorted(map(list, verdict.exposed_headers))
    return heard


def differences(row, predicted, happened):
    """What differs, from its name to what was said and what is so."""
    set_by_script = {
        name.lower() for ask in row.asks for name, _ in ask.init.get("headers", ())
    } - OWN
    names = set_by_script | set(PROTOCOL)
    names |= {name.lower() for _, _, lines in predicted.requests for name, _ in lines}
    compared = {
        "outcome": (predicted.outcomes, [in_order(one) for one in happened.outcomes]),
        "requests": (
            requests(predicted, names - OWN, predicted),
            requests(happened, names - OWN, predicted),
        ),
        "console": (said_once(predicted.console), said_once(happened.console)),
    }
    return {what: pair for what, pair in compared.items() if pair[0] != pair[1]}


def said_once(lines):
    """The lines without those that come once or twice by chance."""
    return [
        line
        for line, before in zip(lines, ["", *lines], strict=False)
        if line != before or not line.startswith(REPEATED)
    ]


def in_order(heard):
    """The same outcome with its headers sorted; XMLHttpRequest gives them as it likes."""
    if "headers" in heard:
        return {**heard, "headers": sorted(heard["headers"])}
    return heard


def requests(happened, names, predicted):
    """Each request with the lines of these names, in any order."""
    own = {
        (method, url): {name.lower() for name, _ in lines} & OWN
        for method, url, lines in predicted.requests
    }
    return [
        (
            method,
            url,
            sorted(
                (name.lower(), value.partition("boundary=")[0])
                for name, value in lines
                if name.lower() in names | own.get((method, url), set())
            ),
        )
        for method, url, lines in happened.requests
    ]
