"""A TOML file: what stands in it, and where each of its keys and values stands.

Here: `Document`, the reading of a file with all that can be wrong with it as a file.
Not here: what its tables mean (`_tables.py`), lines and columns (`_places.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from ._error import ConfigurationError, ConfigurationProblem, failure
from ._places import Path as Keys
from ._places import Places, line_and_column

#: What a file without a policy should hold.
EXAMPLE: Final = 'allow_origins = ["https://app.example"]'
#: The largest file that is read, in bytes. Chosen by us because a hundred thousand origins take a
#: fifth of it, and reading a larger one would keep a server from starting.
MAX_SIZE: Final = 16 * 1024 * 1024
#: How the parser ends a message that names a place.
_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Document:
    """A document with its places.

    `name`: the path as it was named. `keys`: those that lead to corsac's table, `table`: that
    table, or whatever stands there.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text
        self.keys: Keys = ()
        self.table: Any = self._parse()
        if Path(name).name == "pyproject.toml":
            self.keys = ("tool", "corsac")
            self.table = _under(_under(self.table, "tool"), "corsac")
            if self.table is None:
                raise failure(
                    "no-policy",
                    name,
                    f"{name} has no [tool.corsac]; write [tool.corsac] and below it {EXAMPLE}",
                )

    def _parse(self) -> dict[str, Any]:
        parse = parser(self.name)
        try:
            return parse(self._text)
        except RecursionError:
            at, message = (1, 1), "no TOML: too many brackets in each other"
        except ValueError as error:
            at, message = self._place_in(str(error)), _AT.sub("", f"no TOML: {error}")
        raise ConfigurationError(
            [
                ConfigurationProblem(
                    "invalid-toml", "", None, None, message, self.name, *at
                )
            ]
        )

    def _place_in(self, message: str) -> tuple[int, int]:
        at = _AT.search(message)
        if not at:
            return 1, 1
        if at[1]:
            return int(at[1]), int(at[2])
        return line_and_column(self._text, len(self._text))

    @cached_property
    def _places(self) -> Places:
        # A document without a problem is never asked.
        return Places(self._text, parser(self.name))

    def key(self, keys: Keys) -> tuple[int, int]:
        """Line and column of a key, or of the header of a table."""
        return self._places.key(keys)

    def value(self, keys: Keys) -> tuple[int, int]:
        """Line and column of a value."""
        return self._places.value(keys)

    def problem(
        self,
        code: str,
        keys: Keys,
        message: str,
        *,
        by_key: bool = False,
        about: tuple[str, int | None, object] = ("", None, None),
    ) -> ConfigurationProblem:
        """A problem of the value that the keys lead to, or of its key.

        `about`: field, index and value of the keyword, where it is one of a policy.
        """
        at = self.key(keys) if by_key else self.value(keys)
        return ConfigurationProblem(code, *about, message, self.name, *at)


def read_document(path: str | os.PathLike[str]) -> Document:
    """The document of a file whose name ends in `.toml`.

    Raises `ConfigurationError`, on Python 3.10 without the package tomli too, and `TypeError` for
    what is no path.
    Source: https://toml.io/en/v1.0.0#filename-extension
    """
    name = os.fsdecode(path)
    if Path(name).suffix != ".toml":
        message = "no path of a TOML file; name one that ends in .toml"
        raise failure("unreadable-file", _shown(name), message)
    return Document(name, _read_text(name))


def _shown(name: str) -> str:
    """A name for a message; somebody may have given the text of a file in its place."""
    line = name.strip().partition("\n")[0]
    return line if line == name and len(line) < 100 else f"{line[:100]}..."


def _read_text(name: str) -> str:
    def unreadable(message: str) -> ConfigurationError:
        return failure("unreadable-file", name, message)

    path = Path(name)
    if "\0" in name:
        raise unreadable("this is no path; a path holds no NUL")
    try:
        # Neither a directory, nor a pipe, which would be waited for.
        is_file, exists = path.is_file(), path.exists()
        data = b""
        if is_file:
            with path.open("rb") as file:
                data = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise unreadable(f"it cannot be read: {error.strerror}") from None
    if not exists:
        raise unreadable("there is no such file; look at its path")
    if not is_file:
        raise unreadable("this is no file; name a TOML file")
    if len(data) > MAX_SIZE:
        raise unreadable(
            f"it is larger than {MAX_SIZE} bytes; keep so many origins in a database"
        )
    try:
        # As it stands, so that columns are those of the file.
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise unreadable("it is not UTF-8; save it as UTF-8") from None


def parser(name: str) -> Callable[[str], dict[str, Any]]:
    """The parser of the standard library, or, before Python 3.11, of the package it comes from.

    `name`: the file that it is for.
    """
    if sys.version_info >= (3, 11):
        from tomllib import loads
    else:
        try:
            from tomli import loads
        except ModuleNotFoundError:
            message = "Python 3.10 needs a package to read it: pip install tomli"
            raise failure("unreadable-file", name, message) from None
    return loads


def _under(table: object, key: str) -> object:
    return table.get(key) if isinstance(table, Mapping) else None
