"""Policies from a file that somebody else writes.

Here: `from_file`, which reads a file only when it has changed, and never a half of it.
Not here: formats (`corsac.configuration`), when it is asked (`_reloader.py`).
Spec: https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Final

from corsac import Policy

from ._facts import Loaded

#: For so long a file must have been left alone before it is read, in nanoseconds: an editor that
#: empties a file and writes it anew takes less. Chosen by us.
_QUIET: Final = 100_000_000
#: So often a file is looked at again that does not come to rest. Chosen by us: two seconds in all,
#: then it is read as it is.
_LOOKS: Final = 20
#: A file system may keep times in steps of two seconds, so a file that is younger could change
#: once more without a trace. https://learn.microsoft.com/windows/win32/sysinfo/file-times
_COARSEST: Final = 2_000_000_000

Signature = tuple[int, int, int, int]


def from_file(
    path: str | os.PathLike[str],
    read: Callable[[str], Loaded] = Policy.from_toml,
) -> Callable[[], Loaded]:
    """A load for `reload` that reads a file when it has changed.

    `path`: of the file, which may be replaced by renaming another to its name, be a link to a file
    or lie under one, as Kubernetes mounts a ConfigMap, and be missing for a while. `read`: what
    makes a policy of the file, called with the path as a str: `Policy.from_toml`,
    `PolicyMap.from_toml`, or a function for your own format, like that of an environment file:
    `lambda path: Policy.from_env(environ=dotenv_values(path))` (the environment of a process itself
    changes only from within). The load costs one question to the file system while the file stays
    the same.

    The load raises `OSError` for a file that cannot be read, and whatever `read` raises.
    Source: https://toml.io/en/v1.0.0
    """
    return _File(os.fspath(path), read)


class _File:
    def __init__(self, path: str, read: Callable[[str], Loaded]) -> None:
        self._path = path
        self._read = read
        self._kept: tuple[Signature, Loaded] | None = None

    def __call__(self) -> Loaded:
        seen = _look(self._path)
        if self._kept is not None and self._kept[0] == seen:
            return self._kept[1]
        seen, choice = self._read_at_rest(seen)
        self._kept = None if _is_fresh(seen, _COARSEST) else (seen, choice)
        return choice

    def _read_at_rest(self, seen: Signature) -> tuple[Signature, Loaded]:
        """What the file says while nobody writes it, and what it looked like then."""
        for _ in range(_LOOKS):
            if not _is_fresh(seen, _QUIET):
                try:
                    choice = self._read(self._path)
                except Exception:
                    if seen == _look(self._path):
                        raise
                else:
                    if seen == _look(self._path):
                        return seen, choice
            time.sleep(_QUIET / 1e9)
            seen = _look(self._path)
        return seen, self._read(self._path)

    def __repr__(self) -> str:
        return f"from_file({self._path!r})"


def _look(path: str) -> Signature:
    """What becomes another with every change: of the file itself, behind all links."""
    found = os.stat(path)
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev


def _is_fresh(signature: Signature, age: int) -> bool:
    """Whether a file was written within so many nanoseconds; a time to come is none."""
    return 0 <= time.time_ns() - signature[0] < age
