"""What the probe learned, before anything is made of it.

Here: `Answers`, filled request by request, so that an end at any moment leaves what was found.
Not here: the asking (`_probe.py`), the judging (`_judge*.py`).
Spec: https://fetch.spec.whatwg.org/#concept-filtered-response
"""

from __future__ import annotations

from dataclasses import dataclass, field

from corsac.browser import NoResponse, Verdict

from ._asker import Asked
from ._options import Options
from ._tries import Try


@dataclass(frozen=True, slots=True)
class Tried:
    """One origin that asked. `readable`: whether its page can read the response without
    credentials; `readable_with_credentials`: and with them."""

    tried: Try
    asked: Asked
    readable: bool
    readable_with_credentials: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page that should be let in, and what its browser makes of the response.

    `verdict`: with credentials where the options say so. `cut`: why its redirects were not followed
    to the end, or None.
    """

    origin: str
    verdict: Verdict
    readable: bool
    readable_with_credentials: bool
    asked: tuple[Asked, ...]
    cut: NoResponse | None = None


@dataclass(frozen=True, slots=True)
class Preflight:
    """One preflight. `verdict` is None where it is granted. `method`, `names`: asked for."""

    origin: str
    method: str
    names: tuple[str, ...]
    asked: Asked
    verdict: Verdict | None

    @property
    def is_granted(self) -> bool:
        return self.verdict is None


@dataclass(slots=True)
class Answers:
    """All of it. `target`: the URL that the tries ask, where the redirects of the first end.
    `record`: every exchange. `cut`: why the redirects of the first request were not followed to
    the end, or None. `stopped`: why not everything was asked, or None."""

    options: Options
    target: str
    record: list[Asked] = field(default_factory=list)
    plain: Asked | None = None
    cut: NoResponse | None = None
    pages: list[Page] = field(default_factory=list)
    tries: list[Tried] = field(default_factory=list)
    preflights: list[Preflight] = field(default_factory=list)
    unlikely: Preflight | None = None
    strange: Preflight | None = None
    missing: Page | None = None
    stopped: str | None = None

    @property
    def reader(self) -> str | None:
        """An origin whose page can read the target: what is said of CORS at all is said to it."""
        for page in self.pages:
            if page.verdict.readable:
                return page.origin
        for tried in self.tries:
            if tried.readable and tried.tried.origin != "null":
                return tried.tried.origin
        return None
