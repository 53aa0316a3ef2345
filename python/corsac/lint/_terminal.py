"""A report on a terminal, or in a pipe.

Here: colours, wrapping, and neither of them where nobody looks. Not here: the words (`_text.py`).
Spec: https://no-color.org/
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from textwrap import wrap
from typing import Final

from ._finding import Report
from ._text import Line, lines_of

_STYLES: Final = {
    "title": "bold",
    "head": "underline",
    "error": "red",
    "warning": "yellow",
    "note": "cyan",
    "code": "",
    "plain": "",
    "good": "green",
}


def show(reports: Iterable[Report], without: Iterable[str], *, toml: bool) -> None:
    """Prints it; plain and one line for each finding where standard output is no terminal."""
    lines = lines_of(reports, without, toml)
    if not sys.stdout.isatty():
        for line in lines:
            print(_encodable(line.text))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        style = _STYLES[line.style]
        for text in _wrapped(line, console.width):
            console.print(Text(text, style), soft_wrap=True)


def _wrapped(line: Line, width: int) -> list[str]:
    """Code stays as it is, to be copied."""
    if line.style == "code" or len(line.text) <= width:
        return [line.text]
    start = len(line.text) - len(line.text.lstrip())
    return wrap(
        line.text.lstrip(),
        width,
        initial_indent=" " * start,
        subsequent_indent=" " * max(line.indent, start),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _encodable(text: str) -> str:
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
