"""Command lines as shells read them.

Here: `split_words`, for what was copied for a POSIX shell and for cmd of Windows.
Not here: what the words mean (`_curl.py`). The standard library's `shlex` knows neither `$'...'`
nor carets, which browsers write.
Spec: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
"""

from __future__ import annotations

from typing import Final

_ESCAPES: Final = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_DIGITS: Final = {"x": 2, "u": 4, "U": 8}


def split_words(text: str) -> list[str]:
    """The words of a command line. Raises `ValueError` for a quote that does not end."""
    text = text.replace("\r\n", "\n").strip()
    return _Words(_without_carets(text) if _is_cmd(text) else text, text).read()


def _is_cmd(text: str) -> bool:
    """Whether cmd was meant: it goes on after `^`, and quotes with double quotes only."""
    return '^"' in text or "^\n" in text


def _without_carets(text: str) -> str:
    """What cmd hands on: outside quotes `^` takes the next character as it is, a line end away."""
    out: list[str] = []
    quoted = False
    place = 0
    while place < len(text):
        character = text[place]
        if character == "^" and not quoted:
            place += 1
            if place < len(text) and text[place] == "\n":
                # A second line end is one of the text.
                place += 1
                if text[place : place + 1] == "\n":
                    out.append("\n")
                    place += 1
                continue
            character = text[place : place + 1]
        elif character == '"':
            quoted = not quoted
        out.append(character)
        place += 1
    return "".join(out)


class _Words:
    """A text with a place in it."""

    def __init__(self, text: str, original: str) -> None:
        self._text = text
        self._is_cmd = text is not original
        self._place = 0

    def read(self) -> list[str]:
        words: list[str] = []
        while self._skip_space():
            words.append(self._word())
        return words

    def _skip_space(self) -> bool:
        text = self._text
        while self._place < len(text):
            if text.startswith("\\\n", self._place) and not self._is_cmd:
                self._place += 2
            elif text[self._place].isspace():
                self._place += 1
            else:
                return True
        return False

    def _word(self) -> str:
        parts: list[str] = []
        while self._place < len(self._text) and not self._text[self._place].isspace():
            character = self._text[self._place]
            self._place += 1
            if character == '"':
                parts.append(self._double_quoted())
            elif self._is_cmd:
                parts.append(character)
            elif character == "'":
                parts.append(self._single_quoted())
            elif character == "$" and self._text.startswith("'", self._place):
                self._place += 1
                parts.append(self._ansi_quoted())
            elif character == "\\":
                parts.append(self._escaped())
            else:
                parts.append(character)
        return "".join(parts)

    def _next(self) -> str:
        if self._place >= len(self._text):
            raise ValueError(
                "a quote is opened and not closed: paste the whole command"
            )
        self._place += 1
        return self._text[self._place - 1]

    def _escaped(self) -> str:
        character = self._next() if self._place < len(self._text) else ""
        return "" if character == "\n" else character

    def _single_quoted(self) -> str:
        parts = []
        while (character := self._next()) != "'":
            parts.append(character)
        return "".join(parts)

    def _double_quoted(self) -> str:
        parts = []
        while (character := self._next()) != '"':
            if character == "\\":
                following = self._next()
                special = '"\\' if self._is_cmd else '"\\$`\n'
                kept = "" if following in special else "\\"
                character = kept + ("" if following == "\n" else following)
            parts.append(character)
        return "".join(parts)

    def _ansi_quoted(self) -> str:
        parts = []
        while (character := self._next()) != "'":
            if character == "\\":
                character = self._ansi_escape(self._next())
            parts.append(character)
        return "".join(parts)

    def _ansi_escape(self, letter: str) -> str:
        if letter in _DIGITS:
            digits = self._digits("0123456789abcdefABCDEF", _DIGITS[letter])
            number = int(digits, 16) if digits else 0
            return chr(number) if number <= 0x10FFFF else "\ufffd"
        if letter in "01234567":
            return chr(int(letter + self._digits("01234567", 2), 8) & 0xFF)
        return _ESCAPES.get(letter, letter)

    def _digits(self, known: str, most: int) -> str:
        begin = self._place
        while (
            self._place < min(begin + most, len(self._text))
            and self._text[self._place] in known
        ):
            self._place += 1
        return self._text[begin : self._place]
