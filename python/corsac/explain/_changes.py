"""What can be changed so that a fetch becomes readable, and a try at it.

Here: `Change`, `Remedy`, `Attempt`, and how values are spelled in Python and TOML.
Not here: which change a failure asks for (`_page.py`, `_policy.py`, `_server.py`), trying them
one after another (`_remedy.py`). Named tuples, since a dataclass takes longer to make.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from corsac import Policy
from corsac.browser import Fetch, Request, Response

Where = Literal["policy", "preflight", "response", "page"]
Lines = tuple[tuple[str, str], ...]
#: The most items of a list that a line shows. Chosen by us because more fill a screen.
_MOST_ITEMS: Final = 12


class Change(NamedTuple):
    """One line to change.

    `where`: a policy, the response to the preflight, the response itself, or the page. `line`: a
    str, what should stand there. `before`: a tuple of str, what stands there. `text`: a sentence.
    """

    where: Where
    line: str
    before: tuple[str, ...]
    text: str


class Remedy(NamedTuple):
    """All that it takes. `is_proven`: whether the fetch was readable with these changes when tried.

    `advice`: sentences that say what no line changes, or what not to do. `policy`: the `Policy`
    with its changes, or for other servers the one that answers this fetch, or None.
    """

    changes: tuple[Change, ...]
    is_proven: bool
    advice: tuple[str, ...] = ()
    policy: Policy | None = None


class Patch(NamedTuple):
    """What a server's responses get instead of what they have.

    `status`: of the response to the preflight, None: as it is. `preflight`, `response`: header
    lines, each in the place of all lines of its name.
    """

    status: int | None = None
    preflight: Lines = ()
    response: Lines = ()

    def apply(self, request: Request, response: Response) -> Response:
        lines = self.preflight if request.is_preflight else self.response
        status = self.status if request.is_preflight else None
        replaced = {name.lower() for name, _ in lines}
        kept = tuple(
            line for line in response.headers if line[0].lower() not in replaced
        )
        return Response(status or response.status, (*kept, *lines), response.reason)


UNPATCHED: Final = Patch()


class Attempt(NamedTuple):
    """A fetch with changes made so far, and who answers it: a policy, or a patched server.

    `is_withheld`: whether the server was not asked for more than the preflight.
    """

    fetch: Fetch
    policy: Policy | None = None
    is_toml: bool = False
    patch: Patch = UNPATCHED
    is_withheld: bool = False


class NoChange(Exception):
    """No line can be changed honestly; the text of the error is the advice."""


def quoted(text: str) -> str:
    """A str as it is written in Python, TOML and JavaScript."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def spelled(value: object, *, is_toml: bool, is_short: bool = False) -> str:
    """A value of a policy's keyword, as Python or TOML writes it; `is_short`: long lists cut."""
    if isinstance(value, bool):
        return str(value).lower() if is_toml else str(value)
    if isinstance(value, re.Pattern):
        pattern = quoted(value.pattern)
        return f"{{ regex = {pattern} }}" if is_toml else f"re.compile({pattern})"
    if isinstance(value, (tuple, list)):
        items = [spelled(item, is_toml=is_toml) for item in value]
        if is_short and len(items) > _MOST_ITEMS:
            items = [*items[:2], "...", *items[-2:]]
        return f"[{', '.join(items)}]"
    return quoted(value) if isinstance(value, str) else str(value)


def keyword(name: str, value: object, *, is_toml: bool, is_short: bool = False) -> str:
    """A keyword of a policy with its value."""
    equals = " = " if is_toml else "="
    return f"{name}{equals}{spelled(value, is_toml=is_toml, is_short=is_short)}"


def call(policy: Policy) -> str:
    """The call that makes a policy, with what differs from the defaults."""
    plain = Policy(allow_origins=["*"])
    keywords = [
        keyword(name, value, is_toml=False)
        for name, value in policy._keywords().items()
        if name == "allow_origins" or value != getattr(plain, name)
    ]
    return f"Policy({', '.join(keywords)})"
