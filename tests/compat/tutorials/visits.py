"""Pages of any origin in headless Chromium, and what they read of an API.

Here: the fetches that every page makes, the servers behind the pages, the browser.
Not here: the API's projects (`projects.py`), what must come out (`../test_tutorials.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import contextlib
import json
import shutil
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from chromium import HEADLESS

HOST: Final = "127.0.0.1"
DEADLINE: Final = 120  # seconds; nothing is timed by it, it only ends a test that hangs
#: What a page sees where it may not read: an error, and nothing more.
REFUSED: Final = "refused"
#: A page in a sandbox, whose origin is opaque, so that the browser sends `null`.
#: https://html.spec.whatwg.org/multipage/browsers.html#sandboxed-origin-browsing-context-flag
NULL_PAGE: Final = "http://localhost:8080/sandbox"
COOKIE: Final = {"name": "visitor", "value": "ada"}
HTTP_PORT, HTTPS_PORT = 80, 443

Fetch = Mapping[str, Any]
#: Of a response: its status, its body, the headers that the page may read; or `REFUSED`.
Outcome = Mapping[str, Any] | str


def _fetch(path: str, method: str = "GET", item: object = None, **more: Any) -> Fetch:
    """A path, and the second argument of `fetch`; an item is sent as JSON."""
    options = {"method": method, **more}
    if item is not None:
        options["body"] = json.dumps(item)
        options["headers"] = {"Content-Type": "application/json"} | more.get(
            "headers", {}
        )
    return {"path": path, "options": options}


_ITEM: Final = {"name": "fig"}
FETCHES: Final[Mapping[str, Fetch]] = {
    "the root": _fetch("/"),
    "a list": _fetch("/api/items/"),
    "a list in a language": _fetch("/api/items/", headers={"Accept-Language": "eo"}),
    "a HEAD": _fetch("/api/items/", "HEAD"),
    "a redirect": _fetch("/api/items"),
    "a POST of JSON": _fetch("/api/items/", "POST", _ITEM),
    "a POST of JSON as plain text": _fetch(
        "/api/items/", "POST", _ITEM, headers={"Content-Type": "text/plain"}
    ),
    "a PUT": _fetch("/api/items/1", "PUT", _ITEM),
    "a PUT with X-Requested-With": _fetch(
        "/api/items/1", "PUT", _ITEM, headers={"X-Requested-With": "fetch"}
    ),
    "a PUT with X-Unlisted": _fetch(
        "/api/items/1", "PUT", _ITEM, headers={"X-Unlisted": "1"}
    ),
    "a PATCH": _fetch("/api/items/1", "PATCH"),
    "a DELETE": _fetch("/api/items/1", "DELETE"),
    "a PURGE": _fetch("/api/items/1", "PURGE"),
    "a GET with credentials": _fetch("/api/visitor", credentials="include"),
    "a PUT with credentials": _fetch(
        "/api/items/1", "PUT", _ITEM, credentials="include"
    ),
    "a GET with Authorization": _fetch(
        "/api/visitor", headers={"Authorization": "Bearer 1"}
    ),
    "a 404": _fetch("/api/nowhere"),
    "a 404 for DELETE": _fetch("/api/nowhere", "DELETE"),
    "a 405": _fetch("/api/visitor", "POST"),
    "a 405 for PUT": _fetch("/api/visitor", "PUT"),
    "a 503": _fetch("/api/closed"),
    "an unhandled 500": _fetch("/api/broken"),
}

#: One after the other, and each asks the server anew, with a preflight of its own where one is
#: needed. The fetch that throws a TypeError is the one of which a page may read nothing.
_VISIT: Final = """
const [api, fetches, done] = arguments;
(async () => {
  const outcomes = {};
  for (const [name, { path, options }] of Object.entries(fetches)) {
    try {
      const response = await fetch(api + path, { ...options, cache: "no-store" });
      outcomes[name] = {
        status: response.status,
        path: new URL(response.url).pathname,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
    } catch (error) {
      outcomes[name] = error instanceof TypeError ? "refused" : String(error);
    }
  }
  done(outcomes);
})();
"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path == urlsplit(NULL_PAGE).path:
            self.send_header("Content-Security-Policy", "sandbox allow-scripts")
        self.end_headers()
        self.wfile.write(b'<!doctype html><link rel="icon" href="data:,">')

    def log_message(self, *_about: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def _serving_pages(hosts: Iterable[str]) -> Iterator[dict[str, int]]:
    """Ports of servers that give a page at any address, by scheme."""
    import trustme

    certificate = trustme.CA().issue_cert(*hosts)
    with contextlib.ExitStack() as stack:
        ports = {}
        for scheme in ("http", "https"):
            server = ThreadingHTTPServer((HOST, 0), _Page)
            stack.callback(server.server_close)
            if scheme == "https":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                certificate.configure_cert(context)
                server.socket = context.wrap_socket(
                    server.socket, server_side=True, do_handshake_on_connect=False
                )
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            ports[scheme] = server.server_port
        yield ports


class Browser:
    """A fresh Chromium that finds the pages' hosts, whatever their names and ports, on this machine."""

    def __init__(
        self, pages: Iterable[str], ports: dict[str, int], profile: Path
    ) -> None:
        from selenium.webdriver import Chrome, ChromeOptions, ChromeService

        hosts = {_host(page): ports[urlsplit(page).scheme] for page in pages}
        rules = [f"MAP {host} {HOST}:{port}" for host, port in sorted(hosts.items())]
        # Projects listen on one of the addresses that the name has.
        rules.append(f"MAP localhost {HOST}")
        options = ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        options.accept_insecure_certs = True
        for flag in (
            *HEADLESS,
            # A page is asked for by the scheme in its address.
            "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
            f"--host-resolver-rules={', '.join(rules)}",
            f"--user-data-dir={profile}",
        ):
            options.add_argument(flag)
        self._chrome = Chrome(options, ChromeService(shutil.which("chromedriver")))
        self._chrome.set_script_timeout(DEADLINE)

    def log_in(self, api: str) -> None:
        """Gives the browser a cookie for the API."""
        self._chrome.get(f"{api}/token")
        self._chrome.delete_all_cookies()
        self._chrome.add_cookie(dict(COOKIE))

    def open(self, page: str) -> None:
        self._chrome.get(page)

    def visit(self, page: str, api: str) -> dict[str, Outcome]:
        """What the page reads of each fetch."""
        self.open(page)
        return self._chrome.execute_async_script(_VISIT, api, FETCHES)

    def origin(self) -> str:
        """Of the page that is open."""
        return self._chrome.execute_script("return self.origin")

    def close(self) -> None:
        self._chrome.quit()


def _host(page: str) -> str:
    address = urlsplit(page)
    default = HTTPS_PORT if address.scheme == "https" else HTTP_PORT
    return f"{address.hostname}:{address.port or default}"


@contextlib.contextmanager
def opened(pages: Iterable[str], profile: Path) -> Iterator[Browser]:
    """A browser for these pages, and the servers behind them."""
    pages = set(pages)
    names = {urlsplit(page).hostname or "" for page in pages}
    with _serving_pages(sorted(names)) as ports:
        browser = Browser(pages, ports, profile)
        try:
            yield browser
        finally:
            browser.close()
