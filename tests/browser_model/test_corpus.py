"""Every recorded row is predicted: what three browsers sent, let pages read, and printed.

Here: the rows of `corpus/browser-*.jsonl`, each run through `predict` as its page ran it.
Not here: how a row is read (`page.py`, `script.py`, `server.py`), the standard's own rules (beside).
What a console prints of other things than the row's fetch is left out by its category (`NOISE`).
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

import itertools
import json
import re
from pathlib import Path

import pytest
from browser_model.page import Page
from browser_model.server import Echo, Recorded, split
from corsac.browser import Browser

CORPUS = Path(__file__).parent.parent / "corpus"
BROWSERS = {
    "chromium": Browser.CHROMIUM,
    "firefox": Browser.FIREFOX,
    "webkitgtk": Browser.WEBKIT,
}
#: How each browser's log tags a line, as far as it is no text.
TAGS = {
    "chromium": re.compile(r"(?:SEVERE|WARNING) \w+ \S+ (?:-|\d+) "),
    "firefox": re.compile(
        r"(?:CORS\w+|Event Source|Script Loader|CSS Loader|Web Socket|COEP|SOP|"
        r"Mixed Content Blocker|Mixed Content Message|DATA_URI_BLOCKED|CSP_\w+) "
    ),
    "webkitgtk": re.compile(r"(?:\S+:\d+:\d+: )?CONSOLE \w+ \w+ "),
}
#: Lines about the page, cookies and a slow machine, that no fetch across origins causes.
NOISE = re.compile(
    r"INFO intervention |cookies\w+ |HTML_PARSER__\w+ |chrome javascript |MIMEMISMATCH |"
    r"bounceTracking\w+ |\*\* \(WebKit|GStreamer |WebKit wasn't able|.*(?:'data:,'|at data:,)"
)
COMPARED = ("origin", "access-control-request-", "authorization", "content-type")


def read(name):
    """The rows of one file."""
    return [json.loads(line) for line in (CORPUS / name).read_text().splitlines()]


def verdict_rows():
    for name in ("browser-verdicts.jsonl", "browser-more.jsonl"):
        for row in read(name):
            yield pytest.param(row, id=f"{row['case']}-{row['browser']}")


def request_rows():
    """The requests of one case in one browser, in their order."""
    rows = read("browser-requests.jsonl")
    by_case = itertools.groupby(rows, key=lambda row: (row["case"], row["browser"]))
    for (case, browser), group in by_case:
        requests = sorted(group, key=lambda row: row["seq"])
        yield pytest.param(requests, id=f"{case}-{browser}")


def bulk_rows():
    for row, browser in itertools.product(read("browser-bulk.jsonl"), BROWSERS):
        yield pytest.param(
            row, browser, id=f"{row['group']}-{row['value']!r}-{browser}"
        )


def texts(row):
    """The console's lines without their tags."""
    return [
        TAGS[row["browser"]].sub("", line, count=1)
        for line in row["console"]
        if not NOISE.match(line)
    ]


def blocking_policy(row):
    """The directive by which the page's own policy blocked the fetch.

    A row does not tell the page's header; only the console does.
    """
    for _, policy in row.get("page_headers", []):
        return policy
    for line in row["console"]:
        named = re.search(r'Content Security Policy directive: "([^"]*)"', line)
        named = named or re.search(r"following directive: “([^”]*)”", line)
        named = named or re.search(r"appear in the (connect-src) directive", line)
        if named:
            return named[1]
    return None


def compared(lines):
    """The header lines that rows keep, in any order; the boundary of a form is a matter of chance."""
    return sorted(
        (name.lower(), value.partition("boundary=")[0])
        for name, value in lines
        if name.lower().startswith(COMPARED)
    )


def kept(lines):
    """The same without what a script's own body brings, which these rows leave out."""
    return [line for line in compared(lines) if line[0] != "content-type"]


def sent(page):
    """The requests that reached a server, in their order."""
    exchanges = [e for verdict in page.verdicts for e in verdict.exchanges]
    return [exchange.request for exchange in exchanges if exchange.response is not None]


#: How many rows each file has, so that none is lost.
ROWS = {
    "browser-bulk.jsonl": 225,
    "browser-more.jsonl": 387,
    "browser-requests.jsonl": 460,
    "browser-verdicts.jsonl": 540,
}


@pytest.mark.parametrize("name", ROWS)
def test_no_row_is_lost(name):
    """Each file has as many rows as were put into it."""
    assert ROWS[name] == len(read(name))


#: What the model does not say as the browser does, and why.
DIFFERENCES = {
    "manifest-missing-firefox": "fetches no manifest without a window",
    "manifest-missing-webkitgtk": "fetches no manifest",
    "preload-missing-firefox": "fires load for what it could not preload",
    "preloadfont-missing-firefox": "fires load for what it could not preload",
    "modulepreload-missing-firefox": "fires load for what it could not preload",
    "preloadfont-missing-webkitgtk": "preloads a font with CORS, and loads it without",
    "csp-beacon-firefox": "sendBeacon itself says no",
    "mask-missing-webkitgtk": "an image of a stylesheet has no line of its own",
    "ws-redirect-webkitgtk": "a WebSocket follows a redirect",
}


@pytest.mark.parametrize("row", list(verdict_rows()))
def test_a_recorded_verdict_is_predicted(row):
    """What the script reports, the requests in their order, and the console word for word."""
    case = row["case"]
    name = f"{case}-{row['browser']}"
    if name in DIFFERENCES:
        with pytest.raises(AssertionError):
            compare(row)
        return
    compare(row)


def compare(row):
    """Runs the row's script, and compares all that the row tells."""
    case = row["case"]
    server = Recorded(row["server"], case, row["page_origin"], row["api_origin"])
    page = Page(
        row["page_origin"],
        f"{row['page_origin']}/__page/{case}",
        f"{row['api_origin']}/c/{case}",
        case,
        server,
        BROWSERS[row["browser"]],
        blocking_policy(row),
    )
    outcome = page.run(row["js"])
    assert row["readable"] == outcome["ok"]
    known = {
        key: row["outcome"][key] for key in ("type", "status") if key in row["outcome"]
    }
    assert known == {key: outcome[key] for key in known}
    if str(row["outcome"].get("error")).startswith("TypeError"):
        assert row["outcome"]["error"] == outcome["error"]
    if "headers" in row["outcome"]:
        assert row["outcome"]["headers"] == outcome["headers"]
    requests = sent(page)
    assert row["preflights"] == sum(request.is_preflight for request in requests)
    assert [q["line"] for q in row["requests"]] == [
        f"{request.method} {split(request.url)[1]} HTTP/1.1" for request in requests
    ]
    assert [kept(q["headers"]) for q in row["requests"]] == [
        kept(request.headers) for request in requests
    ]
    console = [line for verdict in page.verdicts for line in verdict.console]
    assert texts(row) == console


def redirects(requests):
    """What the server answered that redirected, from the requests that came after it.

    The rows tell requests only: where the page was redirected, the first and the last path differ.
    """
    asking = "Access-Control-Request-Method"
    actual = [r for r in requests if asking not in dict(r["headers"])]
    if not actual:
        return {}
    first, last = actual[0], actual[-1]
    if not (first["js_outcome"] or {}).get("redirected"):
        return {}
    method, path, _ = first["request_line"].split()
    last_method, last_path, _ = last["request_line"].split()
    status = 303 if method != last_method else 307
    return {path: (status, address(last) + last_path)}


def address(request):
    """The origin of the server that received a request."""
    scheme, port = request["received_on"].split(":")
    host = next(value for name, value in request["headers"] if name == "Host")
    assert host.endswith(f":{port}") or port in ("80", "443")
    return f"{scheme}://{host}"


def run_recorded(requests, page):
    """Runs the script of a row, of which some stand in a file that is not in the corpus."""
    row = requests[0]
    if not row["js"].startswith("see "):
        return page.run(row["js"])
    for api in dict.fromkeys(map(address, requests)):
        base = f"{api}/c/{row['case']}"
        page.run(
            f"""get('{base}/get');
            get('{base}/put',{{method:'PUT',headers:{{'X-Ext':'1','Content-Type':'application/json'}},body:'{{}}'}});
            get('{base}/cred',{{credentials:'include'}});
            get('{base}/post',{{method:'POST',body:'x'}});
            ws('{base.replace("http", "ws", 1)}/ws')"""
        )
    return row["js_outcome"]


@pytest.mark.parametrize("requests", list(request_rows()))
def test_a_recorded_request_is_predicted(requests):
    """Each request of a page, in order, with the headers of the protocol and of the script."""
    row = requests[0]
    origin = row["page_origin"]
    page = Page(
        "null" if origin.startswith("file:") else origin,
        f"{origin}/__page/{row['case']}",
        f"{row['api_origin']}/c/{row['case']}",
        row["case"],
        Echo(redirects(requests)),
        BROWSERS[row["browser"]],
    )
    if not any(name == "Referer" for name, _ in row["headers"]):
        # Forms take the policy of their page, which a row does not tell.
        page.referrer_policy = "no-referrer"
    outcome = run_recorded(requests, page)
    predicted = sent(page)
    assert [r["request_line"] for r in requests] == [
        f"{request.method} {split(request.url)[1]} HTTP/1.1" for request in predicted
    ]
    assert [compared(r["headers"]) for r in requests] == [
        compared(request.headers) for request in predicted
    ]
    for recorded, request in zip(requests, predicted, strict=True):
        lines = {name.lower(): value for name, value in recorded["headers"]}
        own = {name.lower(): value for name, value in request.headers}
        assert {name: lines[name] for name in own if "boundary" not in own[name]} == {
            name: value for name, value in own.items() if "boundary" not in value
        }
    if row["js_outcome"] is not None:
        known = ("ok", "type", "status")
        assert {k: row["js_outcome"][k] for k in known if k in row["js_outcome"]} == {
            k: outcome[k] for k in known if k in row["js_outcome"]
        }


@pytest.mark.parametrize(("row", "browser"), list(bulk_rows()))
def test_a_recorded_header_value_is_judged_alike(row, browser):
    """Readable or not, and how many preflights, for each odd value of a response header."""
    server = Recorded(
        {key: {"headers": lines} for key, lines in row["response_headers"].items()},
        "",
        "",
        "",
    )
    page = Page(
        "https://app.example.com",
        "",
        "https://api.example.com:8443",
        "",
        server,
        BROWSERS[browser],
    )
    times = 2 if row["group"].startswith("max-age") else 1
    results = [page.tryget(f"{page.api}/v", row["init"])["ok"] for _ in range(times)]
    assert row[browser] == {
        "readable": all(results),
        "preflights": sum(request.is_preflight for request in sent(page)),
    }
