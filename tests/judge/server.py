"""The judge's sockets: plain HTTP/1.1, with and without TLS, that keeps what browsers send.

Here: `Server`, a thread of its own: pages, their orders and outcomes, and the rows' answers.
Not here: what is answered (`site.py`), browsers (`browsers.py`).
Spec: https://www.rfc-editor.org/rfc/rfc9112
"""

import asyncio
import base64
import hashlib
import json
import socket
import ssl
import struct
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import trustme
from judge.places import HOSTS, Places
from judge.reply import Reply, Silence
from judge.row import PAGES
from judge.site import Site

HERE = Path(__file__).parent
HANDSHAKE = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#: How TLS begins. https://www.rfc-editor.org/rfc/rfc8446#section-5.1
TLS_RECORD = b"\x16"
#: The page that may connect to its own origin only.
POLICY = "connect-src 'self'"


class Server:
    """Serves pages and rows. `expect` says which, and where a browser is to begin."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.sockets = []
        self.closed = socket.socket()
        self.closed.bind(("127.0.0.1", 0))
        certificate = trustme.CA().issue_cert(*HOSTS)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self.tls)
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        app, api, third, secure_app, secure_api = (
            self.listen(secure) for secure in (False, False, False, True, True)
        )
        self.places = Places(
            app=f"http://app.localhost:{app}",
            api=f"http://api.localhost:{api}",
            third=f"http://third.localhost:{third}",
            secure_app=f"https://app.localhost:{secure_app}",
            secure_api=f"https://api.localhost:{secure_api}",
            confused=f"https://api.localhost:{api}",
            closed=f"http://api.localhost:{self.closed.getsockname()[1]}",
        )
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()
        self.closed.close()

    async def end(self):
        """Closes what listens, and what browsers have left open."""
        for listening in self.sockets:
            listening.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def listen(self, secure):
        """Listens on a free port of IPv4; every browser tries it for `*.localhost`."""
        scheme = "https" if secure else "http"

        async def start():
            return await asyncio.start_server(
                lambda reader, writer: self.connection(reader, writer, scheme),
                "127.0.0.1",
                0,
                ssl=self.tls if secure else None,
            )

        server = asyncio.run_coroutine_threadsafe(start(), self.loop).result(10)
        self.sockets.append(server)
        return server.sockets[0].getsockname()[1]

    def expect(self, rows):
        """Forgets what was, and has these rows ready. Returns the URL to begin at."""
        self.rows = rows
        self.site = Site(rows, self.places)
        self.requests = {row.slug: [] for row in rows}
        self.outcomes = {}
        return self.page_after(None)

    def page_after(self, page):
        """The next page that has rows, as a URL; None after the last."""
        names = PAGES[PAGES.index(page) + 1 :] if page else PAGES
        for row in sorted(self.rows, key=lambda row: PAGES.index(row.page)):
            if row.page in names:
                return self.places.page_url(row)
        return None

    async def connection(self, reader, writer, scheme):
        """Requests of one connection, one after the other."""
        try:
            while await self.exchange(reader, writer, scheme):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # The browser has gone, as browsers do, or the server goes.
        finally:
            writer.close()

    async def exchange(self, reader, writer, scheme):
        """One request and its reply; False where the connection ends with it."""
        first = await reader.readexactly(1)
        if first == TLS_RECORD:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return False
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request_line, *rest = head[:-4].split("\r\n")
        method, target, _ = request_line.split(" ")
        lines = [
            (name, value.strip(" \t"))
            for name, _, value in (line.partition(":") for line in rest)
        ]
        asked = {name.lower(): value for name, value in lines}
        body = await read_body(reader, asked)
        url = f"{scheme}://{asked['host']}{target}"
        try:
            reply = await self.reply(method, url, lines, body)
        except Silence as silence:
            await keep_silent(writer, str(silence))
            return False
        extra = ()
        if reply.status == 101:
            key = asked["sec-websocket-key"].encode() + HANDSHAKE
            accept = base64.b64encode(hashlib.sha1(key).digest()).decode()
            extra = (("Sec-WebSocket-Accept", accept),)
        text = "".join(f"{name}: {value}\r\n" for name, value in (*reply.lines, *extra))
        start = f"HTTP/1.1 {reply.status} {reply.reason}\r\n"
        writer.write(f"{start}{text}\r\n".encode("latin-1") + reply.body)
        await writer.drain()
        if reply.status == 101:
            await reader.read(100)
        return reply.status != 101 and ("Connection", "close") not in reply.lines

    async def reply(self, method, url, lines, body):
        place, *words = urlsplit(url).path.split("/")[1:]
        if place == "c" and words[0] in self.requests:
            self.requests[words[0]].append((method, url, lines))
            return await self.site.answer(method, url, lines)
        if place == "page":
            return self.page(words[0])
        if place == "orders":
            return data(self.orders(words[0]))
        if place == "outcome":
            query = parse_qs(urlsplit(url).query)
            self.outcomes[query["row"][0]] = json.loads(body)
            return data(None)
        if place == "done":
            return data(self.page_after(words[0]))
        return Reply(404, (("Content-Length", "0"),))

    def page(self, name):
        """The page with the script that takes orders."""
        script = (HERE / "page.js").read_text()
        origin = self.places.secure_app if name == "secure" else self.places.app
        settings = json.dumps({"home": origin, "page": name})
        html = (HERE / "page.html").read_text()
        text = html.replace("{settings}", settings).replace("{script}", script)
        lines = [("Content-Type", "text/html; charset=utf-8")]
        if name == "policy":
            lines.append(("Content-Security-Policy", POLICY))
        encoded = text.encode()
        lines.append(("Content-Length", str(len(encoded))))
        return Reply(200, tuple(lines), encoded)

    def orders(self, page):
        """What a page has to ask, row by row."""
        return [
            {
                "row": row.slug,
                "asks": [
                    {
                        "kind": ask.kind,
                        "url": self.places.url(ask, row),
                        "init": ask.init,
                        "wait": ask.wait,
                    }
                    for ask in row.asks
                ],
            }
            for row in self.rows
            if row.page == page
        ]


def data(value):
    """JSON for the judge's own pages, which a sandboxed one may read, too."""
    body = json.dumps(value).encode()
    lines = (
        ("Access-Control-Allow-Origin", "*"),
        ("Cache-Control", "no-store"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
    )
    return Reply(200, lines, body)


async def read_body(reader, asked):
    """https://www.rfc-editor.org/rfc/rfc9112#section-6.3"""
    if asked.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(asked.get("content-length", 0)))
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


async def keep_silent(writer, how):
    """Ends the connection without a response."""
    if how == "garbage":
        writer.write(b"220 this is no HTTP\r\n\r\n")
        await writer.drain()
    if how == "reset":
        # A zero linger makes the system send RST instead of FIN.
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
