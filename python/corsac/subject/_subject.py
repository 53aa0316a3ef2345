"""What was found: subjects, the policies in them, and what is wrong with these.

Here: `Subject`, `FoundPolicy`, `FoundProblem`, `Place`, `SubjectError`.
Not here: how they are found (`_read.py`, `_walk.py`), what else a linter says of them.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from .._policy import Policy

#: A host's port. https://www.rfc-editor.org/rfc/rfc3986#section-3.2.3
_PORT: Final = re.compile(r":[0-9]*\Z")
#: The dot of the root, behind a name. https://www.rfc-editor.org/rfc/rfc1034#section-3.1
_ROOT: Final = re.compile(r"\.(?=\Z|:)")


class SubjectError(ValueError):
    """What was named cannot be read; the text says what to write instead."""


class NoPolicyError(SubjectError):
    """A file that could hold a policy and holds none."""


class SubjectKind(str, Enum):
    """What the name stood for."""

    TOML = "toml"
    POLICY = "policy"
    APPLICATION = "application"
    SETTINGS = "settings"

    __str__ = str.__str__


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: its path as it was named, line and column from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """One thing that is wrong with a policy, where it was found.

    `code`: a str, one of `Problem`'s or of `CODES` of `corsac.configuration`. `text`: a sentence that says
    what to write instead. `field`, `index`: as of `Problem`; an empty field is none. `place`: a
    `Place`, or None where no file shows it.
    """

    code: str
    text: str
    field: str = ""
    index: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPolicy:
    """A policy where it was found, or the problems that stop it from being one.

    `library`: whose words it is written in, like `"corsac"` or `"starlette"`. `name`: where it
    stands in the subject. `sentence`: the same for people. `policy`: the `Policy`, which another
    library's options were translated into; None where there are `problems`, and at a route
    without CORS. `differences`:
    sentences about what the translation changes. `warnings`: sentences about what is hardly
    meant. `outside`: names of middlewares that can answer without its headers. `prefix`: the path
    of the mounted application. `path`: a regex that matches at the begin of each path that it
    speaks for; None for all of them. `sample`: one such path. `route`: the key under which a
    `PolicyMap` has it, None where none does; `host`: of that key, empty for every host.
    `by_origin`: whether it is one of several at its place, of which a request's origin chooses.
    `place`: where it stands; `find_place`: what `place_of` asks.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    library: str
    name: str
    sentence: str
    policy: Policy | None = None
    problems: tuple[FoundProblem, ...] = ()
    differences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    prefix: str = ""
    path: str | None = None
    sample: str = ""
    route: str | None = None
    host: str = ""
    by_origin: bool = False
    place: Place | None = None
    find_place: Callable[[str, int | None], Place] | None = field(
        default=None, compare=False, repr=False
    )

    def place_of(self, keyword: str, index: int | None = None) -> Place | None:
        """Where a keyword of the policy stands, or one value of its list; None where no file shows it.

        `keyword`: a str, as `Policy` has it. `index`: the 0-based place in the policy's tuple.
        Source: https://toml.io/en/v1.0.0#keys
        """
        if self.find_place is None:
            return self.place
        return self.find_place(keyword, index)

    def covers(self, path: str, host: str = "") -> bool:
        """Whether it speaks for a path: a str that begins with a slash, without the query.

        `host`: a str, with the port where it is not the scheme's own; empty where nobody knows.
        Source: https://url.spec.whatwg.org/#concept-url-path
        """
        if self.host and not _is_of(host.lower(), self.host):
            return False
        if not (path + "/").startswith(self.prefix + "/"):
            return False
        return self.path is None or bool(
            re.match(self.path, path.removeprefix(self.prefix))
        )


def _is_of(host: str, pattern: str) -> bool:
    host, pattern = _ROOT.sub("", host), _ROOT.sub("", pattern)
    if not _PORT.search(pattern):
        host = _PORT.sub("", host)
    if not pattern.startswith("*"):
        return host == pattern
    return host.endswith(pattern[1:]) and len(host) >= len(pattern)


def deciding(
    policies: Iterable[FoundPolicy], path: str, host: str = ""
) -> FoundPolicy | None:
    """The policy of corsac that decides at an address, where that is certain.

    `policies`: of one subject. `path`, `host`: as of `FoundPolicy.covers`. None where another
    library decides, where it depends on more than the address, and where there is none.
    """
    for one in policies:
        is_whole = one.path is None and not one.prefix
        is_ours = one.library == "corsac" and (is_whole or one.route is not None)
        # Of two that stand around one application, the outer one decides.
        if is_ours and one.covers(path, host):
            return None if one.by_origin else one
    return None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a name stands for.

    `name`: as it was written. `policies`: a tuple of `FoundPolicy`, outermost first.
    `application`: what answers requests, None for a policy alone. `notes`: sentences about what
    was not looked at.
    """

    kind: SubjectKind
    name: str
    policies: tuple[FoundPolicy, ...]
    application: object | None = None
    notes: tuple[str, ...] = ()
