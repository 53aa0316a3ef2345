"""Where keys and values stand in a TOML document.

Here: `Places`, read from a text that a TOML parser has accepted already; lines and columns of any text.
Not here: what is valid TOML (the parser), what keys mean (`_tables.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

#: The keys and, in arrays, the indices that lead to a value.
Path = tuple[str | int, ...]

_SPACE: Final = re.compile(r"[ \t\r\n]*(?:#[^\n]*\n?[ \t\r\n]*)*")
_BLANK: Final = re.compile(r"[ \t]*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
#: Numbers, dates and booleans; a date may hold a space.
_PLAIN: Final = re.compile(r"[^,\]}#\r\n]+")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}'
    r'|"(?:\\.|[^"\\])*"|\'[^\']*\'',
    re.DOTALL,
)


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of a character of a text, or of its end."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


class Places:
    """Lines and columns, from 1, of the keys and values of a document.

    `text`: the document, which `parse` accepts; `parse` reads a TOML text into a dict, and is
    asked for quoted keys.
    """

    def __init__(self, text: str, parse: Callable[[str], dict[str, object]]) -> None:
        self._text = text
        self._parse = parse
        self._at = 0
        self._keys: dict[Path, int] = {}
        self._values: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        #: Where lines begin, since a file with many mistakes asks often.
        self._lines = [0, *(one.end() for one in re.finditer("\n", text))]
        try:
            self._read_document()
        except RecursionError:
            pass  # what lies deeper, and behind it, has the place of what it lies in

    def key(self, path: Path) -> tuple[int, int]:
        """Where the last key of a path stands; where a table begins, its header."""
        return self._line_and_column(self._nearest(self._keys, path))

    def value(self, path: Path) -> tuple[int, int]:
        """Where the value at a path begins."""
        if path in self._values:
            return self._line_and_column(self._values[path])
        return self.key(path) if path in self._keys else self.value_above(path)

    def value_above(self, path: Path) -> tuple[int, int]:
        return self.value(path[:-1]) if path else (1, 1)

    @staticmethod
    def _nearest(places: dict[Path, int], path: Path) -> int:
        while path and path not in places:
            path = path[:-1]
        return places.get(path, 0)

    def _line_and_column(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def _read_document(self) -> None:
        table: Path = ()
        self._skip(_SPACE)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._read_header()
            else:
                self._read_pair(table)
            self._skip(_SPACE)

    def _read_header(self) -> Path:
        start = self._at
        is_array = self._text.startswith("[[", start)
        self._at += 2 if is_array else 1
        names = self._read_key()
        self._at += 2 if is_array else 1
        path: Path = ()
        for name in names:
            path = self._enter((*path, name))
        if is_array:
            array = self._leave(path)
            count = self._counts[array] = self._counts.get(array, -1) + 1
            path = (*array, count)
        self._keys[path] = start
        return path

    def _enter(self, path: Path) -> Path:
        """Of an array of tables, the last one."""
        return (*path, self._counts[path]) if path in self._counts else path

    def _leave(self, path: Path) -> Path:
        return path[:-1] if path and isinstance(path[-1], int) else path

    def _read_pair(self, table: Path) -> None:
        self._skip(_BLANK)
        start = self._at
        path = table
        for name in self._read_key():
            path = (*path, name)
            self._keys.setdefault(path, start)
        self._at += 1  # the equals sign
        self._read_value(path)

    def _read_key(self) -> list[str]:
        """The parts of a dotted key, up to what ends it."""
        names = []
        while True:
            self._skip(_BLANK)
            quoted = _STRING.match(self._text, self._at)
            found = quoted or _BARE_KEY.match(self._text, self._at)
            assert found is not None, "a document that the parser has refused"
            self._at = found.end()
            [name] = self._parse(f"{found[0]} = 0")
            names.append(name)
            self._skip(_BLANK)
            if self._text[self._at] != ".":
                return names
            self._at += 1

    def _read_value(self, path: Path) -> None:
        self._skip(_BLANK)
        self._values[path] = self._at
        if self._text[self._at] == "[":
            self._read_list("]", lambda index: self._read_value((*path, index)))
        elif self._text[self._at] == "{":
            self._read_list("}", lambda index: self._read_pair(path))
        else:
            self._skip(_STRING if self._text[self._at] in "\"'" else _PLAIN)

    def _read_list(self, end: str, read: Callable[[int], None]) -> None:
        self._at += 1
        index = 0
        self._skip(_SPACE)
        while self._text[self._at] != end:
            read(index)
            index += 1
            self._skip(_SPACE)
            if self._text[self._at] == ",":
                self._at += 1
                self._skip(_SPACE)
        self._at += 1

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self._text, self._at)
        self._at = found.end() if found else self._at + 1
