"""What the tests of this folder share: files and variables to read, and what is wrong with them.

Here: writing a file, naming variables, and problems as rows have them. Not here: any expectation.
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corsac import Policy
from corsac.configuration import ConfigurationError, from_env, read_policies

GOOD = 'allow_origins = ["https://app.example"]\n'


def write(folder: Path, text: str, name: str = "corsac.toml") -> Path:
    """A file with this text, its line ends as they stand there."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def failure(read: Callable[[], object]) -> ConfigurationError:
    """What a reader raises."""
    try:
        read()
    except ConfigurationError as error:
        return error
    raise AssertionError("nothing was wrong")


def problems(
    folder: Path, text: str, name: str = "corsac.toml"
) -> list[tuple[str, int | None, int | None]]:
    """Code, line and column of each problem of a file, in their order."""
    path = write(folder, text, name)
    found = failure(lambda: read_policies(path)).problems
    assert {str(path)} == {problem.source for problem in found}
    return [(problem.code, problem.line, problem.column) for problem in found]


def read(variables: dict[str, str], name: str | None = None) -> Policy:
    """The policy of variables, written without their prefix."""
    return from_env("CORSAC_", prefixed(variables), name)


def prefixed(variables: dict[str, str]) -> dict[str, str]:
    """The same as an environment, with another variable in it."""
    return {"PATH": "/bin", **{f"CORSAC_{key}": one for key, one in variables.items()}}
