"""Where keys and values stand in a TOML document.

Here: documents of every shape that TOML has, and generated ones, each of whose numbers is found where
the parser took it from. Not here: what is wrong with policies (`test_file_problems.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from corsac.configuration._document import parser
from corsac.configuration._places import Path, Places, line_and_column
from hypothesis import given
from hypothesis import strategies as st
from strategies import thoroughly

parse = parser("a test")


def numbers(value: Any, path: Path = ()) -> Iterator[tuple[Path, int]]:
    """The path of each number of a document."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from numbers(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from numbers(one, (*path, index))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path, value


def found_in(text: str) -> dict[int, str]:
    """For each number of a document the characters from its place on."""
    places = Places(text, parse)
    lines = text.split("\n")
    found = {}
    for path, number in numbers(parse(text)):
        line, column = places.value(path)
        found[number] = lines[line - 1][column - 1 :]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "a = 1000\n",
        "a = 1000",
        "\n\n# x\n  a=1000 # 1\n",
        "a.b . c = 1000\n'a'.\"b\".d = 1001\n",
        '"\\u0061 b"."c.d" = 1000\n',
        "[t]\na = 1000\n[ t . 'u' ]\na = 1001\n",
        "[[t]]\na = 1000\n[[t]]\n[[t.u]]\na = [1001, [1002, 1003]]\n[[t.u]]\na.b = { c = 1004, 'd' = 1005 }\n[t.u.v]\nw = 1006\n",
        "a = [\n  1000, # [ ] , 1\n\n  1001\n  ,\n  { b = [1002] }, ]\n",
        "a = { b = 1000, c.d = 1001, e = { f = 1002 } }\ng = 1003",
        'a = """\nx = 1 "" \\""""\nb = 1000\n',
        "a = '''\n[x]'' '''''\nb = 1000\n",
        'a = ["]", \']\', "\\"]", 1000]\n',
        "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00\nc = 07:32:00\nd = 1000\n",
        "a = inf\nb = -nan\nc = 1e3\nd = true\ne = 1000",
        "a = [ 1000,\r\n\t1001 ]\r\n[b]\r\nc = 1002\r\n",
        "a = ['\U0001f98a\u00e9', 1000]\n'\u00e9' = 1001",
        "1 = 1000\n2.3 = { 4-5 = 1001 }\n",
        "a = []\nb = {}\nc = ''\nd = \"\"\ne = 1000",
        "a = 1_000\nb = 1001",
    ],
)
def test_each_value_is_found_where_it_stands(text):
    """In every notation that TOML has for tables, arrays and texts."""
    found = found_in(text)
    assert found
    for number, rest in found.items():
        assert rest.replace("_", "").startswith(str(number))


# A key of each kind: bare, quoted, with dots, brackets and quotes in it.
keys = st.sampled_from(["a", "b-1", "'c d'", '"e.f"', '"\\u00fc"', "'[='", '"#\\""'])
spaces = st.sampled_from(["", " ", "\t", "  "])
breaks = st.sampled_from(["", "\n", " # ] } , = '\n", "\r\n\t"])
texts = st.sampled_from(
    ["'x'", '"]"', '"\\""', "'''\n[x]\n'''", '"""\n{ "" \\""" """', "1e3", "true"]
    + ["1979-05-27 07:32:00", "'\U0001f98a'"]
)


@st.composite
def values(draw, counter, depth=3):
    """A value with numbers in it, each of them once in the document."""
    kind = draw(st.integers(0, 5 if depth else 2))
    if kind < 2:
        counter[0] += 1
        return str(counter[0])
    if kind == 2:
        return draw(texts)
    some = range(draw(st.integers(0, 3)))
    if kind == 3:
        pairs = [
            f"{draw(spaces)}k{n}.{draw(keys)}{draw(spaces)}={draw(spaces)}"
            f"{draw(values(counter, depth - 1))}"
            for n in some
        ]
        # A table in a line stands in one, but for what is in its arrays and texts.
        return "{" + f"{draw(spaces)},".join(pairs) + draw(spaces) + "}"
    items = [
        draw(breaks) + draw(values(counter, depth - 1)) + draw(breaks) for _ in some
    ]
    end = "," + draw(breaks) if items and draw(st.booleans()) else draw(breaks)
    return "[" + ",".join(items) + end + "]"


@st.composite
def documents(draw):
    """A document, with tables and arrays of tables behind its first keys."""
    counter = [1000]
    lines = []
    for number in range(draw(st.integers(0, 3))):
        header = draw(
            st.sampled_from(["", "[t{0}]", "[ t{0} . u ]", "[[l]]", "[[l.m]]"])
        )
        if header == "[[l.m]]":
            lines.append("[[l]]")
        if header:
            lines.append(header.format(number))
        elif number:
            lines.append(f"[n{number}]")
        for n in range(draw(st.integers(0, 3))):
            key = f"k{n}{draw(spaces)}.{draw(spaces)}{draw(keys)}"
            lines.append(
                f"{draw(spaces)}{key}{draw(spaces)}={draw(spaces)}{draw(values(counter))}"
            )
        lines.append(draw(st.sampled_from(["", "# x = 1", " "])))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@thoroughly
@given(text=documents())
def test_each_number_of_a_generated_document_is_found(text):
    """Where the parser took it from."""
    for number, rest in found_in(text).items():
        assert rest.startswith(str(number))


def test_what_is_not_there_has_the_place_of_what_it_would_stand_in():
    """A key of a table that lacks it, an index past the end."""
    places = Places("[a]\nb = [1, 2]\n[a.c]\n", parse)
    assert (2, 5) == places.value(("a", "b", 7))
    assert (1, 1) == places.value(("a", "x")) == places.key(("a", "x"))
    assert (3, 1) == places.key(("a", "c", "d")) == places.value(("a", "c"))
    assert (1, 1) == places.value(("z",)) == places.value(())


def test_a_key_has_its_own_place():
    """Where it begins, with its dots."""
    places = Places("[a]\n b . c = { d = 1, 'e' = 2 }\n", parse)
    assert (2, 2) == places.key(("a", "b")) == places.key(("a", "b", "c"))
    assert (2, 12) == places.key(("a", "b", "c", "d"))
    assert (2, 19) == places.key(("a", "b", "c", "e"))


def test_a_document_too_deep_for_places_has_those_of_what_is_above():
    """Where the parser goes deeper than corsac does."""
    deep = sys.getrecursionlimit() // 2
    text = "a = 7\nb = " + "[" * deep + "]" * deep
    places = Places(text, parse)
    assert (1, 5) == places.value(("a",))


@pytest.mark.parametrize(
    ("at", "expected"),
    [(0, (1, 1)), (1, (1, 2)), (2, (2, 1)), (4, (3, 1)), (5, (3, 2))],
)
def test_lines_and_columns_are_counted_from_1(at, expected):
    """A line end belongs to its line."""
    assert expected == line_and_column("a\nb\nc", at)
