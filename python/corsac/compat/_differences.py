"""Where an old library's configuration means something else here, for one warning.

Here: the collector, and what several libraries take in silence.
Not here: the warning's class (`__init__.py`), what `Policy` reports (`_translate.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from typing import Any

from . import CompatWarning


class Differences:
    """Collects the differences of one configuration.

    `library`: the old library's name, which is the drop-in's too.
    """

    def __init__(self, library: str) -> None:
        self.library = library
        self._found: dict[str, None] = {}
        self._told = 0

    def add(self, setting: str, value: object, difference: str) -> None:
        """`setting` is the old name; `difference` says what happens here, and what to write."""
        if isinstance(value, re.Pattern):
            value = value.pattern
        self.add_sentence(f"{setting} = {value!r}: {difference}")

    def add_sentence(self, sentence: str) -> None:
        """The same for what is a sentence already."""
        self._found.setdefault(sentence)

    def warn(self, stacklevel: int = 1) -> None:
        """Warns of what it has not warned of yet, at the caller's line for 1, as `warnings.warn`."""
        if text := self._news():
            warnings.warn(text, CompatWarning, stacklevel=stacklevel + 1)

    def warn_at(self, filename: str, line: int) -> None:
        """The same at a place in a file."""
        if text := self._news():
            warnings.warn_explicit(text, CompatWarning, filename, line)

    def _news(self) -> str:
        news = list(self._found)[self._told :]
        self._told = len(self._found)
        begin = f"corsac.compat.{self.library} differs from {self.library} here:"
        return "\n".join([begin, *(f"  {text}" for text in news)]) if news else ""


def leave_out_wildcards(
    differences: Differences, setting: str, origins: Iterable[Any]
) -> list[Any]:
    """The origins without wildcards, for a library that knows none but `*`."""
    kept = []
    for origin in origins:
        if isinstance(origin, str) and "*" in origin and origin != "*":
            message = (
                f"left out: {differences.library} compares it as plain text, which no "
                f"browser's origin equals; for a wildcard write "
                f"corsac.Policy(allow_origins=[{origin!r}])"
            )
            differences.add(setting, origin, message)
        else:
            kept.append(origin)
    return kept


def split_text(differences: Differences, setting: str, value: Any) -> Any:
    """The list that one str was meant as; anything else as it is."""
    if not isinstance(value, str):
        return value
    values = [part for part in re.split(r"[,\s]+", value) if part]
    if values != ["*"]:
        differences.add(setting, value, f"one str, read as a list; write {values!r}")
    return values
