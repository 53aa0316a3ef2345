"""Elements of a page in the corpus's rows, as far as they fetch something.

Here: the document, its elements, the few bits of HTML that rows write into it.
Not here: the fetches themselves (`page.py`). Spec: https://html.spec.whatwg.org/multipage/dom.html
"""

import re

from corsac.browser import Kind

#: The attribute that holds the URL.
_URLS = {"link": "href"}
_KINDS = {
    "img": Kind.IMAGE,
    "video": Kind.VIDEO,
    "audio": Kind.AUDIO,
    "track": Kind.TRACK,
    "script": Kind.SCRIPT,
}
_LINKS = {
    "stylesheet": Kind.STYLESHEET,
    "manifest": Kind.MANIFEST,
    "modulepreload": Kind.MODULE,
}
_PRELOADS = {"font": Kind.FONT, "image": Kind.IMAGE, "script": Kind.SCRIPT}
_FORM = re.compile(r'<form [^>]*method=post action="([^"]*)"')
_FONT = re.compile(r"@font-face\{font-family:(\w+);src:url\(([^)]*)\)")
_IMAGE = re.compile(r"(?:mask-image|shape-outside):url\(([^)]*)\)")


class Element(dict):
    """An element with its attributes; to append it to the page is to fetch what it names."""

    def __init__(self, page, tag):
        super().__init__(tag=tag)
        self.page = page
        self.children = []
        self["append"] = self.append
        self["click"] = self.click
        self["track"] = {}

    def append(self, child):
        if child["tag"] == "track":
            self.children.append(child)
            return
        for grandchild in child.children:
            self.page.load(grandchild | {"crossorigin": child.get("crossOrigin")})
        self.page.load(child)

    def click(self):
        """https://html.spec.whatwg.org/multipage/links.html#hyperlink-auditing"""
        if "ping" in self:
            self.page.ask(url=self["ping"], kind=Kind.PING)


class Document(dict):
    """The document: elements to make, places to put them, a form to submit."""

    def __init__(self, page):
        super().__init__()
        self.page = page
        self.form = None
        self["createElement"] = lambda tag: Element(page, tag)
        self["head"] = Place(page, self)
        self["body"] = Place(page, self)
        self["forms"] = [{"submit": lambda: page.submit(self.form)}]
        self["implementation"] = {"createDocument": lambda *_: page.xml()}

    def write(self, html):
        """Fetches what the HTML names in styles, and keeps its form."""
        form, font, image = (p.search(html) for p in (_FORM, _FONT, _IMAGE))
        if form:
            self.form = form[1]
        if font:
            self.page.ask(url=font[2], kind=Kind.FONT, font_family=font[1])
        if image:
            self.page.ask(
                url=image[1], kind=Kind.IMAGE, mode="cors", credentials="same-origin"
            )


class Place(Element):
    """The head or the body, which may be written into."""

    def __init__(self, page, document):
        super().__init__(page, "place")
        self.document = document
        self["insertAdjacentHTML"] = lambda _, html: document.write(html)

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        if key == "innerHTML":
            self.document.write(value)


def url_of(element):
    """What the element fetches, or None."""
    return element.get(_URLS.get(element["tag"], "src"))


def kind_of(element):
    """https://html.spec.whatwg.org/multipage/links.html#linkTypes"""
    if element["tag"] == "script" and element.get("type") == "module":
        return Kind.MODULE
    if element["tag"] != "link":
        return _KINDS[element["tag"]]
    if element["rel"] == "preload":
        return _PRELOADS.get(element.get("as"), Kind.PRELOAD)
    return _LINKS[element["rel"]]
