"""What was found: subjects, the policies in them, and what is wrong with these.

Here: `Subject`, `FoundPolicy`, `FoundProblem`, `Place`, `SubjectError`.
Not here: how they are found (`_read.py`, `_walk.py`), what else a linter says of them.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from .._policy import Policy


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

    `code`: a str, one of `Problem`'s or of `CODES` in `_toml.py`. `text`: a sentence that says
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
    library's options were translated into; None where there are `problems`. `differences`:
    sentences about what the translation changes. `warnings`: sentences about what is hardly
    meant. `outside`: names of middlewares that can answer without its headers. `prefix`: the path
    of the mounted application. `path`: a regex that matches at the begin of each path that it
    speaks for; None for all of them. `sample`: one such path. `place`: where it stands; `find_place`:
    what `place_of` asks.
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

    def covers(self, path: str) -> bool:
        """Whether it speaks for a path: a str that begins with a slash, without the query.

        Source: https://url.spec.whatwg.org/#concept-url-path
        """
        if not (path + "/").startswith(self.prefix + "/"):
            return False
        return self.path is None or bool(
            re.match(self.path, path.removeprefix(self.prefix))
        )


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
