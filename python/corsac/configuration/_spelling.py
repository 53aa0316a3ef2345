"""Values and messages of a policy in the words of a file or of an environment.

Here: values as TOML has them, messages that speak Python. Not here: the problems (`_problems.py`).
Spec: https://toml.io/en/v1.0.0#string
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

#: The word for a `max_age` of None, since TOML has no None.
BROWSER: Final = "browser"
#: The keys of a regex beside its text, and what they mean. Origins are ASCII, so that the second one
#: changes no answer; it is there so that what is written is read as an equal policy.
REGEX_FLAGS: Final = {"ignore_case": re.IGNORECASE, "ascii": re.ASCII}
#: The most of a value that a message shows, in characters. Chosen by us because more hides the message.
_SHOWN: Final = 200
_COMPILE: Final = re.compile(r"re\.compile\(((?:'[^']*'|\"[^\"]*\"))\)")
_LIST: Final = re.compile(r"\[('[^']*'(?:, '[^']*')*)\]")
#: What a TOML string holds only escaped: https://toml.io/en/v1.0.0#string
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def spell(value: object) -> str:
    """A value as a TOML file has it, near enough for a message, and cut where it is long."""
    if isinstance(value, re.Pattern):
        text = f"{{ regex = {spell_regex(str(value.pattern))} }}"
    elif isinstance(value, Mapping):
        pairs = ", ".join(f"{key} = {spell(one)}" for key, one in value.items())
        text = f"{{ {pairs} }}"
    elif isinstance(value, (list, tuple)):
        text = f"[{', '.join(map(spell, value))}]"
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = spell_text(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def spell_text(text: str) -> str:
    """A text as a basic string of TOML."""
    import json

    # JSON escapes as TOML does, but for one character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", r"\u007f")


def spell_regex(source: str) -> str:
    """A regex as a literal string of TOML where that can hold it, since it has backslashes."""
    is_literal = "'" not in source and not _CONTROL.search(source)
    return f"'{source}'" if is_literal else spell_text(source)


def spell_choice(names: Iterable[str]) -> str:
    """Names of which one can be written."""
    listed = [spell_text(name) for name in names]
    return listed[0] if len(listed) == 1 else f"one of {', '.join(listed)}"


def in_toml(message: str) -> str:
    """A message for Python code, as a TOML file has it."""
    message = _in_words(message).replace("=True", " = true")
    message = message.replace('name="', 'name = "')
    message = message.replace('{"/api": policy}', '"/api" = "public"')
    message = _LIST.sub(
        lambda found: f"[{found[1].replace(chr(39), chr(34))}]", message
    )
    message = _COMPILE.sub(lambda call: f"{{ regex = {call[1]} }}", message)
    return message.replace("re.compile(...)", "{ regex = '...' }")


def in_variables(message: str, prefix: str, keywords: Iterable[str]) -> str:
    """The same as environment variables have it, whose names begin with `prefix`."""
    message = _in_words(message).replace("=True", "=true")
    message = message.replace('{"/api": policy}', "/api=public")
    for keyword in keywords:
        # Some keywords are plain words too, which a message may hold.
        pattern = rf"\b{keyword}\b" if "_" in keyword else rf"\b{keyword}(?==)"
        message = re.sub(pattern, f"{prefix}{keyword.upper()}", message)
    message = re.sub(r'\["([^"]*)"\]', r"\1", message)
    return _COMPILE.sub(
        lambda call: f"{call[1][1:-1]} in {prefix}ALLOW_ORIGIN_REGEXES", message
    )


def _in_words(message: str) -> str:
    return (
        message.replace("True or False", "true or false")
        .replace("None leaves it to them", f'"{BROWSER}" leaves it to them')
        .replace("a str", "a text")
    )
