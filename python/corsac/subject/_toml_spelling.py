"""Problems of a policy in the words of a TOML file.

Here: values, messages that speak Python, keys that were meant. Not here: the problems themselves.
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from typing import Final

from .._policy import PolicyKeywords

#: The keys of a policy.
KEYWORDS: Final = tuple(PolicyKeywords.__annotations__)
_COMPILE: Final = re.compile(r"re\.compile\(((?:'[^']*'|\"[^\"]*\"))\)")


def meant(key: str) -> str:
    from difflib import get_close_matches

    folded = key.lower().replace("-", "_").removeprefix("cors_")
    close = get_close_matches(folded, KEYWORDS, n=1, cutoff=0.6)
    return f"write {close[0]}" if close else f"write one of {', '.join(KEYWORDS)}"


def toml(value: object) -> str:
    """A value as a TOML file spells it, near enough for a message."""
    import json

    if isinstance(value, re.Pattern):
        return f"{{ regex = '{value.pattern}' }}"
    if isinstance(value, (list, tuple)):
        text = f"[{', '.join(map(toml, value))}]"
    elif isinstance(value, (str, int, float)):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


def spelled(message: str) -> str:
    """A message for Python code, as a TOML file has it."""
    message = message.replace("True or False", "true or false").replace(
        "=True", " = true"
    )
    message = message.replace(", None leaves it to them (5 seconds)", "")
    message = re.sub(
        r"\[('[^']*'(?:, '[^']*')*)\]",
        lambda list_: f"[{list_[1].replace(chr(39), chr(34))}]",
        message,
    )
    message = _COMPILE.sub(lambda call: f"{{ regex = {call[1]} }}", message)
    return message.replace("re.compile(...)", "{ regex = '...' }").replace(
        "a str", "a text"
    )
