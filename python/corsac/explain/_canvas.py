"""Lines on a terminal or in a file: wrapping, indentation, colours.

Here: `Canvas`, `canvas_for`. Not here: what is written (`_render.py`). Hand-written because rich
takes longer to import than the whole answer may take.
Spec: https://no-color.org, ECMA-48 section 8.3.117 (colours)
"""

from __future__ import annotations

import os
import sys
from typing import Final, TextIO

_STYLES: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "cyan": "36",
    "wrong": "1;31",
    "right": "1;32",
}
#: The fewest and the most columns. Chosen by us because a line longer than that is hard to read.
_NARROWEST: Final = 40
_WIDEST: Final = 120


class Canvas:
    """Collects lines.

    `width`: the columns, 0 for as many as a line takes. `colours`: whether there are any.
    `is_unicode`: whether arrows can be shown.
    """

    def __init__(self, width: int, *, colours: bool, is_unicode: bool) -> None:
        self._width = width
        self._colours = colours
        self._lines: list[str] = []
        self.arrow, self.back = ("→", "←") if is_unicode else ("->", "<-")
        self.good, self.bad = ("✓", "✗") if is_unicode else ("ok", "NO")
        self._dash = "─" if is_unicode else "-"

    def line(
        self,
        text: str,
        style: str = "",
        *,
        indent: int = 0,
        mark: str = "",
        hang: int = 2,
    ) -> None:
        """A paragraph. `mark`: stands before its first line; the others stand `hang` to its right."""
        margin = " " * indent
        first = f"{margin}{self._styled_mark(mark)} " if mark else margin
        taken = indent + len(mark) + 1 if mark else indent
        following = margin + " " * (hang if mark else 0)
        for place, piece in enumerate(
            _wrap(text, self._width - taken if self._width else 0)
        ):
            before = (first if place == 0 else following) if piece or mark else ""
            self._lines.append(before + self._styled(piece, style))

    def link(self, text: str, link: str, *, indent: int = 0, mark: str = "") -> None:
        """A paragraph with a link at its end, on a line of its own where it does not fit."""
        hang = 2
        self.line(text, indent=indent, mark=mark, hang=hang)
        margin = " " * (indent + (hang if mark else 0))
        last = _visible(self._lines[-1])
        if self._width and last + 2 + len(link) <= self._width:
            self._lines[-1] += "  " + self._styled(link, "dim")
        elif not self._width:
            self._lines[-1] += "  " + link
        else:
            self._lines.append(margin + self._styled(link, "dim"))

    def heading(self, text: str) -> None:
        self.gap()
        self._lines.append(self._styled(text, "bold"))

    def gap(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def rule(self) -> None:
        self.gap()
        self._lines.append(self._styled(self._dash * (self._width or 72), "dim"))
        self.gap()

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def flush(self, stream: TextIO) -> None:
        stream.write(self.text())
        self._lines.clear()

    def _styled_mark(self, mark: str) -> str:
        styles = {self.good: "green", self.bad: "red", "+": "green", "-": "red"}
        return self._styled(mark, styles.get(mark, ""))

    def _styled(self, text: str, style: str) -> str:
        if not (self._colours and style and text):
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def canvas_for(stream: TextIO, *, colours: bool | None = None) -> Canvas:
    """A canvas for a stream: as wide as its terminal; a pipe gets whole lines, for whoever searches.

    `colours`: None for what the terminal and NO_COLOR, FORCE_COLOR and TERM say.
    """
    environ = os.environ
    is_terminal = stream.isatty()
    if colours is None:
        wanted = is_terminal and environ.get("TERM") != "dumb"
        colours = not environ.get("NO_COLOR") and bool(
            wanted or environ.get("FORCE_COLOR")
        )
    width = _columns(stream)
    encoding = stream.encoding or "ascii"
    try:
        "→←✓✗─".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return Canvas(width, colours=colours, is_unicode=False)
    return Canvas(width, colours=colours, is_unicode=True)


def help_width() -> int:
    """The columns of the help, a pipe's too."""
    return _columns(sys.stdout) or 80


def _columns(stream: TextIO) -> int:
    """What COLUMNS says, or the terminal; 0 for a pipe."""
    columns = os.environ.get("COLUMNS", "")
    width = int(columns) if columns.isdecimal() else 0
    if not width and stream.isatty():
        try:
            width = os.get_terminal_size(stream.fileno()).columns
        except OSError:
            width = 80
    return min(max(width, _NARROWEST), _WIDEST) if width else 0


def _wrap(text: str, width: int) -> list[str]:
    """The lines of a paragraph; a word that is too long keeps its line, so that it can be copied."""
    if not width or len(text) <= width:
        return [text]
    lines, current = [], ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if len(longer) <= width or not current:
            current = longer
        else:
            lines.append(current)
            current = word
    return [*lines, current]


def _visible(line: str) -> int:
    """The columns that a line takes, its colours left out."""
    count, escaped = 0, False
    for character in line:
        if character == "\x1b":
            escaped = True
        elif escaped:
            escaped = character != "m"
        else:
            count += 1
    return count
