"""Reads the attacks of the corpus: what a row allows, and what it asks.

Here: rows of `corpus/` as keywords of a policy and header lines.
Not here: what must come of them (`test_corpus.py`), time (`benches/test_hostile_adapters.py`).
Values stand in the files with one character for each byte (Latin-1).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import json
import re
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
# What corsac must refuse to build, so that it allows nothing.
REFUSED_POLICIES = [[], ["https://*.0.2.7"]]


def read(name):
    """The rows of one file."""
    return [json.loads(line) for line in (CORPUS / name).read_text().splitlines()]


def patterns(listed):
    """The patterns of a row, whose regexes begin with `re:`."""
    return [
        re.compile(pattern.removeprefix("re:")) if pattern[:3] == "re:" else pattern
        for pattern in listed
    ]


def field_lines(lines):
    """The field lines of a row, of which some are a unit and how often it comes."""
    for line in lines or []:
        if isinstance(line, str):
            yield line
            continue
        text = line.get("prefix", "") + line["unit"] * line["times"]
        for _ in range(line.get("lines", 1)):
            yield text + line.get("suffix", "")


def origin_policy(row):
    """The keywords of the policy that a row of attack-origins describes."""
    return {
        "allow_origins": patterns(row["policy"]),
        "dangerously_allow_null_origin": "null" in row["policy"],
    }


def preflight_policy(row):
    """The keywords of the policy that a row of attack-preflights describes."""
    return {
        "allow_origins": patterns(row["policy"]["origins"]),
        "allow_methods": row["policy"]["methods"],
        "allow_headers": row["policy"]["request_headers"],
        "allow_credentials": row["policy"]["credentials"],
    }


def preflight_lines(row):
    """The header lines of a row of attack-preflights, as pairs of str."""
    headers = [("Origin", row["origin"])]
    headers.append(("Access-Control-Request-Method", row["acrm"]))
    for line in field_lines(row["acrh"]):
        headers.append(("Access-Control-Request-Headers", line))
    return headers
