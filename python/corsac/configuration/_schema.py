"""The JSON Schema of `corsac.toml`, by which editors complete and check what people write.

Here: `schema`, from the keywords of `Policy`, and its text, which `corsac.schema.json` holds.
Not here: what a schema cannot say, such as what must not go with credentials (`_policy.py`).
Spec: https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

import re
from typing import Any, Final

from .._options import _MAX_MAX_AGE, _NAME
from .._policy import Policy
from ._document import EXAMPLE
from ._keywords import KEYWORDS, Kind, Taken, taken
from ._spelling import BROWSER, REGEX_FLAGS

_DEFAULTS: Final[dict[str, Any]] = Policy.__init__.__kwdefaults__ or {}
#: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
_TOKEN: Final = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"
_PATTERN: Final = r"^(\*|null|[a-z][a-z0-9+.-]*://[^/?# ]+)$"
_ORIGIN: Final = r"^[a-z][a-z0-9+.-]*://[^/?#* ]+$"
#: What a file has instead of a word of Python in the docstring of `Policy`.
_WORDS: Final = (
    (
        "an iterable of str and `re.Pattern[str]`",
        "a list of texts, and of regexes as tables",
    ),
    ("an iterable of str", "a list of texts"),
    ("a compiled regex", "`{ regex = '...' }`"),
    ("a bool", "true or false"),
    ("an int", "a whole number"),
    ("a str", "a text"),
    (
        "a `Policy` that",
        "the name of another policy of the file, or a table of keywords, that",
    ),
    ("None leaves", f'`"{BROWSER}"` leaves'),
    ("None: ", "absent: "),
)


def schema() -> dict[str, Any]:
    """The schema, in the 2020-12 draft; what the reader takes is valid by it.

    Source: https://json-schema.org/draft/2020-12/json-schema-core
    """
    told = _descriptions()
    keywords = {
        keyword: {"description": told[keyword], **_of(keyword, one)}
        for keyword, one in taken().items()
    }
    of_shadows = {key: one for key, one in keywords.items() if key != "shadow"}
    named = {"policies": _policies(), "routes": _routes()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "corsac.toml",
        "description": "Policies of CORS, and the routes that they are for.",
        "type": "object",
        "properties": {
            **{key: {"$ref": f"#/$defs/{key}"} for key in keywords},
            **named,
        },
        "additionalProperties": False,
        # The keys are closed above; some editors ask for the last word in each part.
        "if": {
            "anyOf": [
                {"required": [key], "additionalProperties": True} for key in named
            ],
            "additionalProperties": True,
        },
        "then": {"propertyNames": {"enum": list(named)}, "additionalProperties": True},
        "else": {"required": ["allow_origins"], "additionalProperties": True},
        "$defs": {
            **keywords,
            "policy": _table(keywords),
            "unshadowed": _table(of_shadows),
        },
    }


def schema_text() -> str:
    """The text of the file."""
    import json

    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _table(keywords: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: {"$ref": f"#/$defs/{key}"} for key in keywords},
        "additionalProperties": False,
        "required": ["allow_origins"],
    }


def _policies() -> dict[str, Any]:
    return {
        "description": "Several policies, each in a table of its name: [policies.public]",
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/policy"},
    }


def _routes() -> dict[str, Any]:
    return {
        "description": (
            'What a path, a host or both lead to: "/api" = "public", a list of names that are '
            "told apart by their origins, or false for no CORS there."
        ),
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
                {"const": False},
            ]
        },
    }


def _of(keyword: str, one: Taken) -> dict[str, Any]:
    """What stands behind a keyword."""
    made: dict[str, Any]
    if one.kind is Kind.ORIGINS:
        made = {"type": "array", "items": {"anyOf": [_text(_PATTERN), _regex()]}}
        made |= {
            "minItems": 1,
            "examples": [[EXAMPLE.partition('"')[2].partition('"')[0]]],
        }
    elif one.kind is Kind.TEXTS:
        items = _text(_ORIGIN if "origins" in keyword else _TOKEN)
        made = {"type": "array", "items": items}
    elif one.kind is Kind.FLAG:
        made = {"type": "boolean"}
    elif one.kind is Kind.NUMBER:
        seconds = {"type": "integer", "minimum": 0, "maximum": _MAX_MAX_AGE}
        made = {"anyOf": [seconds, {"const": BROWSER}]}
    elif one.kind is Kind.CHOICE:
        made = {"enum": list(one.values)}
    elif one.kind is Kind.TEXT:
        made = _text(f"^{_NAME.pattern}$")
    else:
        made = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/unshadowed"}]}
    default = _DEFAULTS.get(keyword)
    if default is not None:
        made["default"] = list(default) if isinstance(default, tuple) else default
    return made


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


def _regex() -> dict[str, Any]:
    flags = {key: {"type": "boolean", "default": False} for key in REGEX_FLAGS}
    return {
        "type": "object",
        "properties": {"regex": {"type": "string"}, **flags},
        "additionalProperties": False,
        "required": ["regex"],
    }


def _descriptions() -> dict[str, str]:
    """What the docstring of `Policy` says of each keyword, in the words of a file."""
    items = re.findall(
        r"(?m)^ *- `(\w+)`: (.*(?:\n +(?!- `)\S.*)*)", Policy.__doc__ or ""
    )
    told = {}
    for keyword, text in items:
        text = " ".join(text.split())
        for python, toml in _WORDS:
            text = text.replace(python, toml)
        told[keyword] = text[:1].upper() + text[1:]
    assert list(told) == list(KEYWORDS), "a keyword that the docstring does not name"
    return told
