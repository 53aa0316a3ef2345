"""What a page reads from a site that uses django-cors-headers, as its documentation says.

Here: the settings, the page, what it reads with the drop-in, and where that was something else.
Not here: how a browser reads (`reading.py`), who asks (`test_corsheaders.py`).
Spec: https://pypi.org/project/django-cors-headers/4.9.0/
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from corsac.compat.corsheaders.defaults import default_headers, default_methods
from reading import BLOCKED, Page, Reading

APP = "https://app.example"


class Row(NamedTuple):
    """`before`: what the page read with the old library, if something else. `names`: the settings
    that the one warning is about."""

    name: str
    settings: dict[str, Any]
    page: Page = Page()
    reads: Reading = frozenset()
    before: Any = "the same"
    names: tuple[str, ...] = ()


def listed(*origins: Any, **more: Any) -> dict[str, Any]:
    return {"CORS_ALLOWED_ORIGINS": list(origins or [APP]), **more}


def matched(*regexes: Any, **more: Any) -> dict[str, Any]:
    return {"CORS_ALLOWED_ORIGIN_REGEXES": list(regexes), **more}


ALL = {"CORS_ALLOW_ALL_ORIGINS": True}
WITH = {"CORS_ALLOW_CREDENTIALS": True}
COOKIES = Page(credentials=True)
OTHER = Page(origin="https://other.example")
EVIL = Page(origin="https://app.example.evil.test")
NULL = Page(origin="null")
PUT = Page(method="PUT")
CUSTOM = Page(headers=("x-custom",))
TOKEN = Page(headers=("authorization",))
BOTH = frozenset({"x-total", "x-pages"})
ORIGINS, REGEXES = "CORS_ALLOWED_ORIGINS", "CORS_ALLOWED_ORIGIN_REGEXES"
METHODS, HEADERS = "CORS_ALLOW_METHODS", "CORS_ALLOW_HEADERS"

ROWS = [
    Row("nothing is set", {}, reads=BLOCKED),
    Row("a listed origin", listed()),
    Row("an origin that is not listed", listed(), OTHER, BLOCKED),
    Row("another scheme", listed(), Page(origin="http://app.example"), BLOCKED),
    Row("another port", listed(), Page(origin=f"{APP}:8080"), BLOCKED),
    Row("a listed port", listed(f"{APP}:8080"), Page(origin=f"{APP}:8080")),
    Row("a loopback origin", listed("http://localhost:3000"), Page("http://localhost:3000")),
    Row("a scheme of an app", listed("capacitor://localhost"), Page("capacitor://localhost")),
    Row("the older name of the origins", {"CORS_ORIGIN_WHITELIST": (APP,)}),
    Row("the newer name before the older", listed(CORS_ORIGIN_WHITELIST=[OTHER.origin]), OTHER, BLOCKED),
    Row("a regex", matched(r"^https://\w+\.example$")),
    Row("a regex that does not match", matched(r"^https://\w+\.example$"), EVIL, BLOCKED),
    Row("a compiled regex", matched(re.compile(r"^HTTPS://\w+\.example$", re.IGNORECASE))),
    Row("the older name of the regexes", {"CORS_ORIGIN_REGEX_WHITELIST": [r"^https://app\.example$"]}),
    Row("a regex beside an origin", {**listed(), **matched(r"^https://other\.example$")}, OTHER),
    Row("all origins", ALL, OTHER),
    Row("all origins, null too", ALL, NULL),
    Row("the older name of all origins", {"CORS_ORIGIN_ALLOW_ALL": True}),
    Row("all origins beside a list", {**ALL, **listed()}, OTHER),
    Row("a path that is covered", listed(CORS_URLS_REGEX=r"^/api/.*$")),
    Row("a path that is not covered", listed(CORS_URLS_REGEX=r"^/web/.*$"), reads=BLOCKED),
    Row("a path by its begin", listed(CORS_URLS_REGEX="/ap")),
    Row("a path that the regex only contains", listed(CORS_URLS_REGEX="things"), reads=BLOCKED),
    Row("a path by a compiled regex", listed(CORS_URLS_REGEX=re.compile("^/API/", re.IGNORECASE)), PUT),
    *(Row(f"{method} is allowed", listed(), Page(method=method)) for method in ("HEAD", *default_methods)),
    Row("a method that is not listed", listed(), Page(method="POKE"), BLOCKED),
    Row("a method that is listed", listed(CORS_ALLOW_METHODS=(*default_methods, "POKE")), Page(method="POKE")),
    Row("a method of the default that is left out", listed(CORS_ALLOW_METHODS=["GET"]), PUT, BLOCKED),
    Row("POST needs no leave", listed(CORS_ALLOW_METHODS=[]), Page(method="POST", headers=("content-type",))),
    *(Row(f"{name} is allowed", listed(), Page(headers=(name,))) for name in default_headers),
    Row("a header that is not listed", listed(), CUSTOM, BLOCKED),
    Row("a header that is listed", listed(CORS_ALLOW_HEADERS=(*default_headers, "X-Custom")), CUSTOM),
    Row("a header of the default that is left out", listed(CORS_ALLOW_HEADERS=["x-custom"]), TOKEN, BLOCKED),
    Row("names in one text", listed(CORS_ALLOW_HEADERS=["x-other, x-custom "]), CUSTOM),
    Row("methods in one text", listed(CORS_ALLOW_METHODS=["GET,PUT"]), PUT),
    Row("no header is exposed", listed()),
    Row("an exposed header", listed(CORS_EXPOSE_HEADERS=["X-Total"]), reads=frozenset({"x-total"})),
    Row("all headers are exposed", listed(CORS_EXPOSE_HEADERS=["*"]), reads=BOTH),
    Row("credentials", listed(**WITH), COOKIES),
    Row("credentials and a preflight", listed(**WITH), COOKIES._replace(method="DELETE")),
    Row("no credentials", listed(), COOKIES, BLOCKED),
    Row("credentials that no page sends", listed(**WITH)),
    Row("credentials by a word", listed(CORS_ALLOW_CREDENTIALS="yes"), COOKIES),
    # What the old library compares: the scheme, in lower case, and the host.
    Row("a slash behind", listed(f"{APP}/")),
    Row("a path behind", listed(f"{APP}/path?query#fragment")),
    Row("a scheme in upper case", listed("HTTPS://app.example")),
    Row("a space before", listed(f" {APP}")),
    Row("a host in upper case", listed("https://App.Example"), reads=BLOCKED, names=(ORIGINS,)),
    Row("a port that browsers leave out", listed(f"{APP}:443"), reads=BLOCKED, names=(ORIGINS,)),
    Row("a host that is not ASCII", listed("https://bücher.example"), Page("https://xn--bcher-kva.example"), BLOCKED, names=(ORIGINS,)),
    Row("a user name", listed("https://me@app.example"), reads=BLOCKED, names=(ORIGINS,)),
    Row("no scheme", listed("app.example"), reads=BLOCKED, names=(ORIGINS,)),
    Row("no scheme, but a port", listed("localhost:3000"), Page("http://localhost:3000"), BLOCKED, names=(ORIGINS,)),
    Row("nothing in a list", listed(""), reads=BLOCKED, names=(ORIGINS,)),
    Row("a file", listed("file://"), Page("file://"), BLOCKED, frozenset(), (ORIGINS,)),
    Row("half an address", listed("https://[::1"), reads=BLOCKED, names=(ORIGINS,)),
    Row("a number", listed(5, APP), reads=frozenset(), before=BLOCKED, names=(ORIGINS,)),
    Row("a wildcard among origins", listed("https://*.example"), reads=BLOCKED, names=(ORIGINS,)),
    Row("a star among origins", listed("*"), reads=BLOCKED, names=(ORIGINS,)),
    Row("a star for the origins", {ORIGINS: "*"}, reads=BLOCKED, names=(ORIGINS,)),
    Row("one text for the origins", {ORIGINS: APP}, reads=BLOCKED, names=(ORIGINS,)),
    Row("a regex among origins", listed(r"^https://\w+\.example$"), reads=BLOCKED, names=(ORIGINS,)),
    Row("a compiled regex among origins", listed(re.compile("https://app.example")), reads=BLOCKED, names=(ORIGINS,)),
    Row("no list for the origins", {ORIGINS: None}, reads=BLOCKED, names=(ORIGINS,)),
    Row("the older name is named", {"CORS_ORIGIN_WHITELIST": ["app.example"]}, reads=BLOCKED, names=("CORS_ORIGIN_WHITELIST",)),
    Row("null is parsed like an origin without a scheme", listed("app.example"), NULL, BLOCKED, frozenset(), (ORIGINS,)),
    Row("null", listed("null"), NULL, names=(ORIGINS,)),
    Row("null with credentials", listed("null", **WITH), NULL._replace(credentials=True), BLOCKED, frozenset(), (ORIGINS,)),
    # What is not safe.
    Row("all origins without credentials", {**ALL, **WITH}, OTHER, names=("CORS_ALLOW_ALL_ORIGINS",)),
    Row("all origins with credentials", {**ALL, **WITH}, OTHER._replace(credentials=True), BLOCKED, frozenset(), ("CORS_ALLOW_ALL_ORIGINS",)),
    Row("a regex for all origins", matched(r"^.*$"), OTHER),
    Row("a regex for all origins with credentials", matched(r".*", **WITH), COOKIES, BLOCKED, frozenset(), (REGEXES,)),
    Row("http with credentials", listed("http://app.example", **WITH), Page("http://app.example", credentials=True), names=(ORIGINS,)),
    Row("a loopback origin with credentials", listed("http://127.0.0.1:9000", **WITH), Page("http://127.0.0.1:9000", credentials=True)),
    Row("a public suffix with credentials", matched(r"^https://[^.]+\.github\.io$", **WITH), Page("https://me.github.io", credentials=True), names=(REGEXES,)),
    Row("a regex without begin and end", matched(r"https://app\.example"), names=(REGEXES,)),
    Row("a regex without its end", matched(r"^https://app\.example"), names=(REGEXES,)),
    Row("what such a regex let in", matched(r"^https://app\.example"), EVIL, BLOCKED, frozenset(), (REGEXES,)),
    Row("a regex with a bare dot", matched(r"^https://app.example$"), names=(REGEXES,)),
    Row("a regex with any text", matched(r"^https://.+$"), OTHER, names=(REGEXES,)),
    Row("one text for the regexes", {REGEXES: r"^https://app\.example$"}, names=(REGEXES,)),
    Row("what such a text let in", {REGEXES: r"^https://app\.example$"}, OTHER, BLOCKED, frozenset(), (REGEXES,)),
    Row("no regex", matched(None), reads=BLOCKED, names=(REGEXES,)),
    # Lists that browsers compare.
    Row("a method in lower case", listed(CORS_ALLOW_METHODS=["put"]), PUT, BLOCKED, names=(METHODS,)),
    Row("a method that stays in lower case", listed(CORS_ALLOW_METHODS=["patch"]), Page(method="patch"), names=(METHODS,)),
    Row("a method that no page sends", listed(CORS_ALLOW_METHODS=["PUT", "TRACE"]), PUT, names=(METHODS,)),
    Row("one text for the methods", listed(CORS_ALLOW_METHODS="PUT"), PUT, BLOCKED, names=(METHODS,)),
    Row("every method", listed(CORS_ALLOW_METHODS=["*"]), Page(method="POKE")),
    Row("every method by one star", listed(CORS_ALLOW_METHODS="*"), Page(method="POKE")),
    Row("every method with credentials", listed(CORS_ALLOW_METHODS=["*"], **WITH), COOKIES._replace(method="PUT"), frozenset(), BLOCKED, (METHODS,)),
    Row("every method where they may be", listed(CORS_ALLOW_METHODS=["*"], **WITH), PUT, names=(METHODS,)),
    Row("a header that no page sets", listed(CORS_ALLOW_HEADERS=["Origin", "dnt", "x-custom"]), CUSTOM, names=(HEADERS,)),
    Row("a header with a space", listed(CORS_ALLOW_HEADERS=["x custom", "x-custom"]), CUSTOM, names=(HEADERS,)),
    Row("one text for the headers", listed(CORS_ALLOW_HEADERS="x-custom"), CUSTOM, BLOCKED, names=(HEADERS,)),
    Row("every header", listed(CORS_ALLOW_HEADERS=["*"]), CUSTOM),
    Row("every header by one star", listed(CORS_ALLOW_HEADERS="*"), CUSTOM),
    Row("every header, and a token", listed(CORS_ALLOW_HEADERS=["*"]), TOKEN),
    Row("every header with credentials", listed(CORS_ALLOW_HEADERS=["*"], **WITH), COOKIES._replace(headers=("x-custom",)), frozenset(), BLOCKED, (HEADERS,)),
    Row("every header where they may be", listed(CORS_ALLOW_HEADERS=["*"], **WITH), TOKEN, names=(HEADERS,)),
    Row("an exposed header that no page reads", listed(CORS_EXPOSE_HEADERS=["Set-Cookie", "X-Total"]), reads=frozenset({"x-total"}), names=("CORS_EXPOSE_HEADERS",)),
    Row("all headers are exposed with credentials", listed(CORS_EXPOSE_HEADERS=["*"], **WITH), COOKIES, names=("CORS_EXPOSE_HEADERS",)),
    Row("all headers are exposed where they may be", listed(CORS_EXPOSE_HEADERS=["*"], **WITH), Page(), frozenset(), BOTH, ("CORS_EXPOSE_HEADERS",)),
    Row("a private network", listed(CORS_ALLOW_PRIVATE_NETWORK=True), names=("CORS_ALLOW_PRIVATE_NETWORK",)),
]  # fmt: skip
