"""Where the judge's pages and servers are: origins on free ports of this machine.

Here: `Places`, and how the table's words for them are filled in. Not here: sockets (`server.py`).
Names that end in `.localhost` lead every browser to this machine and are sites of their own.
Spec: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
"""

from dataclasses import dataclass

HOSTS = ("app.localhost", "api.localhost", "third.localhost")


@dataclass(frozen=True)
class Places:
    """The origins. `closed`: nobody listens on its port; `confused`: https to a port for http."""

    app: str
    api: str
    third: str
    secure_app: str
    secure_api: str
    closed: str
    confused: str

    def page(self, row):
        """The origin that a row's page is served from."""
        return self.secure_app if row.page == "secure" else self.app

    def page_url(self, row):
        return f"{self.page(row)}/page/{row.page}"

    def page_origin(self, row):
        """https://html.spec.whatwg.org/multipage/browsers.html#concept-origin"""
        return "null" if row.page == "null" else self.page(row)

    def document_url(self, row):
        """The address by which a browser knows the document that asks."""
        return "about:srcdoc" if row.page == "null" else self.page_url(row)

    def base(self, row, origin=None):
        """What every URL of a row begins with."""
        default = self.secure_api if row.page == "secure" else self.api
        return f"{origin or default}/c/{row.slug}"

    def fill(self, text, row):
        """The text with the row's places for their names."""
        names = {
            "{api}": self.base(row),
            "{third}": self.base(row, self.third),
            "{page}": self.base(row, self.page(row)),
            "{closed}": self.base(row, self.closed),
            "{confused}": self.base(row, self.confused),
            "{page-origin}": self.page_origin(row),
            "{row}": row.slug,
        }
        for name, value in names.items():
            text = text.replace(name, value)
        return text

    def url(self, ask, row):
        """The whole URL of one ask."""
        text = ask.url if "{" in ask.url or "://" in ask.url else "{api}" + ask.url
        url = self.fill(text, row)
        return url.replace("http", "ws", 1) if ask.kind == "websocket" else url
