"""What the page's form holds, as one flat record: a fetch, and the server that answers it.

Here: `State`, its defaults and choices, reading it from JSON within bounds, and `Problem`.
Not here: what it means (`asked.py` for the fetch, `setups.py` for the server), the form itself.
Spec: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# Chosen by us because no policy that a person edits by hand is longer, and nobody else's should be kept.
MAX_LINES: Final = 64
MAX_TEXT: Final = 512

# Stand for origins that differ from machine to machine, in examples and in links.
PAGE, STRANGER, API = "{page}", "{stranger}", "{api}"


class StateError(ValueError):
    """What came is no state; the message says what to send instead."""


@dataclass(frozen=True)
class State:
    """The fields of the form by their names; lists have one line of text for each member.

    The fetch first, then a policy's keywords, then the lines of a server without corsac.
    """

    sender: str = "page"
    kind: str = "fetch"
    path: str = "greeting"
    method: str = "GET"
    headers: tuple[str, ...] = ()
    body: str = "none"
    credentials: str = "same-origin"
    mode: str = "cors"
    redirect: str = "follow"
    twice: bool = False

    server: str = "policy"

    allow_origins: tuple[str, ...] = (PAGE,)
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    allow_credentials: bool = False
    max_age: str = "600"
    preflight_status: str = "204"
    dangerously_allow_null_origin: bool = False
    dangerously_allow_insecure_origins: bool = False
    dangerously_allow_public_suffix_origins: bool = False

    options_status: str = "204"
    options_lines: tuple[str, ...] = (
        f"Access-Control-Allow-Origin: {PAGE}",
        "Access-Control-Allow-Methods: PUT, DELETE",
        "Access-Control-Allow-Headers: Content-Type",
    )
    status: str = ""
    lines: tuple[str, ...] = (f"Access-Control-Allow-Origin: {PAGE}", "Vary: Origin")


_NAMES: Final = tuple(field.name for field in dataclasses.fields(State))
#: The keywords of a policy, and what says a server without one.
POLICY_FIELDS: Final = _NAMES[_NAMES.index("allow_origins") : -4]
FIXED_FIELDS: Final = _NAMES[-4:]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field: `index` is the 0-based line of a list, None for all of it."""

    field: str
    index: int | None
    message: str
    code: str | None = None


#: The values of the fields that offer a choice, each with its name on the page.
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "sender": {
        "page": "this page",
        "stranger": "a page of another origin",
        "null": "a sandboxed frame (origin null, like file://)",
        "own": "a page of the API itself (same origin)",
    },
    "kind": {
        "fetch": "fetch()",
        "xmlhttprequest": "XMLHttpRequest",
        "image": "<img>",
        "script": "<script>",
        "module": '<script type="module">',
        "stylesheet": '<link rel="stylesheet">',
        "eventsource": "EventSource",
    },
    "path": {
        "greeting": "greeting: JSON",
        "foxes": "foxes: GET, POST, DELETE",
        "visits": "visits: counted by a cookie",
        "den": "den: PROPFIND",
        "picture": "picture: an image",
        "script": "script: JavaScript",
        "style": "style: CSS",
        "events": "events: an event stream",
        "moved": "moved: a redirect to greeting",
        "away": "away: a redirect to another origin",
    },
    "body": {
        "none": "none",
        "text": "a string",
        "form": "URLSearchParams",
        "multipart": "FormData",
        "blob": "a Blob of type application/json",
        "bytes": "bytes without a type",
    },
    "credentials": {
        "same-origin": "same-origin",
        "include": "include",
        "omit": "omit",
    },
    "mode": {"cors": "cors", "no-cors": "no-cors", "same-origin": "same-origin"},
    "redirect": {"follow": "follow", "manual": "manual", "error": "error"},
    "server": {"policy": "corsac, by a policy", "fixed": "fixed header lines"},
}


def read_state(data: object) -> State:
    """The state that JSON data says; what it leaves out has its default.

    # Errors: StateError, for example where a list is longer than `MAX_LINES`.
    """
    if not isinstance(data, dict):
        raise StateError("send an object with the fields of the form")
    known = {field.name: field.default for field in dataclasses.fields(State)}
    unknown = [name for name in data if name not in known]
    if unknown:
        raise StateError(f"no field is called {unknown[0][:MAX_TEXT]!r}")
    return State(**{name: _read(name, data[name], known[name]) for name in data})


def _read(name: str, value: object, default: object) -> Any:
    if isinstance(default, tuple):
        if not isinstance(value, list) or len(value) > MAX_LINES:
            raise StateError(f"{name} is a list of at most {MAX_LINES} lines")
        return tuple(_read_text(name, line) for line in value)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise StateError(f"{name} is true or false")
        return value
    text = _read_text(name, value)
    if name in CHOICES and text not in CHOICES[name]:
        raise StateError(f"{name} is one of {', '.join(CHOICES[name])}")
    return text


def _read_text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise StateError(f"{name} is text of at most {MAX_TEXT} characters")
    return value


def as_data(state: State, names: Mapping[str, str]) -> dict[str, Any]:
    """The state for JSON, with the origins that `names` gives for their stand-ins."""

    def spell(value: Any) -> Any:
        if isinstance(value, tuple):
            return [spell(line) for line in value]
        if isinstance(value, str):
            for name, origin in names.items():
                value = value.replace(name, origin)
        return value

    return {name: spell(value) for name, value in dataclasses.asdict(state).items()}
