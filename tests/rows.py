"""Reads the tables of behaviours in `tests/vectors/`.

Here: rows as parameters that bear the rows' names, and what JSON cannot spell.
Not here: any test, any expectation.
"""

import json
import re
from pathlib import Path

import pytest
from corsac import Policy

VECTORS = Path(__file__).parent / "vectors"


def read(table):
    """The rows of a table, as they stand there."""
    return json.loads((VECTORS / table).read_text())


def rows(table):
    """The rows of a table as parameters that bear the rows' names."""
    return [pytest.param(row, id=row["name"]) for row in read(table)]


def spell_out(value):
    """The text of a value that may be given as a unit and how often it comes."""
    if isinstance(value, str):
        return value
    return value["prefix"] + value["unit"] * value["times"] + value["suffix"]


def field_lines(lines):
    """The field lines of a row as bytes, each as often as the row says."""
    for line in lines:
        for _ in range(1 if isinstance(line, str) else line.get("lines", 1)):
            yield spell_out(line).encode("latin-1")


def compile_regex(origin):
    """The origin itself, or the regex that a row spells out."""
    if not (isinstance(origin, dict) and "regex" in origin):
        return origin
    return re.compile(origin["regex"], re.IGNORECASE if origin["ignorecase"] else 0)


def policy_keywords(policy):
    """The keywords of a row's policy, with its regexes compiled, and its shadow made."""
    origins = policy["allow_origins"]
    if isinstance(origins, list):
        origins = [compile_regex(origin) for origin in origins]
    keywords = {**policy, "allow_origins": compile_regex(origins)}
    if isinstance(policy.get("shadow"), dict):
        keywords["shadow"] = Policy(**policy_keywords(policy["shadow"]))
    return keywords
