"""Gives policies their words outside of Python: TOML files and environment variables.

Here: what `Policy.from_toml` and its like call; a program that calls none of them imports no parser.
Not here: reading and writing themselves (`corsac.configuration`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from ._policy import Policy
from ._policy_map import PolicyMap


def _read_toml(path: str | PathLike[str], name: str | None) -> Policy:
    from .configuration import read_toml

    return read_toml(path, name=name)


def _read_environment(
    prefix: str, environ: Mapping[str, str] | None, name: str | None
) -> Policy:
    from .configuration import from_env

    return from_env(prefix, environ, name)


def _write_toml(policy: Policy) -> str:
    from .configuration import to_toml

    return to_toml(policy)


def _read_map(path: str | PathLike[str]) -> PolicyMap:
    from .configuration import read_map

    return read_map(path)


def _read_map_of_environment(
    prefix: str, environ: Mapping[str, str] | None
) -> PolicyMap:
    from .configuration import read_map_from_env

    return read_map_from_env(prefix, environ)


Policy._read_toml = _read_toml
Policy._read_environment = _read_environment
Policy._write_toml = _write_toml
PolicyMap._read_toml = _read_map
PolicyMap._read_environment = _read_map_of_environment
