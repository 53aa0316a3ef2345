"""The fetch that the form says: what the page asks of the browser.

Here: the `corsac.browser.Fetch` of a state, what each kind can ask, and every problem at its field.
Not here: what becomes of it (`prediction.py`), how a page asks it (`static/run.js`).
Spec: https://fetch.spec.whatwg.org/#concept-request
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from corsac.browser import Fetch

from .policies import Origins
from .state import Problem, State

#: The Content-Type that each body brings along. https://fetch.spec.whatwg.org/#concept-bodyinit-extract
BODY_TYPES: Final[Mapping[str, str | None]] = {
    "text": "text/plain;charset=UTF-8",
    "form": "application/x-www-form-urlencoded;charset=UTF-8",
    "multipart": "multipart/form-data; boundary=boundary",
    "blob": "application/json",
    "bytes": None,
}
#: The modes and credentials that a page can choose with each kind; only a script chooses more.
#: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes
_ELEMENT: Final = {"no-cors": ("include",), "cors": ("same-origin", "include")}
_OBJECT: Final = {"cors": ("same-origin", "include")}
POSSIBLE: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "fetch": dict.fromkeys(
        ("cors", "no-cors", "same-origin"), ("same-origin", "include", "omit")
    ),
    "xmlhttprequest": _OBJECT,
    "image": _ELEMENT,
    "script": _ELEMENT,
    "module": _OBJECT,
    "stylesheet": _ELEMENT,
    "eventsource": _OBJECT,
}
#: The kinds with a method, headers and a body of the page's choice.
SCRIPTED: Final = ("fetch", "xmlhttprequest")


def sender_origin(state: State, origins: Origins, page: str) -> str:
    """The origin of the page or frame that asks. `page` is the demo's page, as this visitor reaches it."""
    return {
        "page": page,
        "stranger": origins.stranger,
        "null": "null",
        "own": origins.api_of(page),
    }[state.sender]


def _page_url(state: State, origins: Origins, page: str) -> str:
    if state.sender == "page":
        return f"{page}/"
    served = page if state.sender == "null" else sender_origin(state, origins, page)
    return f"{served}/frame.html"


def read_fetch(
    state: State, origins: Origins, page: str, url: str
) -> tuple[Fetch | None, list[Problem]]:
    """The fetch of a state, or what no page can ask."""
    modes = POSSIBLE[state.kind]
    problems: list[Problem] = []
    if state.mode not in modes:
        message = f"with this kind the mode is {' or '.join(modes)}"
        problems.append(Problem("mode", None, message))
    elif state.credentials not in modes[state.mode]:
        message = f"here the credentials are {' or '.join(modes[state.mode])}"
        problems.append(Problem("credentials", None, message))
    asked: dict[str, Any] = {
        "page_origin": sender_origin(state, origins, page),
        "page_url": _page_url(state, origins, page),
        "url": url,
        "kind": state.kind,
        "mode": state.mode,
        "credentials": state.credentials,
    }
    if state.kind in SCRIPTED:
        problems += _scripted(state, asked)
    if state.kind == "fetch":
        asked["redirect"] = state.redirect
    return (None, problems) if problems else (Fetch(**asked), problems)


def _scripted(state: State, asked: dict[str, Any]) -> list[Problem]:
    """Adds method, headers and body; each is tried alone, so that a problem is told at its own field."""
    problems = []
    headers = []
    where: dict[str, Any] = {"page_origin": "null", "url": asked["url"]}
    try:
        Fetch(**where, method=state.method)
    except ValueError as error:
        problems.append(Problem("method", None, str(error)))
    for index, line in enumerate(state.headers):
        name, colon, value = line.partition(":")
        try:
            if not colon:
                raise ValueError("write a name, a colon and a value, like X-Page: 2")
            Fetch(**where, headers=((name, value),))
        except ValueError as error:
            problems.append(Problem("headers", index, str(error)))
        headers.append((name, value))
    asked.update(method=state.method, headers=tuple(headers))
    if state.body != "none":
        asked.update(has_body=True, body_type=BODY_TYPES[state.body])
    return problems


def host_of(origin: str) -> str:
    """Host and port of an origin, as a Host header spells them."""
    return urlsplit(origin).netloc
