"""Policies as the text of a TOML file.

Here: one policy, several, and a map of them. Not here: reading (`_files.py`), the Python call
(`subject/policy_text.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._policy import Policy
from ._keywords import KEYWORDS
from ._spelling import BROWSER, REGEX_FLAGS, spell_regex, spell_text

if TYPE_CHECKING:
    from .. import PolicyMap

_DEFAULTS: Final[dict[str, Any]] = Policy.__init__.__kwdefaults__ or {}
#: The longest line of a list that is written in one. Chosen by us: what formatters take.
_LINE: Final = 88
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def to_toml(policy: Policy) -> str:
    """The text of a file that holds a policy; `read_toml` makes an equal one of it.

    `policy`: a `Policy`. Keywords at their defaults are left out.
    Source: https://toml.io/en/v1.0.0
    """
    return "\n".join(_table("", policy)) + "\n"


def policies_to_toml(policies: Mapping[str, Policy]) -> str:
    """The text of a file that holds several policies, each in its table `[policies.NAME]`.

    `policies`: a mapping of names to policies, as `read_policies` gives it; a single one under `""`
    is written without a table. One without a `name` has that of its table when it is read.
    Raises `ValueError` for an empty name beside others.
    Source: https://toml.io/en/v1.0.0#table
    """
    if list(policies) == [""]:
        return to_toml(policies[""])
    if "" in policies:
        raise ValueError(
            'a policy beside others needs a name; give it a key like "public"'
        )
    return "\n".join(_tables(policies))


def map_to_toml(routes: PolicyMap) -> str:
    """The text of a file that holds a map and its policies; `read_map` makes an equal one of it.

    `routes`: a `PolicyMap`. Policies without a name get one, like `policy-1`, and of two different
    policies with one name the second stands in a table with another.
    Raises `TypeError` for a route that leads to a `PolicyMap` or to a `PolicyHandle`.
    Source: https://toml.io/en/v1.0.0#table
    """
    names: dict[str, Policy] = {}
    lines = ["[routes]"]
    for route, choice in routes.routes.items():
        lines.append(f"{spell_text(route)} = {_leads_to(route, choice, names)}")
    return "\n".join(["\n".join(lines) + "\n", *_tables(names)])


def _leads_to(route: str, choice: object, names: dict[str, Policy]) -> str:
    """What a route leads to, whose policies are put among the names."""
    from .. import OriginPolicies

    if choice is None:
        return "false"
    if isinstance(choice, Policy):
        return spell_text(_name_among(names, choice))
    if isinstance(choice, OriginPolicies):
        listed = [spell_text(_name_among(names, one)) for one in choice.policies]
        return f"[{', '.join(listed)}]"
    raise TypeError(
        f"{route!r} leads to a {type(choice).__name__}, which no file holds; write its policies"
    )


def _name_among(names: dict[str, Policy], policy: Policy) -> str:
    """The name of a policy, under which no other stands."""
    tried = _names_like(policy.name)
    name = next(one for one in tried if names.get(one, policy) == policy)
    names[name] = policy
    return name


def _names_like(name: str | None) -> Iterator[str]:
    if name is not None:
        yield name
    number = 1 if name is None else 2
    while True:
        yield f"{name or 'policy'}-{number}"
        number += 1


def _tables(policies: Mapping[str, Policy]) -> Iterator[str]:
    for name, policy in policies.items():
        key = f"policies.{_key(name)}"
        yield "\n".join([f"[{key}]", *_table(key, policy, name)]) + "\n"


def _table(key: str, policy: Policy, name: str | None = None) -> Iterator[str]:
    """The lines of a table; those of tables in it last, as TOML has it.

    `key`: what leads to it, `name`: that of a policy whose table does not say it.
    """
    defaults = {**_DEFAULTS, "name": name}
    inner = {}
    for keyword in KEYWORDS:
        value = getattr(policy, keyword)
        if keyword in defaults and value == defaults[keyword]:
            continue
        if keyword == "name" and value is None:
            continue  # it has that of its table
        if isinstance(value, Policy):
            inner[f"{key}.{keyword}" if key else keyword] = value
        else:
            yield _line(keyword, BROWSER if value is None else value)
    for header, one in inner.items():
        yield from ("", f"[{header}]", *_table(header, one))


def _line(keyword: str, value: object) -> str:
    line = f"{keyword} = {_value(value)}"
    if isinstance(value, tuple) and len(line) > _LINE:
        items = "".join(f"    {_value(one)},\n" for one in value)
        line = f"{keyword} = [\n{items}]"
    return line


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, re.Pattern):
        flags = [
            f", {key} = true" for key, flag in REGEX_FLAGS.items() if value.flags & flag
        ]
        return f"{{ regex = {spell_regex(value.pattern)}{''.join(flags)} }}"
    if isinstance(value, str):
        return spell_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else spell_text(name)
