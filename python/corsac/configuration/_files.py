"""Policies out of TOML files.

Here: one policy of a file, all of them, its map, and which one is asked for.
Not here: which tables hold them (`_tables.py`), variables (`_environment.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ._document import EXAMPLE, read_document
from ._error import failure
from ._keywords import meant
from ._spelling import spell, spell_choice
from ._tables import Tables

if TYPE_CHECKING:
    from .. import Policy, PolicyMap


def read_toml(path: str | os.PathLike[str], name: str | None = None) -> Policy:
    """The policy of a file.

    `path`: of a file whose name ends in `.toml`; of `pyproject.toml` the table `[tool.corsac]` is
    read. `name`: a str, which of the tables `[policies.NAME]`; None where the file holds one
    policy. A file is read whole, and refused with a problem anywhere in it.

    Raises `ConfigurationError`, whose problems have the file, the line and the column; `TypeError`
    for what is no path.
    Source: https://toml.io/en/v1.0.0
    """
    return choose(read_policies(path), name, os.fsdecode(path))


def read_policies(path: str | os.PathLike[str]) -> dict[str, Policy]:
    """All policies of a file, by their names; the one of a file without such tables under `""`.

    A policy under `[policies.NAME]` has that name, unless its table says another.
    Raises what `read_toml` raises.
    Source: https://toml.io/en/v1.0.0#table
    """
    policies, _ = _read(path)
    return policies


def read_map(path: str | os.PathLike[str]) -> PolicyMap:
    """The map of a file: its table `[routes]`, from routes to names of its policies.

    `"/api" = "public"` is one policy, `["first", "second"]` are several that are told apart by
    their origins, `false` is no CORS there.
    Raises what `read_toml` raises.
    Source: https://url.spec.whatwg.org/#concept-url-path
    """
    _, routes = _read(path)
    if routes is None:
        message = 'it has no routes; write [routes] and below it "/api" = "public"'
        raise failure("no-policy", os.fsdecode(path), message)
    return routes


def _read(
    path: str | os.PathLike[str],
) -> tuple[dict[str, Policy], PolicyMap | None]:
    document = read_document(path)
    policies, routes = Tables(document).make_all()
    if not policies and routes is None:
        raise failure(
            "no-policy", document.name, f"it holds no policy; write {EXAMPLE}"
        )
    return policies, routes


def choose(policies: Mapping[str, Policy], name: str | None, source: str) -> Policy:
    """The policy that is asked for: of that name, or the only one, or the one without a name."""
    named = [one for one in policies if one]
    if name is None:
        if "" in policies:
            return policies[""]
        if len(policies) == 1:
            return next(iter(policies.values()))
        message = f"it holds several policies; name {spell_choice(named)}"
        raise failure(
            "no-policy", source, message if policies else "it holds no policy"
        )
    if name in policies:
        return policies[name]
    if "" in policies and policies[""].name == name:
        return policies[""]
    close = meant(name, named)
    write = "leave out the name, since it holds one policy"
    if named:
        write = f"name {spell_choice([close] if close else named)}"
    raise failure("no-policy", source, f"no policy is named {spell(name)}; {write}")
