"""Whatever stands in a file or a variable, a reader gives policies or says what is wrong.

Here: values of every type at every keyword, texts and bytes that nobody meant, with no other error
than `ConfigurationError`. Not here: what is said (`test_file_problems.py`, `test_environment.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import datetime
import warnings

from configured_files import write
from corsac.configuration import (
    ConfigurationError,
    read_map_from_env,
    read_policies,
    read_policies_from_env,
)
from corsac.configuration._document import parser
from corsac.configuration._keywords import KEYWORDS
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import REGEXES, any_text, patterns, thoroughly

briefly = settings(thoroughly, max_examples=200)
#: What people write, in other places than these.
words = st.sampled_from(
    [
        "*",
        "https://a.example",
        "null",
        "PUT",
        "X-A",
        "browser",
        "a",
        "same-site",
        "true",
    ]
    + [REGEXES[0].pattern, "(", "(?P<a>b)(?=c)", "", "/a=a", "/a=none", "a,b", "\ud800"]
)
texts = st.one_of(words, any_text, patterns.filter(lambda one: isinstance(one, str)))
plain = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    texts.filter(lambda text: text.isprintable()),
    st.datetimes(min_value=datetime.datetime(1, 1, 1)),
    st.dates(),
    st.times(),
)
keys = st.sampled_from(["a", "regex", "ignore_case", *KEYWORDS, "policies", "routes"])
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=8,
)


def toml(value: object) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "".join(['"', *(f"\\U{ord(one):08x}" for one in value), '"'])
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        pairs = (f"{key} = {toml(one)}" for key, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def attempt(read) -> None:
    """Reads, and takes no error but the one that is promised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read()
        except ConfigurationError as error:
            assert error.problems
            assert all(problem.message for problem in error.problems)
            str(error).encode("utf-8", "surrogatepass")


@thoroughly
@given(table=st.dictionaries(keys, values, min_size=1, max_size=4))
def test_any_value_may_stand_behind_any_key(tmp_path_factory, table):
    """A file holds whatever people write."""
    text = "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
    parser("a test")(text)
    path = write(tmp_path_factory.mktemp("toml"), text)
    attempt(lambda: read_policies(path))


@briefly
@given(
    data=st.one_of(
        st.binary(max_size=60),
        st.text(
            st.sampled_from("a_b.=[]{}\"'\\#,1 \t\n\r\u00fc") | st.characters(),
            max_size=60,
        ).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
)
def test_any_bytes_may_be_a_file(tmp_path_factory, data):
    """Most of them are no TOML."""
    path = tmp_path_factory.mktemp("toml") / "corsac.toml"
    path.write_bytes(data)
    attempt(lambda: read_policies(path))


variables = st.builds(
    "{}{}{}".format,
    st.sampled_from(["X_", "X_A__", "X_", "X"]),
    st.sampled_from([*(key.upper() for key in KEYWORDS), "ROUTES", "B"]),
    st.sampled_from(["", "", "", "_REGEXES", "S"]),
)


@thoroughly
@given(environ=st.dictionaries(variables | any_text, texts, max_size=6))
def test_any_text_may_be_a_variable(environ):
    """An environment holds whatever the system around it sets."""
    attempt(lambda: read_policies_from_env("X_", environ))
    attempt(lambda: read_map_from_env("X_", environ))
