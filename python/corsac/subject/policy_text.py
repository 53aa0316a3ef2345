"""A policy as people write it: the Python call, and the TOML table.

Here: `python_call`, `toml_table`, and `writable`, which makes a policy that can be written down of one
that was translated from another library's options.
Not here: what the keywords mean (`_policy.py`), how TOML is written (`corsac.configuration`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import json
import re
import warnings
from typing import Any, Final

from .._core import Regex
from .._policy import Policy
from .._problems import PolicyError
from ..configuration import to_toml

_DEFAULTS: Final[dict[str, Any]] = Policy.__init__.__kwdefaults__ or {}
#: The longest line of a call that is written in one. Chosen by us: what formatters take.
_LINE: Final = 88
#: An escape, a class, or a dot between two letters, digits or escapes.
_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\.(?![*+?{])", re.DOTALL)


def writable(policy: Policy) -> tuple[Policy | None, tuple[str, ...]]:
    """A plain `Policy` with the same meaning, and sentences about what had to change.

    None where nothing is left that could be allowed.
    """
    keywords = {field: getattr(policy, field) for field in _fields()}
    if type(policy) is Policy:
        return policy, ()
    origins: list[Any] = []
    changes: list[str] = []
    for origin in policy.allow_origins:
        mended = _mend(origin, keywords)
        if mended is None:
            changes.append(f"left out: {_python(origin)}, which no policy takes")
        else:
            origins.append(mended)
            if mended != origin:
                changes.append(f"{_python(origin)} became {_python(mended)}")
    if not origins:
        return None, tuple(changes)
    return _plain({**keywords, "allow_origins": origins}), tuple(changes)


def _fields() -> list[str]:
    return ["allow_origins", *_DEFAULTS]


def _mend(origin: Any, keywords: dict[str, Any]) -> Any:
    """The same origin, or a pattern or a regex that a policy takes in its place."""
    if not isinstance(origin, re.Pattern):
        return origin
    source = origin.pattern
    bare = source.removeprefix("^").removeprefix(r"\A")
    bare = bare.removesuffix("$") if not bare.endswith(r"\$") else bare
    escaped = _TOKEN.sub(lambda m: r"\." if m[0] == "." else m[0], bare)
    for candidate in dict.fromkeys((source, bare, escaped)):
        regex = re.compile(candidate, origin.flags & ~re.UNICODE)
        if _plain({**keywords, "allow_origins": [regex]}) is not None:
            return regex
    everybody = Regex(source, bool(origin.flags & re.IGNORECASE), True)
    if everybody.matches_everything and not keywords["allow_credentials"]:
        return "*"
    return None


def _plain(keywords: dict[str, Any]) -> Policy | None:
    with warnings.catch_warnings():
        # What the translated policy has warned of already.
        warnings.simplefilter("ignore")
        try:
            return Policy(**keywords)
        except PolicyError:
            return None


def _shown(policy: Policy) -> dict[str, Any]:
    """The keywords that are not left at their default."""
    shown = {}
    for field in _fields():
        value = getattr(policy, field)
        if field not in _DEFAULTS or value != _DEFAULTS[field]:
            shown[field] = list(value) if isinstance(value, tuple) else value
    return shown


def python_call(policy: Policy) -> str:
    """The call that makes a policy, in as many lines as it needs.

    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    lines = []
    for field, value in _shown(policy).items():
        line = f"    {field}={_python(value)},"
        if isinstance(value, list) and len(line) > _LINE:
            items = "".join(f"        {_python(one)},\n" for one in value)
            line = f"    {field}=[\n{items}    ],"
        lines.append(line)
    return "Policy(\n" + "\n".join(lines) + "\n)"


def _python(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_python, value))}]"
    if isinstance(value, re.Pattern):
        flags = f", {' | '.join(_flags(value))}" if _flags(value) else ""
        return f"re.compile({_raw(value.pattern)}{flags})"
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    )


def _flags(regex: re.Pattern[str]) -> list[str]:
    names = ("IGNORECASE", "ASCII")
    return [f"re.{name}" for name in names if regex.flags & getattr(re, name)]


def _raw(text: str) -> str:
    return repr(text) if '"' in text or text.endswith("\\") else f'r"{text}"'


def toml_table(policy: Policy) -> str:
    """The same as the lines of a TOML table, without a line end behind them.

    Source: https://toml.io/en/v1.0.0
    """
    return to_toml(policy).removesuffix("\n")
